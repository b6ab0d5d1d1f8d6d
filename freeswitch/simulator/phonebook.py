"""``virtual_phone``: our own API command, by which another process plays with the virtual phones. Answers are JSON.

A phone is named by the login of its account, a telephone outside by its number with ``+``.
"""

import json
from collections.abc import Callable

from freeswitch.simulator.phones import Phone, PhoneError
from freeswitch.simulator.registrar import Registrar
from freeswitch.simulator.world import World

_USAGE = (
    "virtual_phone list | register|unregister|answer|decline|hangup|hold|resume|join LOGIN[/DEVICE] | "
    "dial|keys|transfer LOGIN[/DEVICE] DIGITS"
)
_WITH_DIGITS = frozenset({"dial", "keys", "transfer"})


class Phonebook:
    """``{"phone": {…}}`` or ``{"phones": [{…}]}`` after an order that was obeyed, ``{"error": "…"}`` after one that was not."""

    def __init__(self, registrar: Registrar, world: World) -> None:
        self._registrar = registrar
        self._world = world
        self._verbs: dict[str, Callable[[Phone, str], object]] = {
            "register": lambda phone, _: phone.register(),
            "unregister": lambda phone, _: phone.unregister(),
            "dial": Phone.dial,
            "answer": lambda phone, _: phone.answer(),
            "decline": lambda phone, _: phone.decline(),
            "hangup": lambda phone, _: phone.hang_up(),
            "keys": Phone.press,
            "hold": lambda phone, _: phone.hold(),
            "resume": lambda phone, _: phone.resume(),
            "transfer": Phone.transfer,
            "join": lambda phone, _: phone.join(),
        }

    def run(self, text: str) -> str:
        """Do what one line says."""
        verb, _, rest = text.strip().partition(" ")
        try:
            answer = self._answer(verb, rest.split())
        except PhoneError as error:
            answer = {"error": str(error)}
        return json.dumps(answer, ensure_ascii=False) + "\n"

    def _answer(self, verb: str, words: list[str]) -> dict[str, object]:
        if verb == "list" and not words:
            return {"phones": [phone.view().fields() for phone in (*self._registrar.phones(), *self._world.phones())]}
        order = self._verbs.get(verb)
        with_digits = verb in _WITH_DIGITS
        if order is None or len(words) != (2 if with_digits else 1):
            raise PhoneError(f"usage: {_USAGE}")
        phone = self._phone(words[0], new=verb == "register")
        order(phone, words[1] if with_digits else "")
        return {"phone": phone.view().fields()}

    def _phone(self, name: str, new: bool) -> Phone:
        """A phone comes to be when it is registered first; before that every other order is a mistake."""
        if self._world.knows(name) or (new and name.startswith("+")):
            return self._world.phone(name)
        login, slash, device = name.partition("/")
        if slash and not (device.isdecimal() and 1 <= int(device) <= 99):
            raise PhoneError(f"{device!r} is no number of a device")
        number = int(device) if slash else 1
        if new or any((phone.login, phone.device) == (login, number) for phone in self._registrar.phones()):
            known = {(phone.login, phone.device) for phone in self._registrar.phones()}
            if (login, number) not in known:
                self._registrar.admit(login)
            return self._registrar.phone(login, number)
        raise PhoneError(f"{name} is not registered")
