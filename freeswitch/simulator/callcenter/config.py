"""The API commands ``callcenter_config`` and ``callcenter_break``, to the last newline."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from freeswitch.simulator.callcenter import queues, rows
from freeswitch.simulator.callcenter.books import RefusalError
from freeswitch.simulator.callcenter.center import Center
from freeswitch.simulator.callcenter.queues import number
from freeswitch.simulator.dialstring import split_quoted

OK = "+OK\n"
INVALID = "Invalid!"

_MOST_WORDS = 8

Do = Callable[[list[str]], str]


class Config:
    """Each command takes its words and returns what the module prints; RefusalError becomes ``-ERR …``."""

    def __init__(self, center: Center) -> None:
        self._center = center
        self._books = center.books
        self._table: Mapping[tuple[str, str], tuple[int, Do]] = {  # how many words it needs at least
            ("agent", "add"): (2, self._add_agent),
            ("agent", "del"): (1, self._delete_agent),
            ("agent", "reload"): (1, self._reload_agent),
            ("agent", "set"): (3, self._set_agent),
            ("agent", "get"): (2, lambda words: self._books.tell_agent(words[1], words[0])),
            ("agent", "list"): (0, self._list_agents),
            ("tier", "add"): (2, self._add_tier),
            ("tier", "set"): (4, self._set_tier),
            ("tier", "del"): (2, self._delete_tier),
            ("tier", "reload"): (1, self._reload_tiers),
            ("tier", "list"): (0, lambda _: rows.listing(self._tiers()) + OK),
            ("queue", "load"): (1, self._load),
            ("queue", "unload"): (1, self._unload),
            ("queue", "reload"): (1, lambda words: self._unload(words) and self._load(words)),
            ("queue", "list"): (0, self._list),
            ("queue", "count"): (0, self._count),
        }

    def run(self, text: str) -> str:
        """``callcenter_config SECTION ACTION …``. What it does not know it answers with nothing."""
        words = [word for word in split_quoted(text, " ") if word][:_MOST_WORDS]
        if not words:
            return "-USAGE: \ncallcenter_config <target> <args>\n"
        if len(words) < 2:
            return f"-ERR {INVALID}\n"
        need, do = self._table.get((words[0].lower(), words[1].lower()), (0, _nothing))
        try:
            if len(words) - 2 < need:
                raise RefusalError(INVALID)
            return do(words[2:])
        except RefusalError as refusal:
            return f"-ERR {refusal}\n"

    def let_go(self, text: str) -> str:
        """``callcenter_break agent LEG``; nothing is said when it has worked."""
        words = text.split()
        if len(words) < 2:
            return "-ERR Usage: callcenter_break agent <uuid>\n"
        return "" if self._center.release(words[1]) else f"-ERR Session not found for uuid {words[1]}\n"

    def as_json(self, text: str) -> str:
        """``json {"command": "callcenter_config", "data": {"arguments": "agent list"}}``: the lists, where a value may hold
        anything (``mod_commands.c``, json_function)."""
        try:
            order = json.loads(text)
        except ValueError:
            return "-ERR Parse error.\n"
        data = order.get("data") if isinstance(order, dict) and order.get("command") == "callcenter_config" else None
        found = self._documents(data) if isinstance(data, dict) else None
        answer: dict[str, object] = {"status": "success" if found is not None else "error"}
        if found is None:
            answer["message"] = "The command returned an error" if data else "Invalid request or non-existant command"
        return json.dumps({**order, **answer, "response": found}, ensure_ascii=False, separators=(",", ":")) + "\n"

    def _documents(self, data: Mapping[str, Any]) -> list[dict[str, str | int]] | None:
        """The rows as objects; None for what there is no list of."""
        queue = str(data.get("queue_name", ""))
        match data.get("arguments"):
            case "queue list":
                return [each.document() for each in self._center.queues.values()]
            case "agent list":
                return rows.documents(self._books.agents.values())
            case "tier list":
                return rows.documents(self._tiers())
            case "member list":
                return rows.documents(self._books.by_score(), self._books.now())
            case "queue list agents" | "queue list tiers" | "queue list members" as kind if queue:
                return rows.documents(self._rows([kind.split()[-1], queue]), self._books.now())
        return None

    # --- agents and tiers -----------------------------------------------------------------------------------------------

    def _add_agent(self, words: list[str]) -> str:
        self._books.add_agent(words[0], words[1])
        return OK

    def _delete_agent(self, words: list[str]) -> str:
        self._books.delete_agent(words[0])
        return OK

    def _reload_agent(self, words: list[str]) -> str:
        self._center.load_agent(words[0])
        return OK

    def _set_agent(self, words: list[str]) -> str:
        self._books.change_agent(words[1], words[0], words[2])
        return OK

    def _list_agents(self, words: list[str]) -> str:
        if len(words) > 1:
            raise RefusalError(INVALID)
        return rows.listing(agent for agent in self._books.agents.values() if not words or agent.name == words[0]) + OK

    def _add_tier(self, words: list[str]) -> str:
        if self._center.queue(words[0]) is None:
            raise RefusalError("Queue not found!")
        queue, agent, level, position, *_ = [*words, *("1", "1")[len(words) - 2 :]]
        self._books.add_tier(queue, agent, number(level), number(position))
        return OK

    def _set_tier(self, words: list[str]) -> str:
        key, queue, agent, value = words[:4]
        if self._books.tier(queue, agent) is not None and self._center.queue(queue) is None:
            raise RefusalError("Agent not found!")  # so it says
        self._books.change_tier(queue, agent, key, value)
        return OK

    def _delete_tier(self, words: list[str]) -> str:
        self._books.delete_tier(words[0], words[1])
        return OK

    def _tiers(self) -> list[rows.Tier]:
        return sorted(self._books.tiers, key=lambda tier: (tier.level, tier.position))

    def _reload_tiers(self, words: list[str]) -> str:
        if not self._center.load_tiers(words[0], words[1] if len(words) > 1 else None):
            raise RefusalError("Unknown Error!")
        return OK

    # --- queues ---------------------------------------------------------------------------------------------------------

    def _load(self, words: list[str]) -> str:
        if not self._center.load(words[0]):
            raise RefusalError("Invalid Queue not found!")
        return OK

    def _unload(self, words: list[str]) -> str:
        """``queue reload`` does this first: when the configuration does not have the queue any more, it is gone."""
        self._center.unload(words[0])
        return OK

    def _list(self, words: list[str]) -> str:
        if not words:
            return queues.listing(list(self._center.queues.values())) + OK
        found, now = self._rows(words), self._books.now()
        return rows.listing(found, now if words[0].lower() == "members" else None) + OK

    def _count(self, words: list[str]) -> str:
        return f"{len(self._rows(words)) if words else len(self._center.queues)}\n"

    def _rows(self, words: list[str]) -> Sequence[rows.Row]:
        """``agents QUEUE [STATUS [STATE]]``, ``members [QUEUE]`` or ``tiers QUEUE``."""
        kind, queue, status, state, *_ = [*words, "", "", "", ""]
        match kind.lower():
            case "agents":
                there = [agent for agent, _ in self._books.tiers_of(queue)]
                return [agent for agent in there if status in ("", agent.status) and state in ("", agent.state)]
            case "members":
                return [member for member in self._books.by_score() if queue in ("", member.queue)]
            case "tiers":
                return [tier for tier in self._books.tiers if tier.queue == queue]
        raise RefusalError(INVALID)


def _nothing(_words: list[str]) -> str:
    return ""
