"""Two editors at once, a login that ends, and leaving with unsaved changes: nobody's work is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.conftest import give_login
from tests.browser.editor import BOX, THREE_BLOCKS, focus, focused, new_draft, press
from tests.launched import STAFF_PASSWORD, Site

PEOPLE = """
from django.contrib.auth.models import User
for name, last in (("maria", "Ortiz"), ("john", "Reed")):
    user, _ = User.objects.get_or_create(username=name, defaults={"first_name": name.title(), "last_name": last})
    user.is_staff = user.is_superuser = True
    user.set_password("%s")
    user.save()
"""
CONFLICT = "Not saved: this page was changed while you had it open"
OFFER = "You had typed something that was not saved"
KEPT = "Object.keys(sessionStorage).filter((key) => key.startsWith('unsaved-page:')).length"


@pytest.fixture(scope="module", autouse=True)
def people(site: Site) -> None:
    site.run(PEOPLE % STAFF_PASSWORD)


@pytest.fixture
def draft(site: Site) -> str:
    return new_draft(site, THREE_BLOCKS)


@pytest.fixture
def at_desk(site: Site, new_page: Callable[..., Page], draft: str) -> Callable[..., Page]:
    """`at_desk("maria")`: her browser, with the draft open in the editor."""

    def make(name: str, **options: object) -> Page:
        page = new_page(**options)
        give_login(page, site, name)
        page.goto(draft)
        ready(page)
        return page

    return make


def log_in(page: Page, name: str) -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(STAFF_PASSWORD)
    page.get_by_role("button", name="Log in").click()


def ready(page: Page) -> None:
    expect(page.locator(".collapse-all-blocks")).to_be_visible()


def save(page: Page, button: str = "Save draft") -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).first.click()


def save_well(page: Page, button: str = "Save draft") -> None:
    save(page, button)
    expect(page.locator(".messagelist .success").first).to_be_visible()
    ready(page)


def write(page: Page, words: str, number: int = 1) -> None:
    """At the end of a rich text box; the second block's is the page's text."""
    page.locator(BOX).nth(number).click()
    press(page, "Control+End")
    page.keyboard.type(words)


def add_key_fact(page: Page) -> None:
    focus(page, "button", "Add a block at the end")
    press(page, "Enter", "k", "Enter")
    expect(focused(page)).to_have_accessible_name("Figure:")
    page.keyboard.type("4 hours")
    press(page, "Tab")
    page.keyboard.type("a day")


def heartbeat(page: Page) -> None:
    """As when the tab comes to the front again."""
    with page.expect_response("**/presence/"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def end_login(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")


# --- Two at once ----------------------------------------------------------------------------------------------------


def test_each_hears_of_the_other(at_desk: Callable[..., Page]) -> None:
    maria = at_desk("maria")
    presence = maria.locator(".editor-presence")
    expect(presence).to_have_attribute("aria-live", "polite")
    expect(presence).to_have_text("")
    john = at_desk("john")
    expect(john.locator(".editor-presence")).to_contain_text("Maria Ortiz has had this page open since")
    heartbeat(maria)
    expect(presence).to_contain_text("John Reed has had this page open since")
    save_well(john)
    heartbeat(maria)
    expect(presence).to_contain_text("John Reed saved this page at")
    expect(presence).to_contain_text("When you save, you will be shown both.")


def test_the_second_save_is_refused_with_both_texts_and_saved_over_the_first_on_purpose(
    at_desk: Callable[..., Page],
) -> None:
    maria, john = at_desk("maria"), at_desk("john")
    write(maria, " Rooms have windows.")
    save_well(maria)
    write(john, " Supper comes early.")
    add_key_fact(john)
    save(john)
    heading = john.get_by_role("heading", name=CONFLICT)
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    conflict = john.locator(".conflict")
    expect(conflict.get_by_text("Maria Ortiz saved this page at")).to_be_visible()
    expect(conflict.locator("mark").filter(has_text="Rooms have windows")).to_be_visible()
    expect(conflict.locator("mark").filter(has_text="Supper comes early")).to_be_visible()
    expect(conflict.get_by_text("You added this block.")).to_be_visible()
    ready(john)
    expect(john.locator(BOX).nth(1)).to_contain_text("Supper comes early.")
    expect(john.locator("input[value='4 hours']")).to_be_visible()
    save_well(john, "Save mine over theirs")
    expect(john.locator(".messagelist")).to_contain_text("What was there before is kept as version 1.")
    expect(john.locator(BOX).nth(1)).to_contain_text("You come in. Supper comes early.")
    expect(john.locator(BOX).nth(1)).not_to_contain_text("Rooms have windows.")
    expect(john.locator("input[value='4 hours']")).to_be_visible()
    assert john.evaluate(KEPT) == 0


def test_theirs_is_opened_and_what_was_typed_stays_to_be_read(at_desk: Callable[..., Page]) -> None:
    maria, john = at_desk("maria"), at_desk("john")
    write(maria, " Rooms have windows.")
    save_well(maria)
    write(john, " Supper comes early.")
    save(john)
    ready(john)
    write(john, " And this after it was refused.")
    # Without a question: nothing is lost by it.
    john.on("dialog", lambda dialog: pytest.fail(f"asked: {dialog.message}"))
    john.get_by_role("link", name="Open theirs").first.click()
    ready(john)
    expect(john.locator(BOX).nth(1)).to_contain_text("Rooms have windows.")
    john.get_by_text("Read and copy what you had typed").click()
    expect(john.locator(".unsaved-offer dd").filter(has_text="Supper comes early. And this after")).to_be_visible()


# --- A login that ends ----------------------------------------------------------------------------------------------


def test_what_was_typed_is_offered_after_an_expired_login_and_saved(at_desk: Callable[..., Page]) -> None:
    john = at_desk("john")
    write(john, " Typed before the login ended.")
    add_key_fact(john)
    end_login(john)
    save(john)
    log_in(john, "john")
    ready(john)
    offer = john.get_by_role("heading", name=OFFER)
    expect(offer).to_be_focused()
    expect(john.locator(BOX).nth(1)).not_to_contain_text("Typed before")
    save_well(john, "Save it now")
    expect(john.locator(BOX).nth(1)).to_contain_text("Typed before the login ended.")
    expect(john.locator("input[value='4 hours']")).to_be_visible()
    expect(offer).to_have_count(0)
    assert john.evaluate(KEPT) == 0


def test_what_was_typed_into_a_new_page_is_offered_too(new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto("/admin/content/page/add/")
    log_in(page, "john")
    ready(page)
    page.locator("#id_title").press_sequentially("A page that was nearly lost")
    page.locator("#id_summary").fill("What it says, in one sentence.")
    end_login(page)
    save(page, "Save draft and leave")
    log_in(page, "john")
    save_well(page, "Save it now")
    expect(page.locator("#id_title")).to_have_value("A page that was nearly lost")
    assert page.evaluate(KEPT) == 0


def test_if_somebody_saved_meanwhile_both_are_shown(at_desk: Callable[..., Page]) -> None:
    maria, john = at_desk("maria"), at_desk("john")
    write(john, " Supper comes early.")
    end_login(john)
    save(john)
    write(maria, " Rooms have windows.")
    save_well(maria)
    log_in(john, "john")
    ready(john)
    save(john, "Save it now")
    expect(john.get_by_role("heading", name=CONFLICT)).to_be_visible()
    expect(john.locator(".conflict mark").filter(has_text="Supper comes early")).to_be_visible()


def test_what_was_kept_is_thrown_away_when_asked_and_not_shown_to_another(at_desk: Callable[..., Page]) -> None:
    page = at_desk("john")
    write(page, " Not worth keeping.")
    end_login(page)
    save(page)
    log_in(page, "maria")
    ready(page)
    expect(page.get_by_role("heading", name=OFFER)).to_have_count(0)
    end_login(page)
    page.reload()
    log_in(page, "john")
    ready(page)
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Throw it away").click()
    expect(page.get_by_role("heading", name=OFFER)).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Throw it away").click()
    expect(page.get_by_role("heading", name=OFFER)).to_have_count(0)
    expect(page.locator("#id_title")).to_be_focused()
    page.reload()
    ready(page)
    expect(page.get_by_role("heading", name=OFFER)).to_have_count(0)


def test_a_login_that_ended_is_said_and_another_tab_s_is_taken_up(at_desk: Callable[..., Page], draft: str) -> None:
    john = at_desk("john")
    write(john, " Typed before the login ended.")
    end_login(john)
    heartbeat(john)
    expect(john.locator(".editor-presence")).to_contain_text("You are logged out by now.")
    other = john.context.new_page()
    other.goto("/admin/")
    log_in(other, "john")
    other.wait_for_url("**/admin/")
    with john.expect_response(lambda response: "/presence/" in response.url and response.request.method == "GET"):
        john.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(john.locator(".editor-presence")).to_have_text("")
    save_well(john)
    expect(john.locator(BOX).nth(1)).to_contain_text("Typed before the login ended.")


# --- Leaving --------------------------------------------------------------------------------------------------------


@pytest.fixture
def asked() -> list[str]:
    return []


def leaves(page: Page, asked: list[str]) -> bool:
    """Whether the browser asks before it leaves; it stays if so."""
    before = len(asked)

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.evaluate("setTimeout(() => { location.href = '/admin/' })")
    page.wait_for_timeout(600)
    has_left = page.url.endswith("/admin/")
    assert has_left != (len(asked) > before)
    if has_left:
        page.remove_listener("dialog", stay)
    return has_left


def test_leaving_with_unsaved_changes_warns(at_desk: Callable[..., Page], draft: str, asked: list[str]) -> None:
    page = at_desk("john")
    write(page, "Typed into rich text.")
    assert not leaves(page, asked)
    press(page, "Control+z")
    save_well(page)
    page.locator("#id_title").fill("Another title")
    assert not leaves(page, asked)
    save_well(page)
    focus(page, "button", "Move up Text What happens")
    press(page, "Enter")
    assert not leaves(page, asked)
    assert asked == ["beforeunload"] * 3


def test_leaving_without_changes_and_saving_ask_nothing(
    at_desk: Callable[..., Page], draft: str, asked: list[str]
) -> None:
    page = at_desk("john")
    page.locator(BOX).nth(1).click()
    press(page, "Control+End", "x", "Backspace")
    page.get_by_role("button", name="Collapse all blocks").click()
    assert leaves(page, asked)
    page.goto(draft)
    ready(page)
    page.on("dialog", lambda dialog: pytest.fail(f"asked: {dialog.type}"))
    page.locator("#id_title").fill("Another title")
    save_well(page)
    page.locator("#id_title").fill("A third title")
    save(page, "Save draft and leave")
    expect(page.locator("#result_list")).to_be_visible()


def test_a_form_that_came_back_with_errors_is_not_left_unasked(at_desk: Callable[..., Page], asked: list[str]) -> None:
    page = at_desk("john")
    page.locator("#id_title").fill("")
    save(page)
    expect(page.locator(".errornote")).to_be_visible()
    ready(page)
    assert not leaves(page, asked)


# --- How it reads ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_is_shown(
    at_desk: Callable[..., Page], axe: Callable[[Page], list[str]], scheme: str
) -> None:
    # axe writes style sheets of its own into the page, which the policy rightly refuses.
    maria, john = at_desk("maria"), at_desk("john", scheme=scheme, bypass_csp=True)
    write(maria, " Rooms have windows.")
    save_well(maria)
    write(john, " Supper comes early.")
    save(john)
    ready(john)
    ours = ("conflict", "difference", "guard", "presence", "unsaved")
    assert [finding for finding in axe(john) if any(word in finding for word in ours)] == []
    john.get_by_role("link", name="Open theirs").first.click()
    ready(john)
    john.get_by_text("Read and copy what you had typed").click()
    assert [finding for finding in axe(john) if any(word in finding for word in ours)] == []
