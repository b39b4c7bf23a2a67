from __future__ import annotations

import math
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from admissions import sealing
from admissions.forms import EnquiryForm
from admissions.models import Enquiry, EnquiryEvent
from content import published
from tests.admissions.sending import URL, opened, send, text_of, token_in
from tests.content.factories import make_site_settings
from tests.factories import enquiry_data, make_enquiry, make_level_of_care

pytestmark = pytest.mark.django_db


# --- The form -------------------------------------------------------------------------------------------------------


def test_the_page_has_the_crisis_line_before_anything_that_can_be_filled_in() -> None:
    page = text_of(Client().get(URL))
    assert page.index('href="tel:988"') < page.index("<form")


def test_the_page_is_kept_by_no_cache_and_tells_no_page_where_its_reader_comes_from() -> None:
    for response in (Client().get(URL), send(enquiry_data(name="")), send(enquiry_data())):
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "answer",
    [
        lambda: Client().get(URL),
        lambda: send(enquiry_data(name="")),
        lambda: send(enquiry_data(token="")),
        lambda: send(enquiry_data()),
        lambda: Client().get(send(enquiry_data())["Location"]),
    ],
)
def test_no_cookie_is_ever_set(answer) -> None:
    response = answer()
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_each_visit_has_a_token_of_its_own() -> None:
    assert token_in(Client().get(URL)) != token_in(Client().get(URL))


def test_head_is_answered_and_other_methods_are_not() -> None:
    assert Client().head(URL).status_code == 200
    assert Client().put(URL).status_code == 405
    assert Client().delete(URL).status_code == 405


def test_every_control_has_a_label_or_a_legend() -> None:
    page = text_of(Client().get(URL))
    controls = re.findall(r'<(?:input|select|textarea)\b[^>]*\bid="([^"]+)"', page)
    assert len(controls) > 20
    assert all(f'for="{control}"' in page for control in controls)
    assert page.count("<fieldset") == page.count("<legend>") == 8


def test_the_browser_may_fill_in_what_it_knows_about_the_visitor() -> None:
    page = text_of(Client().get(URL))
    for attributes in ('autocomplete="name"', 'inputmode="tel" autocomplete="tel"', 'inputmode="email"'):
        assert attributes in page
    assert "placeholder" not in page


def test_the_box_for_anything_else_says_that_nobody_watches_it() -> None:
    page = text_of(Client().get(URL))
    assert "not for emergencies" in page
    assert "Nobody watches it around the clock" in page


# --- Sending it -----------------------------------------------------------------------------------------------------


def test_a_valid_form_is_stored_sealed_and_leads_to_its_reference() -> None:
    level = make_level_of_care()
    response = send(enquiry_data(level_of_care=level.pk))
    enquiry = Enquiry.objects.get()
    assert response.status_code == 303
    assert response["Location"].startswith(f"/admissions/received/{enquiry.reference}/?receipt=")
    assert opened(enquiry) == {
        "schema": 2,
        "in_danger": "",
        "writing_as": "parent",
        "name": "Alex Rivera",
        "telephone": "+16175550123",
        "telephone_extension": "",
        "email": "alex@example.org",
        "preferred_contact": "call",
        "organisation": "",
        "person_knows": False,
        "safe_contact": ["call", "voicemail"],
        "best_times": ["afternoon"],
        "say_who": "",
        "other_name": "",
        "other_telephone": "",
        "other_telephone_extension": "",
        "consent": {},
        "age_band": "teen",
        "parent_knows": "",
        "call_time": "",
        "state": "MA",
        "level_of_care": level.name,
        "insurer": "Blue Example",
        "message": "We do not know what comes next.",
    }
    assert (enquiry.level_of_care, enquiry.age_band, enquiry.language) == (level, "teen", "en")


def test_nothing_personal_is_stored_in_the_clear() -> None:
    send(enquiry_data())
    row = repr(Enquiry.objects.values().get())
    for personal in ("Alex", "Rivera", "6175550123", "alex@example.org", "Blue Example", "comes next"):
        assert personal not in row


def test_it_works_as_multipart_too() -> None:
    assert Client().post(URL, enquiry_data()).status_code == 303


def test_the_confirmation_can_be_followed() -> None:
    response = Client().post(URL, enquiry_data(), follow=True)
    assert response.status_code == 200
    assert Enquiry.objects.get().reference[:4] in text_of(response)


# --- What is not right ----------------------------------------------------------------------------------------------


def test_errors_are_listed_at_the_top_take_the_focus_and_lead_to_their_fields() -> None:
    page = text_of(send(enquiry_data(name="", state="", writing_as="")))
    summary = page[page.index("error-summary") : page.index("<h1")]
    assert 'role="alert" tabindex="-1" autofocus' in summary
    assert "3 things need your attention" in summary
    for target in ("id_writing_as_0", "id_name", "id_state"):
        assert f'href="#{target}"' in summary
        assert f'id="{target}"' in page
    assert "<title>Error: " in page


def test_an_error_is_tied_to_its_field() -> None:
    page = text_of(send(enquiry_data(name="", writing_as="")))
    assert 'aria-invalid="true" aria-describedby="id_name_helptext id_name_error"' in page
    assert 'role="radiogroup" aria-invalid="true" aria-describedby="id_writing_as_error"' in page
    assert 'id="id_name_error"' in page
    assert 'id="id_writing_as_error"' in page


def test_an_invalid_form_keeps_every_word_and_its_token_and_stores_nothing() -> None:
    data = enquiry_data(telephone="12", message='<b>"Help" & more</b>')
    response = send(data)
    page = text_of(response)
    assert response.status_code == 200
    assert token_in(response) == data["token"]
    assert 'value="Alex Rivera"' in page
    assert '<b>"Help" & more</b></textarea>' in page
    assert "<b>" not in response.content.decode()
    assert '<option value="MA" selected>' in page
    assert re.search(r'value="voicemail" id="[^"]+" checked', page)
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "unicode_escape", "idna", "made-up"])
def test_a_strange_charset_does_no_harm(charset: str) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nAl+2AA-\\ud800\r\n--b--\r\n'
    response = Client().generic("POST", URL, body, f"multipart/form-data; boundary=b; charset={charset}")
    assert response.status_code < 500


@pytest.mark.parametrize("body", [b"", b"%ff%fe=%00", b"name=" + b"x" * 100_000, b"token=%00&name=%00"])
def test_a_body_that_no_browser_sends_gets_an_answer(body: bytes) -> None:
    assert Client().generic("POST", URL, body, "application/x-www-form-urlencoded").status_code < 500


def test_a_notice_that_asks_to_call_has_the_number_in_it() -> None:
    make_site_settings()
    page = text_of(send(enquiry_data(message="x" * 70_000)))
    notice = page[page.index('class="form-notice"') : page.index("<h1")]
    assert "when we call" in notice
    assert '<a href="tel:+16175550142">(617) 555-0142</a>' in notice


# --- The token ------------------------------------------------------------------------------------------------------


def test_an_expired_token_gives_the_filled_form_back_and_sending_it_once_more_works() -> None:
    with time_machine.travel(datetime(2026, 11, 24, 12, tzinfo=UTC), tick=False):
        data = enquiry_data()
    with time_machine.travel(datetime(2026, 11, 24, 12, tzinfo=UTC) + timedelta(hours=25), tick=False):
        response = send(data)
        page = text_of(response)
        assert response.status_code == 409
        assert "had been open for a long time" in page
        assert 'value="Alex Rivera"' in page
        assert "We do not know what comes next." in page
        assert not Enquiry.objects.exists()
        assert send(data | {"token": token_in(response)}).status_code == 303


@pytest.mark.parametrize("token", ["", "nonsense", "a:b:c", "\x00"])
def test_a_foreign_token_gives_the_filled_form_back(token: str) -> None:
    response = send(enquiry_data(token=token))
    assert response.status_code == 409
    assert "could not tell that this came from our own page" in text_of(response)
    assert 'value="Alex Rivera"' in text_of(response)
    assert token_in(response) != token
    assert not Enquiry.objects.exists()


def test_errors_are_mended_first_and_the_form_gets_a_good_token_on_the_way() -> None:
    data = enquiry_data(token="", name="")
    response = send(data)
    assert response.status_code == 200
    assert "once more" not in text_of(response)
    assert send(data | {"name": "Alex", "token": token_in(response)}).status_code == 303


# --- Where it comes from --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://testserver"},
        {"Origin": "null"},
    ],
)
def test_our_own_page_may_send(headers: dict[str, str]) -> None:
    assert send(enquiry_data(), headers=headers).status_code == 303


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://example.net"}]
)
def test_another_site_may_not_and_the_filled_form_comes_back(headers: dict[str, str]) -> None:
    data = enquiry_data()
    response = send(data, headers=headers)
    assert response.status_code == 403
    assert "came from another website" in text_of(response)
    assert 'value="Alex Rivera"' in text_of(response)
    assert token_in(response) != data["token"]
    assert not Enquiry.objects.exists()


# --- Once, however often --------------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_is_one_enquiry() -> None:
    data = enquiry_data()
    assert send(data)["Location"] == send(data)["Location"]
    assert Enquiry.objects.count() == 1
    assert not EnquiryEvent.objects.exists()


def test_going_back_and_sending_other_words_is_one_enquiry_that_keeps_both() -> None:
    data = enquiry_data()
    first, second = send(data), send(data | {"message": "I forgot: evenings are better."})
    assert first["Location"] == second["Location"]
    enquiry, event = Enquiry.objects.get(), EnquiryEvent.objects.get()
    assert opened(enquiry)["message"] == "We do not know what comes next."
    assert sealing.open_payload(event.sealed, settings.ENQUIRY_STAFF_KEY)["message"] == "I forgot: evenings are better."
    assert event.kind == EnquiryEvent.Kind.SENT_AGAIN


# --- Anything in any field ------------------------------------------------------------------------------------------

LINE_BREAKS = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
texts = st.one_of(
    st.text(max_size=40), st.text(min_size=100, max_size=2100), st.sampled_from(["", "\x00", "any", "MA"])
)
fields = st.fixed_dictionaries(
    {}, optional={name: st.one_of(texts, st.lists(texts, max_size=3)) for name in EnquiryForm.base_fields}
)


@given(fields)
@hypothesis_settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_in_any_field_breaks_the_page(changes: dict[str, Any]) -> None:
    response = send(enquiry_data(**changes))
    assert response.status_code in {200, 303}


readable = st.text(
    st.characters(
        exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\u202a\u202b\u202c\u202d\u202e"
    ).filter(lambda character: not "\u2066" <= character <= "\u2069"),
    min_size=1,
    max_size=60,
).filter(lambda text: any(unicodedata.category(character) in {"Lu", "Ll", "Nd", "Sm"} for character in text))
several_lines = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\r\n\t\x85"), max_size=200)


@given(readable, readable, several_lines)
@hypothesis_settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_stored_is_what_was_typed_normalised(name: str, insurer: str, message: str) -> None:
    response = send(enquiry_data(name=name, insurer=insurer, message=message))
    assert response.status_code == 303
    payload = opened(Enquiry.objects.get(reference=response["Location"].split("/")[3]))
    assert payload["name"] == name.strip()
    assert payload["insurer"] == insurer.strip()
    assert payload["message"] == LINE_BREAKS.sub("\n", message.strip())


def test_a_million_enquiries_would_not_make_the_form_slower(django_assert_max_num_queries) -> None:
    for _ in range(3):
        make_enquiry()
    with published.reading(published.Moment("one", until=math.inf)):
        Client().get(URL)
        with django_assert_max_num_queries(0):
            Client().get(URL)
