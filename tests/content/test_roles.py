"""What each role may do at the editors' desk, asked by URL: a hidden button protects nothing."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from admissions.models import ConsentWording, Enquiry, ReadRecord, SelfTestResult
from content import previews, roles, trash
from content.models import (
    BLOCK_MODELS,
    ClinicalReview,
    CrisisPhrase,
    LevelOfCare,
    Page,
    PageVersion,
    Picture,
    Publication,
    ReviewerProfile,
    RichText,
    SiteSettings,
    WritingRule,
)
from content.publishing import publish
from iop_site.models import OwedMail
from tests.content.factories import make_live_page, make_page
from tests.content.shown_form import add_to, form_of, prefix_of

pytestmark = pytest.mark.django_db

WRITER, EDITOR, REVIEWER, MANAGER = roles.ROLES
READERS = {WRITER, EDITOR, REVIEWER}
WRITERS = {WRITER, EDITOR}

# Each view of the page desk → who may use it. A view that is not here fails test_every_view_of_the_desk_is_asked_for.
MAY_USE: dict[str, set[str]] = {
    "changelist": READERS,
    "add": WRITERS,
    "change": READERS,
    "history": READERS,
    "presence": WRITERS,
    # Translations
    "translate": WRITERS,
    "translation": READERS,
    # Versions
    "versions": READERS,
    "compare": READERS,
    "restore": WRITERS,
    # Previews
    "preview": READERS,
    "preview_frame": READERS,
    "share": {EDITOR},
    "revoke": {EDITOR},
    # What visitors see
    # For a reviewer, a minor correction and nothing else: test_publish_minor_admin.py
    "publish": {EDITOR, REVIEWER},
    "take_down": {EDITOR},
    "schedule": READERS,
    "cancel": {EDITOR},
    # Clinical review
    "reviews": READERS,
    "sign": {REVIEWER},
    "withdraw": {REVIEWER},
    # The trash
    "delete": {EDITOR},
    "bring_back": {EDITOR},
}
# Where looking is allowed to more people than changing.
MAY_POST: dict[str, set[str]] = {"change": WRITERS}

# Other lists of the admin → who may open them, and who may add to them.
LISTS: dict[type, tuple[set[str], set[str]]] = {
    PageVersion: (READERS, set()),
    Publication: (WRITERS, set()),
    ClinicalReview: ({REVIEWER}, set()),
    Picture: (WRITERS, WRITERS),
    SiteSettings: ({MANAGER}, {MANAGER}),
    LevelOfCare: ({MANAGER}, {MANAGER}),
    WritingRule: ({MANAGER}, {MANAGER}),
    CrisisPhrase: ({MANAGER}, {MANAGER}),
    ConsentWording: ({MANAGER}, {MANAGER}),
    SelfTestResult: ({MANAGER}, set()),
    OwedMail: ({MANAGER}, set()),
    ReviewerProfile: ({MANAGER}, {MANAGER}),
    User: ({MANAGER}, {MANAGER}),
    Group: ({MANAGER}, {MANAGER}),
    Enquiry: (set(), set()),
    ReadRecord: (set(), set()),
}


@pytest.fixture
def client_of() -> Callable[[str], Client]:
    """`client_of(role)`: a member of staff in that group and no other; '' is in none."""

    def make(role: str) -> Client:
        user = User.objects.create_user(f"one-{role}", is_staff=True)
        if role:
            user.groups.add(Group.objects.get(name=role))
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def urls() -> dict[str, str]:
    """The address of each view of the desk, for something that is there."""
    page, gone = make_live_page(), make_page()
    version = page.versions.get()
    coming = publish(page=page, by=None, starts_at=timezone.now() + timedelta(days=1))
    trash.delete(page=gone, by=None)
    translated = make_page(language="es", translation_of=page)
    link, _address = previews.make_link(page=page, by=User.objects.create(), version=version, made_for="Ana")
    arguments: dict[str, list[Any]] = {
        **{name: [] for name in ("changelist", "add", "schedule", "reviews")},
        "translate": [page.pk, "es"],
        "translation": [translated.pk],
        "cancel": [coming.pk],
        "restore": [page.pk, version.number],
        "sign": [page.pk, version.pk],
        "withdraw": [page.pk, version.pk],
        "revoke": [page.pk, link.pk],
        "bring_back": [gone.pk],
    }
    return {name: reverse(f"admin:content_page_{name}", args=arguments.get(name, [page.pk])) for name in MAY_USE}


def test_every_view_of_the_desk_is_asked_for() -> None:
    names = {url.name for url in admin.site.get_model_admin(Page).get_urls()}
    # The one without a name leads from a page's former address in the admin to its present one.
    assert names - {None} == {f"content_page_{name}" for name in MAY_USE}


@pytest.mark.parametrize("role", ["", *roles.ROLES])
def test_each_role_is_refused_what_it_must_not_use(
    client_of: Callable[[str], Client], urls: dict[str, str], role: str
) -> None:
    client = client_of(role)
    got = {name: client.get(url).status_code for name, url in urls.items()}
    assert {name for name, status in got.items() if status == 403} == {
        name for name, allowed in MAY_USE.items() if role not in allowed
    }
    assert set(got.values()) <= {200, 302, 403, 405}
    may_post = MAY_USE | MAY_POST
    for name in [name for name in MAY_USE if role not in may_post[name]]:
        assert client.post(urls[name]).status_code == 403, f"{role} posts to {name}"
    assert (Page.objects.kept().count(), Page.objects.in_trash().count()) == (2, 1)


def test_a_stranger_is_led_to_the_login_from_everywhere(client: Client, urls: dict[str, str]) -> None:
    for name, url in urls.items():
        for answer in (client.get(url), client.post(url)):
            assert answer.status_code == 302, name
            assert answer["Location"].startswith("/admin/login/"), name


@pytest.mark.parametrize("role", ["", *roles.ROLES])
def test_the_other_lists_of_the_admin(client_of: Callable[[str], Client], role: str) -> None:
    client = client_of(role)
    for model, (may_open, may_add) in LISTS.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        opened, added = (client.get(reverse(f"{name}_{view}")).status_code for view in ("changelist", "add"))
        assert (opened == 403) == (role not in may_open), f"{role} opens {name}"
        assert (added == 403) == (role not in may_add), f"{role} adds to {name}"


def test_a_writer_writes_and_an_editor_puts_it_live(client_of: Callable[[str], Client]) -> None:
    """The roles are enough for the work they are for."""
    writer, editor = client_of(WRITER), client_of(EDITOR)
    form = form_of(writer.get(reverse("admin:content_page_add")))
    form |= {"title": "New", "slug": "new", "summary": "A short answer, long enough.", "_continue": "1"}
    for words in ("Keep me.", "Take me out."):
        add_to(form, RichText, body=f"<p>{words}</p>")
    writer.post(reverse("admin:content_page_add"), form)
    page = Page.objects.get()
    form = form_of(writer.get(reverse("admin:content_page_change", args=[page.pk])))
    form |= {f"{prefix_of(RichText)}-1-DELETE": "on", "_continue": "1"}
    writer.post(reverse("admin:content_page_change", args=[page.pk]), form)
    assert RichText.objects.get().body == "<p>Keep me.</p>"
    publish_url = reverse("admin:content_page_publish", args=[page.pk])
    digest = editor.get(publish_url).context["digest"]
    editor.post(publish_url, {"digest": digest, "when": "now", "change_note": "First"})
    assert Publication.objects.live().get().page == page


# --- The groups -----------------------------------------------------------------------------------------------------


def permissions_of(group: Group) -> set[str]:
    return {f"{app}.{name}" for app, name in group.permissions.values_list("content_type__app_label", "codename")}


def test_migrations_have_made_the_roles_as_they_are_described() -> None:
    assert {name: permissions_of(Group.objects.get(name=name)) for name in roles.ROLES} == {
        name: set(permissions) for name, permissions in roles.ROLES.items()
    }


def test_granting_again_does_no_harm_and_takes_nothing_away() -> None:
    own = Permission.objects.get(codename="view_levelofcare")
    Group.objects.get(name=WRITER).permissions.add(own)
    migration = importlib.import_module("content.migrations.0004_roles")
    migration.make_groups(apps, SimpleNamespace(connection=connection))
    assert Group.objects.filter(name__in=roles.ROLES).count() == len(roles.ROLES)
    assert permissions_of(Group.objects.get(name=WRITER)) == {*roles.WRITER, "content.view_levelofcare"}


def test_a_role_that_was_deleted_is_made_again() -> None:
    Group.objects.all().delete()
    Permission.objects.filter(codename="sign_version").delete()
    roles.grant(apps, "default", roles.ROLES)
    assert permissions_of(Group.objects.get(name=REVIEWER)) == set(roles.CLINICAL_REVIEWER)


def test_every_kind_of_block_is_a_writer_s() -> None:
    assert {model._meta.model_name for model in BLOCK_MODELS} == set(roles.BLOCKS)
