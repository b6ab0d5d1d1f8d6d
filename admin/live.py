"""Tells open pages that something changed: one look at the database per second, however many people watch.

A listener learns only *that* one of its tenant's topics changed, never what; the page then asks for its own part again,
with its own rights and in its own language.
"""

import logging
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

log = logging.getLogger(__name__)

Look: TypeAlias = Callable[[int], Mapping[str, object]]
"""Tenant -> topic -> anything that compares unequal when there is something new to show."""

KEEP_ALIVE = 15.0
LONGEST = 600.0  # the browser comes back by itself, and is then asked again who it is
BACKLOG = 100
MOST_PAGES = 200
"""Streams one person may have open: the panel's process has a thousand connections, and the switch asks there as well. A page
that was left counts until its stream has something to say, so whoever goes quickly from page to page has a good many."""


class Feed:
    """Fans changes out to listeners. It looks only while somebody listens, and only at their tenants.

    ``every``: seconds between two looks; None: only when `look_once` is called.
    """

    def __init__(self, look: Look, every: float | None = 1.0) -> None:
        self._look = look
        self._every = every
        self._lock = threading.Lock()
        self._listeners: dict[queue.Queue[str], int] = {}
        self._readers: dict[queue.Queue[str], object] = {}
        self._seen: dict[int, Mapping[str, object]] = {}
        self._looking: threading.Thread | None = None
        self._awake = threading.Event()

    def has_room(self, reader: object) -> bool:
        """Whether this person may open one more page."""
        with self._lock:
            return list(self._readers.values()).count(reader) < MOST_PAGES

    def listen(self, tenant: int, reader: object = None) -> queue.Queue[str]:
        """A queue that receives the changed topics of one tenant, separated by spaces."""
        mailbox: queue.Queue[str] = queue.Queue(BACKLOG)
        with self._lock:
            self._listeners[mailbox], self._readers[mailbox] = tenant, reader
            if self._looking is None and self._every is not None:
                self._looking = threading.Thread(target=self._run, name="live", daemon=True)
                self._looking.start()
        return mailbox

    def leave(self, mailbox: "queue.Queue[str]") -> None:
        """Stop listening."""
        with self._lock:
            self._listeners.pop(mailbox, None)
            self._readers.pop(mailbox, None)

    def stop(self) -> None:
        """Forget everybody, and return when the last look is over: the database may be closed then."""
        with self._lock:
            self._listeners.clear()
            self._readers.clear()
            looking = self._looking
        self._awake.set()
        if looking is not None:
            looking.join()
        self._awake.clear()

    def _run(self) -> None:
        while self._tenants():
            try:
                self.look_once()
            except Exception:  # a database that is away for a moment must not end every open page's stream
                log.exception("cannot look for changes")
            self._awake.wait(self._every)

    def _tenants(self) -> set[int]:
        with self._lock:
            tenants = set(self._listeners.values())
            if not tenants:
                self._looking = None
            self._seen = {tenant: seen for tenant, seen in self._seen.items() if tenant in tenants}
            return tenants

    def look_once(self) -> None:
        """Compare every listened tenant with what was seen before, and tell its listeners what differs."""
        with self._lock:
            tenants = set(self._listeners.values())
        for tenant in tenants:
            now = self._look(tenant)
            before = self._seen.get(tenant)
            self._seen[tenant] = now
            changed = [topic for topic, value in now.items() if before is not None and before.get(topic) != value]
            if changed:
                self._tell(tenant, " ".join(changed))

    def _tell(self, tenant: int, topics: str) -> None:
        with self._lock:
            mailboxes = [mailbox for mailbox, owner in self._listeners.items() if owner == tenant]
        for mailbox in mailboxes:
            if not mailbox.full():  # a page that stopped reading asks for everything when it comes back
                mailbox.put_nowait(topics)


def stream(feed: Feed, tenant: int, now: Callable[[], float], reader: object = None) -> Iterator[str]:
    """One listener's server-sent events (WHATWG HTML, section 9.2): the server's clock, then every change."""
    mailbox = feed.listen(tenant, reader)
    end = now() + LONGEST
    try:
        yield f"retry: 2000\nevent: clock\ndata: {now():.3f}\n\n"
        while now() < end:
            try:
                yield f"event: changed\ndata: {mailbox.get(timeout=KEEP_ALIVE)}\n\n"
            except queue.Empty:
                yield ": still here\n\n"
    finally:
        feed.leave(mailbox)
