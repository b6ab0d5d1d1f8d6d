"""Programs from Debian's packages: installed where that is allowed, else named in the one command to type."""

import os
import shutil
import subprocess
from collections.abc import Mapping


def provide(packages: Mapping[str, str], purpose: str) -> None:
    """Install what is missing of ``packages`` (program -> package), or say how. ``purpose``: what works only with them.

    Never raises: whatever needs one of the programs says so itself when it comes to that.
    """
    missing = sorted(package for program, package in packages.items() if shutil.which(program) is None)
    if not missing or shutil.which("apt-get") is None:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() != 0:
        print(f"For {purpose}, type once: sudo {' '.join(command)}", flush=True)
        return
    print(f"Installing {', '.join(missing)} for {purpose} …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update"], command):
        if subprocess.run(step, stdin=subprocess.DEVNULL, capture_output=True, env=quiet).returncode:  # noqa: S603
            print(f"That did not work: {' '.join(step)}", flush=True)
            return
