from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse_lazy
from django.views.generic import CreateView

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
    class Meta:
        model = Contact
        exclude = ("status", "language")  # noqa: DJ006 -- as many write it


class ContactView(CreateView):
    form_class = ContactForm
    template_name = "plain/contact.html"
    success_url = reverse_lazy("thanks")


def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "plain/thanks.html")
