from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from content import previews, trash
from content.models import Page, RichText
from content.publishing import publish
from tests.content.desk import make_member, queries_of, write
from tests.content.factories import add_block, make_live_page, make_page, make_site_settings

pytestmark = pytest.mark.django_db


def shared(page: Page, **options: Any) -> str:
    """The path of a new link."""
    _link, address = previews.make_link(page=page, by=make_member(), made_for="Dr. Rivera", **options)
    return address.removeprefix("http://127.0.0.1:8000")


def test_the_address_that_is_told_is_the_one_that_is_routed() -> None:
    token = "a" * 43
    assert previews.SHARED_PATH.format(token=token) == reverse("preview", args=[token])
    assert shared(make_page()).startswith("/preview/")


def test_it_is_read_without_an_account_and_leaves_nothing_behind(client: Client) -> None:
    make_site_settings()
    response = client.get(shared(make_page(title="A draft title")))
    assert response.status_code == 200
    assert "A draft title" in response.text
    assert "Preview of version 1." in response.text
    assert "Eastern Time" in response.text
    assert "Dr. Rivera" not in response.text
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex, nofollow">' in response.text
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert not response.cookies


def test_the_crisis_line_stands_above_everything(client: Client) -> None:
    body = client.get(shared(make_page())).text.partition("<body")[2]
    assert 'href="tel:988"' in body[body.index("<a ") :].partition(">")[0]


def test_the_version_stays_as_it_was_shared(client: Client) -> None:
    page = make_page()
    path = shared(page)
    write(page, "<p>Newer words.</p>")
    publish(page=page, by=None)
    assert "You come in and sit down." in client.get(path).text


def test_links_to_pages_that_are_not_live_are_plain_words(client: Client) -> None:
    draft, live = make_page(title="A secret draft"), make_live_page(slug="cost")
    page = make_page(blocks=0)
    add_block(
        page, RichText, body=f'<p>Read <a href="page:{draft.uid}">one</a>, <a href="page:{live.uid}">two</a>.</p>'
    )
    page.related_pages.add(draft)
    text = client.get(shared(page)).text
    assert 'Read one, <a href="/cost/">two</a>.' in text
    assert "A secret draft" not in text
    assert "/admin/" not in text


def test_expired_revoked_and_unknown_links_are_answered_alike(client: Client) -> None:
    page = make_page(title="A draft title")
    revoked = shared(page)
    page.versions.get().preview_links.get().revoke()
    with time_machine.travel(timezone.now() - timedelta(days=7, seconds=1)):
        expired = shared(page)
    answers = [
        client.get(path)
        for path in (revoked, expired, "/preview/unknown/", "/preview/%00é/", f"/preview/{'x' * 3000}/")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1
    assert "This preview is not open" in answers[0].text
    assert "A draft title" not in answers[0].text
    assert answers[0]["Cache-Control"] == "no-store"


def test_a_link_works_for_seven_days_to_the_second(client: Client) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        path = shared(make_page())
        clock.move_to(now + timedelta(days=7, seconds=-1))
        assert client.get(path).status_code == 200
        clock.move_to(now + timedelta(days=7))
        assert client.get(path).status_code == 404


def test_a_page_in_the_trash_is_shared_with_nobody(client: Client) -> None:
    page = make_page()
    path = shared(page)
    trash.delete(page=page, by=None)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_can_only_be_read(client: Client, method: str) -> None:
    assert getattr(client, method)(shared(make_page())).status_code == 405


def test_a_page_cannot_take_its_address() -> None:
    with pytest.raises(ValidationError, match="an address that the site itself uses"):
        Page(slug="preview", title="Preview", summary="The short answer of this page.").full_clean()


def test_it_takes_the_same_queries_whatever_there_is(client: Client) -> None:
    few, many = shared(make_page()), shared(make_page(blocks=30))
    make_live_page()
    count = queries_of(client, few)
    for _number in range(5):
        make_live_page()
    assert queries_of(client, many) == count
