"""What mod_callcenter has in its tables, and how long it takes until all is well again after one of its races."""

from freeswitch.console import ask
from freeswitch.queues import AT_REST
from tests.contract.people import Person
from tests.contract.phone import wait_until
from tests.contract.product import Product

HEALED = 16.0  # seconds: two looks of four, three of doubt, the next look, and as long again on a busy machine
NEXT = 3.0  # seconds after which the next agent has surely been rung
SOON = 6.0  # seconds in which the module itself lets go of a leg that waits for a bridge, and the controller of all others


def tell(pbx: Product, command: str) -> str:
    """What the switch says to this."""
    return ask(pbx.settings.switches[0], command).strip()


def rows(pbx: Product, what: str) -> list[dict[str, str]]:
    """One of mod_callcenter's lists."""
    head, *lines = tell(pbx, f"callcenter_config {what}").splitlines()
    return [dict(zip(head.split("|"), line.split("|"), strict=False)) for line in lines if "|" in line]


def state(pbx: Product, agent: Person) -> str:
    """How an agent stands."""
    return tell(pbx, f"callcenter_config agent get state {agent.login}")


def is_said(pbx: Product, words: str, within: float = 2.0) -> None:
    """The controller's log says it by now, or so much later."""
    wait_until(lambda: words in pbx.last_words(), within, f"the log says: {words}")


def all_clean(pbx: Product, queue: int) -> None:
    """Nothing is left of the story: no leg, no member, and everybody is free."""
    wait_until(lambda: tell(pbx, "show channels count").startswith("0 total"), HEALED, "no channel is left")
    wait_until(lambda: not_at_rest(pbx) == [], HEALED, "all agents wait")
    wait_until(lambda: not unknown_members(pbx, queue), HEALED, "of all members who are left the log says that they are gone")


def not_at_rest(pbx: Product) -> list[str]:
    """Agents who are neither free nor, off duty, as they were when they went."""
    on_duty = {row["agent"] for row in rows(pbx, "tier list")}
    states = {row["name"]: row["state"] for row in rows(pbx, "agent list")}
    return [name for name, now in states.items() if now not in (("Waiting",) if name in on_duty else AT_REST)]


def unknown_members(pbx: Product, queue: int) -> list[str]:
    """Of the others no leg is left, and the switch will forget them; the log has said so."""
    said = (pbx.folder / "worker.log").read_text(encoding="utf-8")
    there = [row["uuid"] for row in rows(pbx, f"queue list members q{queue}") if row["state"] != "Abandoned"]
    return [uuid for uuid in there if f"of caller {uuid} in q{queue} no leg is left" not in said]
