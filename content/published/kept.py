"""KeptPage: a page as bytes, ready to be sent, in each encoding that clients take."""

from __future__ import annotations

import functools
import gzip
import hashlib
import math
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import brotli
from backports import zstd

from content.published.moment import Moment

# Bytes of memory that a page takes beside its bodies: headers, keys, the objects themselves.
OVERHEAD = 6_000
# How many times as long as the smallest body all of them are together.
ENCODINGS = 3.5
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "br": functools.partial(brotli.compress, mode=brotli.MODE_TEXT, quality=11),
    "zstd": functools.partial(zstd.compress, level=19),
    # The time in its header would give each process another ETag.
    "gzip": functools.partial(gzip.compress, compresslevel=9, mtime=0),
}
# For what is sent once: a sixtieth of the time, for a fifth more bytes (a page of 18 KB in brotli).
COMPRESS_ONCE: dict[str, Callable[[bytes], bytes]] = {
    "br": functools.partial(brotli.compress, mode=brotli.MODE_TEXT, quality=4),
    "zstd": functools.partial(zstd.compress, level=3),
    "gzip": functools.partial(gzip.compress, compresslevel=4, mtime=0),
}
# Headers that a 304 repeats (RFC 9110, 15.4.5)
NOT_MODIFIED_HEADERS = {"cache-control", "etag", "vary"}

Headers = list[tuple[str, str]]
StartResponse = Callable[[str, Headers], Any]


class Encoded(NamedTuple):
    """One encoding of a page. `etag` is strong: these very bytes."""

    etag: str
    headers: Headers
    not_modified_headers: Headers
    body: list[bytes]


class KeptPage:
    """`headers`: as Django sent them. `proof`: which frozen text it shows, '' where none stands at its address. `ends`:
    the POSIX time from which it is not shown even while the database is away, because it was to be replaced or taken
    down then, or its review is overdue. `former`: what was at its address before, perhaps the same."""

    def __init__(
        self,
        moment: Moment | None,
        headers: Iterable[tuple[str, str]],
        body: bytes,
        *,
        proof: str = "",
        ends: float = math.inf,
        former: KeptPage | None = None,
    ) -> None:
        self.moment = moment
        self.proof = proof
        self.ends = ends
        self.headers = [(name, value) for name, value in headers if name.lower() not in {"content-length", "vary"}]
        self.digest = hashlib.sha256(b"".join([repr(sorted(self.headers)).encode(), body])).hexdigest()[:32]
        if former is not None and former.digest == self.digest:
            self.encoded = former.encoded
        else:
            # The others are made when somebody asks for them, except the plain one: whoever wants that, waits.
            self.encoded = {"br": self._encode("br", COMPRESS["br"](body))}

    @property
    def size(self) -> int:
        """In bytes of memory, at most, about."""
        return OVERHEAD + int(ENCODINGS * len(self.encoded["br"].body[0]))

    @property
    def body(self) -> bytes:
        return brotli.decompress(self.encoded["br"].body[0])

    def encoded_as(self, encoding: str) -> Encoded:
        if not encoding:
            return self._encode("", self.body)
        if encoding not in self.encoded:
            self.encoded[encoding] = self._encode(encoding, COMPRESS[encoding](self.body))
        return self.encoded[encoding]

    def _encode(self, encoding: str, body: bytes) -> Encoded:
        etag = f'"{self.digest}-{encoding}"' if encoding else f'"{self.digest}"'
        headers = [*self.headers, ("Vary", "Accept-Encoding"), ("ETag", etag), ("Content-Length", str(len(body)))]
        if encoding:
            headers.append(("Content-Encoding", encoding))
        not_modified = [(name, value) for name, value in headers if name.lower() in NOT_MODIFIED_HEADERS]
        return Encoded(etag, headers, not_modified, [body])

    def send(self, environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
        """200, or 304 for whoever has it already; RFC 9110, 13.1.2."""
        encoding = encoding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
        made = self.encoded.get(encoding) or self.encoded_as(encoding)
        known = environ.get("HTTP_IF_NONE_MATCH")
        # A proxy may have made the tag a weak one.
        if known is not None and (made.etag in known or known.strip() == "*"):
            start_response("304 Not Modified", made.not_modified_headers)
            return []
        start_response("200 OK", made.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else made.body


@functools.lru_cache(maxsize=512)
def encoding_for(accepted: str) -> str:
    """The smallest of what the header Accept-Encoding takes, '' for none of ours; RFC 9110, 12.5.3."""
    weights: dict[str, str] = {}
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        weights[name.strip()] = weight.replace(" ", "")
    taken = {name for name, weight in weights.items() if weight.rstrip("0") not in {"q=", "q=0."}}
    return next((name for name in COMPRESS if name in taken or ("*" in taken and name not in weights)), "")
