"""SIP messages as text, just as much as a test needs to read and write (RFC 3261, RFC 4566)."""

import hashlib
import re
import secrets
from dataclasses import dataclass

SDP = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP {number} 101\r\n"
    "a=rtpmap:{number} {name}\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n"
)


@dataclass(frozen=True)
class Message:
    """One SIP message: its first line, its headers with names in lower case (the last of a name wins), its body."""

    first: str
    headers: dict[str, str]
    body: str
    raw: str

    @property
    def status(self) -> int:
        """The status code; 0 for a request."""
        return int(self.first.split()[1]) if self.first.startswith("SIP/2.0") else 0

    @property
    def method(self) -> str:
        """INVITE, BYE …; for a response, the method it answers."""
        return self.headers["cseq"].split()[1]


def parse(raw: str) -> Message:
    """A SIP message from its text."""
    head, _, body = raw.partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Message(first, headers, body, raw)


def credentials(challenge: Message, method: str, uri: str, login: str, password: str) -> str:
    """The header that shows the password, as the challenge wants it (RFC 2617)."""
    proxy = challenge.status == 407
    text = challenge.headers["proxy-authenticate" if proxy else "www-authenticate"]
    fields = dict(re.findall(r'(\w+)="?([^",]+)"?', text))
    cnonce, count = secrets.token_hex(4), "00000001"
    secret = _md5(f"{login}:{fields['realm']}:{password}")
    proof = _md5(f"{secret}:{fields['nonce']}:{count}:{cnonce}:auth:{_md5(f'{method}:{uri}')}")
    given = {"username": login, "realm": fields["realm"], "nonce": fields["nonce"], "uri": uri, "response": proof}
    quoted = ", ".join(f'{name}="{value}"' for name, value in given.items())
    header = "Proxy-Authorization" if proxy else "Authorization"
    return f'{header}: Digest {quoted}, algorithm=MD5, cnonce="{cnonce}", qop=auth, nc={count}'


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
