"""The small languages inside applications' arguments: quoted lists, ``{a=b}`` and ``[a=b]``, ``user/login@domain``.

Read in ``switch_utils.c`` (switch_separate_string, cleanup_separated_string) and ``switch_event.c``
(switch_event_create_brackets).
"""

from dataclasses import dataclass, field

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "s": " "}


class DialStringError(ValueError):
    """A bracket that is never closed."""


@dataclass(frozen=True)
class Endpoint:
    """One thing to call. ``variables`` come from its own ``[…]``."""

    target: str
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DialString:
    """``groups`` are tried one after another; what stands in one group is rung together."""

    variables: dict[str, str]
    groups: tuple[tuple[Endpoint, ...], ...]

    def is_fatal(self, cause: str) -> bool:
        """Whether one refusal of that kind ends it all: ``fail_on_single_reject`` names causes, or with ``!`` all others."""
        causes = self.variables.get("fail_on_single_reject", "")
        return bool(causes) and (cause in causes) != causes.startswith("!")


def split_quoted(text: str, delimiter: str) -> list[str]:
    """Split at ``delimiter`` outside of single quotes; quotes, escapes and outer spaces are taken off the parts.

    A text that begins with ``^^`` brings a delimiter of its own: the character after it.
    """
    if text.startswith("^^") and len(text) > 3:
        delimiter, text = text[2], text[3:]
    return _split(text, delimiter)


def _split(text: str, delimiter: str) -> list[str]:
    parts: list[str] = []
    part: list[str] = []
    quoted = False
    characters = iter(text)
    for character in characters:
        if character == "\\":
            following = next(characters, "")
            plain = following in ("'", '"', delimiter, "\\")
            part.append(following if plain else _ESCAPES.get(following, "\\" + following))
        elif character == "'":
            quoted = not quoted
        elif character == delimiter and not quoted:
            parts.append("".join(part).strip(" "))
            part = []
        else:
            part.append(character)
    parts.append("".join(part).strip(" "))
    return [] if parts == [""] else parts


def parse(text: str) -> DialString:
    """What a ``bridge`` or ``originate`` argument says. Raises DialStringError."""
    variables, rest = brackets(text.strip(), "{", "}")
    groups = tuple(tuple(_endpoint(part) for part in _cut(group, ",")) for group in _cut(rest, "|") if group.strip())
    return DialString(variables, groups)


def brackets(text: str, opening: str, closing: str) -> tuple[dict[str, str], str]:
    """The variables of the leading brackets, however many follow each other, and what comes after them."""
    variables: dict[str, str] = {}
    text = text.lstrip(" ")
    while text.startswith(opening):
        end = _closing(text, opening, closing)
        inside, text = text[1:end], text[end + 1 :].lstrip(" ")
        delimiter = ","
        if inside.startswith("^^") and len(inside) > 2:
            delimiter, inside = inside[2], inside[3:]
        for pair in _cut(inside, delimiter):
            name, _, value = pair.partition("=")
            if name.strip():
                variables[name.strip()] = "".join(_split(value, "\0"))
    return variables, text


def _endpoint(text: str) -> Endpoint:
    variables, target = brackets(text, "[", "]")
    return Endpoint(target.strip(), variables)


def _closing(text: str, opening: str, closing: str) -> int:
    depth = 0
    for place, character in enumerate(text):
        depth += (character == opening) - (character == closing)
        if depth == 0:
            return place
    raise DialStringError(f"no {closing} in {text[:80]!r}")


def _cut(text: str, delimiter: str) -> list[str]:
    """Split at ``delimiter`` outside of quotes and square brackets, leaving both where they stand."""
    parts, start, quoted, depth, skip = [], 0, False, 0, False
    for place, character in enumerate(text):
        if skip:
            skip = False
        elif character == "\\":
            skip = True
        elif character == "'":
            quoted = not quoted
        elif not quoted and character in "[]":
            depth += 1 if character == "[" else -1
        elif character == delimiter and not quoted and depth <= 0:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]
