"""``play_and_get_digits``: ask, and take keys until enough, a terminator, or too long a silence (``switch_ivr_play_say.c``)."""

import re
from dataclasses import dataclass

from freeswitch.simulator.dialstring import split_quoted
from freeswitch.simulator.digits import next_key
from freeswitch.simulator.sessions import Session
from freeswitch.simulator.sounds import play


@dataclass(frozen=True)
class Question:
    """``most`` keys, the first within ``timeout`` seconds of the end of ``file``, each other within ``digit_timeout``."""

    most: int
    file: str
    timeout: float
    digit_timeout: float = 0.0  # 0: as long as for the first
    terminators: str = ""


@dataclass(frozen=True)
class _Order:
    """The application's argument: MIN MAX TRIES TIMEOUT TERMINATORS FILE INVALID_FILE [VARIABLE [REGEX [DIGIT_TIMEOUT]]]."""

    question: Question
    least: int
    tries: int
    invalid: str
    variable: str
    pattern: str


def play_and_get_digits(leg: Session, text: str) -> None:
    """Put what was pressed into the variable; it stays unset when nothing fitting was pressed in all the tries."""
    order = _parsed(text)
    if order is None:
        return
    leg.set(order.variable, None)
    for _ in range(order.tries):
        digits = ask(leg, order.question)
        if not leg.ready:
            return
        if len(digits) >= order.least and re.fullmatch(order.pattern, digits):
            leg.set(order.variable, digits)
            return
        if digits:
            leg.set(f"{order.variable}_invalid", digits)
        play(leg, order.invalid)


def ask(leg: Session, question: Question) -> str:
    """Play the question once and take the answer (``switch_ivr_read``); the keys that came, without a terminator."""
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
            until = leg.clock.now() + (question.digit_timeout or question.timeout)
        if leg.clock.now() >= until:
            return digits
        leg.idle(until)
    return digits


def _parsed(text: str) -> _Order | None:
    parts = [*split_quoted(text, " "), "", "", "", "", ""]
    numbers = parts[:4]
    if not all(number.isdecimal() for number in numbers):
        return None
    least, most, tries, timeout = (int(number) for number in numbers)
    own = int(parts[9]) if parts[9].isdecimal() else timeout
    terminators = "" if parts[4] == "none" else parts[4]
    pattern = parts[8] or r"\d+"
    question = Question(most, parts[5], timeout / 1000, own / 1000, terminators)
    return _Order(question, least, tries, parts[6], parts[7], pattern)
