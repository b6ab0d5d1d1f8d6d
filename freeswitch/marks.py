"""What tells one version of an account or a trunk from the next: a short word that changes with whatever the switch is told of
it, and says nothing of that to whoever has not the secret. Pure."""

import hashlib
import hmac
from functools import cache

from app.services.lookup import Entry, Gateway
from freeswitch import xml

DIGITS = 16

_NOBODY = Entry("", "", "", "", "")


def of_trunk(trunk: Gateway, secret: str) -> str:
    """The mark of a trunk: a password makes another, a place in the order does not."""
    return _mark(secret, trunk.name, trunk.proxy, trunk.username, trunk.password, str(trunk.register))


def of_account(entry: Entry, secret: str, domain: str) -> str:
    """The mark of an account. The form of its document is part of it: what a switch remembers is for good, and must be replaced
    when a later version of ours says it in another way."""
    return _mark(secret, form(domain), entry.login, entry.a1_hash, entry.presents)


@cache
def form(domain: str) -> str:
    """The document of an account without anything in it; made once, because all accounts are marked at a time."""
    return xml.account(_NOBODY, domain, "")


def _mark(secret: str, *parts: str) -> str:
    return hmac.new(secret.encode(), "\0".join(parts).encode(), hashlib.sha256).hexdigest()[:DIGITS]
