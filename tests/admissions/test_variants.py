"""The questions follow who writes, on the server: nothing here needs a script."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from admissions.forms import EnquiryForm
from admissions.forms.variants import Variant, variant_of
from admissions.models import AdmissionsSettings, AdmissionsText, Enquiry
from tests.admissions.sending import URL, opened, send, text_of, token_in
from tests.factories import cleaned_enquiry, enquiry_data

pytestmark = pytest.mark.django_db

PROFESSIONAL = {"writing_as": "professional", "organisation": "Example Hospital", "person_knows": "on"}
TEEN = {"writing_as": "self", "age_band": "teen"}


@pytest.mark.parametrize(
    ("writing_as", "age_band", "variant"),
    [
        ("", "", Variant.ABOUT_ANOTHER),
        ("parent", "teen", Variant.ABOUT_ANOTHER),
        ("family", "adult", Variant.ABOUT_ANOTHER),
        ("self", "", Variant.ABOUT_ONESELF),
        ("self", "adult", Variant.ABOUT_ONESELF),
        ("self", "teen", Variant.TEEN),
        ("professional", "teen", Variant.PROFESSIONAL),
        ("made up", "made up", Variant.ABOUT_ANOTHER),
    ],
)
def test_who_writes_decides(writing_as: str, age_band: str, variant: Variant) -> None:
    assert variant_of(writing_as, age_band) is variant


@pytest.mark.parametrize("changes", [{}, TEEN, PROFESSIONAL, {"writing_as": "self", "age_band": "adult"}])
def test_every_variant_can_be_sent(changes: dict[str, Any]) -> None:
    assert send(enquiry_data(**changes)).status_code == 303
    assert opened(Enquiry.objects.get())["writing_as"] == changes.get("writing_as", "parent")


def step(**changes: Any) -> str:
    response = send(enquiry_data(**changes) | {"step": "who"})
    assert response.status_code == 200
    assert not Enquiry.objects.exists()
    return text_of(response)


def test_the_button_shows_the_questions_keeps_what_was_written_and_complains_of_nothing() -> None:
    page = step(writing_as="professional", name="", message="Kept as it was.")
    assert 'name="organisation"' in page
    assert "Kept as it was." in page
    assert "needs your attention" not in page
    assert 'aria-invalid="true"' not in page


def test_the_token_stays_the_same_through_the_step() -> None:
    data = enquiry_data(**TEEN)
    assert token_in(send(data | {"step": "who"})) == data["token"]


def test_one_who_writes_for_themself_is_spoken_to() -> None:
    page = step(writing_as="self", age_band="adult")
    assert "State where you live" in page
    assert "the person seeking care" not in page.lower()


# --- Professionals ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["organisation", "person_knows", "telephone"])
def test_a_professional_names_the_organization_a_line_and_that_the_person_knows(missing: str) -> None:
    form = EnquiryForm(enquiry_data(**PROFESSIONAL) | {missing: ""})
    assert missing in form.errors


def test_a_professional_is_asked_for_it_even_if_the_questions_were_never_shown() -> None:
    response = send(enquiry_data(writing_as="professional"))
    assert response.status_code == 200
    assert "Please write the organization that you write for." in text_of(response)


def test_a_professional_cannot_be_texted_and_is_not_asked_what_is_safe() -> None:
    assert "preferred_contact" in EnquiryForm(enquiry_data(**PROFESSIONAL, preferred_contact="text")).errors
    cleaned = cleaned_enquiry(**PROFESSIONAL, safe_contact=[], consent=["text.0"])
    assert cleaned["safe_contact"] == ["call", "voicemail", "email"]
    assert cleaned["consent"] == []


def test_others_are_not_asked_for_an_organization() -> None:
    assert cleaned_enquiry(organisation="Sent all the same")["organisation"] == ""


# --- Teens -----------------------------------------------------------------------------------------------------------


def test_a_teen_may_ask_to_be_heard_first_where_staff_can_promise_it() -> None:
    assert cleaned_enquiry(**TEEN, parent_knows="ask_first")["parent_knows"] == "ask_first"
    AdmissionsSettings.objects.create(pk=AdmissionsSettings.PK, teens_may_ask_first=False)
    assert "parent_knows" in EnquiryForm(enquiry_data(**TEEN, parent_knows="ask_first")).errors
    assert "before you talk with them" not in step(**TEEN)


def test_a_teen_reads_the_words_that_staff_have_set_in_their_language() -> None:
    assert "It is good that you are writing." in step(**TEEN)
    settings = AdmissionsSettings.objects.create(pk=AdmissionsSettings.PK, teen_wording="Ours <b>alone</b>.")
    AdmissionsText.objects.create(settings=settings, language="es", teen_wording="Las nuestras.")
    page = send(enquiry_data(**TEEN) | {"step": "who"}).text
    assert "Ours &lt;b&gt;alone&lt;/b&gt;." in page
    assert "It is good that you are writing." not in page
    assert "Las nuestras." in Client().post(f"/es{URL}", enquiry_data(**TEEN) | {"step": "who"}).text


def test_a_parent_is_not_asked_whether_a_parent_knows() -> None:
    assert 'name="parent_knows"' not in step(writing_as="parent", age_band="teen")


# --- Somebody else instead -------------------------------------------------------------------------------------------


def test_somebody_else_can_be_reached_instead_and_then_nothing_else_is_needed() -> None:
    nobody = {"telephone": "", "email": "", "safe_contact": []}
    other = {"other_name": "Robin", "other_telephone": "(617) 555-0199 ext. 4"}
    cleaned = cleaned_enquiry(**nobody, **other)
    assert (cleaned["other_telephone"].e164, cleaned["other_telephone"].extension) == ("+16175550199", "4")
    assert "other_name" in EnquiryForm(enquiry_data(**nobody, other_telephone="(617) 555-0199")).errors
