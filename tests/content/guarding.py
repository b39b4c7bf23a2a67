"""Two people with one page open, and what they send."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from content.models import KeyFact, Page, RichText
from tests.content.factories import add_block, make_page
from tests.content.shown_form import form_of, prefix_of


def client_of(name: str, **fields: Any) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser(name, f"{name}@example.org", "a long enough password", **fields))
    return client


def change_url(page: Page) -> str:
    return reverse("admin:content_page_change", args=[page.pk])


def opened(client: Client, page: Page) -> dict[str, Any]:
    return form_of(client.get(change_url(page)))


def save(client: Client, page: Page, form: dict[str, Any], button: str = "_continue", value: str = "1") -> HttpResponse:
    return client.post(change_url(page), form | {button: value})


def overwritten(client: Client, page: Page, form: dict[str, Any]) -> HttpResponse:
    """Save, be refused, and press “Save mine over theirs”."""
    answer = save(client, page, form)
    assert answer.status_code == 409
    return save(client, page, form_of(answer), "_overwrite", str(answer.context["conflict"]["edit_number"]))


def make_mixed_page() -> Page:
    page = make_page(blocks=0, title="Goals", summary="What the program is for, in one sentence.")
    add_block(page, RichText, body="<h2>First</h2><p>You come in.</p>", ordering=10)
    add_block(page, KeyFact, figure="3 hours", label="a day", ordering=20)
    add_block(page, RichText, body="<p>You go home.</p>", ordering=30)
    return page


BODY_0, BODY_1 = f"{prefix_of(RichText)}-0-body", f"{prefix_of(RichText)}-1-body"
FIGURE_0 = f"{prefix_of(KeyFact)}-0-figure"
