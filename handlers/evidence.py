"""佐證: photos and files that follow a report, or for which its card was tapped or quoted.

LINE lets nobody quote with a photo, so a text or a tap says what it is for, or it follows the
person's own report. Only what is wanted is fetched: other photos of a group stay at LINE.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot import phrases_reports
from bot.documents import pictures
from bot.messages import (
    Album,
    Button,
    Card,
    Checked,
    ContentKind,
    Does,
    Incoming,
    IncomingKind,
    Refusal,
    Reply,
    Tone,
    say,
)
from bot.plans.deadlines import Deadline, deadline_of, duty_bearer, running_cycles
from bot.plans.model import Unit
from bot.plans.progress import ProgressReport, ProgressStatus
from bot.store import acknowledgements, adjustments, evidence, progress, sent
from bot.store.acknowledgements import Ack
from bot.store.evidence import Evidence
from bot.store.progress import Content
from handlers import receipts, recording
from handlers.addressing import plain
from handlers.citing import clipped, data
from handlers.context import Context

TOPIC = "evidence"
"""The conversation that waits for photos, and what an album has brought so far."""

WINDOW = timedelta(minutes=10)
"""How long photos are awaited after a report, or after 加照片."""

_OLDEST = timedelta(days=1)
_TEXTS = frozenset({IncomingKind.TEXT, IncomingKind.EDITED})
_FETCHED = frozenset({IncomingKind.IMAGE, IncomingKind.FILE})
_KINDS = frozenset({*_FETCHED, IncomingKind.VIDEO, IncomingKind.AUDIO})
_THINGS = r"(?:照片|相片|圖片|檔案|附件|佐證(?:資料|照片)?)"
_NAMED = re.compile(rf"(?:這是|請)?(?:加|補|附|傳|上傳|增加|補充)?上?{_THINGS}")
_WANTED = re.compile(rf"(?:我?要|請)?(?:加|補|附|上傳|增加|補充)上?{_THINGS}")
_CAPTION = re.compile(r"\s*(?:圖說|照片說明|圖片說明)[\s:：,，、]*(?P<words>.*)", re.DOTALL)
_CAPTION_LENGTH = 100
_LABEL = 20
_MOST_CHOICES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a photo is for: reports, the first of them above all, or a deadline without one.

    `is_asked`: somebody said so; else it only follows a report.
    """

    roots: tuple[int, ...] = ()
    deadline: str = ""
    is_asked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What came of one photo, or so far of an album; `made_report`: a report was made for it."""

    album: Album | None = None
    ids: tuple[int, ...] = ()
    refused: tuple[Refusal, ...] = ()
    made_report: bool = False

    @property
    def seen(self) -> int:
        """How many have come."""
        return len(self.ids) + len(self.refused)

    @property
    def is_whole(self) -> bool:
        """Whether nothing more of it is to come, as far as LINE tells."""
        return self.album is None or 0 < self.album.total <= self.seen


# which messages are meant


def is_wanted(message: Incoming, ctx: Context) -> bool:
    """Whether a photo or a file is awaited here."""
    target = _target(message, ctx)
    # A voice message after a report is talk.
    return target is not None and (target.is_asked or message.kind is not IncomingKind.AUDIO)


def may_be_content(message: Incoming) -> bool:
    """Whether there is something to fetch, by the message's looks alone."""
    return message.kind in _FETCHED and message.message_id is not None


def must_fetch(message: Incoming, ctx: Context) -> bool:
    """Whether the content of a message has to be fetched for its handler."""
    if message.kind not in _FETCHED or (target := _target(message, ctx)) is None:
        return False
    return _refusal(message, target, ctx) is None


def is_unasked(message: Incoming, ctx: Context) -> bool:
    """Whether a photo or a file comes one-to-one that belongs to nothing."""
    alone = message.chat is not None and not message.chat.is_shared
    return alone and message.kind in _KINDS and message.kind is not IncomingKind.AUDIO


def is_tapped(message: Incoming, ctx: Context) -> bool:
    """Whether a button about evidence was tapped."""
    return message.kind is IncomingKind.POSTBACK and message.data.get("a") == TOPIC


def is_said(message: Incoming, ctx: Context) -> bool:
    """Whether words announce photos, or are their caption."""
    if message.kind not in _TEXTS:
        return False
    if _CAPTION.fullmatch(message.text):
        return True
    text = plain(message.text)
    if message.quoted_message_id is None:
        return _WANTED.fullmatch(text) is not None
    kind = (ctx.about(message) or "").partition(":")[0]
    is_ours = kind in ("report", "reports", "deadline", "deadlines")
    return is_ours and _NAMED.fullmatch(text) is not None


# answers


def receive(message: Incoming, ctx: Context) -> Reply | None:
    """Keep a photo or a file with its report; an album is answered once, when it is whole.

    Raises:
        RuntimeError: its content was not fetched; the event is tried again.
    """
    target, batch = _target(message, ctx), _batch(message, ctx)
    assert target is not None
    found = _refusal(message, target, ctx) or _brought(message)
    if isinstance(found, Refusal):
        batch = replace(batch, refused=(*batch.refused, found))
    else:
        target, made = _with_report(target, message, ctx)
        added = _keep(found, target.roots[0], message, ctx)
        if added is None:
            return None
        made = made or batch.made_report
        batch = replace(batch, ids=(*batch.ids, added), made_report=made)
    _remember(batch, target, message, ctx)
    return _told(batch, target, ctx) if _is_moment_to_tell(batch, found) else None


def explain(message: Incoming, ctx: Context) -> Reply | None:
    """A photo that belongs to nothing: how it becomes evidence; of an album, once."""
    if message.kind is IncomingKind.VIDEO:
        return say(phrases_reports.evidence_refused(Refusal.FILM))
    if message.album is not None and message.album.index > 1:
        return None
    return say(phrases_reports.EVIDENCE_NOT_AWAITED)


def tapped(message: Incoming, ctx: Context) -> Reply:
    """加照片 on a card, 移除 and 改放 on a receipt for evidence."""
    given = message.data
    if "remove" in given:
        return _remove(_allowed(_numbers(given["remove"]), message, ctx), message, ctx)
    if "move" in given:
        return _move(_allowed(_numbers(given["move"]), message, ctx), message, ctx)
    if "deadline" in given:
        return _await(_of_deadline(given["deadline"], message, ctx), message, ctx)
    return _await(_of_reports(_numbers(given.get("report", "")), message, ctx), message, ctx)


def said(message: Incoming, ctx: Context) -> Reply:
    """加照片 as words, or 圖說 and the caption of the quoted evidence."""
    if match := _CAPTION.fullmatch(message.text):
        return _describe(" ".join(match["words"].split()), message, ctx)
    kind, _, ids = (ctx.about(message) or "").partition(":")
    if kind == "deadlines" and "," in ids:
        return _which_deadline(ids.split(","), message, ctx)
    target = _of_about(message, ctx)
    if target is None and message.quoted_message_id is None:
        target = _of_last_report(message, ctx)
    if target is None:
        return say(phrases_reports.EVIDENCE_FOR_NOTHING)
    return _await(target, message, ctx)


# what a photo is for


def _target(message: Incoming, ctx: Context) -> Target | None:
    if message.kind not in _KINDS or message.chat is None:
        return None
    return (
        _of_about(message, ctx) or _of_what_is_awaited(message, ctx) or _of_own_report(message, ctx)
    )


def _of_about(message: Incoming, ctx: Context) -> Target | None:
    """What the quoted message of ours was about."""
    kind, _, ids = (ctx.about(message) or "").partition(":")
    if kind in ("report", "reports"):
        return _of_reports(_numbers(ids), message, ctx)
    is_one = kind in ("deadline", "deadlines") and "," not in ids
    return _of_deadline(ids, message, ctx) if is_one else None


def _of_what_is_awaited(message: Incoming, ctx: Context) -> Target | None:
    """What was tapped or said before, or where the album's first photo went."""
    state = ctx.recall(message, topic=TOPIC)
    if state is None:
        return None
    until = state["until"]
    is_in_time = bool(until) and _sent_at(message, ctx) <= datetime.fromisoformat(until)
    if not is_in_time and not _is_same_album(state, message):
        return None
    if state["deadline"]:
        return _of_deadline(state["deadline"], message, ctx)
    return _of_reports(state["roots"], message, ctx)


def _of_own_report(message: Incoming, ctx: Context) -> Target | None:
    """The person's own report in this chat, some minutes ago at most."""
    assert message.chat is not None
    if message.person is None:
        return None
    since = _sent_at(message, ctx) - WINDOW
    units = ctx.units_of(message.chat)
    roots = evidence.recent_reports(ctx.db, message.chat, message.person, units, since)
    target = _of_reports(roots, message, ctx)
    return None if target is None else replace(target, is_asked=False)


def _of_last_report(message: Incoming, ctx: Context) -> Target | None:
    assert message.chat is not None
    units = ctx.units_of(message.chat)
    last = progress.last_by(ctx.db, message.person, message.chat, units)
    return None if last is None else Target(roots=(last.root,))


def _of_reports(roots: Sequence[int], message: Incoming, ctx: Context) -> Target | None:
    """Those of the reports that stand and are of this chat's units."""
    left = tuple(root for root in roots if _report(root, message, ctx) is not None)
    return Target(roots=left) if left else None


def _of_deadline(deadline_id: str, message: Incoming, ctx: Context) -> Target | None:
    """The deadline, where it is one of this chat's units; its last report, where it has one."""
    deadline = deadline_of(ctx.dates.schedules, deadline_id, adjustments.adjustments(ctx.db))
    if deadline is None or deadline.year not in running_cycles(ctx.today):
        return None
    units = _units_with(deadline, message, ctx)
    for unit in units:
        if standing := recording.standing_on(unit.name, deadline.year, deadline.id, ctx):
            return Target(roots=(standing[-1].root,))
    return Target(deadline=deadline.id) if units else None


def _units_with(deadline: Deadline, message: Incoming, ctx: Context) -> list[Unit]:
    """The chat's units that have the deadline."""
    assert message.chat is not None
    known = (ctx.corpus.units.get(name) for name in ctx.units_of(message.chat))
    return [
        unit
        for unit in known
        if unit is not None
        and duty_bearer(ctx.corpus.units, unit).name == deadline.unit
        and recording.item_of(unit, deadline.year, deadline.id, ctx) is not None
    ]


def _report(root: int, message: Incoming, ctx: Context) -> ProgressReport | None:
    """A report that stands and is of this chat's units."""
    assert message.chat is not None
    report = progress.standing_report(ctx.db, root)
    return report if report and report.unit in ctx.units_of(message.chat) else None


def _sent_at(message: Incoming, ctx: Context) -> datetime:
    """When it was sent: it may reach us late, but one without a time is not taken for fresh."""
    return max(message.at, ctx.now - _OLDEST)


# keeping


def _refusal(message: Incoming, target: Target, ctx: Context) -> Refusal | None:
    """Why it is not even fetched."""
    if message.kind is IncomingKind.VIDEO:
        return Refusal.FILM
    if message.kind is IncomingKind.AUDIO:
        return Refusal.SOUND
    if message.file_size > pictures.MOST_BYTES:
        return Refusal.TOO_LARGE
    counts = progress.evidence_counts(ctx.db, target.roots[:1])
    return Refusal.FULL if sum(counts.values()) >= evidence.MOST else None


def _brought(message: Incoming) -> Checked | Refusal:
    content = message.brought.content if message.brought else None
    if content is None:
        raise RuntimeError("the content of the event was not fetched")
    return content


def _with_report(target: Target, message: Incoming, ctx: Context) -> tuple[Target, bool]:
    """The target with a report to keep it with; whether that had to be made."""
    if target.roots:
        return target, False
    deadline = deadline_of(ctx.dates.schedules, target.deadline, adjustments.adjustments(ctx.db))
    assert deadline is not None
    unit = _units_with(deadline, message, ctx)[0]
    item = recording.item_of(unit, deadline.year, deadline.id, ctx)
    assert item is not None
    answers = acknowledgements.state_of(ctx.db, deadline.unit, [deadline.id])
    last = answers.get(deadline.id)
    content = Content(status=ProgressStatus.UNDERWAY, percent=0)
    if last is not None and last.what is Ack.DONE:
        content = Content(status=ProgressStatus.DONE, percent=100)
    root = recording.record(content, item, message, ctx, unit=unit.name, year=deadline.year)
    return replace(target, roots=(root,), deadline=""), True


def _keep(content: Checked, root: int, message: Incoming, ctx: Context) -> int | None:
    """Its id; None when this photo is there already."""
    return evidence.add(
        ctx.db,
        root,
        content,
        message_id=message.message_id or message.event_id,
        person=message.person,
        now=ctx.now,
    )


# albums


def _batch(message: Incoming, ctx: Context) -> Batch:
    """What has come so far of the message's album; an empty batch for a photo alone."""
    state = ctx.recall(message, topic=TOPIC)
    if state is None or not _is_same_album(state, message):
        return Batch(album=message.album)
    known = state["album"]
    return Batch(
        album=message.album,
        ids=tuple(known["ids"]),
        refused=tuple(Refusal(one) for one in known["refused"]),
        made_report=known["made_report"],
    )


def _is_same_album(state: dict[str, Any], message: Incoming) -> bool:
    album = state.get("album")
    return message.album is not None and album is not None and album["id"] == message.album.id


def _remember(batch: Batch, target: Target, message: Incoming, ctx: Context) -> None:
    """Keep what an album has brought; what was awaited besides is awaited as long as before."""
    if batch.album is None:
        return
    state = ctx.recall(message, topic=TOPIC) or {}
    album = {
        "id": batch.album.id,
        "ids": list(batch.ids),
        "refused": [one.value for one in batch.refused],
        "made_report": batch.made_report,
    }
    until = state.get("until", "")
    _put(target, until, message, ctx, album=None if batch.is_whole else album)


def _put(
    target: Target, until: str, message: Incoming, ctx: Context, *, album: dict[str, Any] | None
) -> None:
    state = {"roots": list(target.roots), "deadline": target.deadline, "until": until}
    ctx.remember(message, {**state, "album": album}, lifetime=WINDOW, topic=TOPIC)


def _is_moment_to_tell(batch: Batch, found: Checked | Refusal) -> bool:
    """At the end of an album; where its size is unknown, at its first photo and at refusals."""
    if batch.is_whole:
        return True
    assert batch.album is not None
    is_endless = batch.album.total == 0
    return is_endless and (batch.seen == 1 or isinstance(found, Refusal))


# what is said


def _told(batch: Batch, target: Target, ctx: Context) -> Reply:
    """The receipt, with what was refused and why."""
    reasons = [phrases_reports.evidence_refused(one) for one in dict.fromkeys(batch.refused)]
    if not batch.ids:
        return say("\n".join(reasons), worth_a_push=True)
    report = progress.standing_report(ctx.db, target.roots[0])
    pieces = evidence.some(ctx.db, batch.ids)
    if report is None or not pieces:
        return say(phrases_reports.EVIDENCE_REPORT_GONE)
    notes = [phrases_reports.EVIDENCE_HOW_TO_CAPTION]
    if batch.refused:
        notes = [phrases_reports.some_refused(len(batch.refused)), *reasons, *notes]
    if batch.made_report and report.status is ProgressStatus.UNDERWAY:
        notes.insert(0, phrases_reports.EVIDENCE_MADE_REPORT)
    if not batch.is_whole:
        notes.append(phrases_reports.EVIDENCE_ALBUM_GOES_ON)
    title = phrases_reports.evidence_added(*_kinds_of(pieces))
    others = [] if batch.made_report else list(target.roots[1:4])
    buttons = (*_buttons(pieces, others), *_report_buttons(report, made=batch.made_report))
    card = _card(title, pieces, report, notes, buttons, ctx)
    return Reply(messages=(card,), worth_a_push=batch.made_report)


def _card(
    title: str,
    pieces: Sequence[Evidence],
    report: ProgressReport,
    notes: Sequence[str],
    buttons: tuple[Button, ...],
    ctx: Context,
) -> Card:
    counts = progress.evidence_counts(ctx.db, [report.root])
    files = [one.name for one in pieces if one.kind is ContentKind.FILE]
    rows = (
        (phrases_reports.EVIDENCE, phrases_reports.evidence_in_all(counts.get(report.root, 0))),
        *((phrases_reports.FILE, name) for name in files),
    )
    kicker = phrases_reports.origin_of(report.unit, report.year, report.root)
    body, note = _title(report, ctx), "\n".join(notes)
    lines = (f"{name}：{value}" for name, value in rows)
    ids = ",".join(str(one.id) for one in pieces)
    return Card(
        kicker=kicker,
        title=title,
        body=body,
        rows=rows,
        note=note,
        buttons=buttons,
        tone=Tone.GOOD,
        about=f"{receipts.about([report.root])} evidence:{ids}",
        alt="\n".join(one for one in (title, kicker, body, *lines, note) if one),
    )


def _buttons(pieces: Sequence[Evidence], others: Sequence[int]) -> tuple[Button, ...]:
    ids = ",".join(str(one.id) for one in pieces)
    moves = (_tap(phrases_reports.put_to(root), move=ids, report=root) for root in others)
    return (_tap(phrases_reports.REMOVE, remove=ids), *moves)


def _report_buttons(report: ProgressReport, *, made: bool) -> tuple[Button, ...]:
    """What one may do with a report that was made for a photo."""
    if not made:
        return ()
    done = ProgressStatus.DONE.value
    finish = receipts.tap(phrases_reports.DONE_NOW, step="status", id=report.root, status=done)
    withdraw = receipts.tap(phrases_reports.WITHDRAW, step="withdraw", id=report.root)
    return (withdraw,) if report.status is ProgressStatus.DONE else (finish, withdraw)


def _tap(label: str, **fields: str | int) -> Button:
    return Button(label=label, does=Does.POSTBACK, value=data(a=TOPIC, **fields), says=label)


def _title(report: ProgressReport, ctx: Context) -> str:
    """What was reported on, by its short name."""
    unit = ctx.corpus.units.get(report.unit)
    item = recording.item_of(unit, report.year, report.item, ctx) if unit else None
    return item.title if item else ""


def _kinds_of(pieces: Sequence[Evidence]) -> tuple[int, int]:
    shown = sum(one.kind is ContentKind.PICTURE for one in pieces)
    return shown, len(pieces) - shown


# words and taps


def _await(target: Target | None, message: Incoming, ctx: Context) -> Reply:
    """From now on this person's photos are awaited; of several reports ask for which."""
    if target is None:
        return say(phrases_reports.EVIDENCE_REPORT_GONE)
    if len(target.roots) > 1:
        return _which_report(target.roots, message, ctx)
    _put(target, (ctx.now + WINDOW).isoformat(), message, ctx, album=None)
    minutes = int(WINDOW.total_seconds() // 60)
    if target.deadline:
        given = adjustments.adjustments(ctx.db)
        deadline = deadline_of(ctx.dates.schedules, target.deadline, given)
        assert deadline is not None
        return say(phrases_reports.send_evidence_on(deadline.title, minutes))
    report = _report(target.roots[0], message, ctx)
    assert report is not None
    return say(phrases_reports.send_evidence(report.root, _title(report, ctx), minutes))


def _which_report(roots: Sequence[int], message: Incoming, ctx: Context) -> Reply:
    reports = [one for root in roots if (one := _report(root, message, ctx)) is not None]
    return _choice(
        [
            _tap(clipped(f"#{one.root} {_title(one, ctx)}", _LABEL), report=one.root)
            for one in reports[:_MOST_CHOICES]
        ]
    )


def _which_deadline(ids: Sequence[str], message: Incoming, ctx: Context) -> Reply:
    given = adjustments.adjustments(ctx.db)
    found = (deadline_of(ctx.dates.schedules, one, given) for one in ids)
    ours = [one for one in found if one and _of_deadline(one.id, message, ctx) is not None]
    if not ours:
        return say(phrases_reports.EVIDENCE_FOR_NOTHING)
    return _choice(
        [_tap(clipped(one.title, _LABEL), deadline=one.id) for one in ours[:_MOST_CHOICES]]
    )


def _choice(buttons: Sequence[Button]) -> Reply:
    title = phrases_reports.EVIDENCE_WHICH
    alt = "\n".join([title, *(button.label for button in buttons)])
    return Reply(messages=(Card(title=title, buttons=tuple(buttons), alt=alt),))


def _describe(words: str, message: Incoming, ctx: Context) -> Reply:
    """Put a caption to the evidence of the quoted receipt, else to all of the quoted report's."""
    about = sent.about(ctx.db, message.quoted_message_id) or ""
    ids = _numbers(about.partition(" evidence:")[2])
    if not ids and (target := _of_about(message, ctx)) is not None:
        ids = [one.id for one in evidence.of_reports(ctx.db, target.roots)]
    pieces = _allowed(ids, message, ctx)
    if not pieces or not words:
        return say(phrases_reports.CAPTION_HOW)
    kept = [one.id for one in pieces]
    words = clipped(words, _CAPTION_LENGTH)
    evidence.describe(ctx.db, kept, words, message_id=message.message_id)
    report = _report(pieces[0].root, message, ctx)
    assert report is not None
    title = f"{phrases_reports.CAPTION_KEPT}：{words}"
    card = _card(title, pieces, report, (), _buttons(pieces, ()), ctx)
    return Reply(messages=(card,), worth_a_push=True)


def _remove(pieces: Sequence[Evidence], message: Incoming, ctx: Context) -> Reply:
    if not pieces:
        return say(phrases_reports.EVIDENCE_REMOVED_ALREADY)
    ids = [one.id for one in pieces]
    number = evidence.remove(ctx.db, ids, by=message.person, now=ctx.now)
    return say(phrases_reports.evidence_removed(number), worth_a_push=True)


def _move(pieces: Sequence[Evidence], message: Incoming, ctx: Context) -> Reply:
    """Put photos to another report of the same message."""
    if not pieces:
        return say(phrases_reports.EVIDENCE_REMOVED_ALREADY)
    roots = _numbers(message.data.get("report", ""))
    report = _report(roots[0], message, ctx) if roots else None
    if report is None:
        return say(phrases_reports.EVIDENCE_REPORT_GONE)
    counts = progress.evidence_counts(ctx.db, [report.root])
    if sum(counts.values()) + len(pieces) > evidence.MOST:
        return say(phrases_reports.evidence_refused(Refusal.FULL))
    before = pieces[0].root
    ids = [one.id for one in pieces]
    evidence.move(ctx.db, ids, report.root, by=message.person, now=ctx.now)
    title = phrases_reports.evidence_moved(report.root)
    moved = evidence.some(ctx.db, ids)
    back = () if before == report.root else (before,)
    card = _card(title, moved, report, (), _buttons(moved, back), ctx)
    return Reply(messages=(card,), worth_a_push=True)


def _allowed(ids: Sequence[int], message: Incoming, ctx: Context) -> list[Evidence]:
    """Those of reports that stand and are of this chat's units."""
    return [
        one for one in evidence.some(ctx.db, ids) if _report(one.root, message, ctx) is not None
    ]


def _numbers(words: str) -> list[int]:
    """Whole numbers with commas between."""
    return [int(one) for one in words.split(",") if one.isascii() and one.isdecimal()]
