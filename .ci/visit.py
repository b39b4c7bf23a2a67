"""Waits until a site answers, then asks for a page, the form and the admin: visit.py URL ID-OF-THE-START"""

from __future__ import annotations

import os
import sys
import time
import urllib.error
import urllib.request

WAIT_SECONDS = 600
# Path: words that must be on it.
PATHS = {"/": "988", "/guide/print/": "988", "/admissions/": "Connect with Admissions", "/admin/login/": "Password"}


def ask(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def main() -> int:
    url, start = sys.argv[1], int(sys.argv[2])
    deadline = time.monotonic() + WAIT_SECONDS
    while ask(f"{url}/readyz")[0] != 200:
        try:
            os.kill(start, 0)
        except ProcessLookupError:
            print("The start ended before it answered.")
            return 1
        if time.monotonic() > deadline:
            print(f"Not ready within {WAIT_SECONDS} s: {ask(f'{url}/readyz')}")
            return 1
        time.sleep(0.2)
    wrong = 0
    for path, words in PATHS.items():
        status, body = ask(f"{url}{path}")
        is_right = status == 200 and words in body
        wrong += not is_right
        print(f"{'ok' if is_right else 'WRONG'}  {status} {path}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
