"""The words of crisis, for site managers to edit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from content.admin.filters import LanguageFilter
from content.models import CrisisPhrase, SearchEntry
from content.searching.words import crisis_phrases, folded_phrase, readable, stems, stop_words
from iop_site.careful_admin import CarefulAdmin

FEWEST_LETTERS = 3
# Of the pages in its language.
COMMON_FROM_PART = 0.25
HELP = _(
    "Where somebody searches for this or writes it to Admissions, a card with 988 and 911 stands above everything, and"
    " the enquiry is marked urgent. Nothing is ever refused for it. Whole words, in any case and without accents; of"
    " longer ones a letter may be wrong. Rather one too many than one too few."
)
TURN_OFF = _("Take the tick away to switch the phrase off and keep it.")


class CrisisPhraseForm(forms.ModelForm):
    # There is a card in these alone.
    language = forms.ChoiceField(label=_("Language"))

    class Meta:
        model = CrisisPhrase
        fields = ["phrase", "language", "is_active"]
        help_texts = {"phrase": HELP, "is_active": TURN_OFF}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Somebody who may only look has no fields.
        if "language" in self.fields:
            known = crisis_phrases()
            self.fields["language"].choices = [one for one in settings.LANGUAGES if one[0] in known]  # type: ignore[attr-defined]

    def clean_phrase(self) -> str:
        phrase = readable(self.cleaned_data["phrase"])
        if len(folded_phrase(phrase).replace(" ", "")) < FEWEST_LETTERS:
            raise forms.ValidationError(_("Write at least three letters or digits: shorter words are in every text."))
        return phrase

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        phrase, language = cleaned.get("phrase"), cleaned.get("language")
        if not phrase or not language:
            return cleaned
        if folded_phrase(phrase) in stop_words(language):
            self.add_error("phrase", _("This word is in almost every sentence: the card would always be there."))
        others = CrisisPhrase.objects.exclude(pk=self.instance.pk)
        same = others.filter(language=language, folded=folded_phrase(phrase)).first()
        if same:
            text = _("“%(phrase)s” is in the list already, and is read in the same way.")
            self.add_error("phrase", forms.ValidationError(text, code="unique", params={"phrase": same.phrase}))
        return cleaned


@admin.register(CrisisPhrase)
class CrisisPhraseAdmin(CarefulAdmin):
    form = CrisisPhraseForm
    list_display = ["phrase", "language_name", "is_active"]
    list_filter = [LanguageFilter, "is_active"]
    list_per_page = 100
    show_facets = admin.ShowFacets.NEVER
    # By letters alone, as it is read: "autolesion" finds “autolesión”.
    search_fields = ["phrase", "folded"]

    @admin.display(description=_("language"), ordering="language")
    def language_name(self, phrase: CrisisPhrase) -> str:
        return str(dict(settings.LANGUAGES).get(phrase.language, phrase.language))

    def save_model(self, request: HttpRequest, obj: CrisisPhrase, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if obj.is_active and form.has_changed() and (pages := _pages_where_common(obj)):
            text = ngettext(
                "“%(phrase)s” is on %(count)d page of your own: visitors with ordinary questions will see the card too."
                " Is a longer phrase possible?",
                "“%(phrase)s” is on %(count)d pages of your own: visitors with ordinary questions will see the card"
                " too. Is a longer phrase possible?",
                pages,
            )
            messages.warning(request, text % {"phrase": obj.phrase, "count": pages})


def _pages_where_common(phrase: CrisisPhrase) -> int:
    """How many pages of its language, live or scheduled, have it in some form, if those are many; else 0."""
    entries = SearchEntry.objects.filter(version__page__language=phrase.language)
    texts = list(entries.values_list("title", "summary", "headings", "body"))
    wanted = f" {' '.join(stems(phrase.phrase, phrase.language))} "
    found = sum(any(wanted in f" {text} " for text in page) for page in texts)
    return found if found and found >= COMMON_FROM_PART * len(texts) else 0
