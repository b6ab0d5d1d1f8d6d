"""One long day of a company on PostgreSQL: what the other tests ask on SQLite holds there as well."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app import config, services, store
from app.core.destinations import ToAccount, ToExtension, ToExternal, ToHangUp
from app.services.audio import Recorded
from app.services.errors import InUse
from app.services.numbering import Row
from app.store import snapshot
from tests.services.exchange_files import FULL
from tests.services.waves import wave_file
from tests.store import cluster


@pytest.fixture
def database() -> Iterator[store.Database]:
    if reason := cluster.why_not():
        pytest.skip(reason)
    server = cluster.Cluster()
    server.start()
    database = store.open(server.fresh())
    store.migrate(database)
    yield database
    database.close()
    server.stop()


def test_company_is_imported_changed_exported_and_deleted(database, ola, tmp_path, espeak):
    pbx = services.build(database, config.read({"VAR": str(tmp_path), "SIP_DOMAIN": "pbx.example"}))
    pbx.exchange.import_text(FULL, ola)
    exported = pbx.exchange.export()
    assert str(pbx.exchange.import_text(FULL, ola)).endswith("unchanged, 2 accounts, 4 internal numbers")
    assert str(pbx.exchange.import_text(exported, ola)).endswith("unchanged, 2 accounts, 4 internal numbers")
    acme = pbx.tenants.list()[0].id

    rows = list(pbx.numbering.rows(acme))
    typed = [replace(row, number=number) for row, number in zip(rows, pbx.numbering.suggest(acme, [], len(rows)), strict=True)]
    pbx.numbering.save(ola, acme, [*typed, Row(ToExternal("601 200 300"), "99", "Kurier")])
    assert len(pbx.numbers.list(acme)) == len(rows) + 3

    (message,) = pbx.messages.list(acme)
    changed = pbx.messages.change(ola, acme, message.id, recording=Recorded("new.wav", wave_file(1.0)))
    assert len(pbx.sounds.content(changed.sound.id, changed.sound.version)) == 16044
    with pytest.raises(InUse):
        pbx.messages.delete(ola, acme, message.id)
    pbx.messages.delete(ola, acme, message.id, replace_with=ToHangUp())
    anna = next(account for account in pbx.accounts.list(acme) if account.login == "100101")
    pbx.accounts.delete(ola, acme, anna.id, replace_with=ToAccount("100102"))
    tenant = snapshot.read(database).tenants[acme]
    assert "100101" not in repr(tenant)
    assert tenant.menus["powitanie"].wrong_choice.then == ToHangUp()

    pbx.exchange.import_text("tenants: [{name: Acme}]", ola)
    assert pbx.numbers.list(acme) == []
    pbx.numbers.create(ola, acme, "21", "Nowy", ToHangUp())
    with pytest.raises(services.errors.DomainError, match="circle"):
        pbx.numbers.change(ola, acme, pbx.numbers.list(acme)[0].id, to=ToExtension("21"))
    pbx.tenants.delete(ola, acme, "Acme")
    assert pbx.tenants.list() == []
