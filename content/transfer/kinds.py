"""What an export carries, in an order in which every row comes after those that it points to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth import get_user_model
from django.db import models

from content.models import (
    BLOCK_MODELS,
    Cancellation,
    ClinicalReview,
    CrisisPhrase,
    EditorPresence,
    LevelOfCare,
    LevelText,
    OfficeHours,
    Page,
    PageVersion,
    Picture,
    PreviewLink,
    Publication,
    ReviewerProfile,
    ReviewerRole,
    ReviewReminder,
    ReviewWithdrawal,
    Revision,
    SearchEntry,
    SearchTrigram,
    SiteSettings,
    SiteText,
    WritingRule,
)

# JSON fields that hold the primary keys of people.
PEOPLE_FIELDS = {"author_ids", "draft_author_ids"}


@dataclass(frozen=True)
class Kind:
    """The rows of one model, which keep their primary keys. `is_told`: whether people are told how many there were."""

    name: str
    model: type[models.Model]
    is_told: bool = False

    @property
    def member(self) -> str:
        return f"{self.name}.jsonl"

    @cached_property
    def fields(self) -> tuple[models.Field, ...]:
        return tuple(field for field in self.model._meta.concrete_fields if not field.primary_key)


KINDS = (
    Kind("site_settings", SiteSettings),
    Kind("site_texts", SiteText),
    Kind("office_hours", OfficeHours),
    Kind("levels_of_care", LevelOfCare, is_told=True),
    Kind("level_texts", LevelText),
    Kind("writing_rules", WritingRule, is_told=True),
    Kind("crisis_phrases", CrisisPhrase, is_told=True),
    Kind("pictures", Picture, is_told=True),
    Kind("pages", Page, is_told=True),
    Kind("related_pages", Page.related_pages.through),
    *(Kind(f"blocks_{model.type}", model) for model in BLOCK_MODELS),
    Kind("versions", PageVersion, is_told=True),
    Kind("publications", Publication, is_told=True),
    Kind("cancellations", Cancellation),
    Kind("reviews", ClinicalReview, is_told=True),
    Kind("review_withdrawals", ReviewWithdrawal),
    Kind("review_reminders", ReviewReminder),
)
# The other models of this app, and why they stay where they are.
LEFT_OUT = {
    PreviewLink: "opens a draft to whoever has the link",
    EditorPresence: "is true for a minute",
    ReviewerProfile: "belongs to an account, as its password and its roles do",
    ReviewerRole: "belongs to that profile",
    SearchEntry: "is made from the versions",
    SearchTrigram: "is made from the versions",
    Revision: "says whether this database has changed",
}


def is_person(field: models.Field) -> bool:
    return field.is_relation and field.related_model is get_user_model()
