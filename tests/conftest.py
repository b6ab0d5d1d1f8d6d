"""For all tests: nothing here is timed. Speed is measured by `make bench`; a slow machine is no failure."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
