"""The form in Spanish: its questions, its mistakes, its confirmation; and what staff are told, in theirs."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail
from django.test import Client

from admissions import sealing
from admissions.models import Enquiry
from admissions.tasks import notify_staff
from content.models import LevelText
from tests.content.factories import make_site_settings
from tests.factories import enquiry_data, make_level_of_care, make_office_hours

pytestmark = pytest.mark.django_db
FORM = "/es/admissions/"
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
# Short words that hardly an English sentence does without, and that Spanish has none of.
ENGLISH = re.compile(
    r"\b(?:the|you|your|we|our|us|is|are|it|of|to|and|or|not|this|that|what|who|when|please|with|for|call|day)\b",
    re.IGNORECASE,
)
# What people read, or have read to them.
SAID_IN = re.compile(r"""(?:aria-label|label|placeholder|title|alt)="([^"]*)"|>([^<>]+)<""")


def words_of(html: str) -> str:
    """Of the page without its head and foot, where the program's own name stands."""
    form = html.partition("<main")[2].partition("</main>")[0]
    return "\n".join(in_tag or text for in_tag, text in SAID_IN.findall(form))


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ({}, "¿Cuáles de estas cosas podemos hacer sin ponerle en riesgo?"),
        ({"writing_as": "self", "age_band": "adult"}, "Lo que está buscando"),
        ({"writing_as": "self", "age_band": "teen"}, "¿Sabe su madre, su padre o su tutor que nos escribe?"),
        ({"writing_as": "professional"}, "La persona a quien refiere"),
    ],
)
def test_every_word_of_the_form_is_spanish(client: Client, who: dict[str, str], words: str) -> None:
    make_office_hours()
    page = client.post(FORM, who | {"step": "who"}).text if who else client.get(FORM).text
    said = words_of(page)
    for expected in (
        words,
        "¿Quién escribe?",
        "Su nombre",
        "Nueva York",
        "Enviar a Admisiones",
        "no es para emergencias",
    ):
        assert expected in said
    assert not ENGLISH.findall(said)


def test_mistakes_are_named_in_spanish(client: Client) -> None:
    html = client.post(FORM, enquiry_data(name="", telephone="123", level_of_care="99")).text
    assert "Hay 3 cosas que necesitan su atención" in html
    assert "Por favor, escriba el nombre por el que debemos preguntar." in html
    assert "Todo lo que escribió sigue aquí." in html
    assert re.search(r"<title>Error: Hable con Admisiones", html)


@time_machine.travel(MONDAY, tick=False)
def test_the_confirmation_says_in_spanish_by_when_somebody_answers(client: Client) -> None:
    make_office_hours()
    response = client.post(FORM, enquiry_data(), follow=True)
    enquiry = Enquiry.objects.get()
    assert enquiry.language == "es"
    [(address, status)] = response.redirect_chain
    assert (address.partition("?")[0], status) == (f"/es/admissions/received/{enquiry.reference}/", 303)
    assert "Recibimos su mensaje" in response.text
    assert "a más tardar el <strong>lunes 23 de noviembre, <span" in response.text
    assert "hora del Este" in response.text
    assert "sms:988?&amp;body=AYUDA" in response.text


def test_a_form_that_was_open_too_long_says_so_in_spanish(client: Client) -> None:
    assert "oprima “Enviar a Admisiones” una vez más" in client.post(FORM, enquiry_data(token="none")).text


def test_visitors_choose_a_level_by_its_spanish_name_and_staff_read_the_english_one(client: Client) -> None:
    make_site_settings()
    level = make_level_of_care(name="Intensive program")
    LevelText.objects.create(
        level=level, language="es", name="Programa intensivo", short_name="IOP", setting="Aquí", suits="A quien quiera"
    )
    html = client.get(FORM).text
    assert f'<option value="{level.pk}">Programa intensivo</option>' in html
    client.post(FORM, enquiry_data(level_of_care=str(level.pk)))
    enquiry = Enquiry.objects.get()
    assert sealing.open_payload(enquiry.sealed, sealing.staff_identity())["level_of_care"] == "Intensive program"
    notify_staff.call(enquiry.pk)
    assert "Intensive program" in mail.outbox[0].body
    assert "A new enquiry has come in." in mail.outbox[0].body
