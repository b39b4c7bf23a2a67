"""'Which level of care?': every way through the questions is walked."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest
from django.db import OperationalError
from django.test import Client

from content.models import LevelOfCare
from content.wayfinding import answers
from content.wayfinding.questions import ABOUT, QUESTIONS, RULES
from tests.content.factories import make_site_settings
from tests.factories import make_level_of_care

Kind = LevelOfCare.Kind
# vIOP has the hours of an IOP: neither more care nor less.
AMOUNT = {Kind.OUTPATIENT: 0, Kind.IOP: 1, Kind.VIOP: 1, Kind.PHP: 2, Kind.RESIDENTIAL: 3}
BY_NAME = {question.name: question for question in QUESTIONS}
# Their options stand from most need to least.
NEEDS = ("days", "hospital", "therapy")
IOP_CODE = "3-1-1-3-2-1-1"


def all_codes(code: str = "") -> Iterator[str]:
    """Every code that can be reached by the links, those of questions on the way included."""
    yield code
    given = answers.read(code)
    question = answers.next_question(answers.chosen(given))
    if question is None or any(answer.option.is_danger for answer in given):
        return
    for number in range(1, len(question.options) + 1):
        yield from all_codes(f"{code}-{number}" if code else str(number))


CODES = list(all_codes())
ENDS = [code for code in CODES if answers.next_question(answers.chosen(answers.read(code))) is None]


def need_of(options: tuple[str, ...]) -> dict[str, str]:
    return dict(zip(NEEDS, options, strict=True))


class TestAllAnswers:
    def test_there_are_many_ways_and_each_ends(self) -> None:
        assert len(ENDS) > 20
        assert {answers.outcome(answers.chosen(answers.read(code))).level for code in ENDS} == set(Kind)

    def test_no_answer_that_means_danger_reaches_an_explanation(self) -> None:
        dangers = [code for code in CODES if any(answer.option.is_danger for answer in answers.read(code))]
        assert len(dangers) >= 3
        assert not set(dangers) & set(ENDS)
        for code in dangers:
            # Whatever is written after it.
            assert answers.read(f"{code}-1-1-1-1-1-1-1-1")[-1].option.is_danger

    @pytest.mark.parametrize("name", ["danger", "night"])
    def test_only_a_plain_answer_passes_the_questions_about_safety(self, name: str) -> None:
        *doubtful, safe = sorted(BY_NAME[name].options, key=lambda option: not option.is_danger)
        assert safe.is_danger is False
        assert all(option.is_danger for option in doubtful)
        for code in ENDS:
            assert answers.chosen(answers.read(code))[name] == safe.name

    def test_more_need_never_gets_less_care(self) -> None:
        options = {name: [option.name for option in BY_NAME[name].options] for name in NEEDS}
        needs = list(itertools.product(*options.values()))
        compared = 0
        for more, less in itertools.product(needs, needs):
            if all(options[name].index(more[i]) <= options[name].index(less[i]) for i, name in enumerate(NEEDS)):
                for place in ("yes", "no"):
                    levels = [answers.outcome(need_of(need) | {"place": place}).level for need in (more, less)]
                    assert AMOUNT[levels[0]] >= AMOUNT[levels[1]], (more, less)
                compared += more != less
        assert compared > 100

    def test_a_question_that_is_left_out_would_change_nothing(self) -> None:
        for code in ENDS:
            chosen = answers.chosen(answers.read(code))
            found = answers.outcome(chosen).level
            missing = [BY_NAME[name] for name in NEEDS if name not in chosen]
            for options in itertools.product(*(question.options for question in missing)):
                further = {question.name: option.name for question, option in zip(missing, options, strict=True)}
                assert answers.outcome(chosen | further).level == found

    def test_each_rule_is_used_and_each_level_is_explained(self) -> None:
        reasons = {str(answers.outcome(answers.chosen(answers.read(code))).why[0]) for code in ENDS}
        assert reasons == {str(rule.why) for rule in RULES}
        assert set(ABOUT) == set(Kind)


@pytest.mark.django_db
class TestPages:
    def test_the_links_of_every_question_lead_on_back_or_to_the_crisis_page(self, client: Client) -> None:
        make_site_settings()
        make_level_of_care(kind=Kind.IOP)
        shown = set()
        for code in CODES:
            given = answers.read(code)
            question = answers.next_question(answers.chosen(given))
            name = question.name if question else ""
            if any(answer.option.is_danger for answer in given) or name in shown:
                continue
            shown.add(name)
            options = [
                f"{code}-{number}".strip("-")
                for number, option in enumerate(question.options if question else (), start=1)
                if not option.is_danger
            ]
            before = given[-1:] if question else given
            text = client.get("/which-level/", {"a": code} if code else {}).text.partition("<main")[2]
            found = re.findall(r'href="/which-level/(?:\?a=)?([^"]*)"', text)
            assert sorted(found) == sorted(options + [answer.before for answer in before] + ([] if question else [""]))
        assert shown == {*BY_NAME, ""}

    def test_danger_is_a_link_to_the_crisis_page_and_never_in_an_address(self, client: Client) -> None:
        text = client.get("/which-level/").text
        assert text.count('<li><a href="/crisis/">') == 2
        assert "?a=1" not in text
        assert "?a=2" not in text

    @pytest.mark.parametrize("code", ["1", "2", "3-1-2", "1-9-x", f"3-2-2-{'1-' * 9}"])
    def test_danger_in_an_address_leads_to_the_crisis_page(self, client: Client, code: str) -> None:
        response = client.get("/which-level/", {"a": code})
        assert response.status_code == 302
        assert response["Location"] == "/crisis/"
        assert response["Cache-Control"] == "no-store"

    @pytest.mark.parametrize(
        "query",
        ["a=9", "a=x", "a=-", "a=3-", "a=3--1", "a=%01", "a=3-1-1-1-1", "a=" + "3-" * 5000, "a=٣", "a=03", "a=%FF"],
    )
    def test_an_address_that_is_not_understood_starts_again(self, client: Client, query: str) -> None:
        response = client.get(f"/which-level/?{query}")
        assert response.status_code == 200
        assert "We could not read the answers" in response.text
        assert "Is anyone in danger now" in response.text

    def test_a_plain_start_says_nothing_of_that(self, client: Client) -> None:
        assert "We could not read" not in client.get("/which-level/?b=1").text

    def test_it_explains_with_the_levels_of_the_program(self, client: Client) -> None:
        make_level_of_care(kind=Kind.IOP, name="Our adult IOP", ages="adults", is_accepting=False)
        make_level_of_care(kind=Kind.IOP, name="Our teen IOP", ages="teens")
        make_level_of_care(kind=Kind.PHP, name="Our PHP", ages="all")
        make_level_of_care(kind="", name="Nowhere on the ladder", ages="all")
        text = client.get("/which-level/", {"a": IOP_CODE}).text
        assert "Only a clinician can tell" in text
        assert "Our adult IOP" in text
        assert "We are not taking new people" in text
        assert "Our PHP" in text
        assert "Our teen IOP" not in text
        assert "Nowhere" not in text
        assert "Weekly outpatient therapy" not in text
        assert "Our teen IOP" in client.get("/which-level/", {"a": "3-2-1-3-2-1-1"}).text

    def test_a_level_that_it_only_describes_is_no_waiting_list(self, client: Client) -> None:
        make_level_of_care(kind=Kind.IOP, name="IOP elsewhere", is_offered=False)
        text = client.get("/which-level/", {"a": IOP_CODE}).text
        assert "We do not run this level" in text
        assert "taking new people" not in text

    def test_no_title_tells_what_is_asked_or_answered(self, client: Client) -> None:
        """A browser keeps titles with addresses."""
        titles = [
            re.findall("<title>(.*?) – ", client.get("/which-level/", query).text)
            for query in ({}, {"a": "3"}, {"a": IOP_CODE})
        ]
        assert titles == [
            ["Which level of care?"],
            ["Question 2: Which level of care?"],
            ["Where a first talk often begins"],
        ]

    def test_a_level_that_the_program_has_not_is_named_all_the_same(self, client: Client) -> None:
        make_level_of_care(kind=Kind.IOP, name="Our IOP")
        text = client.get("/which-level/", {"a": "3-1-1-1"}).text
        assert "talk first about: Residential treatment" in text
        assert "not among our own programs" in text

    def test_answers_can_be_changed_and_taken_back(self, client: Client) -> None:
        text = client.get("/which-level/", {"a": IOP_CODE}).text
        assert 'href="/which-level/?a=3-1-1" aria-label="Change: Days"' in text
        assert 'href="/which-level/" aria-label="Change: Danger"' in text
        assert 'href="/which-level/?a=3">Back' in client.get("/which-level/", {"a": "3-1"}).text

    def test_it_explains_while_the_database_is_away(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        def away(*args: object) -> None:
            raise OperationalError

        monkeypatch.setattr("content.published.levels_of_care", away)
        response = client.get("/which-level/", {"a": IOP_CODE})
        assert response.status_code == 200
        assert "We cannot show our own programs just now" in response.text

    @pytest.mark.parametrize("query", ["?a=3-1", f"?a={IOP_CODE}", "?a=x"])
    def test_answers_are_for_no_search_engine_cache_or_other_site(self, client: Client, query: str) -> None:
        response = client.get(f"/which-level/{query}")
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response.text
        assert not response.cookies
