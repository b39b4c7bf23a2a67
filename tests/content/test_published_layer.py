"""What visitors are answered from memory, and what goes on to Django."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import brotli
import pytest
from backports import zstd
from django.http import HttpResponse
from django.test import Client, RequestFactory
from time_machine import TimeMachineFixture

from content import reviewing
from content.models import LevelOfCare, Page, SiteSettings
from content.published.kept import encoding_for
from content.publishing import publish, take_down
from iop_site import patience as patience_module
from iop_site.security import PUBLIC_CACHE_CONTROL
from tests.content.desk import sign
from tests.content.factories import make_live_page, make_site_settings
from tests.content.visiting import Visitor

pytestmark = pytest.mark.django_db
# Noon of a Monday in New York
NOW = datetime(2027, 3, 1, 17, tzinfo=UTC)


@pytest.fixture
def visitor(tmp_path: Path) -> Visitor:
    make_site_settings()
    return Visitor(tmp_path / "published")


@pytest.fixture
def page(visitor: Visitor) -> Page:
    """A live page that has been read once."""
    page = make_live_page(slug="teens", title="Teens")
    visitor.look()
    visitor.get("/teens/")
    visitor.django.entered = 0
    return page


# --- From memory ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_page_is_answered_without_django_and_without_a_query(
    visitor: Visitor, page: Page, method: str, django_assert_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_num_queries(0):
        seen = visitor.get("/teens/", method)
    assert (seen.status, visitor.django.entered) == (200, 0)
    assert ("Teens" in seen.text) == (method == "GET")
    assert int(seen.headers["Content-Length"]) > 2000


def test_it_says_what_django_says_and_how_long_it_may_be_kept(visitor: Visitor, page: Page) -> None:
    seen, rendered = visitor.get("/teens/"), Client(headers={"host": "127.0.0.1"}).get("/teens/")
    assert seen.body == rendered.content
    assert {name: seen.headers[name] for name, _value in rendered.items()} == dict(rendered.items())
    assert seen.headers["Cache-Control"] == PUBLIC_CACHE_CONTROL
    assert seen.headers["Vary"] == "Accept-Encoding"
    assert "Content-Security-Policy" in seen.headers
    assert "Set-Cookie" not in seen.headers


@pytest.mark.parametrize(
    ("accepted", "name", "decompress"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip, zstd", "zstd", zstd.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
        ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress),
        ("*", "br", brotli.decompress),
        ("", None, bytes),
        ("deflate", None, bytes),
        ("br;q=0.000", None, bytes),
    ],
)
def test_it_is_compressed_as_the_client_takes_it(
    visitor: Visitor, page: Page, accepted: str, name: str | None, decompress: Callable[[bytes], bytes]
) -> None:
    plain, seen = visitor.get("/teens/"), visitor.get("/teens/", HTTP_ACCEPT_ENCODING=accepted)
    assert seen.headers.get("Content-Encoding") == name
    assert decompress(seen.body) == plain.body
    assert int(seen.headers["Content-Length"]) == len(seen.body)
    assert (seen.headers["ETag"] == plain.headers["ETag"]) == (name is None)


def test_an_endless_list_of_encodings_is_none() -> None:
    assert encoding_for("," * 10_000) == ""


@pytest.mark.parametrize("known", ["{}", "W/{}", '"other", {}', "*"])
def test_whoever_has_it_already_is_told_so(visitor: Visitor, page: Page, known: str) -> None:
    tag = visitor.get("/teens/", HTTP_ACCEPT_ENCODING="br").headers["ETag"]
    seen = visitor.get("/teens/", HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=known.format(tag))
    assert (seen.status, seen.body, visitor.django.entered) == (304, b"", 0)
    assert seen.headers == {"Cache-Control": PUBLIC_CACHE_CONTROL, "ETag": tag, "Vary": "Accept-Encoding"}


def test_whoever_has_other_bytes_gets_these(visitor: Visitor, page: Page) -> None:
    tag = visitor.get("/teens/", HTTP_ACCEPT_ENCODING="br").headers["ETag"]
    assert visitor.get("/teens/", HTTP_ACCEPT_ENCODING="gzip", HTTP_IF_NONE_MATCH=tag).status == 200


@pytest.mark.parametrize("path", ["/teens/?days=3", "/sitemap.xml", "/feed/", "/guide/print/", "/teens/changes/"])
def test_what_else_everybody_may_have_is_kept_as_well(visitor: Visitor, page: Page, path: str) -> None:
    first, again = visitor.get(path), visitor.get(path)
    assert (first.status, visitor.django.entered) == (200, 1)
    assert again == first


def test_another_process_gives_the_same_bytes_the_same_tag(visitor: Visitor, page: Page, tmp_path: Path) -> None:
    other = Visitor(tmp_path / "other")
    other.look()
    assert other.get("/teens/", HTTP_ACCEPT_ENCODING="gzip") == visitor.get("/teens/", HTTP_ACCEPT_ENCODING="gzip")


# --- On to Django ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/teens/?days=9", "/teens/?utm_source=x", "/search/?q=teens", "/crisis/", "/admissions/", "/nothing/", "/TEENS/"],
)
def test_all_else_goes_on_to_django_each_time(visitor: Visitor, page: Page, path: str) -> None:
    visitor.get(path)
    kept = len(visitor.layer.memory)
    visitor.get(path)
    assert (visitor.django.entered, kept) == (2, 1)


def test_what_is_sent_goes_on_to_django(visitor: Visitor, page: Page) -> None:
    assert visitor.get("/teens/", "POST").status == 405
    assert visitor.django.entered == 1


def test_a_page_that_may_be_left_quickly_is_never_kept(visitor: Visitor) -> None:
    make_live_page(slug="teens", can_leave_quickly=True)
    visitor.look()
    assert [visitor.get("/teens/").headers["Cache-Control"] for _time in range(2)] == ["no-store"] * 2
    assert (visitor.django.entered, len(visitor.layer.memory)) == (2, 0)


def test_the_admin_is_not_touched(visitor: Visitor, page: Page) -> None:
    assert visitor.get("/admin/login/", HTTP_ACCEPT_ENCODING="br").headers.get("Content-Encoding") is None


def test_a_host_that_django_refuses_is_refused_for_what_is_in_memory_too(visitor: Visitor, page: Page) -> None:
    assert visitor.get("/teens/", HTTP_HOST="elsewhere.example").status == 400


def test_a_visitor_without_https_is_sent_there_although_the_page_is_in_memory(
    tmp_path: Path, settings: Any, visitor: Visitor, page: Page
) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 60
    visitor = Visitor(tmp_path / "https", believes_proxy=True)
    visitor.look()
    assert "Strict-Transport-Security" in visitor.get("/teens/", HTTP_X_FORWARDED_PROTO="https").headers
    assert visitor.get("/teens/").status == 301
    assert visitor.get("/teens/", HTTP_X_FORWARDED_PROTO="http").status == 301


def test_what_django_answers_is_compressed_except_what_was_sent(visitor: Visitor, page: Page) -> None:
    got = visitor.get("/admissions/", HTTP_ACCEPT_ENCODING="br")
    assert got.headers["Content-Encoding"] == "br"
    assert "Accept-Encoding" in got.headers["Vary"]
    assert int(got.headers["Content-Length"]) == len(got.body)
    assert b"</html>" in brotli.decompress(got.body)
    assert "Content-Encoding" not in visitor.get("/admissions/", "POST", HTTP_ACCEPT_ENCODING="br").headers


# --- Always right ---------------------------------------------------------------------------------------------------


def test_what_is_published_is_read_at_the_next_look(visitor: Visitor, page: Page) -> None:
    page.title = "Young people"
    page.save()
    visitor.look()
    assert "Young people" not in visitor.get("/teens/").text
    publish(page=page, by=None)
    visitor.look()
    assert "Young people" in visitor.get("/teens/").text


def test_what_is_taken_down_is_gone(visitor: Visitor, page: Page) -> None:
    take_down(page=page, by=None)
    visitor.look()
    assert visitor.get("/teens/").status == 404


def test_a_scheduled_page_appears_and_goes_at_its_moment(
    visitor: Visitor, page: Page, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOW, tick=False)
    page.title = "Summer"
    page.save()
    publish(page=page, by=None, starts_at=NOW + timedelta(hours=1), ends_at=NOW + timedelta(hours=2))
    seen = []
    for seconds in (0, 3599, 3600, 7199, 7200):
        time_machine.move_to(NOW + timedelta(seconds=seconds), tick=False)
        # As the thread would have: half a second before, and at the moment itself.
        visitor.look()
        seen.append("Summer" in visitor.get("/teens/").text)
    assert seen == [False, False, True, True, False]


def test_a_badge_goes_when_the_review_is_overdue_or_withdrawn(
    visitor: Visitor, page: Page, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOW, tick=False)
    version = page.publications.latest("starts_at").version
    review = sign(version, due_on=NOW.date() + timedelta(days=1))
    seen = []
    # Its last day ends at five in the morning, UTC.
    for hours in (0, 35.99, 36):
        time_machine.move_to(NOW + timedelta(hours=hours), tick=False)
        visitor.look()
        seen.append("Clinically reviewed" in visitor.get("/teens/").text)
    assert seen == [True, True, False]
    time_machine.move_to(NOW, tick=False)
    reviewing.withdraw(review=review, by=review.reviewer, reason="A dose was wrong.")
    visitor.look()
    assert "Clinically reviewed" not in visitor.get("/teens/").text


def test_a_change_of_the_site_or_of_a_level_is_on_every_page(visitor: Visitor, page: Page) -> None:
    SiteSettings.objects.update(organisation_name="Harbor Test IOP")
    LevelOfCare.objects.all().delete()
    visitor.look()
    assert "Harbor Test IOP" in visitor.get("/teens/").text


def test_what_is_published_while_a_page_is_made_is_never_mixed_into_it(tmp_path: Path) -> None:
    make_site_settings()
    page = make_live_page(slug="teens", title="One")

    def django(environ: Any, start_response: Any) -> HttpResponse:
        """Reads the words, and then somebody publishes others, the first two times."""
        title = Page.objects.get().title
        if title != "Three":
            page.title = {"One": "Two", "Two": "Three"}[title]
            page.save()
            publish(page=page, by=None)
            visitor.look()
        response = HttpResponse(title, headers={"Cache-Control": PUBLIC_CACHE_CONTROL})
        start_response("200 OK", list(response.items()))
        return response

    visitor = Visitor(tmp_path, django=django)
    visitor.look()
    assert visitor.get("/teens/").text == "Three"
    assert visitor.django.entered == 3


def test_a_page_is_made_once_for_everybody_who_waits_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_live_page(slug="teens")
    others_wait = threading.Event()

    def django(environ: Any, start_response: Any) -> HttpResponse:
        others_wait.wait()
        response = HttpResponse("once", headers={"Cache-Control": PUBLIC_CACHE_CONTROL})
        start_response("200 OK", list(response.items()))
        return response

    visitor = Visitor(tmp_path, django=django)
    visitor.look()
    # The threads have no database of their own, and need none.
    moment = visitor.watch.moment
    monkeypatch.setattr(visitor.watch, "look", lambda: moment)
    seen: list[str] = []
    threads = [threading.Thread(target=lambda: seen.append(visitor.get("/teens/").text)) for _number in range(4)]
    for thread in threads:
        thread.start()
    others_wait.set()
    for thread in threads:
        thread.join()
    assert seen == ["once"] * 4
    assert visitor.django.entered == 1


# --- Bounded --------------------------------------------------------------------------------------------------------


def test_memory_has_the_pages_that_were_read_last_up_to_its_bounds(tmp_path: Path) -> None:
    make_site_settings()
    for letter in "abc":
        make_live_page(slug=f"page-{letter}")
    visitor = Visitor(tmp_path, most_bytes=30_000)
    visitor.look()
    for slug in ("page-a", "page-b", "page-a", "page-c"):
        visitor.get(f"/{slug}/")
    memory = visitor.layer.memory
    assert len(memory) == 2
    assert 0 < memory.bytes <= 30_000
    visitor.django.entered = 0
    for slug in ("page-a", "page-c"):
        visitor.get(f"/{slug}/")
    assert visitor.django.entered == 0


def test_addresses_that_are_not_there_take_no_memory(visitor: Visitor, page: Page) -> None:
    for number in range(20):
        assert visitor.get(f"/nothing-{number}/").status == 404
    assert len(visitor.layer.memory) == 1
    assert not visitor.layer._alone._locks


# --- Threads for staff ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("is_away", "patient"), [(False, [10, 10, 10, 10, 2, 2]), (True, [10, 10, 10, 10, 0, 0])], ids=["well", "away"]
)
def test_who_comes_to_the_admin_beside_many_others_waits_for_the_database_no_longer_than_visitors(
    tmp_path: Path, settings: Any, is_away: bool, patient: list[int]
) -> None:
    """And while it is known to be away, not at all: else whoever asks for the admin could hold every thread."""
    settings.WEB_THREADS = 8
    seen: list[float] = []

    def django(environ: Any, start_response: Any) -> HttpResponse:
        """Six requests at once, each of which comes while those before it are at work."""
        seen.append(patience_module._thread.seconds)
        if len(seen) % 6:
            visitor.layer(environ, start_response)
        return []

    visitor = Visitor(tmp_path, django=django)
    visitor.look()
    if is_away:
        visitor.watch._lose("OperationalError")
    for _time in range(2):
        visitor.layer(RequestFactory().post("/admin/login/").environ, lambda status, headers: None)
    assert seen == patient * 2
    assert patience_module._thread.seconds is None
