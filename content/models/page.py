"""Page: the draft that editors work on. Visitors never read it, only what was frozen from it."""

from __future__ import annotations

import re
import uuid

from content_editor.models import Region
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from content.models.language import validate_language

HOME_SLUG = "home"
# First path segments that the site itself answers; those of all languages, also of one that it may have some day.
RESERVED_SLUGS = {
    *LANG_INFO,
    "admin",
    "admissions",
    "crisis",
    "feed",
    "guide",
    "healthz",
    "media",
    "metrics",
    "preview",
    "readyz",
    "search",
    "static",
    "which-level",
}
ONE_LINE_MAX = 120
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def validate_slug_is_free(value: str) -> None:
    if not SLUG.fullmatch(value):
        raise ValidationError(_("Write lower-case words, numbers and single hyphens only, such as first-day."))
    if value in RESERVED_SLUGS:
        raise ValidationError(
            _("“%(slug)s” is an address that the site itself uses. Choose another."), params={"slug": value}
        )


class PageQuerySet(models.QuerySet["Page"]):
    def kept(self) -> PageQuerySet:
        """Those that are not in the trash."""
        return self.filter(deleted_at__isnull=True)

    def in_trash(self) -> PageQuerySet:
        return self.filter(deleted_at__isnull=False)

    def in_guide_order(self) -> PageQuerySet:
        return self.order_by("language", "section", "order", "pk")


class Page(models.Model):
    class Section(models.TextChoices):
        GUIDE = "guide", _("The guide")
        PATH = "path", _("Who it is for (front page)")
        SITE = "site", _("About this site (footer)")

    regions = [Region(key="main", title=_("Page"), inherited=False)]

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=8, default="en", validators=[validate_language])
    title = models.CharField(_("title"), max_length=ONE_LINE_MAX, help_text=_("The heading at the top of the page."))
    slug = models.SlugField(
        _("address"),
        max_length=80,
        validators=[validate_slug_is_free],
        help_text=_("The last part of the page’s web address: lower-case words and hyphens. “home” is the front page."),
    )
    nav_title = models.CharField(
        _("short title"),
        max_length=40,
        blank=True,
        help_text=_("Shown in lists of pages and in the breadcrumb. Leave it empty to use the title."),
    )
    summary = models.TextField(
        _("short answer"),
        max_length=400,
        validators=[MinLengthValidator(20)],
        help_text=_("One to three sentences that answer the page’s question. Readers see it first, above everything."),
    )
    description = models.CharField(
        _("description for search engines"),
        max_length=160,
        blank=True,
        help_text=_("Shown under the title in search results. Leave it empty to use the short answer."),
    )
    section = models.CharField(
        _("part of"),
        max_length=8,
        choices=Section.choices,
        default=Section.GUIDE,
        help_text=_(
            "Pages of the guide follow each other. Those that say who it is for are the front page’s ways in."
            " The others are linked in the footer."
        ),
    )
    order = models.PositiveSmallIntegerField(
        _("order"),
        default=0,
        help_text=_(
            "Lower numbers come first. Readers go from one page of the guide to the next; each hundred is a part of its"
            " own on the front page."
        ),
    )
    related_pages = models.ManyToManyField(
        "self",
        verbose_name=_("related pages"),
        symmetrical=False,
        blank=True,
        help_text=_("Offered under the text. Two to four are enough."),
    )
    is_in_menu = models.BooleanField(
        _("in the menu"),
        default=False,
        db_default=False,
        help_text=_("Linked at the top of every page. Two or three are enough."),
    )
    can_leave_quickly = models.BooleanField(
        _("offer to leave quickly"),
        default=False,
        db_default=False,
        help_text=_(
            "For pages that somebody may read in secret: a link “Leave this page” stands at the top, and browsers keep"
            " no copy."
        ),
    )
    translation_of = models.ForeignKey(
        "self",
        verbose_name=_("translation of"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="translations",
        help_text=_("The page in the site’s first language that says the same. Empty for that page itself."),
    )
    # Of the version of `translation_of` that this page says in its own language; '' while nobody has said which.
    translated_digest = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    # Raised by every save in the editor: a form that was opened before somebody else's save is recognised by it.
    edit_number = models.PositiveIntegerField(default=0, editable=False)
    # Of the draft as the editor saved it last, '' before that: a save that changes nothing makes no author.
    draft_digest = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    draft_author_ids = models.JSONField(default=list, editable=False)
    deleted_at = models.DateTimeField(_("deleted"), null=True, editable=False)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["language", "section", "order", "pk"]
        permissions = [("publish_page", "Can publish pages")]
        constraints = [
            models.UniqueConstraint(
                fields=["language", "slug"],
                condition=models.Q(deleted_at__isnull=True),
                name="page_slug_unique_per_language",
                violation_error_message=_("Another page in this language has this address already."),
            ),
            models.UniqueConstraint(
                fields=["translation_of", "language"],
                condition=models.Q(deleted_at__isnull=True),
                name="page_one_translation_per_language",
                violation_error_message=_("That page has another translation into this language."),
            ),
        ]

    def __str__(self) -> str:
        return self.nav_title or self.title

    def get_absolute_url(self) -> str:
        return path_of(self.slug, self.language)

    def clean(self) -> None:
        """The database's constraints leave out the trash, by a field that no form has: forms would not check them."""
        others = Page.objects.kept().filter(language=self.language, slug=self.slug).exclude(pk=self.pk)
        if self.deleted_at is None and (other := others.first()):
            raise ValidationError(
                {"slug": _("The page “%(page)s” has this address already. Choose another.") % {"page": other}}
            )
        if problem := self.translation_problem():
            raise ValidationError({"translation_of": problem})

    def translation_problem(self) -> str:
        """Why this page cannot be the translation that it says it is; '' when it can."""
        is_first = self.language == settings.LANGUAGE_CODE
        if is_first:
            return str(_("A page in the site’s first language is no translation.")) if self.translation_of else ""
        if self.pk and self.translations.kept().exists():
            return str(_("Other pages are translations of this one, so its language cannot be changed."))
        if self.translation_of is None:
            return ""
        if self.translation_of.language != settings.LANGUAGE_CODE or self.translation_of_id == self.pk:
            return str(_("Choose a page in the site’s first language."))
        others = self.translation_of.translations.kept().filter(language=self.language).exclude(pk=self.pk)
        if self.deleted_at is None and (other := others.first()):
            return str(_("“%(page)s” is the translation of that page into this language already.")) % {"page": other}
        return ""


def path_of(slug: str, language: str) -> str:
    """The path at which a page with this slug is read once it is live: the site's first language has no prefix."""
    # Not reversed: the staff surface speaks of public pages without routing them.
    root = "/" if language == settings.LANGUAGE_CODE else f"/{language}/"
    return root if slug == HOME_SLUG else f"{root}{slug}/"
