"""What the pages share on which somebody chooses where calls are led."""

from flask import g, request
from flask_babel import gettext

from admin.base import TenantView
from admin.destinations import things
from admin.destinations.choices import Choices
from admin.destinations.things import Things
from admin.destinations.ways import Map
from app.core.destinations import Destination


class LeadingView(TenantView):
    """A page inside one tenant with destinations on it."""

    @property
    def things(self) -> Things:
        """What the tenant has that calls can be led to; looked up once, when it is first asked for."""
        if "things" not in g:
            g.things = things.of(self.services, self.tenant)
        found: Things = g.things
        return found

    def map(self, hops: int) -> Map:
        """For drawing where things lead."""
        return Map(self.things, hops)

    def if_nobody(self, to: Destination) -> list[str]:
        """What to say on top when nobody would answer there now."""
        there = self.services.answering.would_answer(self.tenant, to)
        return [] if there else [gettext("Nobody would answer there now.")]

    def choices_but(self, kind: str, value: str) -> Choices:
        """What can take the place of one thing: everything else."""
        return self.things.choices().without(kind, value)


def unfolding() -> bool:
    """Whether somebody without scripts only wants the fields of the kind that was chosen: nothing is saved then."""
    return "unfold" in request.form
