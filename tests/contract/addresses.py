"""What a phone reads out of a SIP message for its display (RFC 3261, 20.10 and 25.1). Standard library only."""

import re

DISPLAYS = ("P-Asserted-Identity", "Remote-Party-ID")
ADDRESS = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^<"]*?))\s*<?sip:(?:([^@>;]*)@)?[^>]*>?')


def header(message: str, name: str) -> str:
    """The value of a header in a whole SIP message, or an empty string."""
    match = re.search(rf"^{name}\s*:\s*(.*?)\r?$", message, re.MULTILINE | re.IGNORECASE)
    return match[1] if match else ""


def displayed(address: str) -> tuple[str, str]:
    """(number, name) as a phone shows a name-addr; a quoted pair in the name is undone."""
    match = ADDRESS.match(address)
    if not match:
        return "", ""
    quoted, bare, number = match.groups()
    return number or "", re.sub(r"\\(.)", r"\1", quoted) if quoted else (bare or "")
