"""The content security policies: what a page may load, and from where. Imports nothing of the admin.

Nothing inline runs, and nothing is evaluated. The page editor alone needs three exceptions, each the hash of one exact
text: its import map, which is computed from the form that is being shown, and two style sheets that its scripts
write into the page. Those two change with an upgrade of the editor or of its language; tests/browser/test_csp.py fails
then and names the new hash.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from django.http import HttpResponse

Policy = dict[str, str]

SELF = "'self'"
NONE = "'none'"

PUBLIC: Policy = {
    "default-src": NONE,
    "script-src": SELF,
    "style-src": SELF,
    "img-src": SELF,
    "manifest-src": SELF,
    "connect-src": SELF,
    "form-action": SELF,
    "base-uri": NONE,
    "frame-ancestors": NONE,
}
STAFF: Policy = {
    "default-src": NONE,
    "script-src": SELF,
    "style-src": SELF,
    "img-src": SELF,
    "font-src": SELF,
    "connect-src": SELF,
    "form-action": SELF,
    "base-uri": NONE,
    "frame-ancestors": NONE,
}
EDITOR_STYLES = (
    # django-content-editor 9.1, content_editor/index.js, injectStyles(): the words after a block's name.
    "'sha256-N1v+9oYdxeZd/nv2iKYNMLWqP5BlGZff7wM0R1mK4ws='",
    # django-prose-editor 0.28, Tiptap's own rules for the text that is being edited.
    "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='",
)


def header(policy: Policy) -> str:
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())


def staff_header(response: HttpResponse) -> str:
    """The policy for a page of the admin, with the editor's exceptions where `response` shows the editor."""
    import_maps = _import_maps(response)
    if not import_maps:
        return header(STAFF)
    scripts = [_sha256(text) for text in import_maps]
    return header(STAFF | {"script-src": " ".join([SELF, *scripts]), "style-src": " ".join([SELF, *EDITOR_STYLES])})


def _import_maps(response: HttpResponse) -> list[str]:
    """The import maps of the form's media, as they stand between their tags.

    From the media and not from the page's text: what somebody else wrote into the page must not be allowed by it.
    """
    context: dict[str, Any] = getattr(response, "context_data", None) or {}
    render = getattr(context.get("media"), "render_importmap", list)
    return [tag.partition(">")[2].rpartition("<")[0] for tag in render()]


def _sha256(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
