"""Half a minute of a busy day at two queues; `python -m tests.contract.queue_day` tells a whole one."""

from pathlib import Path

import pytest

from tests.contract import queue_day
from tests.contract.product import Product
from tests.contract.worlds import on_freeswitch

CALLERS = 16
SEED = 3


@on_freeswitch
@pytest.mark.long
@pytest.mark.timeout(180)
def test_whatever_a_day_brings_every_caller_has_one_outcome(pbx: Product, tmp_path: Path) -> None:
    print(queue_day.tell(pbx, tmp_path, SEED, CALLERS))
