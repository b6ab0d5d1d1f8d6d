"""Random stories on a real FreeSWITCH: five phones call, press keys, hang up and pick up as chance has it.

``python -m tests.contract.random_stories 100 [SEED]`` tells a hundred of them. Whatever people did, in the end no channel is
left, every call has exactly one record, and nobody who dialled was dropped without being told why.
"""

import random
import sys
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.core.actions import Prompt
from app.core.outcome import Outcome
from app.core.record import Record
from freeswitch.console import ask
from tests.contract.ears import Ear, NotHeardError
from tests.contract.people import SOUNDS, Device, People, Person, Program
from tests.contract.phone import NothingHappenedError, PhoneError, PhoneGoneError, Place, wait_until
from tests.contract.ports import Block
from tests.contract.product import Product
from tests.contract.roster import GAMMA, Member
from tests.contract.worlds import RealWorld

DEEDS = 20
TRIES = 3  # of a story, should a telephone break
PAUSES = (0.02, 0.1, 0.2, 0.4)  # seconds between two deeds
AUTHENTICATED = 0.15  # seconds after which a call that was dialled is surely known
RUNG = 0.5  # share of the deeds, while a phone rings, that are done by somebody whose phone rings: else few calls get far
BUSY = 0.7  # share of the others that are done by somebody who has a call already
BEHIND = 0.1  # seconds: the switch dates a call by a clock that it looks at now and then
EMPTY_SECONDS = 20.0  # longer than any guard
EXPLAINED = 1.0  # seconds: that somebody puts down explains what happens to others so soon after it
DIALLED = 3.5  # seconds: keys explain what happens to whoever pressed them until the time for digits is over, and a moment more
SPOKEN = 8.0  # seconds before the end in which a reason must have been spoken
NUMBERS = ("20", "21", "22", "23", "201") * 3 + ("77",)
PICKUPS = ("*8112", "*822", "*823", "*877")
KEYS = ("#", "**", "*", "2", "#22", "#23", "#201", "**21", "**23", "**22", "**201", "#20#", "##", "*#9")


class StoryError(AssertionError):
    """A story ended badly; the text tells all of it."""


@dataclass
class Actor:
    """A person who does anything."""

    person: Person
    calls: dict[str, str] = field(default_factory=dict)  # call -> dialling, ringing or talking
    own: dict[str, str] = field(default_factory=dict)  # call -> the number that was dialled
    ended: dict[str, float] = field(default_factory=dict)  # calls, but those that only rang, that others ended, and when

    def look(self) -> None:
        """Take notice of what has happened."""
        device = self.person.device
        for event, state in (("ringing", "ringing"), ("answered", "talking")):
            while device.has(event):
                self.calls[device.wait(event)["call"]] = state
        while device.has("ended"):
            end = device.wait("ended")
            only_rang = self.calls.pop(end["call"], None) == "ringing"
            if end["by"] == "them" and not only_rang:
                self.ended[end["call"]] = end["at"]

    def acts(self, chance: random.Random) -> str:
        """Do something; returns what."""
        if not self.calls:
            number = chance.choice(NUMBERS + PICKUPS)
            call = self.person.dial(number)
            self.calls[call], self.own[call] = "dialling", number
            time.sleep(AUTHENTICATED)
            return f"dials {number}"
        self.person.call = call = chance.choice(sorted(self.calls))
        if self.calls[call] == "talking" and chance.random() < 0.8:
            keys = chance.choice(KEYS)
            self.person.presses(keys, chance.choice(("rfc2833", "info")))
            return f"presses {keys} in call {call}"
        if self.calls[call] == "ringing" and chance.random() < 0.8:
            self.person.picks_up()
            return f"answers call {call}"
        if self.calls[call] == "ringing":
            self.person.is_busy()
            return f"refuses call {call}"
        if self.calls[call] == "dialling" and chance.random() < 0.7:
            return f"waits in call {call}"
        self.person.hangs_up()
        return f"hangs up call {call}"


class Story:
    """One story, told from its seed."""

    def __init__(self, product: Product, people: list[Person], seed: int) -> None:
        self._product, self._chance, self._seed = product, random.Random(seed), seed
        self._actors = [Actor(person) for person in people]
        self._deeds: list[tuple[float, Actor, str]] = []
        self._since = time.time() - BEHIND

    def tell(self) -> None:
        """Raises StoryError."""
        for _ in range(DEEDS):
            self._something_happens()
            time.sleep(self._chance.choice(PAUSES))
        self._everybody_goes()
        problems = [*self._log_is_complete(), *self._nobody_was_dropped()]
        if problems:
            self._fail(*problems)

    def _something_happens(self) -> None:
        for actor in self._actors:
            actor.look()
        actor = self._chance.choice(self._somebody())
        with suppress(PhoneError):  # the call ended at this moment
            self._note(actor, actor.acts(self._chance))

    def _somebody(self) -> list[Actor]:
        """Those of whom one does the next deed."""
        rung = [actor for actor in self._actors if "ringing" in actor.calls.values()]
        busy = [actor for actor in self._actors if actor.calls]
        for some, share in ((rung, RUNG), (busy, BUSY)):
            if some and self._chance.random() < share:
                return some
        return self._actors

    def _note(self, actor: Actor, deed: str) -> None:
        self._deeds.append((time.time(), actor, deed))

    def _everybody_goes(self) -> None:
        def is_empty() -> bool:
            for actor in self._actors:
                actor.person.puts_down()
            return self._channels().startswith("0 total")

        for actor in self._actors:
            self._note(actor, "puts down")
        try:
            wait_until(is_empty, EMPTY_SECONDS, "no channel is left")
        except AssertionError:
            self._fail(f"left: {ask(self._product.settings.switches[0], 'show channels')}")
        for actor in self._actors:
            wait_until(actor.person.is_free, 2, "the phone is free")
            actor.look()

    def _channels(self) -> str:
        return ask(self._product.settings.switches[0], "show channels count").strip()

    def _log_is_complete(self) -> list[str]:
        """One record per call, with an end and a reason."""
        dialled = sorted(
            (actor.person.login, number) for actor in self._actors for number in actor.own.values() if number not in PICKUPS
        )
        wait_until(lambda: all(row.ended for row in self._log()), 5, "every record has its end")
        rows = sorted((row.caller_login, row.dialled) for row in self._log())
        wrong = [] if rows == dialled else [f"dialled {dialled}, written down {rows}"]
        return wrong + [f"{row} was lost" for row in self._log() if row.outcome in (None, Outcome.FAILED)]

    def _log(self) -> list[Record]:
        return self._product.log_since(self._since, GAMMA.name)

    def _nobody_was_dropped(self) -> list[str]:
        return [
            f"{actor.person.shown} was dropped from call {call} at {at - self._since:.2f}"
            for actor in self._actors
            for call, at in actor.ended.items()
            if not self._is_explained(actor, at) and not is_told(actor.person, call)
        ]

    def _is_explained(self, actor: Actor, at: float) -> bool:
        """Somebody put down, or dropped with `*` whom he had asked; or whoever was freed has sent the other on by his keys."""
        before = [(at - moment, who, deed) for moment, who, deed in self._deeds if moment < at + 0.2]
        left = ("hangs up", "puts down", "presses *")
        return any(ago < EXPLAINED and deed.startswith(left) for ago, _, deed in before) or any(
            ago < DIALLED and who is actor and deed.startswith("presses") for ago, who, deed in before
        )

    def _fail(self, *problems: str) -> None:
        told = [f"{at - self._since:6.2f} {actor.person.shown} {deed}" for at, actor, deed in self._deeds]
        rows = [str(row) for row in self._log()]
        raise StoryError("\n".join([f"seed {self._seed}:", *told, *rows, *problems]))


def is_told(person: Person, call: str) -> bool:
    """Whether the person has heard any reason at the end of that call."""
    try:
        ear = person.device.ear(call)
    except NothingHappenedError:  # not a sound
        return False
    assert isinstance(ear, Ear)
    ear = replace(ear, since=max(0.0, ear.recording.seconds() - SPOKEN))
    for prompt in Prompt:
        with suppress(NotHeardError):
            ear.hears_prompt(SOUNDS / GAMMA.language / f"{prompt.value}.wav", within=0)
            return True
    return False


def tell(product: Product, people: list[Person], seed: int) -> None:
    """One story. Raises StoryError."""
    Story(product, people, seed).tell()


class Office:
    """The people of the stories, and their telephones.

    PJSIP 2.15.1 aborts once in a hundred stories, where a call ends while its last digit is being sent (two threads erase it,
    ``stream.c`` create_dtmf_payload). Such a story is told again with new telephones, and says so.
    """

    def __init__(self, product: Product, folder: Path) -> None:
        self._product, self._folder, self._phones = product, folder, Block()
        self._enter()

    def _enter(self) -> None:
        self._everybody = People(self._switched_on, self._product.prompt)
        self._people = [self._everybody.person(member.name) for member in GAMMA.members]

    def _switched_on(self, member: Member, device: str, program: Program) -> Device:
        place = Place(member.name, self._folder, self._phones.take(4), self._phones.take(12), 12, member.tone)
        return self._product.world.phone(self._product.line(member), place, program)

    def tell(self, seed: int) -> None:
        """One story. Raises StoryError, and PhoneGoneError if telephones break again and again."""
        for _ in range(TRIES):
            try:
                return tell(self._product, self._people, seed)
            except PhoneGoneError as broken:
                print(f"seed {seed}: told again, since {broken}", flush=True)
                self.close()
                ask(self._product.settings.switches[0], "hupall")  # a broken telephone has ended nothing
                self._phones = Block()
                self._enter()
        raise PhoneGoneError(f"seed {seed}: in {TRIES} attempts a telephone broke each time")

    def close(self) -> None:
        """Everybody's telephone is switched off."""
        self._everybody.go_home()
        self._phones.close()


def main() -> int:
    """Tell as many as asked for; exit status 1 if one ended badly."""
    count, first = int(sys.argv[1]) if sys.argv[1:] else 100, int(sys.argv[2]) if sys.argv[2:] else 1
    if RealWorld.missing:
        sys.exit(RealWorld.missing)
    folder, block = Path(tempfile.mkdtemp(prefix="centralka-stories-")), Block()
    product = Product(folder / "var", block, RealWorld())
    try:
        product.start()
        with closing(Office(product, folder)) as office:
            bad = sum(not _ends_well(office, seed) for seed in range(first, first + count))
    finally:
        product.stop()
        block.close()
    print(f"{count} stories, {bad} ended badly; {folder}")
    return 1 if bad else 0


def _ends_well(office: Office, seed: int) -> bool:
    try:
        office.tell(seed)
    except StoryError as error:
        print(error, flush=True)
        return False
    print(f"seed {seed} ended well", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
