"""Pages of sections, and what the site's enquiry form asks as plain columns."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from admissions.choices import PreferredContact, State, WritingAs


class Page(models.Model):
    title = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    summary = models.TextField()
    is_in_menu = models.BooleanField(default=False)
    order = models.IntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("page", args=[self.slug])


class Section(models.Model):
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="sections")
    heading = models.CharField(max_length=200)
    text = models.TextField()
    order = models.IntegerField(default=0)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.heading


class Level(models.Model):
    name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    class AgeBand(models.TextChoices):
        TEEN = "teen", _("Teen (13–17)")
        ADULT = "adult", _("Adult (18 or older)")

    received_at = models.DateTimeField(auto_now_add=True, db_index=True)
    status = models.CharField(max_length=12, default="new")
    language = models.CharField(max_length=8, default="en")
    writing_as = models.CharField(max_length=20, choices=WritingAs.choices)
    name = models.CharField(max_length=120)
    telephone = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    preferred_contact = models.CharField(max_length=8, choices=PreferredContact.choices)
    safe_contact = models.JSONField(default=list, blank=True)
    best_times = models.JSONField(default=list, blank=True)
    age_band = models.CharField(max_length=8, choices=AgeBand.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    level_of_care = models.ForeignKey(Level, null=True, blank=True, on_delete=models.PROTECT)
    insurer = models.CharField(max_length=120, blank=True)
    message = models.TextField(max_length=2000, blank=True)

    def __str__(self) -> str:
        return self.name
