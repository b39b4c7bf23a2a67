"""What the log says of a request that was refused: one line, and nothing that the visitor sent but the path."""

from __future__ import annotations

import logging

SECURITY = "django.security."


class RefusalsInOneLine(logging.Filter):
    """Takes the traceback off every 4xx, and the words of the request off what Django calls suspicious.

    Those words may be a whole address with its query, or whatever a stranger wrote into a header.
    """

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
        return True
