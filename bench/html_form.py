"""What a browser would send back of a form in a page."""

from __future__ import annotations

from html.parser import HTMLParser


class HtmlForm(HTMLParser):
    """`data` of the form that has the attribute `name`=`value`, such as id=page_form."""

    def __init__(self, html: str, *, name: str = "id", value: str = "page_form") -> None:
        super().__init__()
        self.data: dict[str, str] = {}
        self.wanted = name, value
        self.is_inside = False
        self.name = self.text = self.select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        name = values.get("name") or ""
        self.is_inside = self.is_inside or (tag == "form" and self.wanted in attributes)
        if not self.is_inside:
            return
        if tag == "input" and name and values.get("type") not in {"submit", "button", "file"}:
            if values.get("type") not in {"checkbox", "radio"} or "checked" in values:
                self.data[name] = values.get("value") or ""
        elif tag == "textarea":
            self.name, self.text = name, ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in values:
            self.data[self.select] = values.get("value") or ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.name:
            self.data[self.name], self.name = self.text.removeprefix("\n"), ""
        elif tag == "form":
            self.is_inside = False
