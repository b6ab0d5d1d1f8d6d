"""Somebody outside waits for Acme's service."""

from app.core.directory import Directory
from tests.core.company import CALLER, SERVICE, company, queue
from tests.core.stories import Story, renamed


def office(**changes) -> Directory:
    """Acme, whose queue «serwis» differs in this from its usual settings."""
    directory = company()
    return renamed(directory, queues={**directory.tenants[1].queues, "serwis": queue(**changes)})


def waiting(directory=None, city=SERVICE) -> Story:
    """Somebody outside waits for the service."""
    return Story(directory or company()).comes_in("outside", city, CALLER)


def visit(story):
    return story.call.record.visits[-1]
