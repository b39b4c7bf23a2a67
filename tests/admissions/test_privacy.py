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
from tests.factories import make_enquiry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("path", "language"), [("/admissions/privacy/", "en"), ("/es/admissions/privacy/", "es")])
def test_every_question_of_the_form_is_told_in_its_language(client: Client, path: str, language: str) -> None:
    html = client.get(path).text
    with translation.override(language):
        labels = [str(field.label) for field in EnquiryForm().visible_fields()]
        assert [question.label for question in privacy.questions()] == labels
    assert len(labels) >= 10
    for label in labels:
        assert f"<dt>{escape(label)}</dt>" in html


def test_a_question_that_is_added_to_the_form_is_told(client: Client, monkeypatch) -> None:
    from django import forms

    monkeypatch.setitem(
        EnquiryForm.base_fields, "shoe_size", forms.ChoiceField(label="Shoe size", choices=[("", "–"), ("9", "Nine")])
    )
    monkeypatch.setattr("admissions.forms._helper", lambda: None)
    html = client.get("/admissions/privacy/").text
    assert "<dt>Shoe size</dt>" in html
    assert "Nine" in html


def test_what_is_needed_is_what_the_form_insists_on() -> None:
    """The form with nothing in it complains of exactly the questions that are told as needed, or as needed if."""
    told = {question.label for question in privacy.questions() if question.is_needed or question.condition}
    form = EnquiryForm({})
    assert told == {str(form[name].label) for name in form.errors}


def test_everything_that_is_stored_unsealed_is_told_in_words_for_readers(client: Client) -> None:
    columns = {field.name for field in Enquiry._meta.concrete_fields} - {"id", "sealed"}
    assert columns == set(privacy.NAMES_FOR_READERS)
    html = client.get("/admissions/privacy/").text
    for words in privacy.NAMES_FOR_READERS.values():
        assert f"<li>{escape(words)}</li>" in html


def test_it_says_that_nothing_is_erased_as_long_as_nothing_is(client: Client) -> None:
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
