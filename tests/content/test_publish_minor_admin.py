from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from content.models import Page, RichText
from content.publishing import publish
from tests.content.desk import (
    EDITOR,
    client_of,
    make_member,
    make_reviewer,
    publish_by,
    sign,
    url,
    write,
)
from tests.content.factories import add_block, live_publication, make_live_page, make_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor_client() -> Client:
    return client_of(make_member(*EDITOR))


@pytest.fixture
def signed_page() -> Page:
    """Live and signed, with a draft that mends a letter."""
    page = make_page(blocks=0)
    add_block(page, RichText, body="<p>You recieve care.</p>")
    sign(publish(page=page, by=None).version, due_on=timezone.localdate() + timedelta(days=100))
    write(page, "<p>You receive care.</p>")
    return page


def test_a_reviewer_publishes_a_correction_of_typography_and_signs_it_in_one_step(signed_page: Page) -> None:
    reviewer = make_reviewer(*EDITOR)
    Page.objects.update(draft_author_ids=[reviewer.pk])
    client = client_of(reviewer)
    assert "Minor: only typography has changed" in client.get(url("publish", signed_page.pk)).text
    publish_by(client, signed_page, is_minor="on")
    version = live_publication(signed_page).version
    review = version.reviews.get()
    assert version.is_minor
    assert review.reviewer == reviewer
    assert review.due_on == timezone.localdate() + timedelta(days=100)


def test_an_ordinary_publication_takes_no_signature_along(signed_page: Page) -> None:
    publish_by(client_of(make_reviewer(*EDITOR)), signed_page)
    version = live_publication(signed_page).version
    assert not version.is_minor
    assert not version.reviews.exists()


def test_who_may_not_sign_cannot_publish_as_minor(signed_page: Page, editor_client: Client) -> None:
    assert "is_minor" not in editor_client.get(url("publish", signed_page.pk)).text
    publish_by(editor_client, signed_page, is_minor="on")
    version = live_publication(signed_page).version
    assert not version.is_minor
    assert not version.reviews.exists()


def test_without_a_standing_signature_there_is_nothing_to_renew() -> None:
    page = make_live_page()
    write(page, "<p>Other words.</p>")
    client = client_of(make_reviewer(*EDITOR))
    assert "is_minor" not in client.get(url("publish", page.pk)).text
    publish_by(client, page, is_minor="on")
    assert not live_publication(page).version.is_minor


def test_an_unchanged_draft_is_no_correction(signed_page: Page) -> None:
    publish(page=signed_page, by=None)
    sign(live_publication(signed_page).version)
    assert "is_minor" not in client_of(make_reviewer(*EDITOR)).get(url("publish", signed_page.pk)).text


# --- A reviewer who may not publish ---------------------------------------------------------------------------------


@pytest.fixture
def reviewer_client() -> Client:
    """With the role of a clinical reviewer and no other."""
    reviewer = make_reviewer()
    reviewer.user_permissions.clear()
    reviewer.groups.add(Group.objects.get(name="Clinical reviewer"))
    return client_of(reviewer)


def test_a_reviewer_alone_is_led_to_a_minor_correction_and_publishes_it(
    signed_page: Page, reviewer_client: Client
) -> None:
    assert url("publish", signed_page.pk) in reviewer_client.get(url("change", signed_page.pk)).text
    form = reviewer_client.get(url("publish", signed_page.pk)).context["form"]
    assert list(form.fields) == ["digest", "change_note", "is_minor"]
    publish_by(reviewer_client, signed_page, is_minor="on", change_note="A letter")
    version = live_publication(signed_page).version
    assert version.is_minor
    assert version.change_note == "A letter"
    assert version.reviews.exists()


def test_a_reviewer_alone_publishes_nothing_else(signed_page: Page, reviewer_client: Client) -> None:
    response = publish_by(reviewer_client, signed_page)
    assert "This field is required." in response.text
    write(signed_page, "<p>You receive less care.</p>")
    response = publish_by(reviewer_client, signed_page, is_minor="on")
    assert "This is more than typography" in response.text
    assert live_publication(signed_page).version.number == 1


def test_a_reviewer_alone_schedules_nothing(signed_page: Page, reviewer_client: Client) -> None:
    later = timezone.localtime() + timedelta(days=2)
    times = {"starts_at": f"{later:%Y-%m-%dT%H:%M}", "ends_at": f"{later + timedelta(days=1):%Y-%m-%dT%H:%M}"}
    publish_by(reviewer_client, signed_page, is_minor="on", when="later", **times)
    live = live_publication(signed_page)
    assert live.version.is_minor
    assert live.ends_at is None


def test_a_reviewer_alone_is_told_when_there_is_nothing_to_correct(reviewer_client: Client) -> None:
    page = make_live_page()
    write(page, "<p>Other words.</p>")
    assert url("publish", page.pk) not in reviewer_client.get(url("change", page.pk)).text
    response = publish_by(reviewer_client, page, is_minor="on")
    assert "there is nothing to publish" in response.text
    assert live_publication(page).version.number == 1


def test_a_reviewer_alone_takes_nothing_down(signed_page: Page, reviewer_client: Client) -> None:
    assert reviewer_client.post(url("take_down", signed_page.pk)).status_code == 403
    assert live_publication(signed_page)


@pytest.mark.parametrize("permissions", [("view_page",), ("view_page", "change_page")])
def test_who_may_neither_sign_nor_publish_is_refused(signed_page: Page, permissions: tuple[str, ...]) -> None:
    client = client_of(make_member(*permissions))
    assert client.get(url("publish", signed_page.pk)).status_code == 403
    assert client.post(url("publish", signed_page.pk), {"is_minor": "on"}).status_code == 403
