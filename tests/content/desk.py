"""Members of staff for tests of the editors' desk, and what they do there."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from content import reviewing
from content.freezing import digest_of, freeze
from content.models import ClinicalReview, Page, PageVersion, ReviewerProfile, RichText

_numbers = itertools.count(1)
EDITOR = ("view_page", "change_page", "publish_page", "add_previewlink", "change_previewlink")


def make_member(*permissions: str) -> User:
    """A member of staff with these permissions on the content, such as "publish_page", and no others."""
    user = User.objects.create_user(f"member-{next(_numbers)}", password="a long enough password", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions, content_type__app_label="content"))
    assert user.user_permissions.count() == len(permissions)
    return user


def make_reviewer(*permissions: str) -> User:
    """One who may sign, and has these permissions besides."""
    user = make_member("sign_version", *permissions)
    ReviewerProfile.objects.create(user=user, credential="PSY 1234", public_role="a licensed psychologist")
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def client_with(*permissions: str) -> Client:
    return client_of(make_member(*permissions))


def url(name: str, *args: Any, **query: Any) -> str:
    """Of a page of the desk: url("compare", page.pk, old=1)."""
    return reverse(f"admin:content_page_{name}", args=args, query=query or None)


def sign(version: PageVersion, *, by: User | None = None, due_on: date | None = None) -> ClinicalReview:
    return reviewing.sign(
        version=version, by=by or make_reviewer(), digest=version.digest, are_references_checked=True, due_on=due_on
    )


def write(page: Page, body: str) -> None:
    """Make the page's text blocks say `body`, as a save in the editor would."""
    RichText.objects.filter(parent=page).update(body=body)


def queries_of(client: Client, path: str) -> int:
    """How many queries a GET of `path` takes, once what is read once a process is read."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def asked(page: Page, **fields: Any) -> dict[str, Any]:
    """What the form before publishing posts when nothing is filled in."""
    return {
        "digest": digest_of(freeze(page)),
        "when": "now",
        "change_note": "",
        "starts_at": "",
        "ends_at": "",
    } | fields


def publish_by(client: Client, page: Page, **fields: Any) -> Any:
    return client.post(url("publish", page.pk), asked(page, **fields), follow=True)
