"""What the switch asks for as XML (mod_xml_curl): an account, the trunks, or the word that there is none. Pure."""

import re
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from app.services.lookup import Entry, Gateway

FOR_GOOD = "true"
"""How long the switch may use the answer about an account without asking again: until it is told to forget it (switch_xml.c,
switch_xml_locate_user_merged). So a phone reaches 112 for as long as the switch runs, however long the panel is away; the
controller sees to it that a changed account is forgotten (accounts.py)."""

CACHE_MILLISECONDS = 600_000
"""The same for what only a controller or an operator asks for. Above 2,147,483 the switch's arithmetic fails."""

NOBODY = "anonymous"
"""What an emergency call shows of a tenant without a number (RFC 3323): the login would be taken for a number to call back. The
operator then adds the trunk's own, as it does for every caller who shows none."""

TRUNKS = "trunks"
"""The domain the trunks are asked for in, as if they were users: one of our own making (conf/profiles/trunks.xml)."""

PING_SECONDS = 25
"""How often a trunk is asked whether it lives (OPTIONS); it is down after one that was not answered, 32 s later (RFC 3261
timer F), or refused. Any answer but 408 and 503 will do (sofia.c, sofia_handle_sip_r_options)."""

REGISTER_SECONDS, REGISTER_AGAIN_SECONDS = 600, 15

LOOKED_AT = {"execute_on_answer_0": "execute_extension replaced XML keys"}
"""On every leg that calls us: when it is answered, it ends if it means to take another's place (conf/dialplan/keys.xml)."""

# What XML 1.0 allows, without line ends: the switch works through an answer line by line before it reads it as XML.
_FORBIDDEN = re.compile("[^ -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\x7f")


ACCOUNTS = "accounts"
"""The domain all accounts are asked for in at once, by the controller (accounts.py)."""


def account(entry: Entry, domain: str, mark: str) -> str:
    """The document that lets ``entry`` register, call and be called in ``domain``; the switch can be asked for its ``mark``.

    ``a1-hash`` is MD5 of login:domain:password (RFC 2617, 3.2.2.2), so the switch never learns the password. ``pbx_login``
    stands on every leg the account starts; ``pbx_presents`` is the number its emergency calls show (conf/dialplan/phones.xml).
    """
    root, section = _document("directory")
    user = _user(section, domain, entry.login)
    user.set("cacheable", FOR_GOOD)
    _settings(user, "param", {"a1-hash": entry.a1_hash, "dial-string": _devices(entry.login, domain), "mark": mark})
    shown = {"pbx_presents": entry.presents or NOBODY}
    _settings(user, "variable", {"user_context": "phones", "pbx_login": entry.login, **shown, **LOOKED_AT})
    return _text(root)


def accounts(marks: Iterable[tuple[str, str]]) -> str:
    """Every account by login and mark, and nothing else of it."""
    root, section = _document("directory")
    domain = SubElement(section, "domain", name=ACCOUNTS)
    for login, mark in marks:
        SubElement(domain, "user", id=clean(login), mark=mark)
    return _text(root)


def several(logins: Sequence[str], known: Sequence[str], domain: str, nobody: str) -> str:
    """The document by which ``user/<login>+<login>@<domain>`` rings every device of these accounts together; of ``logins`` only
    those that are ``known``.

    One after a comma (``user/a@d,user/b@d``), only the first device of each would ring (SOF_NOBLOCK, mod_dptools.c
    user_outgoing_channel). Apart (``:_:``), the last account's failure would stand for all, and the caller would not be told
    that it rings (switch_ivr_originate.c, switch_ivr_enterprise_originate). ``nobody`` is a hash of nothing: without one, this
    name would be an account that needs no password.
    """
    root, section = _document("directory")
    user = _user(section, domain, "+".join(logins))
    user.set("cacheable", str(CACHE_MILLISECONDS))
    devices = ",".join(_devices(login, domain) for login in known)
    _settings(user, "param", {"a1-hash": nobody, "dial-string": devices})
    return _text(root)


def _devices(login: str, domain: str) -> str:
    """What ``user/<login>@<domain>`` becomes: every device registered now, each with its account's login on it.

    ``${…}`` is expanded by mod_dptools.c user_outgoing_channel at each call; what follows the domain's slash stands before each
    device (mod_sofia.c, sofia_contact_function).
    """
    return f"${{sofia_contact(phones/{login}@{domain}/[pbx_login={login},pbx_callee={login}])}}"


def gateways(trunks: Iterable[tuple[Gateway, str]]) -> str:
    """The trunks with everything it takes to call through them, passwords too; each with its mark."""
    root, section = _document("directory")
    domain = SubElement(section, "domain", name=TRUNKS)
    for trunk, mark in trunks:
        user = SubElement(domain, "user", id=clean(trunk.name))
        gateway = SubElement(SubElement(user, "gateways"), "gateway", name=clean(trunk.name))
        _settings(gateway, "param", _ways(trunk))
        _settings(gateway, "variable", {"pbx_mark": mark})
    return _text(root)


def neighbours(trunks: Iterable[tuple[Gateway, str, Sequence[str]]]) -> str:
    """The trunks by their marks and their addresses in CIDR form: who may send us calls (configuration/acl.conf.xml)."""
    root, section = _document("directory")
    domain = SubElement(section, "domain", name=TRUNKS)
    for trunk, mark, addresses in trunks:
        user = SubElement(domain, "user", id=clean(trunk.name), mark=mark)
        if addresses:
            user.set("cidr", ",".join(addresses))
    return _text(root)


def neighbour(name: str, nobody: str) -> str:
    """The document the switch asks for when a trunk sends a call: without it, it complains (sofia.c, sofia_locate_user)."""
    root, section = _document("directory")
    user = _user(section, TRUNKS, name)
    user.set("cacheable", str(CACHE_MILLISECONDS))
    _settings(user, "param", {"a1-hash": nobody})
    _settings(user, "variable", {"user_context": TRUNKS, **LOOKED_AT})
    return _text(root)


def _ways(trunk: Gateway) -> dict[str, str]:
    """A gateway's parameters (sofia.c, parse_gateways).

    ``caller-id-in-from``: the presented number stands in From, and by the profile's caller-id-type in P-Asserted-Identity too.
    ``extension=auto``: an INVITE to the address we registered says in To which number was dialled; any other in its URI.
    """
    host = trunk.proxy if trunk.proxy.endswith("]") else trunk.proxy.rpartition(":")[0] or trunk.proxy
    ways = {
        "proxy": trunk.proxy,
        "register": "true" if trunk.register else "false",
        "from-domain": host,
        "caller-id-in-from": "true",
        "extension": "auto",
        "expire-seconds": str(REGISTER_SECONDS),
        "retry-seconds": str(REGISTER_AGAIN_SECONDS),
        "ping": str(PING_SECONDS),
    }
    if trunk.username:
        ways |= {"username": trunk.username, "password": trunk.password}
    return ways


def not_found() -> str:
    """The document that says there is no such thing; the switch then looks nowhere else (switch_xml.c, switch_xml_locate)."""
    root, section = _document("result")
    SubElement(section, "result", status="not found")
    return _text(root)


def clean(text: str) -> str:
    """``text`` without what no XML document may hold: control characters, NUL, lone surrogates."""
    return _FORBIDDEN.sub("", text)


def _document(section: str) -> tuple[Element, Element]:
    root = Element("document", type="freeswitch/xml")
    return root, SubElement(root, "section", name=section)


def _user(section: Element, domain: str, name: str) -> Element:
    return SubElement(SubElement(section, "domain", name=clean(domain)), "user", id=clean(name))


def _settings(parent: Element, kind: str, values: dict[str, str]) -> None:
    group = SubElement(parent, f"{kind}s")
    for name, value in values.items():
        SubElement(group, kind, name=name, value=clean(value))


def _text(root: Element) -> str:
    """One line without an XML declaration: the switch drops every line that has one (switch_xml.c, preprocess), and it expands
    ``$${…}`` in an answer as it does in its own files, so no dollar is left standing."""
    return ElementTree.tostring(root, encoding="unicode").replace("$", "&#36;")
