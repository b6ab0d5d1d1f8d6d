"""The variables every channel of the real switch has unless it has its own: ``freeswitch/conf/defaults.xml``."""

import re
from pathlib import Path

FILE = Path(__file__).parent.parent / "conf" / "defaults.xml"
SOUNDS = Path(__file__).parent.parent / "sounds"


def read(file: Path = FILE, sounds: Path = SOUNDS) -> dict[str, str]:
    """Those that need nothing of the machine's own (``$${…}``) but where the sounds are. Raises OSError."""
    text = file.read_text(encoding="utf-8").replace("$${sounds_dir}", str(sounds))
    found = re.findall(r'<X-PRE-PROCESS\s+cmd="set"\s+data="(\w+)=([^"]*)"', text)
    return {name: value for name, value in found if "$${" not in value}
