"""
What a server counts about itself, for Prometheus to read.

Requests are counted by the template of their route, never by what was asked for, so that
neither questions nor ids can be read from the numbers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Lock

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client import generate_latest as written
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from convarchive.api.readiness import Readiness
from convarchive.domain.passage import Query
from convarchive.errors import ArchiveError
from convarchive.index.search import Answer
from convarchive.store.catalogue import Catalogue
from convarchive.store.reader import Reader

Search = Callable[[Reader, Query], Answer]

MEDIA_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_COUNTED_S = 30.0
"""Seconds that a count of all quotes is believed: counting them takes longer than anything else asked here."""


class Meter:
    """The numbers of one archive's server. Safe to use from several threads."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Counter(
            "convarchive_http_requests", "Answers sent.", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "convarchive_http_request_seconds",
            "Seconds from a request to the end of its answer.",
            ("route",),
            registry=self._registry,
            buckets=_SECONDS,
        )
        self._searched = Histogram(
            "convarchive_search_seconds", "Seconds that a search took.", registry=self._registry, buckets=_SECONDS
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._requests.labels(method if method in _METHODS else "other", route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def timing(self, search: Search) -> Search:
        """The same search, timed."""

        def timed(reader: Reader, query: Query) -> Answer:
            with self._searched.time():
                return search(reader, query)

        return timed

    def watch(self, catalogue: Catalogue, readiness: Readiness) -> None:
        """Count, whenever somebody asks, how the archive stands as well."""
        self._registry.register(_Archive(catalogue, readiness))

    def written(self) -> bytes:
        """All numbers as Prometheus reads them (`MEDIA_TYPE`)."""
        text: bytes = written(self._registry)
        return text


class _Archive(Collector):
    """How the archive stands, looked up when asked."""

    def __init__(self, catalogue: Catalogue, readiness: Readiness) -> None:
        self._catalogue, self._readiness = catalogue, readiness
        self._guard, self._counted_at = Lock(), -_COUNTED_S
        self._counts: dict[str, int] = {}

    def describe(self) -> Iterator[Metric]:
        # Asked for at registration, before there is anything to look at.
        yield from ()

    def collect(self) -> Iterator[Metric]:
        state = self._readiness.look()
        ready = GaugeMetricFamily("convarchive_ready", "1 where this part answers.", labels=("part",))
        for part, trouble in state.parts:
            ready.add_metric((part,), 0.0 if trouble else 1.0)
        yield ready
        if state.generation is not None:
            yield GaugeMetricFamily("convarchive_index_generation", "Of the index in use.", value=state.generation)
            yield GaugeMetricFamily("convarchive_index_pending", "Quotes it does not cover yet.", value=state.pending)
        try:
            counts, erasing = self._look()
        except ArchiveError:
            return
        quotes = GaugeMetricFamily("convarchive_quotes", "Living quotes by clearance.", labels=("clearance",))
        for clearance, count in sorted(counts.items()):
            quotes.add_metric((clearance,), float(count))
        yield quotes
        yield GaugeMetricFamily(
            "convarchive_erasure_pending",
            "1 while traces of what was withdrawn wait to be wiped.",
            value=float(erasing),
        )

    def _look(self) -> tuple[dict[str, int], bool]:
        erasing = self._catalogue.erasure_pending() is not None
        with self._guard:
            if time.monotonic() - self._counted_at >= _COUNTED_S:
                with self._catalogue.reading("editor") as read:
                    self._counts = read.by_clearance()
                self._counted_at = time.monotonic()
            return dict(self._counts), erasing
