"""Which programs this machine has for the contract: phones of two kinds, and FreeSWITCH."""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PYTHON = Path(sys.base_prefix) / "bin" / "python3"  # pjsua2 is built for an interpreter, not installed into a venv


@functools.cache
def pjsip() -> tuple[str, ...] | None:
    """The command of a PJSIP phone, or None where its Python bindings are missing, or not wanted: ``PHONES=baresip``."""
    if (
        os.environ.get("PHONES") == "baresip"
        or not PYTHON.exists()
        or subprocess.run([PYTHON, "-c", "import pjsua2"], capture_output=True).returncode
    ):
        return None
    return (str(PYTHON), str(HERE / "pjsip_phone.py"))


@functools.cache
def baresip() -> tuple[str, ...] | None:
    """The command of a baresip phone, or None."""
    return (sys.executable, str(HERE / "baresip_phone.py")) if shutil.which("baresip") else None


def any_phone() -> tuple[str, ...] | None:
    """The best phone there is."""
    return pjsip() or baresip()


def why_no_freeswitch() -> str | None:
    """What is missing for stories on a real switch, as a person reads it; None when nothing is."""
    if not shutil.which("freeswitch"):
        return "no `freeswitch` on PATH: the stories ran on the simulator only"
    if not any_phone():
        return "neither pjsua2 nor baresip is installed: no phone for the real FreeSWITCH"
    return None
