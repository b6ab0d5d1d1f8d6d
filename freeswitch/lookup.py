"""The door for the switch in the panel's process: it asks for accounts, trunks and sounds here, and tells how calls ended.

Three addresses, all behind one shared secret (HTTP basic authentication, user ``switch``):

- ``/switch/directory``: mod_xml_curl asks for an account when a phone registers or calls for the first time, and when it is
  called; for the trunks when it starts; and for whatever the controller lets it ask.
- ``/switch/sounds/<id>-<version>.wav``: mod_http_cache asks once for each recording that tenants have uploaded.
- ``/switch/ended``: mod_json_cdr reports every caller's leg that has ended.
"""

import hmac
import logging
import secrets
from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import BadRequest, Unauthorized
from werkzeug.exceptions import NotFound as NoSuchPage

from app.services.errors import NotFound
from app.services.lookup import Entry, Gateway, Lookup
from app.services.sounds import Sounds
from freeswitch import cdr, marks, xml
from freeswitch.neighbours import Neighbours

log = logging.getLogger(__name__)

USER = "switch"
LARGEST_BODY = 256 * 1024
"""Bytes of one request: a report has 12 to 30 KB, a question 2 KB, one about a call from outside 10 KB."""

SOUND_SECONDS = 365 * 86_400  # a version's content never changes


def blueprint(lookup: Lookup, sounds: Sounds, secret: str, sip_domain: str) -> Blueprint:
    """All addresses, answered from ``lookup`` and ``sounds``. ``sip_domain`` is the only domain there are accounts in."""
    door = Blueprint("switch", __name__, url_prefix="/switch")
    directory_of = Directory(lookup, secret, sip_domain)

    @door.before_request
    def refuse_strangers() -> None:
        request.max_content_length = LARGEST_BODY
        if not _is_the_switch(secret):
            raise Unauthorized(response=Response(status=401, headers={"WWW-Authenticate": 'Basic realm="switch"'}))

    @door.post("/directory")
    def directory() -> Response:
        return Response(directory_of.answer(request.form), content_type="text/xml; charset=utf-8")

    @door.get("/sounds/<int:sound>-<version>.wav")
    def sound(sound: int, version: str) -> Response:
        try:
            content = sounds.content(sound, version)
        except NotFound:
            raise NoSuchPage from None
        return Response(content, content_type="audio/wav", headers={"Cache-Control": f"max-age={SOUND_SECONDS}"})

    @door.post("/ended")
    def ended() -> Response:
        try:
            report = cdr.read_report(request.get_data())
        except cdr.UnreadableReportError as error:
            log.warning("the switch reported the end of a leg in a way nobody understands: %s", error)
            raise BadRequest(str(error)) from None
        if report:
            lookup.leg_ended(report)
        return Response(status=204)

    return door


class Directory:
    """Answers mod_xml_curl's questions; each is a form (`freeswitch/xml.py` has the answers)."""

    def __init__(self, lookup: Lookup, secret: str, sip_domain: str) -> None:
        self._lookup = lookup
        self._secret = secret
        self._domain = sip_domain
        self._neighbours = Neighbours()

    def answer(self, asked: ImmutableMultiDict[str, str]) -> str:
        """The document for this question; one of another kind (a group, configuration) or about another domain has none."""
        if asked.get("section") != "directory" or asked.get("tag_name") != "domain" or asked.get("key_name") != "name":
            return xml.not_found()
        if asked.get("key_value") == xml.TRUNKS:
            return self._trunks(asked)
        if asked.get("key_value") == xml.ACCOUNTS:
            return xml.accounts((entry.login, self._mark(entry)) for entry in self._lookup.directory_entries())
        about_user = "purpose" not in asked and asked.get("key_value") == asked.get("domain") == self._domain
        return self._account(asked) if about_user else xml.not_found()

    def _account(self, asked: ImmutableMultiDict[str, str]) -> str:
        login = asked.get("user", "")
        if "+" in login and asked.get("action") == "user_call":
            return self._several(login.split("+"))
        entry = self._lookup.directory_entry(login) if login else None
        return xml.account(entry, self._domain, self._mark(entry)) if entry else xml.not_found()

    def _mark(self, entry: Entry) -> str:
        return marks.of_account(entry, self._secret, self._domain)

    def _several(self, logins: Sequence[str]) -> str:
        """A group of accounts that only a call can reach: nobody can sign in as one."""
        known = [entry.login for login in logins if (entry := self._lookup.directory_entry(login))]
        return xml.several(logins, known, self._domain, secrets.token_hex()) if known else xml.not_found()

    def _trunks(self, asked: ImmutableMultiDict[str, str]) -> str:
        enabled = [trunk for trunk in self._lookup.gateways() if trunk.enabled]
        if asked.get("purpose") == "gateways":
            return xml.gateways((trunk, marks.of_trunk(trunk, self._secret)) for trunk in enabled)
        if "user" not in asked:
            return xml.neighbours(self._marked(enabled))
        name = asked["user"]
        return xml.neighbour(name, secrets.token_hex()) if name in (trunk.name for trunk in enabled) else xml.not_found()

    def _marked(self, trunks: Sequence[Gateway]) -> Iterator[tuple[Gateway, str, Sequence[str]]]:
        """Each address stands for one trunk: the one that does not register, if there is one (conf/dialplan/trunks.xml)."""
        taken: set[str] = set()
        for trunk in sorted(trunks, key=lambda trunk: trunk.register):
            addresses = [address for address in self._neighbours.of(trunk) if address not in taken]
            taken.update(addresses)
            yield trunk, marks.of_trunk(trunk, self._secret), addresses


def _is_the_switch(secret: str) -> bool:
    given = request.authorization
    if given is None or given.type != "basic":
        return False
    user, password = (given.username or "").encode(), (given.password or "").encode()
    # Both are compared whatever the first says, and in constant time, so that the answer's delay tells nothing.
    return hmac.compare_digest(user, USER.encode()) & hmac.compare_digest(password, secret.encode())
