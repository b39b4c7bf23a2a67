"""What people type and which pages of the sample program they get, first ones first: on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from content import sample_program
from tests.content.searching import marked, search, shown, slugs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample")]


@pytest.fixture(scope="module")
def sample(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        list(sample_program.load())
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("scedule", ["schedule"]),
        ("teen school", ["teens", "work-and-school"]),
        ("do you take aetna", ["cost-and-insurance"]),
        ("cigna", ["cost-and-insurance"]),
        ("blue cross", ["cost-and-insurance"]),
        ("kaiser", ["cost-and-insurance"]),
        ("is medicare ok", ["cost-and-insurance"]),
        ("parking", ["getting-here"]),
        ("address", ["getting-here"]),
        ("where are you", ["first-day", "getting-here", "what-happens-next"]),
        ("transportation", ["getting-here"]),
        ("bus", ["getting-here"]),
        ("childcare", ["family", "virtual"]),
        ("rehab", ["conditions", "levels-of-care"]),
        ("anorexia", ["conditions"]),
        ("eating disorder", ["conditions"]),
        ("adhd", ["conditions"]),
        ("espanol", ["how-to-choose"]),
        ("my husband hits me", ["for-someone-i-love"]),
        ("abuse", ["for-someone-i-love"]),
        ("violence", ["for-someone-i-love"]),
    ],
)
def test_these_come_first(typed: str, first: list[str]) -> None:
    assert sorted(slugs(typed)[: len(first)]) == first


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("licencia médica", ["trabajo-y-escuela"]),
        ("que llevar", ["primer-dia"]),
        ("medicaid", ["costos-y-seguro"]),
        ("aceptan aetna", ["costos-y-seguro"]),
        ("estacionamiento", ["como-llegar"]),
        ("dónde están", ["como-llegar", "primer-dia", "que-pasa-despues"]),
        ("transporte", ["como-llegar"]),
        ("guardería", ["iop-virtual", "la-familia"]),
        ("rehabilitación", ["niveles-de-atencion", "que-tratamos"]),
        ("anorexia", ["que-tratamos"]),
        ("mi esposo me pega", ["para-un-ser-querido"]),
        ("violencia", ["para-un-ser-querido"]),
    ],
)
def test_these_come_first_in_spanish(typed: str, first: list[str]) -> None:
    assert sorted(slugs(typed, "es")[: len(first)]) == first


def test_common_words_beside_an_unknown_one_find_nothing() -> None:
    assert slugs("do you take xqzvw") == []


@pytest.mark.parametrize(("typed", "language"), [("medicaid", "es"), ("kaiser", "en"), ("adhd", "en"), ("rehab", "en")])
def test_a_word_that_search_knows_is_not_taken_for_another(typed: str, language: str) -> None:
    assert search(typed, language).meant == []


def test_who_is_hit_is_shown_the_line_on_violence() -> None:
    result = shown("my husband hits me")
    assert result.path == "/for-someone-i-love/"
    assert "hurt" in result.heading
    assert "[Violence]" in marked(result.excerpt)
