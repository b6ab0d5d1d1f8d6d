"""Somebody at the panel: a test client that fills in forms as a browser does."""

from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass
class Page:
    """One answer, read as a person reads it."""

    answer: TestResponse

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def html(self) -> BeautifulSoup:
        return BeautifulSoup(self.answer.text, "html.parser")

    @property
    def text(self) -> str:
        """What stands on the page, in one line."""
        return " ".join(self.html.get_text(" ").split())

    @property
    def heading(self) -> str:
        return self.html.h1.get_text(strip=True)

    @property
    def messages(self) -> list[str]:
        return [" ".join(message.get_text(" ").split()) for message in self.html.select(".message")]

    @property
    def path(self) -> str:
        """Where redirects led to."""
        return self.answer.request.path

    def field(self, name: str) -> Tag:
        return self.html.select_one(f'main [name="{name}"]')

    def error(self, name: str) -> str | None:
        """What stands beside a field as its error, if it is tied to the field for a screen reader."""
        field = self.field(name)
        if field.get("aria-invalid") != "true":
            return None
        described = field["aria-describedby"].split()
        return self.html.find(id=next(id for id in described if id.endswith("-error"))).get_text(strip=True)


class Visitor:
    """A person with a browser of their own."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.client: FlaskClient = app.test_client()
        self.headers = {"Accept-Language": language}

    def get(self, address: str, **headers: str) -> Page:
        return Page(self.client.get(address, headers=self.headers | headers, follow_redirects=True))

    def look(self, address: str) -> Page:
        """Without following a redirect."""
        return Page(self.client.get(address, headers=self.headers))

    def post(self, address: str, follow: bool = True, **values: object) -> Page:
        """Send a form with the token of this session, as its page would."""
        data = {"csrf_token": self.token(), **{name: value for name, value in values.items() if value is not None}}
        return Page(self.client.post(address, data=data, headers=self.headers, follow_redirects=follow))

    def token(self) -> str:
        """From a page that everybody may open."""
        page = self.get("/account/")
        return page.html.find("input", attrs={"name": "csrf_token"})["value"]

    def sign_in(self, login: str, password: str, **query: str) -> Page:
        page = self.get("/sign-in", **{})
        token = page.html.find("input", attrs={"name": "csrf_token"})["value"]
        data = {"csrf_token": token, "login": login, "password": password}
        return Page(self.client.post("/sign-in", query_string=query, data=data, headers=self.headers, follow_redirects=True))
