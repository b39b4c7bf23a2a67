"""The web server in production: what it believes of a proxy, and what it leaves out of the log."""

from __future__ import annotations

import http.client
import secrets
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pyrage
import pytest

from tests.launched import ROOT, Site, launched_site
from tests.postgres import free_port
from tests.settings import clean_environment

STAFF = pyrage.x25519.Identity.generate()
PRODUCTION = {
    "SITE_MODE": "production",
    "SURFACE": "staff",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "ALLOWED_HOSTS": "staff.example.com",
    "STAFF_URL": "https://staff.example.com",
    "ENQUIRY_STAFF_KEY": str(STAFF),
    "ENQUIRY_STAFF_PUBLIC_KEY": str(STAFF.to_public()),
    "ENQUIRY_RECOVERY_PUBLIC_KEY": str(pyrage.x25519.Identity.generate().to_public()),
    "EMAIL_HOST": "mail.example.com",
    "MAIL_FROM": "website@example.com",
}


def status_over_https(site: Site) -> int:
    """Of a request that says by itself that it came by https."""
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=10)
    headers = {"Host": "staff.example.com", "X-Forwarded-Proto": "https"}
    connection.request("GET", "/admin/login/", headers=headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


def first_line_of_answer(site: Site, request: bytes) -> str:
    address = urlsplit(site.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(request)
        return connection.makefile().readline().strip()


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Path:
    """One for all, so that static files are collected once."""
    return shutil.copytree(migrated, tmp_path_factory.mktemp("production") / "data")


@pytest.mark.parametrize(("behind_proxy", "status"), [("no", 301), ("yes", 200)])
def test_a_forwarded_protocol_is_believed_behind_a_proxy_alone(data_dir: Path, behind_proxy: str, status: int) -> None:
    """The start itself shows that /healthz and /readyz answer on 127.0.0.1, which ALLOWED_HOSTS does not list."""
    with launched_site(data_dir, **PRODUCTION, BEHIND_PROXY=behind_proxy) as site:
        assert status_over_https(site) == status
        assert "414" in first_line_of_answer(site, b"GET /?" + b"secret" * 2000 + b" HTTP/1.1\r\n\r\n")
        assert "400" in first_line_of_answer(site, b"secret\r\n\r\n")
    after_start = site.output().partition("Ctrl-C")[2]
    assert "secret" not in after_start
    assert "127.0.0.1" not in after_start
    assert "Invalid request" not in after_start


def test_a_start_that_fails_says_why(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "iop_site.wsgi:application"],
        cwd=ROOT,
        env=clean_environment()
        | PRODUCTION
        | {"ALLOWED_HOSTS": "*", "DATA_DIR": str(tmp_path), "PORT": str(free_port())},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
    # Which of its processes gunicorn hears of first, and so its code, is not ours to say.
    assert done.returncode != 0
    assert "iop_site.E003: ALLOWED_HOSTS is empty or allows every host name." in done.stdout
