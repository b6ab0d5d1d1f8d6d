"""What lives on a switch now: asked for after each connection, because the Event Socket never repeats what was missed.

The events connection must be subscribed before: what happens while we ask is then in its queue and is looked at afterwards.
Some of it will be known from the stock-taking already, so whoever takes these events must bear hearing things twice.

`show channels` reads a database that the switch writes in batches: a leg is listed 55 to 260 ms after its creation, mostly 157
(measured on 1.10.12; switch_core_sqldb.c waits up to 40 x 5 ms for more to write). So between subscribing and asking there must
be a pause, or a leg born shortly before would be in neither.
"""

import logging
import re
from collections.abc import Callable, Iterator, Sequence

from gevent.event import AsyncResult

from app.core.events import FoundLeg, PhonesCounted, SwitchFound
from freeswitch import findings
from freeswitch.headers import PHONES
from freeswitch.payload import Unreadable, document, mapping
from freeswitch.replies import Reply
from freeswitch.socket import ConnectionLost, EventSocket
from freeswitch.wire import Request

log = logging.getLogger(__name__)

AT_ONCE = 50  # questions under way, so that the last of thousands does not run into its deadline while it waits its turn

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def take_stock(commands: EventSocket, switch: str, clock: Callable[[], float]) -> tuple[SwitchFound, PhonesCounted | None]:
    """Every leg and every registered phone; None for phones that cannot be read, so that what was known of them stays.

    Raises ConnectionLost when the switch does not answer as it should.
    """
    core = _answer(commands.ask(Request("api global_getvar core_uuid"))).strip()
    try:
        found = SwitchFound(switch=switch, core=core, legs=tuple(_legs(commands)), at=clock())
    except Unreadable as error:
        raise ConnectionLost(f"the stock-taking failed: {error}") from None
    return found, count_phones(commands, switch, clock)


def _legs(commands: EventSocket) -> Iterator[FoundLeg]:
    """One question for the list, one for each leg; a leg that ended in between is left out.

    ``uuid_dump`` is safe only as JSON. An empty list has no ``rows`` at all (mod_commands.c, show_function).
    """
    channels = document(_answer(commands.ask(Request("api show channels as json"))).encode())
    ids = [row["uuid"] for row in channels.get("rows", ())]
    for reply in ask_all(commands, [Request(f"api uuid_dump {leg} json") for leg in ids]):
        if reply.missing:
            raise ConnectionLost(reply.missing)
        if reply.failure:
            continue
        try:
            leg = findings.found_leg(mapping(reply.text.encode()))
        except Exception:  # one leg that we cannot understand must not hide all the others
            log.exception("a leg is left out of the stock-taking")
            continue
        if leg is not None:
            yield leg


def count_phones(commands: EventSocket, switch: str, clock: Callable[[], float]) -> PhonesCounted | None:
    """Every registered device; None where they cannot be read. A switch that has no such profile (yet) has no phones either."""
    xml = _answer(commands.ask(Request(f"api sofia xmlstatus profile {PHONES} reg")), refusal_counts=True).strip()
    at = clock()
    if not xml.startswith("<"):
        log.warning("%s has no registrations of the profile %s: %.80s", switch, PHONES, xml)
        return PhonesCounted(switch=switch, registrations=(), at=at)
    try:
        devices = findings.registrations(_NOT_IN_XML.sub("", xml), at)  # a device may call itself anything
    except Exception:  # what one device says of itself must not keep us from all the calls
        log.exception("the registrations of %s cannot be read", switch)
        return None
    return PhonesCounted(switch=switch, registrations=devices, at=at)


def ask_all(commands: EventSocket, requests: Sequence[Request]) -> Iterator[Reply]:
    """Ask many questions without waiting for each answer; the answers come in the order of the questions."""
    for start in range(0, len(requests), AT_ONCE):
        answers = []
        for request in requests[start : start + AT_ONCE]:
            answer: AsyncResult = AsyncResult()
            commands.tell(request, answer.set)
            answers.append(answer)
        for answer in answers:
            yield answer.get()


def _answer(reply: Reply, refusal_counts: bool = False) -> str:
    """What the switch said. Raises ConnectionLost if it said nothing, or that it will not say it, unless that says enough."""
    if reply.missing or (reply.failure and not refusal_counts):
        raise ConnectionLost(f"the stock-taking failed: {reply.failure}")
    return reply.text
