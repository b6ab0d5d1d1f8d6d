"""The world of the stories: the whole product on a switch, and people with phones."""

import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from tests.contract.desk import Desk
from tests.contract.people import Device, People, Person, Program
from tests.contract.phone import Place
from tests.contract.ports import Block
from tests.contract.product import Product
from tests.contract.roster import MEMBERS, Member
from tests.contract.trunk_peer import OLA, PIOTR, RAFAL, Staff, Town, town, workplace
from tests.contract.worlds import BOTH, RealWorld, SimulatedWorld

TWICE = ("test_basic_calls.py",)
"""What is told in both worlds even where there is a real switch; there the simulator's other stories are left to make stories,
because a story takes as long in either world."""


WRITTEN_SECONDS = 0.2  # the call log is written a twentieth of a second late


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tell each story once where there is a real switch."""
    if RealWorld().missing:
        return
    for item in items:
        if item.path.parent == Path(__file__).parent and item.path.name not in TWICE and "[simulator" in item.name:
            item.add_marker(pytest.mark.long)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A story that failed shows what the controller wrote last."""
    report = yield
    product = getattr(item, "funcargs", {}).get("pbx")
    if report.failed and isinstance(product, Product):
        report.sections.append(("the controller", product.last_words()))
    return report


@pytest.fixture(scope="session", params=BOTH)
def pbx(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product, running; one per world for all stories, so a story asks only about its own calls."""
    block = Block()
    world = RealWorld() if request.param == "freeswitch" else SimulatedWorld(block.take())
    if world.missing:
        pytest.skip(world.missing)
    product = Product(tmp_path_factory.mktemp(request.param), block, world, legs=60)
    try:
        product.start()
        yield product
    finally:
        product.stop()
        block.close()


@pytest.fixture
def unwatched(pbx: Product) -> Iterator[Callable[[], None]]:
    """The controller is killed, after what it has to say stands in the log; the story starts it again, or this does."""

    def kill() -> None:
        time.sleep(WRITTEN_SECONDS)
        pbx.kill_worker()

    yield kill
    pbx.ensure_worker()


@pytest.fixture
def people(pbx: Product, tmp_path: Path) -> Iterator[People]:
    """Everybody; whoever a story names gets a phone that is gone when the story ends."""
    block = Block()

    def switched_on(member: Member, device: str, program: Program) -> Device:
        place = Place(member.name + device, tmp_path, block.take(4), block.take(12), 12, member.tone)
        return pbx.world.phone(pbx.line(member), place, program)

    everybody = People(switched_on, pbx.prompt)
    yield everybody
    everybody.go_home()
    block.close()


@pytest.fixture
def now() -> float:
    """When the story began; the call log is asked from then on."""
    return time.time()


@pytest.fixture
def worker_later(pbx: Product) -> Iterator[None]:
    """Whatever a story does to the controller and the panel, they run again for the next one."""
    yield
    pbx.ensure_worker()


def _person(name: str) -> object:
    @pytest.fixture(name=name)
    def person(people: People) -> Person:
        return people.person(name)

    person.__doc__ = f"{MEMBERS[name][0].shown} with a registered phone, number {MEMBERS[name][0].number}."
    return person


anna, bartek, celina, darek, ewa = (_person(name) for name in ("anna", "bartek", "celina", "darek", "ewa"))
greta, hugo, ines = (_person(name) for name in ("greta", "hugo", "ines"))
janek, kasia, lena, marek, nina = (_person(name) for name in ("janek", "kasia", "lena", "marek", "nina"))


@pytest.fixture
def called(pbx: Product, now: float, anna: Person, bartek: Person, celina: Person) -> Desk:
    """Anna has called Bartek, who transfers her to Celina."""
    return Desk(pbx, "Acme", anna, bartek, celina, now)


@pytest.fixture
def calling(pbx: Product, now: float, janek: Person, kasia: Person, lena: Person) -> Desk:
    """Janek has called Kasia, and transfers her to Lena: in his company the calling side has keys as well."""
    return Desk(pbx, "Gamma", kasia, janek, lena, now, transferor_dials=True)


@pytest.fixture
def english(pbx: Product, now: float, greta: Person, hugo: Person, ines: Person) -> Desk:
    """Greta has called Ines … in a third company."""
    return Desk(pbx, "Beta", greta, ines, hugo, now)


# --- the company with trunks, and the world outside


@pytest.fixture(scope="module")
def outside(pbx: Product, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The world outside, and a company that can be reached from there."""
    with town(pbx, tmp_path_factory.mktemp("town")) as place:
        yield place


@pytest.fixture
def staff(pbx: Product, outside: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """That company's people: whoever a story names gets a phone that is gone when the story ends. Nobody outside has a call."""
    outside.quiet()
    with workplace(pbx, tmp_path_factory.mktemp("staff")) as everybody:
        yield everybody


@pytest.fixture
def ola(staff: Staff) -> Person:
    """Ola, 21."""
    return staff(OLA)


@pytest.fixture
def piotr(staff: Staff) -> Person:
    """Piotr, 22."""
    return staff(PIOTR)


@pytest.fixture
def rafal(staff: Staff) -> Person:
    """Rafał, 23."""
    return staff(RAFAL)
