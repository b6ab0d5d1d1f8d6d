"""The world outside: an operator with a trunk to us, another one in reserve, telephones with ears behind the first, and a
company that both lead to.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from freeswitch.console import ask
from tests.contract.addresses import displayed, header
from tests.contract.people import Device, Person
from tests.contract.phone import Line, Place, wait_until
from tests.contract.ports import Block
from tests.contract.product import TESTER, Product
from tests.contract.roster import Member
from tests.contract.worlds import Reserve

COMPANY = "Delta"
MAIN, OLAS, SALES, MENU, FORWARDED, CLOSED = (f"+4822100000{digit}" for digit in range(1, 7))
OLA = Member("ola", "Ola Żak", "21", "400101", 520, "s3cret-Ola")
PIOTR = Member("piotr", "Piotr", "22", "400102", 740, "s3cret-Piotr")
RAFAL = Member("rafal", "Rafał", "23", "400103", 980, "s3cret-Rafal")
MOBILE = Member("mobile", "", "+48600100200", "+48600100200", 1180, "")
STRANGER = Member("stranger", "", "+48500600700", "+48500600700", 1420, "")
DISPATCHER = Member("dispatcher", "", "112", "112", MOBILE.tone, "")

FILE = """
trunks:
  - {{name: pstn, proxy: "127.0.0.1:{mobile}"}}
  - {{name: reserve, proxy: "{reserve}"}}
tenants:
  - name: Delta
    language: pl
    main_number: "+48221000001"
    settings: {{ring_seconds: 5, digit_timeout: 2}}
    accounts:
      - {{login: "400101", name: Ola Żak, password: s3cret-Ola, presents: "+48221000002"}}
      - {{login: "400102", name: Piotr, password: s3cret-Piotr}}
      - {{login: "400103", name: Rafał, password: s3cret-Rafal}}
    cities:
      - {{number: "+48221000001", name: Recepcja, to: {{account: "400102"}}}}
      - {{number: "+48221000002", name: Ola, to: {{account: "400101"}}}}
      - {{number: "+48221000003", name: Sprzedaż, to: {{extension: "24"}}}}
      - {{number: "+48221000004", name: Menu, to: {{ivr: powitanie}}}}
      - {{number: "+48221000005", name: Komórka, to: {{external: "+48600100200"}}}}
      - {{number: "+48221000006", name: Nieczynne, to: {{message: zamkniete}}}}
    menus:
      - name: powitanie
        say: Proszę wybrać numer.
        keys: {{"1": {{account: "400101"}}, "2": {{external: "+48600100200"}}, "3": {{message: zamkniete}}}}
        dial_internal: true
        no_choice: {{repeat: 1, then: {{hangup: normal}}}}
        wrong_choice: {{repeat: 2, then: {{hangup: busy}}}}
    messages:
      - {{name: zamkniete, say: Biuro jest nieczynne.}}
      - {{name: pozniej, say: Nikt teraz nie może rozmawiać.}}
    extensions:
      - {{number: "21", name: Ola Żak, to: {{account: "400101"}}}}
      - {{number: "22", name: Piotr, to: {{account: "400102"}}}}
      - {{number: "23", name: Rafał, to: {{account: "400103"}}}}
      - number: "24"
        name: Sprzedaż
        to: {{ring: {{accounts: ["400102", "400103"], order: together, seconds: 4, busy: {{extension: "21"}},
             no_answer: {{message: pozniej}}, unavailable: {{external: "+48600100200"}}}}}}
      - {{number: "25", name: Po kolei, to: {{ring: {{accounts: ["400102", "400103"], order: in-order, seconds: 2}}}}}}
      - {{number: "30", name: Komórka szefa, to: {{external: "+48600100200"}}}}
      - {{number: "40", name: Miejski, to: {{city: "+48221000001"}}}}
      - {{number: "41", name: Menu, to: {{ivr: powitanie}}}}
"""


class Town:
    """Everybody who is not in the company. ``reserve`` refuses every call unless told otherwise."""

    def __init__(self, pbx: Product, company: str, devices: Mapping[Member, Device], reserve: Reserve) -> None:
        self.pbx, self.reserve, self._company = pbx, reserve, company
        people = (Person(member, devices[member], "pl", pbx.prompt) for member in (MOBILE, STRANGER, DISPATCHER))
        self.mobile, self.stranger, self.dispatcher = people

    def open_company(self) -> None:
        """The company and its trunks are as in the exchange file, whatever a story has changed."""
        with self.pbx.office() as services:
            services.exchange.import_text(self._company, TESTER)
            self.pbx.learn(COMPANY, next(row.id for row in services.tenants.list() if row.name == COMPANY))

    def quiet(self) -> None:
        """Nobody has a call."""
        for person in (self.mobile, self.stranger, self.dispatcher):
            person.puts_down()
            wait_until(person.is_free, 5, "the call is over")
        self.reserve.behaviour = 503

    def message(self, name: str, folder: Path) -> Path:
        """A recording of the company's, as a file: a message's, or a menu's greeting."""
        with self.pbx.office() as services:
            tenant = self.pbx.tenant(COMPANY)
            kept = {message.name: message.sound for message in services.messages.list(tenant)}
            kept |= {menu.settings.name: menu.greeting for menu in services.menus.list(tenant)}
            file = folder / "sounds" / f"{kept[name].id}-{kept[name].version}.wav"
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(services.sounds.listen(tenant, kept[name].id))
        return file


@contextmanager
def town(pbx: Product, folder: Path) -> Iterator[Town]:
    """The company is there and its trunks are up."""
    if not shutil.which("espeak-ng"):
        pytest.skip("no `espeak-ng` on PATH: nobody speaks the company's messages")
    block, world, proxy = Block(), pbx.world, f"127.0.0.1:{pbx.settings.trunk_port}"

    def line(member: Member) -> Line:
        return Line(member.number, "", "127.0.0.1", proxy)

    def place(member: Member) -> Place:
        return Place(member.name, folder, block.take(4), block.take(12), 12, member.tone)

    spot = place(MOBILE)
    mobile, stranger = world.telephone(line(MOBILE), spot), world.telephone(line(STRANGER), place(STRANGER))
    dispatcher = world.dispatcher(mobile, line(DISPATCHER), place(DISPATCHER))
    reserve = world.reserve(pbx.settings, mobile)
    company = FILE.format(mobile=spot.sip_port, reserve=reserve.proxy)
    everybody = Town(pbx, company, {MOBILE: mobile, STRANGER: stranger, DISPATCHER: dispatcher}, reserve)
    try:
        everybody.open_company()
        proxies = f"127.0.0.1:{spot.sip_port}", reserve.proxy
        wait_until(lambda: _trunks_are_up(pbx, proxies), 20, "both trunks are up")
        yield everybody
    finally:
        reserve.close()
        for device in {mobile, stranger, dispatcher}:
            device.stop()
        block.close()


def _trunks_are_up(pbx: Product, proxies: Sequence[str]) -> bool:
    """By the word of the panel and of the switch: at first the panel knows of an earlier town's, of the same names."""
    status = ask(pbx.settings.switches[0], "sofia xmlstatus gateway")
    with pbx.office() as services:
        up = all(trunk.up for trunk in services.trunks.list())
    return up and all(f"sip:{proxy}<" in status for proxy in proxies)


class Staff:
    """The company's people; a phone is switched on when a story first names its owner."""

    def __init__(self, switched_on: Callable[[Member], Person]) -> None:
        self._switched_on = switched_on
        self._here: dict[str, Person] = {}

    def __call__(self, member: Member) -> Person:
        """The member, with a registered phone."""
        if member.name not in self._here:
            self._here[member.name] = self._switched_on(member)
            self._here[member.name].device.register()
        return self._here[member.name]

    def go_home(self) -> None:
        """Their phones are switched off."""
        for person in self._here.values():
            person.device.stop()


@contextmanager
def workplace(pbx: Product, folder: Path) -> Iterator[Staff]:
    """The company's rooms; nobody is there yet."""
    block = Block()

    def switched_on(member: Member) -> Person:
        place = Place(member.name, folder, block.take(4), block.take(12), 12, member.tone)
        return Person(member, pbx.world.phone(pbx.line(member), place, None), "pl", pbx.prompt)

    everybody = Staff(switched_on)
    try:
        yield everybody
    finally:
        everybody.go_home()
        block.close()


def shown(invite: str, name: str) -> str:
    """The number in an address of an INVITE, empty where there is no such header."""
    value = header(invite, name)
    return displayed(value)[0] if value else ""
