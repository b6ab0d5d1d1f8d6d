"""The first line of a call's record: who calls whom, as the directory knows it."""

from app.core import numbering
from app.core.directory import Directory
from app.core.record import Record
from app.core.routing import NOBODY, caller


def from_a_phone(leg: str, login: str, dialled: str, at: float, directory: Directory) -> Record:
    """The owner of the account ``login`` has dialled something."""
    who = caller(directory, login)
    return Record(leg, who.tenant, who.number, who.name, who.login, dialled, at)


def from_outside(leg: str, number: str, name: str, dialled: str, at: float, directory: Directory) -> Record:
    """Somebody outside has called a city number; of a number that is no tenant's the call is nobody's. All as delivered."""
    city = numbering.as_city(dialled)
    owner = directory.owners.get(city)
    return Record(leg, owner.id if owner else NOBODY, numbering.as_caller(number), name, "", city or dialled, at)
