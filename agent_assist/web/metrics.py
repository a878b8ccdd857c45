"""Figures for Prometheus: requests and steps, by route rule and never by path."""

from flask import Response
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNMATCHED = "unmatched"
"""The route of every path that nobody serves, so that clients cannot make up series."""


class Metrics:
    """The figures of one app."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self._registry)
        self._requests = Counter(
            "agent_assist_requests",
            "Requests by route, method and status.",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self._latency = Histogram(
            "agent_assist_request_seconds",
            "Time from the first sight of a request to its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._steps = Histogram(
            "agent_assist_step_seconds",
            "Time of the steps of an answer.",
            ("route", "step"),
            buckets=_SECONDS,
            registry=self._registry,
        )

    def count(self, route: str, method: str, status: int, milliseconds: float) -> None:
        """Count an answer."""
        known = method if method in _METHODS else "other"
        self._requests.labels(route, known, str(status)).inc()
        self._latency.labels(route).observe(milliseconds / 1000)

    def count_step(self, route: str, step: str, milliseconds: float) -> None:
        """Count a step of an answer."""
        self._steps.labels(route, step).observe(milliseconds / 1000)

    def page(self) -> Response:
        """All figures in Prometheus' text format."""
        return Response(
            generate_latest(self._registry), content_type="text/plain; version=0.0.4; charset=utf-8"
        )
