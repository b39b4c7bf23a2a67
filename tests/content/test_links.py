from __future__ import annotations

import uuid
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.links import indexed, to_live, to_shown, to_stored, uids_in
from content.models import Page, Question, RichText
from content.publishing import publish, take_down
from content.trash import delete
from tests.content.editing import editor_url, posted, save
from tests.content.factories import add_block, make_live_page, make_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_kinds_of_block")]

BODY = "content_richtext_set-0-body"


@pytest.fixture
def goals() -> Page:
    return make_live_page(slug="goals")


# Stored by page


def test_the_address_of_a_page_is_stored_as_the_page(goals: Page) -> None:
    assert to_stored('<a href="/goals/">Our goals</a>') == f'<a href="page:{goals.uid}">Our goals</a>'


def test_an_address_without_its_last_slash_is_stored_as_the_page(goals: Page) -> None:
    assert to_stored('<a href="/goals">Our goals</a>') == f'<a href="page:{goals.uid}">Our goals</a>'


def test_the_front_page_is_a_page_like_others() -> None:
    home = make_page(slug="home")
    assert to_stored('<a href="/">Home</a>') == f'<a href="page:{home.uid}">Home</a>'
    assert to_shown(f'<a href="page:{home.uid}">Home</a>') == '<a href="/">Home</a>'


def test_what_is_stored_is_shown_as_the_address_of_the_draft(goals: Page) -> None:
    stored = to_stored('<a href="/goals/">Our goals</a>')
    goals.slug = "aims"
    goals.save()
    assert to_shown(stored) == '<a href="/aims/">Our goals</a>'


def test_a_fragment_is_kept_all_the_way(goals: Page) -> None:
    stored = to_stored('<a href="/goals/#week-two">Week two</a>')
    assert stored == f'<a href="page:{goals.uid}#week-two">Week two</a>'
    assert to_shown(stored) == '<a href="/goals/#week-two">Week two</a>'
    assert to_live(stored, {str(goals.uid): "/aims/"}) == '<a href="/aims/#week-two">Week two</a>'


@pytest.mark.parametrize(
    "href",
    [
        "/nowhere/",
        "/goals/?x=1",
        "/admissions/",
        "//example.org/goals/",
        "https://example.org/goals/",
        "tel:988",
        "#goals",
        "goals/",
    ],
)
def test_any_other_link_stays_as_it_is(goals: Page, href: str) -> None:
    html = f'<a href="{href}">x</a>'
    assert to_stored(html) == to_shown(html) == to_live(html, {str(goals.uid): "/goals/"}) == html


def test_a_link_to_a_page_that_is_gone_stays_as_it_is_in_the_editor() -> None:
    html = f'<a href="page:{uuid.uuid4()}">x</a>'
    assert to_shown(html) == to_stored(html) == html


def test_the_address_of_a_page_in_the_trash_is_nobodys(goals: Page) -> None:
    delete(page=goals, by=None)
    assert to_stored('<a href="/goals/">x</a>') == '<a href="/goals/">x</a>'


def test_several_links_are_told_apart(goals: Page) -> None:
    cost = make_page(slug="cost")
    html = '<a href="/goals/">a</a> <a href="/cost/">b</a> <a href="/goals/#c">c</a>'
    assert uids_in(to_stored(html)) == {str(goals.uid), str(cost.uid)}
    assert to_shown(to_stored(html)) == html


def test_the_pages_are_read_once_however_many_links_there_are(goals: Page) -> None:
    html = '<a href="/goals/">x</a>'
    with CaptureQueriesContext(connection) as queries, indexed():
        for _number in range(5):
            assert to_shown(to_stored(html)) == html
    assert len(queries) == 1


def test_words_without_links_ask_the_database_nothing() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert to_shown(to_stored("<p>Words.</p>")) == "<p>Words.</p>"
    assert len(queries) == 0


# Rendered


def test_a_link_to_a_page_that_is_not_live_becomes_plain_text(goals: Page) -> None:
    html = f'<p>See <a href="page:{goals.uid}#top">our <em>goals</em></a>, and <a href="/x/">x</a>.</p>'
    assert to_live(html, {}) == '<p>See our <em>goals</em>, and <a href="/x/">x</a>.</p>'


def test_visitors_follow_a_page_wherever_it_is_live(client: Client, goals: Page) -> None:
    page = make_page(blocks=0, slug="linking")
    add_block(page, RichText, body=to_stored('<p><a href="/goals/">Our goals</a></p>'))
    publish(page=page, by=None)
    assert '<a href="/goals/">Our goals</a>' in client.get("/linking/").text
    goals.slug = "aims"
    goals.save()
    # The draft's address is nobody's business yet.
    assert '<a href="/goals/">Our goals</a>' in client.get("/linking/").text
    publish(page=goals, by=None)
    assert '<a href="/aims/">Our goals</a>' in client.get("/linking/").text
    take_down(page=goals, by=None)
    assert "<p>Our goals</p>" in client.get("/linking/").text


# In the editor


@pytest.fixture
def linking() -> Page:
    return make_page(slug="linking")


def test_the_editor_stores_the_page_that_was_typed_as_an_address(
    admin_client: Client, goals: Page, linking: Page
) -> None:
    save(admin_client, linking, **{BODY: '<p><a href="/goals/#how">Our goals</a></p>'})
    assert RichText.objects.get(parent=linking).body == f'<p><a href="page:{goals.uid}#how">Our goals</a></p>'


def test_the_editor_shows_addresses(admin_client: Client, goals: Page) -> None:
    page = make_page(blocks=0)
    add_block(page, Question, question="Why?", answer=f'<p><a href="page:{goals.uid}">So.</a></p>')
    text = unescape(admin_client.get(editor_url(page)).text)
    assert '<a href="/goals/">So.</a>' in text
    assert f'"page:{goals.uid}"' not in text


def test_a_link_survives_the_renaming_of_its_page(admin_client: Client, goals: Page, linking: Page) -> None:
    save(admin_client, linking, **{BODY: '<p><a href="/goals/">Our goals</a></p>'})
    save(admin_client, goals, slug="aims")
    assert '<a href="/aims/">Our goals</a>' in unescape(admin_client.get(editor_url(linking)).text)
    publish(page=goals, by=None)
    publish(page=linking, by=None)
    assert '<a href="/aims/">Our goals</a>' in admin_client.get("/linking/").text


def test_a_draft_with_addresses_is_converted_when_it_is_saved(admin_client: Client, goals: Page) -> None:
    page = make_page(blocks=0)
    block = add_block(page, RichText, body='<p><a href="/goals/">Our goals</a> and <a href="/nowhere/">not</a></p>')
    save(admin_client, page)
    block.refresh_from_db()
    assert block.body == f'<p><a href="page:{goals.uid}">Our goals</a> and <a href="/nowhere/">not</a></p>'


def test_a_text_that_nobody_touched_is_not_changed(admin_client: Client, goals: Page, linking: Page) -> None:
    save(admin_client, linking, **{BODY: '<p><a href="/goals/">Our goals</a></p>'})
    opened = admin_client.get(editor_url(linking))
    response = admin_client.post(editor_url(linking), posted(opened) | {"title": "x" * 200})
    changed = [inline.formset.has_changed() for inline in response.context["inline_admin_formsets"]]
    assert not any(changed)


def test_what_could_not_be_saved_is_shown_again_with_addresses(
    admin_client: Client, goals: Page, linking: Page
) -> None:
    data = posted(admin_client.get(editor_url(linking)))
    response = admin_client.post(editor_url(linking), data | {"title": "", BODY: '<p><a href="/goals/">G</a></p>'})
    assert response.status_code == 200
    assert '<a href="/goals/">G</a>' in unescape(response.text)


def test_a_text_of_blank_lines_alone_is_refused_with_a_sentence(admin_client: Client, linking: Page) -> None:
    data = posted(admin_client.get(editor_url(linking)))
    response = admin_client.post(editor_url(linking), data | {BODY: "<p> </p><p><br></p>"})
    assert "This field is required." in response.text
