"""Pictures: uploaded once, then only chosen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from content import pictures
from content.models import Picture
from content.models.picture import thumbnail_of
from iop_site.careful_admin import CarefulAdmin


class PictureForm(forms.ModelForm):
    file = forms.FileField(
        label=_("file"), help_text=_("A JPEG, PNG or WebP file of at most 15 MB and 25 million pixels.")
    )

    class Meta:
        model = Picture
        fields = ["name"]

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        pictures.read(upload, upload.size)
        upload.seek(0)
        return upload


@admin.register(Picture)
class PictureAdmin(CarefulAdmin):
    form = PictureForm
    list_display = ["thumbnail", "name", "width", "height", "created_at"]
    list_display_links = ["thumbnail", "name"]
    search_fields = ["name"]

    @admin.display(description=_("picture"))
    def thumbnail(self, picture: Picture) -> str:
        return format_html('<img class="thumbnail" src="{}" alt="" loading="lazy">', thumbnail_of(picture))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Picture, form: forms.ModelForm, change: bool) -> None:
        upload = form.cleaned_data["file"]
        obj.pk = pictures.store(upload, size=upload.size, name=obj.name).pk
        obj.refresh_from_db()
