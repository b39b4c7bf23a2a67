"""What the head of a page needs for those who read it from elsewhere."""

from __future__ import annotations

from django import template

from content.findable.share_image import share_image_url

register = template.Library()
register.simple_tag(share_image_url)
