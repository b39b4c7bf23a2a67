"""The word lists of the writing help, for site managers to edit."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from content.admin.filters import LanguageFilter
from content.models import WritingRule
from iop_site.careful_admin import CarefulAdmin


class WritingRuleForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = WritingRule
        fields = ["kind", "language", "phrase", "suggestion", "is_active"]
        help_texts = {
            "suggestion": _(
                "What to write instead. Wording without a suggestion is an exception: it is not pointed out, though it"
                " has words in it that are."
            )
        }

    def clean_phrase(self) -> str:
        phrase: str = " ".join(self.cleaned_data["phrase"].split())
        if not phrase.replace("*", "").strip():
            raise forms.ValidationError(_("Write at least one word: an asterisk alone would be every word."))
        return phrase


@admin.register(WritingRule)
class WritingRuleAdmin(CarefulAdmin):
    form = WritingRuleForm
    list_display = ["phrase", "suggestion", "kind", "language", "is_active"]
    # Wording first: it is what people come to edit.
    ordering = ["language", "-kind", "phrase"]
    list_filter = ["kind", LanguageFilter, "is_active"]
    list_per_page = 100
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["phrase", "suggestion"]
