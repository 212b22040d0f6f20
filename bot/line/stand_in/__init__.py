"""A LINE of our own: people, groups and the Messaging API, in memory, with LINE's rules.

`planbot demo` shows it in the browser, and the tests talk to it over real HTTP. It keeps what
LINE.md says in sections 1 to 4: signed webhooks with redelivery, reply tokens that work once and
not for long, retry keys, the monthly quota, limits of every message, membership of groups.
"""

from __future__ import annotations

from bot.line.stand_in.service import StandIn
from bot.line.stand_in.world import Call, ChatMessage, Group, Person

__all__ = ["Call", "ChatMessage", "Group", "Person", "StandIn"]
