"""Acme again, now with a destination of every kind, two city numbers and two trunks."""

from dataclasses import replace

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
from app.core.directory import Choice, City, Directory, Extension, Menu, Message, Sound, Trunk
from app.core.hours import Schedule
from app.core.outcome import Outcome
from app.core.queues import Agent, Queue
from tests.core.stories import Story, office

MAIN, SALES, WELCOME = "+48221234567", "+48221234568", "+48221234569"
BOSS = "+48600100200"  # his mobile
CALLER = "+48601000111"  # somebody outside
GREETING, CLOSED = Sound(1, "a1", 3.0), Sound(2, "b2", 4.0)
CELINA, DAREK, EWA = "103", "104", "105"

LEADS: dict[str, Destination] = {
    "30": ToExternal(BOSS),
    "31": ToRing((CELINA, DAREK), seconds=15, busy=ToExtension("24"), no_answer=ToMessage("zamknięte")),
    "32": ToRing((CELINA, DAREK, EWA), together=False, seconds=10, unavailable=ToExternal(BOSS)),
    "33": ToRing((CELINA, DAREK), no_answer=ToExtension("32"), busy=ToExtension("32"), unavailable=ToExtension("32")),
    "40": ToCity(MAIN),
    "41": ToHours("biuro", ToExtension("31"), ToMessage("zamknięte")),
    "42": ToMenu("powitanie"),
    "43": ToMessage("zamknięte"),
    "49": ToHangUp(Outcome.BUSY),
    "51": ToExtension("52"),
    "52": ToExtension("51"),
    "81": ToQueue("serwis"),
    "82": ToQueue("zwroty"),
}
NAMES = {"30": "Komórka szefa", "31": "Sprzedaż", "32": "Serwis"}
SERVICE = "+48221234560"
CITIES: dict[str, Destination] = {
    MAIN: ToAccount("102"), SALES: ToExtension("31"), WELCOME: ToMenu("powitanie"), SERVICE: ToQueue("serwis"),
}  # fmt: skip
KEYS: dict[str, Destination] = {"1": ToAccount(CELINA), "3": ToExtension("31"), "7": ToExternal(BOSS), "*": ToMenu("powitanie")}
MUSIC, HELLO, CALLED = Sound(3, "c3", 60.0), Sound(4, "d4", 2.0), Sound(5, "e5", 1.0)
AGENTS = (Agent(CELINA), Agent(DAREK), Agent(number=BOSS))


def menu(**changes) -> Menu:
    """Celina on 1, the sales on 3, the boss on 7; who presses nothing is connected to Bartek."""
    silent, wrong = Choice(1, ToExtension("22")), Choice(2, ToMessage("zamknięte"))
    return replace(Menu("powitanie", GREETING, KEYS, silent, wrong, dial_internal=True), **changes)


def queue(**changes) -> Queue:
    """Celina, Darek and the boss answer it; whoever waits too long is connected to Bartek, or to Anna by 1; 2 calls back."""
    keys: dict[str, Destination] = {"1": ToAccount("101"), "#": ToMenu("powitanie")}
    service = Queue(7, "serwis", agents=AGENTS, overflow=ToExtension("22"), keys=keys, call_back="2", announce_every=30)
    return replace(service, **changes)


RETURNS = Queue(8, "zwroty", agents=(Agent(EWA),), greeting=HELLO, music=MUSIC, called=CALLED, overflow=ToQueue("serwis"))


def company(is_open: bool = True, extensions: dict[str, Destination] | None = None, **settings) -> Directory:
    """The directory; further ``extensions`` and other settings of the tenant as wanted."""
    directory = office()
    acme, leads = directory.tenants[1], LEADS | (extensions or {})
    led = {number: Extension(number, NAMES.get(number, ""), to) for number, to in leads.items()}
    days = frozenset(range(7)) if is_open else frozenset()
    acme = replace(
        acme,
        extensions={**acme.extensions, **led},
        cities={number: City(number, "Centrala" if number == MAIN else "Infolinia", to) for number, to in CITIES.items()},
        menus={"powitanie": menu()},
        queues={"serwis": queue(), "zwroty": RETURNS},
        messages={"zamknięte": Message("zamknięte", CLOSED)},
        schedules={"biuro": Schedule("biuro", days, 0, 24 * 60)},
        main_number=MAIN,
    )
    trunks = Trunk("pstn", "trunk-1"), Trunk("spare", "trunk-2", 1, passes_original=True)
    return replace(directory, tenants={**directory.tenants, 1: replace(acme, **settings)}, trunks=trunks)


def outside_talks(**settings) -> Story:
    """Somebody outside has called the main number and talks to Bartek."""
    return Story(company(**settings)).comes_in("outside", MAIN, CALLER).talk("outside", "bartek")


def sent(story: Story, number: str) -> Story:
    """Bartek sends him on."""
    return story.presses("bartek", "#", *number)


def fails(story: Story, *results: Outcome) -> Story:
    """One after another, nobody takes him."""
    for result in results:
        story.waits("outside", result)
    return story
