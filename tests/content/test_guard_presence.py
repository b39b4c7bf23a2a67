"""Two people in one page hear of each other, and a login that ends costs no words."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from content import presence, trash
from content.models import EditorPresence, Page
from tests.content.factories import make_page, make_site_settings
from tests.content.guarding import change_url, client_of, save
from tests.content.shown_form import form_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_kinds_of_block")]


def presence_url(page: Page) -> str:
    return reverse("admin:content_page_presence", args=[page.pk])


def beat(client: Client, page: Page, **data: Any) -> list[str]:
    response = client.post(presence_url(page), {"edit_number": page.edit_number} | data)
    assert response.status_code == 200
    return response.json()["sentences"]


@pytest.fixture
def john() -> Client:
    return client_of("john", first_name="John", last_name="Reed")


@pytest.fixture
def maria() -> Client:
    return client_of("maria", first_name="Maria", last_name="Ortiz")


def test_the_second_to_open_a_page_is_told_of_the_first_without_any_script(john: Client, maria: Client) -> None:
    make_site_settings(time_zone="America/New_York")
    page = make_page()
    with time_machine.travel("2026-03-02T19:10:00Z", tick=False):
        maria.get(change_url(page))
    with time_machine.travel("2026-03-02T19:11:00Z", tick=False):
        answer = john.get(change_url(page))
    assert "<p>Maria Ortiz has had this page open since 2:10 p.m.</p>" in answer.text


def test_the_first_is_told_of_the_second_by_the_next_heartbeat(john: Client, maria: Client) -> None:
    page = make_page()
    assert "has had this page open" not in maria.get(change_url(page)).text
    assert beat(maria, page) == []
    john.get(change_url(page))
    [sentence] = beat(maria, page)
    assert sentence.startswith("John Reed has had this page open since ")


def test_ones_own_second_window_is_not_another_person(john: Client) -> None:
    page = make_page()
    john.get(change_url(page))
    assert "has had this page open" not in john.get(change_url(page)).text


def test_who_is_not_heard_of_has_left(john: Client, maria: Client) -> None:
    page = make_page()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        maria.get(change_url(page))
        clock.shift(timedelta(seconds=60))
        beat(maria, page)
        clock.shift(timedelta(seconds=60))
        assert "Maria Ortiz" in john.get(change_url(page)).text
        clock.shift(timedelta(seconds=31))
        assert beat(john, page) == []


def test_the_time_is_that_of_opening_until_one_has_left(john: Client, maria: Client) -> None:
    make_site_settings(time_zone="UTC")
    page = make_page()
    with time_machine.travel("2026-03-02T10:00:00Z", tick=False) as clock:
        maria.get(change_url(page))
        clock.shift(timedelta(seconds=80))
        beat(maria, page)
        assert beat(john, page) == ["Maria Ortiz has had this page open since 10 a.m."]
        clock.shift(timedelta(minutes=10))
        maria.get(change_url(page))
        assert beat(john, page) == ["Maria Ortiz has had this page open since 10:11 a.m."]


def test_another_day_is_named(john: Client, maria: Client) -> None:
    make_site_settings(time_zone="America/New_York")
    page = make_page()
    with time_machine.travel("2026-03-03T04:59:00Z", tick=False) as clock:
        maria.get(change_url(page))
        clock.shift(timedelta(seconds=80))
        assert beat(john, page) == ["Maria Ortiz has had this page open since March 2, 11:59 p.m."]


def test_a_heartbeat_says_that_somebody_has_saved(john: Client, maria: Client) -> None:
    page = make_page()
    john.get(change_url(page))
    save(maria, page, form_of(maria.get(change_url(page))) | {"title": "Hers"})
    sentences = beat(john, page)
    assert sentences[1].startswith("Maria Ortiz saved this page at ")
    assert sentences[1].endswith(". When you save, you will be shown both.")
    assert len(beat(john, Page.objects.get())) == 1


def test_a_heartbeat_says_that_the_page_was_deleted(john: Client, maria: Client) -> None:
    page = make_page()
    maria.post(reverse("admin:content_page_delete", args=[page.pk]), {"post": "yes"})
    [sentence] = beat(john, page)
    assert sentence.startswith("Maria Ortiz deleted this page at ")


def test_no_row_for_another_heartbeat(john: Client) -> None:
    page = make_page()
    for _ in range(3):
        beat(john, page)
    assert EditorPresence.objects.count() == 1


def test_presence_takes_the_same_queries_however_many_are_there(john: Client, django_assert_num_queries: Any) -> None:
    page = make_page()
    for number in range(5):
        presence.touch(page=page, user=User.objects.create_user(f"user-{number}", is_staff=True))
    user = User.objects.get(username="john")
    with django_assert_num_queries(1):
        assert len(presence.others(page=page, user=user)) == 5


# --- Refusals -------------------------------------------------------------------------------------------------------


def test_who_may_only_look_is_not_said_to_be_there(john: Client) -> None:
    page, viewer = make_page(), Client()
    user = User.objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(codename__startswith="view_", content_type__app_label="content")
    )
    viewer.force_login(user)
    answer = viewer.get(change_url(page))
    assert answer.status_code == 200
    assert "editor-guard" not in answer.text.replace("editor-guard.", "")
    assert "Block uid" not in answer.text
    assert viewer.post(presence_url(page)).status_code == 403
    assert viewer.get(presence_url(page)).status_code == 403
    assert not EditorPresence.objects.exists()


def test_a_stranger_is_led_to_the_login(client: Client) -> None:
    answer = client.post(presence_url(make_page()))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


def test_a_page_that_is_not_there(john: Client) -> None:
    assert john.post("/admin/content/page/987654/presence/").status_code == 404
    assert john.post(f"/admin/content/page/{'9' * 40}/presence/").status_code == 404


def test_a_heartbeat_needs_the_token_and_says_the_new_one() -> None:
    page, client = make_page(), Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("jo", password="a long enough password"))
    assert client.post(presence_url(page)).status_code == 403
    token = client.get(presence_url(page)).json()["token"]
    assert client.post(presence_url(page), headers={"X-CSRFToken": token}).status_code == 200


# --- What the browser keeps -----------------------------------------------------------------------------------------


def saved_forms(client: Client) -> list[str]:
    return client.cookies["saved_forms"].value.split(".") if "saved_forms" in client.cookies else []


def test_a_saved_form_is_named_to_the_browser(john: Client) -> None:
    page = make_page()
    first = form_of(john.get(change_url(page)))
    save(john, page, first)
    second = form_of(john.get(change_url(page)))
    save(john, page, second, "_save")
    assert saved_forms(john) == [first["form_id"], second["form_id"]]
    cookie = john.cookies["saved_forms"]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/admin/", "Strict", "")


def test_a_new_page_and_one_to_be_published_are_named_too(john: Client) -> None:
    form = form_of(john.get(reverse("admin:content_page_add")))
    form |= {"title": "New", "slug": "new", "summary": "A short answer, long enough.", "_publish": "1"}
    john.post(reverse("admin:content_page_add"), form)
    assert saved_forms(john) == [form["form_id"]]


def test_a_refused_form_is_not_named(john: Client, maria: Client) -> None:
    page = make_page()
    mine = form_of(john.get(change_url(page)))
    save(john, page, mine | {"title": ""})
    save(maria, page, form_of(maria.get(change_url(page))))
    save(john, page, mine)
    assert saved_forms(john) == []


def test_only_the_last_few_are_named(john: Client) -> None:
    page = make_page()
    for _ in range(10):
        page.refresh_from_db()
        save(john, page, form_of(john.get(change_url(page))))
    assert len(saved_forms(john)) == 8


@pytest.mark.parametrize("number", ["", "x", "a;b=c", "<script>", str(uuid.uuid4()).upper()])
def test_a_spoilt_number_gets_into_no_cookie_and_no_page(john: Client, number: str) -> None:
    page = make_page()
    form = form_of(john.get(change_url(page))) | {"form_id": number}
    assert f'name="form_id" value="{number}"' not in save(john, page, form | {"title": ""}).text
    assert save(john, page, form).status_code == 302
    assert saved_forms(john) == []


def test_a_deleted_page_says_so_in_the_editor(john: Client) -> None:
    page = make_page()
    trash.delete(page=page, by=None)
    answer = john.get(change_url(page))
    assert "This page was deleted on" in answer.text
    assert reverse("admin:content_page_bring_back", args=[page.pk]) in answer.text
