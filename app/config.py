"""Settings: read once from the environment, checked at the border, frozen afterwards."""

import hashlib
import hmac
import ipaddress
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

EVENT_SOCKET_PORT = 8021


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
    url = reader.text("FREESWITCH_URL", "")
    panel_url, lookup_secret = reader.panel_url("PANEL_URL", f"http://127.0.0.1:{port}")
    own = SwitchAddress("127.0.0.1", reader.port("EVENT_SOCKET_PORT", EVENT_SOCKET_PORT), _derived(secret_key, "esl"))
    return Settings(
        database_url=reader.database_url("DATABASE_URL", f"sqlite:///{var}/centralka.db"),
        switches=tuple(_switch_address(part.strip()) for part in url.split(",")) if url else (own,),
        own_switch=not url,
        sip_domain=reader.text("SIP_DOMAIN", "") or sip_ip,
        sip_ip=sip_ip,
        sip_port=reader.port("SIP_PORT", 5060),
        trunk_port=reader.port("TRUNK_PORT", 5080),
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

    def port(self, name: str, default: int) -> int:
        return _port(name, self.text(name, str(default)))

    def address(self, name: str, default: str) -> str:
        value = self.text(name, default)
        try:
            return str(ipaddress.ip_address(value))
        except ValueError:
            raise SettingsError(f"{name} must be an IP address, for example 192.168.1.10, not {value!r}") from None

    def port_range(self, name: str, default: str) -> tuple[int, int]:
        low, _, high = self.text(name, default).partition("-")
        first, last = _port(name, low), _port(name, high)
        if first >= last:
            raise SettingsError(f"{name} must be two ports, the lower first, for example 16384-32768")
        return first, last

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
        parts = urlsplit(self.text(name, default))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(f"{name} must look like http://HOST:PORT")
        location = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{location}{parts.path.rstrip('/')}", unquote(parts.password or "")


def _port(name: str, text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise SettingsError(f"{name} must be a port from 1 to 65535, not {text!r}")
    return int(text)


def _switch_address(url: str) -> SwitchAddress:
    parts = urlsplit(url)
    try:
        port = parts.port or EVENT_SOCKET_PORT
    except ValueError:
        raise SettingsError("FREESWITCH_URL has a wrong port") from None
    if parts.scheme != "esl" or not parts.hostname or not parts.password:
        raise SettingsError("FREESWITCH_URL must look like esl://:PASSWORD@HOST:PORT")
    return SwitchAddress(parts.hostname, port, unquote(parts.password))


def _kept_secret(var: Path) -> str:
    """The secret key made on the first start; only its owner may read the file."""
    path = var / "secret-key"
    try:
        var.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    except OSError as error:
        raise SettingsError(f"VAR: cannot write {path}: {error.strerror}") from None
    with os.fdopen(descriptor, "w") as file:
        secret = secrets.token_urlsafe(32)
        file.write(secret + "\n")
    return secret


def _derived(secret_key: str, purpose: str) -> str:
    """A secret of its own for each purpose, so that the one on the wire does not reveal the one that signs cookies."""
    return hmac.new(secret_key.encode(), purpose.encode(), hashlib.sha256).hexdigest()[:32]
