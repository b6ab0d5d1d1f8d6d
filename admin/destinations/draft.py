"""A destination as it stands in a form: perhaps unfinished, perhaps wrong, and still what somebody typed.

In a form it is a few plain fields that share a prefix: ``to-kind`` and ``to-which``; a ring plan has ``to-first``,
``to-second``, ``to-third``, ``to-order`` and ``to-seconds``, opening hours ``to-which`` for the schedule. What may follow it,
``to-busy-kind`` for example, is a destination of its own, and so on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.core import numbering
from app.core.destinations import (
    Destination,
    ToAccount,
    ToCity,
    ToExtension,
    ToExternal,
    ToHangUp,
    ToHours,
    ToMenu,
    ToMessage,
    ToQueue,
    ToRing,
)
from app.core.outcome import Outcome

ACCOUNTS = ("first", "second", "third")
BRANCHES: Mapping[str, tuple[str, ...]] = {"ring": ("no_answer", "busy", "unavailable"), "hours": ("open", "closed")}
OPTIONAL = frozenset(BRANCHES["ring"])
DEEPEST = 8
"""So many destinations may stand within each other in a form; the core cuts a way off after as many hops."""

_PLAIN: Mapping[str, Callable[[str], Destination]] = {
    "account": ToAccount,
    "extension": ToExtension,
    "city": ToCity,
    "external": ToExternal,
    "queue": ToQueue,
    "menu": ToMenu,
    "message": ToMessage,
}
KINDS = (*_PLAIN, "ring", "hours", "hangup")
_HANG_UP = {"normal": Outcome.ANSWERED, "busy": Outcome.BUSY}


@dataclass
class Draft:
    """``kind`` is one of KINDS, or empty for none; ``values`` are the texts of its fields, ``branches`` what may follow."""

    kind: str = ""
    values: dict[str, str] = field(default_factory=dict)
    branches: dict[str, "Draft"] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def value(self, name: str) -> str:
        """What stands in one of its fields."""
        return self.values.get(name, "")

    def branch(self, name: str) -> "Draft":
        """What follows when ``name`` happens. Opening hours always lead somewhere; a ring plan's conditions need not."""
        follows = self.branches.get(name) or Draft()
        return follows if follows.kind or name in OPTIONAL else Draft(KINDS[0])

    def at(self, path: str) -> "Draft":
        """The draft that a path of the services is about: ``ring.busy.account`` leads to what stands at «busy»."""
        draft = self
        for step in path.split("."):
            draft = draft.branches.get(step, draft)
        return draft


def drafted(destination: Destination | None) -> Draft:
    """The form's view of a destination."""
    match destination:
        case None:
            return Draft()
        case ToRing():
            values = dict(zip(ACCOUNTS, destination.logins, strict=False))
            values |= {"order": "together" if destination.together else "in-order", "seconds": str(destination.seconds)}
            return Draft("ring", values, _branches(destination, "ring"))
        case ToHours():
            return Draft("hours", {"which": destination.schedule}, _branches(destination, "hours"))
        case ToHangUp():
            return Draft("hangup", {"which": "busy" if destination.outcome is Outcome.BUSY else "normal"})
        case _:
            (which,) = vars(destination).values()
            kind = next(kind for kind, made in _PLAIN.items() if made(which) == destination)
            return Draft(kind, {"which": which})


def _branches(destination: ToRing | ToHours, kind: str) -> dict[str, Draft]:
    return {branch: drafted(getattr(destination, branch)) for branch in BRANCHES[kind]}


def typed(form: Mapping[str, str], name: str, depth: int = 0) -> Draft:
    """What somebody typed into the fields called ``name-…``. What nobody could have chosen there is left out."""
    kind = form.get(f"{name}-kind", "")
    if kind not in KINDS or depth == DEEPEST:
        return Draft()
    values = {what: form.get(f"{name}-{what}", "").strip() for what in ("which", "order", "seconds", *ACCOUNTS)}
    branches = {branch: typed(form, f"{name}-{branch}", depth + 1) for branch in BRANCHES.get(kind, ())}
    return Draft(kind, values, branches)


def meant(draft: Draft) -> Destination | None:
    """The destination a draft stands for; None for none. Whether such things exist is for the services to say."""
    if draft.kind == "ring":
        return _ring(draft)
    if draft.kind == "hours":
        open_, closed = (meant(draft.branch(branch)) or ToHangUp() for branch in BRANCHES["hours"])
        return ToHours(draft.value("which"), open_, closed)
    if draft.kind == "hangup":
        return ToHangUp(_HANG_UP.get(draft.value("which"), Outcome.ANSWERED))
    if draft.kind == "external":
        return ToExternal(numbering.understand(draft.value("which"), ()).number)
    return _PLAIN[draft.kind](draft.value("which")) if draft.kind else None


def _ring(draft: Draft) -> ToRing:
    logins = tuple(login for login in (draft.value(account) for account in ACCOUNTS) if login)
    seconds = draft.value("seconds")
    return ToRing(
        logins,
        together=draft.value("order") != "in-order",
        seconds=int(seconds) if seconds.isascii() and seconds.isdecimal() and len(seconds) < 5 else -1,
        **{branch: meant(draft.branch(branch)) for branch in BRANCHES["ring"]},
    )
