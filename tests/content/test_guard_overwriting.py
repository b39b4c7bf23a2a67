"""Saving over what somebody else has saved meanwhile: as it was compared, and theirs is kept."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from content import restoring, trash
from content.models import KeyFact, ListItem, Page, Question, RichText
from content.publishing import blocks_of, freeze, keep_version
from tests.content.guarding import BODY_0, FIGURE_0, change_url, client_of, make_mixed_page, opened, overwritten, save
from tests.content.shown_form import add_to, form_of, prefix_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_kinds_of_block")]


@pytest.fixture
def maria() -> Client:
    return client_of("maria", first_name="Maria", last_name="Ortiz")


@pytest.fixture
def john() -> Client:
    return client_of("john", first_name="John", last_name="Reed")


# --- Mine over theirs -----------------------------------------------------------------------------------------------


def test_mine_over_theirs_keeps_theirs_as_a_version(john: Client, maria: Client) -> None:
    page = make_mixed_page()
    mine = opened(john, page)
    save(maria, page, opened(maria, page) | {"title": "Hers", FIGURE_0: "4 hours"})
    theirs = freeze(Page.objects.get())
    assert overwritten(john, page, mine | {BODY_0: "<p>His words.</p>"})["Location"] == change_url(page)
    page.refresh_from_db()
    assert page.title == "Goals"
    assert words_in_order(page) == ["<p>His words.</p>", "3 hours", "<p>You go home.</p>"]
    version = page.versions.get()
    assert version.document == theirs
    assert version.change_note == "Kept before it was saved over"
    assert version.created_by == User.objects.get(username="john")


def words_in_order(page: Page) -> list[str]:
    return [getattr(block, block.frozen_fields[0]) for block in blocks_of(page)]


def test_all_who_wrote_what_is_in_the_page_stay_its_writers(john: Client, maria: Client) -> None:
    page = make_mixed_page()
    save(maria, page, opened(maria, page) | {"title": "Hers first"})
    mine = opened(john, page)
    save(maria, page, opened(maria, page) | {"title": "Hers again"})
    overwritten(john, page, mine | {FIGURE_0: "4 hours"})
    ids = dict(User.objects.values_list("username", "pk"))
    assert Page.objects.get().draft_author_ids == [ids["maria"], ids["john"]]


def test_the_page_says_exactly_what_was_compared(john: Client, maria: Client) -> None:
    """Also where the other one added, removed and moved blocks."""
    page = make_mixed_page()
    theirs, mine = opened(maria, page), opened(john, page)
    theirs[f"{prefix_of(KeyFact)}-0-DELETE"] = "on"
    theirs[f"{prefix_of(RichText)}-0-ordering"] = "500"
    add_to(theirs, Question, question="Hers?", answer="<p>Yes.</p>")
    save(maria, page, theirs)
    uids = {str(block.uid) for block in blocks_of(page)}
    kept = mine[f"{prefix_of(KeyFact)}-0-block_uid"]
    add_to(mine, ListItem, term="His", explanation="<p>Words.</p>")
    overwritten(john, page, mine)
    page.refresh_from_db()
    assert words_in_order(page) == ["<h2>First</h2><p>You come in.</p>", "3 hours", "<p>You go home.</p>", "His"]
    after = [str(block.uid) for block in blocks_of(page)]
    assert after[1] == kept, "a block that was removed meanwhile comes back as itself"
    assert {after[0], after[2]} < uids


def test_mine_over_a_restored_version(john: Client) -> None:
    """Restoring gives every block another row."""
    page = make_mixed_page()
    version = keep_version(page=page, by=None)
    Page.objects.filter(pk=page.pk).update(title="Later")
    mine = opened(john, page)
    restoring.restore(version=version, by=User.objects.get(username="john"))
    answer = save(john, page, mine | {FIGURE_0: "5 hours"})
    assert [one.title for one in answer.context["conflict"]["differences"]] == ["Title", "Key fact “5 hours”"]
    save(john, page, form_of(answer), "_overwrite", str(answer.context["conflict"]["edit_number"]))
    page.refresh_from_db()
    assert words_in_order(page) == ["<h2>First</h2><p>You come in.</p>", "5 hours", "<p>You go home.</p>"]
    assert [str(block.uid) for block in blocks_of(page)] == [block["uid"] for block in version.document["blocks"]]


def test_a_third_save_in_between_is_not_overwritten_either(john: Client, maria: Client) -> None:
    page = make_mixed_page()
    mine = opened(john, page)
    save(maria, page, opened(maria, page) | {"title": "Hers"})
    answer = save(john, page, mine | {"title": "His"})
    save(maria, page, opened(maria, page) | {"title": "Hers again"})
    form, seen = form_of(answer), str(answer.context["conflict"]["edit_number"])
    assert save(john, page, form, "_overwrite", seen).status_code == 409
    assert Page.objects.get().title == "Hers again"


def test_both_removed_the_same_block(john: Client, maria: Client) -> None:
    page = make_mixed_page()
    theirs, mine = opened(maria, page), opened(john, page)
    for form in (theirs, mine):
        form[f"{prefix_of(KeyFact)}-0-DELETE"] = "on"
    save(maria, page, theirs | {"title": "Hers"})
    answer = save(john, page, mine)
    assert [one.title for one in answer.context["conflict"]["differences"]] == ["Title"]
    save(john, page, form_of(answer), "_overwrite", str(answer.context["conflict"]["edit_number"]))
    assert not KeyFact.objects.exists()


def test_a_page_that_was_deleted_meanwhile(john: Client, maria: Client) -> None:
    page = make_mixed_page()
    mine = opened(john, page)
    maria.post(reverse("admin:content_page_delete", args=[page.pk]), {"post": "yes"})
    answer = save(john, page, mine | {"title": "His"})
    assert answer.status_code == 409
    assert "Maria Ortiz deleted this page at" in answer.text
    save(john, page, form_of(answer), "_overwrite", str(answer.context["conflict"]["edit_number"]))
    page.refresh_from_db()
    assert (page.title, page.deleted_at is None) == ("His", False)
    trash.bring_back(page=page)
    assert Page.objects.kept().get().title == "His"


# --- What only a tampered form has ----------------------------------------------------------------------------------


def test_a_block_does_not_take_the_uid_of_another(john: Client) -> None:
    page, other = make_mixed_page(), make_mixed_page()
    taken = str(blocks_of(other)[0].uid)
    form = opened(john, page)
    for _ in range(2):
        add_to(form, RichText, body="<p>New.</p>", block_uid=taken)
    add_to(form, KeyFact, figure="1", label="one", block_uid="no uid")
    assert save(john, page, form).status_code == 200
    form[f"{prefix_of(KeyFact)}-1-block_uid"] = "12345678-1234-4234-8234-123456789abc"
    add_to(form, KeyFact, figure="2", label="two", block_uid="12345678-1234-4234-8234-123456789abc")
    assert save(john, page, form).status_code == 302
    uids = [str(block.uid) for block in (*blocks_of(page), *blocks_of(other))]
    assert len(uids) == len(set(uids)) == 10


def test_a_stored_block_keeps_its_uid(john: Client) -> None:
    page = make_mixed_page()
    before = [block.uid for block in blocks_of(page)]
    form = opened(john, page)
    form[f"{prefix_of(KeyFact)}-0-block_uid"] = "12345678-1234-4234-8234-123456789abc"
    assert save(john, page, form | {FIGURE_0: "4 hours"}).status_code == 302
    assert [block.uid for block in blocks_of(page)] == before


@pytest.mark.parametrize("total", ["", "x", "-1", "99999999"])
def test_a_spoilt_count_of_blocks_is_no_server_error(john: Client, maria: Client, total: str) -> None:
    page = make_mixed_page()
    mine = opened(john, page)
    save(maria, page, opened(maria, page) | {"title": "Hers"})
    mine[f"{prefix_of(RichText)}-TOTAL_FORMS"] = total
    assert save(john, page, mine).status_code == 409
