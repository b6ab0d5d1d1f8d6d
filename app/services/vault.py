"""Passwords that must be known in clear again, because a switch signs in with them: encrypted where they are kept."""

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken


class Vault:
    """Opens only with the SECRET_KEY it was locked with. Its key is derived, so that it reveals nothing of other secrets."""

    def __init__(self, secret_key: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(hmac.digest(secret_key.encode(), b"trunk passwords", "sha256")))

    def lock(self, text: str) -> str:
        """The text as it is kept."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, locked: str) -> str | None:
        """The text again; None if it was locked with another SECRET_KEY."""
        try:
            return self._fernet.decrypt(locked).decode()
        except InvalidToken:
            return None
