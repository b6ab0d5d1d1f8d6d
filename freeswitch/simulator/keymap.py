"""The keys of one leg and what is bound to them: the digit machine of ``bind_digit_action`` (``switch_ivr_async.c``)."""

from collections import deque
from dataclasses import dataclass, field

from freeswitch.simulator.clock import Timer
from freeswitch.simulator.steps import Step

DIGIT_TIMEOUT = 1.5  # seconds; mod_dptools' default for bind_digit_digit_timeout


@dataclass(frozen=True)
class Key:
    """A digit on its way to whoever listens. ``source``: ``RTP``, or ``APP`` when it came back out of the digit machine."""

    digit: str
    source: str


@dataclass
class Keys:
    """What a person pressed and what the leg makes of it.

    Bindings stand in realms of which one is current. A new binding makes its realm the current one; binding the same keys
    again only exchanges the action (switch_ivr_dmachine_bind, "Reuse Existing").
    """

    waiting: deque[Key] = field(default_factory=deque)
    realms: dict[str, dict[str, Step]] = field(default_factory=dict)
    current: dict[str, Step] = field(default_factory=dict)
    timeout: float = DIGIT_TIMEOUT
    partial: str = ""
    timer: Timer | None = None
    dialled: str = ""

    @property
    def machine(self) -> bool:
        """Is there a digit machine? From the first binding until all are cleared, every key goes through it."""
        return bool(self.realms)

    def bind(self, realm: str, keys: str, step: Step) -> None:
        """Let ``keys`` start ``step`` while ``realm`` is current."""
        bindings = self.realms.setdefault(realm, {})
        known = keys in bindings
        bindings[keys] = step
        if not known:
            self.current = bindings

    def choose(self, realm: str) -> bool:
        """Make a realm the current one. False: there is none of that name, and nothing changes."""
        if realm in self.realms:
            self.current = self.realms[realm]
        return realm in self.realms

    def clear(self, realm: str) -> None:
        """Forget one realm or ``all``. The current one works until another is chosen (switch_ivr_dmachine_clear_realm)."""
        if realm.lower() == "all":
            self.realms, self.current = {}, {}
        else:
            self.realms.pop(realm, None)
