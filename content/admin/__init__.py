"""The editors' desk, a file a noun."""

from content.admin.crisis_phrase import CrisisPhraseAdmin
from content.admin.page import PageAdmin
from content.admin.picture import PictureAdmin
from content.admin.review import ClinicalReviewAdmin, ReviewerProfileAdmin
from content.admin.site import LevelOfCareAdmin, SiteSettingsAdmin
from content.admin.version import PageVersionAdmin, PublicationAdmin
from content.admin.writing_rule import WritingRuleAdmin

__all__ = [
    "ClinicalReviewAdmin",
    "CrisisPhraseAdmin",
    "LevelOfCareAdmin",
    "PageAdmin",
    "PageVersionAdmin",
    "PictureAdmin",
    "PublicationAdmin",
    "ReviewerProfileAdmin",
    "SiteSettingsAdmin",
    "WritingRuleAdmin",
]
