"""The editors' desk, a file a noun."""

from content.admin.page import PageAdmin
from content.admin.picture import PictureAdmin
from content.admin.site import LevelOfCareAdmin, SiteSettingsAdmin
from content.admin.version import PageVersionAdmin, PublicationAdmin

__all__ = [
    "LevelOfCareAdmin",
    "PageAdmin",
    "PageVersionAdmin",
    "PictureAdmin",
    "PublicationAdmin",
    "SiteSettingsAdmin",
]
