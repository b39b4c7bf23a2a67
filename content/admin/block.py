"""A block in the editor: its form, and where that stands in the page's."""

from __future__ import annotations

from typing import Any

from content_editor.admin import ContentEditorInline
from django import forms
from django.http import HttpRequest

from content.admin.chosen import ChosenForm, ChosenInline
from content.models import Page


class UidField(forms.UUIDField):
    """Changes nothing by itself, but a block that had a row once is one that is to be kept."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not initial and bool(data)


class BlockForm(ChosenForm):
    """Carries the block's uid: the block is known by it when its row was deleted or restored by somebody else."""

    # Not called like the model's own field, which no form may change.
    block_uid = UidField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial["block_uid"] = self.instance.uid

    def clean_block_uid(self) -> Any:
        """A new row may take the uid of one that is gone; a stored one keeps its own."""
        uid, model = self.cleaned_data["block_uid"], type(self.instance)
        if uid and self.instance._state.adding and not model.objects.filter(uid=uid).exists():
            self.instance.uid = uid
        return self.instance.uid


class BlockInline(ChosenInline, ContentEditorInline):
    form = BlockForm

    def get_fields(self, request: HttpRequest, obj: Page | None = None) -> list[str]:
        fields = super().get_fields(request, obj)
        # Those who may only look would see it as a row without a value.
        return fields if self.has_change_permission(request, obj) else [one for one in fields if one != "block_uid"]
