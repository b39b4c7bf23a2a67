from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client, override_settings
from django.utils import timezone

from content.models import Publication, RichText, WritingRule
from content.publishing import digest_of, freeze, publish
from tests.content.desk import (
    EDITOR,
    asked,
    client_of,
    client_with,
    make_member,
    publish_by,
    sign,
    url,
    write,
)
from tests.content.factories import add_block, live_publication, make_live_page, make_page, make_site_settings

pytestmark = pytest.mark.django_db
NOON = "2026-03-02T17:00:00Z"  # noon in New York


@pytest.fixture
def editor() -> User:
    return make_member(*EDITOR)


@pytest.fixture
def editor_client(editor: User) -> Client:
    return client_of(editor)


# --- The page before publishing --------------------------------------------------------------------------------------


def test_a_first_publication_puts_the_page_live(editor_client: Client, editor: User, client: Client) -> None:
    page = make_page(slug="goals")
    response = publish_by(editor_client, page, change_note="Hours\r\ncorrected\x00 ")
    assert "Version 1 is live." in response.text
    publication = live_publication(page)
    assert publication.published_by == editor
    assert publication.version.change_note == "Hours corrected"
    assert LogEntry.objects.filter(object_id=page.pk, change_message__contains="version 1").exists()
    assert client.get("/goals/").status_code == 200


def test_looking_at_it_publishes_nothing(editor_client: Client) -> None:
    page = make_page()
    assert "Publish this version" in editor_client.get(url("publish", page.pk)).text
    assert not Publication.objects.exists()


def test_differences_from_what_is_live_are_shown_word_by_word(editor_client: Client) -> None:
    page = make_page(blocks=0)
    add_block(page, RichText, body="<p>You need less care.</p>")
    publish(page=page, by=None)
    write(page, "<p>You need MORE care.</p>")
    text = editor_client.get(url("publish", page.pk)).text
    assert "1 block changed" in text
    assert '<del><span class="visually-hidden">removed: </span> less</del>' in text
    assert '<ins><span class="visually-hidden">added: </span> MORE</ins>' in text


def test_a_page_that_a_difference_leads_to_is_called_by_its_name(editor_client: Client) -> None:
    page, goals, benefits = make_live_page(), make_page(title="Our goals"), make_page(title="The benefits")
    write(page, f'<p><a href="page:{goals.uid}">What we want</a></p>')
    publish(page=page, by=None)
    write(page, f'<p><a href="page:{benefits.uid}">What we want</a></p>')
    text = editor_client.get(url("publish", page.pk)).text
    assert "link to “Our goals”" in text
    assert "link to “The benefits”" in text


def test_what_is_live_already_is_said_and_not_published_again(editor_client: Client) -> None:
    page = make_live_page()
    assert "Nothing: the draft says what they see already" in editor_client.get(url("publish", page.pk)).text
    assert "is live already" in publish_by(editor_client, page).text
    assert page.publications.count() == 1


def test_a_draft_that_somebody_changed_meanwhile_is_not_published(editor_client: Client) -> None:
    page = make_page()
    seen = asked(page)
    write(page, "<p>Quite something else.</p>")
    response = editor_client.post(url("publish", page.pk), seen)
    assert "changed since you opened this page" in response.text
    assert not Publication.objects.exists()
    assert digest_of(freeze(page)) in response.text


@pytest.mark.parametrize("digest", ["", "x", "0" * 65])
def test_nobody_publishes_what_was_not_on_the_screen(editor_client: Client, digest: str) -> None:
    page = make_page()
    assert publish_by(editor_client, page, digest=digest).status_code == 200
    assert not Publication.objects.exists()


def test_a_kept_draft_is_published_as_the_version_it_is(editor_client: Client) -> None:
    page = make_page()
    editor_client.post(url("share", page.pk), {"made_for": "Dr. Rivera", "change_note": "For review"})
    text = editor_client.get(url("publish", page.pk)).text
    assert "The draft is version 1 already" in text
    assert "For review" in text
    assert 'name="change_note"' not in text
    publish_by(editor_client, page, change_note="Another note")
    assert live_publication(page).version.change_note == "For review"
    assert page.versions.count() == 1


# --- Now or later ----------------------------------------------------------------------------------------------------


def test_times_are_read_and_shown_on_the_sites_clock(editor_client: Client, client: Client) -> None:
    make_site_settings(time_zone="Pacific/Honolulu")
    page = make_page(slug="goals")
    with time_machine.travel(NOON, tick=False) as clock:
        times = {"when": "later", "starts_at": "2026-03-02T09:00", "ends_at": "2026-03-02T21:30"}
        text = publish_by(editor_client, page, **times).text
        assert "Version 1 goes live on March 2, 2026, 9 a.m. (Hawaii Time)." in text
        assert "It is taken down on March 2, 2026, 9:30 p.m. (Hawaii Time)." in text
        for moment, status in {"18:59:59": 404, "19:00:00": 200}.items():
            clock.move_to(f"2026-03-02T{moment}Z")
            assert client.get("/goals/").status_code == status
        for moment, status in {"07:29:59": 200, "07:30:00": 404}.items():
            clock.move_to(f"2026-03-03T{moment}Z")
            assert client.get("/goals/").status_code == status


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"when": "later"}, "Say from when"),
        ({"when": "now", "starts_at": "2026-03-03T09:00"}, "You wrote a later time"),
        ({"when": "later", "starts_at": "2026-03-02T11:59"}, "from now on"),
        ({"when": "later", "starts_at": "2026-03-03T09:00", "ends_at": "2026-03-03T09:00"}, "end before it goes live"),
        ({"ends_at": "2026-03-02T11:59"}, "from now on"),
        ({"ends_at": "9999-12-31T23:59"}, "at most five years ahead"),
        ({"ends_at": "0001-01-01T00:00"}, "from now on"),
        # The clock jumps over this half hour, and goes twice through the other.
        ({"ends_at": "2026-03-08T02:30"}, "There is no 2:30 a.m. on that day"),
        ({"ends_at": "2026-11-01T01:30"}, "1:30 a.m. comes twice on that day"),
        ({"ends_at": "next week"}, "Enter a valid date/time"),
        ({"when": "soon"}, "not one of the available choices"),
        ({"change_note": "x" * 201}, "at most 200 characters"),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_what_cannot_be_is_refused_with_a_sentence(
    editor_client: Client, fields: dict[str, str], sentence: str
) -> None:
    make_site_settings()
    response = publish_by(editor_client, make_page(), **fields)
    assert response.status_code == 200
    assert sentence in response.text
    assert not Publication.objects.exists()


def test_two_scheduled_changes_queue_up(editor_client: Client, client: Client) -> None:
    make_site_settings()
    with time_machine.travel(NOON, tick=False) as clock:
        page = make_live_page(slug="goals")
        for day, words in (("03", "Tuesday"), ("04", "Wednesday")):
            write(page, f"<p>{words}’s words.</p>")
            publish_by(editor_client, page, when="later", starts_at=f"2026-03-{day}T09:00")
        state = editor_client.get(url("change", page.pk)).text
        assert "version 2 goes live on March 3, 2026, 9 a.m. (Eastern Time)" in state
        assert "version 3 goes live on March 4, 2026, 9 a.m. (Eastern Time)" in state
        for moment, words in (("03T13:59:59", "You come in"), ("03T14:00", "Tuesday"), ("04T14:00", "Wednesday")):
            clock.move_to(f"2026-03-{moment}Z")
            assert words in client.get("/goals/").text


def test_the_list_knows_a_draft_that_was_changed_before_a_scheduled_version_began(editor_client: Client) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        page = make_page()
        publish(page=page, by=None, starts_at=now + timedelta(minutes=2))
        clock.move_to(now + timedelta(minutes=1))
        page.save()
        clock.move_to(now + timedelta(minutes=3))
        assert "Live, draft is newer" in editor_client.get(url("changelist")).text


# --- Writing help ----------------------------------------------------------------------------------------------------


def test_what_blocks_is_told_and_nothing_can_be_published(editor_client: Client) -> None:
    page = make_page(blocks=0)
    add_block(page, RichText, body='<h3>Too deep</h3><p>See <a href="/nowhere/">that page</a>.</p>')
    text = editor_client.get(url("publish", page.pk)).text
    assert "Block 1 (text), “Too deep”: This subheading has no heading above it" in text
    assert "“that page” links to /nowhere/" in text
    assert "Publish this version" not in text
    publish_by(editor_client, page)
    assert not Publication.objects.exists()


def test_advice_is_shown_with_its_words_and_stops_nobody(editor_client: Client) -> None:
    page = make_page(blocks=0)
    add_block(page, RichText, body="<p>Her brother committed suicide.</p>")
    text = editor_client.get(url("publish", page.pk)).text
    assert "can hurt or mislead a reader" in text
    assert "<q>Her brother committed suicide.</q>" in text
    assert "Version 1 is live." in publish_by(editor_client, page).text


def test_while_staff_have_no_lists_the_ones_that_come_with_the_software_are_used(editor_client: Client) -> None:
    WritingRule.objects.all().delete()
    page = make_page(blocks=0)
    add_block(page, RichText, body="<p>Her brother committed suicide.</p>")
    assert "can hurt or mislead a reader" in editor_client.get(url("publish", page.pk)).text


def test_staffs_own_words_are_advised_against(editor_client: Client) -> None:
    page = make_page(blocks=0)
    add_block(page, RichText, body="<p>A frumious sentence.</p>")
    assert "frumious</q>" not in editor_client.get(url("publish", page.pk)).text
    WritingRule.objects.create(kind="wording", language="en", phrase="frumious", suggestion="kind")
    assert "Better: kind." in editor_client.get(url("publish", page.pk)).text


# --- The panel above the editor --------------------------------------------------------------------------------------


def test_the_panel_says_what_is_live_what_is_different_and_what_is_signed(editor_client: Client) -> None:
    make_site_settings()
    with time_machine.travel(NOON, tick=False):
        page = make_live_page(slug="goals")
        sign(live_publication(page).version, due_on=date(2027, 3, 1))
        text = editor_client.get(url("change", page.pk)).text
        assert "Version 1 has been live since March 2, 2026, noon (Eastern Time)" in text
        assert "The draft below is what visitors see." in text
        assert "Signed on March 2, 2026 by a licensed psychologist. The signature stands until March 1, 2027." in text
        write(page, "<p>Other words.</p>")
        text = editor_client.get(url("change", page.pk)).text
        assert "The draft below is different: 1 block changed." in text
        assert f"{url('compare', page.pk)}?old=1&amp;new=draft" in text


@override_settings(HAS_PUBLIC=False, SITE_URL="https://clinic.example")
def test_on_the_staff_surface_the_live_page_is_linked_where_visitors_read_it(editor_client: Client) -> None:
    page = make_live_page(slug="goals")
    assert '<a href="https://clinic.example/goals/">/goals/</a>' in editor_client.get(url("change", page.pk)).text


def test_of_many_scheduled_changes_the_next_three_are_named(editor_client: Client) -> None:
    page = make_live_page()
    for number in range(4):
        write(page, f"<p>Version number {number}.</p>")
        publish(page=page, by=None, starts_at=timezone.now() + timedelta(days=number + 1))
    text = editor_client.get(url("change", page.pk)).text
    assert "version 4 goes live" in text
    assert "version 5 goes live" not in text
    assert "Everything that is scheduled" in text


# --- Taking down -----------------------------------------------------------------------------------------------------


def test_taking_down_asks_first(editor_client: Client, client: Client) -> None:
    page = make_live_page(slug="goals")
    assert "could not be found" not in client.get("/goals/").text
    assert "Take this page down" in editor_client.get(url("take_down", page.pk)).text
    assert client.get("/goals/").status_code == 200
    assert "no longer live" in editor_client.post(url("take_down", page.pk), follow=True).text
    assert client.get("/goals/").status_code == 404


def test_what_is_not_live_cannot_be_taken_down(editor_client: Client) -> None:
    assert "is not live" in editor_client.post(url("take_down", make_page().pk), follow=True).text
    assert not Publication.objects.exists()


# --- Who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["publish", "take_down"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_publish_is_refused(name: str, method: str) -> None:
    page = make_live_page()
    write(page, "<p>Other words.</p>")
    client = client_with("view_page", "change_page")
    assert getattr(client, method)(url(name, page.pk), asked(page)).status_code == 403
    assert page.publications.count() == 1


@pytest.mark.parametrize("name", ["publish", "take_down"])
def test_who_may_not_see_pages_is_refused(name: str) -> None:
    page = make_live_page()
    assert client_with("publish_page").post(url(name, page.pk), asked(page)).status_code == 403
    assert page.publications.count() == 1


@pytest.mark.parametrize("name", ["publish", "take_down"])
def test_visitors_are_led_to_the_login(client: Client, name: str) -> None:
    response = client.post(url(name, make_live_page().pk))
    assert response.status_code == 302
    assert "/admin/login/" in response["Location"]


@pytest.mark.parametrize("pk", [0, 10**30])
def test_a_page_that_is_not_there_is_not_found(editor_client: Client, pk: int) -> None:
    assert editor_client.get(url("publish", pk)).status_code == 404
