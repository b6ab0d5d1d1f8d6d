"""``play_and_get_digits``: ask, and take keys until enough, a terminator, or too long a silence (``switch_ivr_play_say.c``)."""

import re
from dataclasses import dataclass

from freeswitch.simulator.dialstring import split_quoted
from freeswitch.simulator.digits import next_key
from freeswitch.simulator.sessions import Session
from freeswitch.simulator.sounds import play


@dataclass(frozen=True)
class _Question:
    """The application's argument: MIN MAX TRIES TIMEOUT TERMINATORS FILE INVALID_FILE [VARIABLE [REGEX [DIGIT_TIMEOUT]]]."""

    least: int
    most: int
    tries: int
    timeout: float
    terminators: str
    file: str
    invalid: str
    variable: str
    pattern: str
    digit_timeout: float


def play_and_get_digits(leg: Session, text: str) -> None:
    """Put what was pressed into the variable; it stays unset when nothing fitting was pressed in all the tries."""
    question = _parsed(text)
    if question is None:
        return
    leg.set(question.variable, None)
    for _ in range(question.tries):
        digits = _ask(leg, question)
        if not leg.ready:
            return
        if len(digits) >= question.least and re.fullmatch(question.pattern, digits):
            leg.set(question.variable, digits)
            return
        if digits:
            leg.set(f"{question.variable}_invalid", digits)
        play(leg, question.invalid)


def _ask(leg: Session, question: _Question) -> str:
    play(leg, question.file, stop=lambda: bool(leg.keys.waiting))
    digits = ""
    until = leg.clock.now() + question.timeout
    while leg.ready:
        while leg.keys.waiting:
            key = next_key(leg)
            if key in question.terminators:
                leg.set("read_terminator_used", key)
                return digits
            digits += key
            if len(digits) >= question.most:
                return digits
            until = leg.clock.now() + question.digit_timeout
        if leg.clock.now() >= until:
            return digits
        leg.idle(until)
    return digits


def _parsed(text: str) -> _Question | None:
    parts = [*split_quoted(text, " "), "", "", "", "", ""]
    numbers = parts[:4]
    if not all(number.isdecimal() for number in numbers):
        return None
    least, most, tries, timeout = (int(number) for number in numbers)
    own = int(parts[9]) if parts[9].isdecimal() else timeout
    terminators = "" if parts[4] == "none" else parts[4]
    pattern = parts[8] or r"\d+"
    return _Question(least, most, tries, timeout / 1000, terminators, parts[5], parts[6], parts[7], pattern, own / 1000)
