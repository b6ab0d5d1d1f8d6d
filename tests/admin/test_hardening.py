"""What the browser is told, what an address may not do, and the faults of flask-admin that must not be ours."""

import re

import pytest
from bs4 import BeautifulSoup
from flask import Blueprint, session

import admin
from admin.base import PanelView
from admin.once import SECONDS, SeenOnce
from app.services.audio import LARGEST_FILE
from tests.admin.visitor import Visitor

PAGES = (
    "/",
    "/numbers/",
    "/phones/",
    "/history/",
    "/settings/",
    "/settings/calls",
    "/settings/outside/",
    "/cities/",
    "/menus/",
    "/menus/new",
    "/messages/",
    "/messages/new",
    "/schedules/",
    "/schedules/new",
    "/services/",
    "/services/numbering",
    "/settings/people/",
    "/settings/exchange",
    "/account/",
)


def test_every_answer_carries_the_headers(stranger, anna):
    for answer in (stranger.look("/sign-in").answer, anna.look("/").answer, anna.look("/nowhere").answer):
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


def test_pages_hold_nothing_the_policy_forbids(anna, desk):
    for address in (*PAGES, f"/phones/{desk.id}", f"/phones/{desk.id}/delete"):
        html = anna.get(address).html
        assert not html.select("script:not([src]), style, [style]")
        assert not [tag for tag in html.find_all(True) if any(name.startswith("on") for name in tag.attrs)]


def test_pages_ask_no_other_host(anna):
    for address in PAGES:
        for tag in anna.get(address).html.find_all(True):
            for name in ("src", "href", "action"):
                assert re.match(r"(?!//)[/?#]", tag.get(name) or "/"), (address, tag)


def test_every_page_names_its_language(anna, ania):
    for address in (*PAGES, "/nowhere"):
        assert anna.get(address).html.html["lang"] == "en"
        assert ania.get(address).html.html["lang"] == "pl"


def test_every_field_has_a_label_and_no_field_says_none(anna, desk):
    for address in (*PAGES, "/numbers/?add=", "/phones/new", "/settings/people/new"):
        html = anna.get(address).html
        for field in html.select("input:not([type=hidden]), select, textarea"):
            assert field.get("aria-label") or html.select(f"label[for='{field['id']}']"), (address, field)
            assert field.get("value") != "None"


def test_ids_on_a_page_are_unique(anna, desk):
    for address in (*PAGES, f"/phones/{desk.id}"):
        ids = [tag["id"] for tag in anna.get(address).html.select("[id]")]
        assert len(ids) == len(set(ids)), address


def test_static_files_may_be_kept_because_their_address_changes_with_them(anna):
    sheet = anna.get("/").html.select_one("link[rel=stylesheet]")["href"]
    answer = anna.client.get(sheet)
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert re.search(r"\?v=[0-9a-f]{12}$", sheet)
    answer.close()


def test_nothing_of_flask_admins_own_pages_is_served(anna):
    assert anna.get("/static/admin/vendor/jquery.min.js").status == 404
    assert anna.get("/admin/").status == 404


def test_a_database_that_is_away_is_a_page_in_the_house_style(app, anna, cases, monkeypatch):
    def away(_):
        raise OSError("could not connect to server: secret-host")

    monkeypatch.setattr(cases.users.__class__, "by_id", lambda *_: away(None))
    page = anna.get("/")
    assert (page.status, page.heading) == (500, "Something broke on our side")
    assert "secret-host" not in page.answer.text


def test_a_type_error_in_a_page_is_not_hidden_by_a_second_try(cases):
    view = PanelView.__new__(PanelView)
    calls = []

    def page(_, **__):
        calls.append(1)
        raise TypeError("ours")

    with pytest.raises(TypeError, match="ours"):
        view._run_view(page)
    assert calls == [1]


def test_a_file_that_is_too_large_is_refused_in_words(anna):
    assert anna.post("/settings/exchange", text="x" * 3_000_000).heading == "That is too large"


@pytest.mark.parametrize("address", ["/menus/new", "/messages/new", "/queues/new"])
def test_wherever_a_recording_can_be_chosen_it_may_be_as_large_as_the_page_says(anna, address):
    names = [field["name"] for field in anna.get(address).html.select("main form [type=file]")]
    assert names
    parts = [part(name, "song.mp3", b"x" * LARGEST_FILE) for name in names] + [part("csrf_token", "", anna.token().encode())]
    answer = anna.client.post(address, data=b"".join(parts) + b"--b--", content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 422  # read, and found to be no song


def part(name: str, file: str, content: bytes) -> bytes:
    """One field as a browser sends it. (The test client would leave a form of this size open on the disk.)"""
    told = f'; filename="{file}"' if file else ""
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{told}\r\n\r\n'.encode() + content + b"\r\n"


def test_a_form_left_open_after_signing_out_is_explained(anna):
    page = anna.client.post("/numbers/", data={"number": "22"}, headers=anna.headers)
    heading = BeautifulSoup(page.text, "html.parser").h1.get_text()
    assert (page.status_code, heading) == (400, "That did not work")


def test_doors_for_machines_need_no_form_token(cases, settings):
    machines = Blueprint("machines", __name__)

    @machines.post("/switch/ended")
    def ended():
        return "" if not session else ("a session", 500)

    app = admin.create_app(cases, settings, blueprints=[machines])
    assert app.test_client().post("/switch/ended").status_code == 200


def test_behind_https_the_cookie_stays_there(cases, settings):
    import dataclasses

    app = admin.create_app(cases, dataclasses.replace(settings, panel_url="https://panel.example"))
    cookie = Visitor(app).get("/sign-in").answer.headers["Set-Cookie"]
    assert "Secure" in cookie


def test_what_may_be_seen_once_is_forgotten_after_ten_minutes():
    now = 0.0
    kept = SeenOnce(lambda: now)
    key = kept.keep("anna", "s3cret")
    now = SECONDS - 1.0
    assert kept.take("ania", key) is None
    now = SECONDS + 1.0
    assert kept.take("anna", key) is None
