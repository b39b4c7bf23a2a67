"""Publishes one page again and again, as a process of its own beside a running site: `python -m … <times>`.

Says for each time, on a line, the number that the page has now and when publishing it had returned, in POSIX time.
"""

from __future__ import annotations

import sys
import time

SLUG = "counted"


def main(times: int) -> None:
    import django

    django.setup()
    from content.publishing import publish
    from tests.content.factories import make_page

    page = make_page(slug=SLUG)
    for number in range(1, times + 1):
        page.title, page.summary = f"Number {number}", f"The short answer of number {number}."
        page.save()
        publish(page=page, by=None)
        print(number, time.time(), flush=True)  # noqa: T201 -- its way to tell


if __name__ == "__main__":
    main(int(sys.argv[1]))
