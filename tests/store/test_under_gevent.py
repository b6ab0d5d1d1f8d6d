"""The store in a process whose standard library is patched, as the panel's and the controller's are."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

OTHERS_GO_ON = """
from gevent import monkey
monkey.patch_all()
import sys, time, gevent
from app import store
database = store.open(sys.argv[1])
ticks = []

def clock():
    while True:
        ticks.append(time.monotonic())
        gevent.sleep(0.01)

def ask():
    with database.reading():
        database.execute("SELECT pg_sleep(0.5)")

gevent.spawn(clock)
began = time.monotonic()
gevent.joinall([gevent.spawn(ask) for _ in range(4)], raise_error=True)
print(len(ticks) > 10, time.monotonic() - began < 1.5)
"""

MANY_AT_ONCE = """
from gevent import monkey
monkey.patch_all()
import sys, gevent
from app import store
from app.store.models import Revision
database = store.open(sys.argv[1])
store.migrate(database)

def change():
    for _ in range(5):
        with database.writing():
            Revision.update(value=Revision.value + 1).execute()
        gevent.sleep(0)

gevent.joinall([gevent.spawn(change) for _ in range(40)], raise_error=True)
with database.reading():
    print(Revision.get_by_id(1).value, len(database.peewee._in_use))
"""

PATCHED_TOO_LATE = """
import peewee
from gevent import monkey
monkey.patch_all()
import sys
from app import store
try:
    store.open(sys.argv[1])
except store.StoreError as error:
    print(error)
"""


def said(script: str, url: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, url], capture_output=True, text=True, timeout=60, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_others_go_on_while_postgresql_thinks(postgresql) -> None:
    assert said(OTHERS_GO_ON, postgresql.fresh()) == "True True"


def test_forty_greenlets_write_and_keep_no_connection(url: str) -> None:
    assert said(MANY_AT_ONCE, url) == "200 1", "the one in use is the one that reads the answer"


def test_patching_too_late_is_refused(url: str) -> None:
    assert said(PATCHED_TOO_LATE, url) == "the standard library must be patched for gevent before peewee is imported"
