"""How the switch shall serve the queues at a moment: which there are, and who may be rung for their callers."""

from collections.abc import Iterable, Iterator

from app.core import limits
from app.core.commands import Line, OnDuty
from app.core.directory import Directory, Queue, Tenant
from app.core.presenting import outside
from app.core.queues import Agent
from app.core.routing import Dial


def service(directory: Directory, at: float) -> tuple[tuple[Line, ...], tuple[OnDuty, ...]]:
    """Every queue, and everybody whom at least one of them may ring now."""
    lines: list[Line] = []
    on_duty: dict[tuple[int, str], OnDuty] = {}
    for tenant in directory.tenants.values():
        for queue in tenant.queues.values():
            agents = _reachable(queue, tenant, directory, at)
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
