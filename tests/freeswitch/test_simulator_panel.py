"""The simulator asks the panel's process who an account is and tells it how calls ended, over real HTTP."""

import logging
from collections.abc import Iterator
from typing import Any

import gevent
import pytest
from gevent import socket

from freeswitch.simulator.gateways import DirectoryError
from freeswitch.simulator.panel import Panel
from freeswitch.simulator.phones import PhoneError
from tests.freeswitch.panel_process import SECRET, PanelProcess
from tests.freeswitch.simulated import DEADLINE, DOMAIN, Stage


@pytest.fixture
def process() -> Iterator[PanelProcess]:
    process = PanelProcess()
    yield process
    process.stop()


@pytest.fixture
def panel(process: PanelProcess) -> Panel:
    return Panel(process.url, SECRET, DOMAIN)


def test_an_account_of_the_panel_is_known(process, panel):
    assert panel.knows("101")
    (asked,) = process.asked
    expected = {"section": "directory", "tag_name": "domain", "key_name": "name", "key_value": DOMAIN, "key": "id"}
    assert expected.items() <= asked.items()
    assert (asked["user"], asked["domain"], asked["action"]) == ("101", DOMAIN, "sip_auth")


def test_another_account_is_not(panel):
    assert not panel.knows("999")


def test_a_cacheable_answer_is_kept_until_it_is_flushed(process, panel):
    assert panel.knows("102")
    assert panel.knows("102")
    assert len(process.asked) == 1
    process.accounts.clear()
    assert panel.knows("102")
    assert panel.forget("102") == 1
    assert not panel.knows("102")


def test_an_answer_that_may_not_be_kept_is_asked_for_again(process, panel):
    assert panel.knows("101")
    assert panel.knows("101")
    assert len(process.asked) == 2


def test_everything_can_be_forgotten(panel):
    assert panel.knows("102")
    assert panel.forget(None) == 1
    assert panel.forget(None) == 0


def test_an_answer_may_be_kept_for_good(process, panel):
    process.accounts["102"] = "true"
    assert panel.knows("102")
    process.stop()
    assert panel.knows("102")


def test_the_switch_says_what_it_remembers_and_what_there_should_be(process, panel):
    with Stage(directory=panel.knows, forget=panel.forget, mark=panel.mark, accounts=panel.accounts) as stage:
        assert '<user id="102" mark="m2" />' in stage.controller.api("xml_locate directory domain name accounts")
        assert stage.controller.api(f"user_data 102@{DOMAIN} param mark") == "m1"
        assert stage.controller.api(f"user_data 999@{DOMAIN} param mark") == "-ERR no reply\n"
        process.stop()
        assert stage.controller.api("xml_locate directory domain name accounts") == "can't find anything\n"
        assert stage.controller.api(f"user_data 102@{DOMAIN} param mark") == "m1"


def test_phones_go_on_while_the_panel_is_away(process, panel):
    assert panel.knows("102")
    process.stop()
    assert panel.knows("102")
    with pytest.raises(DirectoryError, match="the panel does not answer"):
        panel.knows("101")


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (("500 Oops", ""), "HTTP 500"),
        (("200 OK", "not xml"), "no XML"),
        (("200 OK", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "no directory document"),
    ],
)
def test_a_strange_answer_is_an_error_that_says_so(process, panel, answer, complaint):
    process.answer = answer
    with pytest.raises(DirectoryError, match=complaint):
        panel.knows("101")


def test_a_wrong_secret_is_an_error(process):
    with pytest.raises(DirectoryError, match="HTTP 401"):
        Panel(process.url, "guess", DOMAIN).knows("101")


def test_a_panel_that_never_answers_is_given_up(monkeypatch):
    monkeypatch.setattr("freeswitch.simulator.panel.DEADLINE", 0.05)
    deaf = socket.socket()
    deaf.bind(("127.0.0.1", 0))
    deaf.listen()
    with pytest.raises(DirectoryError, match="does not answer"):
        Panel(f"http://127.0.0.1:{deaf.getsockname()[1]}", SECRET, DOMAIN).knows("101")
    deaf.close()


@pytest.mark.parametrize("url", ["", "panel:8000", "ftp://x"])
def test_a_wrong_address_is_refused(url):
    with pytest.raises(ValueError, match="must look like"):
        Panel(url, SECRET, DOMAIN)


def test_a_phone_says_why_it_cannot_register(process, panel):
    process.stop()
    with (
        Stage(directory=panel.knows, forget=panel.forget) as stage,
        pytest.raises(PhoneError, match="the panel does not answer"),
    ):
        stage.phone("101")


def test_a_flush_reaches_the_memory(panel):
    with Stage(directory=panel.knows, forget=panel.forget) as stage:
        stage.phone("102")
        assert stage.controller.api(f"xml_flush_cache id 102 {DOMAIN}") == "+OK cleared 1 entry\n"
        assert stage.controller.api("xml_flush_cache") == "+OK cleared 0 entries\n"


def told(process: PanelProcess) -> dict[str, Any]:
    """The one end that was posted."""
    with gevent.Timeout(DEADLINE):
        while not process.ended:
            gevent.sleep(0.001)
    (end,) = process.ended
    return end["variables"]


def test_the_end_of_a_caller_s_leg_is_posted(process, panel):
    with Stage(directory=panel.knows, ended=panel.ended) as stage:
        anna, bartek = stage.phone("101"), stage.phone("102")
        leg = stage.call(anna)
        stage.controller.script(leg, "set pbx_call=c-1", "set hangup_after_bridge=true", "bridge user/102@acme.test")
        stage.settle()
        bartek.answer()
        stage.advance(7)
        anna.hang_up()
        stage.settle()
        variables = told(process)
    assert (variables["uuid"], variables["pbx_call"], variables["hangup_cause"]) == (leg, "c-1", "NORMAL_CLEARING")
    assert int(variables["end_uepoch"]) - int(variables["answer_uepoch"]) == 7_000_000


def test_an_end_that_cannot_be_posted_is_logged_and_hurts_nobody(process, panel, caplog):
    process.stop()
    with Stage(ended=panel.ended) as stage:
        anna = stage.phone("101")
        leg = stage.call(anna)
        with caplog.at_level(logging.WARNING):
            anna.hang_up()
            stage.settle()
            with gevent.Timeout(DEADLINE):
                while not caplog.records:
                    gevent.sleep(0.001)
        assert f"the end of leg {leg} could not be told" in caplog.text
        assert stage.controller.last("CHANNEL_DESTROY", leg)
