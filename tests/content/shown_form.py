"""The page editor's form read from its HTML: all that a browser would send, hidden fields included."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse

NOT_SENT = {"submit", "button", "image", "reset", "file"}


class _Reader(HTMLParser):
    """Collects what a browser would send of the editor's form."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, Any] = {}
        self._textarea: str | None = None
        self._text = ""
        self._select = ""
        self._is_multiple = False
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self._is_inside = given.get("id") == "page_form"
        if tag == "select":
            self._select = "" if "__prefix__" in name else name
            self._is_multiple = "multiple" in given
        if not self._is_inside or "__prefix__" in name:
            return
        if tag == "input" and name and given.get("type", "text") not in NOT_SENT:
            if given.get("type") not in {"checkbox", "radio"} or "checked" in given:
                self.fields[name] = given.get("value") or ""
        elif tag == "textarea":
            self._textarea, self._text = name, ""
        elif tag == "option" and self._select:
            self._read_option(given.get("value") or "", "selected" in given)

    def _read_option(self, value: str, is_selected: bool) -> None:
        if self._is_multiple and is_selected:
            self.fields.setdefault(self._select, []).append(value)
        elif not self._is_multiple and (is_selected or self._select not in self.fields):
            # A browser sends the first one where none is chosen.
            self.fields[self._select] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False
        if tag == "textarea" and self._textarea:
            self.fields[self._textarea] = self._text.removeprefix("\n").replace("\n", "\r\n")
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._text += data


def form_of(response: HttpResponse) -> dict[str, Any]:
    """The fields of the editor's form as they would be sent; the buttons are for the test to press."""
    reader = _Reader()
    reader.feed(response.content.decode())
    reader.close()
    assert reader.fields, "no form of the page editor here"
    return reader.fields


def prefix_of(model: type) -> str:
    return f"content_{model._meta.model_name}_set"


def add_to(form: dict[str, Any], model: type, **fields: Any) -> None:
    """A new block of this kind at the end of the page."""
    prefix = prefix_of(model)
    number = int(form[f"{prefix}-TOTAL_FORMS"])
    form[f"{prefix}-TOTAL_FORMS"] = number + 1
    values = {"id": "", "region": "main", "ordering": 9000 + number, "block_uid": ""} | fields
    form |= {f"{prefix}-{number}-{name}": value for name, value in values.items()}
    form[f"{prefix}-{number}-parent"] = form.get(f"{prefix}-0-parent", "")
