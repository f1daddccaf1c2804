# SPDX-License-Identifier: Apache-2.0
"""How fast the service answers and who waits, as figures for Prometheus, beside the health page.

Figures about people's troubles (topics, places, ages) are reports, not metrics, and none is here.
"""

from __future__ import annotations

import time

from aiohttp import web
from aiohttp_sse import EventSourceResponse
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from bot.policy.urgency import TIERS
from bot.web.errors import Handler

ROOMS = ("api", "chat", "directory", "note", "staff", "static", "telephony")
"""First parts of an address that are told apart; everything else is `other`."""
# The design's aims lie among these: 150 ms for a call, 4 s for any turn.
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2, 4, 8)


class Measures:
    """The figures of one edge. They begin anew with each process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.seconds = Histogram(
            "fingerpost_request_seconds", "Time to an answer, live streams left out",
            ["room"], registry=self.registry, buckets=SECONDS,
        )  # fmt: skip
        self.answers = Counter(
            "fingerpost_answers", "Answers by room and class of status", ["room", "status"],
            registry=self.registry,
        )
        self.parts = Gauge(
            "fingerpost_part_up", "1 where a part answers", ["part"], registry=self.registry
        )
        self.waiting = Gauge(
            "fingerpost_waiting", "People who wait for a worker", ["tier"], registry=self.registry
        )
        self.longest = Gauge(
            "fingerpost_waiting_longest_seconds", "The longest wait now", ["tier"],
            registry=self.registry,
        )
        self.on_duty = Gauge(
            "fingerpost_on_duty", "Who can be called now", registry=self.registry
        )

    def answered(self, path: str, status: int, took: float) -> None:
        """Count one answer. Of its address the first part is kept: the rest may name a story."""
        first = path.split("/", 2)[1]
        room = first if first in ROOMS else "other"
        self.seconds.labels(room).observe(took)
        self.answers.labels(room, f"{status // 100}xx").inc()

    def stands(self, parts: dict[str, bool], waits: dict[str, list[float]], on_duty: int) -> None:
        """Take how it stands: each part, for how long each person has waited by tier, and staff."""
        for part, up in parts.items():
            self.parts.labels(part).set(up)
        for tier in TIERS:
            self.waiting.labels(tier).set(len(waits.get(tier, ())))
            self.longest.labels(tier).set(max(waits.get(tier, ()), default=0.0))
        self.on_duty.set(on_duty)

    def page(self) -> web.Response:
        """Return every figure in the form that Prometheus reads."""
        return web.Response(
            body=generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )


LIVE = (EventSourceResponse, web.WebSocketResponse)
"""Answers that last as long as somebody looks on, or talks."""
MEASURES = web.AppKey("MEASURES", Measures)


@web.middleware
async def measured(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Measure every answer but a live one."""
    began = time.perf_counter()
    answer = await handler(request)
    if not isinstance(answer, LIVE):
        took = time.perf_counter() - began
        request.app[MEASURES].answered(request.path, answer.status, took)
    return answer
