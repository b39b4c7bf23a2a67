"""The blocks a page is built of: one class a type, and how each freezes.

Blocks of one type that follow each other are shown as one list, row or path: that grouping is the renderer's, because
the editor's rows cannot nest. A new type needs a class here, a template in templates/content/blocks/ and a line in
BLOCK_MODELS.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from content_editor.models import create_plugin_base
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from content.models.page import ONE_LINE_MAX, Page
from content.models.picture import Picture
from content.models.site import LevelOfCare
from content.richtext import RichTextField

PagePlugin = create_plugin_base(Page)
# Between two blocks there is room for more, as content-editor has it.
ORDER_STEP = 10
ONE_AGE_GROUP = [(ages.value, ages.label) for ages in (LevelOfCare.Ages.ADULTS, LevelOfCare.Ages.TEENS)]


class Block(PagePlugin):
    """`uid` stays with a block through moves, versions, restores; `type` and `frozen_fields` make its frozen form."""

    type: ClassVar[str]
    frozen_fields: ClassVar[tuple[str, ...]]

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["ordering", "pk"]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def freeze(self) -> dict[str, Any]:
        """Plain JSON values only; a document of them must mean the same for ever."""
        return {"type": self.type, "uid": str(self.uid)} | {name: getattr(self, name) for name in self.frozen_fields}


class RichText(Block):
    type = "rich_text"
    frozen_fields = ("body",)

    body = RichTextField(
        _("text"), help_text=_("Headings of level 2 become the page’s contents list when there are three or more.")
    )

    class Meta(Block.Meta):
        verbose_name = _("text")
        verbose_name_plural = _("texts")


class ListItem(Block):
    type = "list_item"
    frozen_fields = ("term", "explanation")

    term = models.CharField(_("term"), max_length=ONE_LINE_MAX)
    explanation = RichTextField(
        _("explanation"), brief=True, help_text=_("List items that follow each other are shown as one list.")
    )

    class Meta(Block.Meta):
        verbose_name = _("list item")
        verbose_name_plural = _("list items")


class KeyFact(Block):
    type = "key_fact"
    frozen_fields = ("figure", "label")

    figure = models.CharField(_("figure"), max_length=24, help_text=_("Shown large, such as “3–4 hours”."))
    label = models.CharField(
        _("label"),
        max_length=60,
        help_text=_("What the figure counts. Key facts that follow each other stand in a row."),
    )

    class Meta(Block.Meta):
        verbose_name = _("key fact")
        verbose_name_plural = _("key facts")


class Step(Block):
    type = "step"
    frozen_fields = ("title", "body")

    title = models.CharField(_("title"), max_length=ONE_LINE_MAX)
    body = RichTextField(
        _("text"), brief=True, blank=True, help_text=_("Steps that follow each other are numbered as one path.")
    )

    class Meta(Block.Meta):
        verbose_name = _("step")
        verbose_name_plural = _("steps")


class Question(Block):
    type = "question"
    frozen_fields = ("question", "answer")

    question = models.CharField(_("question"), max_length=200)
    answer = RichTextField(_("answer"), brief=True)

    class Meta(Block.Meta):
        verbose_name = _("question and answer")
        verbose_name_plural = _("questions and answers")


class Callout(Block):
    class Kind(models.TextChoices):
        NOTE = "note", _("Note")
        IMPORTANT = "important", _("Important")

    type = "callout"
    frozen_fields = ("kind", "heading", "body")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.NOTE)
    heading = models.CharField(_("heading"), max_length=ONE_LINE_MAX, blank=True)
    body = RichTextField(_("text"), brief=True)

    class Meta(Block.Meta):
        verbose_name = _("callout")
        verbose_name_plural = _("callouts")


class CareCard(Block):
    class Kind(models.TextChoices):
        NON_URGENT = "non_urgent", _("Non-urgent: talk to someone")
        URGENT = "urgent", _("Urgent: get help today")
        EMERGENCY = "emergency", _("Emergency: call 911 or 988 now")

    type = "care_card"
    frozen_fields = ("kind", "heading", "body")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.NON_URGENT)
    heading = models.CharField(_("heading"), max_length=ONE_LINE_MAX)
    body = RichTextField(_("text"), brief=True)

    class Meta(Block.Meta):
        verbose_name = _("care card")
        verbose_name_plural = _("care cards")


class Image(Block):
    type = "image"
    frozen_fields = ("alt", "is_decorative", "caption")

    picture = models.ForeignKey(Picture, verbose_name=_("picture"), on_delete=models.PROTECT)
    alt = models.CharField(
        _("what it shows"),
        max_length=250,
        blank=True,
        help_text=_("Read aloud to people who cannot see it. Needed, unless the picture is only decoration."),
    )
    is_decorative = models.BooleanField(_("only decoration"), default=False)
    caption = models.CharField(_("caption"), max_length=250, blank=True)

    class Meta(Block.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def clean(self) -> None:
        if not self.alt.strip() and not self.is_decorative:
            raise ValidationError({"alt": _("Say what the picture shows, or tick “only decoration”.")})
        if self.is_decorative:
            self.alt = ""

    def freeze(self) -> dict[str, Any]:
        picture = {"digest": self.picture.digest, "width": self.picture.width, "height": self.picture.height}
        return super().freeze() | {"picture": picture}


class CallToAction(Block):
    type = "call_to_action"
    frozen_fields = ("heading", "text", "label")

    heading = models.CharField(_("heading"), max_length=ONE_LINE_MAX)
    text = models.TextField(_("text"), max_length=300, blank=True)
    label = models.CharField(_("button"), max_length=40, default="Connect with Admissions")
    target = models.ForeignKey(
        Page,
        verbose_name=_("leads to"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Empty: to “Connect with Admissions”."),
    )

    class Meta(Block.Meta):
        verbose_name = _("call to action")
        verbose_name_plural = _("calls to action")

    def freeze(self) -> dict[str, Any]:
        return super().freeze() | {"target": str(self.target.uid) if self.target else None}


class Reference(Block):
    type = "reference"
    frozen_fields = ("citation", "doi", "url", "note")

    citation = models.TextField(_("citation"), max_length=500, help_text=_("Authors, title, journal or law, year."))
    doi = models.CharField(_("DOI"), max_length=100, blank=True, help_text=_("Such as 10.1176/appi.ps.201300249."))
    url = models.URLField(_("address"), max_length=300, blank=True)
    note = models.TextField(
        _("what it supports"), max_length=300, blank=True, help_text=_("What exactly was studied or ruled.")
    )

    class Meta(Block.Meta):
        verbose_name = _("reference")
        verbose_name_plural = _("references")


class LevelsTable(Block):
    type = "levels_of_care"
    frozen_fields = ("heading", "ages")

    heading = models.CharField(_("heading"), max_length=ONE_LINE_MAX)
    ages = models.CharField(
        _("ages"),
        max_length=8,
        blank=True,
        choices=ONE_AGE_GROUP,
        help_text=_("The levels of care are shown side by side as they are set now. Empty: all ages."),
    )

    class Meta(Block.Meta):
        verbose_name = _("table of levels of care")
        verbose_name_plural = _("tables of levels of care")


class Practice(Block):
    """One row of a table "What we do, and what we do not"."""

    type = "practice"
    frozen_fields = ("topic", "we_do", "we_do_not")

    topic = models.CharField(
        _("topic"),
        max_length=ONE_LINE_MAX,
        help_text=_("What programs do differently. Rows that follow each other are one table."),
    )
    we_do = RichTextField(_("we do"), brief=True)
    we_do_not = RichTextField(_("we don’t"), brief=True)

    class Meta(Block.Meta):
        verbose_name = _("what we do and don’t")
        verbose_name_plural = _("what we do and don’t")


class WeekPicture(Block):
    type = "week"
    frozen_fields = ("heading", "kind", "ages")

    heading = models.CharField(_("heading"), max_length=ONE_LINE_MAX)
    kind = models.CharField(
        _("level of care"),
        max_length=12,
        choices=LevelOfCare.Kind.choices,
        default=LevelOfCare.Kind.IOP,
        help_text=_("A week is drawn from the days and hours that this level has now."),
    )
    ages = models.CharField(_("ages"), max_length=8, choices=ONE_AGE_GROUP, default=LevelOfCare.Ages.ADULTS)

    class Meta(Block.Meta):
        verbose_name = _("picture of a week")
        verbose_name_plural = _("pictures of a week")


class LadderPicture(Block):
    type = "ladder"
    frozen_fields = ("heading", "ages")

    heading = models.CharField(_("heading"), max_length=ONE_LINE_MAX)
    ages = models.CharField(
        _("ages"),
        max_length=8,
        choices=ONE_AGE_GROUP,
        default=LevelOfCare.Ages.ADULTS,
        help_text=_("The levels of care are drawn from most to least care as they are set now."),
    )

    class Meta(Block.Meta):
        verbose_name = _("picture of the levels")
        verbose_name_plural = _("pictures of the levels")


class Milestone(Block):
    type = "milestone"
    frozen_fields = ("day", "title", "body")

    day = models.PositiveSmallIntegerField(
        _("day"),
        validators=[MaxValueValidator(730)],
        help_text=_("Counted from the first day, which is 1. Milestones that follow each other are drawn as one line."),
    )
    title = models.CharField(_("title"), max_length=ONE_LINE_MAX)
    body = RichTextField(_("text"), brief=True, blank=True)

    class Meta(Block.Meta):
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")


BLOCK_MODELS: tuple[type[Block], ...] = (
    RichText,
    ListItem,
    KeyFact,
    Step,
    Question,
    Callout,
    CareCard,
    Image,
    CallToAction,
    Reference,
    LevelsTable,
    Practice,
    WeekPicture,
    LadderPicture,
    Milestone,
)
