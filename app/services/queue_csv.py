"""The figures of queues and agents as CSV: a row of all, then one for each day and one for each hour of the day; seconds."""

from collections.abc import Iterator, Sequence

from app.services.queue_figures import REASONS, AgentFigures, Counted, Figures, QueueFigures, Spread
from app.services.queue_statistics import AgentReport, QueueReport
from app.services.spreadsheet import lines

COLUMNS = (
    *("queue", "day", "hour", "entered", "answered", "in time", "picked up", "abandoned", "overflowed", "asked", "called back"),
    *("wait min", "wait mean", "wait max", "patience mean", "talk min", "talk mean", "talk max"),
    *(f"overflowed {why}" for why in REASONS),
)

AGENT_COLUMNS = (
    *("agent", "number", "day", "hour", "offered", "answered", "missed", "picked up", "elsewhere", "abandoned"),
    *("talk min", "talk mean", "talk max"),
)


def queues(reports: Sequence[QueueReport], titles: Sequence[str] = COLUMNS, separator: str = ",") -> Iterator[str]:
    """Of queues. No cell begins like a formula."""
    yield lines([titles], separator)
    for report in reports:
        rows = ([report.name, *when, *_queue_cells(figures)] for when, figures in _rows(report.figures))
        yield lines(rows, separator)


def agents(reports: Sequence[AgentReport], titles: Sequence[str] = AGENT_COLUMNS, separator: str = ",") -> Iterator[str]:
    """Of agents. No cell begins like a formula."""
    yield lines([titles], separator)
    for report in reports:
        who = report.name or report.number, report.number
        yield lines(([*who, *when, *_agent_cells(figures)] for when, figures in _rows(report.figures)), separator)


def _rows(counted: Counted[Figures]) -> Iterator[tuple[tuple[str, str], Figures]]:
    """The figures, each with the day and the hour it is of."""
    yield ("", ""), counted.total
    for day, figures in counted.by_day.items():
        yield (day.isoformat(), ""), figures
    for hour, figures in counted.by_hour.items():
        yield ("", f"{hour:02}:00"), figures


def _queue_cells(figures: QueueFigures) -> list[str]:
    counts = (
        *(figures.entered, figures.answered, figures.in_time, figures.picked_up, figures.abandoned, figures.led_on),
        *(figures.asked, figures.called_back),
    )
    reasons = [str(figures.overflowed.get(why, 0)) for why in REASONS]
    return [*map(str, counts), *_cells(figures.wait), _mean(figures.patience), *_cells(figures.talk), *reasons]


def _agent_cells(figures: AgentFigures) -> list[str]:
    counts = (figures.offered, figures.answered, figures.missed, figures.picked_up, figures.elsewhere, figures.abandoned)
    return [*map(str, counts), *_cells(figures.talk)]


def _cells(spread: Spread) -> tuple[str, str, str]:
    """In whole seconds; empty of nothing."""
    return (str(round(spread.least)), _mean(spread), str(round(spread.most))) if spread.count else ("", "", "")


def _mean(spread: Spread) -> str:
    return str(round(spread.mean)) if spread.count else ""
