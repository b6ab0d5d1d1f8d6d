"""Messages, and what is heard of a recording."""

import ast
import io
import shutil
import wave

import pytest

from app.core.destinations import ToHangUp, ToMessage
from app.services import audio
from app.services.audio import Recorded, Spoken
from app.store import snapshot
from app.store.models import Sound
from tests.services.waves import MP3, wave_file


def test_message_reaches_the_controller_and_its_sound_the_switch(pbx, ola, acme, zenit, told, database, changes):
    message = pbx.messages.create(ola, acme.id, " Zamknięte ", told)
    tenants = snapshot.read(database).tenants
    assert tenants[zenit.id].messages == {}
    sound = tenants[acme.id].messages["Zamknięte"].sound
    assert (sound.id, sound.version, sound.seconds) == (message.sound.id, message.sound.version, 0.5)
    assert parameters(pbx.sounds.content(sound.id, sound.version)) == (1, 2, 8000, 4000)
    assert pbx.sounds.listen(acme.id, sound.id) == pbx.sounds.content(sound.id, sound.version)
    assert (message.sound.file, message.sound.text) == ("told.wav", "")
    assert changes()[-1] == ("Ola", "message-created", "Zamknięte")


def test_new_recording_has_a_new_version_and_the_old_is_gone(pbx, ola, acme, told, refused):
    message = pbx.messages.create(ola, acme.id, "Zamknięte", told)
    renamed = pbx.messages.change(ola, acme.id, message.id, name="Nieczynne")
    assert renamed.sound == message.sound
    changed = pbx.messages.change(ola, acme.id, message.id, recording=Recorded("new.wav", wave_file(1.0)))
    assert (changed.name, changed.sound.seconds, changed.sound.id) == ("Nieczynne", 1.0, message.sound.id)
    assert changed.sound.version != message.sound.version
    with refused("not-found"):
        pbx.sounds.content(message.sound.id, message.sound.version)


def test_text_is_spoken_in_the_language_of_the_tenant(pbx, ola, acme, espeak):
    message = pbx.messages.create(ola, acme.id, "Zamknięte", Spoken(" Biuro  jest\nnieczynne. "))
    assert (message.sound.text, message.sound.seconds) == ("Biuro jest nieczynne.", 2.1)
    pbx.tenants.change(ola, acme.id, language="en")
    pbx.messages.create(ola, acme.id, "Closed", Spoken("[[Closed]]"))
    heard = (espeak.parent / "heard").read_text().splitlines()
    assert [ast.literal_eval(line)[1] for line in heard] == ["pl+f2", "en-us+f2", "en-us+f2"]
    assert "[[" not in heard[2].partition("stdout")[2], "what a person types is text, not phonemes"


def test_text_never_reaches_a_command_line(pbx, ola, acme, espeak):
    pbx.messages.create(ola, acme.id, "Zamknięte", Spoken("--help; $(reboot)"))
    *order, text = ast.literal_eval((espeak.parent / "heard").read_text())
    assert text == "--help; $(reboot)"
    assert not any("reboot" in word for word in order)


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "text-missing"), (" \n", "text-missing"), ("x" * 2001, "text-too-long"), ("a\x07b", "text-characters")],
)
def test_text_must_be_one_that_can_be_spoken(pbx, ola, acme, espeak, refused, text, code):
    with refused((code, "text")):
        pbx.messages.create(ola, acme.id, "Zamknięte", Spoken(text))


def test_installation_that_cannot_speak_says_so(pbx, ola, acme, refused, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with refused(("speech-missing", "text")):
        pbx.messages.create(ola, acme.id, "Zamknięte", Spoken("Hello"))


def test_program_that_fails_is_named(pbx, ola, acme, espeak, refused):
    espeak.write_text("#!/bin/sh\nexit 1\n")
    with refused(("speech-failed", "text")):
        pbx.messages.create(ola, acme.id, "Zamknięte", Spoken("Hello"))


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_real_voice_can_be_heard(pbx, ola, acme):
    message = pbx.messages.create(ola, acme.id, "Zamknięte", Spoken("Biuro jest nieczynne."))
    with wave.open(io.BytesIO(pbx.sounds.listen(acme.id, message.sound.id))) as heard:
        samples = memoryview(heard.readframes(heard.getnframes())).cast("h")
    assert 1.0 < message.sound.seconds < 4.0
    assert max(samples) > 3000


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (44100, 2), (16000, 1), (11025, 2)])
def test_any_rate_and_number_of_channels_becomes_what_a_telephone_carries(rate, channels):
    content, seconds = audio.convert(wave_file(1.5, rate, channels))
    assert parameters(content)[:3] == (1, 2, 8000)
    assert seconds == pytest.approx(1.5, abs=0.01)


def test_mp3_is_taken_as_well():
    content, seconds = audio.convert(MP3)
    assert parameters(content)[:3] == (1, 2, 8000)
    assert 0.05 < seconds < 1


@pytest.mark.parametrize("content", [b"", b"hello", b"RIFF", wave_file(1)[:44], b"\xff\xfb\x90" * 3, b"%PDF-1.4" * 1000])
def test_what_is_no_recording_is_refused(pbx, ola, acme, refused, content):
    with refused(("sound-unreadable", "file")):
        pbx.messages.create(ola, acme.id, "Zamknięte", Recorded("x.wav", content))


def test_too_much_is_refused(monkeypatch, refused):
    with refused(("sound-too-big", "file")):
        audio.convert(bytes(audio.LARGEST_FILE + 1))
    monkeypatch.setattr(audio, "LONGEST_SECONDS", 60)
    with refused(("sound-too-long", "file")):
        audio.convert(wave_file(61))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\sounds\\hello.wav", "hello.wav"),
        ("../../etc/passwd", "passwd"),
        ("a\0b\n.mp3", "ab.mp3"),
        ("", "recording"),
        ("/", "recording"),
    ],
)
def test_name_of_a_file_is_only_a_name(given, kept):
    assert audio.file_name(given) == kept


def test_message_in_use_stays_or_is_replaced(pbx, ola, acme, told, refused, database):
    message = pbx.messages.create(ola, acme.id, "Zamknięte", told)
    fifty = pbx.numbers.create(ola, acme.id, "50", "Info", ToMessage("Zamknięte"))
    with refused(("in-use", "replace_with")) as caught:
        pbx.messages.delete(ola, acme.id, message.id)
    assert list(caught.value.users) == pbx.messages.used_by(acme.id, message.id)
    pbx.messages.delete(ola, acme.id, message.id, replace_with=ToHangUp())
    assert pbx.numbers.get(acme.id, fifty.id).to == ToHangUp()
    with database.reading():
        assert Sound.select().count() == 0


def test_name_is_given_once(pbx, ola, acme, zenit, told, refused):
    pbx.messages.create(ola, acme.id, "Zamknięte", told)
    with refused(("name-taken", "name")):
        pbx.messages.create(ola, acme.id, "ZAMKNIĘTE", told)
    assert pbx.messages.create(ola, zenit.id, "Zamknięte", told)


def parameters(content: bytes) -> tuple[int, int, int, int]:
    """Channels, bytes per sample, samples a second, samples."""
    with wave.open(io.BytesIO(content)) as file:
        return file.getparams()[:4]
