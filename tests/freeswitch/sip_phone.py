"""A SIP phone of one file: it registers, calls, rings, answers or refuses as a test tells it. No sound, only signalling.

It speaks just enough of RFC 3261 over UDP for one call at a time, and keeps every message it saw, so that a test can look
at what really arrived. It is a test's own instrument and shares nothing with the code it tests.
"""

import queue
import secrets
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tests.freeswitch.sip_text import SDP, Message, credentials, parse


@dataclass
class Dialog:
    """One call, seen from the phone."""

    call_id: str
    local: str
    remote: str
    target: str
    branch: str = ""
    sequence: int = 1
    invite: Message | None = None


class SipPhone:
    """One device. ``behaviour`` decides about incoming calls: ring, answer, busy (486), decline (603), or a status code."""

    def __init__(
        self,
        login: str,
        password: str,
        domain: str,
        server: tuple[str, int],
        agent: str = "test phone",
        home: str = "127.0.0.1",
    ) -> None:
        self.home = home
        self.login, self.password, self.domain, self.server, self.agent = login, password, domain, server, agent
        self.behaviour: str | int = "ring"
        self.display = login
        self.codec = "8 PCMA/8000"
        self.seen: list[Message] = []
        self.ringing: Dialog | None = None
        self.ended = threading.Event()
        self.rang = threading.Event()
        self.rang_at = 0.0
        self._responses: defaultdict[str, queue.Queue[Message]] = defaultdict(queue.Queue)
        self._registration = secrets.token_hex(8)
        self._contacts: set[str] = set()
        self._sequence = 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((home, 0))
        self.port = self._socket.getsockname()[1]
        self._media = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._media.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def sign_out(self) -> None:
        """Take back every Contact that was accepted."""
        for contact in tuple(self._contacts):
            self.register(expires=0, contact=contact)

    def close(self) -> None:
        """Vanish without a word."""
        self._socket.sendto(b"", self._socket.getsockname())
        self._thread.join(2)
        self._socket.close()
        self._media.close()

    @property
    def contact(self) -> str:
        return f"sip:{self.login}@{self.home}:{self.port}"

    @property
    def address(self) -> str:
        return f"sip:{self.login}@{self.domain}"

    # --- what the phone asks for

    def register(self, expires: int = 300, contact: str | None = None, login: str | None = None) -> int:
        """Sign in (or out with 0); the final status."""
        address = f"sip:{login or self.login}@{self.domain}"
        contact = contact or self.contact
        headers = {"Contact": f"<{contact}>", "Expires": str(expires)}
        status = self._transaction("REGISTER", f"sip:{self.domain}", address, address, self._registration, headers).status
        if status == 200:
            (self._contacts.add if expires else self._contacts.discard)(contact)
        return status

    def message(self, to: str, body: str) -> int:
        """Send a SIP MESSAGE; the final status, or 0 when nobody answers."""
        headers = {"Content-Type": "text/plain"}
        target = f"sip:{to}@{self.domain}"
        return self._transaction("MESSAGE", target, self.address, target, secrets.token_hex(8), headers, body).status

    def call(self, number: str, sender: str | None = None, headers: Sequence[str] = ()) -> Dialog:
        """Call a number, as the switch demands with our password; what becomes of it comes by ``wait_response``."""
        dialog = self._new_call(number, sender)
        self._invite(dialog, [])
        challenge = self.wait_response(dialog.call_id)
        self._invite(dialog, [self._credentials(challenge, "INVITE", dialog.target), *headers])
        return dialog

    def call_without_password(self, number: str) -> int:
        """The status a call gets that shows no password."""
        dialog = self._new_call(number, None)
        self._invite(dialog, [])
        return self.wait_response(dialog.call_id).status

    def wait_response(self, call_id: str, minimum: int = 200, seconds: float = 5.0) -> Message:
        """The call's next response with at least this status; a final one is acknowledged."""
        while True:
            response = self._responses[call_id].get(timeout=seconds)
            if response.status >= minimum:
                if response.method == "INVITE" and response.status >= 200:
                    self._acknowledge(response)
                return response

    def cancel(self, dialog: Dialog) -> None:
        """Give up a call that still rings."""
        lines = self._head(
            "CANCEL", dialog.target, dialog.local, f"<{dialog.target}>", dialog.call_id, dialog.sequence, dialog.branch
        )
        self._send(lines, "")

    def hang_up(self, dialog: Dialog) -> None:
        """End an answered call."""
        self._sequence += 1
        target = f"sip:centralka@{self.server[0]}:{self.server[1]}"
        self._send(self._head("BYE", target, dialog.local, dialog.remote, dialog.call_id, self._sequence), "")

    def refer(self, dialog: Dialog, to: str) -> None:
        """Send whom we talk to elsewhere, by the phone's own key."""
        self._sequence += 1
        target = f"sip:centralka@{self.server[0]}:{self.server[1]}"
        lines = self._head("REFER", target, dialog.local, dialog.remote, dialog.call_id, self._sequence)
        self._send([*lines, f"Contact: <{self.contact}>", f"Refer-To: <{to}>", f"Referred-By: <{self.address}>"], "")

    def answer(self) -> None:
        """Pick up the call that rings."""
        assert self.ringing is not None
        assert self.ringing.invite is not None
        self._respond(self.ringing.invite, 200, "OK", self._sdp())

    def refuse(self, status: int) -> None:
        """Refuse the call that rings."""
        assert self.ringing is not None
        assert self.ringing.invite is not None
        self._respond(self.ringing.invite, status, "No")

    # --- the protocol below

    def _sdp(self) -> str:
        number, _, name = self.codec.partition(" ")
        return SDP.format(port=self._media.getsockname()[1], number=number, name=name)

    def _new_call(self, number: str, sender: str | None) -> Dialog:
        local = f'"{self.display}" <{sender or self.address}>;tag={secrets.token_hex(4)}'
        target = f"sip:{number}@{self.domain}"
        return Dialog(secrets.token_hex(8), local, f"<{target}>", target)

    def _invite(self, dialog: Dialog, authorization: list[str]) -> None:
        self._sequence += 1
        lines = self._head("INVITE", dialog.target, dialog.local, dialog.remote, dialog.call_id, self._sequence)
        dialog.branch, dialog.sequence = self._branch, self._sequence
        lines += [
            f"Contact: <{self.contact}>",
            "Allow: INVITE, ACK, BYE, CANCEL, UPDATE, OPTIONS",
            "Content-Type: application/sdp",
        ]
        lines += authorization
        self._send(lines, self._sdp())

    def _transaction(
        self, method: str, target: str, sender: str, to: str, call_id: str, headers: dict[str, str], body: str = ""
    ) -> Message:
        authorization: list[str] = []
        for _ in range(3):
            self._sequence += 1
            tag = f"<{sender}>;tag={secrets.token_hex(4)}"
            lines = self._head(method, target, tag, f"<{to}>", call_id, self._sequence)
            self._send(lines + [f"{name}: {value}" for name, value in headers.items()] + authorization, body)
            try:
                answer = self.wait_response(call_id, 200, 3.0)
            except queue.Empty:
                return parse("SIP/2.0 0 nobody\r\nCSeq: 0 NONE\r\n\r\n")
            if answer.status not in (401, 407):
                return answer
            authorization = [self._credentials(answer, method, target)]
        return answer

    def _credentials(self, challenge: Message, method: str, uri: str) -> str:
        return credentials(challenge, method, uri, self.login, self.password)

    def _head(self, method: str, target: str, sender: str, to: str, call_id: str, sequence: int, branch: str = "") -> list[str]:
        self._branch = branch or f"z9hG4bK{secrets.token_hex(6)}"
        return [
            f"{method} {target} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.home}:{self.port};branch={self._branch};rport",
            "Max-Forwards: 70",
            f"From: {sender}",
            f"To: {to}",
            f"Call-ID: {call_id}",
            f"CSeq: {sequence} {method}",
            f"User-Agent: {self.agent}",
        ]

    def _send(self, lines: list[str], body: str) -> None:
        data = body.encode()
        text = "\r\n".join([*lines, f"Content-Length: {len(data)}", "", ""])
        self._socket.sendto(text.encode() + data, self.server)

    def _acknowledge(self, response: Message) -> None:
        sequence = int(response.headers["cseq"].split()[0])
        branch = response.headers["via"].split("branch=")[1].split(";")[0] if response.status >= 300 else ""
        to = response.headers["to"]
        target = f"sip:centralka@{self.server[0]}:{self.server[1]}"
        kept = self._branch
        self._send(self._head("ACK", target, response.headers["from"], to, response.headers["call-id"], sequence, branch), "")
        self._branch = kept

    def _respond(self, request: Message, status: int, reason: str, body: str = "", headers: tuple[str, ...] = ()) -> None:
        to = request.headers["to"]
        if status > 100 and "tag=" not in to:
            to += f";tag={self.login}{self.port}"
        vias = [line for line in request.raw.split("\r\n") if line.lower().startswith("via:")]
        lines = [f"SIP/2.0 {status} {reason}", *vias]
        lines += [f"From: {request.headers['from']}", f"To: {to}", f"Call-ID: {request.headers['call-id']}"]
        lines += [f"CSeq: {request.headers['cseq']}", f"User-Agent: {self.agent}"]
        lines += headers or (f"Contact: <{self.contact}>",)
        self._send(lines + (["Content-Type: application/sdp"] if body else []), body)

    def _listen(self) -> None:
        while True:
            data, _ = self._socket.recvfrom(65536)
            if not data:
                return
            if len(data) < 8:  # a keep-alive
                continue
            message = parse(data.decode("utf-8", "replace"))
            self.seen.append(message)
            if message.status:
                self._responses[message.headers["call-id"]].put(message)
            else:
                self._serve(message)

    def _serve(self, request: Message) -> None:
        match request.method:
            case "INVITE":
                self._ring(request)
            case "CANCEL":
                self._respond(request, 200, "OK")
                if self.ringing and self.ringing.invite:
                    self._respond(self.ringing.invite, 487, "Request Terminated")
                self.ended.set()
            case "BYE":
                self._respond(request, 200, "OK")
                self.ended.set()
            case "ACK":
                pass
            case _:
                self._respond(request, 200, "OK")

    def _ring(self, invite: Message) -> None:
        if "tag=" in invite.headers["to"]:  # the call goes on with other terms
            self._respond(invite, 200, "OK", self._sdp())
            return
        local = f"{invite.headers['to']};tag={self.login}{self.port}"
        remote_contact = invite.headers["contact"].strip("<>")
        self.ringing = Dialog(invite.headers["call-id"], local, invite.headers["from"], remote_contact, invite=invite)
        self.rang_at = time.time()
        self.ended.clear()
        match self.behaviour:
            case "busy":
                self._respond(invite, 486, "Busy Here")
            case "decline":
                self._respond(invite, 603, "Decline")
            case int(status):
                self._respond(invite, status, "As told")
            case _:
                self._respond(invite, 180, "Ringing")
                if self.behaviour == "answer":
                    self.answer()
        self.rang.set()
