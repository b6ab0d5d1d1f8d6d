"""WAV files for tests, with a tone in them."""

import io
import math
import wave


def wave_file(seconds: float, rate: int = 8000, channels: int = 1) -> bytes:
    """A tone of 440 Hz, in 16 bits."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((channels, 2, rate, 0, "NONE", ""))
        samples = (round(9000 * math.sin(2 * math.pi * 440 * n / rate)) for n in range(round(seconds * rate)))
        writer.writeframes(b"".join(sample.to_bytes(2, "little", signed=True) * channels for sample in samples))
    return file.getvalue()
