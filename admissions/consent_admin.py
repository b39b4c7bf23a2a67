"""What visitors agree to, for site managers: the words in use, and a new version of them. admin/ imports it.

Nothing is edited and nothing deleted: whoever ticked a box agreed to the words that stood beside it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from admissions import consents
from admissions.choices import ConsentChannel
from admissions.forms import EnquiryForm
from admissions.models import ConsentWording
from content import published
from iop_site.careful_admin import CarefulAdmin

QUESTION = EnquiryForm.base_fields["consent"].label


class ConsentWordingForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = ConsentWording
        fields = ["channel", "language", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "text": _(
                "It stands beside a box that may be left empty, under “%(question)s”. Say what you will do, that it may"
                " be automatic or cost something if so, and how to stop it. It is in use as soon as you save it, and"
                " cannot be changed then: a newer version can take its place."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Somebody who only looks has no fields.
        if "text" in self.fields:
            self.fields["text"].help_text = str(self.fields["text"].help_text) % {"question": QUESTION}

    def clean_text(self) -> str:
        text = " ".join(self.cleaned_data["text"].split())
        if not text:
            raise forms.ValidationError(_("Write what the visitor agrees to."))
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if {"channel", "language", "text"} <= cleaned.keys():
            same = (one.text for one in _in_use(cleaned["language"]) if one.channel == cleaned["channel"])
            if cleaned["text"] in same:
                self.add_error("text", _("These are the words that are in use already."))
        return cleaned


@admin.register(ConsentWording)
class ConsentWordingAdmin(CarefulAdmin):
    form = ConsentWordingForm
    list_display = ["text", "channel", "language_name", "since_at", "is_in_use"]
    list_display_links = ["text"]
    list_per_page = 50
    sortable_by: tuple[str, ...] = ()
    empty_value_display = ""
    actions = None
    fields = ["channel", "language", "text"]

    class Media:
        css = {"all": ["css/admin-consent.css"]}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new version begins with the words that it takes the place of."""
        initial = {name: request.GET[name] for name in ("channel", "language") if name in request.GET}
        if initial.get("language") in dict(settings.LANGUAGES):
            words = {one.channel: one.text for one in _in_use(initial["language"])}
            initial["text"] = words.get(initial.get("channel", ""), "")
        return initial

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"in_use": _in_use_by_language(), "may_add": self.has_add_permission(request)}
        return super().changelist_view(request, context | (extra_context or {}))

    @admin.display(description=_("language"), ordering="language")
    def language_name(self, row: ConsentWording) -> str:
        return str(dict(settings.LANGUAGES).get(row.language, row.language))

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConsentWording]:
        newest = ConsentWording.objects.filter(channel=OuterRef("channel"), language=OuterRef("language"))
        newest = newest.order_by("-since_at", "-pk").values("pk")[:1]
        return super().get_queryset(request).annotate(newest=Subquery(newest))

    @admin.display(description=_("in use"))
    def is_in_use(self, row: Any) -> str:
        return gettext("now") if row.newest == row.pk else ""


def _in_use(language: str) -> list[consents.Wording]:
    """As they stand in the database: a moment may end half a second after what was saved."""
    with published.reading(None):
        return consents.in_use(language)


def _in_use_by_language() -> list[dict[str, Any]]:
    """By language: its code and name, and for each channel the words, and whether staff have set them."""
    labels = dict(ConsentChannel.choices)
    return [
        {
            "code": code,
            "name": gettext(str(name)),
            "wordings": [
                {
                    "channel": one.channel,
                    "label": labels[one.channel],
                    "text": one.text,
                    "is_built_in": one.pk == consents.BUILT_IN,
                }
                for one in _in_use(code)
            ],
        }
        for code, name in settings.LANGUAGES
    ]
