"""Every address of the panel, as Flask knows them, so that a new page is tested without anybody thinking of it."""

import tempfile
from dataclasses import dataclass
from typing import cast

import admin
from app import config
from app.services import Services
from tests.admin.fake_phones import FakePhones


@dataclass(frozen=True)
class Route:
    """One address with one method; ``ids`` are its variable parts."""

    endpoint: str
    rule: str
    method: str
    ids: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


def all_routes() -> list[Route]:
    """Of a panel that has everything; nothing is asked of its services while it is put together."""
    with tempfile.TemporaryDirectory() as folder:
        settings = config.read({"VAR": folder, "SECRET_KEY": "of the tests"})
        app = admin.create_app(cast(Services, None), settings, virtual_phones=FakePhones())
    return [
        Route(rule.endpoint, rule.rule, method, tuple(sorted(rule.arguments)))
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"})
        if rule.endpoint != "static"
    ]
