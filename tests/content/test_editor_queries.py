"""What the editor and the public page ask of the database does not grow with a page. Nothing is timed here: see
bench/editor.py."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.models import BLOCK_MODELS, CallToAction, Image, Page, Picture, Question, RichText
from content.publishing import publish
from tests.content.editing import editor_url, posted, save
from tests.content.factories import add_block, make_live_page, make_page, make_site_settings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def content_types() -> None:
    """Asked for once by a process."""
    ContentType.objects.get_for_model(Page)


@pytest.fixture
def others() -> list[Page]:
    """Pages that can be linked to, by which Django's select would grow."""
    return [make_page() for _number in range(12)]


def make_picture(number: int) -> Picture:
    return Picture.objects.create(digest=f"{number:064x}", name=f"Picture {number}", width=10, height=10)


def make_long_page(blocks: int, others: list[Page]) -> Page:
    """Texts with links, pictures and buttons, each to something else."""
    page = make_live_page(blocks=1)
    for number in range(blocks // 3):
        other = others[number % len(others)]
        add_block(page, RichText, body=f'<p><a href="page:{other.uid}">Text {number}</a></p>')
        add_block(page, Image, picture=make_picture(page.pk * 1000 + number), alt=f"Picture {number}")
        add_block(page, CallToAction, heading=f"Ready {number}?", target=other)
    return page


def queries_of(client: Client, page: Page, data: dict[str, Any] | None = None, *, status: int = 200) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(editor_url(page)) if data is None else client.post(editor_url(page), data)
    assert response.status_code == status
    return [query["sql"] for query in queries]


def test_opening_the_editor_takes_the_same_queries_whatever_the_page(admin_client: Client, others: list[Page]) -> None:
    few, many = make_long_page(6, others), make_long_page(30, others)
    # What a process reads once, such as the kinds of content, and that this editor is here.
    for page in (few, many):
        queries_of(admin_client, page)
    assert len(queries_of(admin_client, few)) == len(queries_of(admin_client, many))


def test_saving_what_did_not_change_takes_the_same_queries_whatever_the_page(
    admin_client: Client, others: list[Page]
) -> None:
    few, many = make_long_page(6, others), make_long_page(30, others)
    counts = []
    for page in (few, many):
        data = posted(admin_client.get(editor_url(page)))
        counts.append(len(queries_of(admin_client, page, data, status=302)))
    assert counts[0] == counts[1]


def test_each_block_that_changed_costs_one_query(admin_client: Client, others: list[Page]) -> None:
    page = make_long_page(12, others)
    data = posted(admin_client.get(editor_url(page)))
    unchanged = len(queries_of(admin_client, page, data, status=302))
    data = posted(admin_client.get(editor_url(page)))
    buttons = {name: "Other words" for name in data if name.startswith("content_calltoaction_set-") and "-text" in name}
    assert len(buttons) == 4
    assert len(queries_of(admin_client, page, data | buttons, status=302)) == unchanged + 4


def test_a_save_that_is_refused_takes_the_same_queries_whatever_the_page(
    admin_client: Client, others: list[Page]
) -> None:
    few, many = make_long_page(6, others), make_long_page(30, others)
    counts = []
    for page in (few, many):
        data = posted(admin_client.get(editor_url(page))) | {"title": ""}
        counts.append(len(queries_of(admin_client, page, data)))
    assert counts[0] == counts[1]


def test_who_may_only_look_takes_the_same_queries_whatever_the_page(client: Client, others: list[Page]) -> None:
    reader = User.objects.create_user("reader", is_staff=True)
    codenames = [f"view_{model._meta.model_name}" for model in (Page, *BLOCK_MODELS)]
    reader.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(reader)
    few, many = make_long_page(6, others), make_long_page(30, others)
    assert len(queries_of(client, few)) == len(queries_of(client, many))


def test_publishing_takes_the_same_queries_whatever_the_page(others: list[Page]) -> None:
    for other in others:
        publish(page=other, by=None)
    # Words that the site did not have yet are added to what search knows, some at a time.
    publish(page=make_long_page(30, others), by=None)
    pages = [make_long_page(6, others), make_long_page(30, others)]
    counts = []
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            publish(page=page, by=None)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_page_view_takes_the_same_queries_whatever_blocks_versions_and_pages_there_are(client: Client) -> None:
    make_site_settings()
    page = make_live_page(slug="goals")
    with CaptureQueriesContext(connection) as before:
        assert client.get("/goals/").status_code == 200
    for number in range(8):
        make_live_page(blocks=3)
        make_page()
        add_block(page, Question, question=f"Why {number}?", answer="<p>So.</p>")
        publish(page=page, by=None, change_note=f"Question {number}")
    assert page.versions.count() == 9
    with CaptureQueriesContext(connection) as after:
        assert "Why 7?" in client.get("/goals/").text
    assert len(before) == len(after)


# What is chosen


def test_the_editor_offers_what_is_chosen_and_no_list_of_everything(admin_client: Client, others: list[Page]) -> None:
    page = make_page()
    add_block(page, CallToAction, heading="Ready?", target=others[3])
    text = admin_client.get(editor_url(page)).text
    assert f'<option value="{others[3].pk}" selected>{others[3]}</option>' in text
    assert f">{others[4]}</option>" not in text


@pytest.mark.usefixtures("few_kinds_of_block")
def test_another_page_and_none_can_be_chosen(admin_client: Client, others: list[Page]) -> None:
    page = make_page()
    block = add_block(page, CallToAction, heading="Ready?", target=others[3])
    save(admin_client, page, **{"content_calltoaction_set-0-target": others[4].pk})
    block.refresh_from_db()
    assert block.target == others[4]
    save(admin_client, page, **{"content_calltoaction_set-0-target": ""})
    block.refresh_from_db()
    assert block.target is None


@pytest.mark.usefixtures("few_kinds_of_block")
@pytest.mark.parametrize("target", ["999999", "9" * 30, "-1", "x", "²", "\x00"])
def test_a_page_that_is_not_there_is_refused_with_a_sentence(admin_client: Client, target: str) -> None:
    page = make_page()
    add_block(page, CallToAction, heading="Ready?")
    data = posted(admin_client.get(editor_url(page)))
    response = admin_client.post(editor_url(page), data | {"content_calltoaction_set-0-target": target})
    assert "Select a valid choice" in response.text


def test_a_picture_must_be_chosen(admin_client: Client) -> None:
    page = make_page()
    add_block(page, Image, picture=make_picture(1), alt="A door")
    data = posted(admin_client.get(editor_url(page)))
    response = admin_client.post(editor_url(page), data | {"content_image_set-0-picture": ""})
    assert "This field is required." in response.text


def test_the_block_of_another_page_cannot_be_saved_through_this_one(admin_client: Client) -> None:
    page, other = make_page(), make_page()
    foreign = RichText.objects.get(parent=other)
    data = posted(admin_client.get(editor_url(page)))
    response = admin_client.post(
        editor_url(page),
        data | {"content_richtext_set-0-id": foreign.pk, "content_richtext_set-0-body": "<p>Taken over.</p>"},
    )
    assert response.status_code == 200
    foreign.refresh_from_db()
    assert "Taken over" not in foreign.body
