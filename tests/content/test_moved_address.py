"""A change of address leaves a permanent redirect, from the moment it is published."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from content.models import Page
from content.publishing import publish, take_down
from content.trash import bring_back, delete
from tests.content.editing import save
from tests.content.factories import make_live_page, make_page

pytestmark = pytest.mark.django_db


def move(page: Page, slug: str) -> None:
    Page.objects.filter(pk=page.pk).update(slug=slug)
    publish(page=page, by=None)


def location(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 301, f"{path}: {response.status_code}"
    return response["Location"]


def test_a_former_address_leads_to_the_page_for_good(client: Client) -> None:
    page = make_live_page(slug="goals", title="What we aim at")
    move(page, "aims")
    assert location(client, "/goals/") == "/aims/"
    assert client.head("/goals/").status_code == 301
    assert "What we aim at" in client.get("/goals/", follow=True).text


def test_it_is_the_publishing_that_moves_a_page(client: Client) -> None:
    page = make_live_page(slug="goals")
    Page.objects.filter(pk=page.pk).update(slug="aims")
    assert client.get("/goals/").status_code == 200
    assert client.get("/aims/").status_code == 404


def test_a_page_that_was_never_live_leaves_nothing_behind(client: Client) -> None:
    page = make_page(slug="goals")
    move(page, "aims")
    assert client.get("/goals/").status_code == 404


def test_chains_collapse(client: Client) -> None:
    page = make_live_page(slug="first")
    move(page, "second")
    move(page, "third")
    assert location(client, "/first/") == "/third/"
    assert location(client, "/second/") == "/third/"


def test_a_page_that_returns_to_its_former_address_is_read_there(client: Client) -> None:
    page = make_live_page(slug="goals")
    move(page, "aims")
    move(page, "goals")
    assert client.get("/goals/").status_code == 200
    assert location(client, "/aims/") == "/goals/"


def test_a_page_that_goes_to_and_fro_is_found_from_everywhere(client: Client) -> None:
    page = make_live_page(slug="goals")
    for slug in ("aims", "goals", "aims"):
        move(page, slug)
    assert location(client, "/goals/") == "/aims/"


def test_a_page_that_was_down_when_it_was_renamed_is_found_at_its_former_address(client: Client) -> None:
    page = make_live_page(slug="goals")
    take_down(page=page, by=None)
    move(page, "aims")
    assert location(client, "/goals/") == "/aims/"


def test_a_page_whose_time_had_ended_when_it_was_renamed_is_found_at_its_former_address(client: Client) -> None:
    page, now = make_page(slug="goals"), timezone.now()
    publish(page=page, by=None, ends_at=now + timedelta(days=1))
    with time_machine.travel(now + timedelta(days=2), tick=False):
        move(page, "aims")
        assert location(client, "/goals/") == "/aims/"


def test_the_former_address_of_a_page_that_was_taken_down_is_not_found(client: Client) -> None:
    page = make_live_page(slug="goals")
    move(page, "aims")
    take_down(page=page, by=None)
    assert client.get("/goals/").status_code == 404
    publish(page=page, by=None)
    assert location(client, "/goals/") == "/aims/"


def test_the_former_address_of_a_deleted_page_is_not_found(client: Client) -> None:
    page = make_live_page(slug="goals")
    move(page, "aims")
    delete(page=page, by=None)
    assert client.get("/goals/").status_code == 404
    bring_back(page=page)
    publish(page=page, by=None)
    assert location(client, "/goals/") == "/aims/"


def test_a_new_page_may_take_over_a_former_address_and_then_wins(client: Client) -> None:
    move(make_live_page(slug="goals", title="The old page"), "aims")
    make_live_page(slug="goals", title="The new page")
    response = client.get("/goals/")
    assert response.status_code == 200
    assert "The new page" in response.text


def test_an_address_that_was_handed_on_never_leads_to_the_first_page_again(client: Client) -> None:
    move(make_live_page(slug="goals"), "aims")
    newer = make_live_page(slug="goals")
    take_down(page=newer, by=None)
    assert client.get("/goals/").status_code == 404
    move(newer, "purposes")
    assert location(client, "/goals/") == "/purposes/"


def test_the_page_that_left_an_address_last_is_the_one_it_leads_to(client: Client) -> None:
    move(make_live_page(slug="goals"), "aims")
    move(make_live_page(slug="goals"), "purposes")
    assert location(client, "/goals/") == "/purposes/"


def test_a_move_that_is_scheduled_takes_effect_at_its_moment(client: Client) -> None:
    page = make_live_page(slug="goals")
    Page.objects.filter(pk=page.pk).update(slug="aims")
    tomorrow = timezone.now() + timedelta(days=1)
    publish(page=page, by=None, starts_at=tomorrow)
    assert client.get("/goals/").status_code == 200
    assert client.get("/aims/").status_code == 404
    with time_machine.travel(tomorrow, tick=False):
        assert location(client, "/goals/") == "/aims/"


def test_an_address_in_another_language_is_another_address(client: Client) -> None:
    page = make_live_page(slug="metas", language="es")
    move(page, "objetivos")
    assert location(client, "/es/metas/") == "/es/objetivos/"
    assert client.get("/metas/").status_code == 404


def test_a_page_that_is_renamed_in_the_editor_is_found_at_its_former_address(admin_client: Client) -> None:
    page = make_live_page(slug="goals")
    save(admin_client, page, slug="aims")
    assert admin_client.get("/goals/").status_code == 200
    publish(page=page, by=None)
    assert location(admin_client, "/goals/") == "/aims/"
