"""What the public reads: the draft, its blocks, the frozen versions, and what is live."""

from content.blocks import (
    BLOCK_MODELS,
    Callout,
    CallToAction,
    CareCard,
    Image,
    KeyFact,
    LadderPicture,
    LevelsTable,
    ListItem,
    Milestone,
    Practice,
    Question,
    Reference,
    RichText,
    Step,
    WeekPicture,
)
from content.models.crisis_phrase import CrisisPhrase
from content.models.desk import EditorPresence, PreviewLink
from content.models.page import HOME_SLUG, Page
from content.models.picture import Picture
from content.models.review import ClinicalReview, ReviewerProfile, ReviewerRole, ReviewReminder, ReviewWithdrawal
from content.models.revision import Revision
from content.models.search import SearchEntry, SearchTrigram
from content.models.site import LevelOfCare, LevelText, OfficeHours, SiteSettings, SiteText
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
    "CrisisPhrase",
    "EditorPresence",
    "Image",
    "KeyFact",
    "LadderPicture",
    "LevelOfCare",
    "LevelText",
    "LevelsTable",
    "ListItem",
    "Milestone",
    "OfficeHours",
    "Page",
    "PageVersion",
    "Picture",
    "Practice",
    "PreviewLink",
    "Publication",
    "Question",
    "Reference",
    "ReviewReminder",
    "ReviewWithdrawal",
    "ReviewerProfile",
    "ReviewerRole",
    "Revision",
    "RichText",
    "SearchEntry",
    "SearchTrigram",
    "SiteSettings",
    "SiteText",
    "Step",
    "WeekPicture",
    "WritingRule",
]
