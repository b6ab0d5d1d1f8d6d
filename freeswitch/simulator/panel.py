"""What FreeSWITCH asks and tells the panel's process over HTTP: mod_xml_curl, mod_json_cdr and mod_http_cache, played."""

import base64
import http.client
import json
import logging
import math
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import gevent
from gevent import socket, ssl

from freeswitch.simulator.dialplan import Dialplan
from freeswitch.simulator.gateways import PROFILE as TRUNKS
from freeswitch.simulator.gateways import DirectoryError, Gateway
from freeswitch.simulator.phrases import Phrases
from freeswitch.simulator.recordings import Recordings

log = logging.getLogger(__name__)

DEADLINE = 5.0  # seconds for a whole question
MAX_ANSWER = 20_000_000  # bytes: a recording of twenty minutes

ACCOUNTS = "accounts"

_FORM = "application/x-www-form-urlencoded"

Forget = Callable[[str | None], int]
Mark = Callable[[str], str]
Wanted = Callable[[], str]


class Panel:
    """Asks ``URL/switch/directory`` for accounts and trunks, fetches recordings, posts ends to ``URL/switch/ended``."""

    def __init__(self, url: str, secret: str, domain: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"the panel's address must look like http://HOST:PORT, not {url!r}")
        self._url = url.rstrip("/")
        self._parts = parts
        self._authorization = "Basic " + base64.b64encode(f"switch:{secret}".encode()).decode("ascii")
        self._domain = domain
        self._remembered: dict[str, float] = {}  # login -> until when, by the monotonic clock
        self._marks: dict[str, str] = {}
        self._variables: dict[str, Mapping[str, str]] = {}  # login -> what the last answer puts on its calls

    def serves(self) -> dict[str, Any]:
        """All that a simulator can have from it, by the names of `Simulator`'s arguments."""
        return {
            "directory": self.knows,
            "forget": self.forget,
            "mark": self.mark,
            "accounts": self.accounts,
            "ended": self.ended,
            "trunks": self.trunks,
            "account_variables": self.variables,
            "recordings": Recordings(self.fetch),
            "extensions": Dialplan(settings={"panel_url": self._url}),
            "phrases": Phrases(settings={"panel_url": self._url}),
        }

    def knows(self, login: str) -> bool:
        """Is there such an account? Raises DirectoryError. A cacheable answer is kept as long as it says."""
        until = self._remembered.get(login)
        if until is not None and time.monotonic() < until:
            return True
        users = _document(self._ask(self._account(login))).iter("user")
        user = next((user for user in users if user.get("id") == login), None)
        if user is None:
            return False
        self._variables[login] = _named(user, "variables/variable")
        self._marks[login] = _named(user, "params/param").get("mark", "")
        if keep := user.get("cacheable", ""):  # milliseconds; any other word means for good
            self._remembered[login] = time.monotonic() + (int(keep) / 1000 if keep.isdecimal() else math.inf)
        return True

    def variables(self, login: str) -> Mapping[str, str]:
        """What stands on every leg that a known account starts."""
        return self._variables.get(login, {})

    def mark(self, login: str) -> str:
        """``user_data LOGIN@… param mark``: as it is remembered, else as the panel says it; empty for none."""
        try:
            return self._marks[login] if self.knows(login) else ""
        except DirectoryError as error:
            log.error("an account could not be asked for: %s", error)
            return ""

    def accounts(self) -> str:
        """``xml_locate directory domain name accounts``. Raises DirectoryError."""
        answer = _document(self._ask({"tag_name": "domain", "key_name": "name", "key_value": ACCOUNTS, "domain": ACCOUNTS}))
        return ElementTree.tostring(next(answer.iter("domain"), ElementTree.Element("domain")), encoding="unicode")

    def trunks(self) -> list[Gateway]:
        """The gateways there should be (``sofia.c``, parse_domain_tag). Raises DirectoryError."""
        form = {"tag_name": "domain", "key_name": "name", "key_value": TRUNKS, "purpose": "gateways", "profile": TRUNKS}
        return [_gateway(element) for element in _document(self._ask(form)).iterfind(".//domain/user/gateways/gateway")]

    def fetch(self, url: str) -> bytes:
        """A recording of its own. Raises DirectoryError."""
        parts = urlsplit(url)
        if (parts.scheme, parts.hostname, parts.port) != (self._parts.scheme, self._parts.hostname, self._parts.port):
            raise DirectoryError(f"{url} is not an address of the panel")
        return self._answer("GET", parts.path, b"", "")

    def forget(self, login: str | None) -> int:
        """``xml_flush_cache``: forget one account or all; how many were remembered."""
        if login is not None:
            return 1 if self._remembered.pop(login, None) is not None else 0
        count = len(self._remembered)
        self._remembered.clear()
        return count

    def ended(self, variables: Mapping[str, Any]) -> None:
        """Post the end of a caller's leg, in the background; what fails is logged and hurts nobody."""
        gevent.spawn(self._post_end, dict(variables))

    def _post_end(self, variables: Mapping[str, Any]) -> None:
        body = json.dumps({"core-uuid": variables.get("Core-UUID", ""), "variables": variables}, ensure_ascii=False)
        try:
            path = self._path("/switch/ended")
            status, _ = self._request("POST", path, body.encode("utf-8", "replace"), "application/json")
        except (OSError, http.client.HTTPException, gevent.Timeout) as error:
            log.warning("the end of leg %s could not be told: %s", variables.get("uuid"), error)
            return
        if status >= 300:
            log.warning("the end of leg %s could not be told: HTTP %s", variables.get("uuid"), status)

    def _account(self, login: str) -> dict[str, str]:
        return {
            "tag_name": "domain",
            "key_name": "name",
            "key_value": self._domain,
            "action": "sip_auth",
            "sip_profile": "phones",
            "sip_auth_username": login,
            "sip_auth_realm": self._domain,
            "key": "id",
            "user": login,
            "domain": self._domain,
        }

    def _ask(self, question: Mapping[str, str]) -> str:
        form = {"hostname": "simulator", "section": "directory", **question}
        body = urlencode(form).encode()
        return self._answer("POST", self._path("/switch/directory"), body, _FORM).decode("utf-8", "replace")

    def _answer(self, method: str, path: str, body: bytes, kind: str) -> bytes:
        try:
            status, answer = self._request(method, path, body, kind)
        except (OSError, http.client.HTTPException, gevent.Timeout) as error:
            raise DirectoryError(f"the panel does not answer: {error}") from error
        if status != 200:
            raise DirectoryError(f"the panel answers with HTTP {status}")
        return answer

    def _path(self, path: str) -> str:
        return self._parts.path.rstrip("/") + path

    def _request(self, method: str, path: str, body: bytes, kind: str) -> tuple[int, bytes]:
        connection = _Connection(self._parts.hostname or "", self._parts.port, self._parts.scheme == "https")
        headers = {"Authorization": self._authorization, "Connection": "close"} | ({"Content-Type": kind} if kind else {})
        try:
            with gevent.Timeout(DEADLINE):
                connection.request(method, path, body, headers)
                response = connection.getresponse()
                return response.status, response.read(MAX_ANSWER)
        finally:
            connection.close()


class _Connection(http.client.HTTPConnection):
    """Waits for the network without holding up the other greenlets, whether the process is patched or not."""

    def __init__(self, host: str, port: int | None, secure: bool) -> None:
        super().__init__(host, port or (443 if secure else 80), timeout=DEADLINE)
        self._secure = secure

    def connect(self) -> None:
        connected = socket.create_connection((self.host, self.port), DEADLINE)
        context = ssl.create_default_context() if self._secure else None
        self.sock = context.wrap_socket(connected, server_hostname=self.host) if context else connected


def _document(answer: str) -> ElementTree.Element:
    """A directory document; an empty section when it says ``not found``."""
    if "<!DOCTYPE" in answer or "<!ENTITY" in answer:  # no such thing belongs there, and entities can grow without end
        raise DirectoryError("the panel's answer is no directory document")
    try:
        return ElementTree.fromstring(answer)  # noqa: S314 - without a DTD there is nothing to expand
    except ElementTree.ParseError as error:
        raise DirectoryError(f"the panel's answer is no XML: {error}") from error


def _gateway(element: ElementTree.Element) -> Gateway:
    name, given = element.get("name", ""), _named(element, "params/param")
    proxy, registers = given.get("proxy", name), given.get("register") != "false"
    return Gateway(name, proxy, registers, variables=_named(element, "variables/variable"))


def _named(element: ElementTree.Element, path: str) -> dict[str, str]:
    return {each.get("name", ""): each.get("value", "") for each in element.iterfind(path)}
