"""Static files as visitors get them: one stylesheet, hashed names, compressed once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLESHEET = "css/site.css"
# Files beside it alone, so that every relative address in them means the same after the move.
IMPORT = re.compile(r'^@import url\("(?P<name>[\w.-]+\.css)"\);$', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


class SiteStaticFilesStorage(CompressedManifestStaticFilesStorage):
    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """`paths`: {name: (source storage, path in it)} of everything that is collected."""
        if STYLESHEET in paths and not dry_run:
            bundle = InMemoryStorage()
            bundle.save(STYLESHEET, ContentFile(bundled(STYLESHEET, paths).encode()))
            paths = paths | {STYLESHEET: (bundle, STYLESHEET)}
        return super().post_process(paths, dry_run=dry_run, **options)

    def compress_files(self, paths: Iterable[str]) -> Iterator[Any]:
        """Of the names that pages link to: compressing the others as well takes a first start three times as long."""
        linked = set(self.hashed_files.values())
        return super().compress_files(path for path in paths if path in linked and not path.endswith(".map"))


def bundled(name: str, paths: dict[str, Any]) -> str:
    """The text of stylesheet `name` with every `@import url("file.css");` replaced by that file's text."""
    text = IMPORT.sub(lambda match: bundled(f"css/{match['name']}", paths), read(name, paths))
    if "@import" in COMMENT.sub("", text):
        raise ImproperlyConfigured(f'{name} has an @import that is not of the form @import url("file.css");')
    return text


def read(name: str, paths: dict[str, Any]) -> str:
    if name not in paths:
        raise ImproperlyConfigured(f"A stylesheet imports {name}, which is not there.")
    storage, path = paths[name]
    with storage.open(path) as file:
        return file.read().decode()
