"""What is played to people: all there, in both languages, and as loud as a telephone wants it."""

import array
import math
import re
import statistics
import wave
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from app.core.actions import Prompt, SayWait
from freeswitch.waiting import STEPS, say_wait

SOUNDS = Path(__file__).parent.parent.parent / "freeswitch" / "sounds"
SENTENCES = yaml.safe_load((SOUNDS / "prompts.yaml").read_text(encoding="utf-8"))
TRANSFERS = {"transfer-failed", "nothing-to-pick-up", "picked-up-by"}
PROMPTS = sorted({prompt.value for prompt in Prompt} | TRANSFERS)
DIGITS = [f"digit-{digit}" for digit in range(10)]
WAITS = [f"wait-{minutes}" for minutes in STEPS]
LANGUAGES = ("pl", "en")
EVERY_PROMPT = [(prompt, language) for prompt in (*PROMPTS, *WAITS) for language in LANGUAGES]
EVERY_DIGIT = [(digit, language) for digit in DIGITS for language in LANGUAGES]
EVERY = EVERY_PROMPT + EVERY_DIGIT
RATE = 8000


def samples(*path: str) -> Sequence[int]:
    with wave.open(str(SOUNDS.joinpath(*path).with_suffix(".wav"))) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        return array.array("h", file.readframes(file.getnframes()))


def decibels(value: float) -> float:
    """Below full scale."""
    return 20 * math.log10(value / 32768)


def loudness(sound: Sequence[int]) -> float:
    """The mean, in decibels below full scale."""
    return decibels(math.sqrt(sum(sample * sample for sample in sound) / len(sound)))


def test_there_is_a_sentence_for_every_prompt_and_digit_and_no_other() -> None:
    assert set(SENTENCES) == {*PROMPTS, *DIGITS, *WAITS}


@pytest.mark.parametrize(("prompt", "language"), EVERY_PROMPT)
def test_a_prompt_is_one_short_polite_sentence_or_two(prompt: str, language: str) -> None:
    sentence = SENTENCES[prompt][language]
    assert sentence.endswith(":" if prompt in ("picked-up-by", "place") else ".")
    assert 2 <= len(sentence.split()) <= 12


@pytest.mark.parametrize(("prompt", "language"), EVERY_PROMPT)
def test_a_prompt_takes_as_long_as_its_sentence(prompt: str, language: str) -> None:
    seconds = len(samples(language, prompt)) / RATE
    assert 1 < seconds < 8
    assert 0.04 < seconds / len(SENTENCES[prompt][language]) < 0.12


@pytest.mark.parametrize(("digit", "language"), EVERY_DIGIT)
def test_a_digit_is_one_word(digit: str, language: str) -> None:
    assert len(SENTENCES[digit][language].split()) == 1
    assert 0.5 < len(samples(language, digit)) / RATE < 1


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_what_is_said_is_loud_and_never_clipped(name: str, language: str) -> None:
    sound = samples(language, name)
    assert -23 < loudness(sound) < (-14 if name in DIGITS else -16)  # a single word has no pauses
    assert -4 < decibels(max(map(abs, sound))) < -1


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_what_is_said_begins_at_once_and_ends_soon(name: str, language: str) -> None:
    heard = [index for index, sample in enumerate(samples(language, name)) if abs(sample) > 600]
    assert heard[0] / RATE < 0.4
    assert (len(samples(language, name)) - heard[-1]) / RATE < 0.6


def test_a_wait_is_told_alike_to_who_waits_and_to_his_agent() -> None:
    """The macros of the switch count in the same steps."""
    phrases = ElementTree.parse(SOUNDS.parent / "conf" / "phrases.xml")  # noqa: S314 - our own file
    inputs = [
        (re.compile(each.attrib["pattern"]), each.find("match/action").attrib["data"])  # type: ignore[union-attr]
        for each in phrases.findall(".//macro[@name='waited']/input")
    ]
    for minutes in range(150):
        ((found, data),) = [(found, data) for pattern, data in inputs if (found := pattern.match(f"pl {minutes}"))]
        file = data.replace("$1", found[1]).replace("$2", found[found.lastindex])
        assert say_wait(SayWait(minutes * 60, "pl")) == [("playback", file)]


def test_no_sound_file_is_without_a_source() -> None:
    files = {path.relative_to(SOUNDS).with_suffix("").as_posix() for path in SOUNDS.rglob("*.wav")}
    assert files == {f"{language}/{name}" for name, language in EVERY} | {"hold"}


def test_the_music_on_hold_is_long_enough_not_to_annoy_and_small_enough_to_ship() -> None:
    assert 25 < len(samples("hold")) / RATE < 35
    assert (SOUNDS / "hold.wav").stat().st_size < 600_000


def test_the_music_on_hold_is_softer_than_a_voice_and_never_silent() -> None:
    music = samples("hold")
    assert -18.5 < loudness(music) < -17.5
    assert decibels(max(map(abs, music))) < -3
    assert min(loudness(music[start : start + RATE // 2]) for start in range(0, len(music), RATE // 2)) > -26


def test_the_music_on_hold_goes_round_without_a_click() -> None:
    """At the seam the wave bends no more sharply than it mostly does: a click is a sudden change of direction."""
    music = samples("hold")
    steps = [after - before for before, after in pairwise([*music, *music[:2]])]
    bends = [abs(after - before) for before, after in pairwise(steps)]
    assert max(bends[-3:]) < 1.5 * statistics.median(bends)
