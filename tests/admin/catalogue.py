"""Which sentences the panel says, and its Polish catalogue.

``python -m tests.admin.catalogue`` brings the catalogue up to date: new sentences come in untranslated, unused ones leave.
"""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

PANEL = Path(__file__).parent.parent.parent / "admin"
POLISH = PANEL / "translations" / "pl" / "LC_MESSAGES" / "admin.po"
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"**/templates/**.html": {"extensions": "jinja2.ext.i18n", "silent": "false"}}


def said() -> Catalog:
    """Every sentence in the source, untranslated."""
    catalogue = Catalog()
    for _, _, message, _, _ in extract_from_dir(str(PANEL), METHODS, OPTIONS, KEYWORDS):
        catalogue.add(message)
    return catalogue


def polish() -> Catalog:
    """The catalogue as it stands."""
    with POLISH.open("rb") as file:
        return read_po(file, locale="pl")


def update() -> list[str]:
    """Rewrite the catalogue for the sentences of now; those that still need a translation."""
    old, new = polish(), Catalog(locale="pl", header_comment="# The panel in Polish. English stands in the source.")
    untranslated = []
    for message in said():
        if message.id:
            known = old.get(message.id[0] if message.pluralizable else message.id)
            new.add(message.id, known.string if known else ("", "", "") if message.pluralizable else "")
            if not known or not known.string or not all(known.string):
                untranslated.append(str(message.id))
    with POLISH.open("wb") as file:
        file.write(_head(new).encode())
        write_po(file, new, width=120, sort_output=True, omit_header=True)
    return untranslated


def _head(catalogue: Catalog) -> str:
    """What gettext needs to know, without dates that change with every run."""
    lines = ("Content-Type: text/plain; charset=utf-8", "Language: pl", f"Plural-Forms: {catalogue.plural_forms}")
    quoted = "\n".join(f'"{line}\\n"' for line in lines)
    return f'{catalogue.header_comment}\nmsgid ""\nmsgstr ""\n{quoted}\n\n'


if __name__ == "__main__":
    print("\n".join(update()) or "every sentence is translated")
