"""The other end of a trunk: an operator's SIP server of one file. No sound, only signalling; see `sip_phone.py`."""

import secrets

from tests.freeswitch.sip_phone import Dialog, SipPhone
from tests.freeswitch.sip_text import Message


class Operator(SipPhone):
    """Takes calls as ``behaviour`` says and sends calls without a password. ``registers``: what a REGISTER is answered with;
    ``lives``: what an OPTIONS is, 0 for nothing."""

    def __init__(self, server: tuple[str, int], address: str = "127.0.0.1") -> None:
        super().__init__("operator", "", address, server, "an operator", address)
        self.lives = self.registers = 200
        self.signed_in: list[Message] = []

    @property
    def proxy(self) -> str:
        return f"{self.home}:{self.port}"

    def call_in(self, number: str, sender: str, *headers: str, to: str = "", host: str = "") -> Dialog:
        """An INVITE from outside. ``sender`` is a whole name-addr; ``to`` another number in To than in the request."""
        target = f"sip:{number}@{host or self.server[0]}"
        dialog = Dialog(secrets.token_hex(8), f"{sender};tag={secrets.token_hex(4)}", f"<sip:{to or number}@operator>", target)
        self._invite(dialog, list(headers))
        return dialog

    def announce(self) -> None:
        """Say something before an answer, or instead of one: 183 with a description of the sound."""
        assert self.ringing is not None
        assert self.ringing.invite is not None
        self._respond(self.ringing.invite, 183, "Session Progress", self._sdp())

    def press(self, key: str, leg: Dialog | None = None) -> None:
        """A key as SIP INFO, in the call that was answered last."""
        call = leg or self.ringing
        assert call is not None
        self._sequence += 1
        body = f"Signal={key}\r\nDuration=160\r\n"
        target = f"sip:centralka@{self.server[0]}:{self.server[1]}"
        lines = self._head("INFO", target, call.local, call.remote, call.call_id, self._sequence)
        self._send([*lines, "Content-Type: application/dtmf-relay"], body)

    @property
    def taken(self) -> list[Message]:
        """Every INVITE that was sent here, first ones only."""
        return [message for message in self.seen if message.first.startswith("INVITE ") and "tag=" not in message.headers["to"]]

    def _serve(self, request: Message) -> None:
        match request.method:
            case "OPTIONS" if self.lives:
                self._respond(request, self.lives, "As told")
            case "OPTIONS":
                pass
            case "REGISTER":
                self.signed_in.append(request)
                contact = f"Contact: {request.headers['contact']};expires={request.headers.get('expires', '600')}"
                self._respond(request, self.registers, "As told", headers=(contact,))
            case _:
                super()._serve(request)
