"""python -m app check: what it finds."""

from app import bootstrap, config, services, store
from app.services.actor import FIRST_START


def bad(settings):
    return [finding.text for finding in bootstrap.check(settings) if not finding.good]


def test_a_database_without_its_tables_is_said(tmp_path):
    assert bad(config.read({"VAR": str(tmp_path)}))[0].endswith("migrations to apply")


def test_a_controller_that_does_not_run_is_said(tmp_path):
    settings = config.read({"VAR": str(tmp_path)})
    bootstrap.migrate(settings)
    assert bad(settings) == ["controller: not running"]


def test_passwords_of_another_domain_are_counted(tmp_path):
    before, after = (config.read({"VAR": str(tmp_path), "SIP_DOMAIN": domain}) for domain in ("old.example", "new.example"))
    bootstrap.migrate(before)
    database = store.open(before.database_url)
    cases = services.build(database, before)
    cases.accounts.create(FIRST_START, cases.tenants.create(FIRST_START, "Acme").id, "Anna")
    database.close()
    assert bad(before) == ["controller: not running"]
    assert bad(after)[0].startswith("phones: 1 cannot sign in: SIP_DOMAIN was another")
