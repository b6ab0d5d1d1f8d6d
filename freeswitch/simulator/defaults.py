"""The variables every channel of the real switch has unless it has its own: ``freeswitch/conf/defaults.xml``."""

import re
from pathlib import Path

FILE = Path(__file__).parent.parent / "conf" / "defaults.xml"


def read(file: Path = FILE) -> dict[str, str]:
    """Those that need nothing of the machine's own (``$${…}``). Raises OSError."""
    found = re.findall(r'<X-PRE-PROCESS\s+cmd="set"\s+data="(\w+)=([^"]*)"', file.read_text(encoding="utf-8"))
    return {name: value for name, value in found if "$${" not in value}
