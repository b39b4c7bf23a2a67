"""Deleting is going to the trash, with a confirmation that says what it means, and the way back for 30 days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from content import trash
from content.models import CallToAction, Page, PageVersion, Publication, Question, RichText
from content.publishing import publish
from tests.content.factories import add_block, make_live_page, make_page

pytestmark = pytest.mark.django_db

LIST = reverse("admin:content_page_changelist")


def url(name: str, page: Page) -> str:
    return reverse(f"admin:content_page_{name}", args=[page.pk])


def link_to(page: Page) -> str:
    return f'<p>See <a href="page:{page.uid}">there</a>.</p>'


@pytest.fixture
def writer_client(client: Client) -> Client:
    """May change pages, may not delete them."""
    user = User.objects.create_user("writer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_page", "change_page", "add_page"]))
    client.force_login(user)
    return client


# --- What links here ------------------------------------------------------------------------------------------------


def test_links_in_texts_buttons_and_related_pages_are_found() -> None:
    page = make_page(title="Goals")
    in_text, in_answer, by_button, related, none = (make_page() for _ in range(5))
    add_block(in_text, RichText, body=link_to(page))
    add_block(in_answer, Question, question="Where?", answer=link_to(page))
    add_block(by_button, CallToAction, heading="Go on", target=page)
    related.related_pages.add(page)
    add_block(none, RichText, body=link_to(none))
    add_block(page, RichText, body=link_to(page))
    assert trash.pages_linking_to(page) == [in_text, in_answer, by_button, related]


def test_a_page_is_listed_once_and_one_in_the_trash_is_not() -> None:
    page, other, gone = make_page(), make_page(), make_page()
    for linking in (other, gone):
        add_block(linking, RichText, body=link_to(page))
        add_block(linking, RichText, body=link_to(page))
        linking.related_pages.add(page)
    trash.delete(page=gone, by=None)
    assert trash.pages_linking_to(page) == [other]


def test_pages_that_go_together_do_not_count_as_linking() -> None:
    first, second, third = make_page(), make_page(), make_page()
    add_block(first, RichText, body=link_to(second))
    add_block(third, RichText, body=link_to(first))
    assert trash.pages_linking_to(first, second) == [third]


def test_what_links_here_is_one_query_whatever_the_number_of_pages(django_assert_num_queries: Any) -> None:
    page = make_page()
    for _ in range(12):
        add_block(make_page(), RichText, body=link_to(page))
    with django_assert_num_queries(1):
        assert len(trash.pages_linking_to(page)) == 12


# --- Deleting and bringing back -------------------------------------------------------------------------------------


def test_a_deleted_page_is_taken_down_and_what_was_scheduled_is_called_off(client: Client) -> None:
    page = make_live_page()
    publish(page=page, by=None, starts_at=timezone.now() + timedelta(days=1))
    trash.delete(page=page, by=None)
    assert client.get(page.get_absolute_url()).status_code == 404
    assert not Publication.objects.upcoming().exists()
    assert PageVersion.objects.filter(page=page).exists()


def test_deleting_twice_changes_nothing_more() -> None:
    page = make_live_page()
    trash.delete(page=page, by=None)
    at, publications = page.deleted_at, Publication.objects.count()
    trash.delete(page=Page.objects.get(), by=None)
    assert (Page.objects.get().deleted_at, Publication.objects.count()) == (at, publications)


def test_a_page_comes_back_as_a_draft_for_30_days() -> None:
    page = make_live_page()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        trash.delete(page=page, by=None)
        clock.shift(timedelta(days=30))
        trash.bring_back(page=page)
    assert Page.objects.get().deleted_at is None
    assert not Publication.objects.live().exists()


def test_after_30_days_it_does_not() -> None:
    page = make_page()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        trash.delete(page=page, by=None)
        clock.shift(timedelta(days=30, seconds=1))
        with pytest.raises(trash.CannotBringBack, match="more than 30 days ago"):
            trash.bring_back(page=page)
    assert Page.objects.get().deleted_at is not None


def test_not_while_its_address_is_another_page_s() -> None:
    page = make_page(slug="goals")
    trash.delete(page=page, by=None)
    make_page(slug="goals", title="The new goals")
    with pytest.raises(trash.CannotBringBack, match="belongs to the page “The new goals” now"):
        trash.bring_back(page=page)


# --- In the admin ---------------------------------------------------------------------------------------------------


def test_the_confirmation_says_what_will_happen(admin_client: Client) -> None:
    page, other = make_live_page(title="Goals"), make_page(title="The other one")
    publish(page=page, by=None, starts_at=timezone.now() + timedelta(days=1))
    add_block(other, RichText, body=link_to(page))
    text = admin_client.get(url("delete", page)).text
    for words in (
        "It is taken down at once",
        "For 30 days",
        "That is called off",
        "One page links here",
        "The other one",
    ):
        assert words in text
    assert Page.objects.kept().count() == 2


def test_the_confirmation_for_a_page_that_nobody_sees(admin_client: Client) -> None:
    text = admin_client.get(url("delete", make_page())).text
    assert "Nothing changes for visitors" in text
    assert "No other page links to it" in text


def test_the_confirmation_takes_the_same_queries_however_many_pages_link(
    admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    page = make_live_page()
    for _ in range(12):
        add_block(make_page(), RichText, body=link_to(page))
    with django_assert_max_num_queries(12):
        admin_client.get(url("delete", page))


def test_a_confirmed_deletion_goes_to_the_trash_and_is_logged(admin_client: Client) -> None:
    page = make_live_page()
    answer = admin_client.post(url("delete", page), follow=True)
    assert "It can be brought back for 30 days" in answer.text
    assert Page.objects.in_trash().get() == page
    assert RichText.objects.filter(parent=page).exists()
    assert LogEntry.objects.get().get_change_message() == "Put in the trash."


def test_the_list_leaves_the_trash_out_and_the_filter_shows_it(admin_client: Client) -> None:
    make_page(title="Kept page")
    trash.delete(page=make_page(title="Deleted page"), by=None)
    ordinary, filtered = admin_client.get(LIST), admin_client.get(f"{LIST}?trash=yes")
    assert [page.title for page in ordinary.context["cl"].queryset] == ["Kept page"]
    assert [page.title for page in filtered.context["cl"].queryset] == ["Deleted page"]
    assert "bring-back" in filtered.text
    assert "<h1>Pages in the trash</h1>" in filtered.text
    assert [page.title for page in admin_client.get(f"{LIST}?trash=no").context["cl"].queryset] == ["Kept page"]


def test_the_trash_takes_the_same_queries_whatever_is_in_it(
    admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        trash.delete(page=make_page(), by=None)
    with django_assert_max_num_queries(8):
        admin_client.get(f"{LIST}?trash=yes")


def test_the_list_says_when_it_is_too_late(admin_client: Client) -> None:
    trash.delete(page=make_page(), by=None)
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        admin_client.force_login(User.objects.get(username="admin"))
        text = admin_client.get(f"{LIST}?trash=yes").text
    assert "The 30 days are over" in text
    assert "bring-back" not in text


def test_many_are_deleted_after_one_confirmation(admin_client: Client) -> None:
    pages = [make_live_page(), make_page(), make_page()]
    chosen = {"action": "delete_selected", "_selected_action": [page.pk for page in pages[:2]]}
    confirmation = admin_client.post(LIST, chosen)
    assert "Delete these 2 pages" in confirmation.text
    assert Page.objects.kept().count() == 3
    answer = admin_client.post(LIST, chosen | {"post": "yes"}, follow=True)
    assert "2 pages are in the trash" in answer.text
    assert Page.objects.kept().get() == pages[2]
    assert not Publication.objects.live().exists()


def test_bringing_back_asks_first(admin_client: Client) -> None:
    page = make_page()
    trash.delete(page=page, by=None)
    assert "It will be a draft again" in admin_client.get(url("bring_back", page)).text
    assert Page.objects.in_trash().exists()
    answer = admin_client.post(url("bring_back", page), follow=True)
    assert "is back as a draft" in answer.text
    assert Page.objects.kept().exists()
    assert LogEntry.objects.get().get_change_message() == "Brought back from the trash."


def test_many_are_brought_back_and_the_refused_ones_say_why(admin_client: Client) -> None:
    pages = [make_page(slug="goals"), make_page()]
    for page in pages:
        trash.delete(page=page, by=None)
    make_page(slug="goals")
    chosen = {"action": "bring_back_selected", "_selected_action": [page.pk for page in pages]}
    answer = admin_client.post(f"{LIST}?trash=yes", chosen, follow=True)
    assert "Its address /goals/ belongs to" in answer.text
    assert Page.objects.in_trash().get() == pages[0]


def test_what_cannot_be_brought_back_says_why_and_has_no_button(admin_client: Client) -> None:
    page = make_page(slug="goals")
    trash.delete(page=page, by=None)
    make_page(slug="goals")
    text = admin_client.get(url("bring_back", page)).text
    assert "Its address /goals/ belongs to" in text
    assert ">Bring this page back<" not in text


def test_deleting_what_is_in_the_trash_and_bringing_back_what_is_not(admin_client: Client) -> None:
    page = make_page()
    assert "is not in the trash" in admin_client.get(url("bring_back", page), follow=True).text
    trash.delete(page=page, by=None)
    assert admin_client.post(url("delete", page))["Location"] == url("bring_back", page)
    assert Page.objects.in_trash().exists()


def test_a_page_in_the_trash_is_not_offered_as_a_related_page(admin_client: Client) -> None:
    make_page(title="Kept page")
    trash.delete(page=make_page(title="Deleted page"), by=None)
    query = {"app_label": "content", "model_name": "page", "field_name": "related_pages", "term": "page"}
    answer = admin_client.get(reverse("admin:autocomplete"), query).json()
    assert [result["text"] for result in answer["results"]] == ["Kept page"]


def test_a_page_that_is_not_there_is_said_not_to_be(admin_client: Client) -> None:
    for path in ("/admin/content/page/987/delete/", "/admin/content/page/none/delete/"):
        assert admin_client.get(path, follow=True).status_code == 200
    assert admin_client.get("/admin/content/page/987/bring-back/").status_code == 404


def test_who_may_not_delete_is_refused_by_every_way(writer_client: Client) -> None:
    page, gone = make_page(), make_page()
    trash.delete(page=gone, by=None)
    for client_call in (writer_client.get, writer_client.post):
        assert client_call(url("delete", page)).status_code == 403
        assert client_call(url("bring_back", gone)).status_code == 403
    for action, chosen in (("delete_selected", page), ("bring_back_selected", gone)):
        data = {"action": action, "_selected_action": [chosen.pk], "post": "yes"}
        writer_client.post(f"{LIST}?trash=yes" if chosen == gone else LIST, data)
    assert (Page.objects.kept().get(), Page.objects.in_trash().get()) == (page, gone)
