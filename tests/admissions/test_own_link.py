"""The private link: how it is made, what it shows, and what it never does."""

from __future__ import annotations

import io
import logging
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from admissions import own, receipts
from admissions.models import Enquiry, EnquiryEvent, EnquiryStatus
from admissions.receipts import Receipt
from admissions.references import reference_for, spoken
from admissions.views.own import STATUS_WORDS
from iop_site.logs import NothingTyped
from tests.admissions.sending import text_of
from tests.content.factories import make_site_settings
from tests.factories import make_enquiry, make_staff

pytestmark = pytest.mark.django_db


def away(*args: Any, **kwargs: Any) -> None:
    raise OperationalError("DETAIL: Failing row contains (Alex Rivera)")


def receipt_of(enquiry: Enquiry, **changes: Any) -> Receipt:
    values = {"reference": enquiry.reference, "respond_by_at": enquiry.respond_by_at, "made_at": timezone.now()}
    return Receipt(**(values | changes))


def ask_for_link(receipt: Receipt, **headers: Any) -> HttpResponse:
    address = f"/admissions/received/{receipt.reference}/link/?receipt={receipts.sign(receipt)}"
    return Client(enforce_csrf_checks=True).post(address, **headers)


def link_of(enquiry: Enquiry) -> str:
    return f"/admissions/mine/{own.token_of(enquiry.reference, own.make_link(receipt_of(enquiry)))}/"


def page(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200
    return " ".join(text_of(response).split())


# --- How it is made -------------------------------------------------------------------------------------------------


def test_a_page_shows_the_address_of_which_a_digest_alone_is_kept() -> None:
    enquiry = make_enquiry()
    made = ask_for_link(receipt_of(enquiry))
    # A page that was posted for is gone after Back and Forward.
    assert made.status_code == 303
    response = Client().get(made["Location"])
    [token] = set(re.findall(r"/admissions/mine/([\w-]{43})/", response.text))
    enquiry.refresh_from_db()
    assert enquiry.link_digest == own.digest(token) != token
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in response.text
    assert not response.cookies
    assert token not in made["Location"]
    assert spoken(enquiry.reference) in page(f"/admissions/mine/{token}/")


def test_it_is_shown_for_a_few_minutes_and_after_that_the_browsers_history_leads_to_the_confirmation() -> None:
    enquiry = make_enquiry()
    shown = ask_for_link(receipt_of(enquiry))["Location"]
    assert page(shown) == page(shown)
    for address in (shown, f"/es{shown}"):
        assert "/admissions/mine/" in page(address)
    with time_machine.travel(timezone.now() + own.SHOWN_FOR + timedelta(seconds=1), tick=False):
        response = Client().get(shown)
    assert response.status_code == 303
    assert response["Location"].startswith(f"/admissions/received/{enquiry.reference}/?receipt=")
    assert "ticket" not in response["Location"]


def test_a_ticket_shows_no_link_but_its_own_and_none_that_a_newer_one_replaced() -> None:
    mine, theirs = make_enquiry(), make_enquiry()
    shown = ask_for_link(receipt_of(mine))["Location"]
    assert Client().get(shown.replace(mine.reference, theirs.reference)).status_code == 303
    assert Client().get(f"{shown}x").status_code == 303
    link_of(mine)
    assert Client().get(shown).status_code == 303


def test_while_the_database_is_away_the_address_is_not_shown_as_good() -> None:
    shown = ask_for_link(receipt_of(make_enquiry()))["Location"]
    with connection.execute_wrapper(away):
        assert Client().get(shown).status_code == 503


def test_a_newer_link_ends_the_one_before() -> None:
    enquiry = make_enquiry()
    before, now = link_of(enquiry), link_of(enquiry)
    assert Client().get(before).status_code == 404
    assert Client().get(now).status_code == 200


@pytest.mark.parametrize("receipt", ["", "nothing.of.ours", "-.1.-:signature"])
def test_without_our_receipt_no_link_is_made(receipt: str) -> None:
    enquiry = make_enquiry()
    response = Client().post(f"/admissions/received/{enquiry.reference}/link/?receipt={receipt}")
    assert response.status_code == 303
    assert response["Location"].startswith(f"/admissions/received/{enquiry.reference}/")
    enquiry.refresh_from_db()
    assert enquiry.link_digest is None


def test_anothers_receipt_makes_no_link() -> None:
    mine, theirs = make_enquiry(), make_enquiry()
    signed = receipts.sign(receipt_of(mine))
    Client().post(f"/admissions/received/{theirs.reference}/link/?receipt={signed}")
    assert not Enquiry.objects.exclude(link_digest=None).exists()


def test_after_an_hour_none_is_offered_and_none_is_made() -> None:
    enquiry = make_enquiry()
    receipt = receipt_of(enquiry)
    confirmation = f"/admissions/received/{enquiry.reference}/?receipt={receipts.sign(receipt)}"
    assert "Make a private link" in page(confirmation)
    with time_machine.travel(timezone.now() + receipts.NEW_FOR + timedelta(seconds=1), tick=False):
        assert "Make a private link" not in page(confirmation)
        assert ask_for_link(receipt).status_code == 303
    assert not Enquiry.objects.exclude(link_digest=None).exists()


def test_a_reference_that_turns_out_to_be_an_older_messages_gives_no_link_to_it() -> None:
    enquiry = make_enquiry()
    Enquiry.objects.filter(pk=enquiry.pk).update(received_at=timezone.now() - timedelta(days=2))
    assert ask_for_link(receipt_of(enquiry)).status_code == 503
    assert not Enquiry.objects.exclude(link_digest=None).exists()


def test_what_still_waits_in_the_spool_gets_a_kind_sentence() -> None:
    reference = reference_for("waiting")
    response = ask_for_link(Receipt(reference, None, timezone.now()))
    assert response.status_code == 503
    assert "still on its way into our files" in text_of(response)
    assert spoken(reference) in text_of(response)


def test_while_the_database_is_away_the_confirmation_comes_back() -> None:
    receipt = receipt_of(make_enquiry())
    with connection.execute_wrapper(away):
        response = ask_for_link(receipt)
    assert response.status_code == 503
    assert "nothing has changed yet" in text_of(response)
    assert "Make a private link" in text_of(response)


def test_another_site_cannot_have_one_made() -> None:
    response = ask_for_link(receipt_of(make_enquiry()), headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    assert not Enquiry.objects.exclude(link_digest=None).exists()


# --- What it shows --------------------------------------------------------------------------------------------------


def test_it_shows_how_far_it_is_and_nothing_of_what_was_written() -> None:
    make_site_settings()
    text = page(link_of(make_enquiry()))
    assert "Your message has arrived" in text
    for personal in ("Alex", "5550123", "alex@example.org", "Blue Example", "comes next", "teen", "Massachusetts"):
        assert personal not in text


def test_looking_changes_nothing() -> None:
    enquiry = make_enquiry()
    address = link_of(enquiry)
    before = Enquiry.objects.values().get(pk=enquiry.pk)
    for step in ("", "add/", "safety/", "call/", "withdraw/"):
        assert Client().get(f"{address}{step}").status_code == 200
    assert Enquiry.objects.values().get(pk=enquiry.pk) == before
    assert not EnquiryEvent.objects.exists()


def test_there_are_words_for_each_status() -> None:
    assert set(STATUS_WORDS) == set(EnquiryStatus)


@pytest.mark.parametrize("status", [status for status in EnquiryStatus if status != EnquiryStatus.WITHDRAWN])
def test_each_status_is_said_in_plain_words(status: str) -> None:
    text = page(link_of(make_enquiry(status=status)))
    assert str(STATUS_WORDS[status]) in text
    assert "enquiry" not in re.sub(r"<[^>]*>", "", text).lower()


def test_it_owns_up_to_being_late_until_somebody_is_in_touch() -> None:
    make_site_settings()
    enquiry = make_enquiry()
    address = link_of(enquiry)
    Enquiry.objects.filter(pk=enquiry.pk).update(respond_by_at=timezone.now() - timedelta(minutes=5))
    assert "and are late. We are sorry: please call us" in page(address)
    enquiry.move_to(Enquiry.Status.IN_CONTACT, by=make_staff())
    assert "are late" not in page(address)


def test_what_staff_did_is_not_among_what_the_visitor_did_later() -> None:
    enquiry = make_enquiry()
    address = link_of(enquiry)
    enquiry.add_note(b"sealed", by=make_staff())
    assert "What you did later" not in page(address)
    own.add_message(enquiry=enquiry, message="One more thing", nonce="one")
    assert "You added a message." in page(address)


def test_an_address_that_leads_nowhere_says_what_to_do() -> None:
    for step in ("", "add/", "safety/", "call/", "withdraw/"):
        response = Client().get(f"/admissions/mine/{'x' * 43}/{step}")
        assert response.status_code == 404
        assert "This private link leads nowhere" in text_of(response)
        assert "the address may be incomplete" in text_of(response)
        assert response.headers["Referrer-Policy"] == "no-referrer"


def test_while_the_database_is_away_it_is_said() -> None:
    address = link_of(make_enquiry())
    with connection.execute_wrapper(away):
        assert Client().get(address).status_code == 503


def test_it_speaks_the_other_language_too(settings: Any) -> None:
    response = Client().get(f"/es{link_of(make_enquiry())}")
    assert response.status_code == 200
    assert '<html lang="es">' in response.text


def test_the_logs_never_name_it() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(NothingTyped())
    logger = logging.getLogger("django")
    logger.addHandler(handler)
    try:
        for start in ("", "/es"):
            assert Client().get(f"{start}/admissions/mine/the-secret/add/").status_code == 404
            assert Client().put(f"{start}/admissions/mine/the-secret/").status_code == 405
            logger.error("Internal Server Error: %s", f"{start}/admissions/mine/the-secret/safety/")
    finally:
        logger.removeHandler(handler)
    assert "/es/admissions/mine/…/add/" in stream.getvalue()
    assert "the-secret" not in stream.getvalue()
