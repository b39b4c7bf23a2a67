"""The page on what the form asks is held against the form, the table and the policies themselves."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation
from django.utils.html import escape

from admissions import privacy
from admissions.forms import EnquiryForm
from admissions.models import Enquiry
from iop_site import csp
from iop_site.append_only import Immutable
from tests.factories import make_enquiry, make_office_hours

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("path", "language"), [("/admissions/privacy/", "en"), ("/es/admissions/privacy/", "es")])
def test_every_question_of_the_form_is_told_in_its_language(client: Client, path: str, language: str) -> None:
    html = client.get(path).text
    with translation.override(language):
        labels = [question.label for question in privacy.questions()]
    assert len(labels) == len(EnquiryForm.base_fields)
    for label in labels:
        assert f"<dt>{escape(label)}</dt>" in html


def test_what_is_needed_is_what_the_form_insists_on() -> None:
    """The form with nothing in it complains of exactly the questions that are told as needed, or as needed if."""
    asked = [question for question in privacy.questions() if not question.asked_of]
    form = EnquiryForm({})
    assert {question.label for question in asked if question.is_needed or question.condition} == {
        str(form[name].label) for name in form.errors
    }


def test_the_times_of_a_call_are_too_many_to_be_told_one_by_one(client: Client) -> None:
    make_office_hours()
    [choices] = [question.choices for question in privacy.questions() if question.label == "When should we call you?"]
    assert choices == ()


def test_what_says_itself_that_it_is_optional_is_not_told_so_twice(client: Client) -> None:
    for path, optional, words in (
        ("/admissions/privacy/", "(optional)", "You can leave it empty."),
        ("/es/admissions/privacy/", "(opcional)", "Puede dejarla vacía."),
    ):
        terms = client.get(path).text.split("<dt>")[1:]
        assert any(optional in term for term in terms)
        assert any(words in term for term in terms)
        assert not any(optional in term and words in term for term in terms)


def test_what_is_asked_of_some_alone_says_of_whom() -> None:
    asked_of = {question.label: question.asked_of for question in privacy.questions()}
    assert asked_of["Organization"] == "We ask this of a professional."
    assert asked_of["Does a parent or guardian know that you are writing? (optional)"].endswith("for themself.")
    assert asked_of["Your name"] == ""


def test_everything_that_is_stored_unsealed_is_told_in_words_for_readers(client: Client) -> None:
    columns = {field.name for field in Enquiry._meta.concrete_fields} - {"id", "sealed"}
    assert columns == set(privacy.NAMES_FOR_READERS)
    html = client.get("/admissions/privacy/").text
    for words in privacy.NAMES_FOR_READERS.values():
        assert f"<li>{escape(words)}</li>" in html


def test_it_says_that_nothing_is_erased_but_by_whoever_wrote_it(client: Client) -> None:
    withdrawn = make_enquiry()
    withdrawn.withdraw()
    assert withdrawn.sealed is None
    with pytest.raises(Immutable):
        make_enquiry().delete()
    with pytest.raises(Immutable):
        Enquiry.objects.all().delete()
    assert "erases no message by itself" in client.get("/admissions/privacy/").text


def test_it_claims_only_what_the_policy_and_the_settings_say(client: Client, settings, monkeypatch) -> None:
    html = client.get("/admissions/privacy/").text
    assert "no other site" in html
    assert "no cookie" in html
    monkeypatch.setitem(csp.PUBLIC, "script-src", "'self' https://elsewhere.example")
    settings.SESSION_COOKIE_PATH = "/"
    html = client.get("/admissions/privacy/").text
    assert "no other site" not in html
    assert "no cookie" not in html


def test_the_form_leads_to_it(client: Client) -> None:
    assert 'href="/admissions/privacy/"' in client.get("/admissions/").text
