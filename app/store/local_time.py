"""A clock on a wall, as arithmetic that a database can do: what is to be added to seconds since the epoch, and from when on."""

from datetime import UTC, date, datetime, tzinfo
from typing import Any

from peewee import Case

EPOCH = date(1970, 1, 1)

_STEP = 86_400.0


class LocalTime:
    """The clocks of ``zone`` between two moments (seconds since the epoch), with the changes to and from summer time."""

    def __init__(self, zone: tzinfo, since: float, until: float) -> None:
        self._zone = zone
        self.offsets = [(since, self._offset(since))]
        """From when on the clocks are so many seconds ahead of UTC; the first holds from the beginning."""
        at = since
        while at < until:
            after = min(at + _STEP, until)
            if self._offset(after) != self.offsets[-1][1]:
                self.offsets.append((self._change(at, after), self._offset(after)))
            at = after

    def hours(self, moment: Any) -> Any:
        """The hours of this clock since 1970 began on it, for a column of moments; with their fraction."""
        offset: Any = self.offsets[0][1]
        if len(self.offsets) > 1:
            later = [(moment >= since, seconds) for since, seconds in reversed(self.offsets[1:])]
            offset = Case(None, later, self.offsets[0][1])
        return (moment + offset) / 3600.0

    def _offset(self, moment: float) -> int:
        offset = datetime.fromtimestamp(moment, UTC).astimezone(self._zone).utcoffset()
        return round(offset.total_seconds()) if offset else 0

    def _change(self, before: float, after: float) -> float:
        """The second at which the clocks are changed between two moments."""
        low, high = int(before), int(after)
        while high - low > 1:
            middle = (low + high) // 2
            if self._offset(middle) == self._offset(before):
                low = middle
            else:
                high = middle
        return float(high)
