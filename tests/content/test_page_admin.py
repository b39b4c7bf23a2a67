from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from content.models import BLOCK_MODELS, Page, PageVersion, Publication, RichText, SiteSettings
from tests.content.factories import make_live_page, make_page, make_site_settings

pytestmark = pytest.mark.django_db


def form_data(page: Page | None = None, **fields: Any) -> dict[str, Any]:
    """What the editor's form posts: the page's fields and one text block."""
    data: dict[str, Any] = {
        "title": page.title if page else "A new page",
        "slug": page.slug if page else "a-new-page",
        "summary": page.summary if page else "The short answer of a new page.",
        "nav_title": "",
        "section": "guide",
        "order": 1,
        "language": "en",
        "description": "",
        "edit_number": page.edit_number if page else "",
    }
    for model in BLOCK_MODELS:
        prefix = f"content_{model._meta.model_name}_set"
        blocks = list(model.objects.filter(parent=page)) if page else []
        data |= {f"{prefix}-TOTAL_FORMS": len(blocks), f"{prefix}-INITIAL_FORMS": len(blocks)}
        for number, block in enumerate(blocks):
            data |= {
                f"{prefix}-{number}-id": block.pk,
                f"{prefix}-{number}-parent": page.pk if page else "",
                f"{prefix}-{number}-region": "main",
                f"{prefix}-{number}-ordering": block.ordering,
                f"{prefix}-{number}-body": getattr(block, "body", ""),
            }
    return data | fields


def new_text_block(body: str) -> dict[str, Any]:
    prefix = "content_richtext_set"
    return {
        f"{prefix}-TOTAL_FORMS": 1,
        f"{prefix}-0-region": "main",
        f"{prefix}-0-ordering": 10,
        f"{prefix}-0-body": body,
    }


@pytest.fixture
def editor_client(client: Client) -> Client:
    """May change pages, may not publish them."""
    user = User.objects.create_user("writer", is_staff=True)
    codenames = [
        f"{action}_{model._meta.model_name}" for model in (Page, *BLOCK_MODELS) for action in ("add", "change", "view")
    ]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return client


def change_url(page: Page) -> str:
    return reverse("admin:content_page_change", args=[page.pk])


def test_the_editor_opens(admin_client: Client) -> None:
    response = admin_client.get(change_url(make_live_page()))
    assert response.status_code == 200
    assert "has been live since" in response.text


def test_a_new_page_is_saved_as_a_draft(admin_client: Client) -> None:
    admin_client.post(reverse("admin:content_page_add"), form_data(_save="1") | new_text_block("<p>Hello.</p>"))
    page = Page.objects.get()
    assert RichText.objects.get(parent=page).body == "<p>Hello.</p>"
    assert not Publication.objects.exists()


def test_publishing_saves_the_draft_and_leads_to_the_page_before_publishing(admin_client: Client) -> None:
    data = form_data(_publish="1") | new_text_block("<p>Hello.</p>")
    response = admin_client.post(reverse("admin:content_page_add"), data)
    page = Page.objects.get()
    assert response["Location"] == reverse("admin:content_page_publish", args=[page.pk])
    assert RichText.objects.get(parent=page).body == "<p>Hello.</p>"
    assert not Publication.objects.exists()


def test_saving_a_draft_changes_nothing_that_visitors_see(admin_client: Client, client: Client) -> None:
    page = make_live_page(title="Old title")
    admin_client.post(change_url(page), form_data(page, title="New title", _continue="1"))
    assert Page.objects.get().title == "New title"
    assert "Old title" in client.get(page.get_absolute_url()).text


def test_what_cannot_be_published_is_kept_as_a_draft_with_the_reason(admin_client: Client) -> None:
    page = make_page(blocks=0)
    response = admin_client.post(change_url(page), form_data(page, _publish="1"), follow=True)
    assert "add at least one block" in response.text
    assert not Publication.objects.exists()


def test_taking_down_has_a_page_of_its_own(admin_client: Client, client: Client) -> None:
    page = make_live_page()
    assert reverse("admin:content_page_take_down", args=[page.pk]) in admin_client.get(change_url(page)).text
    admin_client.post(change_url(page), form_data(page, _take_down="1"))
    assert client.get(page.get_absolute_url()).status_code == 200


def test_who_may_not_publish_saves_only_the_draft(editor_client: Client) -> None:
    page = make_page()
    response = editor_client.post(change_url(page), form_data(page, title="Mine", _publish="1"), follow=True)
    assert "may not publish" in response.text
    assert Page.objects.get().title == "Mine"
    assert not PageVersion.objects.exists()


def test_who_may_not_publish_sees_no_publish_button(editor_client: Client) -> None:
    assert 'name="_publish"' not in editor_client.get(change_url(make_page())).text


def test_an_address_the_site_uses_itself_is_refused_with_a_sentence(admin_client: Client) -> None:
    response = admin_client.post(reverse("admin:content_page_add"), form_data(slug="admissions", _save="1"))
    assert "Choose another" in response.text
    assert not Page.objects.exists()


@pytest.mark.parametrize("model", ["pageversion", "publication"])
def test_versions_and_publications_cannot_be_edited_by_hand(admin_client: Client, model: str) -> None:
    record = {"pageversion": PageVersion, "publication": Publication}[model]
    make_live_page()
    pk = record.objects.get().pk
    assert admin_client.get(reverse(f"admin:content_{model}_add")).status_code == 403
    assert admin_client.post(reverse(f"admin:content_{model}_delete", args=[pk]), {"post": "yes"}).status_code == 403
    assert admin_client.post(reverse(f"admin:content_{model}_change", args=[pk]), {}).status_code == 403


def test_the_list_of_pages_takes_the_same_queries_whatever_their_number(
    admin_client: Client, django_assert_max_num_queries
) -> None:
    for _number in range(15):
        make_live_page()
    with django_assert_max_num_queries(8):
        admin_client.get(reverse("admin:content_page_changelist"))


def test_site_settings_are_one_row_that_the_menu_leads_to(admin_client: Client) -> None:
    response = admin_client.get(reverse("admin:content_sitesettings_changelist"))
    assert response["Location"] == reverse("admin:content_sitesettings_add")
    make_site_settings()
    response = admin_client.get(reverse("admin:content_sitesettings_changelist"))
    assert response["Location"] == reverse("admin:content_sitesettings_change", args=[SiteSettings.PK])
    assert admin_client.get(reverse("admin:content_sitesettings_add")).status_code == 403


def settings_data(**fields: Any) -> dict[str, Any]:
    data = {
        "organisation_name": "X",
        "telephone": "(617) 555-0142",
        "time_zone": "America/New_York",
        "office_hours-TOTAL_FORMS": 0,
        "office_hours-INITIAL_FORMS": 0,
        "texts-TOTAL_FORMS": 0,
        "texts-INITIAL_FORMS": 0,
    }
    return data | fields


@pytest.mark.parametrize("zone", ["Boston", "Factory", "localtime", "America/Nowhere"])
def test_a_wrong_time_zone_is_refused_with_a_sentence(admin_client: Client, zone: str) -> None:
    response = admin_client.post(reverse("admin:content_sitesettings_add"), settings_data(time_zone=zone))
    assert "is not a time zone" in response.text


def test_the_site_does_not_go_without_a_telephone_number(admin_client: Client) -> None:
    admin_client.post(reverse("admin:content_sitesettings_add"), settings_data(telephone=""))
    assert not SiteSettings.objects.exists()
    admin_client.post(reverse("admin:content_sitesettings_add"), settings_data())
    assert SiteSettings.objects.exists()


def test_times_are_shown_in_the_zone_of_the_site(admin_client: Client) -> None:
    make_site_settings(time_zone="Pacific/Honolulu")
    with time_machine.travel("2026-03-02T05:30:00Z", tick=False):
        page = make_live_page()
    assert "March 1, 2026, 7:30 p.m." in admin_client.get(change_url(page)).text


def test_an_address_that_another_page_has_is_refused_with_a_sentence(admin_client: Client) -> None:
    make_page(slug="goals", title="The goals")
    page = make_page(slug="mine")
    response = admin_client.post(change_url(page), form_data(page, slug="goals", _continue="1"))
    assert "The goals" in response.text
    assert "has this address already" in response.text
    page.refresh_from_db()
    assert page.slug == "mine"


@pytest.mark.parametrize("slug", ["ABC", "two--hyphens", "-first", "under_score"])
def test_an_address_is_lower_case_words_and_hyphens(admin_client: Client, slug: str) -> None:
    response = admin_client.post(reverse("admin:content_page_add"), form_data(slug=slug, _save="1"))
    assert not Page.objects.exists()
    assert "lower-case words" in response.text
