"""SIP messages as text, just as much as a test needs to read and write (RFC 3261, RFC 4566)."""

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
