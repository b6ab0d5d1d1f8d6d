"""A SIP phone without a person: PJSIP behind JSON lines.

Run by an interpreter that has pjsua2 (the tests' own environment hasn't), so it uses the standard library only.
The first line on stdin sets it up, each further one is a command, each line on stdout is an event; ``tests.contract.phone``
lists them. The end of stdin ends it, so it can't outlive its test. Each call gets the phone's own sine tone and is recorded
to a WAV file of 8000 Hz mono. ``PHONE_LOG=1`` writes the SIP messages beside the recordings.

One thread only: PJSIP's callbacks run inside ``libHandleEvents`` (``threadCnt = 0``, ``mainThreadOnly``), because Python code
called from PJSIP's own threads deadlocks sooner or later (pjsip documentation, "Problems with GC in pjsua2").
"""

import json
import os
import select
import sys
import time
from collections.abc import Iterator
from typing import Any

import pjsua2 as pj
from addresses import DISPLAYS, displayed, header
from pjsip_settings import AGENT, audio, reply
from telling import tell

RATE = 8000
CODECS = {"PCMA/8000/1": 255, "PCMU/8000/1": 254}  # all others off: an INVITE with a dozen codecs outgrows a UDP packet
TURN_MS = 10
GOODBYE_SECONDS = 1.0


class Conversation(pj.Call):
    """One call: tells what happens to it, sings into it, writes down what it hears."""

    def __init__(self, phone: "Phone", call_id: int = pj.PJSUA_INVALID_ID) -> None:
        super().__init__(phone, call_id)
        self.phone = phone
        self.key = phone.next_key()
        self.ear = None
        self.shown = ("", "")
        self.ended_because = ""
        self.ended_here = False

    def onCallState(self, prm: pj.OnCallStateParam) -> None:  # noqa: N802
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_EARLY and info.role == pj.PJSIP_ROLE_UAC:
            tell("progress", call=self.key, code=info.lastStatusCode)
        elif info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            tell("answered", call=self.key)
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            tell(
                "ended",
                call=self.key,
                code=info.lastStatusCode,
                text=info.lastReason,
                reason=self.ended_because,
                by="us" if self.ended_here else "them",
            )
            self.phone.forget(self)

    def onCallMediaState(self, prm: pj.OnCallMediaStateParam) -> None:  # noqa: N802
        info = self.getInfo()  # SWIG frees the list with it
        active = (pj.PJSUA_CALL_MEDIA_ACTIVE, pj.PJSUA_CALL_MEDIA_REMOTE_HOLD)
        if not any(media.type == pj.PJMEDIA_TYPE_AUDIO and media.status in active for media in info.media):
            return
        media = self.getAudioMedia(-1)
        if self.ear is None:
            self.ear = pj.AudioMediaRecorder()
            path = os.path.join(self.phone.folder, f"{self.phone.name}-{self.key}.wav")
            self.ear.createRecorder(path)
            tell("hearing", call=self.key, file=path)
        media.startTransmit(self.ear)
        if self.phone.voice:
            self.phone.voice.startTransmit(media)

    def onCallTsxState(self, prm: pj.OnCallTsxStateParam) -> None:  # noqa: N802
        change = prm.e.body.tsxState
        if change.type != pj.PJSIP_EVENT_RX_MSG:
            return
        message = change.src.rdata.wholeMsg
        if change.tsx.method == "CANCEL" or message.startswith("BYE "):
            self.ended_because = header(message, "Reason")
        elif change.tsx.method in ("INVITE", "UPDATE"):
            self.look_at_display(message)

    def look_at_display(self, message: str) -> None:
        """Whom the phone's display names now, if the message says so in any of the usual ways."""
        for name in DISPLAYS:
            value = header(message, name)
            if value and (shown := displayed(value)) != self.shown:
                self.shown = shown
                tell("display", call=self.key, number=shown[0], name=shown[1])
                return

    def onDtmfDigit(self, prm: pj.OnDtmfDigitParam) -> None:  # noqa: N802
        method = "info" if prm.method == pj.PJSUA_DTMF_METHOD_SIP_INFO else "rfc2833"
        tell("digit", call=self.key, digit=prm.digit, method=method)

    def onCallTransferStatus(self, prm: pj.OnCallTransferStatusParam) -> None:  # noqa: N802
        tell("transfer", call=self.key, code=prm.statusCode, final=prm.finalNotify)


class Phone(pj.Account):
    """One registration and its calls. Every public method is a command; what it returns goes into the reply."""

    def __init__(self, setup: dict[str, Any]) -> None:
        super().__init__()
        self.name, self.folder, self.domain, self.proxy = setup["name"], setup["folder"], setup["domain"], setup["proxy"]
        self.calls = {}
        self.signed_on = False
        self.count = 0
        self.voice = self.sing(setup["tone"]) if setup["tone"] else None
        config = pj.AccountConfig()
        config.idUri = f"sip:{setup['login']}@{self.domain}"
        config.regConfig.registrarUri = f"sip:{self.domain}"
        config.regConfig.registerOnAdd = False
        config.regConfig.retryIntervalSec = 0
        config.regConfig.timeoutSec = 120
        config.sipConfig.proxies.append(f"sip:{self.proxy};lr")
        config.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", setup["login"], 0, setup["password"]))
        config.natConfig.contactRewriteUse = 0
        config.natConfig.viaRewriteUse = 0
        config.natConfig.udpKaIntervalSec = 0
        config.mediaConfig.transportConfig.boundAddress = "127.0.0.1"
        config.mediaConfig.transportConfig.port = setup["rtp_port"]
        config.mediaConfig.transportConfig.portRange = setup["rtp_range"]
        self.create(config)

    @staticmethod
    def sing(frequency: int) -> pj.ToneGenerator:
        """An endless sine tone of ``frequency`` Hz."""
        voice = pj.ToneGenerator()
        voice.createToneGenerator(RATE)
        tone = pj.ToneDesc()
        tone.freq1, tone.freq2, tone.on_msec, tone.off_msec, tone.volume = frequency, 0, 1000, 0, 10000
        tones = pj.ToneDescVector()
        tones.append(tone)
        voice.play(tones, True)
        return voice

    def next_key(self) -> str:
        self.count += 1
        return str(self.count)

    def forget(self, call: Conversation) -> None:
        self.calls.pop(call.key, None)

    def onRegState(self, prm: pj.OnRegStateParam) -> None:  # noqa: N802
        if prm.code // 100 != 2:
            tell("refused", code=prm.code, text=prm.reason)
        else:
            self.signed_on = bool(prm.expiration)
            tell("registered" if self.signed_on else "unregistered")

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:  # noqa: N802
        call = Conversation(self, prm.callId)
        self.calls[call.key] = call
        call.answer(reply(pj.PJSIP_SC_RINGING))
        call.shown = displayed(header(prm.rdata.wholeMsg, "From"))
        tell("ringing", call=call.key, number=call.shown[0], name=call.shown[1], invite=prm.rdata.wholeMsg)

    def register(self) -> None:
        self.setRegistration(True)

    def unregister(self) -> None:
        self.setRegistration(False)

    def dial(self, number: str) -> str:
        call = Conversation(self)
        self.calls[call.key] = call
        call.makeCall(f"sip:{number}@{self.domain}", audio())
        return call.key

    def answer(self, call: str) -> None:
        self.calls[call].answer(reply(pj.PJSIP_SC_OK))

    def hangup(self, call: str, code: int = 0) -> None:
        end = pj.CallOpParam()
        end.statusCode = code
        self.calls[call].ended_here = True
        self.calls[call].hangup(end)

    def living(self) -> int:
        return len(self.calls)

    def drop(self) -> None:
        for call in list(self.calls):
            self.hangup(call)

    def hold(self, call: str) -> None:
        self.calls[call].setHold(pj.CallOpParam())

    def resume(self, call: str) -> None:
        again = audio()
        again.opt.flag = pj.PJSUA_CALL_UNHOLD
        self.calls[call].reinvite(again)

    def press(self, call: str, digits: str, method: str) -> None:
        send = pj.CallSendDtmfParam()
        send.digits = digits
        send.duration = 100
        send.method = pj.PJSUA_DTMF_METHOD_SIP_INFO if method == "info" else pj.PJSUA_DTMF_METHOD_RFC2833
        self.calls[call].sendDtmf(send)

    def refer(self, call: str, number: str) -> None:
        self.calls[call].xfer(f"<sip:{number}@{self.domain}>", audio())

    def join(self, call: str, other: str) -> None:
        self.calls[call].xferReplaces(self.calls[other], audio())


def open_endpoint(setup: dict[str, Any]) -> pj.Endpoint:
    """PJSIP without threads, without a sound card, bound to this machine only."""
    endpoint = pj.Endpoint()
    endpoint.libCreate()
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.uaConfig.maxCalls = 16
    config.uaConfig.userAgent = AGENT
    config.logConfig.level = config.logConfig.consoleLevel = 0
    if os.environ.get("PHONE_LOG"):
        trace = os.path.join(setup["folder"], f"{setup['name']}.log")
        config.logConfig.level, config.logConfig.filename, config.logConfig.msgLogging = 4, trace, 1
    config.medConfig.clockRate = config.medConfig.sndClockRate = RATE
    config.medConfig.noVad = True
    config.medConfig.ecTailLen = 0
    config.medConfig.quality = 3
    endpoint.libInit(config)
    transport = pj.TransportConfig()
    transport.boundAddress, transport.port = "127.0.0.1", setup["sip_port"]
    endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
    endpoint.libStart()
    for codec in endpoint.codecEnum2():
        endpoint.codecSetPriority(codec.codecId, CODECS.get(codec.codecId, 0))
    endpoint.audDevManager().setNullDev()
    return endpoint


def obey(phone: Phone, order: dict[str, Any]) -> None:
    """Run one command; a refusal by PJSIP is told, not raised, because the driver decides what it means."""
    number, name = order.pop("id"), order.pop("do")
    try:
        tell("done", id=number, result=getattr(phone, name)(**order))
    except (pj.Error, KeyError) as error:
        reason = error.info() if isinstance(error, pj.Error) else f"no call {error}"
        tell("done", id=number, error=reason)


def lines(pending: bytes = b"") -> Iterator[dict[str, Any] | None]:
    """Whole lines from stdin as they come; None when there is none yet; ends with stdin."""
    while True:
        if select.select([0], [], [], 0)[0]:  # never waits: PJSIP's turn is the wait
            chunk = os.read(0, 65536)
            if not chunk:
                return
            pending += chunk
        line, newline, rest = pending.partition(b"\n")
        pending = rest if newline else line
        yield json.loads(line) if newline else None


def main() -> None:
    setup = json.loads(sys.stdin.buffer.raw.readline())  # unbuffered, so that the commands stay for lines()
    endpoint = open_endpoint(setup)
    phone = Phone(setup)
    tell("ready")
    for order in lines():
        if order is None:
            endpoint.libHandleEvents(TURN_MS)
        else:
            obey(phone, order)
    leave(endpoint, phone)
    os._exit(0)  # libDestroy would wait a second for replies nobody needs


def leave(endpoint: pj.Endpoint, phone: Phone) -> None:
    """Hang up and sign off, so that nobody rings a phone that is not there any more."""
    endpoint.hangupAllCalls()
    if phone.signed_on:
        phone.unregister()
    deadline = time.monotonic() + GOODBYE_SECONDS
    while (phone.calls or phone.signed_on) and time.monotonic() < deadline:
        endpoint.libHandleEvents(TURN_MS)


if __name__ == "__main__":
    main()
