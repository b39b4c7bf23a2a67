"""The word lists as data that site managers edit, and where they begin."""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.urls import reverse

from content import writing_help
from content.models import RichText, WritingRule
from content.publishing import freeze
from content.writing import RuleKind, default_rows
from tests.content.factories import add_block, make_page

pytestmark = pytest.mark.django_db

LIST, ADD = reverse("admin:content_writingrule_changelist"), reverse("admin:content_writingrule_add")


@pytest.fixture
def manager(client: Client) -> Client:
    user = User.objects.create_user("manager", is_staff=True)
    user.groups.add(Group.objects.get(name="Site manager"))
    client.force_login(user)
    return client


def change_url(rule: WritingRule) -> str:
    return reverse("admin:content_writingrule_change", args=[rule.pk])


def data(**changes: Any) -> dict[str, Any]:
    rule = {
        "kind": "wording",
        "language": "en",
        "phrase": "purple town",
        "suggestion": "a busy town",
        "is_active": "on",
    }
    return rule | changes


def words_found(text: str) -> list[str]:
    page = make_page(blocks=0)
    add_block(page, RichText, body=f"<p>{text}</p>")
    return [finding.message for finding in writing_help.findings_of(freeze(page)) if finding.rule == "wording"]


# --- Where they begin -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", dict(settings.LANGUAGES))
def test_the_lists_begin_with_what_the_software_brings(language: str) -> None:
    rows = WritingRule.objects.filter(language=language, is_active=True).values_list("kind", "phrase", "suggestion")
    assert set(rows) == set(default_rows(language))
    assert len(rows) == len(default_rows(language)) > 100


def test_seeding_again_leaves_what_staff_have_made_of_them() -> None:
    count = WritingRule.objects.count()
    changed = WritingRule.objects.filter(kind=RuleKind.WORDING)[0]
    WritingRule.objects.filter(pk=changed.pk).update(suggestion="our own words", is_active=False)
    migration = importlib.import_module("content.migrations.0003_writing_rules")
    migration.seed(apps, SimpleNamespace(connection=connection))
    changed.refresh_from_db()
    assert (changed.suggestion, changed.is_active) == ("our own words", False)
    assert WritingRule.objects.count() == count


# --- Editing them ---------------------------------------------------------------------------------------------------


def test_a_manager_adds_changes_and_deletes_a_rule(manager: Client) -> None:
    assert words_found("It was purple town.") == []
    assert manager.post(ADD, data()).status_code == 302
    [message] = words_found("It was purple town.")
    assert "a busy town" in message
    rule = WritingRule.objects.get(phrase="purple town")
    manager.post(change_url(rule), data(suggestion="a lively town"))
    assert "a lively town" in words_found("It was purple town.")[0]
    manager.post(reverse("admin:content_writingrule_delete", args=[rule.pk]), {"post": "yes"})
    assert words_found("It was purple town.") == []


def test_a_rule_that_is_switched_off_is_not_used(manager: Client) -> None:
    rule = WritingRule.objects.create(
        language="en", kind=RuleKind.WORDING, phrase="purple town", suggestion="a busy town"
    )
    assert len(words_found("It was purple town.")) == 1
    off = data()
    del off["is_active"]
    manager.post(change_url(rule), off)
    assert words_found("It was purple town.") == []


def test_the_list_is_filtered_and_searched(manager: Client) -> None:
    answer = manager.get(LIST, {"kind__exact": "wording", "language": "en", "q": "suicide"})
    phrases = [rule.phrase for rule in answer.context["cl"].result_list]
    assert "commit* suicide" in phrases
    assert all("suicid" in f"{rule.phrase} {rule.suggestion}" for rule in answer.context["cl"].result_list)
    assert manager.get(LIST, {"language": "es", "q": "commit* suicide"}).context["cl"].result_count == 0


def test_the_list_takes_the_same_queries_whatever_its_length(
    manager: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(10):
        assert manager.get(LIST).context["cl"].result_count > 300


@pytest.mark.parametrize("phrase", ["*", " ", "* *", "x" * 81, "\x00"])
def test_a_phrase_that_cannot_be_meant_is_refused(manager: Client, phrase: str) -> None:
    count = WritingRule.objects.count()
    assert manager.post(ADD, data(phrase=phrase)).status_code == 200
    assert WritingRule.objects.count() == count


def test_a_rule_that_is_there_already_is_refused(manager: Client) -> None:
    manager.post(ADD, data())
    answer = manager.post(ADD, data(phrase="purple   town"))
    assert "already exists" in answer.text
    assert WritingRule.objects.filter(phrase="purple town").count() == 1


def test_an_unknown_language_or_kind_is_refused(manager: Client) -> None:
    assert "Select a valid choice" in manager.post(ADD, data(language="xx")).text
    assert "Select a valid choice" in manager.post(ADD, data(kind="xx")).text


def test_an_editor_does_not_edit_the_lists(client: Client) -> None:
    user = User.objects.create_user("editor", is_staff=True)
    user.groups.add(Group.objects.get(name="Editor"))
    client.force_login(user)
    rule = WritingRule.objects.all()[0]
    for url in (LIST, ADD, change_url(rule), reverse("admin:content_writingrule_delete", args=[rule.pk])):
        assert client.get(url).status_code == 403
        assert client.post(url, data()).status_code == 403
