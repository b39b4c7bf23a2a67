from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from admissions import sealing
from admissions.models import CallTime, Enquiry, EnquiryEvent, ReadRecord
from admissions.references import spoken
from tests.admissions.desk import LIST, PERSONAL, client_of, happen, payload, safety, store, text_of, url_of
from tests.admissions.keys import key_pair
from tests.factories import make_enquiry, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Client:
    """May read enquiries, and nothing else."""
    return client_of(make_staff("view_enquiry"))


@pytest.fixture
def desk() -> Client:
    """May read enquiries and act on them."""
    return client_of(make_staff("view_enquiry", "change_enquiry"))


# --- Reading one ----------------------------------------------------------------------------------------------------


def test_an_enquiry_is_laid_out_for_reading(reader: Client) -> None:
    enquiry = make_enquiry(message="First paragraph.\n\nSecond one.")
    page = text_of(reader.get(url_of(enquiry)))
    for text in ("Alex Rivera", "Parent or guardian", "a call", "Afternoon", "Massachusetts", "Blue Example"):
        assert text in page
    assert "<p>First paragraph.</p> <p>Second one.</p>" in page
    assert page.index("Safety first") < page.index("How and when to reach them") < page.index("What they said")


def test_opening_is_recorded(reader: Client) -> None:
    enquiry = make_enquiry()
    reader.get(url_of(enquiry))
    record = ReadRecord.objects.get()
    assert (record.action, record.references) == (ReadRecord.Action.OPEN, [enquiry.reference])
    assert record.actor.username.startswith("staff-")


def test_the_last_words_are_shown_first(reader: Client) -> None:
    make_enquiry(nonce="form", message="At first.")
    enquiry = make_enquiry(nonce="form", message="At last.")
    page = text_of(reader.get(url_of(enquiry)))
    assert "They sent this again with changes" in page
    assert page.index("At last.") < page.index("At first.")


@pytest.mark.parametrize(
    ("changes", "texts"),
    [
        ({"in_danger": "yes"}, ["They said that someone is in immediate danger.", "how to reach 988 and 911"]),
        ({"parent_knows": "ask_first"}, ["Talk with them before you talk with a parent or guardian"]),
        (
            {"writing_as": "professional", "organisation": "Children’s Hospital", "person_knows": True},
            ["<bdi>Children’s Hospital</bdi>", "They confirm that the person knows of this and agrees."],
        ),
        ({"consent": {"call": {"id": 3, "text": "You may call me."}}}, ["You may call me."]),
    ],
)
def test_what_some_are_asked_alone_is_shown(reader: Client, changes: dict[str, Any], texts: list[str]) -> None:
    page, without = (text_of(reader.get(url_of(store(payload(**some))))) for some in (changes, {"consent": {}}))
    for text in texts:
        assert text in page
        assert text not in without


def test_the_timeline_says_what_the_visitor_did_later(reader: Client) -> None:
    enquiry = store(payload(message="At first."))
    happen(enquiry, "added", {"message": "One more thing."})
    happen(enquiry, "safety", safety(say_who="first_name", best_times=["evening"]))
    happen(enquiry, "call_time", call_at=datetime(2026, 11, 24, 15, tzinfo=UTC))
    happen(enquiry, "call_time")
    page = text_of(reader.get(url_of(enquiry)))
    assert page.index("At first.") < page.index("One more thing.") < page.index("Timeline")
    timeline = page[page.index("Timeline") :]
    for text in ("Added by the visitor", "The visitor changed what is safe", "Evening", "Give a first name only"):
        assert text in timeline
    assert "Call-back time: Tue, Nov 24, 10 a.m." in timeline
    assert "Call-back time: as soon as possible" in timeline


def test_the_time_for_a_call_is_on_the_page(reader: Client) -> None:
    enquiry = store(payload())
    assert "<dt>Call-back time</dt><dd>as soon as possible</dd>" in text_of(reader.get(url_of(enquiry)))
    CallTime.objects.create(enquiry=enquiry, starts_at=datetime(2026, 11, 24, 15, tzinfo=UTC), place=0)
    assert "<dd><strong>Tue, Nov 24, 10 a.m.</strong></dd>" in text_of(reader.get(url_of(enquiry)))


# --- Withdrawn ------------------------------------------------------------------------------------------------------


@pytest.fixture
def withdrawn() -> Enquiry:
    enquiry = store(payload())
    happen(enquiry, "note", {"note": "Called Alex."})
    enquiry.withdraw()
    return enquiry


def test_one_that_was_withdrawn_says_so_and_reads_nothing(desk: Client, withdrawn: Enquiry) -> None:
    page = text_of(desk.get(url_of(withdrawn)))
    assert "Withdrawn by the visitor on" in page
    assert "is erased" in page
    assert "Erased." in page
    assert not any(text in page for text in ("Next step", "cannot be read", *PERSONAL))
    assert not ReadRecord.objects.exists()


@pytest.mark.parametrize("what", ["note", "status", "no_consent", "reveal", "release"])
def test_nothing_can_be_added_to_one_that_was_withdrawn(desk: Client, withdrawn: Enquiry, what: str) -> None:
    sent = {"note": "Too late.", "status": "closed", "channel": "call", "what": "telephone", "reason": "Because."}
    page = text_of(desk.post(url_of(withdrawn, what), sent, follow=True))
    assert "Withdrawn by the visitor on" in page
    assert withdrawn.events.count() == 2
    assert not ReadRecord.objects.exists()
    assert not LogEntry.objects.exists()


def test_without_the_key_the_page_says_so_and_shows_the_clear_columns(desk: Client, settings) -> None:
    enquiry = make_enquiry()
    desk.post(url_of(enquiry, "note"), {"note": "Called Alex."})
    settings.ENQUIRY_STAFF_KEY = ""
    page = text_of(desk.get(url_of(enquiry)))
    assert "This enquiry cannot be read here" in page
    assert "the staff key is not here" in page
    assert spoken(enquiry.reference) in page
    assert "Teen (13–17)" in page
    assert "Sealed." in page
    assert not any(personal in page for personal in PERSONAL)
    assert not ReadRecord.objects.exists()


@pytest.mark.parametrize("key", [key_pair()[0], "AGE-SECRET-KEY-1TYPO", "nonsense"])
def test_with_a_wrong_key_the_page_is_one_sentence_without_ciphertext(reader: Client, settings, key: str) -> None:
    enquiry = make_enquiry()
    settings.ENQUIRY_STAFF_KEY = key
    response = reader.get(url_of(enquiry))
    page = text_of(response)
    assert response.status_code == 200
    assert "This enquiry cannot be read here" in page
    assert not any(word in page for word in ("age-encryption", "Traceback", key, *PERSONAL))


@pytest.mark.parametrize("object_id", ["999999", "abc", "1_5F", "%00", "99999999999999999999999"])
def test_an_enquiry_that_is_not_there_is_not_found(reader: Client, object_id: str) -> None:
    assert reader.get(f"{LIST}{object_id}/change/").status_code == 404


# --- Acting ---------------------------------------------------------------------------------------------------------


def test_the_page_offers_the_next_steps_and_no_others(desk: Client) -> None:
    page = text_of(desk.get(url_of(make_enquiry())))
    assert re.findall(r'name="status" value="([^"]+)"', page) == ["in_contact", "referred", "closed"]


def test_a_step_is_taken_logged_and_said(desk: Client) -> None:
    enquiry = make_enquiry()
    response = desk.post(url_of(enquiry, "status"), {"status": "in_contact", "note": "Reached Alex."}, follow=True)
    page = text_of(response)
    assert response.redirect_chain == [(url_of(enquiry), 302)]
    assert "Status: New → In contact." in page
    assert "Reached Alex." in page
    entry = LogEntry.objects.get()
    assert (entry.object_repr, entry.change_message) == (enquiry.reference, "Status: New → In contact.")


def test_a_note_is_kept_sealed_logged_without_its_words_and_shown(desk: Client) -> None:
    enquiry = make_enquiry()
    page = text_of(desk.post(url_of(enquiry, "note"), {"note": "Called.\r\nNo answer."}, follow=True))
    assert "<p>Called.<br>No answer.</p>" in page
    assert b"answer" not in bytes(EnquiryEvent.objects.get().sealed)
    assert LogEntry.objects.get().change_message == "Note added."


def test_a_step_that_is_not_allowed_says_so_and_keeps_what_was_written(desk: Client) -> None:
    enquiry = make_enquiry()
    for status in ("admitted", "made-up", ""):
        page = text_of(desk.post(url_of(enquiry, "status"), {"status": status, "note": "Long and dear words."}))
        assert "from there it can go to: In contact, Referred elsewhere, Closed." in page
        assert "Long and dear words.</textarea>" in page
    enquiry.refresh_from_db()
    assert enquiry.status == "new"
    assert not EnquiryEvent.objects.exists()
    assert not LogEntry.objects.exists()


def test_an_empty_note_and_an_unreadable_one_are_refused(desk: Client) -> None:
    enquiry = make_enquiry()
    assert "Please write the note first." in text_of(desk.post(url_of(enquiry, "note"), {"note": " "}))
    for what in ("note", "status"):
        page = text_of(desk.post(url_of(enquiry, what), {"note": "a\x00b", "status": "closed"}))
        assert "a character in this that we cannot read" in page
    assert not EnquiryEvent.objects.exists()


@pytest.mark.parametrize("what", ["note", "status"])
def test_a_note_that_cannot_be_sealed_is_kept_on_the_page(desk: Client, settings, what: str) -> None:
    enquiry = make_enquiry()
    settings.ENQUIRY_STAFF_PUBLIC_KEY = ""
    page = text_of(desk.post(url_of(enquiry, what), {"note": "Long and dear words.", "status": "closed"}))
    assert "Nothing can be sealed" in page
    assert "Long and dear words.</textarea>" in page
    assert not EnquiryEvent.objects.exists()


def test_steps_and_notes_are_taken_by_post_alone_and_pages_by_get(desk: Client) -> None:
    enquiry = make_enquiry()
    assert desk.get(url_of(enquiry, "status")).status_code == 405
    assert desk.get(url_of(enquiry, "note")).status_code == 405
    assert desk.post(url_of(enquiry), {"status": "closed"}).status_code == 405


def test_another_site_cannot_act_in_the_name_of_staff() -> None:
    enquiry = make_enquiry()
    client = client_of(make_staff("view_enquiry", "change_enquiry"), enforce_csrf_checks=True)
    assert client.post(url_of(enquiry, "status"), {"status": "closed"}).status_code == 403
    assert client.post(url_of(enquiry, "note"), {"note": "x"}).status_code == 403
    assert not EnquiryEvent.objects.exists()


# --- Who may --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "{pk}/change/", "{pk}/history/"])
def test_staff_without_permission_see_nothing(path: str) -> None:
    enquiry = make_enquiry()
    response = client_of(make_staff()).get(LIST + path.format(pk=enquiry.pk))
    assert response.status_code == 403
    assert not ReadRecord.objects.exists()


@pytest.mark.parametrize("path", ["", "{pk}/change/", "{pk}/status/", "{pk}/note/"])
def test_strangers_are_asked_to_sign_in(path: str) -> None:
    response = Client().get(LIST + path.format(pk=make_enquiry().pk))
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("permissions", [[], ["view_enquiry"], ["view_readrecord"]])
def test_who_may_not_change_enquiries_can_neither_move_them_on_nor_write_notes(permissions: list[str]) -> None:
    enquiry, client = make_enquiry(), client_of(make_staff(*permissions))
    assert client.post(url_of(enquiry, "status"), {"status": "closed"}).status_code == 403
    assert client.post(url_of(enquiry, "note"), {"note": "x"}).status_code == 403
    enquiry.refresh_from_db()
    assert enquiry.status == "new"
    assert not EnquiryEvent.objects.exists()


def test_who_may_only_read_is_offered_no_steps(reader: Client) -> None:
    page = text_of(reader.get(url_of(make_enquiry())))
    assert "Alex Rivera" in page
    assert "Next step" not in page


def test_nobody_can_add_edit_or_delete_an_enquiry_not_even_a_superuser(staff_client: Client) -> None:
    enquiry = make_enquiry()
    assert staff_client.get(LIST + "add/").status_code == 403
    assert staff_client.post(LIST + "add/", {}).status_code == 403
    assert staff_client.get(url_of(enquiry, "delete")).status_code == 403
    assert staff_client.post(url_of(enquiry, "delete"), {"post": "yes"}).status_code == 403
    assert staff_client.post(url_of(enquiry), {"age_band": "adult"}).status_code == 405
    staff_client.post(LIST, {"action": "delete_selected", "_selected_action": [enquiry.pk], "post": "yes"})
    enquiry.refresh_from_db()
    assert enquiry.age_band == "teen"
    assert sealing.open_payload(enquiry.sealed, sealing.staff_identity())["name"] == "Alex Rivera"
