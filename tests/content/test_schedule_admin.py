from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from content.admin.schedule import events_to_come
from content.models import Cancellation, Page, Publication
from content.publishing import cancel, publish, take_down
from tests.content.desk import EDITOR, client_with, queries_of, url, write
from tests.content.factories import live_publication, make_live_page, make_page, make_site_settings

pytestmark = pytest.mark.django_db
NOON = "2026-03-02T17:00:00Z"  # noon in New York


@pytest.fixture
def editor_client() -> Client:
    return client_with(*EDITOR)


def schedule(page: Page, words: str = "", *, hours: float, until: float | None = None) -> Publication:
    """From so many hours after now, with new words or the old ones."""
    if words:
        write(page, f"<p>{words}</p>")
    now = timezone.now()
    ends_at = now + timedelta(hours=until) if until else None
    return publish(page=page, by=None, starts_at=now + timedelta(hours=hours), ends_at=ends_at)


def told() -> list[tuple[str, int | None, bool]]:
    """(page, version, whether it ends) of everything to come, in order."""
    return [
        (event.publication.page.slug, event.publication.version and event.publication.version.number, event.is_end)
        for event in events_to_come()
    ]


# --- The list --------------------------------------------------------------------------------------------------------


def test_everything_to_come_is_listed_by_time_over_all_pages(editor_client: Client) -> None:
    make_site_settings()
    with time_machine.travel(NOON, tick=False):
        goals, cost = make_live_page(slug="goals"), make_page(slug="cost")
        schedule(goals, "Later words.", hours=48)
        schedule(cost, hours=24, until=72)
        assert told() == [("cost", 1, False), ("goals", 2, False), ("cost", 1, True)]
        text = editor_client.get(url("schedule")).text
    assert "All times are Eastern Time." in text
    assert "March 4, 2026, noon" in text
    assert "instead of version 1" in text
    assert text.index("March 3, 2026, noon") < text.index("March 4, 2026, noon") < text.index("March 5, 2026, noon")


def test_the_end_of_what_is_live_is_listed() -> None:
    page = make_page(slug="goals")
    publish(page=page, by=None, ends_at=timezone.now() + timedelta(hours=1))
    assert told() == [("goals", 1, True)]


def test_what_is_replaced_before_its_end_does_not_end() -> None:
    page = make_page(slug="goals")
    schedule(page, hours=1, until=10)
    schedule(page, "Other words.", hours=5)
    assert told() == [("goals", 1, False), ("goals", 2, False)]


def test_a_change_after_an_end_replaces_nothing() -> None:
    page = make_page(slug="goals")
    schedule(page, hours=1, until=2)
    schedule(page, "Other words.", hours=5)
    assert [event.replaces for event in events_to_come()] == [None, None, None]


def test_what_was_called_off_or_taken_down_is_not_listed() -> None:
    page = make_page()
    publish(page=page, by=None, ends_at=timezone.now() + timedelta(hours=1))
    cancel(publication=schedule(page, "Other words.", hours=2), by=None)
    take_down(page=page, by=None)
    assert told() == []


def test_an_empty_list_says_how_to_fill_it(editor_client: Client) -> None:
    assert "Nothing is scheduled. To schedule a change" in editor_client.get(url("schedule")).text


def test_the_pages_list_leads_to_it(editor_client: Client) -> None:
    assert f'href="{url("schedule")}"' in editor_client.get(url("changelist")).text


def test_the_list_takes_the_same_queries_whatever_its_length(editor_client: Client) -> None:
    schedule(make_page(), hours=1)
    few = queries_of(editor_client, url("schedule"))
    for number in range(6):
        schedule(make_live_page(), f"Words {number}.", hours=number + 1, until=number + 20)
    assert queries_of(editor_client, url("schedule")) == few


# --- Calling off -----------------------------------------------------------------------------------------------------


def test_calling_off_asks_first_and_is_recorded(editor_client: Client) -> None:
    page = make_live_page()
    publication = schedule(page, "Other words.", hours=1)
    assert "If you call it off" in editor_client.get(url("cancel", publication.pk)).text
    assert told()
    assert "It does not go live." in editor_client.post(url("cancel", publication.pk), follow=True).text
    assert told() == []
    assert Cancellation.objects.get().by is not None
    assert LogEntry.objects.filter(object_id=page.pk, change_message__startswith="Called off").exists()
    assert editor_client.post(url("cancel", publication.pk)).status_code == 404


def test_what_has_begun_is_not_called_off(editor_client: Client) -> None:
    publication = live_publication(make_live_page())
    assert "nothing to call off" in editor_client.get(url("cancel", publication.pk)).text
    editor_client.post(url("cancel", publication.pk))
    assert not Cancellation.objects.exists()


def test_what_would_end_is_kept_live_at_its_address(editor_client: Client, client: Client) -> None:
    page = make_page(slug="goals")
    publication = publish(page=page, by=None, ends_at=timezone.now() + timedelta(hours=1))
    Page.objects.update(slug="other")
    assert "is to be taken down on" in editor_client.get(url("cancel", publication.pk)).text
    assert "The page stays live." in editor_client.post(url("cancel", publication.pk), follow=True).text
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert client.get("/goals/").status_code == 200
    assert page.versions.count() == 1


def test_what_has_ended_is_not_kept_live(editor_client: Client) -> None:
    publication = publish(page=make_page(), by=None, ends_at=timezone.now() + timedelta(hours=1))
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        response = client_with(*EDITOR).post(url("cancel", publication.pk), follow=True)
        assert "not live any more" in response.text
        assert not Publication.objects.live().exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_publish_calls_nothing_off(method: str) -> None:
    publication = schedule(make_page(), hours=1)
    client = client_with("view_page", "change_page")
    assert getattr(client, method)(url("cancel", publication.pk)).status_code == 403
    assert "Call it off" not in client.get(url("schedule")).text
    assert told()


def test_who_may_not_see_pages_is_refused() -> None:
    assert client_with("publish_page").get(url("schedule")).status_code == 403
