"""Static files as visitors get them: one stylesheet, one script a page, hashed names, compressed once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

BUNDLES = ("css/site.css", "css/form.css", "css/confirmation.css", "js/enquiry.js")
# Files beside it alone, so that every relative address in them means the same after the move.
IMPORT = re.compile(r'^(?:@import url\("(?P<css>[\w.-]+\.css)"\)|import "\./(?P<js>[\w.-]+\.js)");$', re.MULTILINE)
OTHER_IMPORT = re.compile(r"@import|^import\b", re.MULTILINE)
INDENTATION = re.compile(r"\s*\n\s*")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# Alone on its line, where no string of ours can have one.
SCRIPT_COMMENT = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)


class SiteStaticFilesStorage(CompressedManifestStaticFilesStorage):
    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """`paths`: {name: (source storage, path in it)} of everything that is collected."""
        if not dry_run:
            bundles = InMemoryStorage()
            for name in paths.keys() & set(BUNDLES):
                bundles.save(name, ContentFile(bundled(name, paths).encode()))
                paths = paths | {name: (bundles, name)}
        return super().post_process(paths, dry_run=dry_run, **options)

    def compress_files(self, paths: Iterable[str]) -> Iterator[Any]:
        """Of the names that pages link to: compressing the others as well takes a first start three times as long."""
        linked = set(self.hashed_files.values())
        return super().compress_files(path for path in paths if path in linked and not path.endswith(".map"))


def bundled(name: str, paths: dict[str, Any]) -> str:
    """The text of `name` with every `@import url("file.css");` or `import "./file.js";` replaced by its text, without
    the comments."""
    text = IMPORT.sub(lambda match: bundled(f"{match.lastgroup}/{match[match.lastgroup]}", paths), read(name, paths))
    if OTHER_IMPORT.search(COMMENT.sub("", text)):
        raise ImproperlyConfigured(
            f'{name} has an import that is not of the form @import url("file.css"); or import "./file.js";'
        )
    if name.endswith(".css"):
        # Spaces that only readers of the source need: a twentieth of what is sent.
        return INDENTATION.sub("\n", COMMENT.sub("", text))
    return SCRIPT_COMMENT.sub("", text)


def read(name: str, paths: dict[str, Any]) -> str:
    if name not in paths:
        raise ImproperlyConfigured(f"A bundle imports {name}, which is not there.")
    storage, path = paths[name]
    with storage.open(path) as file:
        return file.read().decode()
