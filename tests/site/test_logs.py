"""A refusal is one line in the log, without what the visitor sent."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client, RequestFactory
from django.utils.log import log_response

from iop_site.errors import bad_request
from iop_site.logs import NothingTyped


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the console would show."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(NothingTyped())
    logger = logging.getLogger("django")
    logger.addHandler(handler)
    yield stream
    logger.removeHandler(handler)


def test_the_console_has_the_filter(settings: Any) -> None:
    console = settings.LOGGING["handlers"]["console"]
    assert [settings.LOGGING["filters"][name]["()"] for name in console["filters"]] == [
        f"{NothingTyped.__module__}.{NothingTyped.__qualname__}"
    ]


@pytest.mark.django_db
def test_a_host_that_is_not_ours(log: io.StringIO) -> None:
    client = Client(headers={"host": "stranger.example"}, REMOTE_ADDR="203.0.113.9")
    assert client.get("/admin/login/?next=secret").status_code == 400
    assert log.getvalue() == "A request was refused (DisallowedHost).\n"


@pytest.mark.django_db
def test_an_operation_that_is_suspicious(log: io.StringIO) -> None:
    request = RequestFactory().get("/?q=secret")
    error = SuspiciousOperation("secret\nsecret")
    response = bad_request(request, error)
    logger = logging.getLogger("django.security.SuspiciousOperation")
    log_response(str(error), exception=error, request=request, response=response, level="error", logger=logger)
    assert log.getvalue() == "A request was refused (SuspiciousOperation).\n"


@pytest.mark.django_db
def test_a_form_from_elsewhere_keeps_its_reason_and_not_its_address(log: io.StringIO) -> None:
    client = Client(enforce_csrf_checks=True, headers={"origin": "https://stranger.example"})
    assert client.post("/admin/login/?q=secret").status_code == 403
    assert log.getvalue() == "A request was refused (csrf, Origin checking failed).\n"


def test_a_refusal_has_no_traceback_but_a_fault_has(log: io.StringIO) -> None:
    logger = logging.getLogger("django.request")
    for status, error in ((403, PermissionDenied("words")), (500, ValueError("words"))):
        try:
            raise error
        except Exception:
            logger.exception("Answer to %s", "/path/", extra={"status_code": status})
    lines = log.getvalue().splitlines()
    assert lines[:3] == ["Answer to /path/", "Answer to /path/", "Traceback (most recent call last):"]
    assert lines[-1] == "ValueError"


def test_a_fault_says_where_and_what_and_not_what_was_typed(log: io.StringIO) -> None:
    def read(number: str) -> int:
        try:
            return int(number)
        except ValueError as error:
            raise KeyError(number) from error

    typed = "typed " + "by Alex"
    try:
        read(typed)
    except KeyError:
        logging.getLogger("django.request").exception("Answer", extra={"status_code": 500})
    text = log.getvalue()
    assert "typed by Alex" not in text
    assert text.index("ValueError\nwhich led to:") < text.index("KeyError\n")
    assert f'File "{__file__}"' in text


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["a-Token_0", "with%20a%20space", "x" * 300])
def test_the_token_of_a_shared_preview_is_never_told(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    client = Client(raise_request_exception=False)
    assert client.get(f"/preview/{token}/").status_code == 404
    monkeypatch.setattr("content.views.PreviewLink.objects", None)
    assert client.get(f"/preview/{token}/").status_code == 500
    lines = log.getvalue().splitlines()
    assert lines[:2] == ["Not Found: /preview/…/", "Internal Server Error: /preview/…/"]
    assert token.replace("%20", " ") not in log.getvalue()
