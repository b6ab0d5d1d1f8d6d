"""The call-back list: whom a queue has lost, for everybody in the company."""

from app.core.outcome import Outcome
from tests.admin.test_queues_page import queue, visit

__all__ = ["queue", "visit"]


def test_a_lost_caller_is_called_with_one_touch(ewa, visit, queue):
    visit("c1", "+48221234567", Outcome.ABANDONED)
    link = ewa.get("/queues/call-back/").html.select_one(".call-backs a")
    assert (link["href"], link.get_text()) == ("tel:+48221234567", "22 123 45 67")


def test_a_lost_caller_is_ticked_off_by_the_receptionist(ewa, cases, zabka, visit, queue):
    visit("c1", "+48221234567", Outcome.ABANDONED)
    page = ewa.get("/queues/call-back/")
    assert "22 123 45 67" in page.html.select_one(".call-backs").get_text()
    page = ewa.post("/queues/call-back/done", number="+48221234567")
    assert not page.html.select(".call-backs")
    assert "Ewa" in page.text
    assert ewa.post("/queues/call-back/done", number="+48221234567").status == 404


def test_of_very_many_lost_callers_the_newest_are_shown_and_the_rest_counted(ania, visit, queue):
    for number in range(102):
        visit(f"c{number}", f"+48600100{number:03}", Outcome.ABANDONED)
    page = ania.get("/queues/call-back/")
    assert len(page.html.select(".call-backs > li")) == 100
    assert "Gdy skończysz z tymi, pojawią się jeszcze 2 starsze wpisy." in page.text


def test_a_lost_caller_of_another_company_is_on_nobody_elses_list(wile, cases, zabka, visit, queue):
    visit("c1", "+48221234567", Outcome.ABANDONED)
    assert "22 123" not in wile.get("/queues/call-back/").text
    assert wile.post("/queues/call-back/done", number="+48221234567").status == 404
    assert len(cases.call_backs.list(zabka.id)) == 1
