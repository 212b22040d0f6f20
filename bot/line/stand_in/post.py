"""The postman: brings webhook events to the bot, signed, again when it must (LINE.md section 1)."""

from __future__ import annotations

import base64
import copy
import hashlib
import hmac
import json
import logging
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import urllib3

from bot.clock import monotonic

log = logging.getLogger(__name__)

Json = dict[str, Any]

ANSWER_SECONDS = 2.0
"""Within this time LINE wants a 200."""

_MOST_AT_ONCE = 10
_MOST_TRIES = 14
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class _Parcel:
    events: list[Json]
    due: float
    tries: int = 0


@dataclass(slots=True)
class _State:
    fresh: list[Json] = field(default_factory=list)
    held: list[Json] = field(default_factory=list)
    again: list[_Parcel] = field(default_factory=list)
    is_holding: bool = False
    is_out: bool = False
    is_stopped: bool = False
    thread: threading.Thread | None = None


class Postman:
    """One background thread that carries events; several may share a request.

    Args:
        address: the webhook's URL at this moment, None while there is none.
        secret: the channel secret that signs.
        destination: the bot's user id.
        redelivers: bring an event again when it was not answered with 2xx within two seconds.
        leaving: told of the events before each try; reply tokens begin to age then.
    """

    def __init__(
        self,
        *,
        address: Callable[[], str | None],
        secret: str,
        destination: str,
        redelivers: bool,
        leaving: Callable[[Sequence[Mapping[str, Any]]], None],
    ) -> None:
        self._address = address
        self._secret = secret
        self._destination = destination
        self._redelivers = redelivers
        self._leaving = leaving
        self._state = _State()
        self._turn = threading.Condition()
        self._http = urllib3.PoolManager(
            retries=False, timeout=urllib3.Timeout(total=ANSWER_SECONDS), maxsize=4
        )

    def put(self, event: Json) -> None:
        """Give the postman an event."""
        with self._turn:
            pile = self._state.held if self._state.is_holding else self._state.fresh
            pile.append(event)
            self._begin()
            self._turn.notify_all()

    def hold(self) -> None:
        """Keep what comes from now on."""
        with self._turn:
            self._state.is_holding = True

    def release(self, *, shuffled: bool) -> None:
        """Bring what was kept, in order or not."""
        with self._turn:
            self._state.is_holding = False
            held, self._state.held = self._state.held, []
            if shuffled:
                random.shuffle(held)
            self._state.fresh.extend(held)
            self._turn.notify_all()

    def wait_idle(self, timeout: float) -> None:
        """Wait until nothing is under way; what is held does not count.

        Raises:
            TimeoutError: after `timeout` seconds something still is.
        """
        with self._turn:
            if not self._turn.wait_for(self._is_idle, timeout):
                waiting = len(self._state.fresh) + len(self._state.again)
                raise TimeoutError(f"{waiting} requests are still to be delivered")

    def bring(self, events: Sequence[Json]) -> int:
        """Bring events at once, in the caller's thread; the status, 0 without an answer."""
        self._leaving(events)
        return self.bring_body({"destination": self._destination, "events": list(events)})

    def bring_body(
        self, body: Any, *, signature: str | None = "right", url: str | None = None
    ) -> int:
        """Bring any body at once.

        Args:
            body: what is sent as JSON.
            signature: «right» signs it, None leaves the header out, else the header's value.
            url: instead of the webhook's.

        Returns:
            The HTTP status, 0 where no answer came within two seconds.

        Raises:
            ValueError: there is no webhook URL.
        """
        target = url or self._address()
        if not target:
            raise ValueError("the webhook URL is not set")
        raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "LineBotWebhook/2.0",
        }
        if signature is not None:
            headers["x-line-signature"] = self._sign(raw) if signature == "right" else signature
        try:
            return self._http.request("POST", target, body=raw, headers=headers).status
        except urllib3.exceptions.HTTPError:
            return 0

    def stop(self) -> None:
        """Stop the thread and close its connections; what is left is not delivered."""
        with self._turn:
            self._state.is_stopped = True
            self._turn.notify_all()
        if self._state.thread is not None:
            self._state.thread.join(timeout=ANSWER_SECONDS + 1)
        self._http.clear()

    def _sign(self, raw: bytes) -> str:
        return base64.b64encode(
            hmac.new(self._secret.encode(), raw, hashlib.sha256).digest()
        ).decode()

    def _begin(self) -> None:
        if self._state.thread is None and not self._state.is_stopped:
            self._state.thread = threading.Thread(target=self._walk, name="postman", daemon=True)
            self._state.thread.start()

    def _is_idle(self) -> bool:
        state = self._state
        return state.is_stopped or not (state.fresh or state.again or state.is_out)

    def _walk(self) -> None:
        while (parcel := self._next()) is not None:
            answered = self._deliver(parcel)
            with self._turn:
                self._state.is_out = False
                if not answered and self._redelivers and parcel.tries + 1 < _MOST_TRIES:
                    self._state.again.append(_for_another_try(parcel))
                self._turn.notify_all()

    def _next(self) -> _Parcel | None:
        with self._turn:
            while not self._state.is_stopped:
                parcel = self._take()
                if parcel is not None:
                    self._state.is_out = True
                    return parcel
                soonest = min((other.due for other in self._state.again), default=None)
                self._turn.wait(None if soonest is None else max(0.0, soonest - monotonic()))
            return None

    def _take(self) -> _Parcel | None:
        state = self._state
        late = [parcel for parcel in state.again if parcel.due <= monotonic()]
        if late:
            state.again.remove(late[0])
            return late[0]
        if not state.fresh:
            return None
        taken, state.fresh = state.fresh[:_MOST_AT_ONCE], state.fresh[_MOST_AT_ONCE:]
        return _Parcel(taken, due=0.0)

    def _deliver(self, parcel: _Parcel) -> bool:
        if self._address() is None:
            return True  # without a webhook LINE throws events away
        status = self.bring(parcel.events)
        if not 200 <= status < 300:
            log.info("stand_in_not_delivered", extra={"status": status, "tries": parcel.tries + 1})
        return 200 <= status < 300


def _for_another_try(parcel: _Parcel) -> _Parcel:
    pause = min(_FIRST_PAUSE_SECONDS * 2**parcel.tries, _LONGEST_PAUSE_SECONDS)
    return _Parcel(
        [redelivered(event) for event in parcel.events], monotonic() + pause, parcel.tries + 1
    )


def redelivered(event: Mapping[str, Any]) -> Json:
    """The same event as LINE brings it again: only `isRedelivery` differs."""
    again = copy.deepcopy(dict(event))
    again["deliveryContext"] = {"isRedelivery": True}
    return again
