"""What the log says of a request: nothing that anybody typed or sent but the path, and no secret in that.

A refusal is one line. A fault keeps its traceback, which says where and what kind, without the words of the exception:
these quote values, as "expected a number but got …" does.
"""

from __future__ import annotations

import logging
import re
import traceback

SECURITY = "django.security."
# The token of a shared preview is as good as a password until it expires, that of a visitor's private link for good.
_secret_in_path = re.compile(r"(/preview/|/admissions/mine/)[^/]+")


class NothingTyped(logging.Filter):
    """Takes the traceback off every 4xx, the words of the request off what Django calls suspicious, the words of the
    exceptions off every other traceback, and the tokens off every path."""

    def filter(self, record: logging.LogRecord) -> bool:
        is_suspicious = record.name.startswith(SECURITY)
        if is_suspicious:
            reason = record.name.removeprefix(SECURITY)
            if reason == "csrf" and record.args:
                # ("Referer checking failed - https://… does not match any trusted origins.", "/path/")
                reason = f"csrf, {str(record.args[0]).partition(' - ')[0]}"
            record.msg, record.args = "A request was refused (%s).", (reason.rstrip("."),)
        if is_suspicious or 400 <= getattr(record, "status_code", 0) < 500:
            record.exc_info = record.exc_text = None
        elif record.exc_info:
            error = record.exc_info[1]
            record.exc_info, record.exc_text = None, trace_of(error) if error else None
        if isinstance(record.args, tuple):
            record.args = tuple(_masked(arg) for arg in record.args)
        return True


def _masked(value: object) -> object:
    return _secret_in_path.sub(r"\1…", value) if isinstance(value, str) else value


def trace_of(error: BaseException) -> str:
    """The traceback of `error`, and before it of those that led to it: files, lines and kinds."""
    chain: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in chain:
        chain.append(following)
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)
    traces = ["".join(traceback.format_tb(one.__traceback__)) + type(one).__qualname__ for one in reversed(chain)]
    return "Traceback (most recent call last):\n" + "\nwhich led to:\n".join(traces)
