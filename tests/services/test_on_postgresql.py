"""One long day of a company on PostgreSQL: what the other tests ask on SQLite holds there as well."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app import config, services, store
from app.core.destinations import ToAccount, ToExtension, ToExternal, ToHangUp
from app.core.outcome import Outcome
from app.core.queues import Duty
from app.core.record import Offer, Part, Record, Visit
from app.services.audio import Recorded
from app.services.errors import InUse
from app.services.numbering import Row
from app.services.queue_figures import AgentFigures, Spread
from app.services.queue_settings import QueueSettings
from app.store import calllog, snapshot
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


def test_queue_is_made_waited_in_counted_and_called_back_from(database, ola, tmp_path):
    pbx = services.build(database, config.read({"VAR": str(tmp_path), "SIP_DOMAIN": "pbx.example"}))
    acme, now = pbx.tenants.create(ola, "Acme").id, time.time()
    anna = pbx.accounts.create(ola, acme, "Anna").login
    settings = QueueSettings("Serwis", agents=(ToAccount(anna), ToExternal("600 100 200")), keys={"1": ToHangUp()})
    queue = pbx.queues.create(ola, acme, settings, music=Recorded("song.wav", wave_file(1.0)))
    pbx.queues.attend(ola, acme, queue.id, anna, Duty.PAUSE, minutes=5)
    (board,) = pbx.queue_board.now(acme)
    assert [agent.takes_calls for agent in board.agents] == [False, True]

    def call(name, number, outcome, *more):
        parts = (Part("201", "Serwis", "", now - 500.25, None, now - 480, outcome), *more)
        offers = (Offer(anna, now - 490, now - 480, Outcome.ANSWERED if more else Outcome.CANCELLED),)
        visit = Visit(queue.id, "Serwis", 0, outcome, anna if more else "", offers=offers)
        return Record(name, acme, number, "", "", "x", now - 500.25, ended=now - 400, parts=parts, visits=(visit,))

    talk = Part("21", "Anna", anna, now - 480, now - 480, now - 400, Outcome.ANSWERED)
    with database.writing():
        lost = [call(name, number, Outcome.ABANDONED) for name, number in (("b", "+48600100201"), ("c", "+48600100202"))]
        calllog.store([call("a", "+48600100200", Outcome.ANSWERED, talk), *lost])
    (report,) = pbx.queue_statistics.queues(acme, now - 1000, now)
    total = report.figures.total
    assert (total.entered, total.answered, total.abandoned, total.in_time, round(total.talk.mean)) == (3, 1, 2, 0, 80)
    clock = datetime.fromtimestamp(now - 500.25, ZoneInfo("Europe/Warsaw"))
    assert (list(report.figures.by_day), list(report.figures.by_hour)) == ([clock.date()], [clock.hour])
    ((agent,),) = [pbx.queue_statistics.agents(acme, now - 1000, now)]
    assert (agent.name, agent.figures.total) == (
        "Anna",
        AgentFigures(3, 1, abandoned=2, talk=Spread(1, *[total.talk.total] * 3)),
    )
    pbx.call_backs.be_done(ola, acme, "+48600100201")
    pbx.call_backs.be_done(ola, acme, "+48600100202")
    assert (pbx.call_backs.list(acme), len(pbx.call_backs.done(acme))) == ([], 2)
    pbx.accounts.delete(ola, acme, pbx.accounts.list(acme)[0].id, replace_with=ToExternal("600 100 200"))
    assert pbx.queues.get(acme, queue.id).settings.agents == (ToExternal("+48600100200"),)
    pbx.tenants.delete(ola, acme, "Acme")
