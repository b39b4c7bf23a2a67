"""Rich text: what editors may write, and the one place where HTML is cleaned.

The editor's buttons and the sanitiser's allow-list stand side by side here so that they cannot drift apart.
Imports the editor only when a form asks for it: the public surface never does.
"""

from __future__ import annotations

import re
from typing import Any

import nh3
from django.db import models

# "page": a link to a page of this site, by its uid (content.links).
LINK_SCHEMES = {"https", "http", "mailto", "tel", "sms", "page"}

BODY_EXTENSIONS: dict[str, Any] = {
    "Heading": {"levels": [2, 3]},
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Link": {"enableTarget": False, "protocols": sorted(LINK_SCHEMES)},
    "HardBreak": True,
    # Editors want their spelling checked; nothing in a page is secret.
    "NoSpellCheck": False,
}
# Inside a block that has a heading of its own.
BRIEF_EXTENSIONS: dict[str, Any] = {
    name: options for name, options in BODY_EXTENSIONS.items() if name not in {"Heading", "Blockquote"}
}

BRIEF_TAGS = {"p", "strong", "em", "ul", "ol", "li", "a", "br"}
BODY_TAGS = BRIEF_TAGS | {"h2", "h3", "blockquote"}
# The fields of a frozen block that are HTML.
RICH_FIELDS = {
    "rich_text": ("body",),
    "list_item": ("explanation",),
    "step": ("body",),
    "question": ("answer",),
    "callout": ("body",),
    "care_card": ("body",),
    "practice": ("we_do", "we_do_not"),
    "milestone": ("body",),
}

# What other programs call the same thing; anything else that is not allowed loses its tag and keeps its words.
SYNONYMS = {"b": "strong", "i": "em", "h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3", "div": "p"}
_synonym = re.compile(r"<(/?)(b|i|h1|h4|h5|h6|div)(?=[\s>])", re.IGNORECASE)
_blank = re.compile(r"\s*(<p>(\s|&nbsp;|<br>)*</p>\s*)*")


def clean_html(html: str, *, tags: set[str]) -> str:
    """`html` reduced to `tags` and to links with a known scheme; '' when nothing but blank paragraphs is left."""
    html = html.replace("\x00", "")
    html = _synonym.sub(lambda match: f"<{match[1]}{SYNONYMS[match[2].lower()]}", html)
    cleaned = nh3.clean(
        html, tags=tags, attributes={"a": {"href"}}, url_schemes=LINK_SCHEMES, link_rel=None, strip_comments=True
    )
    return "" if _blank.fullmatch(cleaned) else cleaned


class RichTextField(models.TextField):
    """HTML that is clean in the database, whichever way it came: form, model, import or QuerySet.update()."""

    def __init__(self, *args: Any, brief: bool = False, **kwargs: Any) -> None:
        self.brief = brief
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        if self.brief:
            kwargs["brief"] = True
        return name, path, args, kwargs

    def clean_value(self, value: Any) -> Any:
        return clean_html(value, tags=BRIEF_TAGS if self.brief else BODY_TAGS) if isinstance(value, str) else value

    def to_python(self, value: Any) -> Any:
        return self.clean_value(super().to_python(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.clean_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return super().get_db_prep_save(self.clean_value(value), connection)

    def formfield(self, **kwargs: Any) -> Any:
        from content.forms import RichTextFormField

        config = {"extensions": BRIEF_EXTENSIONS if self.brief else BODY_EXTENSIONS}
        own = {"form_class": RichTextFormField, "clean_html": self.clean_value, "config": config}
        return super().formfield(**(own | kwargs))
