"""Keys: bound ones start an action and are heard by nobody else, all others travel on.

``bind_digit_action`` with literal keys (``switch_ivr_async.c``, switch_ivr_dmachine_check_match): a key that begins no
binding is passed on at once; one that may still become a longer binding is held back for the digit timeout, or until the
next key decides, and then both travel together.
"""

from functools import partial

from freeswitch.simulator.keymap import Key
from freeswitch.simulator.sessions import Session


def press(session: Session, digit: str) -> None:
    """A phone sent one key."""
    keys = session.keys
    if not session.up:
        return
    if session.holding:
        session.kept.append(partial(press, session, digit))
        return
    if not keys.machine:
        _queue(session, digit, "RTP")
        return
    if keys.timer is not None:
        keys.timer.cancel()
        keys.timer = None
    keys.partial += digit
    longer = [bound for bound in keys.current if bound.startswith(keys.partial) and bound != keys.partial]
    if longer:
        keys.timer = session.clock.after(keys.timeout, lambda: _decide(session))
    else:
        _decide(session)


def next_key(session: Session) -> str:
    """Take one key off the queue and tell of it; whoever is bridged to this leg hears it."""
    key = session.keys.waiting.popleft()
    session.keys.dialled += key.digit
    session.fire("DTMF", after={"DTMF-Digit": key.digit, "DTMF-Duration": "2000", "DTMF-Source": key.source})
    if isinstance(session.partner, Session):
        session.partner.heard += key.digit
        session.partner.changed()
    return key.digit


def _decide(session: Session) -> None:
    """Nothing longer can follow: run what is bound to the keys so far, or let them through."""
    keys = session.keys
    pressed, keys.partial, keys.timer = keys.partial, "", None
    action = keys.current.get(pressed)
    if action is None:
        _queue(session, pressed, "APP")
        return
    session.do_soon(action, pressed)


def _queue(session: Session, digits: str, source: str) -> None:
    session.keys.waiting.extend(Key(digit, source) for digit in digits)
    session.wake()
