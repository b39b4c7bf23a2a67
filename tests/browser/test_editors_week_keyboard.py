"""The week of test_editors_week.py by keyboard alone: nothing is clicked, and only Tab moves the focus."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.editor import press
from tests.browser.reading import read_anew
from tests.launched import Site

PASSWORD = "a-long-password-of-somebody"
MOST_TABS = 120
MAKE_STAFF = f"""
from django.contrib.auth.models import Group, User
from content.models import ReviewerProfile
for name, role in (("keys-editor", "Editor"), ("keys-reviewer", "Clinical reviewer")):
    user = User.objects.create_user(name, password="{PASSWORD}", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
ReviewerProfile.objects.create(user=user, credential="License 2", public_role="a licensed psychologist (keys)")
"""
MAKE_PAGE = """
from content.models import RichText
from content.publishing import publish
from tests.content.factories import add_block, make_page
page = make_page(blocks=0, slug="keys", title="A page for keys", summary="Safety comes first here.", section="site")
add_block(page, RichText, body="<h2>What happens</h2><p>You come in and sit down.</p>")
publish(page=page, by=None)
"""


class Keys:
    """Somebody who has a keyboard and no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def tab_to(self, place: Locator, key: str = "Tab") -> None:
        """Press Tab until `place` has the focus, which must be seen then."""
        expect(place).to_have_count(1)
        for _ in range(MOST_TABS):
            if place.evaluate("(element) => element === document.activeElement"):
                return self.sees(place)
            self.page.keyboard.press(key)
        raise AssertionError(f"Tab never comes to {place}")

    def sees(self, place: Locator) -> None:
        """It is in the window, and neither below the bar of buttons nor anything else."""
        covered_by = place.evaluate(
            """(element) => {
              const box = element.getBoundingClientRect()
              const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 12))
              return top && (element.contains(top) || top.contains(element)) ? "" : (top?.outerHTML ?? "the window")
            }"""
        )
        assert not covered_by, f"{place} has the focus and is hidden by {covered_by[:200]}"

    def follow(self, place: Locator, key: str = "Enter") -> None:
        """To where a link or a button leads."""
        self.tab_to(place)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def link(self, name: str) -> None:
        self.follow(self.page.get_by_role("link", name=name, exact=True))

    def button(self, name: str) -> None:
        self.follow(self.page.get_by_role("button", name=name, exact=True))

    def write(self, label: str, text: str, *, before: str = "Control+Home") -> None:
        """Into the field of that name, where the key `before` leads."""
        self.tab_to(self.page.get_by_label(label))
        press(self.page, before)
        self.page.keyboard.type(text)

    def log_in(self, name: str) -> None:
        self.page.goto("/admin/")
        self.write("Username", name)
        self.write("Password", PASSWORD)
        with self.page.expect_navigation():
            press(self.page, "Enter")

    def open_editor(self, name: str) -> None:
        self.page.goto("/admin/content/page/")
        self.tab_to(self.page.locator("#searchbar"))
        self.page.keyboard.type(name)
        with self.page.expect_navigation():
            press(self.page, "Enter")
        self.link(name)
        self.page.wait_for_url("**/change/**")


@pytest.fixture
def people(new_page: Callable[..., Page], site: Site) -> tuple[Keys, Keys]:
    """An editor and a clinical reviewer, each logged in."""
    site.manage("shell", "-v", "0", "-c", MAKE_STAFF + MAKE_PAGE)
    editor, reviewer = Keys(new_page()), Keys(new_page())
    editor.log_in("keys-editor")
    reviewer.log_in("keys-reviewer")
    return editor, reviewer


def test_a_week_by_keyboard_alone(people: tuple[Keys, Keys], new_page: Callable[..., Page]) -> None:
    editor, reviewer = people
    page, visitor = editor.page, new_page()

    # Monday: a draft, and its preview as wide as a phone.
    editor.open_editor("A page for keys")
    editor.write("Short answer", "Above all: safety. ")
    editor.button("Save draft")
    expect(page.get_by_text("The draft below is different")).to_be_visible()
    editor.link("Preview")
    editor.link("As wide as a phone")
    expect(page.frame_locator("iframe").get_by_text("Above all: safety.")).to_be_visible()
    read_anew(visitor, "/keys/")
    expect(visitor.get_by_text("Above all: safety.")).to_have_count(0)

    # Tuesday: published.
    editor.link("Back to the draft")
    editor.button("Save and review before publishing")
    editor.write("What changed?", "Safety first")
    editor.button("Publish this version")
    read_anew(visitor, "/keys/")
    expect(visitor.get_by_text("Above all: safety.")).to_be_visible()

    # Wednesday: a change for tomorrow is scheduled, and called off.
    editor.write("Short answer", "This year, too. ")
    editor.button("Save and review before publishing")
    editor.write("What changed?", "For this year")
    schedule_for_tomorrow(editor)
    editor.button("Publish this version")
    read_anew(visitor, "/keys/")
    expect(visitor.get_by_text("This year, too.")).to_have_count(0)
    editor.link("Call it off")
    editor.follow(page.get_by_role("main").get_by_role("button").last)
    editor.open_editor("A page for keys")
    expect(page.get_by_role("link", name="Call it off")).to_have_count(0)

    # Thursday: two versions compared, and one brought back.
    editor.link("Versions")
    choose(editor, "From version 1")
    choose(editor, "To version 2")
    editor.button("Compare")
    expect(page.locator("ins", has_text="Above all").first).to_be_visible()
    editor.link("Versions")
    editor.link("Bring back version 2")
    editor.follow(page.get_by_role("main").get_by_role("button").last)
    expect(page.get_by_label("Short answer")).to_have_value(re.compile("^Above all: safety."))

    # Friday: a reviewer reads it and signs it.
    reviewer.open_editor("A page for keys")
    reviewer.link("Read and sign it")
    reviewer.tab_to(reviewer.page.get_by_label("I have read this text"))
    press(reviewer.page, "Space")
    reviewer.button("Sign this version")
    read_anew(visitor, "/keys/")
    expect(visitor.get_by_text("a licensed psychologist (keys)")).to_be_visible()

    # Saturday: a letter is corrected, and the reviewer publishes that as minor and signs it in the same step.
    editor.open_editor("A page for keys")
    editor.tab_to(page.get_by_label("Short answer"))
    press(page, "Control+Home", *["ArrowRight"] * len("Above all"), "Delete")
    page.keyboard.type(",")
    editor.button("Save draft")
    reviewer.open_editor("A page for keys")
    reviewer.link("Review it before publishing")
    reviewer.write("What changed?", "A comma")
    reviewer.tab_to(reviewer.page.get_by_label("Minor: only typography has changed"))
    press(reviewer.page, "Space")
    reviewer.button("Publish this version")
    read_anew(visitor, "/keys/")
    expect(visitor.get_by_text("Above all, safety.")).to_be_visible()
    expect(visitor.get_by_text("a licensed psychologist (keys)")).to_be_visible()


def schedule_for_tomorrow(editor: Keys) -> None:
    page = editor.page
    editor.tab_to(page.get_by_role("radio", name="Now"))
    press(page, "ArrowDown")
    expect(page.get_by_role("radio", name="At a later time")).to_be_checked()
    editor.tab_to(page.get_by_label("From ("))
    tomorrow = datetime.now(UTC).astimezone(ZoneInfo("America/New_York")) + timedelta(days=1)
    # As the browser writes it in the United States: a part at a time.
    page.keyboard.type(f"{tomorrow:%m%d%Y}")
    press(page, "ArrowRight")
    page.keyboard.type(f"{tomorrow:%I%M%p}")
    expect(page.get_by_label("From (")).to_have_value(f"{tomorrow:%Y-%m-%dT%H:%M}")


def choose(editor: Keys, name: str) -> None:
    """One of the radio buttons of a group: Tab comes to the one that is chosen, the arrows go on from there."""
    wanted = editor.page.get_by_role("radio", name=name, exact=True)
    group = editor.page.locator(f"input[type=radio][name={wanted.get_attribute('name')}]")
    editor.tab_to(group.and_(editor.page.locator(":checked")))
    for _ in range(group.count()):
        if wanted.is_checked():
            return
        press(editor.page, "ArrowDown")
    raise AssertionError(f"The arrows never come to {name}")
