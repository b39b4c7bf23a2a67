#!/usr/bin/env python
"""Django's command line, with one clear sentence instead of a traceback when a setting is wrong."""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iop_site.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed for this Python: run `make run` once, or use .venv/bin/python.")
    from iop_site.environment import SettingError

    try:
        execute_from_command_line(sys.argv)
    except SettingError as error:
        sys.exit(f"Setting refused: {error}")


if __name__ == "__main__":
    main()
