"""Draft → cleaned → frozen PageVersion → Publication: now, or at a moment to come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content import reviewing, writing_help
from content.blocks import Block
from content.compare.typography import beyond_typography
from content.documents import upgraded
from content.freezing import blocks_of, digest_of, freeze, frozen
from content.models import Cancellation, ClinicalReview, Page, PageVersion, Publication
from content.searching import index as search_index
from content.writing import Finding, Severity


class PublishingRefused(Exception):
    """`problems`: one sentence each, for the editor."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


# --- Versions -------------------------------------------------------------------------------------------------------


def draft_differs_from(page: Page, version: PageVersion | None) -> bool:
    return version is None or not says(version, freeze(page))


def says(version: PageVersion, document: dict[str, Any]) -> bool:
    """Whether `version`, whatever its age, is `document` to the letter."""
    return digest_of(document) in {version.digest, digest_of(upgraded(version.document))}


@transaction.atomic
def keep_version(
    *,
    page: Page,
    by: AbstractUser | None,
    change_note: str = "",
    is_minor: bool = False,
    document: dict[str, Any] | None = None,
) -> PageVersion:
    """The saved draft as a frozen version: the newest one if nothing has changed since, else a new one.

    A minor version is made even so: it is signed in the same step, also by whoever wrote what was kept before.
    `document`: the draft, frozen while the page was locked, if it is known.
    """
    locked = Page.objects.select_for_update().get(pk=page.pk)
    document = document or freeze(locked)
    newest = locked.versions.order_by("-number").first()
    if newest and says(newest, document) and newest.is_minor >= is_minor:
        return newest
    version = PageVersion.objects.create(
        page=locked,
        number=newest.number + 1 if newest else 1,
        document=document,
        digest=digest_of(document),
        change_note=change_note,
        is_minor=is_minor,
        author_ids=sorted({*locked.draft_author_ids, *([by.pk] if by else [])}),
        created_by=by,
    )
    Page.objects.filter(pk=page.pk).update(draft_author_ids=[], draft_digest=version.digest)
    return version


# --- Live, now or later ---------------------------------------------------------------------------------------------


@transaction.atomic
def publish(
    *,
    page: Page,
    by: AbstractUser | None,
    change_note: str = "",
    digest: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Publication:
    """Freeze the saved draft and put it live at `starts_at` (now) until `ends_at` (for ever, until the next one).

    `digest`: of the draft that the editor had on the screen. Raises PublishingRefused with what has to be mended.
    """
    page, document = _ready(page, digest, starts_at, ends_at)
    version = keep_version(page=page, by=by, change_note=change_note, document=document)
    return _put_live(version, by, starts_at, ends_at)


@transaction.atomic
def publish_minor(
    *,
    page: Page,
    by: AbstractUser,
    change_note: str = "",
    digest: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Publication:
    """As `publish`, for a change that is only typography: a reviewer signs the new version in the same step, due on the
    same day as the signature that stands under the live one."""
    page, document = _ready(page, digest, starts_at, ends_at)
    review = renewable_review(page, by)
    if review is None:
        raise PublishingRefused([_("You cannot sign this as a correction of typography. Publish it as a change.")])
    if found := beyond_typography(upgraded(review.version.document), document):
        raise PublishingRefused(
            [
                _("This is more than typography: %(change)s. Publish it as a change; it is reviewed anew.")
                % {"change": found}
            ]
        )
    version = keep_version(page=page, by=by, change_note=change_note, is_minor=True, document=document)
    signature = {"digest": version.digest, "are_references_checked": True, "due_on": review.due_on}
    try:
        reviewing.sign(version=version, by=by, corrects_only=True, **signature)
    except reviewing.SigningRefused as refused:
        raise PublishingRefused([str(refused)]) from refused
    return _put_live(version, by, starts_at, ends_at)


def renewable_review(page: Page, by: AbstractUser) -> ClinicalReview | None:
    """The signature under the live version that `by` may give anew under the draft's corrections, if any."""
    live = Publication.objects.live().filter(page=page).first()
    if live is None or not draft_differs_from(page, live.version):
        return None
    if reviewing.why_not(version=PageVersion(page=page), by=by, corrects_only=True):
        return None
    review = reviewing.standing_review(live.version)
    # The sample's, which nobody gave, says nothing; and one that is due today cannot be given for longer.
    return review if review and review.reviewer_id and review.due_on > reviewing.today() else None


def _ready(
    page: Page, digest: str, starts_at: datetime | None, ends_at: datetime | None
) -> tuple[Page, dict[str, Any]]:
    """The page as it is saved, locked, and its document; raises PublishingRefused."""
    page = Page.objects.select_for_update().get(pk=page.pk)
    blocks = blocks_of(page)
    document = frozen(page, blocks)
    if digest and digest != digest_of(document):
        raise PublishingRefused([_("The draft was changed since you opened this page. Look at it once more.")])
    findings = writing_help.findings_of(document)
    if problems := problems_of(page, findings, blocks) + _time_problems(page, starts_at, ends_at, timezone.now()):
        raise PublishingRefused(problems)
    return page, document


def _put_live(
    version: PageVersion, by: AbstractUser | None, starts_at: datetime | None, ends_at: datetime | None
) -> Publication:
    page, document, now = version.page, upgraded(version.document), timezone.now()
    live = Publication.objects.live(now).filter(page=page).first()
    if starts_at is None and ends_at is None and live and live.version_id == version.pk and live.ends_at is None:
        return live
    publication = Publication.objects.create(
        page=page,
        version=version,
        language=document["language"],
        slug=document["slug"],
        starts_at=starts_at or now,
        ends_at=ends_at,
        published_by=by,
    )
    search_index.bring_up_to_date(page)
    return publication


@transaction.atomic
def take_down(*, page: Page, by: AbstractUser | None) -> Publication | None:
    """From now on the page is not live; None if it was not."""
    live = Publication.objects.live().filter(page=page).first()
    if live is None:
        return None
    return Publication.objects.create(page=page, version=None, language=live.language, slug=live.slug, published_by=by)


@transaction.atomic
def cancel(*, publication: Publication, by: AbstractUser | None) -> None:
    """Call off what has not begun yet; raises PublishingRefused when it has."""
    if publication.starts_at <= timezone.now():
        raise PublishingRefused([_("This has begun already. Publish another version, or take the page down.")])
    Cancellation.objects.get_or_create(publication=publication, defaults={"by": by})


@transaction.atomic
def keep_live(*, publication: Publication, by: AbstractUser | None) -> Publication:
    """The version that is live stays so beyond its end; raises PublishingRefused when it is not live any more."""
    Page.objects.select_for_update().get(pk=publication.page_id)
    if publication not in Publication.objects.live().filter(page=publication.page_id):
        raise PublishingRefused([_("This version is not live any more. Publish it again from the page’s versions.")])
    if publication.ends_at is None:
        return publication
    return _put_live(publication.version, by, None, None)


# --- What stands in the way -----------------------------------------------------------------------------------------


def problems_of(page: Page, findings: list[Finding], blocks: list[Block] | None = None) -> list[str]:
    """What must be mended before this draft can be live, one sentence each; `findings`: of writing help; `blocks`: the
    draft's, if they are known."""
    blocks = blocks_of(page) if blocks is None else blocks
    names = {str(block.uid): name_of(block, number) for number, block in enumerate(blocks, start=1)}
    problems = _field_problems(page, str(page))
    if page.deleted_at is not None:
        problems.append(_("The page is in the trash: bring it back first."))
    if not blocks:
        problems.append(_("The page has no text yet: add at least one block."))
    for block in blocks:
        problems += _field_problems(block, names[str(block.uid)])
    return problems + _address_problems(page) + _writing_problems(findings, str(page), names)


def name_of(block: Block, number: int) -> str:
    """A block as editors are told of it: “Block 3 (text)”."""
    return _("Block %(number)s (%(type)s)") % {"number": number, "type": block}


def _writing_problems(findings: list[Finding], title: str, names: dict[str, str]) -> list[str]:
    # What an image lacks it says itself.
    return [
        f"{names.get(finding.block_uid or '', title)}{_quoted(finding)}: {finding.message}"
        for finding in findings
        if finding.severity == Severity.BLOCKS and finding.rule != "image-alt"
    ]


def _quoted(finding: Finding) -> str:
    """The words in question, unless the message says them."""
    return f", “{finding.excerpt}”" if finding.excerpt and finding.excerpt not in finding.message else ""


def _address_problems(page: Page) -> list[str]:
    """Another page that is live at this address, or will be."""
    live = Publication.objects.live().filter(language=page.language, slug=page.slug)
    coming = Publication.objects.upcoming().filter(language=page.language, slug=page.slug, version__isnull=False)
    other = live.exclude(page=page).first() or coming.exclude(page=page).first()
    if other is None:
        return []
    return [
        _(
            "The address /%(slug)s/ is still used by the live page “%(title)s”."
            " Publish that one under its new address first."
        )
        % {"slug": page.slug, "title": other.version.document["title"]}
    ]


def _time_problems(page: Page, starts_at: datetime | None, ends_at: datetime | None, now: datetime) -> list[str]:
    if starts_at is not None and starts_at < now:
        return [_("The time to go live is in the past. Choose a later one, or publish now.")]
    if ends_at is not None and ends_at <= (starts_at or now):
        return [_("The page would end before it goes live. Choose a later end.")]
    if starts_at is not None and Publication.objects.upcoming(now).filter(page=page, starts_at=starts_at).exists():
        return [_("Another version of this page is to go live at the same moment. Call that off first.")]
    return []


def _field_problems(instance: Page | Block, name: str) -> list[str]:
    try:
        # What is pointed to is there: the database sees to that.
        pointers = [field.name for field in instance._meta.concrete_fields if field.is_relation]
        instance.full_clean(exclude=pointers, validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        return [f"{name}: {message}" for messages in error.message_dict.values() for message in messages]
    return []
