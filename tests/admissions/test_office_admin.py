from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from admissions.models import AdmissionsSettings, Closure
from content import roles
from tests.factories import make_office_hours

pytestmark = pytest.mark.django_db

ADD = "/admin/admissions/admissionssettings/add/"
CHANGE = f"/admin/admissions/admissionssettings/{AdmissionsSettings.PK}/change/"
LIST = "/admin/admissions/admissionssettings/"
# The Tuesday before Thanksgiving, 9 in the morning at the office.
NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


def posted(**changes: Any) -> dict[str, Any]:
    empty = {f"{prefix}-{name}_FORMS": 0 for prefix in ("closures", "texts") for name in ("TOTAL", "INITIAL")}
    return (
        empty
        | {
            "offers_call_times": "on",
            "call_minutes": 30,
            "calls_at_once": 1,
            "notice_minutes": 120,
            "days_ahead": 7,
            "keeps_holidays": "on",
            "holidays_of": "MA",
        }
        | changes
    )


@pytest.fixture
def manager() -> Client:
    user = User.objects.create_user("manager", password="a long enough password", is_staff=True)
    user.groups.add(Group.objects.get(name="Site manager"))
    client = Client()
    client.force_login(user)
    return client


def test_a_site_manager_sets_them_once_and_then_changes_them(manager: Client) -> None:
    assert manager.get(LIST)["Location"] == ADD
    closure = {"closures-TOTAL_FORMS": 1, "closures-0-first_on": "2026-12-24", "closures-0-last_on": "2026-12-31"}
    assert manager.post(ADD, posted(**closure)).status_code == 302
    assert AdmissionsSettings.objects.get().holidays_of == "MA"
    assert Closure.objects.get().last_on == date(2026, 12, 31)
    assert manager.get(LIST)["Location"] == CHANGE
    assert manager.get(ADD).status_code == 403
    assert manager.get(CHANGE).status_code == 200
    assert manager.post(reverse("admin:admissions_admissionssettings_delete", args=[1])).status_code == 403


@pytest.mark.parametrize("role", sorted(roles.ROLES.keys() - {"Site manager"}))
def test_nobody_else_of_the_editors_desk_may(role: str) -> None:
    user = User.objects.create_user("other", password="a long enough password", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    assert client.get(LIST).status_code == client.get(ADD).status_code == client.post(ADD, posted()).status_code == 403


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"holidays_of": "XX"}, "“XX” is not a state whose holidays we know."),
        ({"call_minutes": 5}, "greater than or equal to 10"),
        ({"calls_at_once": 0}, "greater than or equal to 1"),
        ({"days_ahead": 99}, "less than or equal to 31"),
        (
            {"closures-TOTAL_FORMS": 1, "closures-0-first_on": "2026-12-31", "closures-0-last_on": "2026-12-24"},
            "The last day must not be before the first.",
        ),
        ({"closures-TOTAL_FORMS": 1, "closures-0-first_on": "soon"}, "Enter a valid date."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(manager: Client, changes: dict[str, Any], sentence: str) -> None:
    response = manager.post(ADD, posted(**changes))
    assert response.status_code == 200
    assert sentence in response.text
    assert not AdmissionsSettings.objects.exists()


@time_machine.travel(NOW, tick=False)
def test_staff_see_the_next_times_and_the_next_days_off(manager: Client) -> None:
    make_office_hours()
    AdmissionsSettings.objects.create(pk=AdmissionsSettings.PK, call_minutes=60, days_ahead=6, holidays_of="MA")
    text = " ".join(manager.get(CHANGE).text.replace("\u00a0", " ").split())
    assert "Tuesday, November 24</dt> <dd>11 a.m., noon, 1 p.m., 2 p.m., 3 p.m., 4 p.m.</dd>" in text
    # Three days are shown; Thanksgiving is none of them.
    assert "Friday, November 27</dt>" in text
    assert "Monday, November 30</dt>" not in text
    assert "… and 8 more." in text
    assert 'Thu, Nov 26, 2026</span> <span lang="en">Thanksgiving Day' in text
    assert 'Mon, Apr 19, 2027</span> <span lang="en">Patriots\' Day' in text.replace("&#x27;", "'")


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("fields", "has_hours", "sentence"),
    [
        ({}, False, "the office has no hours yet"),
        ({"offers_call_times": False}, True, "visitors are not asked for a time"),
        ({"days_ahead": 1, "notice_minutes": 10_080}, True, "there is no free time within the days ahead"),
    ],
)
def test_where_there_is_no_time_the_page_says_why(
    manager: Client, fields: dict[str, Any], has_hours: bool, sentence: str
) -> None:
    if has_hours:
        make_office_hours()
    AdmissionsSettings.objects.create(pk=AdmissionsSettings.PK, keeps_holidays=False, **fields)
    text = manager.get(CHANGE).text
    assert sentence in text
    assert "No holidays." in text
