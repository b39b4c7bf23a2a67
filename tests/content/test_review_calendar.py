"""The review calendar, the reviewers and the list of reviews, as staff meet them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from content import reviewing
from content.models import ClinicalReview, PageVersion, ReviewerProfile, RichText
from content.publishing import publish
from tests.content.factories import make_live_page, make_site_settings
from tests.content.reviewers import CALENDAR, client_of, live_version, make_reviewer, make_staff, sign, sign_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer() -> User:
    return make_reviewer()


@pytest.fixture
def desk(reviewer: User) -> Client:
    return client_of(reviewer)


@pytest.fixture
def version() -> PageVersion:
    return live_version(make_live_page(title="The goals", slug="goals"))


# --- The calendar -----------------------------------------------------------------------------------------------------


def test_each_row_leads_to_reading_and_signing_the_live_version(desk: Client, version: PageVersion) -> None:
    text = desk.get(CALENDAR).text
    assert "Never reviewed" in text
    assert "The goals" in text
    assert f'href="{sign_url(version)}"' in text


def test_the_calendar_says_how_each_page_stands(reviewer: User) -> None:
    make_site_settings()
    with time_machine.travel("2026-03-02T15:00Z", tick=False):
        sign(live_version(make_live_page(title="Signed")))
        reviewing.withdraw(review=sign(live_version(make_live_page())), by=make_reviewer(), reason="Wrong hours.")
    with time_machine.travel("2027-03-01T15:00Z", tick=False):
        text = client_of(reviewer).get(CALENDAR).text
        assert "Due within 30 days" in text
        assert "March 2, 2027" in text
        assert "in 1 day" in text
        assert "Wrong hours." in text
    with time_machine.travel("2027-03-04T15:00Z", tick=False):
        text = client_of(reviewer).get(CALENDAR).text
        assert "Overdue" in text
        assert "2 days ago" in text


def test_an_empty_calendar_says_what_will_stand_there(desk: Client) -> None:
    assert "No page is live, so there is nothing to review." in desk.get(CALENDAR).text


def test_a_calendar_without_work_says_so(desk: Client, version: PageVersion) -> None:
    assert "Nothing to do" not in desk.get(CALENDAR).text
    sign(version)
    assert "Nothing to do" in desk.get(CALENDAR).text


def test_writers_see_the_calendar_and_are_led_to_their_page(version: PageVersion) -> None:
    text = client_of(make_staff("change_page", "view_page")).get(CALENDAR).text
    assert reverse("admin:content_page_change", args=[version.page_id]) in text
    assert sign_url(version) not in text


def test_authors_are_told_that_somebody_else_signs(version: PageVersion) -> None:
    reviewer = make_reviewer()
    RichText.objects.filter(parent=version.page).update(body="<p>My words.</p>")
    publish(page=version.page, by=reviewer)
    assert "you wrote part of it" in client_of(reviewer).get(CALENDAR).text


def test_others_do_not_see_the_calendar() -> None:
    assert client_of(make_staff("view_page", "view_clinicalreview")).get(CALENDAR).status_code == 403


@pytest.mark.parametrize(("role", "status"), [("Clinical reviewer", 200), ("Writer", 200), ("Site manager", 403)])
def test_each_role_finds_the_calendar_or_not(role: str, status: int) -> None:
    user = make_staff()
    user.groups.add(Group.objects.get(name=role))
    assert client_of(user).get(CALENDAR).status_code == status


def test_the_list_of_pages_leads_to_the_calendar() -> None:
    user = make_staff()
    user.groups.add(Group.objects.get(name="Clinical reviewer"))
    assert f'href="{CALENDAR}"' in client_of(user).get(reverse("admin:content_page_changelist")).text


def test_the_calendar_takes_the_same_queries_whatever_there_is(desk: Client) -> None:
    make_site_settings()
    make_live_page()

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            desk.get(CALENDAR)
        return len(captured)

    count()
    before = count()
    today = reviewing.today()
    for number in range(12):
        version = live_version(make_live_page())
        if number % 2:
            sign(version, due_on=today + timedelta(days=10 + number))
        if number % 4 == 1:
            reviewing.withdraw(review=sign(version), by=make_reviewer(), reason="No.")
    assert count() == before


# --- Reviewers and the list of reviews --------------------------------------------------------------------------------


def test_a_site_manager_sets_up_a_reviewer() -> None:
    manager, person = make_staff(), make_staff()
    manager.groups.add(Group.objects.get(name="Site manager"))
    data = {"user": person.pk, "credential": "RN 1", "public_role": "a psychiatric nurse"}
    data |= {"roles-TOTAL_FORMS": 0, "roles-INITIAL_FORMS": 0}
    response = client_of(manager).post(reverse("admin:content_reviewerprofile_add"), data)
    assert response.status_code == 302
    assert ReviewerProfile.objects.get(user=person).public_role == "a psychiatric nurse"


@pytest.mark.parametrize("permissions", [["sign_version"], ["change_page", "publish_page"]])
def test_nobody_else_makes_reviewers(permissions: list[str]) -> None:
    desk = client_of(make_staff(*permissions))
    person = make_staff()
    data = {"user": person.pk, "credential": "RN 1", "public_role": "a psychiatric nurse"}
    assert desk.post(reverse("admin:content_reviewerprofile_add"), data).status_code == 403
    assert not ReviewerProfile.objects.filter(user=person).exists()


def test_reviews_are_listed_and_cannot_be_touched(admin_client: Client, version: PageVersion) -> None:
    review = sign(version, note="Read with care.")
    reviewing.withdraw(review=review, by=make_reviewer(), reason="The hours are wrong.")
    assert "Withdrawn" in admin_client.get(reverse("admin:content_clinicalreview_changelist")).text
    change = reverse("admin:content_clinicalreview_change", args=[review.pk])
    text = admin_client.get(change).text
    assert "Read with care." in text
    assert "The hours are wrong." in text
    assert admin_client.post(change, {}).status_code == 403
    assert admin_client.get(reverse("admin:content_clinicalreview_add")).status_code == 403
    delete = reverse("admin:content_clinicalreview_delete", args=[review.pk])
    assert admin_client.post(delete, {"post": "yes"}).status_code == 403
    assert ClinicalReview.objects.exists()


def test_the_list_of_reviews_takes_the_same_queries_whatever_their_number(
    admin_client: Client, django_assert_max_num_queries
) -> None:
    for _number in range(12):
        sign(live_version(make_live_page()))
    with django_assert_max_num_queries(7):
        admin_client.get(reverse("admin:content_clinicalreview_changelist"))
