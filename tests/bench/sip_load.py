"""How long a call takes to be answered, under load: sipp calls itself through a switch and takes the time of each call.

One account calls another as a phone does, with a digest for every INVITE; the other rings and picks up at once. Measured is
what the caller waits: from the first INVITE to the 200 OK.
"""

import shutil
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

SCENARIOS = Path(__file__).with_name("sipp")
TALK_SECONDS = 1.0
GRACE_SECONDS = 15.0
REGISTER_SECONDS = 5.0


class LoadFailedError(Exception):
    """The load could not be run; the text holds sipp's reason."""


@dataclass(frozen=True)
class Account:
    """What a phone signs in with."""

    login: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Target:
    """The switch under load."""

    host: str
    port: int
    domain: str


@dataclass(frozen=True)
class Measured:
    """What came of it. Times in milliseconds, of the calls that were answered."""

    answered: int
    failed: int
    median: float
    p95: float


def is_possible() -> bool:
    """Whether sipp is installed."""
    return shutil.which("sipp") is not None


def load(
    target: Target,
    caller: Account,
    callee: Account,
    number: str,
    folder: Path,
    *,
    calls: int = 200,
    rate: int = 20,
    ports: Sequence[int],
) -> Measured:
    """``calls`` calls to ``number``, which must lead to ``callee``, ``rate`` of them begun every second.

    ``ports`` are two free even ports, each with 6 free ones after it. Takes ``calls / rate`` seconds and at most 17 more.
    Raises LoadFailedError when a phone cannot register or no call is answered.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _register(target, callee, folder, ports[1])
    seconds = calls / rate + TALK_SECONDS + GRACE_SECONDS
    # It does not count calls: to sipp a BYE that was sent again too late is another one, and the last would find nobody there.
    answering = _start("answer", target, callee, "", folder, ports[1], ["-timeout", f"{seconds:.0f}s"])
    try:
        calling = _start(
            "call",
            target,
            caller,
            number,
            folder,
            ports[0],
            [
                *("-m", str(calls), "-r", str(rate), "-d", f"{TALK_SECONDS * 1000:.0f}"),
                *("-trace_shortmsg", "-recv_timeout", "10000", "-timeout", f"{seconds:.0f}s"),
            ],
        )
        try:
            calling.wait(seconds + REGISTER_SECONDS)
        finally:
            _end(calling)
    finally:
        _end(answering)
    times = _times(folder / f"call_{calling.pid}_shortmessages.log")
    if not times:
        raise LoadFailedError(f"no call was answered; see {folder}/call.out")
    return Measured(len(times), calls - len(times), statistics.median(times), _percentile(times, 95))


def _register(target: Target, account: Account, folder: Path, port: int) -> None:
    process = _start("register", target, account, "", folder, port, ["-m", "1", "-timeout", f"{REGISTER_SECONDS:.0f}s"])
    try:
        if process.wait(REGISTER_SECONDS * 2):
            raise LoadFailedError(f"{account.login} cannot register; see {folder}/register.out")
    finally:
        _end(process)


def _start(
    scenario: str, target: Target, account: Account, number: str, folder: Path, port: int, options: Sequence[str]
) -> subprocess.Popen[bytes]:
    """One sipp in the folder, on the port and the five after it; what it prints is in SCENARIO.out."""
    shutil.copy(SCENARIOS / f"{scenario}.xml", folder)  # sipp writes beside the scenario
    digest = f"[authentication username={account.login} password={account.password}]"
    values = folder / f"{scenario}.csv"
    values.write_text(f"SEQUENTIAL\n{account.login};{target.domain};{digest};{number}\n", encoding="utf-8")
    command = [
        "sipp",
        f"{target.host}:{target.port}",
        "-sf",
        f"{scenario}.xml",
        "-inf",
        values.name,
        "-nostdin",
        "-timer_resol",
        "1",
    ]
    place = ["-timer_resol", "1", "-i", "127.0.0.1", "-p", str(port), "-mp", str(port + 2), "-cp", str(port + 6)]
    with (folder / f"{scenario}.out").open("wb") as out:
        return subprocess.Popen(
            [*command, *place, *options], cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()


def _times(path: Path) -> list[float]:
    """Milliseconds of every answered call, from sipp's ``-trace_shortmsg`` file.

    Its columns: date, time, epoch, S(ent) or R(eceived), call, CSeq, first line. sipp's own response times come from a clock
    that ticks every 4 ms; these stamps do not.
    """
    asked: dict[str, float] = {}
    waited: dict[str, float] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        _, _, stamp, way, call, sequence, first = line.split("\t")
        at = float(stamp)
        if way == "S" and first.startswith("INVITE "):
            asked.setdefault(call, at)
        elif way == "R" and first.startswith("SIP/2.0 200") and sequence.endswith("INVITE"):
            waited.setdefault(call, (at - asked[call]) * 1000)
    return list(waited.values())


def _percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]
