"""How much longer a caller waits because a controller decides: INVITE to 200 OK, ours against a static dialplan.

Both ways run on one FreeSWITCH in one run, in turns, at 20 calls a second. The static way is what somebody would write by hand
instead: an extension in the dialplan that bridges at once.
"""

import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from freeswitch.console import ask
from tests.bench import sip_load
from tests.contract.ports import Block
from tests.contract.product import Product
from tests.contract.roster import ANNA, BARTEK
from tests.contract.worlds import RealWorld

STATIC_NUMBER = "8800"
ROUNDS, CALLS, RATE = 3, 100, 20
LEGS = 80  # twice RATE * TALK_SECONDS, and some that are still leaving
GOAL_MS = 25.0


def run() -> list[str]:
    """The figures as lines, or why there are none."""
    missing = RealWorld.missing or (None if sip_load.is_possible() else "sipp is not installed (Debian: sip-tester)")
    if missing:
        return [f"INVITE to 200: not measured: {missing}"]
    folder, block = Path(tempfile.mkdtemp(prefix="centralka-bench-")), Block()
    product = Product(folder / "var", block, RealWorld(), LEGS)
    try:
        product.start()
        _add_static_extension(product)
        ours, static = _in_turns(product, folder, block)
    finally:
        product.stop()
        block.close()
    shutil.rmtree(folder)
    return _lines(ours, static)


def _add_static_extension(product: Product) -> None:
    """The same call without us, before the extension that parks."""
    path = product.settings.var / "freeswitch" / "conf" / "dialplan" / "phones.xml"
    park = '<extension name="park">'
    action = f'<action application="bridge" data="user/{BARTEK.login}@{product.settings.sip_domain}"/>'
    condition = f'<condition field="destination_number" expression="^{STATIC_NUMBER}$">{action}</condition>'
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(park, f'<extension name="static">{condition}</extension>{park}'), encoding="utf-8")
    answer = ask(product.settings.switches[0], "reloadxml")
    if not answer.startswith("+OK"):
        raise sip_load.LoadFailedError(f"reloadxml: {answer}")


def _in_turns(product: Product, folder: Path, block: Block) -> tuple[list[sip_load.Measured], list[sip_load.Measured]]:
    ours: list[sip_load.Measured] = []
    static: list[sip_load.Measured] = []
    ports = (block.take(8), block.take(8))  # the same every time: to the switch it is one phone, not a new device each turn
    for number in (BARTEK.number, STATIC_NUMBER):  # not counted: whatever is done once, at the first call after a start
        _load(product, number, folder / f"warm-{number}", ports, RATE)
    for turn in range(ROUNDS):
        for number, results in ((BARTEK.number, ours), (STATIC_NUMBER, static)):
            results.append(_load(product, number, folder / f"{turn}-{number}", ports, CALLS))
    return ours, static


def _load(product: Product, number: str, folder: Path, ports: tuple[int, int], calls: int) -> sip_load.Measured:
    settings = product.settings
    return sip_load.load(
        sip_load.Target(settings.sip_ip, settings.sip_port, settings.sip_domain),
        sip_load.Account(ANNA.login, ANNA.password),
        sip_load.Account(BARTEK.login, BARTEK.password),
        number,
        folder,
        calls=calls,
        rate=RATE,
        ports=ports,
    )


def _lines(ours: list[sip_load.Measured], static: list[sip_load.Measured]) -> list[str]:
    mine, bare = (statistics.median(each.median for each in way) for way in (ours, static))
    worst, bare_worst = (max(each.p95 for each in way) for way in (ours, static))
    failed = sum(each.failed for each in (*ours, *static))
    return [
        f"INVITE to 200 at {RATE} calls/s, {ROUNDS} x {CALLS} calls each way, {failed} failed:",
        f"  static dialplan  {bare:6.1f} ms median  {bare_worst:6.1f} ms p95",
        f"  through us       {mine:6.1f} ms median  {worst:6.1f} ms p95",
        f"  ratio {mine / bare:.2f}, {mine - bare:+.1f} ms at the median (goal: at most +{GOAL_MS:.0f} ms)",
    ]


if __name__ == "__main__":
    sys.stdout.write("\n".join(run()) + "\n")
