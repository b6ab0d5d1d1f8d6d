"""Exchange files and archives that were made to do harm: to stop the process, or to fill its memory."""

import io
import time
import tracemalloc
import zipfile

import pytest

from app.services import exchange_text
from app.services.errors import DomainError
from app.services.exchange_files import FILE, Archive


@pytest.mark.parametrize(
    "number",
    ["1" + ":1" * 100_000, "1" + ":1" * 1000 + ".5", "0x" + "f" * 6000, "0b" + "1" * 100_000, "1" * 5000, "1" * 400 + ".0"],
    ids=["sixties", "sixties with a fraction", "hexadecimal", "binary", "decimal", "fraction"],
)
def test_a_number_without_end_is_none_and_takes_no_time(number):
    begun = time.process_time()
    with pytest.raises(DomainError, match="not a number"):
        exchange_text.parse(f"a: {number}")
    assert time.process_time() - begun < 0.5


def test_a_key_is_looked_for_twice_in_no_time_among_many():
    begun = time.process_time()
    text = "{" + ",".join(f'"{number}":1' for number in range(100_000)) + ',"a\ud83d\\ude00":1,"5":2}'
    with pytest.raises(DomainError, match="5: this key stands there twice"):
        exchange_text._json(text.replace("\ud83d", "\\ud83d"))
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("text", ["- a\n" * 200_000, "[" + "[]," * 200_000 + "]", "\t[" + "1," * 200_000 + "1]"])
def test_a_tenants_file_of_more_parts_than_it_can_have_is_refused_at_once(pbx, acme, owner, text):
    begun = time.process_time()
    with pytest.raises(DomainError, match="more than 100000 values"):
        pbx.exchange.import_text(text, owner, only=acme.id)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_an_archive_is_packed_as_all_the_world_packs_them_or_refused(method):
    """What is packed otherwise `zipfile` unpacks as a whole, however little is asked for: of a megabyte, gigabytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr(FILE, b"tenants: []" + bytes(50_000_000))
    tracemalloc.start()
    with pytest.raises(DomainError, match="damaged"):
        _ = Archive(file).text
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


@pytest.mark.parametrize("files", [20_000, 66_000], ids=["one list", "a list of more than 65,535 (ZIP64)"])
def test_an_archive_of_very_many_files_is_not_even_opened(files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(FILE, "tenants: []")
        for number in range(files):
            archive.writestr(f"some folder/{number}", b"")
    with pytest.raises(DomainError, match="damaged"):
        Archive(file)


def test_an_archive_with_a_comment_is_read(pbx, acme):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(FILE, "tenants: []")
        archive.comment = b"PK\x05 of Acme"
    assert Archive(file).text == "tenants: []"
