"""Signing in and out, and what a session is worth."""

import pytest

from app.services.actor import FIRST_START
from tests.admin.conftest import PASSWORD
from tests.admin.visitor import Visitor


def test_the_right_password_opens_the_start_page(anna):
    assert anna.get("/").heading == "Żabka"


def test_an_unknown_name_and_a_wrong_password_are_answered_alike(stranger, anna):
    unknown = stranger.sign_in("nobody", "wrong password")
    known = stranger.sign_in("anna", "wrong password")
    assert (
        (unknown.status, unknown.messages)
        == (known.status, known.messages)
        == (
            422,
            ["The user name or the password is wrong."],
        )
    )
    assert known.field("login")["value"] == "anna"
    assert not known.field("password").get("value")
    assert known.field("password").has_attr("autofocus")


def test_a_missing_name_is_refused_like_a_wrong_one(stranger):
    assert stranger.sign_in("", "").status == 422


def test_whoever_guesses_is_slowed_down(stranger):
    answers = [stranger.sign_in("anna", f"guess {number}").status for number in range(11)]
    assert answers == [422] * 10 + [429]
    assert stranger.sign_in("anna", "again").heading == "Too many attempts"


def test_whoever_guesses_one_name_from_many_addresses_is_slowed_down_too(app, anna):
    def guess(number: int, login: str) -> int:
        visitor = Visitor(app)
        visitor.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        return visitor.sign_in(login, f"guess {number}").status

    assert [guess(number, " ANNA" if number % 2 else "anna") for number in range(31)] == [422] * 30 + [429]
    assert guess(99, "ewa") == 422


def test_whoever_comes_by_https_keeps_the_cookie_there(stranger):
    answer = stranger.client.get("/sign-in", base_url="https://panel.example")
    assert "Secure" in answer.headers["Set-Cookie"]


def test_a_whole_company_behind_one_address_may_sign_in(app, anna):
    assert {Visitor(app).sign_in("anna", PASSWORD).status for _ in range(12)} == {200}


def test_after_signing_in_one_is_where_one_wanted_to_be(stranger, anna):
    assert stranger.get("/history/").path == "/sign-in"
    assert stranger.sign_in("anna", PASSWORD, next="/history/?search=22").path == "/history/"


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "x", "//["]
)
def test_nobody_is_led_outside_by_a_link(stranger, anna, address):
    assert stranger.sign_in("anna", PASSWORD, next=address).path == "/"


def test_signing_out_ends_the_session(anna):
    assert anna.post("/sign-out").path == "/sign-in"
    assert anna.get("/numbers/").path == "/sign-in"


def test_signing_out_needs_a_click_and_not_a_link(anna):
    assert anna.look("/sign-out").status == 405


def test_a_planted_session_is_not_carried_over(stranger, anna):
    stranger.get("/sign-in")
    before = stranger.client.get_cookie("centralka").value
    stranger.sign_in("anna", PASSWORD)
    with stranger.client.session_transaction() as session:
        assert "_user_id" in session
    assert stranger.client.get_cookie("centralka").value != before


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(stranger):
    cookie = stranger.get("/sign-in").answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_new_password_ends_every_other_session(app, anna):
    elsewhere = Visitor(app)
    elsewhere.sign_in("anna", PASSWORD)
    assert elsewhere.get("/").heading == "Żabka"
    anna.post("/account/password", old=PASSWORD, password="another long one")
    assert elsewhere.get("/").path == "/sign-in"
    assert anna.get("/").heading == "Żabka"


def test_the_present_password_is_asked_for(anna):
    page = anna.post("/account/password", old="wrong", password="another long one")
    assert (page.status, page.error("old")) == (422, "The current password is wrong.")


def test_a_short_password_is_refused_at_its_field(anna):
    page = anna.post("/account/password", old=PASSWORD, password="short")
    assert page.error("password") == "The password is too short: at least 10 characters."


def test_a_deleted_person_is_out_at_once(anna, cases, zabka):
    person = next(user for user in cases.users.list(zabka.id) if user.login == "anna")
    cases.users.delete(FIRST_START, zabka.id, person.id)
    assert anna.get("/").path == "/sign-in"


@pytest.mark.parametrize("forged", ["1", "1.0.0", "x.y", ".", "99999.0"])
def test_a_session_that_names_nobody_is_a_stranger(stranger, anna, forged):
    with stranger.client.session_transaction() as session:
        session["_user_id"] = forged
        session["_fresh"] = True
    assert stranger.get("/").path == "/sign-in"


def test_the_browser_chooses_the_language_before_anybody_does(app):
    for wished, spoken in (("pl-PL,pl;q=0.9", "pl"), ("en-GB", "en"), ("de,en;q=0.5", "en"), ("de", "pl")):
        assert Visitor(app, wished).get("/sign-in").html.html["lang"] == spoken


def test_a_chosen_language_stays_in_the_browser(stranger):
    token = stranger.get("/sign-in").html.find("input", attrs={"name": "csrf_token"})["value"]
    stranger.client.post("/language", data={"csrf_token": token, "language": "pl", "next": "/sign-in"})
    assert stranger.get("/sign-in").heading == "Zaloguj się"


def test_a_persons_language_stays_with_the_person(app, anna):
    anna.post("/account/language", language="pl")
    elsewhere = Visitor(app, "en")
    assert elsewhere.sign_in("anna", PASSWORD).html.html["lang"] == "pl"


def test_an_unknown_language_is_refused(anna):
    assert anna.post("/account/language", language="xx").error("language") == "Choose one of the languages."
