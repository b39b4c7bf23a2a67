"""A frozen version → the draft again, whole: fields, blocks with their ids, pictures, related pages."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.blocks import BLOCK_MODELS, ORDER_STEP, Block
from content.documents import upgraded
from content.freezing import COPIED_FIELDS, digest_of, freeze
from content.models import Page, PageVersion, Picture
from content.publishing import keep_version
from content.reviewing import authors_of

BLOCK_BY_TYPE = {model.type: model for model in BLOCK_MODELS}


class RestoreRefused(Exception):
    """Why this version cannot be brought back, in a sentence."""


@transaction.atomic
def restore(*, version: PageVersion, by: AbstractUser | None) -> Page:
    """The page's draft is `version` again. What the draft was is kept as a version of its own first.

    Raises RestoreRefused when the version's address is another page's by now or a picture of it is gone.
    """
    page = Page.objects.select_for_update().get(pk=version.page_id)
    note = _("Kept before version %(number)s was restored") % {"number": version.number}
    keep_version(page=page, by=by, change_note=note)
    fill(page, upgraded(version.document))
    Page.objects.filter(pk=page.pk).update(
        draft_author_ids=sorted(authors_of(version)), draft_digest=digest_of(freeze(page)), updated_at=timezone.now()
    )
    return page


def fill(page: Page, document: dict[str, Any]) -> None:
    """Make the draft `page` say what `document` says; the inverse of `freezing.freeze`."""
    taken = Page.objects.kept().filter(language=document["language"], slug=document["slug"]).exclude(pk=page.pk)
    if other := taken.first():
        raise RestoreRefused(
            _("The address /%(slug)s/ belongs to the page “%(page)s” now. Change one of the two first.")
            % {"slug": document["slug"], "page": other}
        )
    for name in COPIED_FIELDS:
        setattr(page, name, document[name])
    # As with a block's target: what is gone is no translation of anything.
    page.translation_of = Page.objects.filter(uid=document["translation_of"]).first()
    if problem := page.translation_problem():
        raise RestoreRefused(problem)
    page.edit_number += 1
    page.save()
    page.related_pages.set(Page.objects.filter(uid__in=document["related"]))
    _replace_blocks(page, document["blocks"])


def _replace_blocks(page: Page, blocks: list[dict[str, Any]]) -> None:
    """Two queries a block type, whatever the number of blocks."""
    pages, pictures = _referred(blocks)
    made: dict[type[Block], list[Block]] = {model: [] for model in BLOCK_MODELS}
    for number, frozen in enumerate(blocks, start=1):
        model = BLOCK_BY_TYPE[frozen["type"]]
        values: dict[str, Any] = {name: frozen[name] for name in model.frozen_fields}
        if frozen.get("target"):
            # A page that is gone leaves the link to Admissions, as deleting it would have.
            values["target"] = pages.get(frozen["target"])
        if "picture" in frozen:
            digest = frozen["picture"]["digest"]
            if digest not in pictures:
                raise RestoreRefused(_("A picture of that version is not in the library any more."))
            values["picture"] = pictures[digest]
        block = model(parent=page, region="main", ordering=number * ORDER_STEP, uid=frozen["uid"], **values)
        made[model].append(block)
    for model, instances in made.items():
        model.objects.filter(parent=page).delete()
        model.objects.bulk_create(instances)


def _referred(blocks: list[dict[str, Any]]) -> tuple[dict[str, Page], dict[str, Picture]]:
    """The pages by uid and pictures by digest that `blocks` name; two queries."""
    targets = {block["target"] for block in blocks if block.get("target")}
    digests = {block["picture"]["digest"] for block in blocks if "picture" in block}
    pages = {str(page.uid): page for page in Page.objects.filter(uid__in=targets)}
    return pages, {picture.digest: picture for picture in Picture.objects.filter(digest__in=digests)}
