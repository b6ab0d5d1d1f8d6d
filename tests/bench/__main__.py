"""python -m tests.bench, or `make bench`: each figure beside what somebody would use instead, in one run, as a ratio."""

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402

from tests.bench import answer, events, transfer  # noqa: E402


def main() -> int:
    """One bench after the other, so that none disturbs another."""
    for bench in (events, answer, transfer):
        sys.stdout.write("\n".join(bench.run()) + "\n\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
