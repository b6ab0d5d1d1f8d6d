"""What the pages share on which somebody chooses where calls are led."""

from flask import g, request

from admin.base import TenantView
from admin.destinations import things
from admin.destinations.things import Things
from admin.destinations.ways import Map


class LeadingView(TenantView):
    """A page inside one tenant with destinations on it."""

    @property
    def things(self) -> Things:
        """What the tenant has that calls can be led to; looked up once, until something is written."""
        if "things" not in g:
            g.things = things.of(self.services, self.tenant)
        found: Things = g.things
        return found

    def map(self, hops: int) -> Map:
        """For drawing where things lead."""
        return Map(self.things, hops)


def unfolding() -> bool:
    """Whether somebody without scripts only wants the fields of the kind that was chosen: nothing is saved then."""
    return "unfold" in request.form
