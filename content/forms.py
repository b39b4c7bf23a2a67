"""The form field of rich text: where what editors type becomes what is stored. Imports the editor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django_prose_editor.fields import ProseEditorFormField

from content import links


class RichTextFormField(ProseEditorFormField):
    """Editors see and type the addresses of pages; what is stored names the pages themselves (see content.links)."""

    def __init__(self, *args: Any, clean_html: Callable[[str], str], **kwargs: Any) -> None:
        self.clean_html = clean_html
        super().__init__(*args, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return links.to_shown(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> str:
        return links.to_stored(self.clean_html(super().to_python(value)))
