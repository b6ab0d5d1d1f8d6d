"""What is inside the frames: events and answers in JSON, as mappings of text.

cJSON escapes names and values, but passes bytes from 0x80 on as they are, so a phone that sends a Latin-1 display name makes
the switch write invalid UTF-8. orjson refuses that; such text is decoded once more, with U+FFFD for what cannot be read.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from freeswitch.wire import Frame, plain_event


class Unreadable(ValueError):  # noqa: N818 - names what was found
    """Text of the switch that is not the JSON it should be."""


def document(text: bytes) -> Any:
    """A JSON document, whatever bytes are in its strings. Raises Unreadable."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    try:
        return orjson.loads(text.decode("utf-8", "replace"))
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"{error}: {text[:200]!r}") from None


def mapping(text: bytes) -> dict[str, str]:
    """A JSON event or ``uuid_dump`` as names and values. Raises Unreadable.

    A header pushed several times comes as an array and is joined as plain events show it, ``ARRAY::one|:two``
    (switch_event.c, switch_event_base_add_header), so that the format makes no difference to whoever reads it.
    """
    event = document(text)
    if not isinstance(event, dict):
        raise Unreadable(f"no mapping: {text[:200]!r}")
    for name, value in event.items():
        if type(value) is not str:
            event[name] = "ARRAY::" + "|:".join(map(str, value)) if isinstance(value, list) else str(value)
    return event


def event_of(frame: Frame) -> Mapping[str, str]:
    """The event that a ``text/event-json`` or ``text/event-plain`` frame carries. Raises Unreadable."""
    return plain_event(frame.body) if frame.content_type == "text/event-plain" else mapping(frame.body)
