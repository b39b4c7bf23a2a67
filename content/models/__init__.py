"""What the public reads: the draft, its blocks, the frozen versions, and what is live."""

from content.blocks import (
    BLOCK_MODELS,
    CallToAction,
    Callout,
    CareCard,
    Image,
    KeyFact,
    LevelsTable,
    ListItem,
    Question,
    Reference,
    RichText,
    Step,
)
from content.models.page import HOME_SLUG, Page
from content.models.picture import Picture
from content.models.site import LevelOfCare, OfficeHours, SiteSettings
from content.models.version import PageVersion, Publication

__all__ = [
    "BLOCK_MODELS",
    "HOME_SLUG",
    "CallToAction",
    "Callout",
    "CareCard",
    "Image",
    "KeyFact",
    "LevelOfCare",
    "LevelsTable",
    "ListItem",
    "OfficeHours",
    "Page",
    "PageVersion",
    "Picture",
    "Publication",
    "Question",
    "Reference",
    "RichText",
    "SiteSettings",
    "Step",
]
