from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from admissions.models import CallTime, Enquiry, ReadRecord
from admissions.references import spoken
from tests.admissions.desk import LIST, client_of, payload, store, text_of, url_of
from tests.admissions.keys import key_pair
from tests.content.factories import make_site_settings
from tests.factories import make_enquiry, make_level_of_care, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Client:
    """May read enquiries, and nothing else."""
    return client_of(make_staff("view_enquiry"))


@pytest.fixture
def desk() -> Client:
    """May read enquiries and act on them."""
    return client_of(make_staff("view_enquiry", "change_enquiry"))


# --- The list -------------------------------------------------------------------------------------------------------


def test_the_list_has_the_newest_first_with_what_the_desk_needs(reader: Client) -> None:
    level = make_level_of_care(name="Virtual program for teens", short_name="VIOP")
    old = make_enquiry(name="Ann", level_of_care=str(level.pk))
    new = make_enquiry(name="Bo", age_band="adult", status=Enquiry.Status.SCHEDULED)
    page = text_of(reader.get(LIST))
    assert page.index(spoken(new.reference)) < page.index(spoken(old.reference))
    rows = re.findall(r"<tr><th.*?</tr>", page)
    assert [re.search(r'class="field-name">([^<]+)', row)[1] for row in rows] == ["Bo", "Ann"]
    assert re.findall(r'class="field-(\w+)', rows[0])[:2] == ["shown_reference", "name"]
    assert '<span class="enquiry-status enquiry-status-scheduled">Scheduled</span>' in rows[0]
    assert "Adult (18 or older)" in rows[0]
    assert "Not sure yet" in rows[0]
    assert '<td class="field-level">VIOP</td>' in rows[1]


def test_the_list_marks_what_was_sent_again_with_changes(reader: Client) -> None:
    make_enquiry(nonce="once")
    make_enquiry(nonce="twice", message="At first.")
    enquiry = make_enquiry(nonce="twice", message="At last.")
    rows = re.findall(r"<tr><th.*?</tr>", text_of(reader.get(LIST)))
    marked = [row for row in rows if '<span class="enquiry-again">Sent again</span>' in row]
    assert len(rows) == 2
    assert len(marked) == 1
    assert spoken(enquiry.reference) in marked[0]


def test_the_names_of_one_page_are_one_read_record(reader: Client) -> None:
    references = {make_enquiry().reference for _ in range(3)}
    reader.get(LIST)
    record = ReadRecord.objects.get()
    assert record.action == ReadRecord.Action.LIST
    assert set(record.references) == references


def test_only_the_page_that_is_shown_is_read_and_recorded(reader: Client, monkeypatch) -> None:
    from admissions.admin import EnquiryAdmin

    monkeypatch.setattr(EnquiryAdmin, "list_per_page", 2)
    enquiries = [make_enquiry() for _ in range(3)]
    reader.get(LIST + "?p=2")
    assert ReadRecord.objects.get().references == [enquiries[0].reference]


def test_an_empty_list_leaves_no_record(reader: Client) -> None:
    assert reader.get(LIST).status_code == 200
    make_enquiry()
    assert reader.get(LIST + "?status__exact=closed").status_code == 200
    assert not ReadRecord.objects.exists()


def test_times_are_in_the_offices_zone(reader: Client) -> None:
    make_site_settings(time_zone="America/Chicago")
    with time_machine.travel(datetime(2026, 11, 24, 15, tzinfo=UTC), tick=False):
        make_enquiry()
    assert "Nov. 24, 2026, 9 a.m." in text_of(reader.get(LIST))


def test_the_time_for_a_call_is_in_the_list(reader: Client) -> None:
    CallTime.objects.create(enquiry=store(payload()), starts_at=datetime(2026, 11, 24, 15, tzinfo=UTC), place=0)
    store(payload())
    cells = re.findall(r'<td class="field-shown_call_time[^"]*">(.*?)</td>', text_of(reader.get(LIST)))
    assert cells[0] == "—"
    assert cells[1].endswith("Tue, Nov 24, 10 a.m.</span>")


def test_one_that_was_withdrawn_is_listed_without_a_name_and_read_by_nobody(reader: Client) -> None:
    enquiry = store(payload())
    enquiry.withdraw()
    page = text_of(reader.get(LIST))
    assert spoken(enquiry.reference) in page
    assert "Withdrawn</span>" in page
    assert "cannot be opened" not in page
    assert not ReadRecord.objects.exists()
    other = store(payload())
    reader.get(LIST)
    assert ReadRecord.objects.get().references == [other.reference]


@pytest.mark.parametrize("how", [str, str.lower, spoken, lambda reference: f"{reference[:4]}-{reference[4:]}".lower()])
def test_a_reference_is_found_however_it_is_written(reader: Client, how) -> None:
    sought, other = make_enquiry(), make_enquiry()
    page = text_of(reader.get(LIST, {"q": how(sought.reference)}))
    assert spoken(sought.reference) in page
    assert spoken(other.reference) not in page


def test_names_cannot_be_searched_for(reader: Client) -> None:
    enquiry = make_enquiry()
    assert spoken(enquiry.reference) not in text_of(reader.get(LIST, {"q": "Alex"}))


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=%ff",
        "q=" + "x" * 5000,
        "p=abc",
        "p=-1",
        "p=99999999999999999999",
        "o=1.2.3.-9",
        "all=",
        "status__exact=%00",
        "level_of_care__id__exact=abc",
        "received_at__gte=yesterday",
        "sealed=abc",
        "sealed__icontains=a",
        "content_digest__startswith=a",
        "made_up=1",
        "quarantine=%00",
        "quarantine=made-up",
        "is_urgent__exact=maybe",
    ],
)
def test_a_strange_query_is_answered(reader: Client, query: str) -> None:
    make_enquiry()
    assert reader.get(f"{LIST}?{query}").status_code < 500


@pytest.mark.parametrize("query", ["sealed__isnull=False", "content_digest__startswith=", "idempotency_key__gte="])
def test_no_address_asks_about_columns_that_the_desk_does_not_see(reader: Client, query: str) -> None:
    assert reader.get(f"{LIST}?{query}").status_code == 400


def test_the_list_costs_the_same_number_of_queries_however_long_it_is(reader: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert reader.get(LIST).status_code == 200
        return len(captured)

    level = str(make_level_of_care().pk)
    make_enquiry(level_of_care=level)
    few = queries()
    for number in range(10):
        enquiry = make_enquiry(level_of_care=level, nonce=f"form-{number}")
        CallTime.objects.create(enquiry=enquiry, starts_at=datetime(2026, 11, 24, 15, tzinfo=UTC), place=number)
        make_enquiry(level_of_care=level, nonce=f"form-{number}", message="changed")
    assert queries() == few


def test_without_the_key_the_list_says_so_and_shows_the_clear_columns(reader: Client, settings) -> None:
    enquiry = make_enquiry()
    settings.ENQUIRY_STAFF_KEY = ""
    page = text_of(reader.get(LIST))
    assert "the staff key is not here" in page
    assert spoken(enquiry.reference) in page
    assert "Alex" not in page
    assert '<td class="field-name">—</td>' in page
    assert not ReadRecord.objects.exists()


def test_with_a_wrong_key_the_list_says_so(reader: Client, settings) -> None:
    make_enquiry()
    settings.ENQUIRY_STAFF_KEY = key_pair()[0]
    page = text_of(reader.get(LIST))
    assert "the staff key here is not the one they were sealed to" in page
    assert '<td class="field-name">—</td>' in page


def test_a_name_is_text_and_no_markup(reader: Client) -> None:
    enquiry = make_enquiry(name="<script>alert(1)</script>", message="<img src=x>\n<b>bold</b>")
    for url in (LIST, url_of(enquiry)):
        html = reader.get(url).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)" in html
        assert "<img src=x>" not in html
