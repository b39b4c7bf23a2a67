"""Reading, signing and withdrawing, as reviewers meet them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from content import reviewing
from content.models import ClinicalReview, PageVersion, Reference, ReviewWithdrawal, RichText
from content.publishing import publish
from tests.content.factories import add_block, make_live_page, make_page
from tests.content.reviewers import CALENDAR, client_of, live_version, make_reviewer, make_staff, sign, sign_url

pytestmark = pytest.mark.django_db


def withdraw_url(version: PageVersion) -> str:
    return reverse("admin:content_page_withdraw", args=[version.page_id, version.pk])


def filled_in(version: PageVersion, **changes: Any) -> dict[str, Any]:
    due_on = reviewing.default_due(reviewing.today()).isoformat()
    form = {"digest": version.digest, "are_references_checked": "on", "due_on": due_on, "note": ""} | changes
    return {name: value for name, value in form.items() if value is not None}


@pytest.fixture
def reviewer() -> User:
    return make_reviewer()


@pytest.fixture
def desk(reviewer: User) -> Client:
    return client_of(reviewer)


@pytest.fixture
def version() -> PageVersion:
    return live_version(make_live_page(title="The goals", slug="goals"))


# --- Reading and signing ----------------------------------------------------------------------------------------------


def test_the_whole_text_and_its_references_are_on_the_page_on_which_it_is_signed(desk: Client) -> None:
    page = make_page(title="The goals", summary="What we want to reach together.", description="For searches.")
    add_block(page, RichText, body="<h2>Last part</h2><p>The very last words.</p>")
    add_block(page, Reference, citation="Doe, Journal, 2020", doi="10.1/x", note="What was studied")
    text = desk.get(sign_url(publish(page=page, by=None).version)).text
    for part in (
        "What happens",
        "The very last words.",
        "What we want to reach together.",
        "For searches.",
        "Doe, Journal, 2020",
        "https://doi.org/10.1/x",
        "What was studied",
    ):
        assert part in text


def test_a_reviewer_signs(desk: Client, reviewer: User, version: PageVersion) -> None:
    response = desk.post(sign_url(version), filled_in(version, due_on="", note="Read with care."))
    assert "This field is required" in response.text
    with time_machine.travel("2026-03-02T15:00Z", tick=False):
        response = desk.post(sign_url(version), filled_in(version, note="Read with care."), follow=True)
    assert response.redirect_chain == [(CALENDAR, 302)]
    assert "Version 1 of “The goals” is signed. It is due again on March 2, 2027." in response.text
    review = ClinicalReview.objects.get()
    assert (review.version, review.digest, review.reviewer) == (version, version.digest, reviewer)
    assert (review.due_on, review.note, review.are_references_checked) == (date(2027, 3, 2), "Read with care.", True)


def test_a_signature_leaves_a_log_entry(desk: Client, reviewer: User, version: PageVersion) -> None:
    desk.post(sign_url(version), filled_in(version))
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (reviewer, str(version.page_id))
    assert "Signed version 1" in entry.change_message


def test_the_digest_of_the_text_on_the_page_is_posted_with_it(desk: Client, version: PageVersion) -> None:
    assert f'<input type="hidden" name="digest" value="{version.digest}">' in desk.get(sign_url(version)).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"digest": "0" * 64}, "The text you read is not this version."),
        ({"digest": None}, "The text you read is not this version."),
        ({"digest": "\x00"}, "The text you read is not this version."),
        ({"are_references_checked": None}, "Please confirm that you have checked the references."),
        ({"due_on": "2001-01-01"}, "Choose a day after today and within two years."),
        ({"due_on": "9999-12-31"}, "Choose a day after today and within two years."),
        ({"due_on": "tomorrow"}, "Enter a valid date."),
        ({"note": "x" * 301}, "at most 300 characters"),
        ({"note": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_what_cannot_be_signed_is_refused_in_a_sentence(desk, version, changes: dict, sentence: str) -> None:
    response = desk.post(sign_url(version), filled_in(version, **changes))
    assert response.status_code == 200
    assert sentence in response.text
    assert "It is not signed yet." in response.text
    assert f'value="{version.digest}"' in response.text
    assert not ClinicalReview.objects.exists()


def test_the_text_of_another_version_is_not_signed_by_its_digest(desk: Client, version: PageVersion) -> None:
    RichText.objects.filter(parent=version.page).update(body="<p>MORE care.</p>")
    newer = publish(page=version.page, by=None).version
    response = desk.post(sign_url(newer), filled_in(version))
    assert "The text you read is not this version." in response.text
    assert not ClinicalReview.objects.exists()


def test_an_author_reads_why_they_cannot_sign(version: PageVersion) -> None:
    reviewer = make_reviewer()
    RichText.objects.filter(parent=version.page).update(body="<p>My words.</p>")
    own = publish(page=version.page, by=reviewer).version
    desk = client_of(reviewer)
    page = desk.get(sign_url(own)).text
    assert "You wrote part of this text. Somebody else has to review it." in page
    assert "Sign this version" not in page
    assert "You wrote part" in desk.post(sign_url(own), filled_in(own)).text
    assert not ClinicalReview.objects.exists()


def test_without_a_profile_nobody_signs(version: PageVersion) -> None:
    desk = client_of(make_staff("sign_version"))
    assert "Your credential and role are not set up yet." in desk.get(sign_url(version)).text
    assert "Your credential and role are not set up yet." in desk.post(sign_url(version), filled_in(version)).text
    assert "Your credential and role are not set up yet" in desk.get(CALENDAR).text
    assert not ClinicalReview.objects.exists()


def test_only_those_who_may_sign_read_and_sign_and_withdraw_here(version: PageVersion) -> None:
    sign(version)
    desk = client_of(make_staff("view_page", "change_page", "publish_page", "view_clinicalreview"))
    assert desk.get(sign_url(version)).status_code == 403
    assert desk.post(sign_url(version), filled_in(version)).status_code == 403
    assert desk.post(withdraw_url(version), {"reason": "No."}).status_code == 403
    assert ClinicalReview.objects.count() == 1
    assert not ReviewWithdrawal.objects.exists()


def test_strangers_are_asked_to_log_in(client: Client, version: PageVersion) -> None:
    for url in (sign_url(version), withdraw_url(version), CALENDAR):
        for response in (client.get(url), client.post(url, filled_in(version))):
            assert response.status_code == 302
            assert response["Location"].startswith("/admin/login/")
    assert not ClinicalReview.objects.exists()


def test_nothing_is_signed_from_another_site(reviewer: User, version: PageVersion) -> None:
    desk = Client(enforce_csrf_checks=True)
    desk.force_login(reviewer)
    assert desk.post(sign_url(version), filled_in(version)).status_code == 403
    assert not ClinicalReview.objects.exists()


def test_a_version_is_found_under_its_own_page_only(desk: Client, version: PageVersion) -> None:
    other = make_live_page()
    assert desk.get(reverse("admin:content_page_sign", args=[other.pk, version.pk])).status_code == 404
    assert desk.get(reverse("admin:content_page_sign", args=[version.page_id, 10**6])).status_code == 404


def test_what_changed_since_the_last_signature_is_shown_word_by_word(desk: Client, version: PageVersion) -> None:
    RichText.objects.filter(parent=version.page).update(body="<p>You get less care.</p>")
    sign(publish(page=version.page, by=None).version)
    RichText.objects.filter(parent=version.page).update(body="<p>You get MORE care.</p>")
    text = desk.get(sign_url(publish(page=version.page, by=None).version)).text
    assert "Compared with version 2" in text
    assert "less</del>" in text
    assert "MORE</ins>" in text


def test_a_first_review_has_nothing_to_compare_with(desk: Client, version: PageVersion) -> None:
    assert "What changed since the last signature" not in desk.get(sign_url(version)).text


def test_it_is_said_which_version_readers_see(desk: Client, version: PageVersion) -> None:
    assert "Readers see" not in desk.get(sign_url(version)).text
    RichText.objects.filter(parent=version.page).update(body="<p>MORE care.</p>")
    newer = publish(page=version.page, by=None).version
    text = desk.get(sign_url(version)).text
    assert f'Readers see <a href="{sign_url(newer)}">version 2</a>' in text


# --- Withdrawing ------------------------------------------------------------------------------------------------------


def test_a_review_is_withdrawn_with_a_reason(desk: Client, reviewer: User, version: PageVersion) -> None:
    review = sign(version)
    response = desk.post(withdraw_url(version), {"reason": "The hours are wrong."}, follow=True)
    assert "is withdrawn" in response.text
    assert "The hours are wrong." in response.text
    withdrawal = ReviewWithdrawal.objects.get()
    assert (withdrawal.review, withdrawal.by, withdrawal.reason) == (review, reviewer, "The hours are wrong.")
    assert "Withdrew the review of version 1" in LogEntry.objects.get().change_message


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301, "a\x00b"])
def test_a_review_is_not_withdrawn_without_a_reason(desk: Client, version: PageVersion, reason: str) -> None:
    sign(version)
    response = desk.post(withdraw_url(version), {"reason": reason})
    assert response.status_code == 200
    assert "It is not withdrawn yet." in response.text
    assert not ReviewWithdrawal.objects.exists()


def test_what_is_not_signed_cannot_be_withdrawn(desk: Client, version: PageVersion) -> None:
    assert "Withdraw this review" not in desk.get(sign_url(version)).text
    response = desk.post(withdraw_url(version), {"reason": "No."}, follow=True)
    assert "There is no review of this text to withdraw." in response.text


def test_a_review_is_not_withdrawn_by_a_link(desk: Client, version: PageVersion) -> None:
    sign(version)
    assert desk.get(withdraw_url(version)).status_code == 405
    assert not ReviewWithdrawal.objects.exists()
