"""The page editor as a browser uses it: what a form that was opened would post."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from content.models import Page


def editor_url(page: Page) -> str:
    return reverse("admin:content_page_change", args=[page.pk])


def posted(response: HttpResponse) -> dict[str, Any]:
    """The fields of the editor in `response` as they are shown, and the button that saves the draft."""
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    forms = [response.context["adminform"].form]
    for formset in formsets:
        forms += [formset.management_form, *formset.forms]
    values = {field.html_name: field.value() for form in forms for field in form}
    guard = {"edit_number": response.context["guard"].get("edit_number", "")}
    # A browser sends nothing for a box that is not ticked.
    sent = {name: "" if value is None else value for name, value in values.items() if value is not False}
    return guard | sent | {"_continue": "1"}


def save(client: Client, page: Page, **changes: Any) -> HttpResponse:
    """Open the page in the editor, change some fields (by their names in the form), save."""
    response = client.post(editor_url(page), posted(client.get(editor_url(page))) | changes)
    assert response.status_code == 302, response.context["errors"]
    return response
