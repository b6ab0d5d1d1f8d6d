"""Settings: read once from the environment, checked at the border, frozen afterwards."""

import fcntl
import hashlib
import hmac
import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

EVENT_SOCKET_PORT = 8021

_HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?")


class SettingsError(Exception):
    """A setting is missing or wrong; the text is one line that names it."""


@dataclass(frozen=True)
class SwitchAddress:
    """Where one FreeSWITCH listens for us."""

    host: str
    port: int
    password: str = field(repr=False)

    @property
    def name(self) -> str:
        """What logs and the panel call it."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Settings:
    """Everything the environment decides. Secrets are hidden in the repr."""

    database_url: str = field(repr=False)
    switches: tuple[SwitchAddress, ...]
    own_switch: bool  # no FREESWITCH_URL was given: `make run` starts a switch of its own
    sip_domain: str
    sip_ip: str
    sip_port: int
    trunk_port: int
    rtp_ports: tuple[int, int]
    port: int
    panel_url: str
    lookup_secret: str = field(repr=False)
    secret_key: str = field(repr=False)
    log_level: str
    var: Path


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings from ``environ`` (default: the process's). Raises SettingsError; may create VAR and its secret key."""
    reader = _Reader(os.environ if environ is None else environ)
    var = Path(reader.text("VAR", "var"))
    secret_key = reader.text("SECRET_KEY", "") or _kept_secret(var)
    port = reader.port("PORT", 8000)
    sip_ip = reader.address("SIP_IP", "127.0.0.1")
    panel_url, lookup_secret = reader.panel_url("PANEL_URL", f"http://127.0.0.1:{port}")
    own = SwitchAddress("127.0.0.1", reader.port("EVENT_SOCKET_PORT", EVENT_SOCKET_PORT), _derived(secret_key, "esl"))
    switches = reader.switches("FREESWITCH_URL")
    sip_port = reader.port("SIP_PORT", 5060)
    return Settings(
        database_url=reader.database_url("DATABASE_URL", f"sqlite:///{var}/centralka.db"),
        switches=switches or (own,),
        own_switch=not switches,
        sip_domain=reader.domain("SIP_DOMAIN", sip_ip),
        sip_ip=sip_ip,
        sip_port=sip_port,
        trunk_port=reader.port("TRUNK_PORT", 5080, other_than=("SIP_PORT", sip_port)),
        rtp_ports=reader.port_range("RTP_PORTS", "16384-32768"),
        port=port,
        panel_url=panel_url,
        lookup_secret=lookup_secret or _derived(secret_key, "lookup"),
        secret_key=secret_key,
        log_level=reader.level("LOG_LEVEL", "info"),
        var=var,
    )


class _Reader:
    """One method per kind of setting; each names the setting when it complains."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str, default: str) -> str:
        value = self._environ.get(name, "").strip() or default
        if any(ord(character) < 32 for character in value):
            raise SettingsError(f"{name} holds a control character")
        return value

    def port(self, name: str, default: int, other_than: tuple[str, int] = ("", 0)) -> int:
        value = self.text(name, str(default))
        port = _port(value)
        if port is None:
            raise SettingsError(f"{name} must be a port from 1 to 65535, not {value!r}")
        if port == other_than[1]:
            raise SettingsError(f"{name} must be another port than {other_than[0]}, not {port}")
        return port

    def address(self, name: str, default: str) -> str:
        """Phones are told this one as where to answer, so «any address» would be none."""
        value = self.text(name, default)
        address = _ip_address(value)
        if address is None or address.is_unspecified or address.is_multicast:
            raise SettingsError(f"{name} must be an IP address of this machine, for example 192.168.1.10, not {value!r}")
        return str(address)

    def domain(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if not _HOST.fullmatch(value) and _ip_address(value) is None:
            raise SettingsError(f"{name} must be a host name or an address, for example sip.example.com, not {value!r}")
        return value

    def port_range(self, name: str, default: str) -> tuple[int, int]:
        value = self.text(name, default)
        low, _, high = value.partition("-")
        first, last = _port(low.strip()), _port(high.strip())
        if first is None or last is None or first >= last:
            raise SettingsError(f"{name} must be two ports, the lower first, for example 16384-32768, not {value!r}")
        return first, last

    def switches(self, name: str) -> tuple[SwitchAddress, ...]:
        url = self.text(name, "")
        found = tuple(_switch_address(name, part.strip()) for part in url.split(",")) if url else ()
        names = [address.name for address in found]
        if twice := next((each for each in names if names.count(each) > 1), None):
            raise SettingsError(f"{name} names {twice} twice")
        return found

    def level(self, name: str, default: str) -> str:
        value = self.text(name, default).lower()
        if value not in ("debug", "info", "warning", "error"):
            raise SettingsError(f"{name} must be debug, info, warning or error, not {value!r}")
        return value

    def database_url(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if not value.startswith(("sqlite:///", "postgresql://", "postgres://")):
            raise SettingsError(f"{name} must start with sqlite:/// or postgresql://")
        return value

    def panel_url(self, name: str, default: str) -> tuple[str, str]:
        """The address without its password, and the password: the secret the switch shows when it asks."""
        parts = _split(self.text(name, default))
        if parts is None or parts.scheme not in ("http", "https") or parts.query or parts.fragment:
            raise SettingsError(f"{name} must look like http://:SECRET@HOST:PORT")
        if parts.username and not parts.password:
            raise SettingsError(f"{name}: the shared secret stands after a colon: http://:SECRET@HOST:PORT")
        location = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{location}{parts.path.rstrip('/')}", unquote(parts.password or "")


def _port(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and 1 <= int(text) <= 65535 else None


def _ip_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _split(url: str) -> SplitResult | None:
    """The parts of an address; None where it names no host, a port that is none, or hides a control character."""
    try:
        parts = urlsplit(url)
        named = parts.port != 0 and bool(parts.hostname)  # asking for a wrong port raises
    except ValueError:
        return None
    good = _HOST.fullmatch(parts.hostname or "") or _ip_address(parts.hostname or "")
    return parts if named and good and unquote(url).isprintable() else None


def _switch_address(name: str, url: str) -> SwitchAddress:
    before, _, port = url.rpartition(":")
    if before.startswith("esl:") and port.isdecimal() and _port(port) is None:
        raise SettingsError(f"{name} has a wrong port")
    parts = _split(url)
    if parts is None or parts.scheme != "esl" or not parts.hostname or not parts.password:
        raise SettingsError(f"{name} must look like esl://:PASSWORD@HOST:PORT")
    return SwitchAddress(parts.hostname, parts.port or EVENT_SOCKET_PORT, unquote(parts.password))


def _kept_secret(var: Path) -> str:
    """The secret key made on the first start; only its owner may read the file."""
    path = var / "secret-key"
    try:
        var.mkdir(parents=True, exist_ok=True)
        with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # whoever starts at the same time shall read the same one, and not half of it
            secret = file.read().strip()
            if not secret:  # with none, whoever likes could sign a session
                secret = secrets.token_urlsafe(32)
                file.write(secret + "\n")
    except FileExistsError:
        raise SettingsError(f"VAR: {var} is no folder") from None
    except OSError as error:
        raise SettingsError(f"VAR: cannot use {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"VAR: {path} holds no secret; remove it, and a new one is made") from None
    return secret


def _derived(secret_key: str, purpose: str) -> str:
    """A secret of its own for each purpose, so that the one on the wire does not reveal the one that signs cookies."""
    return hmac.new(secret_key.encode(), purpose.encode(), hashlib.sha256).hexdigest()[:32]
