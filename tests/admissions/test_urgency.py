"""Danger comes first, moves an enquiry to the front, and is never a reason to refuse one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from admissions import receipts, urgency
from admissions.models import Enquiry
from admissions.spool import SpoolUnwritable
from iop_site.body_limits import MOST_BYTES
from tests.admissions.sending import URL, send, text_of
from tests.factories import cleaned_enquiry, enquiry_data, make_enquiry

pytestmark = pytest.mark.django_db
CARD = 'id="right-now"'


def test_the_first_question_is_whether_anyone_is_in_danger_and_how_to_get_help_stands_beside_it() -> None:
    page = text_of(Client().get(URL))
    form = page[page.index("<form class") :]
    assert form.index('name="in_danger"') < form.index("danger-now") < form.index('name="writing_as"')
    card = form[form.index("danger-now") :]
    assert "tel:988" in card[: card.index("</div>")]
    assert "tel:911" in card[: card.index("</div>")]


@pytest.mark.parametrize(
    ("changes", "is_urgent"),
    [
        ({"in_danger": "yes"}, True),
        ({"in_danger": "no"}, False),
        ({"in_danger": "unsaid"}, False),
        ({"in_danger": ""}, False),
        ({"message": "I do not want to live any more, I want to die."}, True),
        ({"message": "Mi hija dice que quiere suicidarse."}, True),
        ({"message": "She is sad and does not sleep."}, False),
    ],
)
def test_danger_and_words_of_crisis_are_urgent(changes: dict[str, Any], is_urgent: bool) -> None:
    assert urgency.is_urgent(cleaned_enquiry(**changes)) is is_urgent
    assert make_enquiry(**changes).is_urgent is is_urgent


def test_the_confirmation_of_an_urgent_one_begins_with_whom_to_reach_now() -> None:
    response = send(enquiry_data(in_danger="yes"))
    assert response.status_code == 303
    page = text_of(Client().get(response["Location"]))
    assert page.index(CARD) < page.index("Your reference")
    assert CARD not in text_of(Client().get(send(enquiry_data())["Location"]))


@pytest.mark.parametrize("urgent", [{"in_danger": "yes"}, {"message": "I want to die."}])
@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"name": ""}, 200),
        ({"step": "who"}, 200),
        ({"token": ""}, 409),
        ({"insurer": "x" * MOST_BYTES}, 413),
    ],
)
def test_a_form_that_comes_back_begins_with_whom_to_reach_now(
    urgent: dict[str, Any], changes: dict[str, Any], status: int
) -> None:
    response = send(enquiry_data(**urgent | changes))
    assert response.status_code == status
    page = text_of(response)
    card = page[page.index(CARD) : page.index("<h1")]
    assert "tel:988" in card
    assert "Nothing has been sent yet." in card
    assert page.index("autofocus") < page.index(CARD)
    assert CARD not in text_of(send(enquiry_data(**changes)))


def test_it_does_so_too_when_nothing_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def unwritable(*args: object, **kwargs: object) -> None:
        raise SpoolUnwritable

    monkeypatch.setattr("admissions.receiving.submit_enquiry", unwritable)
    response = send(enquiry_data(in_danger="yes"))
    assert response.status_code == 503
    assert CARD in text_of(response)


def test_whoever_knows_the_reference_alone_does_not_learn_that_it_is_urgent() -> None:
    response = send(enquiry_data(in_danger="yes"))
    address, _mark, signed = response["Location"].partition("?receipt=")
    assert CARD not in text_of(Client().get(address))
    calm = send(enquiry_data())["Location"].partition("?receipt=")[2]
    assert [len(part) for part in signed.split(".")] == [len(part) for part in calm.split(".")]
    assert receipts.read(Enquiry.objects.get(is_urgent=True).reference, signed).is_urgent


def test_other_words_that_are_urgent_make_the_enquiry_urgent() -> None:
    make_enquiry(nonce="form")
    assert make_enquiry(nonce="form", in_danger="yes").is_urgent
    assert not make_enquiry(nonce="other").is_urgent
