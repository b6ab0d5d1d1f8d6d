"""The door for the switch in the panel's process: it asks for accounts here, and tells how calls ended.

Two addresses, both behind one shared secret (HTTP basic authentication, user ``switch``):

- ``/switch/directory``: mod_xml_curl asks for an account when a phone registers or calls, and when it is called.
- ``/switch/ended``: mod_json_cdr reports every caller's leg that has ended.
"""

import hmac
import logging

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, Unauthorized

from app.services.lookup import Lookup
from freeswitch import cdr, xml

log = logging.getLogger(__name__)

USER = "switch"
LARGEST_BODY = 256 * 1024
"""Bytes of one request: a report has 12 to 30 KB, an account's question 2 KB."""


def blueprint(lookup: Lookup, secret: str, sip_domain: str) -> Blueprint:
    """Both addresses, answered from ``lookup``. ``sip_domain`` is the only domain there are accounts in."""
    door = Blueprint("switch", __name__, url_prefix="/switch")

    @door.before_request
    def refuse_strangers() -> None:
        request.max_content_length = LARGEST_BODY
        if not _is_the_switch(secret):
            raise Unauthorized(response=Response(status=401, headers={"WWW-Authenticate": 'Basic realm="switch"'}))

    @door.post("/directory")
    def directory() -> Response:
        login = _asked_account(sip_domain)
        entry = lookup.directory_entry(login) if login else None
        document = xml.account(entry, sip_domain) if entry else xml.not_found()
        return Response(document, content_type="text/xml; charset=utf-8")

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


def _is_the_switch(secret: str) -> bool:
    given = request.authorization
    if given is None or given.type != "basic":
        return False
    user, password = (given.username or "").encode(), (given.password or "").encode()
    # Both are compared whatever the first says, and in constant time, so that the answer's delay tells nothing.
    return hmac.compare_digest(user, USER.encode()) & hmac.compare_digest(password, secret.encode())


def _asked_account(sip_domain: str) -> str:
    """The login the switch asks for; empty when the question is another one (gateways, network lists, a group, its
    configuration) or about a domain that is not ours."""
    asked = request.form
    about_user = asked.get("section") == "directory" and asked.get("tag_name") == "domain" and "purpose" not in asked
    in_domain = asked.get("key_name") == "name" and asked.get("key_value") == asked.get("domain") == sip_domain
    return asked.get("user", "") if about_user and in_domain else ""
