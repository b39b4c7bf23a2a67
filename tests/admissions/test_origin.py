from __future__ import annotations

import pytest
from django.test import RequestFactory

from admissions.origin import is_foreign


@pytest.mark.parametrize(
    ("headers", "foreign"),
    [
        ({}, False),
        ({"Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, True),
        # What browsers send from a page with Referrer-Policy: no-referrer
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, False),
        ({"Origin": "null"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, True),
        ({"Origin": "http://testserver"}, False),
        ({"Origin": "https://testserver"}, False),
        ({"Origin": "http://testserver:81"}, True),
        ({"Origin": "https://testserver.example.net"}, True),
        ({"Origin": "https://example.net"}, True),
        ({"Origin": "http://[bad"}, True),
        ({"Origin": "testserver"}, True),
    ],
)
def test_what_the_browser_says_about_where_it_comes_from(headers: dict[str, str], foreign: bool) -> None:
    assert is_foreign(RequestFactory().post("/admissions/", headers=headers)) is foreign
