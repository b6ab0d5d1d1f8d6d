"""Queues: their settings, what leads to them and where they lead, and what is heard there."""

from dataclasses import replace

import pytest

from app.core.destinations import ToAccount, ToExtension, ToExternal, ToHangUp, ToMenu, ToQueue, ToRing
from app.core.directory import Choice, Sound
from app.core.queues import Agent, Queue, Strategy
from app.services.audio import Recorded, Spoken
from app.services.errors import Use
from app.services.menus import MenuSettings
from app.services.queue_settings import QueueSettings
from app.services.queue_sounds import SILENCE
from app.store import snapshot
from app.store.models import Destination, QueueAgent
from app.store.models import Sound as StoredSound
from tests.services.waves import wave_file

OUTSIDE = "+48600100200"
MUSIC = Recorded("song.wav", wave_file(2.0))


@pytest.fixture
def settings(anna) -> QueueSettings:
    """A queue with everything that needs no recording."""
    return QueueSettings(
        "Serwis",
        Strategy.IN_ORDER,
        (anna.phone, ToExternal("600 100 200")),
        **{"ring": 15, "retry": 3, "wrap_up": 0, "max_wait": None, "max_waiting": 7, "announce_every": 30},
        **{"overflow": ToExtension("21"), "no_agents": anna.phone, "full": ToHangUp(), "misses": 2, "miss_pause": 60},
        **{"keys": {"1": ToQueue("Serwis"), "*": ToExternal(OUTSIDE)}, "call_back": "2"},
    )


@pytest.fixture
def known(database, acme):
    """A queue of Acme's as the controller knows it."""
    return lambda name="Serwis": snapshot.read(database).tenants[acme.id].queues[name]


@pytest.fixture
def sounds(database):
    """How many recordings are kept."""

    def count() -> int:
        with database.reading():
            return StoredSound.select().count()

    return count


def test_queue_reaches_the_controller(pbx, ola, acme, zenit, anna, settings, told, espeak, known, database, changes):
    made = pbx.queues.create(ola, acme.id, replace(settings, announce_agent=True), told, MUSIC)
    assert made == pbx.queues.get(acme.id, made.id) == pbx.queues.list(acme.id)[0]
    assert made.settings == replace(settings, announce_agent=True, agents=(anna.phone, ToExternal(OUTSIDE)))
    queue = known()
    assert (queue.id, queue.agents) == (made.id, (Agent(anna.login), Agent(number=OUTSIDE)))
    assert queue.greeting == Sound(made.greeting.id, made.greeting.version, 0.5)
    assert queue.music == Sound(made.music.id, made.music.version, 2.0)
    assert queue.called.seconds == 0.6, "the name, six letters, spoken"
    assert (queue.keys, queue.full) == (settings.keys, ToHangUp())
    assert snapshot.read(database).tenants[zenit.id].queues == {}
    assert changes()[-1] == ("Ola", "queue-created", "Serwis")


def test_queue_of_a_name_alone_is_as_the_core_has_it(pbx, ola, acme, known):
    made = pbx.queues.create(ola, acme.id, QueueSettings("  Sprzedaż "))
    assert known("Sprzedaż") == Queue(made.id, "Sprzedaż")


def test_change_leaves_nothing_of_what_was(pbx, ola, acme, anna, bartek, settings, told, known, sounds, database, changes):
    made = pbx.queues.create(ola, acme.id, settings, told, MUSIC)
    new = QueueSettings("Pomoc", agents=(bartek.phone,), max_wait=None, keys={"5": ToQueue("Pomoc")})
    changed = pbx.queues.change(ola, acme.id, made.id, new, greeting=SILENCE, music=SILENCE)
    assert (changed.settings, changed.greeting, changed.music) == (new, None, None)
    assert known("Pomoc") == Queue(made.id, "Pomoc", agents=(Agent(bartek.login),), max_wait=None, keys={"5": ToQueue("Pomoc")})
    with database.reading():
        assert Destination.select().where(Destination.of_queue == made.id).count() == 1
        assert QueueAgent.select().count() == 1
    assert sounds() == 0
    assert changes()[-1] == ("Ola", "queue-changed", "Pomoc")


def test_recordings_stay_unless_another_is_given(pbx, ola, acme, settings, told, known, sounds):
    made = pbx.queues.create(ola, acme.id, settings, told, MUSIC)
    same = pbx.queues.change(ola, acme.id, made.id, settings)
    assert (same.greeting, same.music) == (made.greeting, made.music)
    louder = pbx.queues.change(ola, acme.id, made.id, settings, music=Recorded("new.wav", wave_file(3.0)))
    assert (louder.greeting, louder.music.id, louder.music.seconds) == (made.greeting, made.music.id, 3.0)
    assert sounds() == 2


def test_name_for_agents_is_spoken_anew_only_when_it_changes(pbx, ola, acme, settings, espeak, known, sounds):
    loud = replace(settings, announce_agent=True, keys={})
    made = pbx.queues.create(ola, acme.id, loud)
    first = known().called
    pbx.queues.change(ola, acme.id, made.id, replace(loud, ring=20))
    assert known().called == first
    pbx.queues.change(ola, acme.id, made.id, replace(loud, name="Pomoc"))
    assert (known("Pomoc").called.id, known("Pomoc").called.seconds) == (first.id, 0.5)
    pbx.tenants.change(ola, acme.id, language="en")
    pbx.queues.change(ola, acme.id, made.id, replace(loud, name="Pomoc"))
    heard = (espeak.parent / "heard").read_text().splitlines()
    assert ["en-us+f2" in line for line in heard] == [False, False, True]
    pbx.queues.change(ola, acme.id, made.id, settings)
    assert (known().called, sounds()) == (None, 0)


def test_everything_wrong_is_said_at_once(pbx, ola, acme, anna, zofia, refused):
    pbx.cities.create(ola, acme.id, "221234567", "Główny", anna.phone)
    bad = QueueSettings(
        "",
        agents=(anna.phone, zofia.phone, ToExternal("12"), ToExternal("+48 22 123 45 67"), ToAccount(anna.login)),
        **{"ring": 4, "retry": 0, "wrap_up": -1, "max_wait": 9, "max_waiting": 0, "announce_every": 14},
        **{"misses": -1, "miss_pause": 9, "keys": {"11": ToHangUp(), "1": ToQueue("x")}, "call_back": "1"},
        overflow=ToExtension("99"),
    )
    with refused(
        ("name-missing", "name"),
        ("ring-seconds-range", "ring"),
        ("retry-range", "retry"),
        ("wrap-up-range", "wrap_up"),
        ("max-wait-range", "max_wait"),
        ("max-waiting-range", "max_waiting"),
        ("announce-every-range", "announce_every"),
        ("misses-range", "misses"),
        ("miss-pause-range", "miss_pause"),
        ("key-unknown", "keys.11"),
        ("key-twice", "call_back"),
        ("account-unknown", "agents.1"),
        ("telephone-format", "agents.2"),
        ("agent-own-number", "agents.3"),
        ("agent-twice", "agents.4"),
        ("number-unknown", "overflow.extension"),
        ("queue-unknown", "keys.1.queue"),
    ):
        pbx.queues.create(ola, acme.id, bad)
    assert pbx.queues.list(acme.id) == []


def test_agent_outside_stands_there_once_however_it_is_written(pbx, ola, acme, refused):
    twice = QueueSettings("Serwis", agents=(ToExternal("600 100 200"), ToExternal(OUTSIDE)))
    with refused(("agent-twice", "agents.1")):
        pbx.queues.create(ola, acme.id, twice)


def test_queue_has_only_so_many_agents(pbx, ola, acme, refused):
    crowd = tuple(ToExternal(f"+4860010{number:04}") for number in range(101))
    with refused(("agents-too-many", "agents")):
        pbx.queues.create(ola, acme.id, QueueSettings("Serwis", agents=crowd))
    assert len(pbx.queues.create(ola, acme.id, QueueSettings("Serwis", agents=crowd[:100])).settings.agents) == 100


@pytest.mark.parametrize("key", ["", "1"])
def test_key_to_be_called_back_is_none_or_one_that_is_free(pbx, ola, acme, key):
    made = pbx.queues.create(ola, acme.id, QueueSettings("Serwis", keys={"2": ToHangUp()}, call_back=key))
    assert made.settings.call_back == key


def test_bad_recording_is_said_at_its_field(pbx, ola, acme, refused, monkeypatch, tmp_path):
    broken = Recorded("x.wav", b"nothing")
    with refused(("sound-unreadable", "music.file")):
        pbx.queues.create(ola, acme.id, QueueSettings("Serwis"), music=broken)
    with refused(("text-missing", "greeting.text")):
        pbx.queues.create(ola, acme.id, QueueSettings("Serwis"), greeting=Spoken(" "))
    monkeypatch.setenv("PATH", str(tmp_path))
    with refused(("speech-missing", "announce_agent")):
        pbx.queues.create(ola, acme.id, QueueSettings("Serwis", announce_agent=True))
    with refused(("name-missing", "name")):
        pbx.queues.create(ola, acme.id, QueueSettings("", announce_agent=True))


def test_name_is_given_once(pbx, ola, acme, zenit, settings, refused):
    made = pbx.queues.create(ola, acme.id, settings)
    with refused(("name-taken", "name")):
        pbx.queues.create(ola, acme.id, QueueSettings("SERWIS"))
    assert pbx.queues.create(ola, zenit.id, QueueSettings("Serwis"))
    assert pbx.queues.change(ola, acme.id, made.id, replace(settings, name="SERWIS", keys={}))


def test_renamed_queue_knows_itself_by_its_new_name_only(pbx, ola, acme, settings, refused):
    made = pbx.queues.create(ola, acme.id, settings)
    with refused(("queue-unknown", "keys.1.queue")):
        pbx.queues.change(ola, acme.id, made.id, replace(settings, name="Pomoc"))
    renamed = replace(settings, name="Pomoc", keys={"1": ToQueue("Pomoc")})
    assert pbx.queues.change(ola, acme.id, made.id, renamed).settings.keys == {"1": ToQueue("Pomoc")}


@pytest.mark.parametrize("branch", ["overflow", "no_agents", "full"])
def test_circle_is_refused_and_a_key_makes_none(pbx, ola, acme, refused, branch):
    first = pbx.queues.create(ola, acme.id, QueueSettings("A", keys={"1": ToQueue("A")}))
    pbx.queues.create(ola, acme.id, QueueSettings("B", **{branch: ToQueue("A")}))
    with refused(("destination-loop", "overflow")) as caught:
        pbx.queues.change(ola, acme.id, first.id, QueueSettings("A", overflow=ToQueue("B")))
    assert caught.value.params["path"] == "A → B → A"
    pbx.queues.change(ola, acme.id, first.id, QueueSettings("A", keys={"1": ToQueue("B")}))


def test_whatever_leads_to_a_queue_is_named_and_led_elsewhere(pbx, ola, acme, anna, bartek, settings, told, refused, sounds):
    made = pbx.queues.create(ola, acme.id, settings, told)
    pbx.numbers.create(ola, acme.id, "201", "Serwis", ToQueue("Serwis"))
    pbx.numbers.create(ola, acme.id, "202", "Biuro", ToRing((bartek.login,), busy=ToQueue("Serwis")))
    pbx.cities.create(ola, acme.id, "221234567", "Główny", ToQueue("Serwis"))
    hang_up = Choice(1, ToHangUp())
    pbx.menus.create(ola, acme.id, MenuSettings("Hello", {"1": ToQueue("Serwis")}, hang_up, hang_up), told)
    other = pbx.queues.create(ola, acme.id, QueueSettings("Pomoc", full=ToQueue("Serwis")))
    pbx.tenants.change_settings(ola, acme.id, replace(pbx.tenants.settings(acme.id), transfer_fallback=ToQueue("Serwis")))
    users = pbx.queues.used_by(acme.id, made.id)
    assert [(use.kind, use.number or use.name) for use in users] == [
        ("extension", "201"),
        ("extension", "202"),
        ("city", "+48221234567"),
        ("menu", "Hello"),
        ("queue", "Pomoc"),
        ("fallback", ""),
    ]
    with refused(("in-use", "replace_with")):
        pbx.queues.delete(ola, acme.id, made.id)
    with refused(("replacement-is-itself", "replace_with")):
        pbx.queues.delete(ola, acme.id, made.id, ToQueue("Serwis"))
    pbx.queues.delete(ola, acme.id, made.id, anna.phone)
    assert [queue.settings for queue in pbx.queues.list(acme.id)] == [QueueSettings("Pomoc", full=anna.phone)]
    assert pbx.queues.used_by(acme.id, other.id) == []
    assert sounds() == 1, "the menu's"


def test_agents_account_is_deleted_with_somebody_in_its_place(pbx, ola, acme, anna, bartek, known, refused):
    pbx.numbers.delete(ola, acme.id, anna.extension.id)
    for name, agents in (("A", (anna.phone, bartek.phone)), ("B", (bartek.phone, anna.phone)), ("C", (anna.phone,))):
        pbx.queues.create(ola, acme.id, QueueSettings(name, agents=agents))
    assert [use.name for use in pbx.accounts.used_by(acme.id, anna.account.id)] == ["A", "B", "C"]
    with refused(("in-use", "replace_with")):
        pbx.accounts.delete(ola, acme.id, anna.account.id)
    with refused(("replacement-not-agent", "replace_with")):
        pbx.accounts.delete(ola, acme.id, anna.account.id, ToHangUp())
    pbx.accounts.delete(ola, acme.id, anna.account.id, bartek.phone)
    assert [known(name).agents for name in "ABC"] == [(Agent(bartek.login),)] * 3


def test_telephone_outside_may_take_an_agents_place(pbx, ola, acme, anna, bartek, known):
    pbx.queues.create(ola, acme.id, QueueSettings("A", agents=(anna.phone, bartek.phone)))
    pbx.accounts.delete(ola, acme.id, anna.account.id, ToExternal("600 100 200"))
    assert known("A").agents == (Agent(number=OUTSIDE), Agent(bartek.login))


def test_agent_who_also_leads_there_is_named_once(pbx, ola, acme, anna):
    made = pbx.queues.create(ola, acme.id, QueueSettings("A", agents=(anna.phone,), overflow=anna.phone))
    pbx.numbers.delete(ola, acme.id, anna.extension.id)
    assert pbx.accounts.used_by(acme.id, anna.account.id) == [Use("queue", "A", id=made.id)]


def test_menu_a_queue_leads_to_is_held(pbx, ola, acme, told, refused):
    hang_up = Choice(1, ToHangUp())
    menu = pbx.menus.create(ola, acme.id, MenuSettings("Hello", {"1": ToHangUp()}, hang_up, hang_up), told)
    pbx.queues.create(ola, acme.id, QueueSettings("A", no_agents=ToMenu("Hello")))
    with refused(("in-use", "replace_with")):
        pbx.menus.delete(ola, acme.id, menu.id)
