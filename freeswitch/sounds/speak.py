"""Speak prompts.yaml into sound files: python freeswitch/sounds/speak.py [NAME …]

The files are part of the project; run this after a sentence has changed. Needs espeak-ng and sox (Debian packages).
A plain voice, but it reads any sentence in both languages: a customer who wants more uploads recordings.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

HERE = Path(__file__).parent
VOICES = {"pl": "pl+f2", "en": "en-us+f2"}
WORDS_PER_MINUTE = 140
PAUSE_BETWEEN_WORDS = 2  # units of 10 ms

# Telephone band; a little compression, because what is soft is lost in an office; no silence at either end but a breath.
SHAPE = (
    "gain -6 highpass 200 lowpass 3600 compand 0.01,0.15 6:-50,-40,-30,-20,-15,-10,0,-6 "
    "silence 1 0.02 0.5% reverse silence 1 0.02 0.5% reverse gain -n -3 pad 0.1 0.2"
)


def main(names: list[str]) -> int:
    """Speak the named prompts, or all of them."""
    sentences = yaml.safe_load((HERE / "prompts.yaml").read_text(encoding="utf-8"))
    for name in names or sentences:
        for language, sentence in sentences[name].items():
            speak(sentence, language, HERE / language / f"{name}.wav")
    return 0


def speak(sentence: str, language: str, target: Path) -> None:
    """One sentence as 8 kHz, mono, 16 bit: what both narrow and wide calls play (FreeSWITCH resamples)."""
    target.parent.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile(suffix=".wav") as spoken:
        voice = ["-v", VOICES[language], "-s", str(WORDS_PER_MINUTE), "-g", str(PAUSE_BETWEEN_WORDS)]
        subprocess.run(["espeak-ng", *voice, "-w", spoken.name, sentence], check=True)  # noqa: S603, S607
        plain = ["-D", "-R", spoken.name, "-r", "8000", "-c", "1", "-b", "16", str(target)]
        subprocess.run(["sox", *plain, *SHAPE.split()], check=True)  # noqa: S603, S607


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
