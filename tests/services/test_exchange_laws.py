"""Laws of import and export, over random companies."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.numbering import is_assignable
from app.services import audio
from tests.services.waves import wave_file

RANDOM = settings(max_examples=settings().max_examples // 4, suppress_health_check=[HealthCheck.function_scoped_fixture])

names = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp")), min_size=1, max_size=20
).filter(str.strip)
numbers = st.integers(10, 999).map(str).filter(is_assignable)
logins = st.from_regex(r"[a-z0-9][a-z0-9._-]{1,10}", fullmatch=True)
mobiles = st.integers(0, 99_999_999).map(lambda number: f"+485{number:08}")
hours = st.integers(0, 24 * 60 - 1).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
keys = st.sampled_from("0123456789*#")
hang_up = st.sampled_from([{"hangup": "normal"}, {"hangup": "busy"}])


def named(kind, values):
    return st.sampled_from(sorted(values)).map(lambda value: {kind: value}) if values else st.nothing()


@st.composite
def rings(draw, accounts, inner):
    chosen = draw(st.lists(st.sampled_from(sorted(accounts)), min_size=1, max_size=3, unique=True))
    plan = {"accounts": chosen, "order": draw(st.sampled_from(["together", "in-order"])), "seconds": draw(st.integers(1, 120))}
    conditions = st.sampled_from(["busy", "no_answer", "unavailable"])
    return {"ring": plan | draw(st.dictionaries(conditions, inner, max_size=3))}


def leads(accounts, schedules, messages, behind):
    """Destinations of any kind; numbers and menus only of those that come ``behind``, so that there is no circle."""
    leaves = st.one_of(
        hang_up,
        mobiles.map(lambda number: {"external": number}),
        named("account", accounts),
        named("message", messages),
        *(named(kind, values) for kind, values in behind.items()),
    )

    def inside(inner):
        choices = [rings(accounts, inner)] if accounts else []
        if schedules:
            by_hour = st.fixed_dictionaries({"schedule": st.sampled_from(sorted(schedules)), "open": inner, "closed": inner})
            choices.append(by_hour.map(lambda value: {"hours": value}))
        return st.one_of(leaves, *choices)

    return st.recursive(leaves, inside, max_leaves=4)


schedules = st.fixed_dictionaries(
    {
        "days": st.lists(st.sampled_from(["mon", "wed", "sun"]), min_size=1, unique=True),
        "from": hours,
        "to": hours,
    },
    optional={"holidays": st.sampled_from(["pl", "de"]), "closed_on": st.just(["2026-12-24"])},
)
numbers_of_a_queue = st.fixed_dictionaries(
    {},
    optional={
        "strategy": st.sampled_from(["all", "in-order", "longest-idle", "least-talk", "random"]),
        "ring": st.integers(5, 120),
        "wrap_up": st.integers(0, 3600),
        "max_wait": st.none() | st.integers(10, 7200),
        "max_waiting": st.none() | st.integers(1, 1000),
        "announce_every": st.just(0) | st.integers(15, 600),
        "misses": st.integers(0, 100),
        "greeting": st.sampled_from([{"say": "Hello"}, {"say": "Cześć"}]),
        "announce_agent": st.booleans(),
        "call_back": st.sampled_from(["", "7"]),
    },
)
limits = st.fixed_dictionaries(
    {},
    optional={
        "countries": st.lists(st.sampled_from(["PL", "DE", "US"]), unique=True),
        "premium": st.booleans(),
        "calls_at_once": st.none() | st.integers(0, 1000),
        "longest_call": st.none() | st.integers(1, 1440),
    },
)


@st.composite
def queues(draw, names_of_queues, accounts, anywhere, behind):
    """Queues that lead on to those before them, and by a key to any."""
    agents = [*({"account": login} for login in accounts), *({"external": f"+4850000000{digit}"} for digit in range(3))]
    return [
        {
            "name": name,
            "agents": draw(st.lists(st.sampled_from(agents), max_size=4, unique_by=str)),
            "keys": draw(st.dictionaries(st.sampled_from("123#"), anywhere, max_size=2)),
            **draw(
                st.dictionaries(st.sampled_from(["overflow", "no_agents", "full"]), behind(names_of_queues[:place]), max_size=2)
            ),
            **draw(numbers_of_a_queue),
        }
        for place, name in enumerate(names_of_queues)
    ]


@st.composite
def companies(draw, name=names):
    accounts = draw(st.dictionaries(logins, names, max_size=4))
    cities = draw(st.lists(st.integers(0, 9).map(lambda digit: f"+4822123456{digit}"), max_size=3, unique=True))
    waiting = draw(st.lists(st.sampled_from(["k", "Ł"]), max_size=2, unique=True))
    spoken = [draw(st.lists(st.sampled_from(["a", "b", "Ż"]), max_size=2, unique=True)) for _ in "mm"]
    opening = draw(st.dictionaries(st.sampled_from(["c", "d"]), schedules, max_size=2))
    given_numbers = draw(st.lists(numbers, max_size=4, unique=True))
    known = (accounts, opening, spoken[0])

    def one(behind):
        return draw(leads(*known, behind))

    anything = {"ivr": spoken[1], "extension": given_numbers, "city": cities, "queue": waiting}
    menus = [
        {
            "name": menu,
            "say": draw(st.sampled_from(["Hello", "Cześć"])),
            "keys": {key: one(anything) for key in draw(st.sets(keys, max_size=3))},
            "dial_internal": True,
            "no_choice": {"repeat": draw(st.integers(0, 10)), "then": one({})},
            "wrong_choice": {"then": one({})},
        }
        for menu in spoken[1]
    ]
    settings_ = {"time_zone": draw(st.sampled_from(["Europe/Warsaw", "UTC"])), "limits": draw(limits)}
    if draw(st.booleans()):
        settings_["transfer_fallback"] = one(anything)
    return {
        "name": draw(name),
        "language": draw(st.sampled_from(["pl", "en"])),
        **({"main_number": draw(st.sampled_from(cities))} if cities and draw(st.booleans()) else {}),
        "settings": settings_,
        "accounts": [
            {"login": login, "name": called, "password": "s3cret-" + login}
            | ({"presents": draw(st.sampled_from(cities))} if cities and draw(st.booleans()) else {})
            for login, called in accounts.items()
        ],
        "cities": [{"number": city, "name": draw(names), "to": one({"ivr": spoken[1], "queue": waiting})} for city in cities],
        "messages": [{"name": message, "say": draw(st.sampled_from(["Hello", "Cześć"]))} for message in spoken[0]],
        "menus": menus,
        "queues": draw(queues(waiting, accounts, leads(*known, anything), lambda before: leads(*known, {"queue": before}))),
        "schedules": [{"name": schedule, **value} for schedule, value in opening.items()],
        "extensions": [
            {
                "number": number,
                "name": draw(names),
                "to": one({"ivr": spoken[1], "queue": waiting, "city": cities, "extension": given_numbers[:place]}),
            }
            for place, number in enumerate(given_numbers)
        ],
    }


@pytest.fixture
def put(pbx, ola, monkeypatch):
    """Import some companies, or begin again with them."""
    monkeypatch.setattr(audio, "speak", lambda text, language: wave_file(0.1 * len(text) + 0.1 * len(language)))

    def load(*tenants, anew=False):
        if anew:
            for row in pbx.tenants.list():
                pbx.tenants.delete(ola, row.id, row.name)
        return pbx.exchange.import_text(json.dumps({"tenants": list(tenants)}, ensure_ascii=False), ola)

    return load


@given(companies())
@RANDOM
def test_import_of_an_export_changes_nothing(pbx, ola, put, state, company):
    put(company, anew=True)
    exported, before = pbx.exchange.export(), state()
    pbx.exchange.import_text(exported, ola)
    assert pbx.exchange.export() == exported
    assert state() == before
    put(company)
    assert state() == before


@given(companies(st.just("Acme")), companies(st.just("Acme")))
@RANDOM
def test_what_was_there_before_leaves_no_trace(pbx, put, first, second):
    put(second, anew=True)
    wanted = pbx.exchange.export()
    put(first, anew=True)
    put(second)
    assert pbx.exchange.export() == wanted
    assert str(put(second)).startswith("Acme: unchanged")


@given(companies(st.just("Acme")))
@RANDOM
def test_nothing_is_left_of_a_deleted_company(pbx, put, state, company):
    put(anew=True)
    empty = {table: rows for table, rows in state().items() if table != "Change"}
    put(company)
    put(anew=True)
    assert {table: rows for table, rows in state().items() if table != "Change"} == empty
