"""The Nu HTML checker on every page and state: no error."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from audit.pages import Page
from audit.verdict import Verdict

JAR = Path(__file__).parent / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
COLUMNS = ("HTML errors",)


def judged(_site: str, pages: list[Page], _browser: str) -> dict[str, Verdict]:
    with tempfile.TemporaryDirectory() as folder:
        files = {str(number): page for number, page in enumerate(pages)}
        for name, page in files.items():
            (Path(folder) / f"{name}.html").write_text(page.html, encoding="utf-8")
        command = ["java", "-jar", JAR, "--format", "json", "--exit-zero-always", "--errors-only", folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"The Nu HTML checker did not come to its end: {done.stderr.strip()}")
    errors: dict[str, list[str]] = {page.path: [] for page in pages}
    for message in json.loads(done.stderr)["messages"]:
        page = files[Path(message["url"]).stem]
        errors[page.path].append(f"HTML, line {message.get('lastLine', '?')}: {message['message']}")
    return {path: Verdict({COLUMNS[0]: str(len(found))}, found) for path, found in errors.items()}
