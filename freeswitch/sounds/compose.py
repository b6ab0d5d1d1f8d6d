"""Compose hold.wav, the music of somebody who waits: python freeswitch/sounds/compose.py

The file is part of the project; run this after the score has changed. Slow chords with a few bells above them. Every sound
that reaches beyond the end goes on at the beginning, so the music has no seam when it is played over and over.
"""

import array
import math
import sys
import wave
from collections.abc import Iterator
from pathlib import Path

TARGET = Path(__file__).with_name("hold.wav")
RATE = 8000  # samples a second
BAR = 4.0  # seconds
LOUDNESS = -18.0  # dBFS, mean over the whole piece: beside a voice at the same level it does not startle

# One bar each: three notes that are held, and the bells that fall into them. All between 190 and 1050 Hz, because a telephone
# lets nothing deeper through and makes what is higher sharp.
SCORE = (
    (("A3", "E4", "C5"), ("E5", "C5", "G5", "E5")),
    (("G3", "D4", "B4"), ("D5", "B4", "G5", "D5")),
    (("A3", "F4", "C5"), ("F5", "C5", "A5", "F5")),
    (("C4", "E4", "G4"), ("E5", "G5", "C6", "G5")),
    (("A3", "D4", "F4"), ("D5", "F5", "A5", "F5")),
    (("B3", "E4", "G4"), ("E5", "B4", "G5", "B4")),
    (("A3", "F4", "C5"), ("A5", "F5", "C5", "F5")),
    (("G3", "D4", "F4"), ("B4", "D5", "G5", "D5")),
)
STEPS = {"C": -9, "D": -7, "E": -5, "F": -4, "G": -2, "A": 0, "B": 2}  # semitones from A

HELD_OVERTONES = (1.0, 0.35, 0.12)
HELD_LEVEL, HELD_BEYOND = 0.5, 1.5  # the second is how long, in seconds, a chord reaches into its neighbours
BELL_OVERTONES = (1.0, 0.0, 0.22)
BELL_LEVEL, BELL_SECONDS, BELL_ATTACK, BELL_DECAY = 0.55, 3.0, 0.012, 0.7
ECHOES = ((0.33, 0.30), (0.61, 0.16))  # seconds later, how much of it


def main() -> int:
    """Write the file."""
    with wave.open(str(TARGET), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(array.array("h", levelled(echoing(piece()))).tobytes())
    return 0


def piece() -> list[float]:
    """The whole score, once."""
    sound = [0.0] * round(len(SCORE) * BAR * RATE)
    for bar, (chord, bells) in enumerate(SCORE):
        start = bar * BAR
        for note in chord:
            add(sound, start - HELD_BEYOND, held(pitch(note)))
        for place, note in enumerate(bells):
            add(sound, start + place * BAR / len(bells), bell(pitch(note)))
    return sound


def add(sound: list[float], start: float, note: Iterator[float]) -> None:
    """Mix a note in from ``start`` (seconds) on, around the end of the piece."""
    first = round(start * RATE)
    for index, value in enumerate(note):
        sound[(first + index) % len(sound)] += value


def held(frequency: float) -> Iterator[float]:
    """A note that swells and fades over a bar and its neighbours' edges, with a slow beat of two voices."""
    length = round((BAR + 2 * HELD_BEYOND) * RATE)
    for index in range(length):
        swell = math.sin(math.pi * index / length) ** 2
        voices = tone(frequency, index, HELD_OVERTONES) + tone(frequency * 1.0015, index, HELD_OVERTONES)
        yield HELD_LEVEL * swell * voices / 2


def bell(frequency: float) -> Iterator[float]:
    """A note that is struck softly and dies away."""
    for index in range(round(BELL_SECONDS * RATE)):
        seconds = index / RATE
        fade = min(1.0, (BELL_SECONDS - seconds) / 0.5)
        strength = min(1.0, seconds / BELL_ATTACK) * math.exp(-seconds / BELL_DECAY) * fade
        yield BELL_LEVEL * strength * tone(frequency, index, BELL_OVERTONES)


def tone(frequency: float, index: int, overtones: tuple[float, ...]) -> float:
    """A sample of a note; ``overtones`` are the strengths of its harmonics, the fundamental first."""
    angle = 2 * math.pi * frequency * index / RATE
    return sum(level * math.sin(number * angle) for number, level in enumerate(overtones, 1))


def pitch(note: str) -> float:
    """Hertz of a note such as A4."""
    return 440.0 * math.pow(2, (STEPS[note[0]] + 12 * (int(note[1]) - 4)) / 12)


def echoing(sound: list[float]) -> list[float]:
    """The same in a room, which goes on around the end as well."""
    echoes = [(round(delay * RATE), level) for delay, level in ECHOES]
    return [value + sum(level * sound[index - delay] for delay, level in echoes) for index, value in enumerate(sound)]


def levelled(sound: list[float]) -> list[int]:
    """The samples at LOUDNESS, 16 bit."""
    mean = math.sqrt(sum(value * value for value in sound) / len(sound))
    factor = 32768 * 10 ** (LOUDNESS / 20) / mean
    return [round(value * factor) for value in sound]


if __name__ == "__main__":
    sys.exit(main())
