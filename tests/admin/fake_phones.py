"""Virtual phones without a simulator: they remember what they were told."""

from dataclasses import dataclass, replace


class RefusedError(Exception):
    """What a phone says when it cannot."""


@dataclass(frozen=True)
class FakePhone:
    login: str
    registered: bool = True
    state: str = "idle"
    number: str = ""
    name: str = ""
    hears: str = "silence"
    digits: str = ""
    since: float = 0.0
    held: bool = False
    outside: bool = False


class FakePhones:
    refusal = RefusedError

    def __init__(self) -> None:
        self.phones: dict[str, FakePhone] = {}
        self.orders: list[tuple[str, ...]] = []
        self.gone = False

    def list(self) -> tuple[FakePhone, ...]:
        if self.gone:
            raise RefusedError
        return tuple(self.phones.values())

    def register(self, phone: str) -> None:
        self.phones[phone] = FakePhone(phone, outside=phone.startswith("+"))
        self.orders.append(("register", phone))

    def become(self, phone: str, **what: object) -> None:
        self.phones[phone] = replace(self.phones[phone], **what)

    def unregister(self, phone: str) -> None:
        self._order("unregister", phone)

    def dial(self, phone: str, digits: str) -> None:
        self._order("dial", phone, digits)

    def answer(self, phone: str) -> None:
        self._order("answer", phone)

    def decline(self, phone: str) -> None:
        self._order("decline", phone)

    def hang_up(self, phone: str) -> None:
        self._order("hang_up", phone)

    def press(self, phone: str, keys: str) -> None:
        self._order("press", phone, keys)

    def hold(self, phone: str) -> None:
        self._order("hold", phone)

    def resume(self, phone: str) -> None:
        self._order("resume", phone)

    def _order(self, verb: str, phone: str, *digits: str) -> None:
        if phone not in self.phones:
            raise RefusedError
        self.orders.append((verb, phone, *digits))
