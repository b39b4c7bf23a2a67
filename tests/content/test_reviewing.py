from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from content import reviewing
from content.models import ClinicalReview, ReviewWithdrawal, RichText
from content.publishing import keep_version, publish, take_down
from content.restoring import restore
from content.reviewing import ReviewStatus, SigningRefused
from tests.content.factories import live_publication, make_live_page, make_page, make_site_settings
from tests.content.reviewers import live_version, make_reviewer, make_staff, sign

pytestmark = pytest.mark.django_db


def publish_words(page, words: str, by=None):
    RichText.objects.filter(parent=page).update(body=f"<p>{words}</p>")
    return publish(page=page, by=by).version


# --- Who may sign -----------------------------------------------------------------------------------------------------


def test_a_reviewer_signs_a_text_for_a_year() -> None:
    version = live_version(make_live_page())
    with time_machine.travel("2026-03-02T15:00Z", tick=False):
        reviewer = make_reviewer()
        review = sign(version, by=reviewer)
    assert (review.signed_on, review.due_on) == (date(2026, 3, 2), date(2027, 3, 2))
    assert (review.public_role, review.credential) == ("a licensed clinical psychologist", "MA 12345")
    assert review.digest == version.digest


def test_what_readers_are_told_stays_as_it_was_signed() -> None:
    reviewer = make_reviewer(public_role="a psychologist")
    review = sign(live_version(make_live_page()), by=reviewer)
    reviewer.reviewer_profile.public_role = "a psychiatrist"
    reviewer.reviewer_profile.save()
    review.refresh_from_db()
    assert review.public_role == "a psychologist"


def test_an_account_without_the_permission_is_refused() -> None:
    version = live_version(make_live_page())
    with pytest.raises(SigningRefused, match="may not sign"):
        sign(version, by=make_staff("change_page", "publish_page"))


def test_an_account_without_a_profile_is_refused() -> None:
    version = live_version(make_live_page())
    with pytest.raises(SigningRefused, match="credential and role"):
        sign(version, by=make_staff("sign_version"))


def test_an_author_of_the_version_is_refused() -> None:
    page, reviewer = make_page(), make_reviewer()
    version = publish(page=page, by=reviewer).version
    with pytest.raises(SigningRefused, match="You wrote part"):
        sign(version, by=reviewer)
    assert sign(version, by=make_reviewer())


def test_an_author_stays_one_through_what_others_add() -> None:
    page, author = make_page(), make_reviewer()
    keep_version(page=page, by=author)
    version = publish_words(page, "What the author wrote, with a comma.", by=make_staff())
    with pytest.raises(SigningRefused, match="You wrote part of this text"):
        sign(version, by=author)


def test_an_author_may_sign_what_others_add_once_somebody_signed_for_the_words() -> None:
    page, author = make_page(), make_reviewer()
    sign(keep_version(page=page, by=author))
    assert sign(publish_words(page, "What others wrote since.", by=make_staff()), by=author)


def test_a_withdrawn_signature_makes_nobody_less_of_an_author() -> None:
    page, author = make_page(), make_reviewer()
    reviewing.withdraw(review=sign(keep_version(page=page, by=author)), by=make_reviewer(), reason="It is wrong.")
    version = publish_words(page, "What others wrote since.", by=make_staff())
    with pytest.raises(SigningRefused, match="You wrote part of this text"):
        sign(version, by=author)


def test_the_author_of_a_text_is_its_author_when_it_is_restored() -> None:
    page, author = make_page(), make_reviewer()
    first = keep_version(page=page, by=author)
    sign(publish_words(page, "Other words.", by=make_staff()))
    restore(version=first, by=None)
    with pytest.raises(SigningRefused, match="You wrote part of this text"):
        sign(publish(page=page, by=None).version, by=author)


def test_a_text_that_was_not_the_one_on_the_screen_is_refused() -> None:
    page = make_live_page()
    read, version = live_version(page), publish_words(page, "Other words.")
    with pytest.raises(SigningRefused, match="is not this version"):
        reviewing.sign(version=version, by=make_reviewer(), digest=read.digest, are_references_checked=True)
    assert not ClinicalReview.objects.exists()


def test_references_have_to_be_checked() -> None:
    version = live_version(make_live_page())
    with pytest.raises(SigningRefused, match="references"):
        reviewing.sign(version=version, by=make_reviewer(), digest=version.digest, are_references_checked=False)


# --- Until when -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2027, 2, 28), date(2028, 2, 28)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2026, 12, 31), date(2027, 12, 31)),
    ],
)
def test_a_year_later_is_the_same_day_where_there_is_one(day: date, due: date) -> None:
    assert reviewing.default_due(day) == due


@time_machine.travel("2026-11-24T15:00Z", tick=False)
@pytest.mark.parametrize("due_on", [date(2026, 11, 25), date(2028, 11, 24)])
def test_a_review_may_be_due_from_tomorrow_to_two_years_ahead(due_on: date) -> None:
    assert sign(live_version(make_live_page()), due_on=due_on).due_on == due_on


@time_machine.travel("2026-11-24T15:00Z", tick=False)
@pytest.mark.parametrize("due_on", [date(2026, 11, 23), date(2026, 11, 24), date(2028, 11, 25), date(9999, 1, 1)])
def test_any_other_day_is_refused(due_on: date) -> None:
    with pytest.raises(ValidationError, match="within two years"):
        sign(live_version(make_live_page()), due_on=due_on)


def test_a_review_stands_on_the_day_it_is_due_and_not_on_the_next() -> None:
    version = live_version(make_live_page())
    review = sign(version)
    assert reviewing.standing_review(version, on=review.due_on) == review
    assert reviewing.standing_review(version, on=review.due_on + timedelta(days=1)) is None


def test_the_day_is_the_one_at_the_sites_place() -> None:
    make_site_settings(time_zone="Pacific/Honolulu")
    # Ten o'clock in the evening of January 31 there, February 1 in London.
    with time_machine.travel(datetime(2027, 2, 1, 8, tzinfo=UTC), tick=False):
        assert sign(live_version(make_live_page())).signed_on == date(2027, 1, 31)


@pytest.mark.parametrize(
    ("moment", "stands"),
    [
        # Clocks go back in New York on November 1, 2026, at 6:00 UTC: that day ends at 5:00 UTC, not at 4:00.
        ("2026-11-02T04:30Z", True),
        ("2026-11-02T05:00Z", False),
    ],
)
def test_a_day_that_is_an_hour_longer_ends_at_its_own_midnight(moment: str, stands: bool) -> None:
    make_site_settings(time_zone="America/New_York")
    version = live_version(make_live_page())
    with time_machine.travel("2026-05-01T15:00Z", tick=False):
        sign(version, due_on=date(2026, 11, 1))
    with time_machine.travel(moment, tick=False):
        assert bool(reviewing.standing_review(version)) is stands


# --- Which text it stands under ---------------------------------------------------------------------------------------


def test_a_new_version_has_no_signature() -> None:
    page = make_live_page()
    signed = live_version(page)
    sign(signed)
    version = publish_words(page, "MORE care.")
    assert reviewing.standing_review(version) is None
    assert reviewing.standing_review(signed)


def test_a_signed_text_that_is_restored_and_published_is_signed() -> None:
    """It is another version, with a number and a date of its own, but to the letter what was signed. A signature is
    under the words, so it stands under them again; had a letter changed, the digest would be another."""
    page = make_live_page()
    signed = live_version(page)
    review = sign(signed)
    publish_words(page, "MORE care.")
    restore(version=signed, by=None)
    again = publish(page=page, by=None).version
    assert again.number == 3
    assert again.digest == signed.digest
    assert reviewing.standing_review(again) == review


def test_a_signed_text_that_was_withdrawn_does_not_come_back_signed() -> None:
    page = make_live_page()
    signed = live_version(page)
    reviewing.withdraw(review=sign(signed), by=make_reviewer(), reason="Wrong dose.")
    publish_words(page, "MORE care.")
    restore(version=signed, by=None)
    assert reviewing.standing_review(publish(page=page, by=None).version) is None


def test_a_page_that_was_taken_down_and_put_up_again_is_still_signed() -> None:
    page = make_live_page()
    review = sign(live_version(page))
    take_down(page=page, by=None)
    assert reviewing.standing_review(publish(page=page, by=None).version) == review


# --- Withdrawing ------------------------------------------------------------------------------------------------------


def test_a_withdrawn_review_does_not_stand_until_it_is_signed_again() -> None:
    version = live_version(make_live_page())
    reviewing.withdraw(review=sign(version), by=make_reviewer(), reason="The hours are wrong.")
    assert reviewing.standing_review(version) is None
    again = sign(version)
    assert reviewing.standing_review(version) == again


def test_withdrawing_takes_every_signature_from_the_text() -> None:
    version = live_version(make_live_page())
    first, second = sign(version), sign(version)
    reviewing.withdraw(review=second, by=make_reviewer(), reason="The hours are wrong.")
    assert reviewing.standing_review(version) is None
    assert set(ReviewWithdrawal.objects.values_list("review", flat=True)) == {first.pk, second.pk}


def test_withdrawing_leaves_the_signatures_under_other_texts() -> None:
    other = live_version(make_live_page())
    review = sign(other)
    reviewing.withdraw(review=sign(live_version(make_live_page())), by=make_reviewer(), reason="No.")
    assert reviewing.standing_review(other) == review


def test_a_second_withdrawal_changes_nothing() -> None:
    review, by = sign(live_version(make_live_page())), make_reviewer()
    first = reviewing.withdraw(review=review, by=by, reason="First.")
    assert reviewing.withdraw(review=review, by=by, reason="Second.") == first
    assert ReviewWithdrawal.objects.get().reason == "First."


def test_of_two_signatures_the_one_that_is_due_last_counts() -> None:
    version, today = live_version(make_live_page()), reviewing.today()
    longer = sign(version, due_on=today + timedelta(days=300))
    sign(version, due_on=today + timedelta(days=10))
    assert reviewing.standing_review(version) == longer


def test_the_last_signed_text_is_another_one_that_was_not_withdrawn() -> None:
    page = make_live_page()
    first = sign(live_version(page))
    second = sign(publish_words(page, "Second."))
    version = publish_words(page, "Third.")
    assert reviewing.last_signed(page, other_than=version.digest) == second
    reviewing.withdraw(review=second, by=make_reviewer(), reason="No.")
    assert reviewing.last_signed(page, other_than=version.digest) == first
    assert reviewing.last_signed(page, other_than=first.digest) is None


# --- The calendar -----------------------------------------------------------------------------------------------------


def statuses(**when) -> dict[str, tuple[str, int | None]]:
    return {state.title: (state.status.value, state.days_left) for state in reviewing.calendar(**when)}


def test_the_calendar_has_every_live_page_the_most_urgent_first() -> None:
    today = reviewing.today()
    pages = {name: make_live_page(title=name) for name in ("later", "soon", "never", "changed", "withdrawn", "overdue")}
    make_page(title="draft")
    sign(live_version(pages["later"]), due_on=today + timedelta(days=131))
    sign(live_version(pages["soon"]), due_on=today + timedelta(days=130))
    sign(live_version(pages["changed"]))
    publish_words(pages["changed"], "Other words.")
    reviewing.withdraw(review=sign(live_version(pages["withdrawn"])), by=make_reviewer(), reason="No.")
    sign(live_version(pages["overdue"]), due_on=today + timedelta(days=99))
    found = statuses(on=today + timedelta(days=100))
    assert list(found.items()) == [
        ("withdrawn", (ReviewStatus.WITHDRAWN, None)),
        ("overdue", (ReviewStatus.OVERDUE, -1)),
        ("changed", (ReviewStatus.CHANGED, None)),
        ("never", (ReviewStatus.NEVER, None)),
        ("soon", (ReviewStatus.SOON, 30)),
        ("later", (ReviewStatus.LATER, 31)),
    ]


def test_a_page_that_is_taken_down_is_not_in_the_calendar() -> None:
    page = make_live_page()
    take_down(page=page, by=None)
    assert reviewing.calendar() == []


def test_the_calendar_says_what_the_public_page_says() -> None:
    """One rule for both, also where the signed text is live under another number."""
    page = make_live_page()
    version = live_version(page)
    review = sign(version)
    publish_words(page, "MORE care.")
    restore(version=version, by=None)
    publish(page=page, by=None)
    for on in (review.due_on, review.due_on + timedelta(days=1)):
        (state,) = reviewing.calendar(on)
        assert state.review == review
        is_standing = state.status in {ReviewStatus.SOON, ReviewStatus.LATER}
        assert is_standing is bool(reviewing.standing_review(live_publication(page).version, on))


def test_the_calendar_takes_the_same_queries_whatever_there_is(django_assert_num_queries) -> None:
    for number in range(12):
        page = make_live_page()
        for words in range(number % 3):
            reviewing.withdraw(review=sign(publish_words(page, f"Version {words}.")), by=make_reviewer(), reason="No.")
            sign(live_version(page))
    with django_assert_num_queries(2):
        for state in reviewing.calendar(date(2026, 11, 24)):
            str(state.title), state.publication.version.author_ids, state.review and state.review.version.number
