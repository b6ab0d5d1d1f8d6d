"""In which order a queue's agents are tried for one caller: the strategies."""

import random
from collections.abc import Callable, Iterable

from freeswitch.simulator.callcenter.rows import Agent, Status, Tier

Candidate = tuple[Agent, Tier]

_ON_DUTY = (Status.AVAILABLE, Status.ON_BREAK, Status.ON_DEMAND)

_ORDERS: dict[str, Callable[[Agent, Tier], tuple[int, ...]]] = {
    "ring-all": lambda _, tier: (tier.level, tier.position),
    "longest-idle-agent": lambda agent, tier: (tier.level, agent.last_bridge_end, tier.position),
    "agent-with-least-talk-time": lambda agent, tier: (tier.level, agent.talk_time, tier.position),
    "agent-with-fewest-calls": lambda agent, tier: (tier.level, agent.calls_answered, tier.position),
}


def candidates(strategy: str, tiers: Iterable[Candidate], last: tuple[int, int], chance: random.Random) -> list[Candidate]:
    """Everybody who has not logged out, in order; one on a break counts as there, and is not rung.

    ``last``: level and position of whom ``top-down`` has tried last for this caller. An unknown strategy is
    ``sequentially-by-agent-order``.
    """
    there = [(agent, tier) for agent, tier in tiers if agent.status in _ON_DUTY]
    if strategy == "random":
        return sorted(there, key=lambda each: (each[1].level, chance.random()))
    if strategy == "top-down":
        there = [each for each in there if _comes_after(each[1], last)]
        return sorted(there, key=lambda each: (each[1].level != last[0], *_in_turn(*each)))
    order = _ORDERS.get(strategy, _in_turn)
    return sorted(there, key=lambda each: order(*each))


def _in_turn(agent: Agent, tier: Tier) -> tuple[int, ...]:
    return tier.level, tier.position, agent.last_offered_call


def _comes_after(tier: Tier, last: tuple[int, int]) -> bool:
    level, position = last
    return tier.level > level or (tier.level == level and tier.position > position)
