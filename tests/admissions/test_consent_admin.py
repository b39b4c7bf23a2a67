"""What visitors agree to, as site managers see it and write it anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from admissions import consents
from admissions.models import ConsentWording

pytestmark = pytest.mark.django_db

LIST, ADD = (reverse(f"admin:admissions_consentwording_{name}") for name in ("changelist", "add"))
BUILT_IN = "You may call me about my message, also more than once, at the number I have given."


@pytest.fixture
def manager() -> Client:
    user = User.objects.create_user("manager", is_staff=True)
    user.groups.add(Group.objects.get(name="Site manager"))
    client = Client()
    client.force_login(user)
    return client


def make_wording(text: str, *, channel: str = "call", language: str = "en", days_ago: int = 0) -> ConsentWording:
    since_at = timezone.now() - timedelta(days=days_ago)
    return ConsentWording.objects.create(channel=channel, language=language, text=text, since_at=since_at)


def data(**changes: Any) -> dict[str, Any]:
    return {"channel": "call", "language": "en", "text": "You may call me on weekdays."} | changes


def test_before_anybody_wrote_one_the_sites_own_words_are_shown(manager: Client) -> None:
    page = manager.get(LIST).text
    assert BUILT_IN in page
    assert page.count("the site’s own words") == 6
    assert "All versions" not in page


def test_a_new_version_is_asked_at_once_and_the_old_one_stays_listed(manager: Client) -> None:
    make_wording("You may call me, says the old one.", days_ago=3)
    assert manager.post(ADD, data(text="  You may call me\non weekdays. ")).status_code == 302
    assert consents.in_use("en")[0].text == "You may call me on weekdays."
    response = manager.get(LIST)
    assert [(row.text, row.newest == row.pk) for row in response.context["cl"].result_list] == [
        ("You may call me on weekdays.", True),
        ("You may call me, says the old one.", False),
    ]
    now = response.text.partition("All versions")[0]
    assert "You may call me on weekdays." in now
    assert BUILT_IN not in now.partition("Spanish")[0]


def test_one_language_says_nothing_about_the_other(manager: Client) -> None:
    manager.post(ADD, data(language="es", text="Pueden llamarme."))
    assert consents.in_use("es")[0].text == "Pueden llamarme."
    assert consents.in_use("en")[0].text == BUILT_IN


def test_a_new_version_begins_with_the_words_in_use(manager: Client) -> None:
    make_wording("You may text me at noon.", channel="text")
    page = manager.get(f"{ADD}?channel=text&language=en").text
    assert "You may text me at noon.</textarea>" in page
    for query in ("channel=pigeon&language=en", "channel=text&language=xx", "channel=text", "text=injected"):
        page = manager.get(f"{ADD}?{query}")
        assert page.status_code == 200
        assert "injected" not in page.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text": "  \n "}, "This field is required."),
        ({"text": BUILT_IN}, "These are the words that are in use already."),
        ({"language": "xx"}, "Select a valid choice."),
        ({"channel": "pigeon"}, "Select a valid choice."),
        ({"text": "x" * 601}, "at most 600 characters"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(manager: Client, changes: dict[str, str], sentence: str) -> None:
    response = manager.post(ADD, data(**changes))
    assert response.status_code == 200
    assert sentence in response.text
    assert not ConsentWording.objects.exists()


def test_nobody_edits_or_deletes_one(staff_client: Client) -> None:
    wording = make_wording("You may call me.")
    change, delete = (
        reverse(f"admin:admissions_consentwording_{name}", args=[wording.pk]) for name in ("change", "delete")
    )
    assert staff_client.post(change, data(text="Something else.")).status_code == 403
    assert staff_client.post(delete, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [wording.pk], "post": "yes"}
    staff_client.post(LIST, chosen)
    assert ConsentWording.objects.get().text == "You may call me."
    page = staff_client.get(change).text
    assert "You may call me." in page
    assert "<textarea" not in page


def test_the_list_takes_the_same_queries_however_many_there_are(
    manager: Client, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    make_wording("One.")
    with django_assert_max_num_queries(30) as counted:
        manager.get(LIST)
    for number in range(10):
        make_wording(f"Another, number {number}.")
    with django_assert_num_queries(len(counted)):
        manager.get(LIST)
