"""What can be wrong with where an exchange file leads: each fault is named with its place, and nothing is changed."""

import pytest

from app.services.errors import DomainError
from tests.services.exchange_files import FULL

FAULTS = [
    ('proxy: "10.0.0.9"', "proxy: ''", "trunks[1].proxy (line 3): Where a trunk leads"),
    (
        "enabled: false}\n",
        'enabled: true}\n  - {name: third, proxy: "10.0.0.9:5080"}\n',
        "trunks[2].proxy (line 4): Calls from there belong to backup",
    ),
    ("name: backup", "name: PSTN", "trunks[1].name (line 3): PSTN stands in the file twice."),
    ('main_number: "22 123 45 67"', 'main_number: "600100200"', "tenants[0].main_number (line 6): There is no city number"),
    ('presents: "+48221234567"', 'presents: "1"', "tenants[0].accounts[1].presents (line 9): There is no city number 1."),
    ('number: "+48227654321"', 'number: "48"', "tenants[0].cities[1].number (line 12): A telephone number is written"),
    ('number: "+48227654321"', 'number: "0048221234567"', "tenants[0].cities[1].number (line 12): 0048221234567 stands"),
    ("{ivr: powitanie}}", "{ivr: x}}", "tenants[0].cities[0].to.ivr (line 11): There is no menu x."),
    ("{hangup: busy}", "{hangup: loudly}", "tenants[0].cities[1].to.hangup (line 12): must be one of normal, busy."),
    ("{hangup: busy}", "{queue: serwis}", "tenants[0].cities[1].to.queue (line 12): There is no queue serwis."),
    (
        "{hangup: busy}",
        '{hangup: busy, extension: "21"}',
        "tenants[0].cities[1].to (line 12): must name exactly",
    ),
    ('"1": {account: "100101"}', '"1": {queue: x}', "tenants[0].menus[0].keys.1.queue (line 16): There is no queue x."),
    ('"1": {account: "100101"}', '"x": {account: "100101"}', "tenants[0].menus[0].keys.x (line 16): x is no key"),
    ('"1": {account: "100101"}', '"1": {account: "9"}', "tenants[0].menus[0].keys.1.account (line 16): There is no account 9."),
    ("repeat: 3", "repeat: 99", "tenants[0].menus[0].no_choice.repeat (line 18): A greeting may be repeated 0 to 10 times."),
    ('say: "Witamy w firmie Acme"', "dial: x", "tenants[0].menus[0].dial (line 15): unknown key."),
    ('say: "Witamy w firmie Acme"', "{}", None),
    ('say: "Biuro jest nieczynne."', "say: ''", "tenants[0].messages[0].say (line 21): A text to be spoken is missing."),
    (', say: "Biuro jest nieczynne."', "", "tenants[0].messages[0] (line 21): must have either say or play."),
    (
        "days: [mon, fri, tue]",
        "days: [monday]",
        "tenants[0].schedules[0].days[0] (line 23): must be one of mon, tue, wed, thu, fri, sat, sun.",
    ),
    ("days: [mon, fri, tue]", "days: []", "tenants[0].schedules[0].days (line 23): It must be open on some day"),
    ('from: "08:00"', "from: 16:00", "tenants[0].schedules[0].from (line 23): must be text; put it in quotes."),
    ('from: "08:00"', 'from: "8"', "tenants[0].schedules[0].from (line 23): An hour is written from 00:00 to 24:00."),
    ("holidays: pl", "holidays: xx", "tenants[0].schedules[0].holidays (line 23): The public holidays of XX are not known."),
    ("[2026-12-24]", "[2026-13-24]", "tenants[0].schedules[0].closed_on (line 23): A day is written like 2026-12-24, not"),
    ("countries: [PL, de]", "countries: [XX]", "tenants[0].settings.limits.countries (line 26): There is no country XX"),
    ("longest_call: 1}", "longest_call: 0}", "tenants[0].settings.limits.longest_call (line 26): A call to outside may be"),
    (
        'accounts: ["100102"], seconds',
        "accounts: [], seconds",
        "tenants[0].settings.transfer_fallback.ring.accounts (line 25)",
    ),
    ("seconds: 25", "seconds: 0", "tenants[0].extensions[1].to.ring.seconds (line 29): A phone rings for 1 to 120 seconds."),
    (
        "order: in-order",
        "order: random",
        "tenants[0].extensions[1].to.ring.order (line 29): must be one of together, in-order.",
    ),
    ("600 100 200", "112", "tenants[0].extensions[1].to.ring.unavailable.external (line 30): A telephone number is"),
    ("busy: {message: zamkniete}", "busy: {queue: x}", "tenants[0].extensions[1].to.ring.busy.queue (line 30): There is no"),
    ("agents: [{account:", "agents: [{ivr: x, account:", "tenants[0].queues[0].agents[0].ivr (line 34): unknown key."),
    (
        '[{account: "100102"}, {ext',
        '[{account: "100109"}, {ext',
        "tenants[0].queues[0].agents[0] (line 34): There is no account",
    ),
    ('[{account: "100102"}, {ext', '[{account: "100102", ext', None),
    (
        'external: "600 100 200"}], over',
        'external: "12"}], over',
        "tenants[0].queues[0].agents[1] (line 34): A telephone number is",
    ),
    (
        "strategy: in-order",
        "strategy: first",
        "tenants[0].queues[1].strategy (line 36): must be one of all, in-order, longest-idle, least-talk, random.",
    ),
    ("max_wait: null", "max_wait: 5", "tenants[0].queues[1].max_wait (line 38): The longest wait is 10 to 7200 seconds."),
    ("full: {queue: Serwis}", "full: {queue: x}", "tenants[0].queues[1].full.queue (line 39): There is no queue x."),
    ("full: {queue: Serwis}", "full: {queue: Sprzedaż}", "tenants[0].queues[1] (line 35): A caller would go round in a circle"),
    ('say: "Proszę czekać"', 'say: ""', "tenants[0].queues[1].greeting.say (line 40): A text to be spoken is missing."),
    ('call_back: "2"', 'call_back: "1"', "tenants[0].queues[1].call_back (line 43): The key 1 does something else already."),
    ("name: Sprzedaż", "name: SERWIS", "tenants[0].queues[1].name (line 35): SERWIS stands in the file twice."),
    ("schedule: biuro", "schedule: x", "tenants[0].extensions[3].to.hours.schedule (line 32): There are no opening hours"),
    (
        'open: {extension: "21"}, ',
        "",
        "tenants[0].extensions[3].to.hours.open (line 32): missing.",
    ),
    (
        '{account: "100101"}}\n',
        '{extension: "41"}}\n',
        "tenants[0].extensions[0].to (line 28): A caller would go round",
    ),
    (
        'repeat: 3, then: {extension: "21"}',
        'repeat: 3, then: {extension: "40"}',
        "tenants[0].extensions[2].to (line 31): A caller would",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), FAULTS)
def test_fault_is_named_with_its_place_and_changes_nothing(load, state, old, new, said):
    assert old in FULL
    before = state()
    with pytest.raises(DomainError) as caught:
        load(FULL.replace(old, new, 1))
    assert said is None or any(line.startswith(said) for line in str(caught.value).splitlines()), str(caught.value)
    assert state() == before


def test_installation_without_a_voice_names_what_it_cannot_speak(pbx, ola, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DomainError) as caught:
        pbx.exchange.import_text(FULL, ola)
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == [
        "tenants[0].menus[0].say (line 15)",
        "tenants[0].messages[0].say (line 21)",
        "tenants[0].queues[1].greeting.say (line 40)",
        "tenants[0].queues[1].announce_agent (line 41)",
    ]
    assert pbx.tenants.list() == []


def test_file_has_only_so_many_recordings(load):
    messages = ", ".join(f"{{name: m{number}, say: x}}" for number in range(501))
    with pytest.raises(DomainError, match="500 recordings at most"):
        load(f"tenants: [{{name: A, messages: [{messages}]}}]")
