"""The enquiry form and the desk's list, where only a browser can tell."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_journeys import fill_enquiry, send, take_time


def test_reloading_after_back_and_sending_again_gives_the_same_reference(page: Page) -> None:
    page.goto("/admissions/")
    fill_enquiry(page)
    first = send(page)
    page.go_back()
    page.reload()
    fill_enquiry(page)
    assert send(page) == first


@pytest.mark.parametrize("goes_back", [True, False])
def test_who_opens_the_form_by_a_link_writes_an_enquiry_of_their_own(page: Page, goes_back: bool) -> None:
    page.goto("/admissions/")
    fill_enquiry(page)
    first = send(page)
    if goes_back:
        page.go_back()
        page.evaluate("""() => {
            const link = Object.assign(document.createElement("a"), { href: "/admissions/", textContent: "Anew" });
            document.querySelector("main").prepend(link);
        }""")
        with page.expect_navigation():
            page.get_by_role("link", name="Anew").click()
    else:
        page.get_by_role("link", name="Write another message").click()
    fill_enquiry(page, name="Somebody Else")
    assert send(page) != first


@pytest.mark.parametrize("width", [360, 1280])
def test_a_link_in_the_error_summary_shows_the_question_and_the_error_too(
    new_page: Callable[..., Page], width: int
) -> None:
    page = new_page(width=width)
    page.goto("/admissions/")
    page.get_by_label("Send an e-mail").check()
    page.get_by_role("button", name="Send to Admissions").click()
    links = page.get_by_role("alert").get_by_role("link")
    assert links.count() >= 5
    for number in range(links.count()):
        target = (links.nth(number).get_attribute("href") or "").removeprefix("#")
        links.nth(number).click()
        expect(page.locator(f"#{target}")).to_be_focused()
        top = page.locator(".field", has=page.locator(f"#{target}")).evaluate("e => e.getBoundingClientRect().top")
        assert top >= 0, target


def test_the_list_of_enquiries_fits_a_small_laptop(page: Page, staff_page: Page) -> None:
    page.goto("/admissions/")
    fill_enquiry(page, name="Maximiliana Featherstonehaugh-Sample")
    page.get_by_label("Level of care").select_option(index=5)
    take_time(page)
    send(page)
    page.go_back()
    fill_enquiry(page, name="Maximiliana Featherstonehaugh-Sample the Second")
    send(page)
    staff_page.set_viewport_size({"width": 1280, "height": 800})
    staff_page.goto("/admin/admissions/enquiry/")
    expect(staff_page.get_by_text("Sent again").first).to_be_visible()
    for selector in ("html", "#changelist .results"):
        assert staff_page.locator(selector).evaluate("e => e.scrollWidth <= e.clientWidth"), selector


# --- Who writes, and danger ------------------------------------------------------------------------------------------


def test_the_questions_follow_who_writes_while_one_goes_on_writing(page: Page) -> None:
    page.goto("/admissions/")
    expect(page.get_by_role("button", name="Show the questions for this")).to_be_hidden()
    page.get_by_label("Your name").fill("Ruth Sample")
    page.get_by_label("A professional, such as").check()
    expect(page.get_by_label("Organization")).to_be_visible()
    expect(page.get_by_label("Send a text message")).to_have_count(0)
    expect(page.get_by_label("Your name")).to_have_value("Ruth Sample")
    expect(page.get_by_label("A professional, such as")).to_be_focused()
    page.get_by_label("Myself").check()
    page.get_by_label("Teen (13–17)").check()
    page.get_by_label("Your name").press("End")
    page.get_by_label("Your name").press_sequentially("!")
    expect(page.get_by_text("It is good that you are writing.")).to_be_visible()
    expect(page.get_by_label("Your name")).to_be_focused()
    expect(page.get_by_label("Your name")).to_have_value("Ruth Sample!")


def test_without_a_script_a_button_shows_them(new_page: Callable[..., Page]) -> None:
    page = new_page(javascript=False)
    page.goto("/admissions/")
    page.get_by_label("Your name").fill("Ruth Sample")
    page.get_by_label("A professional, such as").check()
    page.get_by_role("button", name="Show the questions for this").click()
    expect(page.get_by_label("Organization")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Ruth Sample")
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False])
def test_danger_shows_whom_to_call_and_the_form_stays(new_page: Callable[..., Page], javascript: bool) -> None:
    page = new_page(javascript=javascript)
    page.goto("/admissions/")
    card = page.get_by_text("Please reach a person now. This form can wait.")
    expect(card).to_be_hidden()
    page.get_by_role("group", name="immediate danger").or_(
        page.get_by_role("radiogroup", name="immediate danger")
    ).get_by_label("Yes").check()
    expect(card).to_be_visible()
    expect(page.get_by_role("button", name="Send to Admissions")).to_be_visible()


def test_enter_in_a_field_sends_the_form_and_not_the_step(page: Page) -> None:
    page.goto("/admissions/")
    fill_enquiry(page)
    with page.expect_navigation(url="**/received/**"):
        page.get_by_label("Your name").press("Enter")


def test_what_is_written_comes_along_into_the_other_language(page: Page) -> None:
    page.goto("/admissions/")
    fill_enquiry(page)
    page.get_by_role("link", name="Español").click()
    expect(page.get_by_label("Su nombre")).to_have_value("Ruth Sample")
    expect(page.get_by_label("Algo más que quiera que sepamos")).to_have_value(
        "He has not been to school for three weeks."
    )
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="Enviar a Admisiones").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recibimos su mensaje")
