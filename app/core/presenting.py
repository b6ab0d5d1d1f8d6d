"""What those who are called see of a caller, and the scripts' words for ringing them."""

from dataclasses import replace

from app.core import numbering
from app.core.actions import Action, Connect, ConnectOutside, Outside, Present
from app.core.directory import Directory, Tenant
from app.core.party import Display, display
from app.core.routing import Dial, Ring
from app.core.states import Call, Led, Ringing, Sending

DIALLED_SECONDS = 60
"""For how long a number rings that somebody has dialled himself: as long as most telephones outside do."""


def ringing(call: Call, led: Led, plan: Ring | Dial, directory: Directory) -> tuple[Action, ...]:
    """Ring whoever is at the present turn of ``led``'s way, for the party."""
    turn = led.way.turn
    if isinstance(plan, Dial):
        patience = DIALLED_SECONDS if isinstance(led, Ringing) and not plan.asked else plan.tenant.ring_seconds
        return (ConnectOutside(_for_the_party(call, led, plan, directory), patience),)
    shown = _seen(call, led, plan, directory)
    return Present(shown.number, shown.name), Connect(plan.steps[turn], plan.seconds)


def _seen(call: Call, led: Led, plan: Ring, directory: Directory) -> Display:
    """The party; the name of somebody outside says by which of the tenant's numbers or ring plans he has come."""
    shown = display(call.party, call.record, directory)
    if call.party.login:
        return shown
    city = plan.tenant.cities.get(call.record.dialled) if isinstance(led, Ringing) else None
    label = plan.name if plan.shared and plan.name else city.name if city else ""
    if not label:
        return shown
    return Display(shown.number, f"{label} {short(shown.number) or shown.name}".strip())


def short(number: str) -> str:
    """A number as it is dialled from here: nine digits, where it is a Polish one."""
    return numbering.shown(number).replace(" ", "")


def _for_the_party(call: Call, led: Led, plan: Dial, directory: Directory) -> Outside:
    """A call that is passed on is said to be, and may show the number of somebody outside who is really calling."""
    by = led.back if isinstance(led, Sending) else call.party.login
    to = outside(plan, led.way.turn, by)
    if not to.diverted and isinstance(led, Ringing):
        return to
    number = "" if call.party.login else display(call.party, call.record, directory).number
    passes = plan.trunks[led.way.turn].passes_original and number.startswith("+")
    return replace(to, diverted=True, original=number if passes else "")


def outside(plan: Dial, turn: int, by: str) -> Outside:
    """A telephone outside, called by the account ``by`` itself; empty for the tenant as such."""
    longest = plan.tenant.limits.longest_call
    return Outside(
        number=plan.number,
        gateway=plan.trunks[turn].gateway,
        shown=_presented(by, plan.tenant),
        diverted=plan.asked,
        confirm=plan.tenant.language if plan.asked else "",
        longest=None if longest is None else longest * 60,
    )


def _presented(by: str, tenant: Tenant) -> str:
    """The number of the tenant's that is shown outside: the account's own, else the main one."""
    account = tenant.accounts.get(by)
    own = account.presents if account else ""
    return own if own in tenant.cities else tenant.main_number
