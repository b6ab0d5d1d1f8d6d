"""A call told as a sentence, with everything a transfer can make of it; and what goes on in it now.

Outcomes are given by value, as the call log holds them.
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import render_template_string
from flask_babel import force_locale

from admin import calls, words
from app.core.outcome import EndedBy, Limit, Outcome
from app.core.record import Part, Record, Stop, Visit

PANEL = Path("admin")
PEOPLE = {"21": "Anna", "22": "Bartek", "23": "Celina", "24": "Darek"}
TOLD = "{% from 'parts.html' import sentence, going_on with context %}{{ sentence(call) if call.ended else going_on(call) }}"


@pytest.fixture(params=["pl", "en"])
def language(request):
    return request.param


@pytest.fixture
def tell(app):
    """A call as a page shows it."""

    def tell(call, language="pl"):
        with app.test_request_context(), force_locale(language):
            return " ".join(
                BeautifulSoup(render_template_string(TOLD, call=call, now=100.0), "html.parser").get_text(" ").split()
            )

    return tell


def part(number, outcome, talked=None, began=0.0, ended=True):
    """A stretch with whoever has this number; ``talked`` in seconds, None for nobody answered."""
    answered = None if talked is None else began
    over = began + (talked or 5) if ended else None
    return Part(number, PEOPLE[number], f"1{number}", began, answered, over, outcome)


def living(number, answered=False, began=40.0):
    return part(number, None, 0 if answered else None, began, ended=False)


def call(*parts, ended=True, by=EndedBy.CALLER, caller="outside"):
    answered = next((part.answered for part in parts if part.answered is not None), None)
    outcome = Outcome.ANSWERED if answered is not None else parts[-1].outcome
    return Record("c", 1, "600100200", "", caller, "21", 0.0, answered, 300.0 if ended else None, outcome, by, parts)


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ([part("21", "answered", 40)], "21 Anna (0:40)"),
        (
            [
                *(part("21", "consulted", 40), part("22", "busy"), part("21", "transferred", 12)),
                part("23", "answered", 252),
            ],
            "21 Anna (0:40) → ** 22 Bartek : zajęte → powrót (0:12) → 23 Celina (4:12)",
        ),
        (
            [part("21", "consulted", 40), part("22", "answered", 20), part("21", "answered", 65)],
            "21 Anna (0:40) → ** 22 Bartek (0:20) → powrót (1:05)",
        ),
        ([part("21", "consulted", 40), part("22", "answered", 65)], "21 Anna (0:40) → ** 22 Bartek (1:05)"),
        (
            [part("21", "consulted", 40), part("22", "cancelled"), part("21", "answered", 1)],
            "21 Anna (0:40) → ** 22 Bartek : dzwoniący zrezygnował → powrót (0:01)",
        ),
        (
            [part("21", "transferred", 40), part("22", "no-answer"), part("21", "answered", 9)],
            "21 Anna (0:40) → 22 Bartek : nie odebrano → powrót (0:09)",
        ),
        (
            [part("21", "transferred", 40), part("22", "busy"), part("21", "no-answer"), part("23", "answered", 9)],
            "21 Anna (0:40) → 22 Bartek : zajęte → powrót : nie odebrano → zastępczo: 23 Celina (0:09)",
        ),
        ([part("21", "picked-up"), part("22", "answered", 65)], "21 Anna → przechwycenie: 22 Bartek (1:05)"),
        (
            [part("21", "consulted", 40), part("22", "picked-up"), part("23", "answered", 65)],
            "21 Anna (0:40) → ** 22 Bartek → przechwycenie: 23 Celina (1:05)",
        ),
        (
            [part("21", "transferred", 40), part("22", "transferred", 5), part("23", "busy"), part("22", "answered", 5)],
            "21 Anna (0:40) → 22 Bartek (0:05) → 23 Celina : zajęte → powrót (0:05)",
        ),
        ([part("21", Outcome.ELSEWHERE), part("22", "answered", 65)], "22 Bartek (1:05)"),
    ],
)
def test_whatever_a_transfer_makes_of_a_call_is_one_sentence(tell, parts, sentence):
    assert tell(call(*parts)) == f"600 100 200 → {sentence}"


def test_a_place_that_was_kept_for_somebody_reached_meanwhile_is_told(tell):
    kept = call(Part("30", "Serwis", "", 0.0, None, 65.0, Outcome.ELSEWHERE))
    kept = replace(kept, visits=(Visit(7, "Serwis", 0, Outcome.ELSEWHERE),))
    assert tell(kept) == "600 100 200 → kolejka 30 Serwis (1:05) : udało się porozmawiać w innym połączeniu"


def stop(began=0.0):
    """A limit has stopped a call abroad."""
    return Part("+49301234567", "", "", began, None, began, Outcome.OVER_LIMIT, Stop(Limit.COUNTRY, "121"))


ABROAD = "+49 30 1234567 : zatrzymane przez limit"


@pytest.mark.parametrize("caller", ["", "outside"])
@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ([stop()], ABROAD),
        ([part("21", "busy"), stop()], f"21 Anna : zajęte → {ABROAD}"),
        (
            [part("21", "consulted", 40), stop(), part("21", "answered", 65)],
            f"21 Anna (0:40) → ** {ABROAD} → powrót (1:05)",
        ),
        (
            [part("21", "transferred", 40), stop(), part("21", "transferred", 5), part("22", "answered", 65)],
            f"21 Anna (0:40) → {ABROAD} → powrót (0:05) → 22 Bartek (1:05)",
        ),
        (
            [part("21", "transferred", 40), part("22", "busy"), stop()],
            f"21 Anna (0:40) → 22 Bartek : zajęte → zastępczo: {ABROAD}",
        ),
    ],
)
def test_what_a_limit_has_stopped_is_said(tell, parts, sentence, caller):
    assert tell(call(*parts, caller=caller)) == f"600 100 200 → {sentence}"


def test_caller_from_outside_who_is_sent_outside_does_not_come_back(tell):
    mobile = Part("+48600300400", "", "", 40.0, 45.0, 60.0, Outcome.ANSWERED)
    sentence = "600 100 200 → 21 Anna (0:40) → 600 300 400 (0:15)"
    assert tell(call(part("21", "transferred", 40), mobile, caller="")) == sentence


def test_customer_who_was_called_back_is_whom_his_agent_talks_to_again(tell):
    customer = Part("+48600100200", "", "", 5.0, 5.0, 45.0, Outcome.CONSULTED)
    parts = (part("21", "busy"), customer, stop(45.0), replace(customer, answered=45.0, ended=50.0, outcome=Outcome.ANSWERED))
    assert tell(call(*parts, caller="")).endswith(f"→ 600 100 200 (0:40) → ** {ABROAD} → powrót (0:05)")


def test_whom_the_calling_side_asks_about_comes_back_to_it(tell):
    """Where callers have the keys too, the one who asks is the caller, whose part is nobody's."""
    parts = (part("21", "consulted", 40), part("22", "busy"), part("24", "answered", 5))
    assert tell(call(*parts, caller="124")).endswith("→ powrót (0:05)")


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([living("21")], "dzwoni 1:00"),
        ([living("21", answered=True)], "rozmawia 1:00"),
        ([part("21", "consulted", 40), living("22")], "konsultacja: dzwoni 22 Bartek; druga strona czeka i słucha muzyki 1:00"),
        (
            [part("21", "consulted", 40), living("22", answered=True)],
            "konsultacja: 22 Bartek; druga strona czeka i słucha muzyki 1:00",
        ),
        (
            [part("21", "consulted", 40), part("22", "picked-up"), living("23", answered=True)],
            "konsultacja: 23 Celina; druga strona czeka i słucha muzyki 1:00",
        ),
        ([part("21", "transferred", 40), living("22")], "przekazywane, dzwoni 22 Bartek 1:00"),
        ([part("21", "transferred", 40), living("22", answered=True)], "rozmawia 1:00"),
        ([part("21", "transferred", 40), part("22", "busy"), living("21")], "wraca, dzwoni 21 Anna 1:00"),
        ([part("21", "consulted", 30), part("22", "busy", began=35)], "czeka, słucha muzyki 1:00"),
        ([part("21", "busy", began=35)], "słucha zapowiedzi 1:00"),
    ],
)
def test_what_goes_on_now_is_understandable(tell, parts, said):
    assert tell(call(*parts, ended=False, by=None)) == said


def test_whoever_asks_is_known_while_it_lasts():
    asking = call(part("21", "consulted", 40), living("22", answered=True), ended=False)
    assert calls.askers([asking]) == {"121", "outside"}
    assert (
        calls.askers([call(living("21"), ended=False), call(part("21", "consulted", 4), part("22", "busy"), ended=False)])
        == set()
    )
    assert calls.askers([Record("c", 1, "21", "", "x", "29", 0.0)]) == set()


def test_a_caller_left_with_nobody_is_said_to_be(app, language):
    parts = (part("21", "transferred", 40), part("22", "busy"), part("21", "no-answer"))
    with app.test_request_context(), force_locale(language):
        lost = calls.ending(call(*parts, by=EndedBy.SYSTEM))
        assert lost == {"pl": "na końcu nikt nie odebrał", "en": "nobody was left to talk to"}[language]
        assert calls.ending(call(*parts)) == {"pl": "rozłączył się dzwoniący", "en": "the caller hung up"}[language]
        assert calls.ending(call(part("21", "answered", 5), by=EndedBy.SYSTEM)) == ""


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_word_an_icon_and_a_colour(app, language, outcome):
    """An outcome the core learns must be given them here."""
    result = words.OUTCOMES[outcome]
    assert f"'{result.icon}': '<" in (PANEL / "templates" / "icons.html").read_text()
    assert not result.tone or re.search(rf"\.state\.{result.tone}\b", (PANEL / "static" / "parts.css").read_text())
    with app.test_request_context(), force_locale(language):
        assert str(result.word)


def test_the_words_differ(app, language):
    with app.test_request_context(), force_locale(language):
        said = [str(result.word) for result in words.OUTCOMES.values()]
    assert len(set(said)) == len(said)


def test_what_can_be_searched_for_is_an_outcome():
    assert set(words.OF_WHOLE_CALLS) <= set(Outcome) & set(words.OUTCOMES)
