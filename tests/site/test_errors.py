"""The words of the error pages promise only what is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import InterfaceError, InternalError, OperationalError, connection
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory

from content.models import SiteSettings
from iop_site import errors

CALL = "Or call us"
GUIDE = "The guide below"


def error_page(status: int) -> HttpResponse:
    return errors.error_page(RequestFactory().get("/nothing/"), status)


def set_telephone(number: str) -> None:
    settings = SiteSettings.load()
    settings.telephone = number
    settings.save()


@pytest.mark.django_db
@pytest.mark.parametrize("status", [400, 500, 503])
def test_people_are_told_to_call_when_there_is_a_telephone(status: int) -> None:
    set_telephone("")
    assert CALL not in error_page(status).text
    set_telephone("+1 212 555 0100")
    page = error_page(status).text
    assert CALL in page
    assert "tel:" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("has_public", "pages", "is_promised"), [(True, ["page"], True), (True, [], False), (False, ["page"], False)]
)
def test_the_guide_is_promised_where_it_is(
    settings: Any, monkeypatch: pytest.MonkeyPatch, has_public: bool, pages: list[str], is_promised: bool
) -> None:
    settings.HAS_PUBLIC = has_public
    site = errors.site
    monkeypatch.setattr(errors, "site", lambda request: site(request) | {"site_pages": pages})
    response = errors.not_found(RequestFactory().get("/nothing/"), Http404())
    assert response.status_code == 404
    assert (GUIDE in response.text) is is_promised


@pytest.mark.parametrize("status", sorted(errors.TITLES_AND_TEXTS))
def test_every_page_is_shown_while_the_database_is_away(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any) -> None:
        raise OperationalError("secret")

    monkeypatch.setattr("content.published.facts._read", away)
    monkeypatch.setattr("content.context.live", away)
    monkeypatch.setattr("content.context.addresses", away)
    response = error_page(status)
    assert response.status_code == status
    assert "secret" not in response.text


def raised(error: BaseException, after: BaseException) -> BaseException:
    """`error` as if it had been raised while `after` was handled."""
    error.__context__ = after
    return error


class ReadOnly(Exception):
    """As psycopg2.errors.ReadOnlySqlTransaction, which is an InternalError."""

    pgcode = "25006"


@pytest.mark.parametrize(
    ("error", "is_away"),
    [
        (OperationalError("gone"), True),
        (InterfaceError("connection already closed"), True),
        (raised(InternalError("read-only"), ReadOnly()), True),
        (raised(SessionInterrupted(), raised(UpdateError(), OperationalError())), True),
        (InternalError("current transaction is aborted"), False),
        (SessionInterrupted(), False),
        (raised(ValueError(), KeyError()), False),
        (None, False),
    ],
)
def test_the_database_is_away_when_it_does_not_answer_or_takes_no_writes(
    error: BaseException | None, is_away: bool
) -> None:
    assert errors.is_database_away(error) is is_away


@pytest.mark.django_db
def test_a_session_that_cannot_be_written_is_no_fault_of_who_asks() -> None:
    request = RequestFactory().get("/admin/")
    unwritten = raised(SessionInterrupted(), raised(UpdateError(), OperationalError()))
    answers = [errors.bad_request(request, error) for error in (SessionInterrupted(), unwritten)]
    assert [answer.status_code for answer in answers] == [400, 503]


def test_errors_in_a_circle_have_an_end() -> None:
    one, other = ValueError(), KeyError()
    one.__cause__, other.__cause__ = other, one
    assert not errors.is_database_away(one)


def make_read_only() -> None:
    with connection.cursor() as cursor:
        read_only = {"postgresql": "SET TRANSACTION READ ONLY", "sqlite": "PRAGMA query_only = ON"}
        cursor.execute(read_only[connection.vendor])


@pytest.fixture
def writable_again() -> Iterator[None]:
    yield
    if connection.vendor == "sqlite":
        # Not by way of Django, to which the transaction is broken.
        connection.connection.execute("PRAGMA query_only = OFF")


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/admin/login/", "/admin/logout/"], ids=["a session begins", "a session ends"])
def test_staff_are_told_to_come_back_when_the_database_takes_no_writes(
    staff_user: Any, writable_again: None, url: str
) -> None:
    client = Client(raise_request_exception=False)
    if "logout" in url:
        client.force_login(staff_user)
    make_read_only()
    response = client.post(url, {"username": "staff", "password": "a long enough password"})
    assert response.status_code == 503
    assert "resting for a moment" in response.text


# --- A form that staff sent without its proof -----------------------------------------------------------------------


def staff_answer(path: str, **headers: str) -> HttpResponse:
    client = Client(enforce_csrf_checks=True, headers=headers)
    response = client.post(path, {"title": "Typed"})
    assert response.status_code == 403
    assert response["Cache-Control"] == "no-store"
    assert "Typed" not in response.text
    return response


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/content/page/7/change/", "/admin/content/page/add/?section=guide"])
def test_an_editor_is_told_where_the_words_are_and_led_back(path: str) -> None:
    page = staff_answer(path, referer=f"http://testserver{path}").text
    assert "Your words are kept in this tab. Log in again" in page
    assert f'href="{path}"' in page
    assert "Connect with Admissions" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("referer", "link"),
    [
        ("http://testserver/admin/content/page/7/publish/", "/admin/content/page/7/publish/"),
        ("http://stranger.example/admin/content/page/7/change/", "/admin/"),
        ("http://testserver/benefits/", "/admin/"),
        ("http://[", "/admin/"),
        ("", "/admin/"),
    ],
)
def test_other_staff_forms_are_said_not_to_be_taken(referer: str, link: str) -> None:
    page = staff_answer("/admin/content/page/7/publish/", referer=referer).text
    assert "What you sent was not taken." in page
    assert f'<a class="button default" href="{link}">' in page
    assert "stranger" not in page
