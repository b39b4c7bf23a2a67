"""A published page, beside everything else that could answer it: CPU of the web processes per request."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from bench import others
from bench.context import PATH, Bench
from bench.load import BROWSER, cpu_per_request, interleaved, ratio, summary, wrk
from bench.results import Result, Row
from bench.servers import Served

OURS, OURS_304 = "ours, 200", "ours, 304"
FLOOR, FLOOR_304, FLOOR_BARE = "floor: raw WSGI callable", "floor that answers 304", "floor, needed headers alone"
FILE, EMPTY = "WhiteNoise, a file", "empty Django view"
USUAL, USUAL_CACHED = "usual Django page", "usual Django page, cached"
WAGTAIL, WAGTAIL_CACHED = "Wagtail", "Wagtail, cached"


def run(bench: Bench) -> Result:
    with ExitStack() as stack:
        measures, sizes = contenders(bench, stack)
        for measure in measures.values():
            measure()  # What is asked for the first time is not what is measured.
        found = interleaved(measures, bench.few(2, 9), "Pages")
    lines = [
        [name, *summary(values), f"{ratio(values, found[FLOOR]):.2f}", sizes[name]] for name, values in found.items()
    ]
    head = ["", "median, ms", "smallest", "largest", "× floor", "sent, bytes"]
    return Result(rows_of(found), HOW, [("CPU of the web processes for one request", head, lines)])


HOW = (
    "wrk keeps 8 connections busy; every server is gunicorn with 8 threads in one process, as ours is delivered."
    " The floor answers ours’ own bytes and headers. The others show the same words, so that their pages are of"
    " like size, without compressing them (their cheaper way), and read them from PostgreSQL over persistent"
    " connections. “Usual” is bench/contenders/plain: stock settings and middleware, four queries, one template."
    " Wagtail is its starter project with one StreamField page. “Cached” adds Django’s cache of whole pages, in"
    " memory. Ratios are medians of those in the same round."
)


def contenders(bench: Bench, stack: ExitStack) -> tuple[dict[str, Callable[[], float]], dict[str, str]]:
    """What measures each, and how many bytes each sends."""
    ours = stack.enter_context(bench.site("pages").serve())
    etag = ours.get(PATH, BROWSER)[1].get("etag", "")
    known = {"If-None-Match": etag} if etag else {}
    django = others.plain_database(bench)
    usual = others.plain(bench, stack, django)
    wagtail, wagtail_cached = others.wagtail(bench, stack)
    asked: dict[str, tuple[Served, str, dict[str, str]]] = {
        FLOOR: (others.floor(bench, stack, "floor", ours), PATH, {}),
        OURS: (ours, PATH, {}),
        FLOOR_BARE: (others.bare_floor(bench, stack, ours), PATH, {}),
        OURS_304: (ours, PATH, known),
        FLOOR_304: (others.floor(bench, stack, "floor_304", ours, **known), PATH, known),
        FILE: (others.static_file(bench, stack, ours), "/page.html", {}),
        EMPTY: (usual, "/empty/", {}),
        USUAL: (usual, others.MEASURED, {}),
        USUAL_CACHED: (others.plain(bench, stack, django, is_cached=True), others.MEASURED, {}),
        WAGTAIL: (wagtail, others.MEASURED, {}),
        WAGTAIL_CACHED: (wagtail_cached, others.MEASURED, {}),
    }
    seconds = bench.few(1, 2)

    def measure_of(served: Served, path: str, headers: dict[str, str]) -> Callable[[], float]:
        def requests() -> int:
            return wrk(served.url, path, seconds=seconds, headers=headers).requests

        return lambda: cpu_per_request(requests, served.pid)[0]

    measures = {name: measure_of(*how) for name, how in asked.items()}
    sizes = {
        name: f"{len(served.get(path, BROWSER | headers)[2]):,}" for name, (served, path, headers) in asked.items()
    }
    return measures, sizes


def rows_of(found: dict[str, list[float]]) -> list[Row]:
    page, not_modified = ratio(found[OURS], found[FLOOR]), ratio(found[OURS_304], found[FLOOR])
    rows = [
        Row("published page, 200, CPU / raw WSGI floor", "≤ 1.10", f"{page:.2f}", page, 1.10),
        Row("the same, 304", "≤ 1.05", f"{not_modified:.2f}", not_modified, 1.05),
    ]
    strict = ratio(found[OURS_304], found[FLOOR_304])
    rows.append(Row("304 against a floor that answers 304 itself", "for comparison", f"{strict:.2f}", strict, None))
    bare = ratio(found[OURS], found[FLOOR_BARE])
    rows.append(Row("200 against a floor with needed headers alone", "for comparison", f"{bare:.2f}", bare, None))
    for name, must_be in ((USUAL, 8), (WAGTAIL, 40), (WAGTAIL_CACHED, 2.4)):
        part = ratio(found[OURS], found[name])
        rows.append(Row(f"published page / {name}", f"≤ 1/{must_be}", f"1/{1 / part:.1f}", part, 1 / must_be))
    return rows
