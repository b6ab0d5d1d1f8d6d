"""Runs one program and ends it when its own stdin ends, so that nothing survives a test that was killed.

``python leash.py PROGRAM …`` prints the program's process id, sends its output to stderr, and leaves with its exit status.
"""

import select
import subprocess
import sys

LOOK_SECONDS = 0.1
POLITE_SECONDS = 15


def main() -> int:
    """Hold the leash until the program or the holder ends."""
    program = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=2)
    print(program.pid, flush=True)
    while program.poll() is None:
        if select.select([0], [], [], LOOK_SECONDS)[0]:
            program.terminate()
            try:
                program.wait(POLITE_SECONDS)
            except subprocess.TimeoutExpired:
                program.kill()
    return program.wait()


if __name__ == "__main__":
    sys.exit(main())
