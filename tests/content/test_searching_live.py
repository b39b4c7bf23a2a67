"""What search finds follows what is live at that moment, and the levels of care as they are set now."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from content import publishing, trash
from content.models import LevelsTable, LevelText, SearchEntry
from tests.content.factories import add_block, make_page
from tests.content.searching import marked, page_saying, shown, slugs
from tests.factories import make_level_of_care

pytestmark = pytest.mark.django_db


# --- What is live now ------------------------------------------------------------------------------------------------


def test_a_draft_is_not_found() -> None:
    make_page(title="Marmalade")
    assert slugs("marmalade") == []


def test_a_change_is_found_from_the_moment_at_which_it_is_live() -> None:
    page = page_saying(slug="here", title="Marmalade")
    page.title = "Lantern"
    page.save()
    tomorrow = timezone.now() + timedelta(days=1)
    publishing.publish(page=page, by=None, starts_at=tomorrow)
    assert slugs("marmalade") == ["here"]
    assert slugs("lantern") == []
    with time_machine.travel(tomorrow + timedelta(seconds=1)):
        assert slugs("marmalade") == []
        assert slugs("lantern") == ["here"]


def test_nothing_is_found_after_its_end() -> None:
    page = make_page(title="Marmalade", slug="here")
    end = timezone.now() + timedelta(days=1)
    publishing.publish(page=page, by=None, ends_at=end)
    assert slugs("marmalade") == ["here"]
    with time_machine.travel(end):
        assert slugs("marmalade") == []


def test_what_was_replaced_is_out_of_the_index() -> None:
    page = page_saying(title="Marmalade")
    page.title = "Lantern"
    page.save()
    publishing.publish(page=page, by=None)
    assert slugs("marmalade") == []
    assert [entry.version.number for entry in SearchEntry.objects.filter(version__page=page)] == [2]


def test_a_page_in_the_trash_is_not_found_and_again_once_it_is_published() -> None:
    page = page_saying(title="Marmalade", slug="here")
    trash.delete(page=page, by=None)
    assert slugs("marmalade") == []
    trash.bring_back(page=page)
    assert slugs("marmalade") == []
    publishing.publish(page=page, by=None)
    assert slugs("marmalade") == ["here"]


def test_what_is_not_published_in_the_end_is_not_in_the_index_either() -> None:
    page = make_page(title="Marmalade")
    point = transaction.savepoint()
    publishing.publish(page=page, by=None)
    assert SearchEntry.objects.exists()
    transaction.savepoint_rollback(point)
    assert not SearchEntry.objects.exists()


# --- Levels of care --------------------------------------------------------------------------------------------------


def test_a_level_of_care_is_found_in_the_tables_that_show_it_now() -> None:
    for ages in ("adults", "teens"):
        page = make_page(slug=ages, blocks=0)
        add_block(page, LevelsTable, heading="Side by side", ages=ages)
        publishing.publish(page=page, by=None)
    level = make_level_of_care(name="Lantern evenings", short_name="vIOP", ages="teens", suits="Whoever likes light.")
    assert slugs("viop") == slugs("lantern evenings") == ["teens"]
    result = shown("viop")
    assert (result.id, result.heading) == ("side-by-side", "Side by side")
    assert marked(shown("lantern").excerpt) == "[Lantern] evenings: Whoever likes light."
    level.short_name, level.name = "IOP", "Mornings"
    level.save()
    assert slugs("viop") == []


def test_a_level_of_care_is_found_by_its_name_in_the_language_of_the_page() -> None:
    page = make_page(slug="aqui", language="es", blocks=0)
    add_block(page, LevelsTable, heading="Niveles")
    publishing.publish(page=page, by=None)
    level = make_level_of_care(name="Lantern")
    LevelText.objects.create(level=level, language="es", name="Farolito", short_name="F", setting="x", suits="y")
    assert slugs("farolito", "es") == ["aqui"]
