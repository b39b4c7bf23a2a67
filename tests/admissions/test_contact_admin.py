from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.test import Client

from admissions import sealing
from admissions.forms.reaching import RevealForm
from admissions.models import EnquiryEvent, ReadRecord
from tests.admissions.desk import client_of, first_payload, happen, payload, safety, store, text_of, url_of
from tests.content.factories import make_site_settings
from tests.factories import make_staff

pytestmark = pytest.mark.django_db

NUMBER = ("555-0123", "6175550123")
ADDRESS = ("alex@example.org",)


@pytest.fixture
def desk() -> Client:
    """May read enquiries and act on them."""
    return client_of(make_staff("view_enquiry", "change_enquiry"))


def page_of(client: Client, enquiry: Any) -> str:
    return text_of(client.get(url_of(enquiry)))


def has(page: str, *texts: str) -> bool:
    return any(text in page for text in texts)


# --- What is shown --------------------------------------------------------------------------------------------------


def test_what_may_be_used_has_its_link_and_what_to_say(desk: Client) -> None:
    page = page_of(desk, store(payload()))
    for link in ("tel:+16175550123", "sms:+16175550123", "mailto:alex@example.org"):
        assert f'href="{link}"' in page
    assert "You may say who you are and where you call from." in page
    assert "A voicemail is safe" in page
    assert "Show anyway" not in page


def test_what_may_not_be_used_is_nowhere_on_the_page(desk: Client) -> None:
    page = page_of(desk, store(payload(safe_contact=[])))
    assert not has(page, *NUMBER, *ADDRESS)
    assert "They did not say that a call is safe." in page
    assert "They did not say that an e-mail is safe." in page
    assert page.count("Show anyway") == 2


def test_where_only_a_text_is_safe_the_number_is_for_that_alone(desk: Client) -> None:
    page = page_of(desk, store(payload(safe_contact=["text"])))
    assert "Text only: do not call" in page
    assert 'href="sms:+16175550123"' in page
    assert "tel:" not in page
    assert not has(page, *ADDRESS)


def test_at_a_call_it_stands_out_what_must_not_be_said_and_left(desk: Client) -> None:
    page = page_of(desk, store(payload(safe_contact=["call"], say_who="")))
    assert "Give a first name only, and say no more until you speak with them." in page
    assert '<p class="enquiry-careful">Leave no voicemail</p>' in page


def test_outside_the_safe_hours_of_the_office_nothing_is_shown(desk: Client) -> None:
    make_site_settings(time_zone="America/Chicago")
    enquiry = store(payload(best_times=["afternoon"]))
    with time_machine.travel(datetime(2026, 11, 24, 19, 59, tzinfo=UTC), tick=False):
        page = page_of(desk, enquiry)
    assert not has(page, *NUMBER, *ADDRESS)
    assert "Not now, at 1:59 p.m." in page
    assert "Next: Tue, Nov 24, 2 p.m." in page
    with time_machine.travel(datetime(2026, 11, 24, 20, 0, tzinfo=UTC), tick=False):
        assert has(page_of(desk, enquiry), *NUMBER)


def test_who_is_to_be_reached_instead_comes_first_and_the_writer_is_hidden(desk: Client) -> None:
    page = page_of(desk, store(payload(other_name="Aunt Rosa", other_telephone="+16175550199")))
    assert page.index("Reach this person instead: <bdi>Aunt Rosa</bdi>") < page.index(">Telephone<")
    assert 'href="tel:+16175550199"' in page
    assert not has(page, *NUMBER, *ADDRESS)


def test_an_earlier_text_in_the_timeline_shows_no_number_either(desk: Client) -> None:
    enquiry = store(payload())
    happen(enquiry, "safety", safety(safe_contact=[]))
    happen(enquiry, "sent_again", payload(safe_contact=[], message="Again."))
    page = page_of(desk, enquiry)
    assert "What they sent then" in page
    assert not has(page, *NUMBER, *ADDRESS)


@pytest.mark.parametrize(("last", "is_shown"), [("safety", False), ("sent_again", True)])
def test_of_what_they_said_is_safe_the_last_word_counts(desk: Client, last: str, is_shown: bool) -> None:
    enquiry = store(payload())
    words = {
        "safety": safety(safe_contact=[]),
        "sent_again": payload(message="Again."),
    }
    for kind in sorted(words, key=lambda kind: kind == last):
        happen(enquiry, kind, words[kind])
    assert has(page_of(desk, enquiry), *NUMBER) is is_shown


def test_a_change_of_what_is_safe_that_cannot_be_read_hides_everything(desk: Client) -> None:
    enquiry = store(payload())
    EnquiryEvent.objects.create(enquiry=enquiry, kind="safety", sealed=b"damaged")
    page = page_of(desk, enquiry)
    assert "This enquiry cannot be read here" in page
    assert not has(page, *NUMBER, *ADDRESS)


def test_an_enquiry_of_the_first_release_is_read_and_called(desk: Client) -> None:
    page = page_of(desk, store(first_payload()))
    assert 'href="tel:+16175550123"' in page
    assert not has(page, "sms:", *ADDRESS)


# --- Shown anyway ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("what", "shown", "hidden"), [("telephone", NUMBER[:1], ADDRESS), ("email", ADDRESS, NUMBER)])
def test_with_a_reason_one_thing_is_shown_once_and_that_is_recorded(
    desk: Client, what: str, shown: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    enquiry = store(payload(safe_contact=[]))
    answer = desk.post(url_of(enquiry, "reveal"), {"what": what, "reason": "They asked us to, by letter."})
    assert has(text_of(answer), *shown)
    assert not has(text_of(answer), *hidden)
    assert "no-store" in answer["Cache-Control"]
    record = ReadRecord.objects.get()
    assert (record.action, record.reason) == (f"reveal_{what}", "They asked us to, by letter.")
    assert record.references == [enquiry.reference]
    assert record.actor.username.startswith("staff-")
    assert not has(page_of(desk, enquiry), *NUMBER, *ADDRESS)


def test_the_record_is_there_before_anything_is_opened(desk: Client, monkeypatch) -> None:
    enquiry, recorded = store(payload(safe_contact=[])), []
    open_payload = sealing.open_payload

    def watch(sealed: bytes, identity: str) -> dict[str, Any]:
        recorded.extend(ReadRecord.objects.values_list("action", flat=True))
        return open_payload(sealed, identity)

    monkeypatch.setattr(sealing, "open_payload", watch)
    desk.post(url_of(enquiry, "reveal"), {"what": "telephone", "reason": "Because."})
    assert recorded == ["reveal_telephone"]


def test_the_record_can_name_each_kind_of_contact() -> None:
    kinds = RevealForm.base_fields["what"].choices
    assert {f"reveal_{kind}" for kind, _label in kinds} <= set(ReadRecord.Action.values)


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"what": "telephone", "reason": " "}, "Please write why you need it."),
        ({"what": "telephone", "reason": "x" * 301}, "Please shorten this to 300 characters."),
        ({"what": "telephone", "reason": "a\x00b"}, "a character in this that we cannot read"),
        ({"what": "<b>all</b>", "reason": "Because."}, "Nothing was shown: that is no number or address"),
        ({}, "Nothing was shown"),
    ],
)
def test_without_a_good_reason_nothing_is_shown(desk: Client, sent: dict[str, str], why: str) -> None:
    enquiry = store(payload(safe_contact=[]))
    page = text_of(desk.post(url_of(enquiry, "reveal"), sent))
    assert why in page
    assert not has(page, *NUMBER, *ADDRESS, "<b>all")
    assert not ReadRecord.objects.filter(action__startswith="reveal").exists()


def test_without_the_key_nothing_is_shown_and_nothing_recorded(desk: Client, settings) -> None:
    enquiry = store(payload(safe_contact=[]))
    settings.ENQUIRY_STAFF_KEY = ""
    page = text_of(desk.post(url_of(enquiry, "reveal"), {"what": "telephone", "reason": "Because."}))
    assert "This enquiry cannot be read here" in page
    assert not ReadRecord.objects.exists()


# --- Consent taken back ---------------------------------------------------------------------------------------------


def test_consent_taken_back_closes_that_way_and_is_kept_sealed(desk: Client) -> None:
    enquiry = store(payload())
    sent = {"channel": "call", "note": "She said so on the phone."}
    page = text_of(desk.post(url_of(enquiry, "no_consent"), sent, follow=True))
    assert "They took back their consent to calls." in page
    assert "She said so on the phone." in page
    assert "tel:" not in page
    assert 'href="sms:+16175550123"' in page
    event = EnquiryEvent.objects.get()
    assert (event.kind, event.actor.is_staff) == ("no_consent", True)
    assert b"phone" not in bytes(event.sealed)
    assert "phone" not in LogEntry.objects.get().change_message


def test_consent_stays_taken_back_when_an_old_form_is_sent_again(desk: Client) -> None:
    enquiry = store(payload())
    happen(enquiry, "no_consent", {"channel": "call", "note": ""})
    happen(enquiry, "sent_again", payload(message="Again."))
    assert "tel:" not in page_of(desk, enquiry)


@pytest.mark.parametrize("channel", ["", "pigeon", "\x00"])
def test_it_must_be_said_which_consent_and_what_was_written_is_kept(desk: Client, channel: str) -> None:
    enquiry = store(payload())
    page = text_of(desk.post(url_of(enquiry, "no_consent"), {"channel": channel, "note": "Long and dear words."}))
    assert has(page, "Please choose what they no longer agree to.", "Please choose one of these.")
    assert "Long and dear words.</textarea>" in page
    assert not EnquiryEvent.objects.exists()


# --- Who may --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["reveal", "no_consent"])
@pytest.mark.parametrize("permissions", [[], ["view_enquiry"], ["view_readrecord"]])
def test_who_may_not_act_is_refused(what: str, permissions: list[str]) -> None:
    enquiry, client = store(payload(safe_contact=[])), client_of(make_staff(*permissions))
    sent = {"what": "telephone", "reason": "Because.", "channel": "call"}
    assert client.post(url_of(enquiry, what), sent).status_code == 403
    assert not ReadRecord.objects.exists()
    assert not EnquiryEvent.objects.exists()


def test_who_may_only_read_is_offered_neither() -> None:
    page = page_of(client_of(make_staff("view_enquiry")), store(payload(safe_contact=[])))
    assert "They did not say that a call is safe." in page
    assert not has(page, "Show anyway", "They take back their consent", *NUMBER, *ADDRESS)


@pytest.mark.parametrize("what", ["reveal", "no_consent", "release"])
def test_it_takes_a_post_of_this_site_by_somebody_who_signed_in(desk: Client, what: str) -> None:
    enquiry = store(payload())
    assert desk.get(url_of(enquiry, what)).status_code == 405
    careful = client_of(make_staff("view_enquiry", "change_enquiry"), enforce_csrf_checks=True)
    assert careful.post(url_of(enquiry, what), {}).status_code == 403
    assert Client().post(url_of(enquiry, what), {}).status_code == 302
    assert not ReadRecord.objects.exists()
