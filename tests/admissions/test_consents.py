from __future__ import annotations

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import translation

from admissions import consents
from admissions.choices import ConsentChannel
from admissions.models import ConsentWording, Enquiry
from tests.admissions.sending import URL, opened, send, text_of
from tests.factories import enquiry_data

pytestmark = pytest.mark.django_db


def reword(text: str, channel: str = "text", language: str = "en") -> ConsentWording:
    return ConsentWording.objects.create(channel=channel, language=language, text=text)


def test_each_channel_has_a_wording_from_the_start_in_every_language() -> None:
    for language in ("en", "es"):
        with translation.override(language):
            assert [wording.channel for wording in consents.current()] == ConsentChannel.values
    with translation.override("es"):
        assert all("may" not in wording.text for wording in consents.current())


def test_the_newest_wording_of_the_visitors_language_is_asked() -> None:
    reword("Old words")
    newest = reword("Text me, please")
    reword("Palabras", language="es")
    page = text_of(Client().get(URL))
    assert f'value="text.{newest.pk}"' in page
    assert "Text me, please" in page
    assert "Old words" not in page
    assert "Palabras" in text_of(Client().get(f"/es{URL}"))


def test_what_was_ticked_is_sealed_with_its_words_and_version() -> None:
    wording = reword("Text me, please")
    send(enquiry_data(consent=[f"text.{wording.pk}", "email.0"]))
    consent = opened(Enquiry.objects.get())["consent"]
    assert consent["text"] == {"id": wording.pk, "text": "Text me, please"}
    assert consent["email"] == {"id": 0, "text": str(consents.BUILT_IN_WORDINGS["email"])}
    assert "call" not in consent


def test_words_that_staff_changed_while_the_form_was_open_are_those_that_were_ticked() -> None:
    before = reword("Text me, please")
    reword("Something else")
    assert send(enquiry_data(consent=[f"text.{before.pk}"])).status_code == 303
    assert opened(Enquiry.objects.get())["consent"]["text"]["text"] == "Text me, please"


@pytest.mark.parametrize("value", ["text.999", "fax.0", "text", "text.", "call.1"])
def test_a_wording_that_never_was_is_refused(value: str) -> None:
    reword("Text me, please")
    assert send(enquiry_data(consent=[value])).status_code == 200
    assert not Enquiry.objects.exists()


def test_nothing_has_to_be_agreed_to() -> None:
    assert send(enquiry_data(consent=[])).status_code == 303


def test_the_built_in_words_are_asked_while_the_database_is_away() -> None:
    reword("Text me, please")

    def away(*args: object) -> None:
        raise OperationalError

    with connection.execute_wrapper(away):
        assert [wording.pk for wording in consents.current()] == [0, 0, 0]
