from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content.models import Page, Publication
from content.publishing import PublishingRefused, freeze, publish, take_down
from content.writing_help import findings_of
from tests.content.desk import write
from tests.content.factories import make_live_page, make_page

pytestmark = pytest.mark.django_db


def move(page: Page, slug: str, *, hours: int = 0) -> Publication:
    Page.objects.filter(pk=page.pk).update(slug=slug)
    return publish(page=page, by=None, starts_at=timezone.now() + timedelta(hours=hours) if hours else None)


def statuses(client: Client, *slugs: str) -> list[int]:
    return [client.get(f"/{slug}/").status_code for slug in slugs]


def test_every_address_of_a_queue_leads_on_in_its_time(client: Client) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        page = make_live_page(slug="one")
        move(page, "two", hours=1)
        move(page, "three", hours=2)
        assert statuses(client, "one", "two", "three") == [200, 404, 404]
        clock.move_to(now + timedelta(hours=1))
        assert statuses(client, "one", "two", "three") == [301, 200, 404]
        clock.move_to(now + timedelta(hours=2))
        assert statuses(client, "one", "two", "three") == [301, 301, 200]


def test_an_address_that_a_page_goes_back_to_is_no_former_one(client: Client) -> None:
    page = make_live_page(slug="one")
    move(page, "two")
    move(page, "one")
    assert statuses(client, "one", "two") == [200, 301]


def test_until_a_page_goes_back_to_an_address_that_one_leads_on(client: Client) -> None:
    page = make_live_page(slug="one")
    move(page, "two")
    move(page, "one", hours=1)
    assert statuses(client, "one", "two") == [301, 200]
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert statuses(client, "one", "two") == [200, 301]


# --- Links to addresses ----------------------------------------------------------------------------------------------


def test_an_address_that_its_last_page_has_left_with_nobody_is_a_problem() -> None:
    first = make_live_page(slug="handed-on")
    move(first, "first")
    take_down(page=make_live_page(slug="handed-on"), by=None)
    page = make_page()
    write(page, '<p><a href="/handed-on/">That page</a></p>')
    with pytest.raises(PublishingRefused, match="there is no live page"):
        publish(page=page, by=None)


def test_no_more_is_asked_of_the_site_than_what_a_page_links_to() -> None:
    page, other = make_page(), make_live_page(slug="other")
    without_links = freeze(page)
    write(page, f'<p><a href="/other/">First day</a> and <a href="page:{other.uid}">last day</a></p>')
    with_links = freeze(page)
    with CaptureQueriesContext(connection) as queries:
        assert findings_of(without_links) == []
    assert len(queries) == 1  # staff's lists
    with CaptureQueriesContext(connection) as queries:
        assert findings_of(with_links) == []
    _lists, *about_pages = [query["sql"] for query in queries]
    values = [r'"slug" IN \(\'other\'\)', r'"uid" IN \(\S+\)', rf'"page_id" IN \({other.pk}\)']
    assert len(about_pages) == 3
    assert all(re.search(value, sql) for value, sql in zip(values, about_pages, strict=True))
