"""Places: where in a tenant's directory a call is, as a few words of ASCII that a leg can carry.

A place is a path. It begins at something with a name of its own: ``22`` (an internal number), ``+48221234567`` (a city number),
``menu-powitanie``, ``fallback`` (for failed transfers), or ``tel+48600100200``, a number that somebody dialled himself. Labels
lead on to a destination inside it: ``22.busy``, ``41.closed``, ``menu-powitanie.1``. Whoever finds a place on a leg looks it up
in the directory of that moment, so what is written down never disagrees with what a person has saved meanwhile.
"""

from app.core import numbering
from app.core.destinations import Destination, ToExternal, ToHours, ToMenu, ToRing
from app.core.directory import Tenant
from app.core.outcome import Outcome

FALLBACK = "fallback"
NO_CHOICE, WRONG_CHOICE = "none", "wrong"

_MENU, _DIALLED = "menu-", "tel"
_KEYS = {"*": "star", "#": "hash"}


def of_dialled(dialled: str, tenant: Tenant) -> str:
    """The place that a dialled string means to somebody of the tenant's; empty if it means none."""
    meaning = numbering.understand(dialled, tenant.extensions)
    if meaning.kind is numbering.Kind.INTERNAL or meaning.number in tenant.cities:
        return meaning.number
    return _DIALLED + meaning.number if meaning.is_outside else ""


def of_menu(name: str) -> str:
    """The place of a menu. What is no ASCII letter or digit of its name is spelled in hexadecimal."""
    spelled = (sign if sign.isascii() and sign.isalnum() else f"_{sign.encode().hex()}" for sign in name)
    return _MENU + "".join(spelled)


def inside(place: str, label: str) -> str:
    """The place that ``label``, or a menu's key, leads to from ``place``."""
    return f"{place}.{_KEYS.get(label, label)}"


def is_dialled(place: str) -> bool:
    """Whether it is a number outside that somebody dialled himself."""
    return place.startswith(_DIALLED)


def extension_of(place: str) -> str:
    """The internal number at which the place begins; empty for others."""
    root = place.partition(".")[0]
    return root if numbering.has_internal_shape(root) else ""


def holder(place: str, tenant: Tenant) -> tuple[str, str]:
    """What a person calls the place: the internal number, empty where it has none, and the name."""
    root = place.partition(".")[0]
    if root in tenant.extensions:
        return root, tenant.extensions[root].name
    if root in tenant.cities:
        return "", tenant.cities[root].name
    return "", next((name for name in tenant.menus if of_menu(name) == root), "")


def find(place: str, tenant: Tenant) -> Destination | None:
    """What is there now; None if nothing is any more."""
    root, *labels = place.split(".")
    found = _beginning(root, tenant)
    for label in labels:
        found = branches(found, tenant).get(label)
    return found


def _beginning(root: str, tenant: Tenant) -> Destination | None:
    if root == FALLBACK:
        return tenant.transfer_fallback
    if root.startswith(_MENU):
        return next((ToMenu(name) for name in tenant.menus if of_menu(name) == root), None)
    if root.startswith(_DIALLED):
        return ToExternal(root.removeprefix(_DIALLED))
    named = tenant.extensions.get(root) or tenant.cities.get(root)
    return named.to if named else None


def branches(destination: Destination | None, tenant: Tenant) -> dict[str, Destination]:
    """The destinations inside one, by their labels."""
    if isinstance(destination, ToHours):
        return {"open": destination.open, "closed": destination.closed}
    if isinstance(destination, ToRing):
        inner = {"no_answer": destination.no_answer, "busy": destination.busy, "unavailable": destination.unavailable}
        return {label: to for label, to in inner.items() if to is not None}
    if isinstance(destination, ToMenu) and (menu := tenant.menus.get(destination.name)):
        keys = {_KEYS.get(key, key): to for key, to in menu.keys.items()}
        return keys | {NO_CHOICE: menu.no_choice.then, WRONG_CHOICE: menu.wrong_choice.then}
    return {}


def condition(outcome: Outcome) -> str:
    """The label under which a ring plan says where the caller goes whom nobody took for this reason."""
    if outcome is Outcome.NO_ANSWER:
        return "no_answer"
    return "busy" if outcome in (Outcome.BUSY, Outcome.DECLINED) else "unavailable"
