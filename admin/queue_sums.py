"""What is told of queues in tables and in the chart: figures added up over queues, by day and by hour."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from app.services.queue_figures import REASONS, QueueFigures, Spread
from app.services.queue_statistics import QueueReport

When = TypeVar("When", date, int)


@dataclass(frozen=True)
class Sum:
    """What became of callers: ``answered`` includes those picked up; ``lost`` gave up, ``led_on`` went elsewhere or asked to
    be called back."""

    entered: int = 0
    answered: int = 0
    lost: int = 0
    led_on: int = 0
    wait: Spread = field(default_factory=Spread)
    talk: Spread = field(default_factory=Spread)

    def add(self, figures: QueueFigures) -> "Sum":
        """With those of one more queue."""
        return replace(
            self,
            entered=self.entered + figures.entered,
            answered=self.answered + figures.answered + figures.picked_up,
            lost=self.lost + figures.abandoned,
            led_on=self.led_on + figures.led_on + figures.asked,
            wait=self.wait + figures.wait,
            talk=self.talk + figures.talk,
        )


@dataclass(frozen=True)
class Bar:
    """One column of the chart, in units of its drawing (0 to ``HEIGHT``), from the ground up; ``label`` is empty for most."""

    x: float
    width: float
    answered: float
    led_on: float
    lost: float
    label: str


WIDTH, HEIGHT = 720, 180
LABELS = 12  # so many fit below the chart


def over(found: Iterable[Mapping[When, QueueFigures]], when: Iterable[When]) -> dict[When, Sum]:
    """Added up over queues, for each of ``when``, also where there was nothing."""
    sums = {which: Sum() for which in when}
    for one in found:
        for which, figures in one.items():
            sums[which] = sums.get(which, Sum()).add(figures)
    return sums


def total(reports: Iterable[QueueReport]) -> Sum:
    """Of all of them."""
    summed = Sum()
    for report in reports:
        summed = summed.add(report.figures.total)
    return summed


def reasons(reports: Iterable[QueueReport]) -> list[str]:
    """Those of `REASONS` for which anybody was led on."""
    found = {why for report in reports for why in report.figures.total.overflowed}
    return [why for why in REASONS if why in found]


def bars(sums: Sequence[tuple[str, Sum]]) -> list[Bar]:
    """The chart: the highest column is as high as the drawing."""
    most = max([1, *(one.entered for _, one in sums)])
    step, every = WIDTH / max(1, len(sums)), -(-len(sums) // LABELS)
    return [
        Bar(
            round(place * step + step * 0.15, 1),
            round(step * 0.7, 1),
            round(HEIGHT * one.answered / most, 1),
            round(HEIGHT * one.led_on / most, 1),
            round(HEIGHT * one.lost / most, 1),
            label if place % every == 0 else "",
        )
        for place, (label, one) in enumerate(sums)
    ]
