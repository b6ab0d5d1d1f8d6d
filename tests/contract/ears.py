"""What a phone heard, read from the recording it is still writing: whose tone, which prompt, or nothing.

All judgements are shares and correlations, never levels alone, because between the mouth and the ear lie G.711, a jitter
buffer and sometimes a resampler, and all three leave frequencies and shapes alone.
"""

import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.float64]

FRAME = 0.05  # seconds: 20 Hz of resolution, far less than the distance between two people's tones
AUDIBLE = 150.0  # root mean square of 16-bit samples; G.711's idle noise is under 10
TONE_SHARE = 0.2  # of a frame's energy; a second voice or a prompt may be mixed in
STEADY = 0.8  # of a stretch's frames: a busy machine may lose a packet
CHUNK = 0.25  # seconds of a prompt that must be recognised as one piece
LIKENESS = 0.6  # correlation of a chunk with what was heard
DRIFT = 0.2  # seconds a jitter buffer may shift one chunk against another
LOOK_AGAIN = 0.05
BUFFER = 0.3  # seconds a recorder keeps to itself
TONE = 425.0  # Hz of the dial tone and, 1 s on and 4 s off, of the ringing tone (ITU-T E.180, Poland)
RINGS = 1.0  # seconds the ringing tone lasts
MUSIC = 0.5  # seconds of music that must be recognised


class NotHeardError(AssertionError):
    """What should have been heard was not, in time."""


class Hearing(Protocol):
    """What a phone hears in one call. Each method raises AssertionError when it is not so."""

    def hears_tone(self, frequency: float, lasting: float = 0.3, within: float = 5.0) -> None: ...

    def never_hears_tone(self, frequency: float, lasting: float = 0.2) -> None: ...

    def hears_nothing(self, lasting: float = 0.5, within: float = 5.0) -> None: ...

    def hears_prompt(self, prompt: Path, enough: float = 0.75, within: float = 10.0) -> None: ...

    def hears_music(self, music: Path, within: float = 5.0) -> None: ...

    def hears_dial_tone(self, within: float = 5.0) -> None: ...

    def hears_ringing_tone(self, within: float = 8.0) -> None: ...


@dataclass(frozen=True)
class Recording:
    """A WAV file of 16-bit mono, perhaps still growing. Its header's lengths are not believed, only its rate."""

    path: Path

    def read(self) -> tuple[Samples, int]:
        """(all samples written so far, rate in Hz)."""
        content = self.path.read_bytes() if self.path.exists() else b""
        start = content.find(b"data", 12) + 8
        if start < 44:
            return np.zeros(0), 8000
        (rate,) = struct.unpack_from("<I", content, content.find(b"fmt ", 12) + 12)
        length = (len(content) - start) // 2 * 2
        return np.frombuffer(content, "<i2", length // 2, start).astype(np.float64), rate

    def seconds(self) -> float:
        """How much there is by now."""
        samples, rate = self.read()
        return len(samples) / rate


def _frames(samples: Samples, rate: int) -> Samples:
    """The whole frames of a recording, one per row."""
    size = int(rate * FRAME)
    count = len(samples) // size
    return samples[: count * size].reshape(count, size)


def tone_share(samples: Samples, rate: int, frequency: float) -> Samples:
    """Per frame, how much of its energy (0 … 1) is a sine of ``frequency`` Hz: Goertzel's figure; 0 where it is silent."""
    frames = _frames(samples, rate)
    size = frames.shape[1]
    energy = (frames**2).sum(axis=1)
    turn = np.exp(-2j * np.pi * frequency / rate * np.arange(size))
    loud = energy > size * AUDIBLE**2
    shares: Samples = np.where(loud, 2 * np.abs(frames @ turn) ** 2 / (size * np.maximum(energy, 1.0)), 0.0)
    return shares


def loudness(samples: Samples, rate: int) -> Samples:
    """Per frame, the root mean square."""
    levels: Samples = np.sqrt((_frames(samples, rate) ** 2).mean(axis=1))
    return levels


def steady(heard: NDArray[np.bool_], seconds: float) -> bool:
    """Whether some stretch of ``seconds`` is true nearly throughout, at both its ends too."""
    length = max(1, round(seconds / FRAME))
    if len(heard) < length:
        return False
    shares = np.convolve(heard, np.ones(length), "valid") / length
    return bool(((shares >= STEADY) & heard[: len(shares)] & heard[length - 1 :]).any())


def runs(heard: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The stretches that are true throughout: (first, last + 1)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], heard, [False]))))
    return [(int(first), int(end)) for first, end in edges.reshape(-1, 2)]


def resampled(samples: Samples, old: int, new: int) -> Samples:
    """The same sound at another rate, by straight lines: good enough for likeness of speech."""
    if old == new:
        return samples
    length = int(len(samples) * new / old)
    return np.interp(np.arange(length) * old / new, np.arange(len(samples)), samples)


def _best_match(heard: Samples, chunk: Samples) -> tuple[float, int]:
    """(normalised correlation, position in samples) of the place in ``heard`` most like ``chunk``."""
    size = 1 << (len(heard) + len(chunk) - 1).bit_length()
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(chunk, size)), size)
    squares = np.concatenate(([0.0], np.cumsum(heard**2)))
    energy = squares[len(chunk) :] - squares[: -len(chunk)]
    floor = len(chunk) * AUDIBLE**2 / 4
    likeness = product[: len(energy)] / np.sqrt(np.maximum(energy, floor) * (chunk**2).sum())
    at = int(likeness.argmax())
    return float(likeness[at]), at


def resemblance(heard: Samples, prompt: Samples, rate: int) -> float:
    """The share (0 … 1) of a prompt's audible chunks that were heard, in their order and at their distances."""
    size = int(rate * CHUNK)
    starts = [at for at in range(0, len(prompt) - size + 1, size) if prompt[at : at + size].std() > AUDIBLE]
    if not starts or len(heard) <= size:
        return 0.0
    matches = [(*_best_match(heard, prompt[at : at + size]), at) for at in starts]
    shifts = [found - at for likeness, found, at in matches if likeness > LIKENESS]
    if not shifts:
        return 0.0
    usual = np.median(shifts)
    return sum(abs(shift - usual) <= DRIFT * rate for shift in shifts) / len(starts)


@dataclass
class Ear:
    """Listens to one recording from a moment on."""

    recording: Recording
    back: float = 0.0  # seconds before this moment that still count as now
    since: float = 0.0  # the second of the recording at which the listener began to care

    def hears_tone(self, frequency: float, lasting: float = 0.3, within: float = 5.0) -> None:
        """Wait until a tone sounds for ``lasting`` seconds from now on. Raises NotHeardError."""
        self._listen(
            lambda new, rate: steady(tone_share(new, rate, frequency) > TONE_SHARE, lasting), within, f"{frequency} Hz"
        )

    def hears_nothing(self, lasting: float = 0.5, within: float = 5.0) -> None:
        """Wait until it is quiet for ``lasting`` seconds. A recording that has stopped growing is quiet as well."""
        before, deadline = self.recording.seconds(), time.monotonic() + within
        while time.monotonic() < deadline:
            started = time.monotonic()
            while time.monotonic() < started + lasting + BUFFER:
                time.sleep(LOOK_AGAIN)
            samples, rate = self.recording.read()
            new = samples[int(before * rate) :]
            if not len(new) or steady(loudness(new, rate) < AUDIBLE, min(lasting, len(new) / rate)):
                return
            before = len(samples) / rate
        raise NotHeardError(f"it is not quiet: {self.describe()}")

    def never_hears_tone(self, frequency: float, lasting: float = 0.2) -> None:
        """Everything heard so far holds no such tone."""
        samples, rate = self.recording.read()
        if steady(tone_share(samples[int(self.since * rate) :], rate, frequency) > TONE_SHARE, lasting):
            raise NotHeardError(f"{frequency} Hz was heard and should not: {self.describe()}")

    def hears_prompt(self, prompt: Path, enough: float = 0.75, within: float = 10.0) -> None:
        """Wait until ``enough`` of a prompt's WAV has been heard, from the beginning on. Raises NotHeardError."""
        original, prompt_rate = Recording(prompt).read()
        assert len(original), f"{prompt} is missing or no WAV file"

        def recognised(heard: Samples, rate: int) -> bool:
            return resemblance(heard, resampled(original, prompt_rate, rate), rate) >= enough

        self._listen(recognised, within, prompt.name, self.since)

    def hears_music(self, music: Path, within: float = 5.0) -> None:
        """Wait until what is heard from now on is some passage of this WAV. Raises NotHeardError."""
        original, music_rate = Recording(music).read()
        assert len(original), f"{music} is missing or no WAV file"

        def recognised(heard: Samples, rate: int) -> bool:
            last = heard[-int(MUSIC * rate) :]
            loud = len(last) == int(MUSIC * rate) and last.std() > AUDIBLE
            return loud and _best_match(resampled(original, music_rate, rate), last)[0] > LIKENESS

        self._listen(recognised, within, music.name)

    def hears_dial_tone(self, within: float = 5.0) -> None:
        """Wait until the tone lasts, from now on, longer than a ringing tone does. Raises NotHeardError."""
        self.hears_tone(TONE, RINGS * 1.3, within)

    def hears_ringing_tone(self, within: float = 8.0) -> None:
        """Wait until the tone has come and gone, from now on. Raises NotHeardError."""

        def recognised(heard: Samples, rate: int) -> bool:
            tone = tone_share(heard, rate, TONE) > TONE_SHARE
            rings = (run for run in runs(tone) if RINGS / 2 < (run[1] - run[0]) * FRAME < RINGS * 1.3)
            quiet = loudness(heard, rate) < AUDIBLE
            after = (quiet[end + 1 :] for _, end in rings)  # the frame in which the tone ends is neither the one nor the other
            return any(steady(pause[: round(RINGS / FRAME)], RINGS) for pause in after)

        self._listen(recognised, within, "ringing tone")

    def describe(self) -> str:
        """For a failed test: how long, how loud and what the strongest frequencies of the last second are."""
        samples, rate = self.recording.read()
        last = samples[-rate:]
        if not len(last):
            return f"{self.recording.path.name} is empty"
        spectrum = np.abs(np.fft.rfft(last * np.hanning(len(last))))
        peaks = sorted({int(round(at * rate / len(last), -1)) for at in spectrum.argsort()[-3:]})
        return f"{self.recording.path.name}: {len(samples) / rate:.1f} s, last second rms {last.std():.0f}, peaks {peaks} Hz"

    def _listen(self, recognised: Callable[[Samples, int], bool], within: float, what: str, since: float | None = None) -> None:
        start = max(0.0, self.recording.seconds() - self.back) if since is None else since
        deadline = time.monotonic() + within
        while True:
            samples, rate = self.recording.read()
            if recognised(samples[int(start * rate) :], rate):
                return
            if time.monotonic() > deadline:
                raise NotHeardError(f"no {what} within {within} s: {self.describe()}")
            time.sleep(LOOK_AGAIN)
