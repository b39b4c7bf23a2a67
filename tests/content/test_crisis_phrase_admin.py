"""The words of crisis as data that site managers edit: where they begin, and what card and form do with them."""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from content import published
from content.models import CrisisPhrase
from content.published import facts
from content.searching import crisis
from content.searching.words import crisis_phrases, written_crisis_phrases
from tests.content.factories import make_live_page
from tests.factories import make_enquiry

pytestmark = pytest.mark.django_db

LIST, ADD = reverse("admin:content_crisisphrase_changelist"), reverse("admin:content_crisisphrase_add")


@pytest.fixture
def manager() -> Client:
    user = User.objects.create_user("manager", is_staff=True)
    user.groups.add(Group.objects.get(name="Site manager"))
    client = Client()
    client.force_login(user)
    return client


def data(**changes: Any) -> dict[str, Any]:
    return {"phrase": "purple town", "language": "en", "is_active": "on"} | changes


# --- Where they begin -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", dict(settings.LANGUAGES))
def test_the_lists_begin_with_what_the_software_brings(language: str) -> None:
    phrases = CrisisPhrase.objects.filter(language=language, is_active=True).values_list("phrase", flat=True)
    assert sorted(phrases) == sorted(written_crisis_phrases(language))
    assert len(phrases) > 100
    assert {name: set(listed) for name, listed in crisis._lists().phrases.items()} == {
        name: set(listed) for name, listed in crisis_phrases().items()
    }


def test_seeding_again_leaves_what_staff_have_made_of_them() -> None:
    count = CrisisPhrase.objects.count()
    CrisisPhrase.objects.filter(phrase="hopeless").update(is_active=False)
    migration = importlib.import_module("content.migrations.0010_words_of_crisis")
    migration.seed(apps, SimpleNamespace(connection=connection))
    assert not CrisisPhrase.objects.get(phrase="hopeless").is_active
    assert CrisisPhrase.objects.count() == count


# --- What is made of them -------------------------------------------------------------------------------------------


def test_a_phrase_that_staff_add_shows_the_card_and_makes_an_enquiry_urgent(manager: Client) -> None:
    typed = "We are in Pürple  Town!"
    assert crisis.card(typed, "en") is None
    assert not make_enquiry(message=typed).is_urgent
    manager.post(ADD, data())
    assert (crisis.card(typed, "es") or {})["language"] == "en"
    assert make_enquiry(message=typed).is_urgent


def test_a_phrase_that_is_switched_off_does_not_and_all_others_still_do(manager: Client) -> None:
    phrase = CrisisPhrase.objects.get(phrase="hopeless")
    change = reverse("admin:content_crisisphrase_change", args=[phrase.pk])
    assert manager.post(change, {"phrase": "hopeless", "language": "en"}).status_code == 302
    assert not crisis.is_in("it is hopeless")
    assert crisis.is_in("suicide")


def test_with_all_of_a_language_switched_off_the_other_still_has_its_own() -> None:
    CrisisPhrase.objects.filter(language="en").update(is_active=False)
    assert not crisis.is_in("hopeless")
    assert crisis.is_in("quiero morir")


def test_an_empty_list_is_the_one_that_the_software_brings() -> None:
    CrisisPhrase.objects.all().delete()
    assert crisis.is_in("hopeless")
    CrisisPhrase.objects.create(language="es", phrase="pueblo morado")
    assert crisis.is_in("hopeless")
    assert crisis.is_in("un pueblo morado")
    assert not crisis.is_in("quiero morir")


def test_while_nobody_knows_the_list_the_one_that_the_software_brings_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not a moment longer: once the database answers, staff's holds again."""
    CrisisPhrase.objects.create(phrase="purple town")
    with published.reading(published.Moment("a", 1e12)):
        with monkeypatch.context() as patch:
            patch.setattr(facts, "_read", _away)
            assert crisis.is_in("suicide")
            assert not crisis.is_in("purple town")
        assert crisis.is_in("purple town")


def _away(model: Any) -> Any:
    raise OperationalError


def test_within_a_moment_nothing_is_asked_or_computed_twice(django_assert_num_queries: Any) -> None:
    with published.reading(published.Moment("a", 1e12)):
        crisis.is_in("hopeless")
        lists = crisis._lists()
        with django_assert_num_queries(0):
            crisis.is_in("hopeless")
            crisis.card("hopeless", "es")
        assert crisis._lists() is lists


def test_a_language_without_a_card_has_no_words_of_crisis(manager: Client) -> None:
    CrisisPhrase.objects.create(language="fr", phrase="au secours")
    assert crisis.card("au secours", "fr") is None
    assert "Select a valid choice" in manager.post(ADD, data(language="fr")).text


# --- Editing them ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"phrase": ""}, "This field is required."),
        ({"phrase": "no"}, "at least three letters"),
        ({"phrase": "… ! ?"}, "at least three letters"),
        ({"phrase": "about"}, "almost every sentence"),
        ({"phrase": "  SUICÍDE!  "}, "“suicide” is in the list already"),
        ({"phrase": "x" * 81}, "at most 80 characters"),
        ({"language": "xx"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(manager: Client, changes: dict[str, str], sentence: str) -> None:
    count = CrisisPhrase.objects.count()
    response = manager.post(ADD, data(**changes))
    assert response.status_code == 200
    assert sentence in response.text
    assert CrisisPhrase.objects.count() == count


def test_letters_that_stand_for_many_are_stored(manager: Client) -> None:
    assert manager.post(ADD, data(phrase="ﷺ " * 39 + "ﷺ")).status_code == 302


def test_the_same_words_may_be_in_both_languages(manager: Client) -> None:
    assert manager.post(ADD, data(phrase="Hopeless", language="es")).status_code == 302


def test_a_phrase_can_be_found_without_its_accents_and_by_language(manager: Client) -> None:
    CrisisPhrase.objects.create(language="es", phrase="señal morada")
    found = manager.get(LIST, {"q": "senal"}).context["cl"].result_list
    assert [phrase.phrase for phrase in found] == ["señal morada"]
    found = manager.get(LIST, {"language": "es"}).context["cl"].result_list
    assert {phrase.language for phrase in found} == {"es"}


def test_who_adds_what_is_on_many_pages_is_asked_for_a_longer_phrase(manager: Client) -> None:
    for slug in ("first", "second"):
        make_live_page(slug=slug, summary="A short answer about meetings, long enough.")
    page = manager.post(ADD, data(phrase="meeting"), follow=True).text
    assert "“meeting” is on 2 pages of your own" in page
    assert "Is a longer phrase possible?" in page
    page = manager.post(ADD, data(phrase="purple town"), follow=True).text
    assert "of your own" not in page
