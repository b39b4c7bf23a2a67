from __future__ import annotations

import math
from typing import Any

import pytest
from crispy_forms.utils import render_crispy_form

from admissions.fields import Telephone
from admissions.forms import EnquiryForm
from content import published
from content.models import LevelOfCare
from tests.factories import cleaned_enquiry, enquiry_data, make_level_of_care

pytestmark = pytest.mark.django_db

OTHER = {"other_name": "Robin", "other_telephone": "(617) 555-0199"}
ONE_LINE_FIELDS = ["name", "telephone", "email", "insurer"]


def errors(**changes: Any) -> dict[str, list[str]]:
    return dict(EnquiryForm(enquiry_data(**changes)).errors)


def test_a_form_that_is_filled_in_well_has_no_errors() -> None:
    assert errors() == {}


def test_it_never_asks_for_what_it_does_not_need() -> None:
    page = " ".join([str(EnquiryForm()["name"]), *(str(field.label).lower() for field in EnquiryForm())])
    for word in ("diagnos", "member", "social security", "ssn", "birth"):
        assert word not in page


# --- What is required -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["writing_as", "name", "preferred_contact", "age_band", "state"])
def test_what_is_required_says_how_to_mend_it(field: str) -> None:
    assert errors(**{field: ""})[field][0].startswith("Please ")


@pytest.mark.parametrize(
    "field", ["best_times", "say_who", "call_time", "in_danger", "consent", "level_of_care", "insurer", "message"]
)
def test_what_is_optional_may_be_left_empty(field: str) -> None:
    assert errors(**{field: ""}) == {}


@pytest.mark.parametrize(
    "field",
    ["writing_as", "preferred_contact", "safe_contact", "best_times", "age_band", "state", "level_of_care"],
)
def test_a_choice_that_was_not_offered_is_refused(field: str) -> None:
    assert list(errors(**{field: "made-up\x00"})) == [field]


# --- One line, readable, not too long -------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ONE_LINE_FIELDS)
@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_a_line_break_in_a_one_line_field_is_refused(field: str, line_break: str) -> None:
    assert errors(**{field: f"one{line_break}two"})[field] == ["Please write this on one line."]


@pytest.mark.parametrize("field", [*ONE_LINE_FIELDS, "message"])
@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x9b", "\ud800"])
def test_a_control_character_is_refused(field: str, character: str) -> None:
    assert "cannot read" in errors(**{field: f"one{character}two"})[field][0]


@pytest.mark.parametrize(("field", "limit"), [("name", 120), ("insurer", 120), ("email", 254), ("message", 2000)])
def test_too_long_a_text_says_by_how_much(field: str, limit: int) -> None:
    text = "x" * (limit + 1 - len("@example.org")) + "@example.org"
    assert f"Please shorten this to {limit} characters. It has {limit + 1} now." in errors(**{field: text})[field]


def test_the_page_lets_people_paste_more_than_fits_instead_of_cutting_it() -> None:
    form = EnquiryForm()
    assert not any("maxlength" in str(form[name]) for name in form.fields)


def test_every_kind_of_line_break_in_a_message_counts_as_one_character() -> None:
    assert cleaned_enquiry(message="a\r\nb\rc\u2028d\ve")["message"] == "a\nb\nc\nd\ne"
    assert errors(message="x\r\n" * 999 + "yz") == {}


def test_surrounding_spaces_are_dropped() -> None:
    assert cleaned_enquiry(name="  Alex \t")["name"] == "Alex"


def test_names_from_everywhere_are_kept_as_they_are() -> None:
    name = "Ñandú O’Brien-Łukasz 李小龍 مريم 👩‍👧"
    assert cleaned_enquiry(name=name)["name"] == name


@pytest.mark.parametrize("name", ["\u200b", "\u2060\u00ad", "\ufeff \u200d", "\u3164", "\u2800", "\u0301"])
def test_a_name_of_invisible_characters_is_refused(name: str) -> None:
    assert "only invisible characters" in errors(name=name)["name"][0]
    assert "only invisible characters" in errors(insurer=name)["insurer"][0]


def test_marks_that_turn_the_direction_of_text_are_left_out() -> None:
    assert errors(name="\u202e\u2066")["name"] == ["Please write the name we should ask for."]
    form = cleaned_enquiry(name="\u202eAlex\u2069 \u202c", telephone="\u202a(617) 555-0123\u202c", insurer="\u2067שלום")
    assert (form["name"], form["telephone"].e164, form["insurer"]) == ("Alex", "+16175550123", "שלום")
    assert cleaned_enquiry(name="مريم לוי")["name"] == "مريم לוי"


# --- Telephone and e-mail -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "telephone"),
    [
        ("6175550123", Telephone("+16175550123")),
        ("(617) 555-0123", Telephone("+16175550123")),
        ("1-617-555-0123", Telephone("+16175550123")),
        ("+1 617.555.0123", Telephone("+16175550123")),
        ("617 555 0123 ext. 12", Telephone("+16175550123", "12")),
        ("+44 20 7946 0958", Telephone("+442079460958")),
        ("", Telephone()),
    ],
)
def test_a_telephone_number_is_read_as_people_write_it(typed: str, telephone: Telephone) -> None:
    assert cleaned_enquiry(telephone=typed, preferred_contact="email", safe_contact=["email"])["telephone"] == telephone


@pytest.mark.parametrize(
    "typed",
    [
        "12",
        "555-0123",
        "911",
        "(000) 000-0000",
        "(117) 555-0123",
        "(911) 555-0123",
        "(617) 155-0123",
        "(617) 911-0123",
        "+999 123456",
        "555-0123 x12",
        "9" * 60,
    ],
)
def test_a_telephone_number_that_cannot_be_right_is_refused_with_an_example(typed: str) -> None:
    assert "such as (617) 555-0142" in errors(telephone=typed)["telephone"][0]


@pytest.mark.parametrize(
    "typed",
    [
        "617-555-0123 or 617-555-0124",
        "617-555-0123 / 617-555-0124",
        "617-555-0123, 617-555-0124",
        "617-555-0123 617-555-0124",
        "617-555-0123 after five",
        "call me",
    ],
)
def test_two_numbers_or_words_are_refused_for_that_reason(typed: str) -> None:
    assert "one telephone number and nothing else" in errors(telephone=typed)["telephone"][0]


@pytest.mark.parametrize("typed", ["alex", "alex@", "@example.org", "alex@example", "a b@example.org"])
def test_an_email_address_that_cannot_be_right_is_refused_with_an_example(typed: str) -> None:
    assert "such as name@example.org" in errors(email=typed)["email"][0]


def test_an_email_address_of_254_characters_is_taken() -> None:
    address = f"alex@{'.'.join(['x' * 60] * 4)}.org"
    address = address[: 254 - 4 - len(".org")] + "x" * 4 + ".org"
    assert len(address) == 254
    assert errors(email=address) == {}


# --- What must fit together -----------------------------------------------------------------------------------------


def test_one_way_to_answer_is_needed() -> None:
    assert "a telephone number or an e-mail address" in errors(telephone="", email="")["telephone"][0]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"preferred_contact": "call", "telephone": ""}, "telephone"),
        ({"preferred_contact": "text", "telephone": "", "safe_contact": ["text"]}, "telephone"),
        ({"preferred_contact": "email", "email": "", "safe_contact": ["email"]}, "email"),
        ({"preferred_contact": "text", "safe_contact": ["voicemail", "email"]}, "safe_contact"),
        ({"preferred_contact": "email", "safe_contact": ["voicemail", "text"]}, "safe_contact"),
    ],
)
def test_the_preferred_way_must_be_given_and_safe(changes: dict[str, Any], field: str) -> None:
    assert list(errors(**changes)) == [field]


BY_EMAIL = {"preferred_contact": "email", "safe_contact": ["email"]}
AT_3 = {"call_time": "2026-11-25T20:00Z"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"telephone": ""}, "telephone"),
        ({}, "safe_contact"),
        ({"safe_contact": ["voicemail", "email"]}, "safe_contact"),
    ],
)
def test_who_chooses_a_time_for_a_call_can_be_called_safely(changes: dict[str, Any], field: str) -> None:
    assert list(errors(**BY_EMAIL | AT_3 | changes)) == [field]
    assert errors(**BY_EMAIL | changes) == {}


def test_the_call_may_be_one_to_somebody_else() -> None:
    assert errors(**BY_EMAIL | AT_3, telephone="", **OTHER) == {}
    assert list(errors(**BY_EMAIL | AT_3, best_times=["morning"], **OTHER)) == ["call_time"]


def test_who_names_somebody_else_need_not_say_how_to_be_reached_first() -> None:
    assert cleaned_enquiry(preferred_contact="", **OTHER)["preferred_contact"] == ""
    assert list(errors(preferred_contact="made up", **OTHER)) == ["preferred_contact"]
    assert list(errors(preferred_contact="", email="no address", **OTHER)) == ["email"]


def test_a_telephone_number_with_a_mistake_is_reported_once() -> None:
    assert list(errors(telephone="12")) == ["telephone"]


def test_nothing_is_safe_unless_it_was_ticked() -> None:
    assert cleaned_enquiry(safe_contact=[], **OTHER)["safe_contact"] == []


def test_any_time_means_any_time() -> None:
    assert cleaned_enquiry(best_times=["morning", "any"])["best_times"] == ["any"]


def test_only_levels_of_care_that_accept_enquiries_are_offered() -> None:
    offered, closed = make_level_of_care(), make_level_of_care(is_accepting=False)
    make_level_of_care(is_offered=False)
    assert dict(EnquiryForm().fields["level_of_care"].choices) == {"": "Not sure yet", str(offered.pk): offered.name}
    assert "cannot take anyone new for this" in errors(level_of_care=closed.pk)["level_of_care"][0]
    assert cleaned_enquiry(level_of_care=offered.pk)["level_of_care"] == offered
    assert cleaned_enquiry(level_of_care="")["level_of_care"] is None


def test_each_form_keeps_the_levels_of_care_that_it_began_with() -> None:
    level = make_level_of_care()
    data = enquiry_data(level_of_care=str(level.pk))
    before = EnquiryForm(data)
    level.delete()
    after = EnquiryForm(data)
    assert before.is_valid()
    assert list(after.errors) == ["level_of_care"]


def test_forms_that_are_shown_leave_no_trace_in_those_that_follow() -> None:
    def shown(**changes: Any) -> str:
        return render_crispy_form(EnquiryForm(enquiry_data(**changes)))

    first, wrong = shown(), shown(name="", state="made-up", best_times=["made-up"])
    other = shown(telephone="911", writing_as="", safe_contact=["made-up"])
    assert shown() == first
    assert shown(name="", state="made-up", best_times=["made-up"]) == wrong
    assert len({first, wrong, other}) == 3


@pytest.mark.parametrize(
    ("ages", "age_band", "is_refused"),
    [
        (LevelOfCare.Ages.TEENS, "teen", False),
        (LevelOfCare.Ages.TEENS, "adult", True),
        (LevelOfCare.Ages.ADULTS, "adult", False),
        (LevelOfCare.Ages.ADULTS, "teen", True),
        (LevelOfCare.Ages.ALL, "teen", False),
        (LevelOfCare.Ages.ALL, "adult", False),
    ],
)
def test_a_level_of_care_for_another_age_is_refused(ages: str, age_band: str, is_refused: bool) -> None:
    level = make_level_of_care(ages=ages)
    assert ("level_of_care" in errors(level_of_care=level.pk, age_band=age_band)) is is_refused


def test_a_form_costs_no_query_once_its_moment_is_known(django_assert_num_queries) -> None:
    for _ in range(10):
        make_level_of_care()
    with published.reading(published.Moment("one", until=math.inf)):
        assert EnquiryForm(enquiry_data()).is_valid()
        with django_assert_num_queries(0):
            form = EnquiryForm(enquiry_data())
            assert form.is_valid()
            str(form["level_of_care"])


# --- The time of a call ----------------------------------------------------------------------------------------------

# Noon and 4 p.m. in New York, in winter
NOON, FOUR = "2027-03-01T17:00Z", "2027-03-01T21:00Z"


@pytest.mark.parametrize(
    ("call_time", "best_times", "is_refused"),
    [
        (FOUR, ["afternoon"], False),
        (NOON, ["afternoon"], True),
        (NOON, ["afternoon", "midday"], False),
        (NOON, [], False),
        (NOON, ["any"], False),
        ("", ["morning"], False),
    ],
)
def test_a_call_is_asked_for_within_the_hours_that_are_safe(
    call_time: str, best_times: list[str], is_refused: bool
) -> None:
    assert ("call_time" in errors(call_time=call_time, best_times=best_times)) is is_refused


@pytest.mark.parametrize("call_time", ["tomorrow", "2027-03-01", "\x00"])
def test_what_is_no_time_is_refused(call_time: str) -> None:
    assert "call_time" in errors(call_time=call_time)
