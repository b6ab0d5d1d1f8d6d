"""Sound files for tests, with a tone in them."""

import base64
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


MP3 = base64.b64decode(
    "//MYxAAEyAL6YUEAAG4gAB4oHwfB8H3iCJwfd6wfTwwqErAA//MYxAMF4Gr4YY1gAQpL0l+O0JAPgTkyBfbrUqxyCj3AqqB///MYxAIFqGrYIZ"
    "RgADl5iGjgChCIg6aGGAqDJyKRr2TRHfRM//MYxAIFgG7sAZEwALqMy8TYI0NUNUDOhq0C/J5yRseMEuku//MYxAMF2Fq1ocIAAfzcpXUpeUrh"
    "QETkFPCjsQXor4R2SkxB"
)
"""A tenth of a second, 16 kHz, 8 kbit/s."""
