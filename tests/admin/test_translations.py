"""Every sentence of the panel is there in Polish."""

import ast
import re

import pytest

from admin.problems import PROBLEMS
from app.services.errors import SENTENCES
from tests.admin import catalogue

POLISH = catalogue.polish()
SAID = [message for message in catalogue.said() if message.id]
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
WRAPPED = {"several", "file-value"}  # errors that only hold others


def known(message):
    return POLISH.get(message.id[0] if message.pluralizable else message.id)


def forms(string):
    return [string] if isinstance(string, str) else list(string)


def test_there_is_a_lot_to_say():
    assert len(SAID) > 250


@pytest.mark.parametrize("message", SAID, ids=lambda message: str(message.id)[:40])
def test_a_sentence_is_translated(message):
    translated = known(message)
    assert translated, f"missing: {message.id}; run python -m tests.admin.catalogue"
    assert all(forms(translated.string))
    assert "fuzzy" not in translated.flags
    for form in forms(translated.string):
        assert set(PLACEHOLDER.findall(form)) == set(PLACEHOLDER.findall(forms(message.id)[0]))


@pytest.mark.parametrize("path", sorted(catalogue.PANEL.rglob("*.py")), ids=lambda path: path.name)
def test_no_sentence_hides_in_an_f_string(path):
    """Babel does not look for sentences there before Python 3.12, so it would stay in English."""
    inside = (
        node
        for text in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(text, ast.JoinedStr)
        for node in ast.walk(text)
    )
    said = [node for node in inside if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    assert [node.func.id for node in said if node.func.id in catalogue.KEYWORDS] == []


def test_nothing_is_translated_that_nobody_says():
    said = {message.id for message in SAID}
    assert [message.id for message in POLISH if message.id and message.id not in said] == []


def test_plurals_have_the_three_polish_forms():
    assert all(len(message.string) == 3 for message in POLISH if message.id and message.pluralizable)


def test_every_problem_of_the_services_has_a_sentence():
    assert set(PROBLEMS) == set(SENTENCES) - WRAPPED
