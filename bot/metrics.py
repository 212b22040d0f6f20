"""What is counted and measured; `GET /metrics` shows it in Prometheus' text format."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

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
waiting = Gauge("planbot_waiting", "Rows waiting in a queue", ["queue"], registry=registry)
answers = Counter("planbot_answers", "Answers by kind", ["kind"], registry=registry)
reranks = Counter(
    "planbot_reranks", "Orders asked of the agency's own model", ["outcome"], registry=registry
)
answer_seconds = Histogram(
    "planbot_answer_seconds", "Time to find an answer", buckets=_QUICK, registry=registry
)
