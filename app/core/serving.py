"""How the switch shall serve the queues at a moment: which there are, and who may be rung for their callers."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from app.core import limits
from app.core.commands import Line, OnDuty
from app.core.directory import Directory, Queue, Tenant
from app.core.presenting import outside
from app.core.queues import Agent
from app.core.routing import Dial

Numbers = Collection[str]


def service(
    directory: Directory, at: float, outside: Mapping[int, Numbers] | None = None
) -> tuple[tuple[Line, ...], tuple[OnDuty, ...]]:
    """Every queue, and everybody whom at least one of them may ring now; of telephones outside those that ``outside`` names
    for the tenant, or every one."""
    lines: list[Line] = []
    on_duty: dict[tuple[int, str], OnDuty] = {}
    for tenant in directory.tenants.values():
        for queue in tenant.queues.values():
            agents = _reachable(queue, tenant, directory, at)
            allowed = (outside or {}).get(tenant.id)
            agents = [agent for agent in agents if not agent.outside or allowed is None or agent.key in allowed]
            lines.append(_line(queue, tenant, agents))
            on_duty |= {(tenant.id, agent.key): agent for agent in agents}
    return tuple(lines), tuple(on_duty.values())


def _line(queue: Queue, tenant: Tenant, agents: Iterable[OnDuty]) -> Line:
    keys = tuple(agent.key for agent in agents)
    return Line(queue.id, tenant.id, queue.strategy, queue.ring, queue.retry, queue.wrap_up, queue.max_wait, keys)


def _reachable(queue: Queue, tenant: Tenant, directory: Directory, at: float) -> list[OnDuty]:
    """Those on duty whom the tenant has, or may call, at all."""
    found = (_on_duty(agent, tenant, directory) for agent in queue.on_duty(at))
    return [agent for agent in found if agent is not None]


def _on_duty(agent: Agent, tenant: Tenant, directory: Directory) -> OnDuty | None:
    """As a destination outside, an agent's telephone is asked to press 1."""
    if agent.login:
        return OnDuty(tenant.id, agent.login) if agent.login in tenant.accounts else None
    if not directory.trunks or limits.exceeded(agent.number, tenant, directory):
        return None
    plan = Dial(tenant, agent.number, "", directory.trunks, asked=True)
    return OnDuty(tenant.id, agent.number, tuple(outside(plan, turn, "") for turn in range(len(plan.trunks))))


def rationed(
    tenant: Tenant, at: float, room: int | None, served: Numbers, called: Numbers, rung: Mapping[str, float]
) -> Numbers:
    """The telephones outside that the tenant's queues may ring, where it may have only ``room`` more on its lines: rung all
    at once, they would else be more. ``served`` are those that its queues ring, or have given a caller to; of the others whom
    it has ``called`` nobody is free. Those come first who were ``rung`` (when they were, last) longest ago, so that each has
    his turn where not all can be rung."""
    queues = (queue for queue in tenant.queues.values())
    agents = dict.fromkeys(agent.number for queue in queues for agent in queue.on_duty(at) if agent.number)
    free = sorted((number for number in agents if number not in called), key=lambda number: rung.get(number, 0.0))
    return frozenset((*(number for number in agents if number in served), *free[:room]))


def ends_of_pauses(directory: Directory) -> Iterator[float]:
    """When the pauses end that end by themselves."""
    for tenant in directory.tenants.values():
        for queue in tenant.queues.values():
            yield from (agent.pause.until for agent in queue.agents if agent.pause and agent.pause.until is not None)


def agents(directory: Directory) -> frozenset[str]:
    """The accounts that are agents of any queue, on duty or not."""
    queues = (queue for tenant in directory.tenants.values() for queue in tenant.queues.values())
    return frozenset(agent.login for queue in queues for agent in queue.agents if agent.login)


def calling_outside(directory: Directory) -> tuple[Tenant, ...]:
    """The tenants that have agents outside."""
    return tuple(
        tenant
        for tenant in directory.tenants.values()
        if any(agent.number for queue in tenant.queues.values() for agent in queue.agents)
    )
