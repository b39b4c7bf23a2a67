"""What the page editor needs in the browser beside django-content-editor's own: our scripts, our look, our words."""

from __future__ import annotations

from django.forms import Media
from django.forms.widgets import Script
from django.utils.translation import gettext_lazy as _
from js_asset import JSON

WORDS = {
    # {block} in the others, such as: Key fact “3–4 hours”.
    "named": _("{kind} “{beginning}”"),
    "addAbove": _("Add a block above"),
    "addLast": _("Add a block at the end"),
    "kindsOfBlock": _("Kinds of block"),
    "moveUp": _("Move up"),
    "moveDown": _("Move down"),
    "collapseAll": _("Collapse all blocks"),
    "expandAll": _("Expand all blocks"),
    "added": _("{block} added. It is number {position} of {count}."),
    "moved": _("{block} is now number {position} of {count}."),
    "isFirst": _("{block} is the first block already."),
    "isLast": _("{block} is the last block already."),
    "willBeDeleted": _("{block} will be deleted when you save. Untick the box to keep it."),
    "isKept": _("{block} will be kept."),
    "confirmRemoval": _("Remove {block}? It has not been saved, so its words will be lost."),
    "removed": _("{block} removed. Blocks left: {count}."),
    "formatting": _("Formatting"),
    "textStyle": _("Text style"),
    "otherStyle": _("another"),
    "toolbar": {
        "paragraph": _("Paragraph"),
        "heading2": _("Heading 2"),
        "heading3": _("Heading 3"),
        "bulletList": _("Bulleted list"),
        "orderedList": _("Numbered list"),
        "orderedListProperties": _("Kind of numbering"),
        "blockquote": _("Quotation"),
        "bold": _("Bold"),
        "italic": _("Italic"),
        "link": _("Link"),
        "unlink": _("Remove the link"),
        "history:undo": _("Undo"),
        "history:redo": _("Redo"),
    },
}

MEDIA = Media(
    # The first two are there already, and are named so that ours comes after them.
    css={
        "all": [
            "django_prose_editor/editor.css",
            "content_editor/content_editor.css",
            "css/editor.css",
            "css/editor-menu.css",
            "css/editor-text.css",
        ]
    },
    js=[
        JSON(WORDS, id="editor-words"),
        Script("js/editor-viewer.js", type="module"),
        Script("js/editor-keyboard.js", type="module"),
        Script("js/editor-menu.js", type="module"),
        Script("js/editor-richtext.js", type="module"),
        Script("js/editor-shortcuts.js", type="module"),
    ],
)
