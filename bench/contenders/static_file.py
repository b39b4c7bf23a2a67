"""WhiteNoise answers a file of the folder that FILES names, compressed beforehand."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from whitenoise import WhiteNoise


def nothing(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("404 Not Found", [("Content-Length", "0")])
    return []


application = WhiteNoise(nothing, root=os.environ["FILES"])
