"""What the tests of LINE's door share: a clock to set, a webhook's side, any call of the API."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import urllib3

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
TOKEN = "a-channel-access-token"


@dataclass
class Hands:
    """A clock that moves only when it is told to."""

    now: datetime = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **how_long: float) -> None:
        self.now += timedelta(**how_long)


@dataclass
class Webhook:
    """The bot's side: keeps what LINE posts, answers as it is told."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    silent_for_seconds: float = 0.0
    going_home: threading.Event = field(default_factory=threading.Event)

    @property
    def events(self) -> list[dict[str, Any]]:
        """Every event of every request, in the order they came."""
        return [event for _, body in self.requests for event in json.loads(body)["events"]]


@dataclass
class Api:
    """LINE's API as anybody may call it."""

    base: str
    http: urllib3.PoolManager
    headers: dict[str, str]

    def __call__(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, dict[str, Any]]:
        """Status and JSON of a call."""
        answer = self.raw(method, path, body, **headers)
        return answer.status, json.loads(answer.data or b"{}")

    def raw(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> urllib3.BaseHTTPResponse:
        """The whole answer of a call; underscores in header names are hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, bytes | None) else json.dumps(body)
        return self.http.request(
            method, f"{self.base}/v2/bot{path}", body=data, headers={**self.headers, **named}
        )
