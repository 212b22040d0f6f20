"""What is counted and measured; `GET /metrics` shows it in Prometheus' text format."""

from __future__ import annotations

import os

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

registry = CollectorRegistry(auto_describe=True)

_QUICK = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
_WAIT = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300)

webhooks = Counter(
    "planbot_webhooks", "Webhook requests by outcome", ["outcome"], registry=registry
)
webhook_seconds = Histogram(
    "planbot_webhook_seconds", "Time to answer LINE", buckets=_QUICK, registry=registry
)
events_stored = Counter("planbot_events_stored", "Events stored, new ones", registry=registry)
events_doubled = Counter("planbot_events_doubled", "Events seen before", registry=registry)
events_handled = Counter(
    "planbot_events_handled", "Events handled by outcome", ["outcome"], registry=registry
)
event_wait_seconds = Histogram(
    "planbot_event_wait_seconds", "From stored to handled", buckets=_WAIT, registry=registry
)
sends = Counter("planbot_sends", "Calls to LINE by way and outcome", ["way", "outcome"],
                registry=registry)  # fmt: skip
waiting = Gauge("planbot_waiting", "Rows waiting in a queue", ["queue"],
                registry=registry, multiprocess_mode="mostrecent")  # fmt: skip
answers = Counter("planbot_answers", "Answers by kind", ["kind"], registry=registry)
reranks = Counter(
    "planbot_reranks", "Orders asked of the agency's own model", ["outcome"], registry=registry
)
answer_seconds = Histogram(
    "planbot_answer_seconds", "Time to find an answer", buckets=_QUICK, registry=registry
)


def text() -> bytes:
    """All numbers in Prometheus' text format; of several web processes their sums.

    Several keep them in a folder that prometheus-client's own variable names (bot/cli/server.py).
    """
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if not folder:
        return generate_latest(registry)
    together = CollectorRegistry()
    multiprocess.MultiProcessCollector(together, path=folder)  # type: ignore[no-untyped-call]
    return generate_latest(together)
