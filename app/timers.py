"""Timers over gevent: satisfies `app.ports.Timers`."""

from collections.abc import Callable

import gevent


class GeventTimers:
    """Each timer is a greenlet that sleeps; setting one of the same name anew, or cancelling it, ends the sleep."""

    def __init__(self) -> None:
        self._sleeping: dict[tuple[str, str], gevent.Greenlet] = {}

    def set(self, call: str, name: str, seconds: float, fire: Callable[[], None]) -> None:
        """Call ``fire`` after ``seconds``, in a greenlet of its own, unless something else is said of this timer before."""
        self.cancel(call, name)
        self._sleeping[call, name] = gevent.spawn_later(seconds, self._fired, (call, name), fire)

    def cancel(self, call: str, name: str) -> None:
        """Forget a timer; one that is not set may be cancelled as well."""
        sleeping = self._sleeping.pop((call, name), None)
        if sleeping is not None:
            sleeping.kill(block=False)

    def forget(self, call: str) -> None:
        """Cancel every timer of a call."""
        for key in [key for key in self._sleeping if key[0] == call]:
            self.cancel(*key)

    def _fired(self, key: tuple[str, str], fire: Callable[[], None]) -> None:
        del self._sleeping[key]
        fire()
