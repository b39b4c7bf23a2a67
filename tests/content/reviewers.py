"""Reviewers and signatures for tests."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from content import reviewing
from content.models import ClinicalReview, Page, PageVersion, ReviewerProfile
from tests.content.factories import live_publication

CALENDAR = "/admin/content/page/reviews/"
PUBLIC_ROLE = "a licensed clinical psychologist"
_numbers = itertools.count(1)


def make_staff(*permissions: str, **fields: Any) -> User:
    """A member of staff with these permissions of the content app, such as 'sign_version', and no others."""
    user = User.objects.create_user(f"person-{next(_numbers)}", is_staff=True, **fields)
    granted = Permission.objects.filter(content_type__app_label="content", codename__in=permissions)
    assert granted.count() == len(permissions)
    user.user_permissions.set(granted)
    return user


def make_reviewer(*, public_role: str = PUBLIC_ROLE, **fields: Any) -> User:
    user = make_staff("sign_version", **fields)
    ReviewerProfile.objects.create(user=user, credential="MA 12345", public_role=public_role)
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sign_url(version: PageVersion) -> str:
    return reverse("admin:content_page_sign", args=[version.page_id, version.pk])


def live_version(page: Page) -> PageVersion:
    return live_publication(page).version


def sign(version: PageVersion, *, by: User | None = None, due_on: date | None = None, note: str = "") -> ClinicalReview:
    return reviewing.sign(
        version=version,
        by=by or make_reviewer(),
        digest=version.digest,
        are_references_checked=True,
        due_on=due_on,
        note=note,
    )
