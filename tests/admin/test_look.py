"""Whoever sees little can read it: contrast of every pair of colours that is used (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).parent.parent.parent / "admin" / "static" / "base.css").read_text()
LIGHT, DARK = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", part)) for part in SHEET.split("prefers-color-scheme: dark"))
TEXTS = [
    *((ink, ground) for ink in ("ink", "ink-soft") for ground in ("ground", "surface", "sunken")),
    *(("ink", ground) for ground in ("accent-soft", "good-soft", "busy-soft", "bad-soft")),
    *(("accent", ground) for ground in ("ground", "surface", "sunken")),
    *(("accent-strong", ground) for ground in ("ground", "surface", "accent-soft")),
    *((state, ground) for state in ("good", "busy", "bad") for ground in ("ground", "surface", "sunken", f"{state}-soft")),
    ("bad", "accent-soft"),  # an error in the row that is being edited
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-bad", "bad"),
]
EDGES = [("line-strong", "surface"), ("accent", "ground"), ("bad", "surface")]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_can_be_read(colours, text, ground):
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_fields_and_focus_can_be_seen(colours, edge, ground):
    assert contrast(colours[edge], colours[ground]) >= 3


def test_both_schemes_name_the_same_colours():
    assert set(LIGHT) == set(DARK)
