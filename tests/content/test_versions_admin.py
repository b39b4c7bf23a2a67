from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from content import documents
from content.models import Callout, CallToAction, Image, ListItem, Page, PageVersion, Picture, RichText
from content.publishing import digest_of, freeze, keep_version, publish
from tests.content.desk import EDITOR, client_with, make_member, queries_of, sign, url, write
from tests.content.factories import add_block, live_publication, make_live_page, make_page, make_site_settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor_client() -> Client:
    return client_with(*EDITOR)


def make_versions(page: Page, count: int) -> None:
    for number in range(count):
        write(page, f"<p>Words of round {number}.</p>")
        keep_version(page=page, by=None, change_note=f"Round {number}")


# --- The list --------------------------------------------------------------------------------------------------------


def test_versions_are_listed_with_who_what_and_how_they_stand(editor_client: Client) -> None:
    make_site_settings()
    page, author = make_live_page(), make_member()
    write(page, "<p>Second words.</p>")
    version = publish(page=page, by=author, change_note="Corrected the hours").version
    sign(version, due_on=timezone.localdate() + timedelta(days=30))
    write(page, "<p>Third words.</p>")
    publish(page=page, by=None, starts_at=timezone.now() + timedelta(days=1))
    text = editor_client.get(url("versions", page.pk)).text
    assert text.index('value="draft"') < text.index("To version 3") < text.index("To version 2")
    assert "Corrected the hours" in text
    assert f"by {author}" in text
    assert f'title="{version.digest}">{version.digest[:8]}<' in text
    marks = {row.split('"')[0]: row for row in text.split('aria-label="From version ')[1:]}
    assert "scheduled for" in marks["3"]
    assert "Live" in marks["2"]
    assert "signed until" in marks["2"]
    assert "was live" in marks["1"]
    assert "The same as version 3" in text


def test_a_minor_version_is_marked(editor_client: Client) -> None:
    page = make_page()
    keep_version(page=page, by=None, is_minor=True)
    assert "minor: typography only" in editor_client.get(url("versions", page.pk)).text


def test_a_page_without_versions_says_how_one_is_made(editor_client: Client) -> None:
    assert "There is no version yet." in editor_client.get(url("versions", make_page().pk)).text


def test_long_lists_are_paged(editor_client: Client) -> None:
    page = make_page()
    make_versions(page, 30)
    assert "Round 29" in editor_client.get(url("versions", page.pk)).text
    assert "Round 2<" not in editor_client.get(url("versions", page.pk)).text
    assert "Round 2<" in editor_client.get(url("versions", page.pk, p=2)).text
    assert editor_client.get(url("versions", page.pk, p="x")).status_code == 200


def test_the_list_takes_the_same_queries_whatever_its_length(editor_client: Client) -> None:
    few, many = make_live_page(), make_live_page()
    make_versions(many, 20)
    sign(many.versions.first())
    publish(page=many, by=None)
    assert queries_of(editor_client, url("versions", many.pk)) == queries_of(editor_client, url("versions", few.pk))


def test_the_list_shows_nobody_what_they_may_not_do() -> None:
    page = make_live_page()
    text = client_with("view_page").get(url("versions", page.pk)).text
    assert "Preview" in text
    assert "Bring back" not in text
    assert url("share", page.pk) not in text


# --- Comparing -------------------------------------------------------------------------------------------------------


def test_less_is_seen_to_become_more(editor_client: Client) -> None:
    page = make_page(blocks=0)
    add_block(page, RichText, body="<p>You need less care.</p>")
    publish(page=page, by=None)
    write(page, "<p>You need MORE care.</p>")
    text = editor_client.get(url("compare", page.pk, old=1, new="draft")).text
    assert "Version 1 compared with the draft" in text
    assert "1 block changed" in text
    assert "less</del>" in text
    assert "MORE</ins>" in text


def test_a_moved_block_is_told_in_words(editor_client: Client) -> None:
    page = make_page(blocks=0)
    blocks = [add_block(page, RichText, body=f"<p>Words {n}.</p>") for n in range(4)]
    keep_version(page=page, by=None)
    RichText.objects.filter(pk=blocks[0].pk).update(ordering=10**6)
    keep_version(page=page, by=None)
    text = editor_client.get(url("compare", page.pk, old=1, new=2)).text
    assert "Moved from place 1 to place 4" in text
    assert "3 blocks unchanged" in text


def test_choices_are_told_by_the_words_that_editors_choose_from(editor_client: Client) -> None:
    page = make_page(blocks=0)
    callout = add_block(page, Callout, kind="note", body="<p>Words.</p>")
    keep_version(page=page, by=None)
    Callout.objects.filter(pk=callout.pk).update(kind="important")
    text = editor_client.get(url("compare", page.pk, old=1)).text
    assert "Note</del>" in text
    assert "Important</ins>" in text


def test_pictures_stand_side_by_side(editor_client: Client) -> None:
    page = make_page()
    first, second = (Picture.objects.create(digest=c * 64, name=c, width=600, height=400) for c in "ab")
    image = add_block(page, Image, picture=first, alt="A room")
    keep_version(page=page, by=None)
    Image.objects.filter(pk=image.pk).update(picture=second)
    text = editor_client.get(url("compare", page.pk, old=1)).text
    assert f'src="/media/{"a" * 64}-480.webp"' in text
    assert f'src="/media/{"b" * 64}-480.webp"' in text


def test_blocks_that_came_and_went_are_shown_whole(editor_client: Client) -> None:
    page = make_page(blocks=0)
    add_block(page, RichText, body="<p>Gone words.</p>")
    keep_version(page=page, by=None)
    RichText.objects.all().delete()
    add_block(page, ListItem, term="New term", explanation="<p>New words.</p>")
    text = editor_client.get(url("compare", page.pk, old=1)).text
    assert "<b>Removed</b>, was at place 1" in text
    assert "<b>Added</b>, at place 1" in text
    assert "List item “New term”" in text


def test_what_was_written_is_never_taken_for_html(editor_client: Client) -> None:
    page = make_page(blocks=0)
    add_block(page, ListItem, term="<script>alert(1)</script>", explanation="<p>Words &lt;b&gt;.</p>")
    keep_version(page=page, by=None)
    ListItem.objects.update(term="<img src=x onerror=alert(1)>")
    text = editor_client.get(url("compare", page.pk, old=1)).text
    assert "<script>alert" not in text
    assert "<img src=x" not in text


@pytest.mark.parametrize(
    "query", [{}, {"old": "x"}, {"old": 99}, {"old": 1, "new": "-1"}, {"old": "٣"}, {"old": 10**40}]
)
def test_versions_that_are_not_there_lead_back_to_the_list(editor_client: Client, query: dict[str, Any]) -> None:
    page = make_live_page()
    response = editor_client.get(url("compare", page.pk, **query), follow=True)
    assert "Choose two versions to compare." in response.text


def make_page_of_pictures(count: int) -> Page:
    """Live, with a draft in which every block is different."""
    page = make_page(blocks=count)
    for number in range(count):
        picture = Picture.objects.create(digest=f"{page.pk:032}{number:032}", name="x", width=600, height=400)
        add_block(page, Image, picture=picture, alt="A room")
        add_block(page, CallToAction, heading="Talk", target=make_page())
    publish(page=page, by=None)
    write(page, "<p>Other words.</p>")
    return page


@pytest.mark.parametrize("name", ["compare", "publish", "change", "preview_frame"])
def test_a_page_of_the_desk_takes_the_same_queries_whatever_there_is(name: str, staff_client: Client) -> None:
    few, many = make_page_of_pictures(1), make_page_of_pictures(8)
    query = {"old": 1} if name == "compare" else {}
    assert queries_of(staff_client, url(name, many.pk, **query)) == queries_of(staff_client, url(name, few.pk, **query))


def test_a_version_of_another_page_is_not_compared(editor_client: Client) -> None:
    page, other = make_page(), make_page()
    make_versions(other, 3)
    assert "Choose two versions" in editor_client.get(url("compare", page.pk, old=3), follow=True).text


# --- Bringing back ---------------------------------------------------------------------------------------------------


def test_bringing_back_asks_first_and_keeps_the_present_draft(editor_client: Client) -> None:
    page = make_live_page()
    before = live_publication(page).version.digest
    write(page, "<p>Newer words.</p>")
    newer = digest_of(freeze(page))
    assert "is kept as a version of its own first" in editor_client.get(url("restore", page.pk, 1)).text
    assert digest_of(freeze(page)) == newer
    response = editor_client.post(url("restore", page.pk, 1), follow=True)
    assert "The draft is version 1 again." in response.text
    assert digest_of(freeze(Page.objects.get())) == before
    assert page.versions.get(number=2).digest == newer
    assert LogEntry.objects.filter(change_message__contains="Brought version 1 back").exists()


def test_bringing_back_changes_nothing_for_visitors(editor_client: Client, client: Client) -> None:
    page = make_live_page(slug="goals")
    write(page, "<p>Newer words.</p>")
    publish(page=page, by=None)
    editor_client.post(url("restore", page.pk, 1))
    assert "Newer words." in client.get("/goals/").text


def test_an_address_that_is_another_pages_by_now_is_refused_with_a_sentence(editor_client: Client) -> None:
    page = make_live_page(slug="goals")
    Page.objects.filter(pk=page.pk).update(slug="old-goals")
    make_page(slug="goals", nav_title="Another")
    response = editor_client.post(url("restore", page.pk, 1), follow=True)
    assert "belongs to the page “Another” now" in response.text
    assert Page.objects.get(pk=page.pk).slug == "old-goals"


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_change_pages_brings_nothing_back(method: str) -> None:
    page = make_live_page()
    write(page, "<p>Newer words.</p>")
    client = client_with("view_page", "sign_version")
    assert getattr(client, method)(url("restore", page.pk, 1)).status_code == 403
    assert RichText.objects.get().body == "<p>Newer words.</p>"


@pytest.mark.parametrize(("name", "args"), [("versions", []), ("compare", []), ("restore", [1])])
def test_who_may_not_see_pages_is_refused(name: str, args: list[int]) -> None:
    page = make_live_page()
    assert client_with("publish_page").get(url(name, page.pk, *args)).status_code == 403


# --- Versions of another release -------------------------------------------------------------------------------------


def test_a_version_of_a_later_release_is_told_so(editor_client: Client) -> None:
    page = make_page()
    document = freeze(page) | {"schema": documents.SCHEMA + 1}
    PageVersion.objects.create(page=page, number=1, document=document, digest="x")
    for path in (url("compare", page.pk, old=1), url("preview_frame", page.pk, version=1)):
        assert "written by a later release" in editor_client.get(path, follow=True).text
    assert "written by a later release" in editor_client.post(url("restore", page.pk, 1), follow=True).text


def test_dates_are_those_of_the_sites_clock(editor_client: Client) -> None:
    page = make_live_page()
    sign(live_publication(page).version, due_on=date(timezone.localdate().year + 1, 1, 2))
    assert "signed until Jan. 2" in editor_client.get(url("versions", page.pk)).text
