"""What can be judged by an exchange file alone, before any row is looked at."""

from collections.abc import Iterable, Sequence

from app.services import agents, call_settings, loops, menus, queue_settings, rules, schedules, trunks, uses
from app.services.audio import text_problem, tidy_text
from app.services.book import Book
from app.services.destinations import faults
from app.services.errors import DomainError
from app.services.exchange_destinations import DestinationPart
from app.services.exchange_parts import RecordingPart
from app.services.exchange_queues import QueuePart
from app.services.exchange_schema import AccountPart, FilePart, MenuPart, NumberPart, SchedulePart, TenantPart
from app.services.exchange_sounds import recordings_of
from app.services.exchange_text import Parsed, Path
from app.services.exchange_values import book_of, menu_of, public, schedule_of, trunk_of, ways_of

MOST_RECORDINGS = 500


class Check:
    """Collects what is wrong with a file; `problems` are in its order."""

    def __init__(self, parsed: Parsed) -> None:
        self._parsed = parsed
        self._logins: set[str] = set()
        self._cities: set[str] = set()
        self.problems: list[DomainError] = []

    def run(self, file: FilePart) -> Sequence[DomainError]:
        """Everything that is wrong with the file."""
        names: set[str] = set()
        self._trunks(file)
        for index, part in enumerate(file.tenants):
            path: Path = ("tenants", index)
            self._rule((*path, "name"), rules.name(part.name))
            self._once((*path, "name"), rules.key(part.name), part.name, names)
            self._rule((*path, "language"), rules.language(part.language))
            self._tenant(path, part, book_of(part))
        recordings = sum(len(list(recordings_of(part))) for part in file.tenants)
        if recordings > MOST_RECORDINGS:
            self._rule(("tenants",), DomainError("recordings-too-many", limit=MOST_RECORDINGS))
        return self.problems

    def _trunks(self, file: FilePart) -> None:
        names: set[str] = set()
        hosts: dict[str, str] = {}  # known by its address -> the first trunk that is
        for index, part in enumerate(file.trunks or ()):
            path: Path = ("trunks", index)
            self._once((*path, "name"), rules.key(part.name), part.name, names)
            settings = trunk_of(part, index + 1)
            self._rules(path, trunks.problems(settings))
            if trunks.is_known_by_address(settings):
                host = rules.host_of(part.proxy)
                taken = DomainError("trunk-address-taken", "proxy", name=hosts[host]) if host in hosts else None
                self._rule((*path, "proxy"), taken)
                hosts.setdefault(host, part.name)

    def _tenant(self, path: Path, part: TenantPart, book: Book) -> None:
        self._settings((*path, "settings"), part, book)
        if part.main_number is not None:
            self._own((*path, "main_number"), part.main_number, book)
        for index, account in enumerate(part.accounts):
            self._account((*path, "accounts", index), account, book)
        for index, city in enumerate(part.cities):
            here: Path = (*path, "cities", index)
            self._rule((*here, "number"), rules.telephone(city.number))
            self._once((*here, "number"), public(city.number), city.number, self._cities)
            self._number(here, city, book)
        numbers: set[str] = set()
        for index, extension in enumerate(part.extensions):
            here = (*path, "extensions", index)
            self._rule((*here, "number"), rules.number(extension.number))
            self._once((*here, "number"), extension.number, extension.number, numbers)
            self._number(here, extension, book)
        self._queues((*path, "queues"), part.queues, book)
        self._menus((*path, "menus"), part.menus, book)
        self._recordings((*path, "messages"), part.messages)
        self._schedules((*path, "schedules"), part.schedules)
        self._loops(path, part)

    def _settings(self, path: Path, part: TenantPart, book: Book) -> None:
        settings = part.settings
        self._rule((*path, "time_zone"), rules.time_zone(settings.time_zone))
        self._rules(path, call_settings.problems(settings.calls))
        if settings.transfer_fallback:
            self._destination((*path, "transfer_fallback"), settings.transfer_fallback, book)

    def _account(self, path: Path, account: AccountPart, book: Book) -> None:
        self._rule((*path, "login"), rules.login(account.login))
        self._rule((*path, "name"), rules.name(account.name))
        if account.password is not None:
            self._rule((*path, "password"), rules.sip_password(account.password))
        if account.presents is not None:
            self._own((*path, "presents"), account.presents, book)
        self._once((*path, "login"), account.login, account.login, self._logins)

    def _number(self, path: Path, part: NumberPart, book: Book) -> None:
        self._rule((*path, "name"), rules.name(part.name))
        self._destination((*path, "to"), part.to, book)

    def _queues(self, path: Path, parts: Sequence[QueuePart], book: Book) -> None:
        names: set[str] = set()
        for index, part in enumerate(parts):
            here: Path = (*path, index)
            self._named((*here, "name"), part.name, names)
            self._rules(here, queue_settings.problems(part.settings))
            for error in agents.problems(book, part.settings.agents):
                self._rule((*here, "agents", *map(int, (error.field or "").split(".")[1:])), error)
            for branch, to in part.destinations():
                self._destination((*here, *queue_settings.destination_field(branch).split(".")), to, book)
            if part.greeting:
                self._spoken((*here, "greeting"), part.greeting)

    def _menus(self, path: Path, parts: Sequence[MenuPart], book: Book) -> None:
        self._recordings(path, parts)
        for index, part in enumerate(parts):
            here = (*path, index)
            self._rules(here, menus.problems(menu_of(part)))
            for key, to in part.keys.items():
                self._destination((*here, "keys", key), to, book)
            for choice in ("no_choice", "wrong_choice"):
                self._destination((*here, choice, "then"), getattr(part, choice).then, book)

    def _recordings(self, path: Path, parts: Sequence[RecordingPart]) -> None:
        """What menus and messages have in common."""
        names: set[str] = set()
        for index, part in enumerate(parts):
            self._named((*path, index, "name"), getattr(part, "name", ""), names)
            self._spoken((*path, index), part)

    def _named(self, path: Path, name: str, seen: set[str]) -> None:
        self._rule(path, rules.name(name))
        self._once(path, rules.key(name), name, seen)

    def _spoken(self, path: Path, part: RecordingPart) -> None:
        if part.say is not None:
            self._rule((*path, "say"), text_problem(tidy_text(part.say)))

    def _schedules(self, path: Path, parts: Sequence[SchedulePart]) -> None:
        names: set[str] = set()
        for index, part in enumerate(parts):
            self._once((*path, index, "name"), rules.key(part.name), part.name, names)
            for problem in schedules.problems(schedule_of(part)):
                key = problem.field or ""
                self._rule((*path, index, {"opens": "from", "closes": "to"}.get(key, key)), problem)

    def _loops(self, path: Path, part: TenantPart) -> None:
        """A circle is told where the first of its places leads on."""
        circle = loops.find(ways_of(part))
        if not circle:
            return
        places: dict[loops.Node, Path] = {}
        for index, extension in enumerate(part.extensions):
            places["extension", extension.number] = ("extensions", index, "to")
        for index, city in enumerate(part.cities):
            places["city", public(city.number)] = ("cities", index, "to")
        for index, menu in enumerate(part.menus):
            places["ivr", rules.tidy(menu.name)] = ("menus", index)
        for index, queue in enumerate(part.queues):
            places["queue", rules.tidy(queue.name)] = ("queues", index)
        self._rule((*path, *places[circle[0]]), uses.loop(circle, None))

    def _destination(self, path: Path, part: DestinationPart, book: Book) -> None:
        for inner, error in faults(book, part.value):
            self._rule((*path, *inner), error)

    def _own(self, path: Path, number: str, book: Book) -> None:
        """A city number of the tenant itself."""
        if public(number) not in book.cities:
            self._rule(path, DomainError("city-unknown", number=number))

    def _rules(self, path: Path, found: Iterable[DomainError]) -> None:
        """Errors whose fields are dotted paths from ``path`` on."""
        for error in found:
            self._rule((*path, *(error.field or "").split(".")), error)

    def _rule(self, path: Path, found: DomainError | None) -> None:
        if found is not None:
            self.problems.append(DomainError("file-value", place=self._parsed.place(path), reason=found))

    def _once(self, path: Path, key: str, shown: str, seen: set[str]) -> None:
        if key in seen:
            self.problems.append(DomainError("file-repeated", place=self._parsed.place(path), value=shown))
        seen.add(key)
