from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.test import Client, override_settings
from django.utils import timezone

from content import previews
from content.models import CallToAction, Page, PreviewLink, RichText
from content.publishing import publish
from tests.content.desk import EDITOR, client_with, make_member, queries_of, sign, url, write
from tests.content.factories import add_block, live_publication, make_live_page, make_page, make_site_settings

pytestmark = pytest.mark.django_db
SHARED = re.compile(r'value="(http[^"]+)"')


@pytest.fixture
def editor_client() -> Client:
    return client_with(*EDITOR)


def frame(client: Client, page: Page, **query: Any) -> Any:
    return client.get(url("preview_frame", page.pk, **query))


# --- What the frame shows --------------------------------------------------------------------------------------------


def test_the_saved_draft_is_shown_in_the_public_template(editor_client: Client) -> None:
    make_site_settings()
    page = make_live_page(slug="goals", title="Old title")
    Page.objects.update(title="New title")
    write(page, "<h2>Newer</h2><p>Draft words.</p>")
    text = frame(editor_client, page).text
    assert "<strong>Preview of the draft</strong> – visitors do not see this." in text
    assert "<h1>New title</h1>" in text
    assert "Draft words." in text
    assert "Lantern Test IOP" in text
    assert text.index('href="tel:988"') < text.index("Preview of the draft")


def test_any_version_is_shown_as_it_was(editor_client: Client) -> None:
    page = make_live_page()
    write(page, "<p>Second words.</p>")
    publish(page=page, by=None)
    old, live = frame(editor_client, page, version=1).text, frame(editor_client, page, version=2).text
    assert "You come in and sit down." in old
    assert "<strong>Preview of version 1</strong> – visitors do not see this." in old
    assert "<strong>Preview of version 2</strong> – visitors see this version now." in live


def test_a_draft_without_a_block_is_shown(editor_client: Client) -> None:
    assert frame(editor_client, make_page(blocks=0)).status_code == 200


def test_the_front_page_has_its_own_template(editor_client: Client) -> None:
    make_live_page(slug="goals", title="The goals")
    text = frame(editor_client, make_page(slug="home")).text
    assert "The guide, part by part" in text
    assert "The goals" in text


def test_a_draft_stands_at_its_place_in_the_guide(editor_client: Client) -> None:
    for order, slug in enumerate(["first", "third"]):
        make_live_page(slug=slug, nav_title=slug, order=order * 2)
    text = frame(editor_client, make_page(slug="second", order=1)).text
    assert 'rel="prev" href="/first/"' in text
    assert 'rel="next" href="/third/"' in text


def test_a_page_speaks_its_own_language(editor_client: Client) -> None:
    make_live_page(slug="goals", title="An English page")
    page = make_page(slug="metas", language="es")
    text = frame(editor_client, page).text
    assert '<html lang="es">' in text
    assert "An English page" not in text


def test_nothing_keeps_it_and_no_search_engine_finds_it(editor_client: Client) -> None:
    response = frame(editor_client, make_page())
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex, nofollow">' in response.text
    assert 'rel="canonical"' not in response.text
    assert "ld+json" not in response.text


def test_a_badge_is_shown_under_the_signed_words_alone(editor_client: Client) -> None:
    page = make_live_page()
    sign(live_publication(page).version)
    assert "a licensed psychologist" in frame(editor_client, page, version=1).text
    write(page, "<p>Other words.</p>")
    assert "a licensed psychologist" not in frame(editor_client, page).text


# --- Links to what is not live ---------------------------------------------------------------------------------------


@pytest.fixture
def linking_page() -> Page:
    """Links to a draft in every way."""
    draft = make_page(slug="families", title="For families", nav_title="Families")
    page = make_page(slug="goals", blocks=0)
    add_block(page, RichText, body=f'<p>Read <a href="page:{draft.uid}">for families</a>.</p>', ordering=10)
    add_block(page, CallToAction, heading="Talk", text="Call.", target=draft, ordering=20)
    page.related_pages.add(draft)
    return page


def test_editors_see_links_to_pages_that_are_not_live_marked(editor_client: Client, linking_page: Page) -> None:
    draft = Page.objects.get(slug="families")
    text = frame(editor_client, linking_page).text
    link = f'<a href="{url("preview", draft.pk)}">for families</a>'
    assert f"{link} <em>(not live: visitors see these words without a link)</em>" in text
    assert "“Families” is not live, so this button leads to Admissions" in text
    assert f'<a href="{url("preview", draft.pk)}">For families (not live)</a>' in text


def test_links_to_live_pages_are_not_marked(editor_client: Client, linking_page: Page) -> None:
    publish(page=Page.objects.get(slug="families"), by=None)
    text = frame(editor_client, linking_page).text
    assert 'Read <a href="/families/">for families</a>.' in text
    assert "not live" not in text


def test_marks_are_in_no_version(editor_client: Client, linking_page: Page) -> None:
    frame(editor_client, linking_page)
    document = publish(page=linking_page, by=None).version.document
    assert "not live" not in str(document)


@override_settings(HAS_PUBLIC=False, SITE_URL="https://clinic.example", ROOT_URLCONF="tests.content.staff_urls")
def test_on_the_staff_surface_links_lead_to_the_public_one(editor_client: Client) -> None:
    live = make_live_page(slug="cost")
    page = make_page(slug="goals", blocks=0)
    draft = make_page(slug="families")
    add_block(page, RichText, body=f'<p><a href="page:{live.uid}">Cost</a>, <a href="page:{draft.uid}">more</a></p>')
    text = frame(editor_client, page).text
    assert '<a href="https://clinic.example/cost/">Cost</a>' in text
    assert f'<a href="{url("preview", draft.pk)}">more</a>' in text
    assert 'href="/static/css/site.css"' in text
    assert 'href="https://clinic.example/admissions/"' in text


# --- The frame and its page ------------------------------------------------------------------------------------------


def test_the_preview_may_be_framed_by_this_site_alone(editor_client: Client) -> None:
    response = frame(editor_client, make_page())
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_no_other_page_may_be_framed(editor_client: Client, client: Client) -> None:
    page = make_live_page(slug="goals")
    for response in (editor_client.get(url("preview", page.pk)), client.get("/goals/")):
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("query", "width"), [({}, "desktop"), ({"width": "phone"}, "phone"), ({"width": "x"}, "desktop")]
)
def test_the_frame_is_as_wide_as_a_desktop_or_a_phone(editor_client: Client, query: dict[str, str], width: str) -> None:
    page = make_live_page()
    response = editor_client.get(url("preview", page.pk, version=1, **query))
    assert f'class="preview-frame preview-{width}"' in response.text
    assert f'src="{url("preview_frame", page.pk)}?version=1"' in response.text
    assert "frame-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["preview", "preview_frame", "share"])
@pytest.mark.parametrize("version", ["99", "x", "-1", "٣", "9" * 40, ""])
def test_a_version_that_is_not_there_is_not_found(editor_client: Client, name: str, version: str) -> None:
    page = make_live_page()
    assert editor_client.get(f"{url(name, page.pk)}?version={version}").status_code == 404


@pytest.mark.parametrize("name", ["preview", "preview_frame"])
def test_staff_who_may_see_pages_see_previews_and_others_do_not(client: Client, name: str) -> None:
    page = make_page()
    assert client_with("view_page").get(url(name, page.pk)).status_code == 200
    assert client_with("view_picture").get(url(name, page.pk)).status_code == 403
    assert "/admin/login/" in client.get(url(name, page.pk))["Location"]


# --- Sharing ---------------------------------------------------------------------------------------------------------


def share(client: Client, page: Page, **query: Any) -> Any:
    return client.post(url("share", page.pk, **query), {"made_for": "Dr. Rivera", "change_note": "For review"})


def test_a_link_is_made_for_somebody_and_shown_once(editor_client: Client, client: Client) -> None:
    page = make_page()
    response = share(editor_client, page)
    address = SHARED.search(response.text)[1]
    assert address.startswith("http://127.0.0.1:8000/preview/")
    assert "no-store" in response["Cache-Control"]
    link = PreviewLink.objects.get()
    assert link.made_for == "Dr. Rivera"
    assert link.version.change_note == "For review"
    assert timedelta(days=6, hours=23) < link.expires_at - timezone.now() <= timedelta(days=7)
    token = address.split("/")[-2]
    assert token not in editor_client.get(url("share", page.pk)).text
    assert not PreviewLink.objects.filter(token_hash__contains=token).exists()
    assert token not in str(list(LogEntry.objects.values()))
    assert client.get(f"/preview/{token}/").status_code == 200


def test_sharing_the_draft_keeps_it_as_a_version(editor_client: Client, client: Client) -> None:
    page = make_page()
    address = SHARED.search(share(editor_client, page).text)[1]
    write(page, "<p>Newer words.</p>")
    text = client.get(address.removeprefix("http://127.0.0.1:8000")).text
    assert "You come in and sit down." in text
    assert "Newer words." not in text


def test_an_old_version_is_shared_as_it_was(editor_client: Client) -> None:
    page = make_live_page()
    write(page, "<p>Newer words.</p>")
    assert 'name="change_note"' not in editor_client.get(url("share", page.pk, version=1)).text
    share(editor_client, page, version=1)
    assert PreviewLink.objects.get().version.number == 1
    assert page.versions.count() == 1


def test_links_are_listed_and_can_be_revoked(editor_client: Client, client: Client) -> None:
    make_site_settings()
    page = make_page()
    link, address = previews.make_link(page=page, by=make_member(), made_for="Sam <b>Example</b>")
    path = address.removeprefix("http://127.0.0.1:8000")
    text = editor_client.get(url("share", page.pk)).text
    assert "Sam &lt;b&gt;Example" in text
    assert "Open until" in text
    assert "stops working at once" in editor_client.get(url("revoke", page.pk, link.pk)).text
    assert client.get(path).status_code == 200
    response = editor_client.post(url("revoke", page.pk, link.pk), follow=True)
    assert "does not work any more" in response.text
    assert "Revoked on" in response.text
    assert client.get(path).status_code == 404


def test_what_has_expired_is_told_so(editor_client: Client) -> None:
    page = make_page()
    with time_machine.travel(timezone.now() - timedelta(days=8)):
        previews.make_link(page=page, by=make_member(), made_for="Sam")
    assert "Expired on" in editor_client.get(url("share", page.pk)).text


def test_a_link_needs_somebody_it_is_for(editor_client: Client) -> None:
    page = make_page()
    for name in ("", "  ", "\x00", "x" * 121):
        assert editor_client.post(url("share", page.pk), {"made_for": name}).status_code == 200
    assert not PreviewLink.objects.exists()


def test_the_list_of_links_takes_the_same_queries_whatever_its_length(editor_client: Client) -> None:
    few, many = make_page(), make_page()
    for page, count in ((few, 1), (many, 12)):
        for number in range(count):
            previews.make_link(page=page, by=make_member(), made_for=f"Person {number}")
    assert queries_of(editor_client, url("share", many.pk)) == queries_of(editor_client, url("share", few.pk))


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_share_makes_no_link(method: str) -> None:
    page = make_page()
    client = client_with("view_page", "change_page", "change_previewlink")
    assert getattr(client, method)(url("share", page.pk), {"made_for": "Sam"}).status_code == 403
    assert not PreviewLink.objects.exists()
    assert url("share", page.pk) not in client.get(url("change", page.pk)).text


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_revoke_revokes_nothing(method: str) -> None:
    page = make_page()
    link, _address = previews.make_link(page=page, by=make_member(), made_for="Sam")
    client = client_with("view_page", "add_previewlink")
    assert getattr(client, method)(url("revoke", page.pk, link.pk)).status_code == 403
    assert PreviewLink.objects.open().exists()


def test_a_link_of_another_page_is_not_found(editor_client: Client) -> None:
    link, _address = previews.make_link(page=make_page(), by=make_member(), made_for="Sam")
    assert editor_client.post(url("revoke", make_page().pk, link.pk)).status_code == 404
    assert PreviewLink.objects.open().exists()
