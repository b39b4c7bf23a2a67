from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from content.models import Page, Publication
from content.publishing import publish
from tests.content.factories import make_live_page

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
