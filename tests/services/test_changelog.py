"""Who changed what, and when."""

import time

import pytest


def test_changes_of_a_tenant_are_read_newest_first(pbx, acme, anna):
    page = pbx.changes.page(acme.id)
    assert [(row.who, row.what) for row in page.rows] == [
        ("Ola", "number-created"),
        ("Ola", "account-created"),
        ("Ola", "tenant-created"),
    ]
    assert page.rows[0].subject == "21 Anna Żółć"
    assert page.rows[0].at == pytest.approx(time.time(), abs=10)


@pytest.mark.parametrize(("page", "shown"), [(-1, "number-created"), (2, "account-created"), (99, "tenant-created")])
def test_any_number_is_a_page(pbx, acme, anna, page, shown):
    assert [row.what for row in pbx.changes.page(acme.id, page=page, per_page=1).rows] == [shown]


def test_refused_change_leaves_no_trace(pbx, ola, acme, anna, refused, changes):
    before = changes()
    with refused(("name-missing", "name")):
        pbx.accounts.rename(ola, acme.id, anna.account.id, "")
    assert changes() == before
