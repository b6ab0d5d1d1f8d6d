"""Places: where in a tenant's directory a call is, as a few words of ASCII that a leg can carry.

A place is a path. It begins at something with a name of its own: ``22`` (an internal number), ``+48221234567`` (a city number),
``menu-powitanie``, ``queue-serwis``, ``fallback`` (for failed transfers), or ``tel+48600100200``, a number that somebody has
dialled himself. Labels lead on to a destination inside it: ``22.busy``, ``41.closed``, ``menu-powitanie.1``,
``queue-serwis.overflow``. Whoever finds a place on a leg looks it up in the directory of that moment, so what is written down
never disagrees with what a person has saved meanwhile.
"""

from collections.abc import Mapping

from app.core import numbering
from app.core.destinations import Destination, ToExternal, ToHours, ToMenu, ToQueue, ToRing
from app.core.directory import Tenant
from app.core.outcome import Outcome

FALLBACK = "fallback"
NO_CHOICE, WRONG_CHOICE = "none", "wrong"
OVERFLOW, NO_AGENTS, FULL = "overflow", "no_agents", "full"

_MENU, _QUEUE, _DIALLED = "menu-", "queue-", "tel"
_KEYS = {"*": "star", "#": "hash"}


def of_dialled(dialled: str, tenant: Tenant) -> str:
    """The place that a dialled string means to somebody of the tenant's; empty if it means none."""
    meaning = numbering.understand(dialled, tenant.extensions)
    if meaning.kind is numbering.Kind.INTERNAL or meaning.number in tenant.cities:
        return meaning.number
    return _DIALLED + meaning.number if meaning.is_outside else ""


def of_menu(name: str) -> str:
    """The place of a menu. What is no ASCII letter or digit of its name is spelled in hexadecimal."""
    return _MENU + _spelled(name)


def of_queue(name: str) -> str:
    """The place of a queue, spelled likewise."""
    return _QUEUE + _spelled(name)


def _spelled(name: str) -> str:
    return "".join(sign if sign.isascii() and sign.isalnum() else f"_{sign.encode().hex()}" for sign in name)


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
    if queue := _queue_at(root, tenant):
        return number_of_queue(queue, tenant), queue
    return "", next((name for name in tenant.menus if of_menu(name) == root), "")


def number_of_queue(name: str, tenant: Tenant) -> str:
    """The lowest internal number that leads straight to a queue; empty if none does."""
    leading = [number for number, extension in tenant.extensions.items() if extension.to == ToQueue(name)]
    return min(leading, key=lambda number: (len(number), number), default="")


def find(place: str, tenant: Tenant) -> Destination | None:
    """What is there now; None if nothing is any more."""
    root, *labels = place.split(".")
    found = _beginning(root, tenant)
    for label in labels:
        found = branches(found, tenant).get(label)
    return found


def _queue_at(root: str, tenant: Tenant) -> str:
    return next((name for name in tenant.queues if of_queue(name) == root), "") if root.startswith(_QUEUE) else ""


def _beginning(root: str, tenant: Tenant) -> Destination | None:
    if root == FALLBACK:
        return tenant.transfer_fallback
    if root.startswith(_MENU):
        return next((ToMenu(name) for name in tenant.menus if of_menu(name) == root), None)
    if queue := _queue_at(root, tenant):
        return ToQueue(queue)
    if root.startswith(_DIALLED):
        return ToExternal(root.removeprefix(_DIALLED))
    named = tenant.extensions.get(root) or tenant.cities.get(root)
    return named.to if named else None


def branches(destination: Destination | None, tenant: Tenant) -> dict[str, Destination]:
    """The destinations inside one, by their labels."""
    if isinstance(destination, ToHours):
        return {"open": destination.open, "closed": destination.closed}
    if isinstance(destination, ToRing):
        return _given(no_answer=destination.no_answer, busy=destination.busy, unavailable=destination.unavailable)
    if isinstance(destination, ToMenu) and (menu := tenant.menus.get(destination.name)):
        return _of_keys(menu.keys) | {NO_CHOICE: menu.no_choice.then, WRONG_CHOICE: menu.wrong_choice.then}
    if isinstance(destination, ToQueue) and (queue := tenant.queues.get(destination.name)):
        return _of_keys(queue.keys) | _given(overflow=queue.overflow, no_agents=queue.no_agents, full=queue.full)
    return {}


def _of_keys(keys: Mapping[str, Destination]) -> dict[str, Destination]:
    return {_KEYS.get(key, key): to for key, to in keys.items()}


def _given(**inner: Destination | None) -> dict[str, Destination]:
    return {label: to for label, to in inner.items() if to is not None}


def condition(outcome: Outcome) -> str:
    """The label under which a ring plan says where the caller goes whom nobody took for this reason."""
    if outcome is Outcome.NO_ANSWER:
        return "no_answer"
    return "busy" if outcome in (Outcome.BUSY, Outcome.DECLINED) else "unavailable"
