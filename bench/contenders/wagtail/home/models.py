"""Over what `wagtail start` wrote: a page of headings and paragraphs, as Wagtail's documentation shows it."""

from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page


class HomePage(Page):
    pass


class TextPage(Page):
    intro = RichTextField(blank=True)
    body = StreamField([("heading", blocks.CharBlock()), ("paragraph", blocks.RichTextBlock())])

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
