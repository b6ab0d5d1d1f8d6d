"""What several parts of an exchange file are made of."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Text = Annotated[str, Field(strict=True)]
Whole = Annotated[int, Field(strict=True)]
YesNo = Annotated[bool, Field(strict=True)]


class RecordingPart(BaseModel):
    """A text to be spoken, or the name of a file."""

    model_config = ConfigDict(extra="forbid")

    say: Text | None = None
    play: Text | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.say is None) == (self.play is None):
            raise PydanticCustomError("one_recording", "must have either say or play")
        return self
