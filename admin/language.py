"""Which language a person reads, and the words of that language."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, request, session
from flask_babel import Babel, Domain, get_locale

LANGUAGES = {"pl": "Polski", "en": "English"}
CATALOGUES = Path(__file__).parent / "translations"
SESSION_KEY = "language"


class Catalogue(Domain):
    """The panel's sentences. Read from the .po files when the panel starts, so no compiled file can be out of date."""

    def __init__(self) -> None:
        super().__init__([str(CATALOGUES)], domain="admin")
        self._translations: dict[str, NullTranslations] = {
            path.parent.parent.name: _compiled(path) for path in CATALOGUES.glob("*/LC_MESSAGES/admin.po")
        }

    def get_translations(self) -> NullTranslations:
        """The sentences of the current request's language; English needs none, the source is written in it."""
        return self._translations.get(str(get_locale()), _UNTRANSLATED)


_UNTRANSLATED = NullTranslations()


def _compiled(path: Path) -> Translations:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parent.parent.name)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def install(app: Flask, user_language: Callable[[], str | None], time_zone: Callable[[], str]) -> None:
    """Let every page of ``app`` speak the reader's language and tell the time of the tenant at work."""
    babel = Babel(app, locale_selector=lambda: chosen(user_language()), timezone_selector=time_zone)
    babel.domain_instance = Catalogue()


def chosen(user_language: str | None) -> str:
    """What the person chose for the account, else in this browser, else what the browser asks for, else Polish."""
    for language in (user_language, session.get(SESSION_KEY)):
        if language in LANGUAGES:
            return str(language)
    return request.accept_languages.best_match(LANGUAGES) or "pl"
