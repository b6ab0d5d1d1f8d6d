"""The phones and ears of the contract tests themselves: called from one to the other, without any switch between."""

import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pytest

from tests.contract import programs
from tests.contract.ears import Ear, NotHeardError, Recording
from tests.contract.phone import Line, NothingHappenedError, Phone, PhoneError, Place
from tests.contract.ports import Block
from tests.contract.wires import ProgramWire

Kind: TypeAlias = Callable[[], tuple[str, ...] | None]
RATE = 8000
KINDS = [
    pytest.param(programs.pjsip, id="pjsip", marks=pytest.mark.skipif(not programs.pjsip(), reason="pjsua2 is not installed")),
    pytest.param(programs.baresip, id="baresip", marks=pytest.mark.skipif(not programs.baresip(), reason="no baresip on PATH")),
]


@pytest.fixture
def pair(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Phone, Phone]]:
    """Two phones that send everything straight to each other: a PJSIP one or better, and one of the kind asked for."""
    block, phones = Block(), list[Phone]()
    places = [Place(name, tmp_path, block.take(4), block.take(20), 20, tone) for name, tone in (("anna", 500), ("bartek", 700))]
    for place, other, program in zip(places, reversed(places), (programs.any_phone, request.param), strict=True):
        line = Line(place.name, "unused", "127.0.0.1", f"127.0.0.1:{other.sip_port}")
        phones.append(Phone(ProgramWire(program(), tmp_path, place.name), line, place))
    for phone in phones:
        phone.is_ready()
    yield phones[0], phones[1]
    for phone in phones:
        phone.stop()
    block.close()


def connected(pair: tuple[Phone, Phone]) -> tuple[str, str]:
    """Anna calls, Bartek answers; what each calls the call."""
    anna, bartek = pair
    call = anna.dial("bartek")
    ringing = bartek.wait("ringing", number="anna")
    anna.wait("progress", code=180)
    bartek.order("answer", call=ringing["call"])
    anna.wait("answered", call=call)
    return call, ringing["call"]


@pytest.mark.parametrize("pair", KINDS, indirect=True)
def test_two_phones_hear_each_other_and_one_hangs_up(pair: tuple[Phone, Phone]) -> None:
    anna, bartek = pair
    annas, barteks = connected(pair)
    anna.ear(annas).hears_tone(bartek.tone)
    bartek.ear(barteks).hears_tone(anna.tone)
    with pytest.raises(NotHeardError, match="900 Hz"):
        anna.ear(annas).hears_tone(900, within=0.2)
    bartek.order("hangup", call=barteks)
    assert anna.wait("ended", call=annas)["by"] == "them"
    assert bartek.wait("ended", call=barteks)["by"] == "us"


@pytest.mark.parametrize("pair", KINDS, indirect=True)
def test_a_phone_that_refuses_is_busy(pair: tuple[Phone, Phone]) -> None:
    anna, bartek = pair
    call = anna.dial("bartek")
    bartek.order("hangup", call=bartek.wait("ringing")["call"], code=486)
    assert anna.wait("ended", call=call)["code"] == 486


@pytest.mark.parametrize("pair", KINDS, indirect=True)
def test_keys_arrive_one_by_one(pair: tuple[Phone, Phone]) -> None:
    anna, bartek = pair
    annas, barteks = connected(pair)
    anna.ear(annas).hears_tone(bartek.tone)
    bartek.order("press", call=barteks, digits="*22#", method="rfc2833")
    assert [anna.wait("digit", method="rfc2833")["digit"] for _ in "*22#"] == list("*22#")


@pytest.mark.parametrize("pair", KINDS, indirect=True)
def test_a_phone_ends_with_its_test(pair: tuple[Phone, Phone]) -> None:
    for phone in pair:
        phone.stop()
        with pytest.raises(PhoneError, match=phone.name):
            phone.order("register")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_left_of_a_phone_whose_test_is_gone(kind: Kind, tmp_path: Path) -> None:
    block = Block()
    wire = ProgramWire(kind() or (), tmp_path, "anna")
    place = Place("anna", tmp_path, block.take(4), block.take(20), 20, 500)
    Phone(wire, Line("anna", "unused", "127.0.0.1", "127.0.0.1:9"), place).is_ready()
    assert wire.lives()
    wire.stop()
    assert not wire.lives()
    block.close()


@pytest.mark.parametrize("pair", KINDS[:1], indirect=True)
def test_a_held_phone_hears_nothing_until_the_call_goes_on(pair: tuple[Phone, Phone]) -> None:
    anna, bartek = pair
    annas, barteks = connected(pair)
    bartek.order("hold", call=barteks)
    anna.ear(annas).hears_nothing()
    bartek.order("resume", call=barteks)
    anna.ear(annas).hears_tone(bartek.tone)


@pytest.mark.parametrize("pair", KINDS[:1], indirect=True)
def test_one_phone_leads_several_calls_and_tells_them_apart(pair: tuple[Phone, Phone]) -> None:
    anna, bartek = pair
    first, second = connected(pair), connected(pair)
    anna.order("hangup", call=first[0])
    bartek.wait("ended", call=first[1])
    assert not bartek.has("ended", call=second[1])
    bartek.ear(second[1]).hears_tone(anna.tone)


@pytest.mark.parametrize("pair", KINDS[:1], indirect=True)
def test_keys_sent_as_messages_arrive_too(pair: tuple[Phone, Phone]) -> None:
    anna, bartek = pair
    _, barteks = connected(pair)
    bartek.order("press", call=barteks, digits="5", method="info")
    assert anna.wait("digit")["digit"] == "5"


@pytest.mark.parametrize("pair", KINDS[:1], indirect=True)
def test_waiting_for_what_does_not_happen_says_what_did(pair: tuple[Phone, Phone]) -> None:
    anna, _ = pair
    anna.dial("bartek")
    with pytest.raises(NothingHappenedError, match=r"no «answered» within 0.3 s; left: .*progress call=1 code=180"):
        anna.wait("answered", within=0.3)


def written(path: Path, samples: np.ndarray, rate: int = RATE) -> Recording:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return Recording(path)


def through_g711(samples: np.ndarray) -> np.ndarray:
    """What A-law leaves of a sound (ITU-T G.711): thirteen segments, sixteen steps in each."""
    size = np.abs(samples) / 32768
    curve = np.where(size < 1 / 87.6, 87.6 * size, 1 + np.log(np.maximum(87.6 * size, 1))) / (1 + np.log(87.6))
    steps = np.round(curve * 128) / 128
    back = np.where(steps < 1 / (1 + np.log(87.6)), steps * (1 + np.log(87.6)), np.exp(steps * (1 + np.log(87.6)) - 1)) / 87.6
    return np.asarray(np.sign(samples) * back * 32768)


@pytest.fixture
def sentence() -> Callable[[int], np.ndarray]:
    """Something like speech, different for every seed: noise in syllables, with the rhythm of a voice."""

    def speak(seed: int) -> np.ndarray:
        random = np.random.default_rng(seed)
        syllables = np.repeat(random.uniform(0.1, 1.0, 20), RATE // 10)
        smooth = np.convolve(random.normal(0, 1, len(syllables)), np.ones(6) / 6, "same")
        return smooth * syllables * 6000

    return speak


def test_a_tone_is_known_by_its_frequency_even_under_a_voice(tmp_path: Path, sentence: Callable[[int], np.ndarray]) -> None:
    tone = 6000 * np.sin(2 * np.pi * 700 * np.arange(2 * RATE) / RATE)
    ear = Ear(written(tmp_path / "mixed.wav", through_g711(tone + sentence(1))), back=2)
    ear.hears_tone(700, lasting=1, within=0)
    with pytest.raises(NotHeardError):
        ear.hears_tone(800, within=0)
    with pytest.raises(NotHeardError):
        ear.never_hears_tone(700)
    ear.never_hears_tone(500)


def test_a_prompt_is_known_after_a_codec_a_lost_packet_and_another_rate(
    tmp_path: Path, sentence: Callable[[int], np.ndarray]
) -> None:
    written(tmp_path / "prompt.wav", np.interp(np.arange(4 * RATE) / 2, np.arange(2 * RATE), sentence(1)), 2 * RATE)
    heard = through_g711(np.concatenate([np.zeros(RATE // 3), 0.5 * sentence(1)]))
    heard = np.delete(heard, range(RATE, RATE + 160))
    ear = Ear(written(tmp_path / "heard.wav", heard))
    ear.hears_prompt(tmp_path / "prompt.wav", within=0)
    written(tmp_path / "another.wav", sentence(2))
    with pytest.raises(NotHeardError, match=r"no another\.wav"):
        ear.hears_prompt(tmp_path / "another.wav", within=0)


def test_half_a_prompt_is_not_the_prompt(tmp_path: Path, sentence: Callable[[int], np.ndarray]) -> None:
    written(tmp_path / "prompt.wav", sentence(1))
    ear = Ear(written(tmp_path / "heard.wav", sentence(1)[:RATE]))
    with pytest.raises(NotHeardError):
        ear.hears_prompt(tmp_path / "prompt.wav", within=0)
