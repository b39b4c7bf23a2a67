"""The forms that an editor posted, as a document and against the rows as they are now. Saves nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet
from django.http import QueryDict

from content.blocks import Block
from content.models import Page
from content.publishing import frozen


class PageForm(forms.ModelForm):
    """Knows whether somebody else has saved the page since this form was opened. Then it is not valid, and says nothing
    about it: nothing in it is wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_stale = self.is_bound and is_from_before(self.data, self.instance)
        # The number that the conflict's page showed: what is to be saved over was seen.
        self.is_overwriting = is_stale and self.data.get("_overwrite") == str(self.instance.edit_number)
        self.has_conflict = is_stale and not self.is_overwriting

    def is_valid(self) -> bool:
        return super().is_valid() and not self.has_conflict


def is_from_before(data: Mapping[str, Any], page: Page) -> bool:
    """Whether the page was saved after the form was opened that posted `data`."""
    return not page._state.adding and data.get("edit_number") != str(page.edit_number)


def document_of(form: PageForm, formsets: Iterable[BaseInlineFormSet]) -> dict[str, Any]:
    """What the page would say if these forms, which are free of errors, were saved."""
    blocks: list[Block] = []
    for formset in formsets:
        deleted = formset.deleted_forms
        kept = [block_form for block_form in formset.forms if block_form not in deleted]
        blocks += [form.instance for form in kept if form.has_changed() or not form.instance._state.adding]
    blocks.sort(key=lambda block: block.ordering)
    return frozen(form.instance, blocks, sorted(str(page.uid) for page in form.cleaned_data["related_pages"]))


def opened_document(page: Page, formsets: Iterable[BaseInlineFormSet]) -> dict[str, Any]:
    """What the page says in forms that were only opened: exactly what its editor begins with."""
    blocks = [form.instance for formset in formsets for form in formset.initial_forms]
    blocks.sort(key=lambda block: block.ordering)
    return frozen(page, blocks, sorted(str(uid) for uid in page.related_pages.values_list("uid", flat=True)))


# --- Blocks whose rows are others by now ------------------------------------------------------------------------------


def lead_to_rows(data: QueryDict, prefix: str, rows: Mapping[str, int]) -> None:
    """Send the posted blocks of one kind, in `data`, to the rows that have their uid now (uid → primary key).

    Blocks whose row is gone become new ones, behind the others, unless they were to be deleted anyway. Without this a
    form that was opened before a restore, or before somebody removed a block, could never be saved.
    """
    found, others, taken = [], [], set()
    for fields in _taken_out(data, prefix):
        row = rows.get(fields.get("block_uid", [""])[-1])
        if row and row not in taken:
            taken.add(row)
            found.append(fields | {"id": [str(row)]})
        elif "DELETE" not in fields:
            others.append(fields | {"id": [""]})
    for number, fields in enumerate(found + others):
        for name, values in fields.items():
            data.setlist(f"{prefix}-{number}-{name}", values)
    data[f"{prefix}-INITIAL_FORMS"] = str(len(found))
    data[f"{prefix}-TOTAL_FORMS"] = str(len(found) + len(others))


_number = re.compile(r"-([0-9]{1,6})-(\w+)$")


def _taken_out(data: QueryDict, prefix: str) -> list[dict[str, list[str]]]:
    """In the order of their numbers in the form, which they leave: field → values."""
    blocks: dict[int, dict[str, list[str]]] = {}
    for name in [name for name in data if name.startswith(prefix)]:
        if match := _number.match(name.removeprefix(prefix)):
            blocks.setdefault(int(match[1]), {})[match[2]] = data.pop(name)
    return [blocks[number] for number in sorted(blocks)]
