"""Files with something wrong: every fault names its place and line, and nothing at all is changed."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services import exchange_text
from app.services.errors import DomainError
from app.store import models

GOOD = """tenants:
  - name: Acme
    accounts:
      - {login: "100101", password: "s3cret-A1", name: Anna}
      - {login: "100102", password: "s3cret-B2", name: Bartek}
    extensions:
      - {number: "21", name: Anna, to: {account: "100101"}}
      - {number: "22", name: Bartek, to: {account: "100102"}}
"""

FAULTS = [
    # what is replaced by what, and what is said
    ("tenants:\n", "trunks: 5\ntenants:\n", ["trunks (line 1): must be a list."]),
    ("    accounts:", "    queues: 5\n    accounts:", ["tenants[0].queues (line 3): must be a list."]),
    (
        "    accounts:",
        "    main_number: '+48'\n    accounts:",
        ["tenants[0].main_number (line 3): There is no city number +48."],
    ),
    (
        "name: Bartek}\n    ext",
        "name: Bartek, presents: '+48'}\n    ext",
        ["tenants[0].accounts[1].presents (line 5): There is no city number +48."],
    ),
    (
        "    accounts:",
        "    settings: {limits: {colour: red}, colour: red}\n    accounts:",
        [
            "tenants[0].settings.limits.colour (line 3): unknown key.",
            "tenants[0].settings.colour (line 3): unknown key.",
        ],
    ),
    (
        '{account: "100101"}',
        "{queue: serwis}",
        ["tenants[0].extensions[0].to.queue (line 7): There is no queue serwis."],
    ),
    ('{account: "100101"}', "{}", ["tenants[0].extensions[0].to (line 7): must name exactly one destination."]),
    ('{account: "100101"}', "{acount: x}", None),
    ("name: Acme", "nmae: Acme", ["tenants[0].name (line 2): missing.", "tenants[0].nmae (line 2): unknown key."]),
    ('number: "21"', "number: 21", ["tenants[0].extensions[0].number (line 7): must be text; put it in quotes."]),
    ('login: "100101"', "login: 0100101", ["tenants[0].accounts[0].login (line 4): must be text; put it in quotes."]),
    ("name: Acme", "name: [Acme]", ["tenants[0].name (line 2): must be text; put it in quotes."]),
    (
        'number: "22"',
        'number: "21"',
        ["tenants[0].extensions[1].number (line 8): 21 stands in the file twice."],
    ),
    (
        'login: "100102"',
        'login: "100101"',
        [
            "tenants[0].accounts[1].login (line 5): 100101 stands in the file twice.",
            "tenants[0].extensions[1].to.account (line 8): There is no account 100102.",
        ],
    ),
    (
        'number: "21"',
        'number: "112"',
        ["tenants[0].extensions[0].number (line 7): 112 is an emergency number and cannot be given to anybody."],
    ),
    ('number: "21"', 'number: "2100"', ["tenants[0].extensions[0].number (line 7): An internal number has 2 or 3 digits."]),
    ("name: Acme", "name: ' '", ["tenants[0].name (line 2): A name is missing."]),
    ("name: Acme", "name: Acme\n    language: de", ["tenants[0].language (line 3): The language must be one of pl, en."]),
    (
        "name: Acme",
        "name: Acme\n    settings: {time_zone: Mars}",
        ["tenants[0].settings.time_zone (line 3): There is no time zone called Mars."],
    ),
    (
        "name: Acme",
        "name: Acme\n    settings: {ring_seconds: 4, digit_timeout: 11}",
        [
            "tenants[0].settings.ring_seconds (line 3): A phone rings for 5 to 120 seconds.",
            "tenants[0].settings.digit_timeout (line 3): A further digit is waited for 1 to 10 seconds.",
        ],
    ),
    (
        "name: Acme",
        "name: Acme\n    settings: {digit_timeout: 2.5, keys_on_internal_calls: 1}",
        [
            "tenants[0].settings.digit_timeout (line 3): must be a whole number.",
            "tenants[0].settings.keys_on_internal_calls (line 3): must be true or false.",
        ],
    ),
    (
        "name: Acme",
        "name: Acme\n    settings: {transfer_fallback: {queue: serwis}}",
        ["tenants[0].settings.transfer_fallback.queue (line 3): There is no queue serwis."],
    ),
    (
        "name: Acme",
        'name: Acme\n    settings: {transfer_fallback: {extension: "21", account: "100101"}}',
        ["tenants[0].settings.transfer_fallback (line 3): must name exactly one destination."],
    ),
    (
        "name: Acme",
        "name: Acme\n    settings: {transfer_fallback: {}}",
        ["tenants[0].settings.transfer_fallback (line 3): must name exactly one destination."],
    ),
    (
        "name: Acme",
        'name: Acme\n    settings: {transfer_fallback: {extension: "23"}}',
        ["tenants[0].settings.transfer_fallback.extension (line 3): There is no internal number 23."],
    ),
    (
        "name: Acme",
        'name: Acme\n    settings: {transfer_fallback: {account: "100199"}}',
        ["tenants[0].settings.transfer_fallback.account (line 3): There is no account 100199."],
    ),
    ("s3cret-A1", "short", ["tenants[0].accounts[0].password (line 4): The password must have at least 8 characters."]),
    (', password: "s3cret-A1"', "", ["tenants[0].accounts[0].password (line 4): A new account needs a password."]),
    ("name: Anna}\n", "name: Anna, name: Ania}\n", ["tenants[0].accounts[0].name (line 4): this key stands there twice."]),
    ("name: Acme", "name: &a Acme\n    language: *a", ["line 3: references (& and *) are not accepted; write the value out."]),
    ("name: Acme", "name: !!python/name:os.system x", None),
    (
        "name: Acme",
        "name: !!binary QWNtZQ==",
        ["tenants[0].name (line 2): the tag tag:yaml.org,2002:binary is not accepted."],
    ),
    ("name: Acme", "<<: {name: Acme}", None),
    ("name: Acme", "21: Acme", ["tenants[0] (line 2): a key must be text; put it in quotes."]),
    ("    accounts:", "   accounts:", None),
    ("name: Acme", "name: Ac\x07me", None),
    ("tenants:\n", "--- \na: 1\n---\ntenants:\n", None),
]


@pytest.fixture
def rows(database):
    def read():
        tables = (models.Tenant, models.SipAccount, models.Extension, models.Change, models.Revision)
        with database.reading():
            return [list(table.select().dicts()) for table in tables]

    return read


@pytest.mark.parametrize(("old", "new", "said"), FAULTS)
def test_fault_is_named_with_its_place_and_changes_nothing(pbx, ola, zofia, rows, old, new, said):
    assert old in GOOD
    before = rows()
    with pytest.raises(DomainError) as caught:
        pbx.exchange.import_text(GOOD.replace(old, new, 1), ola)
    lines = str(caught.value).splitlines()
    assert said is None or lines == said
    assert all("line" in line or "file" in line for line in lines)
    assert rows() == before


def test_good_file_is_good(pbx, ola):
    assert str(pbx.exchange.import_text(GOOD, ola)).startswith("Acme: created")


def test_every_fault_of_a_file_is_named_at_once(pbx, ola, rows):
    with pytest.raises(DomainError) as caught:
        pbx.exchange.import_text(GOOD.replace("s3cret-A1", "short").replace('"21"', '"1"'), ola)
    assert [error.reason.code for error in caught.value.errors] == ["password-too-short", "number-format"]


def test_login_of_another_tenant_is_refused_and_nothing_changed(pbx, ola, zofia, rows):
    before = rows()
    with pytest.raises(DomainError) as caught:
        pbx.exchange.import_text(GOOD.replace("100102", zofia.login), ola)
    assert str(caught.value) == f"tenants[0].accounts[1].login (line 5): The login {zofia.login} is already in use."
    assert rows() == before


def test_last_tenant_of_a_file_can_spoil_the_first(pbx, ola, rows):
    before = rows()
    with pytest.raises(DomainError, match=r"tenants\[1\]\.name \(line 9\): ACME stands in the file twice"):
        pbx.exchange.import_text(GOOD + "  - name: ACME\n", ola)
    assert rows() == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file: must hold keys and values."),
        ("# nothing but a remark", "the file: must hold keys and values."),
        ("tenants", "the file (line 1): must hold keys and values."),
        ("[]", "the file (line 1): must hold keys and values."),
        ("tenants: 5", "tenants (line 1): must be a list."),
        ("tenants:", "tenants (line 1): must be a list."),
        ("tenants: [5]", "tenants[0] (line 1): must hold keys and values."),
        ("[" * 100_000, "line 1: nested too deeply."),
        ('{"tenants": [\t{"name": "A", "name": "B"}]}', "tenants[0].name (line 1): this key stands there twice."),
        ('{"a": "\\ud83d\\ude00", "a": 2}', "a: this key stands there twice."),
        (
            '{"tenants": [{"name": "\\ud83d"}]}',
            "line 1: not readable as YAML or JSON: found invalid Unicode character escape code",
        ),
        ("x" * (exchange_text.SIZE_LIMIT + 1), f"The file is larger than {exchange_text.SIZE_LIMIT} bytes."),
    ],
)
def test_hopeless_file_is_refused_in_one_line(pbx, ola, text, said):
    with pytest.raises(DomainError) as caught:
        pbx.exchange.import_text(text, ola)
    assert str(caught.value).splitlines()[0] == said


def test_billion_laughs_are_not_laughed(pbx, ola):
    laughs = "a: &a [x, x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20))
    with pytest.raises(DomainError, match="references"):
        pbx.exchange.import_text(laughs, ola)


def test_hopeless_file_has_twenty_faults_at_most(pbx, ola):
    with pytest.raises(DomainError) as caught:
        pbx.exchange.import_text("tenants: [" + "{}," * 500 + "]", ola)
    assert len(caught.value.errors) == exchange_text.SHOWN_PROBLEMS


@given(st.text())
def test_any_text_is_read_or_refused_in_words(text):
    with contextlib.suppress(DomainError):
        exchange_text.parse(text)
