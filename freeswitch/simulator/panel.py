"""The two things FreeSWITCH asks and tells the panel's process over HTTP: mod_xml_curl and mod_json_cdr, played."""

import base64
import http.client
import json
import logging
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import gevent
from gevent import socket, ssl

from freeswitch.simulator.switch import DirectoryError

log = logging.getLogger(__name__)

DEADLINE = 5.0  # seconds for a whole question
MAX_ANSWER = 1_000_000  # bytes

Forget = Callable[[str | None], int]


class Panel:
    """Asks ``URL/switch/directory`` who an account is and posts ends of calls to ``URL/switch/ended``."""

    def __init__(self, url: str, secret: str, domain: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"the panel's address must look like http://HOST:PORT, not {url!r}")
        self._parts = parts
        self._authorization = "Basic " + base64.b64encode(f"switch:{secret}".encode()).decode("ascii")
        self._domain = domain
        self._remembered: dict[str, float] = {}  # login -> until when, by the monotonic clock

    def knows(self, login: str) -> bool:
        """Is there such an account? Raises DirectoryError. A cacheable answer is kept as long as it says."""
        until = self._remembered.get(login)
        if until is not None and time.monotonic() < until:
            return True
        user = _user_of(self._ask(login), login)
        if user is None:
            return False
        keep = user.get("cacheable", "")
        if keep.isdecimal():  # milliseconds
            self._remembered[login] = time.monotonic() + int(keep) / 1000
        return True

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
            status, _ = self._post("/switch/ended", body.encode("utf-8", "replace"), "application/json")
        except (OSError, http.client.HTTPException, gevent.Timeout) as error:
            log.warning("the end of leg %s could not be told: %s", variables.get("uuid"), error)
            return
        if status >= 300:
            log.warning("the end of leg %s could not be told: HTTP %s", variables.get("uuid"), status)

    def _ask(self, login: str) -> str:
        form = {
            "hostname": "simulator",
            "section": "directory",
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
        try:
            status, answer = self._post("/switch/directory", urlencode(form).encode(), "application/x-www-form-urlencoded")
        except (OSError, http.client.HTTPException, gevent.Timeout) as error:
            raise DirectoryError(f"the panel does not answer: {error}") from error
        if status != 200:
            raise DirectoryError(f"the panel answers with HTTP {status}")
        return answer

    def _post(self, path: str, body: bytes, kind: str) -> tuple[int, str]:
        connection = _Connection(self._parts.hostname or "", self._parts.port, self._parts.scheme == "https")
        headers = {"Content-Type": kind, "Authorization": self._authorization, "Connection": "close"}
        try:
            with gevent.Timeout(DEADLINE):
                connection.request("POST", self._parts.path.rstrip("/") + path, body, headers)
                response = connection.getresponse()
                return response.status, response.read(MAX_ANSWER).decode("utf-8", "replace")
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


def _user_of(answer: str, login: str) -> ElementTree.Element | None:
    """The ``<user>`` of a directory document; None when it says ``not found`` or holds somebody else."""
    if "<!DOCTYPE" in answer or "<!ENTITY" in answer:  # no such thing belongs there, and entities can grow without end
        raise DirectoryError("the panel's answer is no directory document")
    try:
        document = ElementTree.fromstring(answer)  # noqa: S314 - without a DTD there is nothing to expand
    except ElementTree.ParseError as error:
        raise DirectoryError(f"the panel's answer is no XML: {error}") from error
    return next((user for user in document.iter("user") if user.get("id") == login), None)
