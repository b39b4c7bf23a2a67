from __future__ import annotations

import re

import pytest
from django.test import Client

from content.models import KeyFact, LevelsTable, Page, Question, RichText
from content.publishing import publish, take_down
from tests.content.factories import add_block, make_live_page, make_page, make_site_settings

pytestmark = pytest.mark.django_db


def test_a_live_page_is_read_at_its_address(client: Client) -> None:
    make_live_page(slug="goals", title="The goals", summary="What we want to reach together.")
    response = client.get("/goals/")
    assert response.status_code == 200
    assert "The goals" in response.text
    assert "What we want to reach together." in response.text


def test_a_draft_is_not_found(client: Client) -> None:
    make_page(slug="goals")
    assert client.get("/goals/").status_code == 404


def test_a_page_taken_down_is_not_found(client: Client) -> None:
    page = make_live_page(slug="goals")
    take_down(page=page, by=None)
    assert client.get("/goals/").status_code == 404


def test_visitors_see_the_frozen_words_not_the_draft(client: Client) -> None:
    page = make_live_page(slug="goals", title="Frozen title")
    Page.objects.filter(pk=page.pk).update(title="Draft title")
    RichText.objects.filter(parent=page).update(body="<p>Draft words.</p>")
    assert "Frozen title" in client.get("/goals/").text
    assert "Draft" not in client.get("/goals/").text


def test_the_front_page_lists_the_guide(client: Client) -> None:
    make_live_page(slug="home", title="Welcome", order=0)
    make_live_page(slug="goals", title="What we aim for", nav_title="Goals", order=10)
    assert '<a href="/goals/">What we aim for</a>' in client.get("/").text


def test_the_front_page_lists_the_guide_in_parts_by_the_order_of_its_chapters(client: Client) -> None:
    make_live_page(slug="home", order=0)
    for order in (10, 90, 110, 230, 999):
        make_live_page(slug=f"chapter-{order}", order=order)
    text = client.get("/").text
    chapters = text[text.index('class="chapters"') :]
    assert re.findall(r"<h3>(.*?)</h3>|/(chapter-\d+)/", chapters) == [
        ("What it is, and what you do there", ""),
        ("", "chapter-10"),
        ("", "chapter-90"),
        ("How it fits your life", ""),
        ("", "chapter-110"),
        ("Starting, and what comes after", ""),
        ("", "chapter-230"),
        ("", "chapter-999"),
    ]


def test_the_front_page_begins_with_the_pages_for_whom_it_is(client: Client) -> None:
    make_live_page(slug="home", order=0)
    assert "ways-in" not in client.get("/").text
    make_live_page(slug="for-me", nav_title="For me", section=Page.Section.PATH)
    text = client.get("/").text
    assert text.index('<a href="/for-me/">For me</a>') < text.index('class="answers"')


def test_the_front_page_has_one_address(client: Client) -> None:
    make_live_page(slug="home")
    response = client.get("/home/")
    assert response.status_code == 301
    assert response["Location"] == "/"


def test_readers_go_to_the_previous_and_next_page_of_the_guide(client: Client) -> None:
    for order, slug in enumerate(["first", "second", "third"]):
        make_live_page(slug=slug, nav_title=slug.title(), order=order)
    text = client.get("/second/").text
    assert 'rel="prev"' in text
    assert 'rel="next"' in text
    assert 'rel="prev"' not in client.get("/first/").text


def test_only_live_pages_are_offered_as_related(client: Client) -> None:
    live, draft = make_live_page(slug="live-one", title="Live one"), make_page(slug="draft-one", title="Draft one")
    page = make_page(slug="goals")
    page.related_pages.set([live, draft])
    publish(page=page, by=None)
    text = client.get("/goals/").text
    assert "Live one" in text
    assert "Draft one" not in text


@pytest.mark.parametrize("path", ["/goals/", "/nowhere/", "/admissions/"])
def test_the_crisis_line_comes_before_anything_else_that_can_be_clicked(client: Client, path: str) -> None:
    make_site_settings()
    make_live_page(slug="goals")
    body = client.get(path).text.partition("<body")[2]
    first_link = body[body.index("<a ") :].partition(">")[0]
    assert 'href="tel:988"' in first_link
    assert 'href="sms:988"' in body
    assert 'href="tel:911"' in body


def test_a_page_says_its_reading_time(client: Client) -> None:
    page = make_page(slug="goals", blocks=0)
    add_block(page, RichText, body="<p>" + "word " * 500 + "</p>")
    publish(page=page, by=None)
    assert "3 minutes" in client.get("/goals/").text


def test_a_page_view_takes_the_same_queries_whatever_there_is(client: Client, django_assert_num_queries) -> None:
    make_site_settings()
    page = make_page(slug="goals", blocks=1)
    add_block(page, LevelsTable, heading="Levels")
    publish(page=page, by=None)
    # live pages, their addresses in all languages, the document, its review, levels of care, settings, office hours
    with django_assert_num_queries(7):
        client.get("/goals/")
    for _number in range(12):
        make_live_page(blocks=4)
        add_block(page, Question, question="Why?", answer="<p>So.</p>")
        add_block(page, KeyFact, figure="3", label="days")
    publish(page=page, by=None)
    with django_assert_num_queries(7):
        client.get("/goals/")


def test_a_page_sets_no_cookie(client: Client) -> None:
    make_live_page(slug="goals")
    assert not client.get("/goals/").cookies


def test_a_page_allows_only_its_own_files(client: Client) -> None:
    make_live_page(slug="goals")
    policy = client.get("/goals/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_page_can_only_be_read(client: Client, method: str) -> None:
    make_live_page(slug="goals")
    assert getattr(client, method)("/goals/").status_code == 405


def test_the_front_page_says_its_reading_time_and_offers_related_pages(client: Client) -> None:
    related = make_live_page(slug="goals", title="The goals of it all", section="site")
    page = make_page(slug="home")
    page.related_pages.set([related])
    publish(page=page, by=None)
    text = client.get("/").text
    assert "minute to read" in text
    assert "Related pages" in text
