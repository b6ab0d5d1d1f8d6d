"""What the switch asks for as XML (mod_xml_curl): one account, or the word that there is none. Pure."""

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from app.services.lookup import Entry

CACHE_MILLISECONDS = 600_000
"""How long the switch may use an answer without asking again (switch_xml.c, switch_xml_locate_user_merged), so that phones
go on calling while the panel is away. The controller empties the cache of an account that was changed."""

# What XML 1.0 allows, without line ends: the switch works through an answer line by line before it reads it as XML.
_FORBIDDEN = re.compile("[^ -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\x7f")


def account(entry: Entry, domain: str) -> str:
    """The document that lets ``entry`` register, call and be called in ``domain``.

    ``a1-hash`` is MD5 of login:domain:password (RFC 2617, 3.2.2.2), so the switch never learns the password. ``dial-string``
    is what ``user/<login>@<domain>`` becomes: every device registered now; ``${…}`` is expanded by mod_dptools.c
    user_outgoing_channel at each call. ``pbx_login`` stands on every leg the account starts.
    """
    root, section = _document("directory")
    user = SubElement(SubElement(section, "domain", name=clean(domain)), "user", id=clean(entry.login))
    user.set("cacheable", str(CACHE_MILLISECONDS))
    devices = f"${{sofia_contact(phones/{entry.login}@{domain})}}"
    _settings(user, "param", {"a1-hash": entry.a1_hash, "dial-string": devices})
    _settings(user, "variable", {"user_context": "phones", "pbx_login": entry.login})
    return _text(root)


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


def _settings(user: Element, kind: str, values: dict[str, str]) -> None:
    parent = SubElement(user, f"{kind}s")
    for name, value in values.items():
        SubElement(parent, kind, name=name, value=clean(value))


def _text(root: Element) -> str:
    """One line without an XML declaration: the switch drops every line that has one (switch_xml.c, preprocess), and it expands
    ``$${…}`` in an answer as it does in its own files, so no dollar is left standing."""
    return ElementTree.tostring(root, encoding="unicode").replace("$", "&#36;")
