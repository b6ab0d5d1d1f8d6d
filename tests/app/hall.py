"""A floor of queues, and the people who call there."""

from app.core.events import TimerFired
from app.floor import Floor
from app.ledger import Ledger
from tests.core.company import CALLER, SERVICE, company, queue
from tests.core.stories import Story, renamed


def office(**changes):
    directory = company()
    return renamed(directory, queues={**directory.tenants[1].queues, "serwis": queue(**changes)})


class People(Story):
    """A story whose every step the floor is told of."""

    def __init__(self, floor, directory, now=100.0):
        super().__init__(directory, now=now)
        self.floor = floor

    def tell(self, event):
        super().tell(event)
        self.floor.note(self.call)
        return self


class Hall:
    """A floor, and the people who call."""

    def __init__(self, **changes):
        self.directory, self.floor, self.ledger = office(**changes), Floor(), Ledger()
        self.floor.take(self.directory)

    def caller(self, name, at=100.0, city=SERVICE):
        return People(self.floor, self.directory, at).comes_in(name, city, CALLER)

    def talk(self, name, at, seconds):
        story = self.caller(name, at).takes("celina").talk(name, "celina")
        story.now += seconds - 1
        return story.hangs_up(name)

    def place(self, story, at=200.0, number=0):
        fired = TimerFired(leg=story.call.leg, at=at, call=story.call.id, name="place", number=number)
        return self.floor.counted(fired, story.call)

    def busy(self):
        served = self.floor.serve(150.0, self.ledger)
        return served.busy if served else None
