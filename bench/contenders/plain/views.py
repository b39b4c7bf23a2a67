from __future__ import annotations

from typing import Any

import phonenumbers
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse_lazy
from django.views.generic import CreateView

from admissions.choices import BestTime, PreferredContact, SafeContact
from bench.contenders.plain.models import Contact, Page


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"")


def page(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(Page, slug=slug)
    context = {
        "page": shown,
        "sections": shown.sections.all(),
        "menu": Page.objects.filter(is_in_menu=True),
        "others": Page.objects.exclude(pk=shown.pk)[:3],
    }
    return render(request, "plain/page.html", context)


class ContactForm(forms.ModelForm):
    """The site's questions with its choices, and what it checks of how somebody can be reached."""

    safe_contact = forms.MultipleChoiceField(
        choices=SafeContact.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    best_times = forms.MultipleChoiceField(
        choices=BestTime.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Contact
        exclude = ("status", "language")  # noqa: DJ006 -- as many write it

    def clean_telephone(self) -> str:
        text = self.cleaned_data["telephone"]
        if not text:
            return ""
        try:
            number = phonenumbers.parse(text, "US")
        except phonenumbers.NumberParseException as error:
            raise forms.ValidationError("Please write a telephone number.") from error
        if not phonenumbers.is_possible_number(number):
            raise forms.ValidationError("Please write a telephone number.")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        preferred, telephone, email = (cleaned.get(name) for name in ("preferred_contact", "telephone", "email"))
        if not telephone and not email:
            raise forms.ValidationError("Please write a telephone number or an e-mail address.")
        if not (email if preferred == PreferredContact.EMAIL else telephone):
            raise forms.ValidationError("Please write how we can reach you that way.")
        return cleaned


class ContactView(CreateView):
    form_class = ContactForm
    template_name = "plain/contact.html"
    success_url = reverse_lazy("thanks")


def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "plain/thanks.html")
