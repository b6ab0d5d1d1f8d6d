"""How long people wait in a transfer: from `#` until the caller hears music, from the last digit until the target rings.

Taken where people are: at the phones. The music's beginning is read from the caller's recording, so the way of the sound
through the switch, the network and the phone's jitter buffer is in the figure; the buffer alone makes 100 ms of it, and now and
then 200 or 300 (on the wire the music began 57 to 97 ms after the key, with FreeSWITCH 1.10.12 and PJSIP on one machine).
"""

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from tests.contract.desk import Desk
from tests.contract.ears import AUDIBLE, BUFFER, Recording, Samples
from tests.contract.people import Device, People, Program
from tests.contract.phone import Place
from tests.contract.ports import Block
from tests.contract.product import Product
from tests.contract.roster import Member
from tests.contract.worlds import RealWorld

ROUNDS = 10
FRAME = 0.01  # seconds; of one voice or another, so it need not tell neighbouring tones apart
SPLIT = 0.5  # of a frame's energy is at the transferor's tone as long as he is heard
MUSIC_GOAL_MS, RING_GOAL_MS = 200.0, 100.0


def run() -> list[str]:
    """The figures as lines, or why there are none."""
    if RealWorld.missing:
        return [f"transfer: not measured: {RealWorld.missing}"]
    folder, block, phones = Path(tempfile.mkdtemp(prefix="centralka-bench-")), Block(), Block()
    product = Product(folder / "var", block, RealWorld())

    def switched_on(member: Member, device: str, program: Program) -> Device:
        place = Place(member.name, folder, phones.take(4), phones.take(12), 12, member.tone)
        return product.world.phone(product.line(member), place, program)

    people = People(switched_on, product.prompt)
    try:
        product.start()
        anna, bartek, celina = (people.person(name) for name in ("anna", "bartek", "celina"))
        desk = Desk(product, "Acme", anna, bartek, celina, time.time())
        measured = [_one(desk) for _ in range(ROUNDS + 1)][1:]  # the first warms up
    finally:
        people.go_home()
        product.stop()
        block.close()
        phones.close()
    shutil.rmtree(folder)
    music, ringing = zip(*measured, strict=True)
    return [
        f"transfer, {ROUNDS} times, measured at the phones:",
        f"  # to music at the caller           {_figures(music)} (goal: {MUSIC_GOAL_MS:.0f} ms)",
        f"  last digit to the target's ringing {_figures(ringing)} (goal: {RING_GOAL_MS:.0f} ms)",
    ]


def _figures(seconds: tuple[float, ...]) -> str:
    milliseconds = [one * 1000 for one in seconds]
    return f"{statistics.median(milliseconds):6.1f} ms median  {max(milliseconds):6.1f} ms longest"


def _one(desk: Desk) -> tuple[float, float]:
    """One transfer; how many seconds until the music, and until the target rang."""
    customer, transferor, target = desk.customer, desk.transferor, desk.target
    customer.dial(transferor.number)
    transferor.rings()
    transferor.answer()
    customer.talks()
    hearing = customer.device.wait("hearing", call=customer.call)
    time.sleep(1.0)
    pressed = time.time()
    transferor.presses("#", "info")
    time.sleep(1.0 + BUFFER)
    music = _music_began(Recording(Path(hearing["file"])), hearing["at"], pressed, transferor.member.tone) - pressed
    transferor.presses(target.number[:-1], "info")
    time.sleep(0.3)
    dialled = time.time()
    transferor.presses(target.number[-1], "info")
    rung = target.rings()["at"] - dialled
    for person in desk.people:
        person.puts_down()
    time.sleep(0.5)
    return music, rung


def _music_began(recording: Recording, started: float, pressed: float, tone: int) -> float:
    """The moment at which, after the key, something sounded that was not the transferor."""
    samples, rate = recording.read()
    first = int((pressed - started) * rate)
    voice, loud = _is_voice(samples[first:], rate, tone)
    silent = int(np.flatnonzero(voice)[-1]) if voice.any() else 0
    return pressed + (silent + 1 + int(np.flatnonzero(loud[silent + 1 :])[0])) * FRAME


def _is_voice(samples: Samples, rate: int, tone: int) -> tuple[np.ndarray, np.ndarray]:
    """Per frame: whether the tone is most of it, and whether there is anything else to hear."""
    size = int(rate * FRAME)
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    energy = (frames**2).sum(axis=1)
    share = 2 * np.abs(frames @ np.exp(-2j * np.pi * tone / rate * np.arange(size))) ** 2 / (size * np.maximum(energy, 1.0))
    loud = energy > size * AUDIBLE**2
    return loud & (share > SPLIT), loud & (share <= SPLIT)


if __name__ == "__main__":
    sys.stdout.write("\n".join(run()) + "\n")
