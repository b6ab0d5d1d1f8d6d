"""Recordings beside an exchange file: in a folder, or in one archive with it."""

import io
import zipfile

import pytest

from app.core.destinations import ToHangUp
from app.core.directory import Choice
from app.services.audio import Recorded, Spoken
from app.services.errors import DomainError
from app.services.exchange_files import FILE, Archive, Folder, archive_at, into_archive, into_folder, plain
from app.services.menus import MenuSettings
from tests.services.exchange_files import FULL
from tests.services.waves import MP3, wave_file

END = Choice(1, ToHangUp())


@pytest.fixture
def spoken(pbx, ola, acme, zenit, espeak):
    """Acme has a text and four recordings, two of them called alike; Zenit one that is called like them, too."""
    pbx.messages.create(ola, acme.id, "text", Spoken("Dzień dobry"))
    pbx.messages.create(ola, acme.id, "one", Recorded("witamy.wav", wave_file(0.2)))
    pbx.messages.create(ola, acme.id, "two", Recorded("WITAMY.wav", wave_file(0.3)))
    pbx.messages.create(ola, acme.id, "song", Recorded('Życzenia: 12" (v1.2).mp3', MP3))
    pbx.menus.create(ola, acme.id, MenuSettings("menu", {}, END, END, True), Recorded("witamy.wav", wave_file(0.2)))
    pbx.messages.create(ola, zenit.id, "other", Recorded("witamy.wav", wave_file(0.4)))
    return acme


def zipped(pbx, tenant=None):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        pbx.exchange.export_files(into_archive(archive), tenant)
    file.seek(0)
    return file


def archive_of(files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    file.seek(0)
    return file


def sounds(pbx, tenant):
    return {row.name: (row.sound.version, row.sound.file, row.sound.text) for row in pbx.messages.list(tenant.id)}


def test_every_recording_lies_once_under_a_name_any_system_can_keep(pbx, spoken):
    with zipfile.ZipFile(zipped(pbx, "Acme")) as archive:
        assert archive.namelist() == [FILE, "witamy.wav", "Życzenia- 12- (v1.2).wav", "2/WITAMY.wav"]
        assert archive.read(FILE).decode() == pbx.exchange.export("Acme")
        assert archive.read("witamy.wav")[:4] == b"RIFF"
        assert all(entry.external_attr >> 16 == 0o644 for entry in archive.infolist())
    with zipfile.ZipFile(zipped(pbx)) as archive:
        assert archive.namelist()[-1] == "3/witamy.wav"


@pytest.mark.parametrize("kind", ["archive", "folder"])
def test_what_is_exported_comes_back_and_changes_nothing(pbx, ola, spoken, state, tmp_path, kind):
    before, archive = state(), Archive(zipped(pbx))
    pbx.exchange.export_files(into_folder(tmp_path / "out"))
    files = archive if kind == "archive" else Folder(tmp_path / "out")
    assert str(pbx.exchange.import_text(archive.text, ola, files=files)).count("unchanged") == 2
    assert str(pbx.exchange.import_text(archive.text, ola)).count("unchanged") == 2
    assert state() == before


def test_deleted_tenant_comes_back_with_its_recordings(pbx, ola, spoken, zenit):
    before, archive = sounds(pbx, spoken), Archive(zipped(pbx, "Acme"))
    pbx.tenants.delete(ola, spoken.id, "Acme")
    pbx.exchange.import_text(archive.text, ola, files=archive)
    back = next(row for row in pbx.tenants.list() if row.name == "Acme")
    after = sounds(pbx, back)
    assert {name: version for name, (version, _, _) in after.items()} == {name: row[0] for name, row in before.items()}
    assert after["song"][1] == "Życzenia- 12- (v1.2).wav"


def test_archive_that_lacks_a_recording_changes_nothing(pbx, ola, spoken, zenit, state):
    archive = Archive(zipped(pbx))
    pbx.tenants.delete(ola, spoken.id, "Acme")
    before, missing = state(), Archive(archive_of({"centralka.yaml": archive.text}))
    with pytest.raises(DomainError, match=r"no file witamy\.wav beside this one"):
        pbx.exchange.import_text(missing.text, ola, files=missing)
    assert state() == before


def test_folder_that_was_packed_whole_is_understood(pbx, load, tmp_path):
    text = FULL.replace('say: "Biuro jest nieczynne."', "play: sounds/closed.wav")
    files = {"backup/acme.yml": text, "backup/sounds/closed.wav": wave_file(1.5), "__MACOSX/backup/acme.yml": "x"}
    archive = Archive(archive_of(files))
    load(archive.text, files=archive)
    assert pbx.messages.list(pbx.tenants.list()[0].id)[0].sound.seconds == 1.5


@pytest.mark.parametrize("name", ["../centralka.yaml", "/etc/passwd", "..", "", "a\0b", "nothing.wav"])
def test_nothing_but_its_own_files_is_read_of_an_archive(name):
    archive = Archive(archive_of({"centralka.yaml": "", "sounds/a.wav": b"x"}))
    assert archive.read(name) is None
    assert archive.read("sounds/../sounds/a.wav") == b"x"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and then nothing", b"x" * 1000])
def test_what_is_no_archive_is_said(content):
    with pytest.raises(DomainError) as caught:
        Archive(io.BytesIO(content))
    assert caught.value.code == "archive-unreadable"


@pytest.mark.parametrize("names", [(), ("readme.txt",), ("a.yaml", "b.json")])
def test_archive_has_one_exchange_file(names):
    with pytest.raises(DomainError) as caught:
        Archive(archive_of(dict.fromkeys(names, "")))
    assert caught.value.code == "archive-file"


def test_damaged_archive_is_said_when_it_is_read():
    whole = zipped_bytes({"centralka.yaml": "tenants: []" * 50})
    broken = whole.replace(b"tenants", b"TENANTS", 1)
    with pytest.raises(DomainError) as caught:
        _ = Archive(io.BytesIO(broken)).text
    assert caught.value.code == "archive-unreadable"


def test_what_claims_to_be_endless_is_cut_off(load):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("centralka.yaml", "tenants: [{name: Acme, messages: [{name: m, play: b.wav}]}]")
        archive.writestr("b.wav", bytes(60_000_000))
    packed = Archive(bomb)
    with pytest.raises(DomainError, match="larger than 10 MB"):
        load(packed.text, files=packed)


def test_archive_comes_whole_or_not_at_all(pbx, spoken, tmp_path):
    path = tmp_path / "out.zip"
    path.write_text("what was there before")
    with pytest.raises(DomainError), archive_at(path) as put:
        pbx.exchange.export_files(put, "Nobody")
    assert (path.read_text(), list(tmp_path.glob("*.part"))) == ("what was there before", [])
    with archive_at(path) as put:
        pbx.exchange.export_files(put, "Zenit")
    assert zipfile.ZipFile(path).namelist() == [FILE, "witamy.wav"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [("a.b.WAV", "a.b"), ("con?.mp3", "con-"), (" . ", "recording"), ("../x.ogg", "-x"), ("notes.txt", "notes.txt")],
)
def test_names_any_system_can_keep(name, kept):
    assert plain(name) == kept


def zipped_bytes(files):
    return archive_of(files).getvalue()
