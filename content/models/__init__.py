"""What the public reads: the draft, its blocks, the frozen versions, and what is live."""

from content.blocks import (
    BLOCK_MODELS,
    Callout,
    CallToAction,
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
from content.models.desk import EditorPresence, MovedAddress, PreviewLink
from content.models.page import HOME_SLUG, Page
from content.models.picture import Picture
from content.models.review import ClinicalReview, ReviewerProfile, ReviewReminder, ReviewWithdrawal
from content.models.site import LevelOfCare, OfficeHours, SiteSettings
from content.models.version import Cancellation, PageVersion, Publication
from content.models.writing_rule import WritingRule

__all__ = [
    "BLOCK_MODELS",
    "HOME_SLUG",
    "CallToAction",
    "Callout",
    "Cancellation",
    "CareCard",
    "ClinicalReview",
    "EditorPresence",
    "Image",
    "KeyFact",
    "LevelOfCare",
    "LevelsTable",
    "ListItem",
    "MovedAddress",
    "OfficeHours",
    "Page",
    "PageVersion",
    "Picture",
    "PreviewLink",
    "Publication",
    "Question",
    "Reference",
    "ReviewReminder",
    "ReviewWithdrawal",
    "ReviewerProfile",
    "RichText",
    "SiteSettings",
    "Step",
    "WritingRule",
]
