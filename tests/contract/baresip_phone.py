"""The same phone language (``tests.contract.phone``) spoken to baresip: a second, unrelated SIP stack.

baresip 1.0 is led over its ``ctrl_tcp`` module (netstrings of JSON) and knows one call at a time here: register, dial,
answer, refuse, hang up, keys by RFC 2833, a tone and a recording. What only its screen says (who calls by name, where the
recording is) is read from its standard output. It cannot send SIP INFO or do an attended transfer.
"""

import json
import math
import os
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import time
import wave
from pathlib import Path
from typing import Any

from telling import tell

RATE = 8000
TONE_SECONDS = 120
BUSY = 486
REGISTRATION_SECONDS = 120
MODULES = Path("/usr/lib/baresip/modules")
CONFIG = """\
poll_method epoll
sip_listen 127.0.0.1:{sip_port}
net_interface 127.0.0.1
rtp_ports {rtp_port}-{rtp_last}
audio_source aufile,{folder}/tone.wav
audio_player none,none
ausrc_srate 8000
auplay_srate 8000
call_max_calls 1
module_path {modules}
module g711.so
module aufile.so
module sndfile.so
snd_path {folder}
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control_port}
"""
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
RECORDING = re.compile(r"sndfile: dumping decode audio to (\S+)")
CALLER = re.compile(r"Incoming call from: (.*?) ?sips?:([^@;>]*)\S* - \(press 'a' to accept\)")


def write_tone(path: Path, frequency: int) -> None:
    """A file of a sine tone; silence for frequency 0."""
    second = b"".join(struct.pack("<h", round(9000 * math.sin(2 * math.pi * frequency * at / RATE))) for at in range(RATE))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(second * TONE_SECONDS)


class UnableError(Exception):
    """baresip has no such thing."""


class Phone:
    """One baresip. Public methods are commands; ``look`` turns what it reports into events."""

    def __init__(self, setup: dict[str, Any]) -> None:
        self.setup = setup
        self.count = 0
        self.ended_here = False
        self.folder = Path(setup["folder"]) / f"{setup['name']}-baresip"
        self.program = self.start()
        self.screen, self.pending = b"", b""
        self.control = self.connect()
        self.sign(0)

    def start(self) -> subprocess.Popen[bytes]:
        self.folder.mkdir(parents=True, exist_ok=True)
        setup = self.setup
        write_tone(self.folder / "tone.wav", setup["tone"])
        (self.folder / "accounts").touch()
        (self.folder / "contacts").touch()
        (self.folder / "config").write_text(
            CONFIG.format(
                sip_port=setup["sip_port"],
                rtp_port=setup["rtp_port"],
                rtp_last=setup["rtp_port"] + setup["rtp_range"] - 1,
                control_port=self.control_port,
                folder=self.folder,
                modules=MODULES,
            )
        )
        command = ["baresip", "-f", str(self.folder)]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    @property
    def control_port(self) -> int:
        return self.setup["sip_port"] + 2  # baresip takes the one after its SIP port for TLS

    def connect(self) -> socket.socket:
        deadline = time.monotonic() + 5
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.control_port))
            except ConnectionRefusedError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    def say(self, command: str, params: str = "") -> None:
        body = json.dumps({"command": command, "params": params, "token": command}).encode()
        self.control.sendall(b"%d:%s," % (len(body), body))

    def sign(self, seconds: int) -> None:
        """Be reachable under our login; registered where ``seconds`` is not 0. baresip 1.0 can only do that anew."""
        login, password, domain = self.setup["login"], self.setup["password"], self.setup["domain"]
        address = f"<sip:{login}@{domain}>"
        options = f'auth_user={login};auth_pass={password};outbound="sip:{self.setup["proxy"]}";regint={seconds}'
        self.say("uanew", f"{address};{options};answermode=manual;audio_codecs=pcma,pcmu;mwi=no")

    def sign_off(self) -> None:
        self.say("uadel", f"sip:{self.setup['login']}@{self.setup['domain']}")

    def register(self) -> None:
        self.sign_off()
        self.sign(REGISTRATION_SECONDS)

    def unregister(self) -> None:
        self.sign_off()
        self.sign(0)

    def dial(self, number: str) -> str:
        self.count += 1
        self.ended_here = False
        self.say("dial", f"sip:{number}@{self.setup['domain']}")
        return str(self.count)

    def answer(self, call: str) -> None:
        self.say("accept")

    def hangup(self, call: str, code: int = 0) -> None:
        if code not in (0, BUSY):
            raise UnableError(f"baresip 1.0 refuses with {BUSY} only, not with {code}")
        self.ended_here = True
        self.say("hangup")

    def drop(self) -> None:
        self.ended_here = True
        self.say("hangupall")

    def press(self, call: str, digits: str, method: str) -> None:
        if method != "rfc2833":
            raise UnableError(f"baresip cannot send keys by {method}")
        for digit in digits:
            self.say("sndcode", digit)

    def refer(self, call: str, number: str) -> None:
        self.say("transfer", f"sip:{number}@{self.setup['domain']}")

    def look(self, data: bytes) -> None:
        """Netstrings from the control connection."""
        self.pending += data
        while True:
            length, colon, rest = self.pending.partition(b":")
            if not colon or len(rest) <= int(length):
                return
            message = json.loads(rest[: int(length)].decode(errors="replace"))
            self.pending = rest[int(length) + 1 :]
            if "event" in message:
                self.happened(message)
            elif not message["ok"]:
                tell("refused", code=0, text=message["data"])

    def happened(self, message: dict[str, Any]) -> None:
        call, kind, param = str(self.count), message["type"], message.get("param", "")
        if kind == "REGISTER_OK":
            tell("registered")
        elif kind == "REGISTER_FAIL":
            tell("refused", code=code_of(param), text=param)
        elif kind == "UNREGISTERING":
            tell("unregistered")
        elif kind in ("CALL_RINGING", "CALL_PROGRESS"):
            tell("progress", call=call, code=180 if kind == "CALL_RINGING" else 183)
        elif kind == "CALL_ESTABLISHED":
            tell("answered", call=call)
        elif kind == "CALL_DTMF_START":
            tell("digit", call=call, digit=param, method="rfc2833")
        elif kind == "CALL_CLOSED":
            by = "us" if self.ended_here else "them"
            tell("ended", call=call, code=code_of(param), text=param, reason=None, by=by)

    def watch(self, data: bytes) -> None:
        """Lines from baresip's screen."""
        self.screen += data
        *lines, self.screen = self.screen.split(b"\n")
        for line in lines:
            text = ESCAPES.sub("", line.decode(errors="replace"))
            sys.stderr.write(text + "\n")
            if match := RECORDING.search(text):
                tell("hearing", call=str(self.count), file=match[1])
            elif match := CALLER.search(text):
                self.count += 1
                self.ended_here = False
                tell("ringing", call=str(self.count), number=match[2], name=match[1], invite="")


def code_of(param: str) -> int:
    """The SIP code a reason begins with; 200 where a call simply ended."""
    return int(param[:3]) if param[:3].isdecimal() else 200


def obey(phone: Phone, order: dict[str, Any]) -> None:
    number, name = order.pop("id"), order.pop("do")
    try:
        if not hasattr(phone, name):
            raise UnableError(f"baresip cannot {name}")
        tell("done", id=number, result=getattr(phone, name)(**order))
    except UnableError as error:
        tell("done", id=number, unable=str(error))


def main() -> None:
    setup = json.loads(sys.stdin.buffer.raw.readline())
    phone = Phone(setup)
    tell("ready")
    orders = b""
    screen = phone.program.stdout.fileno()
    try:
        while True:
            ready = select.select([0, phone.control, screen], [], [])[0]
            if screen in ready:
                phone.watch(os.read(screen, 65536))
            if phone.control in ready:
                phone.look(phone.control.recv(65536))
            if 0 in ready:
                data = os.read(0, 65536)
                if not data:
                    return
                *lines, orders = (orders + data).split(b"\n")
                for line in lines:
                    obey(phone, json.loads(line))
    finally:
        phone.program.send_signal(signal.SIGTERM)
        phone.program.wait(3)


if __name__ == "__main__":
    main()
