"""The company a first `make run` finds, so that two phones can call each other, or a queue, within a minute."""

from dataclasses import dataclass, field

from app.core.destinations import ToAccount, ToQueue, ToRing
from app.services import Services
from app.services.actor import Actor
from app.services.queue_settings import QueueSettings

MAKER = Actor(None, "make run")
TO_DIAL = "21, 22, 20 (both phones), 30 (a queue that both answer)"


@dataclass(frozen=True)
class DemoPhone:
    """What to type into a softphone; the password exists only here, the store keeps a digest."""

    number: str
    name: str
    login: str
    password: str = field(repr=False)


def ensure_demo(services: Services) -> list[DemoPhone]:
    """If there is no tenant at all, make the demo tenant with two phones, a number that rings both, and a queue whose agents
    they are; the phones made. Whoever of them calls the queue is served by the other."""
    if services.tenants.list():
        return []
    tenant = services.tenants.create(MAKER, "Demo", "pl", "Europe/Warsaw")
    phones = [_phone(services, tenant.id, number, name) for number, name in [("21", "Anna Żółć"), ("22", "Bartek")]]
    services.numbers.create(MAKER, tenant.id, "20", "Biuro", ToRing(tuple(phone.login for phone in phones)))
    service = QueueSettings("Serwis", agents=tuple(ToAccount(phone.login) for phone in phones), announce_every=30)
    services.queues.create(MAKER, tenant.id, service)
    services.numbers.create(MAKER, tenant.id, "30", service.name, ToQueue(service.name))
    return phones


def _phone(services: Services, tenant: int, number: str, name: str) -> DemoPhone:
    new = services.accounts.create(MAKER, tenant, name)
    services.numbers.create(MAKER, tenant, number, name, ToAccount(new.login))
    return DemoPhone(number, name, new.login, new.password)
