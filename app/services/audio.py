"""Recordings for callers: somebody's WAV or MP3, or a text that the machine speaks, made as the switch plays them."""

import hashlib
import io
import re
import shutil
import subprocess
import unicodedata
import wave
from dataclasses import dataclass, field
from pathlib import PurePosixPath, PureWindowsPath
from typing import TypeAlias

import gevent
import miniaudio

from app.services import rules
from app.services.errors import DomainError

RATE = 8000  # samples a second, of 16 bits: what a telephone carries (G.711), so the switch need not convert it in a call
LARGEST_FILE = 10_000_000
LONGEST_SECONDS = 600
LONGEST_TEXT = 2000
SPEAKING_SECONDS = 60  # so long the machine may take to speak; the longest text takes it about two

VOICES = {"pl": "pl+f2", "en": "en-us+f2"}
PACE = ("-s", "140", "-g", "2")  # words a minute, and 20 ms between words: as the prompts of freeswitch/sounds/speak.py

_PHONEMES = re.compile(r"\[\[|\]\]")  # espeak-ng takes what stands between these for phonemes


@dataclass(frozen=True)
class Spoken:
    """A text to be spoken in the tenant's language."""

    text: str


@dataclass(frozen=True)
class Recorded:
    """A WAV or MP3 file, and what it was called where it came from."""

    file: str
    content: bytes = field(repr=False)


Recording: TypeAlias = Spoken | Recorded


@dataclass(frozen=True)
class Audio:
    """A recording as the switch plays it: a WAV file of 8000 Hz, one channel, 16 bits; with what it was made of."""

    content: bytes = field(repr=False)
    seconds: float
    text: str = ""
    language: str = ""
    file: str = ""

    @property
    def version(self) -> str:
        """What tells its content from any other."""
        return hashlib.sha256(self.content).hexdigest()[:16]


def make(recording: Recording, language: str) -> Audio:
    """The recording as it is kept. Takes up to seconds, so it is made before a transaction. Raises DomainError."""
    if isinstance(recording, Recorded):
        return Audio(*convert(recording.content), file=file_name(recording.file))
    text = tidy_text(recording.text)
    if wrong := text_problem(text):
        raise wrong
    return Audio(*convert(speak(text, language)), text=text, language=language)


def tidy_text(text: str) -> str:
    """A text to speak as it is stored; lines are of no meaning."""
    return rules.tidy(text)


def text_problem(text: str) -> DomainError | None:
    """What is wrong with a tidy text to speak."""
    if not text:
        return DomainError("text-missing", "text")
    if len(text) > LONGEST_TEXT:
        return DomainError("text-too-long", "text", limit=LONGEST_TEXT)
    return DomainError("text-characters", "text") if any(unicodedata.category(c)[0] == "C" for c in text) else None


def file_name(name: str) -> str:
    """The last part of a path of any system, in characters that can be shown."""
    last = PurePosixPath(PureWindowsPath(name).name).name
    shown = "".join(character for character in last if unicodedata.category(character)[0] != "C")
    return rules.tidy(shown)[-rules.NAME_LIMIT :] or "recording"


def convert(content: bytes) -> tuple[bytes, float]:
    """WAV, MP3, FLAC or Ogg Vorbis -> WAV as the switch plays it, and its length in seconds. Raises DomainError."""
    if len(content) > LARGEST_FILE:
        raise DomainError("sound-too-big", "file", limit=LARGEST_FILE // 1_000_000)
    samples = bytearray()
    try:
        # In pieces of a second, so that a file which claims to be endless is cut off and not believed.
        stream = miniaudio.stream_memory(content, miniaudio.SampleFormat.SIGNED16, 1, RATE, frames_to_read=RATE)
        for piece in stream:
            gevent.sleep(0)  # a song takes a second: whoever else is served meanwhile is served now
            samples += piece.tobytes()
            if len(samples) > LONGEST_SECONDS * RATE * 2:
                raise DomainError("sound-too-long", "file", limit=LONGEST_SECONDS // 60)
    except miniaudio.MiniaudioError:
        raise DomainError("sound-unreadable", "file") from None
    if not samples:
        raise DomainError("sound-unreadable", "file")
    return _wav(bytes(samples)), round(len(samples) / 2 / RATE, 2)


def speak(text: str, language: str) -> bytes:
    """The text as a WAV file, by espeak-ng, which hears it on its standard input. Raises DomainError."""
    program = shutil.which("espeak-ng")
    if program is None:
        raise DomainError("speech-missing", "text")
    order = [program, "-v", VOICES[language], *PACE, "--stdin", "--stdout"]
    heard = _PHONEMES.sub(" ", text).encode()
    try:
        done = subprocess.run(order, input=heard, capture_output=True, timeout=SPEAKING_SECONDS, check=True)  # noqa: S603
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired, OSError):
        raise DomainError("speech-failed", "text") from None
    return done.stdout


def _wav(samples: bytes) -> bytes:
    """A WAV file around the samples."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, 2, RATE, 0, "NONE", ""))
        writer.writeframes(samples)
    return file.getvalue()
