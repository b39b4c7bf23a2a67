from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content import reviewing
from content.models import RichText
from content.publishing import cancel, keep_version, publish, take_down
from tests.content.factories import add_block, make_live_page, make_page, make_site_settings
from tests.content.reviewers import live_version, make_reviewer, make_staff, sign

pytestmark = pytest.mark.django_db


def change(page, note: str, **options) -> None:
    add_block(page, RichText, body=f"<p>Words of {note}.</p>")
    publish(page=page, by=None, change_note=note, **options)


def entries(client: Client, path: str) -> list[str]:
    """The text of each entry, without tags."""
    found = re.findall(r"<li>\s*<h2>(.*?)</li>", client.get(path).text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", entry).split()) for entry in found]


def test_each_text_that_was_live_is_told_with_its_day_and_its_note(client: Client) -> None:
    make_site_settings(time_zone="America/New_York")
    with time_machine.travel(datetime(2026, 3, 3, 2, tzinfo=UTC), tick=False):
        page = make_live_page(slug="goals")
    with time_machine.travel(datetime(2026, 4, 1, 15, tzinfo=UTC), tick=False):
        change(page, "Hours of the evening group")
        assert entries(client, "/goals/changes/") == [
            "April 1, 2026 Hours of the evening group Not clinically reviewed.",
            # Still the day before at the program's place
            "March 2, 2026 Published for the first time. Not clinically reviewed.",
        ]


def test_nothing_that_visitors_could_not_read_is_told(client: Client) -> None:
    page = make_live_page(slug="goals")
    add_block(page, RichText, body="<p>Secret plan.</p>")
    keep_version(page=page, by=None, change_note="Kept for review only")
    change(page, "Still to come", starts_at=timezone.now() + timedelta(days=1))
    change(page, "Called off", starts_at=timezone.now() + timedelta(days=2))
    cancel(publication=page.publications.get(version__change_note="Called off"), by=None)
    html = client.get("/goals/changes/").text
    assert len(entries(client, "/goals/changes/")) == 1
    for hidden in ("Secret", "Kept for review", "Still to come", "Called off"):
        assert hidden not in html


def test_who_wrote_or_published_is_not_told(client: Client) -> None:
    editor = make_staff("publish_page", first_name="Rosalind")
    page = make_page(slug="goals")
    publish(page=page, by=editor, change_note="Clearer")
    html = client.get("/goals/changes/").text
    assert editor.username not in html
    assert "Rosalind" not in html


def test_the_same_words_put_up_again_are_no_change(client: Client) -> None:
    page = make_live_page(slug="goals")
    take_down(page=page, by=None)
    publish(page=page, by=None)
    assert len(entries(client, "/goals/changes/")) == 1


def test_a_review_is_told_with_its_role_and_a_withdrawn_one_as_withdrawn(client: Client) -> None:
    page = make_live_page(slug="goals")
    review = sign(live_version(page))
    [entry] = entries(client, "/goals/changes/")
    assert "by a licensed clinical psychologist" in entry
    reviewing.withdraw(review=review, by=make_reviewer(), reason="The hours are wrong.")
    [entry] = entries(client, "/goals/changes/")
    assert "review was withdrawn on" in entry
    assert "psychologist" not in entry
    assert "hours are wrong" not in entry


def test_a_page_that_is_not_live_has_no_history(client: Client) -> None:
    page = make_live_page(slug="goals")
    take_down(page=page, by=None)
    assert client.get("/goals/changes/").status_code == 404
    assert client.get("/nowhere/changes/").status_code == 404


def test_a_page_leads_to_its_history_reviewed_or_not(client: Client) -> None:
    page = make_live_page(slug="goals")
    assert 'href="/goals/changes/"' in client.get("/goals/").text
    sign(live_version(page))
    assert 'href="/goals/changes/"' in client.get("/goals/").text
    assert "changes/" not in client.get("/guide/print/").text


def test_the_history_of_the_front_page_and_of_a_translation(client: Client) -> None:
    make_live_page(slug="home")
    make_live_page(slug="metas", language="es")
    assert 'href="/home/changes/"' in client.get("/").text
    assert client.get("/home/changes/").status_code == 200
    assert 'href="/es/metas/changes/"' in client.get("/es/metas/").text
    assert client.get("/es/metas/changes/").status_code == 200


def test_the_language_link_leads_to_the_history_of_the_translation(client: Client) -> None:
    page = make_live_page(slug="goals")
    make_live_page(slug="metas", language="es", translation_of=page)
    assert '<a href="/es/metas/changes/" lang="es"' in client.get("/goals/changes/").text
    assert '<a href="/goals/changes/" lang="en"' in client.get("/es/metas/changes/").text


def test_search_engines_leave_it_out(client: Client) -> None:
    make_live_page(slug="goals")
    assert '<meta name="robots" content="noindex">' in client.get("/goals/changes/").text


def test_a_long_history_is_in_parts_with_the_same_queries(client: Client, monkeypatch) -> None:
    monkeypatch.setattr("content.views.CHANGES_SHOWN", 2)
    page = make_live_page(slug="goals")
    with CaptureQueriesContext(connection) as short:
        client.get("/goals/changes/")
    for number in range(4):
        change(page, f"change {number}")
    with CaptureQueriesContext(connection) as long:
        client.get("/goals/changes/")
    assert len(long) == len(short)
    assert [entry.split(" Not")[0][-8:] for entry in entries(client, "/goals/changes/")] == ["change 3", "change 2"]
    assert len(entries(client, "/goals/changes/?page=3")) == 1
    for odd in ("0", "99", "-1", "x", ""):
        assert client.get(f"/goals/changes/?page={odd}").status_code == 200
