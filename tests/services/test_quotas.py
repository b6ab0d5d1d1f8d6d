"""How much one tenant may have: none takes what all have in common."""

import pytest

from app.services import quotas
from app.services.audio import Recorded
from app.services.errors import DomainError
from app.services.queue_settings import QueueSettings
from app.store.models import SipAccount
from tests.services.waves import wave_file


def test_a_tenant_has_as_many_of_a_thing_as_it_may(pbx, acme, zenit, owner, ola, monkeypatch):
    monkeypatch.setitem(quotas.MOST, SipAccount, 2)
    for name in ("one", "two"):
        pbx.accounts.create(owner, acme.id, name)
    with pytest.raises(DomainError, match="2 at most") as refused:
        pbx.accounts.create(owner, acme.id, "three")
    assert refused.value.field == "name"
    assert len(pbx.accounts.list(acme.id)) == 2
    pbx.accounts.create(ola, zenit.id, "one")


def test_an_import_has_as_many_too(pbx, acme, owner, monkeypatch):
    monkeypatch.setitem(quotas.MOST, SipAccount, 2)
    accounts = "".join(f'\n  - {{login: "10000{number}", name: x, password: "s3cret-A1"}}' for number in range(3))
    with pytest.raises(DomainError, match="2 at most"):
        pbx.exchange.import_text(f"tenants:\n- name: Acme\n  accounts:{accounts}", owner, only=acme.id)
    assert pbx.accounts.list(acme.id) == []


def test_who_has_more_from_before_can_still_change_and_delete(pbx, acme, owner, monkeypatch):
    first = pbx.accounts.create(owner, acme.id, "one").account
    pbx.accounts.create(owner, acme.id, "two")
    monkeypatch.setitem(quotas.MOST, SipAccount, 0)
    pbx.accounts.rename(owner, acme.id, first.id, "uno")
    pbx.accounts.delete(owner, acme.id, first.id)
    assert [row.name for row in pbx.accounts.list(acme.id)] == ["two"]


def test_recordings_are_measured_together(pbx, acme, owner, monkeypatch):
    monkeypatch.setattr(quotas, "RECORDED_SECONDS", 1)
    pbx.messages.create(owner, acme.id, "one", Recorded("a.wav", wave_file(0.6)))
    with pytest.raises(DomainError, match="together"):
        pbx.messages.create(owner, acme.id, "two", Recorded("b.wav", wave_file(0.6)))
    assert len(pbx.messages.list(acme.id)) == 1


def test_the_switch_has_room_for_so_many_queues_of_all(pbx, acme, zenit, ola, espeak, monkeypatch):
    monkeypatch.setattr(quotas, "QUEUES_OF_ALL", 1)
    pbx.queues.create(ola, acme.id, QueueSettings("one"))
    with pytest.raises(DomainError, match="no room"):
        pbx.queues.create(ola, zenit.id, QueueSettings("two"))
    assert pbx.queues.list(zenit.id) == []


def test_there_is_never_less_room_on_the_switch_than_there_may_be_queues():
    from freeswitch.queues import SLOT_CHARACTERS, SLOTS, _xml

    longest = len(_xml("q999999999", "agent-with-least-talk-time", 99_999))
    assert SLOT_CHARACTERS // longest * SLOTS >= quotas.QUEUES_OF_ALL
