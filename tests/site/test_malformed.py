"""What no form of the site sends: one clear answer with the site's own page, and never an error of ours."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from content.models import SiteSettings
from iop_site.body_limits import MOST_BYTES, MOST_BYTES_GIVEN_BACK, MOST_BYTES_OF_STAFF
from iop_site.malformed import MalformedMiddleware

URL_ENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
ADMISSIONS = "/admissions/"
ADDRESSES = [ADMISSIONS, "/es/admissions/", "/crisis/", "/search/", "/nothing/", "/media/a.webp", "/robots.txt"]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get"]
CONTENT_TYPES = [URL_ENCODED, MULTIPART, "multipart/form-data", "application/json", "text/plain", "", "a", "ä/ö;="]
pytestmark = pytest.mark.django_db


def send(path: str, body: bytes, content_type: str = URL_ENCODED, *, method: str = "POST", **extra: Any) -> Any:
    return Client(enforce_csrf_checks=True, raise_request_exception=False).generic(
        method, path, body, content_type, **extra
    )


def assert_page(response: Any, status: int) -> None:
    assert response.status_code == status
    assert "tel:988" in response.text
    assert f"mention the number {status}" in response.text
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


def reached(request: HttpRequest) -> HttpResponse:
    """What the middleware makes of `request`, before a view that says whether it is too large."""
    return MalformedMiddleware(lambda request: HttpResponse(str(getattr(request, "is_too_large", None))))(request)


# --- The size -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "answer"), [(MOST_BYTES, "False"), (MOST_BYTES + 1, "True"), (MOST_BYTES_GIVEN_BACK, "True")]
)
def test_an_enquiry_that_is_too_large_reaches_its_view_marked_as_such(size: int, answer: str) -> None:
    assert reached(RequestFactory().post(ADMISSIONS, b"a" * size, URL_ENCODED)).text == answer


@pytest.mark.parametrize(
    ("path", "size"),
    [(ADMISSIONS, MOST_BYTES_GIVEN_BACK + 1), ("/search/", MOST_BYTES + 1), ("/nothing/", 100 * MOST_BYTES_OF_STAFF)],
)
def test_a_larger_one_is_refused_unread(path: str, size: int) -> None:
    response = send(path, b"a", CONTENT_LENGTH=str(size))
    assert_page(response, 413)
    assert "press Back" in response.text


def test_staff_send_pictures() -> None:
    request = RequestFactory().post("/admin/", b"a", "image/webp")
    request.META["CONTENT_LENGTH"] = str(MOST_BYTES_OF_STAFF)
    assert reached(request).text == "None"
    request.META["CONTENT_LENGTH"] = str(MOST_BYTES_OF_STAFF + 1)
    assert reached(request).status_code == 413


# --- What it is -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/mixed; boundary=b", "", "a"])
def test_a_body_that_is_no_form_is_refused(content_type: str) -> None:
    assert_page(send(ADMISSIONS, b'{"name": "Alex"}', content_type), 415)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"name=%ff", URL_ENCODED),
        (b"%C3=a", URL_ENCODED),
        (b"name=\xff", URL_ENCODED),
        (b"a=%ED%A0%80", URL_ENCODED),
        (b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\n\xff\r\n--b--\r\n', MULTIPART),
    ],
)
def test_what_is_not_utf_8_is_refused(body: bytes, content_type: str) -> None:
    assert_page(send(ADMISSIONS, body, content_type), 400)


@pytest.mark.parametrize("body", ["name=J%C3%B6rg", "name=100%25", "name=%zz", "name=Jörg", ""])
def test_what_is_utf_8_is_taken(body: str) -> None:
    assert reached(RequestFactory().post(ADMISSIONS, body.encode(), URL_ENCODED)).text == "False"


def test_a_percent_sign_in_a_multipart_form_is_only_that() -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\n%ff\r\n--b--\r\n'
    assert reached(RequestFactory().post(ADMISSIONS, body, MULTIPART)).text == "False"


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary="])
def test_a_multipart_form_without_its_boundary_is_refused(content_type: str) -> None:
    assert_page(send(ADMISSIONS, b"--b\r\n", content_type), 400)


def test_too_many_fields_are_refused(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 10
    assert_page(send(ADMISSIONS, b"a=1&" * 11), 400)


# --- The method -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_an_unknown_method_is_refused(method: str) -> None:
    response = send("/search/", b"", method=method)
    assert_page(response, 405)
    assert response["Allow"] == "GET, HEAD, POST, OPTIONS"


def test_a_method_that_the_address_has_not_is_answered_with_the_page_and_what_it_has() -> None:
    response = send("/crisis/", b"", method="OPTIONS")
    assert_page(response, 405)
    assert response["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/crisis/", "/search/", "/admissions/received/23456789/", "/admissions/privacy/"])
def test_a_form_sent_where_none_is_taken_is_told_so_and_asked_for_no_proof(path: str) -> None:
    response = send(path, b"a=1")
    assert_page(response, 405)
    assert response["Allow"] == "GET, HEAD"


def test_staff_are_asked_for_the_proof_that_a_form_is_theirs() -> None:
    assert send("/admin/login/", b"username=a&password=b").status_code == 403


# --- All of it ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "content_type", "method", "status"),
    [
        (b"a=%ff", URL_ENCODED, "POST", 400),
        (b"a", "text/plain", "POST", 415),
        (b"", URL_ENCODED, "PUT", 405),
        (b"a" * (MOST_BYTES_GIVEN_BACK + 1), URL_ENCODED, "POST", 413),
    ],
)
def test_the_page_is_there_while_the_database_is_away(
    monkeypatch: pytest.MonkeyPatch, body: bytes, content_type: str, method: str, status: int
) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("secret")

    monkeypatch.setattr(SiteSettings, "load", away)
    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", away)
    response = send(ADMISSIONS, body, content_type, method=method)
    assert_page(response, status)
    assert "secret" not in response.text


@pytest.mark.parametrize("path", ["/es/admissions/", "/es/"])
def test_the_page_speaks_the_language_of_the_address(path: str) -> None:
    response = send(path, b"a", "text/plain")
    assert response.status_code == 415
    assert '<html lang="es">' in response.text


@given(
    path=st.sampled_from(ADDRESSES),
    method=st.sampled_from(METHODS) | st.from_regex(r"[A-Z]{1,10}", fullmatch=True),
    content_type=st.sampled_from(CONTENT_TYPES) | st.text(st.characters(min_codepoint=32, max_codepoint=255)),
    body=st.binary(max_size=200) | st.sampled_from([b"a=%00", b"token=%ff", b"--b\r\n\r\n--b--", b"&" * 300]),
)
@hypothesis_settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_is_answered(path: str, method: str, content_type: str, body: bytes) -> None:
    response = send(path, body, content_type, method=method)
    assert response.status_code < 500
    if re.match("text/html", response.get("Content-Type", "")) and method != "HEAD":
        assert "tel:988" in response.text
