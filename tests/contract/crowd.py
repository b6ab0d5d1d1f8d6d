"""Many people on few telephones: as many calls on each as it can have."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.contract import programs
from tests.contract.people import Device, Person
from tests.contract.phone import Place
from tests.contract.ports import Block, NoPortsError
from tests.contract.product import Product
from tests.contract.roster import Member
from tests.contract.worlds import RealWorld

CALLS_OF_A_PHONE = 4  # as many as pjsua2 has been built for (PJSUA_MAX_CALLS)
PORTS_OF_A_CALL = 2  # RTP and RTCP
PORTS_OF_A_PHONE = (CALLS_OF_A_PHONE + 2) * PORTS_OF_A_CALL  # PJSIP lets go of a call's some time after its end


class Crowd:
    """All of them call from the same account; a telephone is switched on when those before it are busy."""

    def __init__(self, product: Product, member: Member, folder: Path, language: str = "pl") -> None:
        self._product, self._member, self._folder, self._language = product, member, folder, language
        self._is_real = isinstance(product.world, RealWorld)
        self._lines = CALLS_OF_A_PHONE if self._is_real else 1
        self._blocks = [Block()]
        self._phones: list[tuple[Device, list[Person]]] = []

    def calls(self, number: str) -> Person:
        """One more calls, and has a line until he `leaves`.

        The simulator's phones must be registered to call, and an account may have five that are; so they sign off at once.
        """
        free = (phone for phone in self._phones if len(phone[1]) < self._lines)
        device, users = next(free, None) or self._another()
        person = Person(self._member, device, self._language, self._product.prompt)
        users.append(person)
        if self._is_real:
            person.dial(number)
        else:
            device.register()
            person.dial(number)
            device.unregister()
        return person

    def comes_early(self, many: int) -> None:
        """So many telephones are switched on beforehand: it takes a second each."""
        while len(self._phones) * self._lines < many:
            self._another()

    def leaves(self, person: Person) -> None:
        """His line is free for somebody else."""
        for _, users in self._phones:
            if person in users:
                users.remove(person)

    def go_home(self) -> None:
        """The telephones are switched off."""
        for device, _ in self._phones:
            device.stop()
        for block in self._blocks:
            block.close()

    def _another(self) -> tuple[Device, list[Person]]:
        ports = PORTS_OF_A_PHONE + PORTS_OF_A_CALL  # it takes the pair behind its range as well (pjsua_media.c)
        name = f"{self._member.name}{len(self._phones) + 1}"
        try:
            sip, rtp = self._blocks[-1].take(4), self._blocks[-1].take(ports)
        except NoPortsError:
            self._blocks.append(Block())
            sip, rtp = self._blocks[-1].take(4), self._blocks[-1].take(ports)
        place = Place(name, self._folder, sip, rtp, PORTS_OF_A_PHONE, self._member.tone)
        device = self._product.world.phone(self._product.line(self._member), place, programs.pjsip())
        self._phones.append((device, []))
        return self._phones[-1]


@contextmanager
def crowd(product: Product, member: Member, folder: Path) -> Iterator[Crowd]:
    """Nobody there yet."""
    if isinstance(product.world, RealWorld) and programs.pjsip() is None:
        pytest.skip("no pjsua2: a telephone must have several calls at once")
    everybody = Crowd(product, member, folder)
    try:
        yield everybody
    finally:
        everybody.go_home()
