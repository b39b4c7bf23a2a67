"""Bad input in the admin is refused, or answered with the page it was meant for, and never a fault."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client
from django.urls import reverse

from content.models import Page, WritingRule
from iop_site.careful_admin import CarefulAdmin
from tests.content.editing import editor_url, posted
from tests.content.factories import make_page

pytestmark = pytest.mark.django_db
PAGES = "/admin/content/page/"


def test_every_admin_is_a_careful_one() -> None:
    assert [model for model, one in admin.site._registry.items() if not isinstance(one, CarefulAdmin)] == []


# --- What an address asks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        f"{PAGES}?language__exact=%00",
        f"{PAGES}?title__contains=%00",
        "/admin/content/picture/?digest=%00",
        "/admin/auth/user/?username=%00",
        "/admin/auth/group/?q=%00",
        "/admin/autocomplete/?app_label=content&model_name=page&field_name=related_pages&term=%00",
        "/?days=%00",
        "/admissions/?x=a%00b",
    ],
)
def test_a_null_byte_in_the_query_is_refused(staff_client: Client, address: str) -> None:
    response = staff_client.get(address)
    assert response.status_code == 400
    assert "We could not read that request" in response.text
    assert "Content-Security-Policy" in response


@pytest.mark.parametrize(
    "address",
    [
        f"{PAGES}?updated_at__year=-1",
        f"{PAGES}?title__contains=a",
        f"{PAGES}?section__regex=[",
        "/admin/content/picture/?created_at__year=-1",
        "/admin/content/picture/?digest=a",
        "/admin/content/pageversion/?document__x=a",
        "/admin/auth/user/?date_joined__year=99999999999999999999999",
        "/admin/auth/user/?password__startswith=s",
        "/admin/admissions/enquiry/?received_at__year=-1",
    ],
)
def test_a_list_is_filtered_as_it_offers_and_in_no_other_way(staff_client: Client, address: str) -> None:
    assert staff_client.get(address).status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        f"{PAGES}?section__exact=guide",
        f"{PAGES}?trash=yes",
        "/admin/auth/user/?is_active__exact=1",
        "/admin/content/pageversion/?page__id__exact=1",
    ],
)
def test_the_filters_that_a_list_offers_are_open(staff_client: Client, address: str) -> None:
    make_page()
    assert staff_client.get(address).status_code == 200


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "yesterday"])
def test_a_moment_that_cannot_be_meant_filters_nothing(staff_client: Client, moment: str) -> None:
    response = staff_client.get(f"/admin/admissions/enquiry/?received_at__gte={moment}")
    assert response.status_code in {200, 302}


@pytest.mark.usefixtures("few_kinds_of_block")
@pytest.mark.parametrize("value", ["nan", "'", "%ff", "%F0%9F%98%80", "%C2%B2", "9" * 30, "-1", "1.5"])
def test_a_page_is_added_whatever_the_address_fills_in(staff_client: Client, value: str) -> None:
    query = f"related_pages={value}&translation_of={value}&order={value}&section={value}"
    response = staff_client.get(f"{PAGES}add/?{query}")
    assert response.status_code == 200


# --- What a form sends ----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("few_kinds_of_block")
@pytest.mark.parametrize("value", ["a\x00b", "xxxx", "9" * 30])
def test_a_related_page_that_is_none_is_said_and_the_form_comes_back(staff_client: Client, value: str) -> None:
    page, other = make_page(), make_page(title="The other page")
    data = posted(staff_client.get(editor_url(page)))
    response = staff_client.post(editor_url(page), data | {"related_pages": [value, str(other.pk)]})
    assert response.status_code == 200
    assert "related_pages" in response.context["adminform"].form.errors
    assert "The other page" in response.text
    assert not page.related_pages.exists()


@pytest.mark.parametrize("value", ["abc", "\x00", "9" * 30, "²", "-1"])
def test_an_action_on_rows_that_are_none_does_nothing(staff_client: Client, value: str) -> None:
    make_page()
    rules = WritingRule.objects.count()
    for name in ("page", "writingrule"):
        address = reverse(f"admin:content_{name}_changelist")
        data = {"action": "delete_selected", ACTION_CHECKBOX_NAME: value, "index": "0", "post": "yes"}
        assert staff_client.post(address, data).status_code in {200, 302}
    assert Page.objects.kept().count() == 1
    assert WritingRule.objects.count() == rules
