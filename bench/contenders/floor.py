"""The floor: nothing can answer these bytes with this server for less. FLOOR names the file that has the answer."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

answer = json.loads(Path(os.environ["FLOOR"]).read_text(encoding="ascii"))
STATUS: str = answer["status"]
HEADERS: list[tuple[str, str]] = [(name, value) for name, value in answer["headers"]]
BODY = [bytes.fromhex(answer["body"])]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response(STATUS, HEADERS)
    return BODY
