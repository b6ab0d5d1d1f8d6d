"""For all tests: nothing here is timed. Speed is measured by `make bench`; a slow machine is no failure.

``EXAMPLES=500`` tries each law with so many examples, as `make stories` does; `make test` must take minutes only.
"""

import os

from hypothesis import settings

settings.register_profile("untimed", deadline=None, max_examples=int(os.environ.get("EXAMPLES", "50")))
settings.load_profile("untimed")
