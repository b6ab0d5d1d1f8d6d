"""The panel's process as the simulator's tests need it: over real HTTP, behind the shared secret."""

import base64
import json
from typing import Any
from urllib.parse import parse_qs

from gevent.pywsgi import WSGIServer

from tests.freeswitch.simulated import DOMAIN

SECRET = "shared"
TRUNKS = """
  <document type="freeswitch/xml"><section name="directory"><domain name="trunks">
    <user id="trunk-1"><gateways><gateway name="trunk-1"><params>
      <param name="proxy" value="127.0.0.1:5099"/><param name="register" value="false"/>
    </params><variables><variable name="pbx_mark" value="m1"/></variables></gateway></gateways></user>
    <user id="trunk-2"><gateways><gateway name="trunk-2"><params>
      <param name="register" value="true"/>
    </params></gateway></gateways></user>
  </domain></section></document>"""
ACCOUNTS = (
    '<document type="freeswitch/xml"><section name="directory"><domain name="accounts"><user id="102" mark="m2"/></domain>'
    "</section></document>"
)
FOUND = (
    '<document type="freeswitch/xml"><section name="directory"><domain name="{domain}"><groups><group name="all"><users>{user}'
)
FOUND += "</users></group></groups></domain></section></document>"
MISSING = '<document type="freeswitch/xml"><section name="result"><result status="not found"/></section></document>'


class PanelProcess:
    """A few lines of a panel: knows some accounts, two trunks and some recordings, and keeps what it is told."""

    def __init__(self) -> None:
        self.accounts = {"101": "", "102": "600000"}
        self.asked: list[dict[str, str]] = []
        self.ended: list[dict[str, Any]] = []
        self.sounds: dict[str, bytes] = {}
        self.fetched: list[str] = []
        self.answer: tuple[str, str] | None = None
        self._server = WSGIServer(("127.0.0.1", 0), self._application, log=None)
        self._server.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def _application(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        body = environ["wsgi.input"].read()
        wanted = "Basic " + base64.b64encode(f"switch:{SECRET}".encode()).decode()
        if environ.get("HTTP_AUTHORIZATION") != wanted:
            start_response("401 Unauthorized", [])
            return [b""]
        if environ["PATH_INFO"] in self.sounds:
            start_response("200 OK", [("Content-Type", "audio/wav")])
            self.fetched.append(environ["PATH_INFO"])
            return [self.sounds[environ["PATH_INFO"]]]
        if environ["PATH_INFO"].startswith("/switch/sounds"):
            start_response("404 Not Found", [])
            return [b""]
        if environ["PATH_INFO"] == "/switch/ended":
            self.ended.append(json.loads(body))
            start_response("200 OK", [])
            return [b""]
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        self.asked.append(form)
        found = TRUNKS if form.get("purpose") == "gateways" else ACCOUNTS if "user" not in form else self._entry(form["user"])
        status, text = self.answer or ("200 OK", found)
        start_response(status, [("Content-Type", "text/xml")])
        return [text.encode()]

    def _entry(self, login: str) -> str:
        if login not in self.accounts:
            return MISSING
        params = '<params><param name="mark" value="m1"/></params>'
        cacheable = self.accounts[login] and f' cacheable="{self.accounts[login]}"'
        variables = '<variables><variable name="pbx_presents" value="+48221234567"/></variables>'
        return FOUND.format(domain=DOMAIN, user=f'<user id="{login}"{cacheable}>{params}{variables}</user>')

    def stop(self) -> None:
        self._server.stop(timeout=0)
