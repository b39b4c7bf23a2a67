"""Bench: what one run shares, made when a part first asks for it, and gone with the run."""

from __future__ import annotations

import contextlib
import functools
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2

from bench.site import Site, prepare
from bench.text import Text, text_of
from iop_site.progress import bar
from tests.postgres import Server

PATH = "/cost-and-insurance/"


@dataclass(eq=False)
class Bench:
    """`folder` is thrown away after the run, `cache` is not. `versions`: of what is compared, by name."""

    server: Server
    folder: Path
    cache: Path
    is_quick: bool
    versions: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with contextlib.closing(psycopg2.connect(self.server.url)) as connection:
            major, minor = divmod(connection.server_version, 10_000)
        self.versions["PostgreSQL"] = f"{major}.{minor}"

    def few(self, quick: int, whole: int) -> int:
        """How many, or how much: less of it when it is only to be seen that it works."""
        return quick if self.is_quick else whole

    @property
    def database_pid(self) -> int:
        assert self.server.process
        return self.server.process.pid

    def sql(self, statement: str, database: str = "postgres") -> None:
        connection = psycopg2.connect(self.address(database))
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute(statement)

    def address(self, database: str) -> str:
        return f"{self.server.url.rpartition('/')[0]}/{database}"

    def database(self, name: str, template: str = "template1") -> str:
        """The address of a new database."""
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.address(name)

    @functools.cached_property
    def sample(self) -> Site:
        """The site with the sample program. Nobody serves it: it is there to be copied."""
        site = Site(self, "sample", self.database("sample"))
        with bar(total=1, label="Loading the sample program") as step:
            prepare(site)
            step(1)
        return site

    @functools.cache  # noqa: B019 -- there is one Bench, and it ends with the process
    def grown(self, pages: int) -> Site:
        """The sample with so many live pages in all, to be copied likewise."""
        site = self.sample.copied(f"pages_{pages}")
        site.inside("pages", str(pages))
        return site

    def site(self, name: str, pages: int = 0) -> Site:
        """A copy of the sample, of so many pages if it is to have another number, with a database and a folder of its
        own."""
        return (self.grown(pages) if pages else self.sample).copied(name)

    @functools.cached_property
    def text(self) -> Text:
        """The words of the measured page, for the others' page of like size."""
        with ExitStack() as stack:
            served = stack.enter_context(self.site("for_its_text").serve())
            return text_of(served.get(PATH)[2].decode())
