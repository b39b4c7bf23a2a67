"""Two people in one page: the second save is refused, shown beside the first, and loses nothing."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from content.models import CallToAction, KeyFact, ListItem, Page, Question, RichText
from content.publishing import blocks_of, freeze, publish
from tests.content.factories import add_block, make_page
from tests.content.guarding import (
    BODY_0,
    BODY_1,
    FIGURE_0,
    change_url,
    client_of,
    make_mixed_page,
    opened,
    overwritten,
    save,
)
from tests.content.shown_form import add_to, form_of, prefix_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_kinds_of_block")]


@pytest.fixture
def maria() -> Client:
    return client_of("maria", first_name="Maria", last_name="Ortiz")


@pytest.fixture
def john() -> Client:
    return client_of("john", first_name="John", last_name="Reed")


# --- Saving as ever -------------------------------------------------------------------------------------------------


def test_a_form_that_is_sent_as_it_was_opened_changes_nothing(john: Client) -> None:
    page = make_mixed_page()
    before = freeze(page)
    assert save(john, page, opened(john, page)).status_code == 302
    page.refresh_from_db()
    assert freeze(page) == before
    assert LogEntry.objects.get().get_change_message() == "No fields changed."


def test_every_save_raises_the_number_and_names_its_writer(john: Client, maria: Client) -> None:
    page = make_mixed_page()
    for number, client in enumerate((john, maria, john)):
        assert save(client, page, opened(client, page) | {"title": f"Title {number}"}).status_code == 302
    page.refresh_from_db()
    ids = dict(User.objects.values_list("username", "pk"))
    assert page.edit_number == 3
    assert page.draft_author_ids == [ids["maria"], ids["john"]]


def test_a_save_that_changes_nothing_makes_no_author(john: Client, maria: Client) -> None:
    page = make_mixed_page()
    save(john, page, opened(john, page) | {"title": "Other words"})
    save(maria, page, opened(maria, page))
    page.refresh_from_db()
    assert page.draft_author_ids == [User.objects.get(username="john").pk]


def test_the_list_says_that_a_draft_is_newer_only_if_it_says_something_else(admin_client: Client) -> None:
    page = make_mixed_page()
    publish(page=page, by=None)
    save(admin_client, page, opened(admin_client, page))
    assert "draft is newer" not in admin_client.get(reverse("admin:content_page_changelist")).text
    save(admin_client, page, opened(admin_client, page) | {"title": "Other words"})
    assert "draft is newer" in admin_client.get(reverse("admin:content_page_changelist")).text


def test_a_new_page_names_its_writer(john: Client) -> None:
    form = form_of(john.get(reverse("admin:content_page_add")))
    form |= {"title": "New", "slug": "new", "summary": "A short answer, long enough."}
    add_to(form, RichText, body="<p>Hello.</p>")
    john.post(reverse("admin:content_page_add"), form | {"_save": "1"})
    page = Page.objects.get()
    assert page.draft_author_ids == [User.objects.get(username="john").pk]
    assert [block.body for block in blocks_of(page)] == ["<p>Hello.</p>"]


def test_two_saves_one_after_the_other_in_one_window(john: Client) -> None:
    page = make_mixed_page()
    response = john.post(change_url(page), opened(john, page) | {"title": "Once", "_continue": "1"}, follow=True)
    assert save(john, page, form_of(response) | {"title": "Twice"}).status_code == 302
    page.refresh_from_db()
    assert page.title == "Twice"


# --- Refused --------------------------------------------------------------------------------------------------------


def test_the_second_save_is_refused_and_changes_nothing(john: Client, maria: Client) -> None:
    page = make_mixed_page()
    theirs, mine = opened(maria, page), opened(john, page)
    save(maria, page, theirs | {"title": "Hers", BODY_0: "<p>Her words.</p>"})
    stored = freeze(Page.objects.get())
    answer = save(john, page, mine | {"title": "His", BODY_0: "<p>His words.</p>"})
    assert answer.status_code == 409
    assert freeze(Page.objects.get()) == stored
    assert LogEntry.objects.count() == 1
    assert Page.objects.get().draft_author_ids == [User.objects.get(username="maria").pk]


def test_the_answer_says_who_saved_and_shows_both_texts(john: Client, maria: Client) -> None:
    page = make_mixed_page()
    theirs, mine = opened(maria, page), opened(john, page)
    save(maria, page, theirs | {FIGURE_0: "4 hours"})
    answer = save(john, page, mine | {BODY_0: "<h2>First</h2><p>You come in and rest.</p>"})
    assert "Maria Ortiz saved this page at" in answer.text
    differences = {one.title: one for one in answer.context["conflict"]["differences"]}
    fact, text = differences["Key fact “3 hours”"], differences["Text “First You come in and rest.”"]
    assert fact.note == "Maria Ortiz changed this. Yours has it as it was."
    assert text.note == "You changed this."
    assert [segment.text for segment in fact.fields[0][1].segments if segment.kind != "equal"] == ["4"]
    assert "<mark>3</mark>" in answer.text
    assert "<mark> and rest</mark>" in answer.text


def test_what_both_changed_is_said_to_be_both_s(john: Client, maria: Client) -> None:
    page = make_mixed_page()
    mine = opened(john, page)
    save(maria, page, opened(maria, page) | {"title": "Hers"})
    answer = save(john, page, mine | {"title": "His"})
    assert [one.note for one in answer.context["conflict"]["differences"]] == [
        "Maria Ortiz changed this, and so did you."
    ]


def test_blocks_that_one_added_or_removed_are_named_so(john: Client, maria: Client) -> None:
    page = make_mixed_page()
    theirs, mine = opened(maria, page), opened(john, page)
    theirs[f"{prefix_of(KeyFact)}-0-DELETE"] = "on"
    add_to(theirs, Question, question="Hers?", answer="<p>Yes.</p>")
    save(maria, page, theirs)
    mine[f"{prefix_of(RichText)}-1-DELETE"] = "on"
    add_to(mine, ListItem, term="His", explanation="<p>Words.</p>")
    notes = {one.title: one.note for one in save(john, page, mine).context["conflict"]["differences"]}
    assert notes == {
        "Key fact “3 hours”": "Maria Ortiz removed this block. Yours still has it.",
        "Question and answer “Hers?”": "Maria Ortiz added this block. Yours does not have it.",
        "Text “You go home.”": "You removed this block.",
        "List item “His”": "You added this block.",
    }


def test_the_refused_form_comes_back_filled_in_with_its_new_blocks(john: Client, maria: Client) -> None:
    page = make_mixed_page()
    mine = opened(john, page)
    save(maria, page, opened(maria, page) | {"title": "Hers"})
    add_to(mine, ListItem, term="His new one", explanation="<p>Words.</p>")
    back = form_of(save(john, page, mine | {"title": "His", BODY_1: "<p>His words.</p>"}))
    assert back["title"] == "His"
    assert back[BODY_1] == "<p>His words.</p>"
    assert back[f"{prefix_of(ListItem)}-0-term"] == "His new one"
    assert back["form_id"] == mine["form_id"]


def test_saving_once_more_is_refused_once_more(john: Client, maria: Client) -> None:
    page = make_mixed_page()
    mine = opened(john, page)
    save(maria, page, opened(maria, page) | {"title": "Hers"})
    answer = save(john, page, mine | {"title": "His"})
    assert save(john, page, form_of(answer)).status_code == 409
    assert Page.objects.get().title == "Hers"


@pytest.mark.parametrize("number", ["", "-1", "7", "one", "9" * 5000, None])
def test_a_form_without_the_right_number_is_refused(john: Client, number: str | None) -> None:
    page = make_mixed_page()
    form = opened(john, page) | {"edit_number": number, "title": "His"}
    if number is None:
        del form["edit_number"]
    answer = save(john, page, form)
    assert answer.status_code == 409
    assert "This page was saved at" in answer.text
    assert save(john, page, form_of(answer)).status_code == 409
    assert Page.objects.get().title == "Goals"


@pytest.mark.parametrize("base", ["", "no JSON", "[1]", "7", '{"title": 1}', '"' + "x" * 10])
def test_a_spoilt_base_only_means_that_nobody_is_named(john: Client, maria: Client, base: str) -> None:
    page = make_mixed_page()
    mine = opened(john, page)
    save(maria, page, opened(maria, page) | {FIGURE_0: "4 hours"})
    answer = save(john, page, mine | {"base": base})
    assert [one.note for one in answer.context["conflict"]["differences"]] == [""]


def test_errors_of_the_form_are_mended_before_anything_is_compared(john: Client, maria: Client) -> None:
    page = make_mixed_page()
    mine = opened(john, page)
    save(maria, page, opened(maria, page) | {"title": "Hers"})
    answer = save(john, page, mine | {"title": ""})
    assert answer.status_code == 409
    assert "First correct the fields" in answer.text
    assert "_overwrite" not in answer.text
    assert "This field is required" in answer.text
    answer = save(john, page, form_of(answer) | {"title": "His"})
    assert 'name="_overwrite"' in answer.text


def test_ones_own_other_window_is_called_that(john: Client) -> None:
    page = make_mixed_page()
    mine = opened(john, page)
    save(john, page, opened(john, page) | {"title": "The other"})
    answer = save(john, page, mine | {"title": "This"})
    assert "You saved this page yourself at" in answer.text
    assert "The other window changed this, and so did you." in answer.text


def test_after_several_saves_nobody_is_named_for_a_change(john: Client, maria: Client) -> None:
    page = make_mixed_page()
    mine = opened(john, page)
    save(maria, page, opened(maria, page) | {"title": "Hers"})
    save(maria, page, opened(maria, page) | {FIGURE_0: "4 hours"})
    notes = [one.note for one in save(john, page, mine).context["conflict"]["differences"]]
    assert notes == ["Somebody changed this. Yours has it as it was."] * 2


def test_nothing_is_published_by_a_refused_save(john: Client, maria: Client) -> None:
    page = make_mixed_page()
    mine = opened(john, page)
    save(maria, page, opened(maria, page) | {"title": "Hers"})
    assert save(john, page, mine, "_publish").status_code == 409
    assert not page.publications.exists()


# --- The rest -------------------------------------------------------------------------------------------------------


def test_a_page_with_every_kind_of_pointer_is_compared(john: Client, maria: Client) -> None:
    page, other = make_mixed_page(), make_page(title="The other page", blocks=1)
    add_block(page, CallToAction, heading="Write to us", target=other, ordering=40)
    mine = opened(john, page)
    save(maria, page, opened(maria, page) | {"related_pages": [other.pk]})
    answer = save(john, page, mine | {f"{prefix_of(CallToAction)}-0-target": ""})
    assert answer.text.count("<mark>The other page</mark>") == 2
    overwritten(john, page, form_of(answer))
    assert not page.related_pages.exists()
    assert CallToAction.objects.get().target is None


def test_the_log_says_what_was_saved_over(john: Client, maria: Client) -> None:
    page = make_mixed_page()
    publish(page=page, by=None)
    mine = opened(john, page)
    save(maria, page, opened(maria, page) | {"title": "Hers"})
    overwritten(john, page, mine | {"title": "His"})
    messages = [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")]
    assert "Saved over what others had saved; that is version 2." in messages
    assert "Changed Title." in messages
