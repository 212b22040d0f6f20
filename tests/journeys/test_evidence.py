"""佐證: photos and files of a report; what is fetched, kept, said, taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.line.stand_in import ChatMessage, Person
from bot.messages import ContentKind
from bot.plans.model import RocYear
from bot.plans.progress import ProgressReport, ProgressStatus, standing
from bot.store import acknowledgements, evidence, progress, retention, unsent
from bot.store.acknowledgements import Ack
from bot.store.evidence import Evidence
from bot.store.models import EvidenceContent, EvidenceRow
from bot.store.progress import Content, Origin
from bot.worker import Worker
from tests.evidence_files import PDF, docx, opened, photo
from tests.journeys.conftest import City, Place

UNIT = "三民區第二衛生所"
CLAUSE, OTHER = "khh-sanmin2-115:4.1.3.2.1", "khh-sanmin2-115:4.1.1.1.1"
DUE = f"115:s10:{UNIT}"
PHOTO = photo(400, 200)


@dataclass(frozen=True)
class Desk:
    """三民二所's group with what stands in its record."""

    place: Place

    def reports(self, *items: str, note: str = "辦了2場") -> list[int]:
        """The officer has just reported, in one message; the reports' numbers."""
        city, place = self.place.city, self.place
        said = city.line.world.write(place.chat.id, place.person.id, {"type": "text", "text": "…"})
        content = Content(status=ProgressStatus.DONE, percent=100, note=note)
        with city.app.database.begin() as db:
            return [
                progress.report(
                    db,
                    unit=UNIT,
                    year=RocYear(115),
                    item=item,
                    content=content,
                    origin=Origin(
                        person=place.person.id,
                        chat=place.chat,
                        message_id=said.id,
                        event_id=f"E{said.id}",
                        at=city.clock.now,
                        part=part,
                    ),
                )
                for part, item in enumerate(items)
            ]

    def sends(self, *pictures: bytes, name: str = "", kind: str = "") -> list[str]:
        """The person sends photos, several as an album, or a file; what the bot says."""
        line, place = self.place.city.line, self.place
        with place.listening() as heard:
            if len(pictures) > 1:
                line.send_album(place.person.id, place.chat.id, pictures)
            else:
                what = kind or ("file" if name else "image")
                line.send_content(place.person.id, place.chat.id, what, pictures[0], file_name=name)
        return heard

    def evidence(self, *roots: int) -> list[Evidence]:
        """What shows these reports."""
        with self.place.city.app.database.begin() as db:
            return evidence.of_reports(db, roots)

    def content(self, piece: Evidence) -> bytes | None:
        """Its bytes."""
        with self.place.city.app.database.begin() as db:
            return evidence.content(db, piece.id)

    def standing(self) -> list[ProgressReport]:
        """The reports that stand."""
        with self.place.city.app.database.begin() as db:
            return list(standing(progress.record_of(db, UNIT, RocYear(115))))

    def bytes_kept(self) -> int:
        """How many contents there are at all."""
        with self.place.city.app.database.begin() as db:
            return len(list(db.scalars(select(EvidenceContent.evidence_id))))

    @property
    def fetched(self) -> int:
        """How often content was asked of LINE."""
        return sum(call.path.endswith("/content") for call in self.place.city.line.calls)

    def seen_by(self, person: Person) -> Desk:
        """The same with another person speaking."""
        return Desk(self.place.seen_by(person))


@pytest.fixture
def office(city: City, ling: Person, ming: Person) -> Desk:
    """三民二所's group, bound, seen by the officer, in September of 115."""
    city.clock.now = datetime(2026, 9, 1, 2, tzinfo=UTC)
    place = city.group("三民二所", ling, ming)
    place.bind(UNIT)
    return Desk(place)


@pytest.fixture
def own_chat(city: City, alone: Place) -> Desk:
    """The officer's one-to-one chat, bound."""
    city.clock.now = datetime(2026, 9, 1, 2, tzinfo=UTC)
    alone.bind(UNIT)
    return Desk(alone)


# what follows a report


def test_a_photo_after_a_report_is_its_evidence(office: Desk) -> None:
    (root,) = office.reports(CLAUSE)

    (said,) = office.sends(photo(2000, 1000, orientation=6, place=True))

    (piece,) = office.evidence(root)
    image = opened(office.content(piece) or b"")
    assert (piece.kind, piece.name) == (ContentKind.PICTURE, "照片.jpg")
    assert image.size == (800, 1600)
    assert dict(image.getexif()) == {}
    assert said.startswith(f"已加上 1 張照片\n{UNIT} · 115年度 · #{root}")
    assert "佐證：共 1 件" in said


def test_a_typed_report_and_its_photo(office: Desk) -> None:
    office.place.says("小幫手 回報 一(三)2.(1) 已完成 辦了2場電話禮貌訓練 60人")

    office.sends(PHOTO)

    (report,) = office.standing()
    assert len(office.evidence(report.root)) == 1


def test_a_file_after_a_report_is_kept_as_it_is(office: Desk) -> None:
    (root,) = office.reports(CLAUSE)

    (said,) = office.sends(PDF, name="../簽到表.exe")

    (piece,) = office.evidence(root)
    assert (piece.name, piece.media_type) == ("簽到表.pdf", "application/pdf")
    assert office.content(piece) == PDF
    assert "已加上 1 個檔案" in said
    assert "檔案：簽到表.pdf" in said


def test_other_peoples_photos_are_not_even_fetched(office: Desk, ming: Person) -> None:
    office.reports(CLAUSE)

    assert office.seen_by(ming).sends(PHOTO) == []
    assert office.fetched == 0


def test_ten_minutes_later_a_photo_is_nobodys_business(office: Desk) -> None:
    office.reports(CLAUSE)
    office.place.city.clock.goes_on(minutes=11)

    assert office.sends(PHOTO) == []
    assert office.fetched == 0


def test_in_another_group_a_photo_belongs_to_no_report(office: Desk, city: City) -> None:
    office.reports(CLAUSE)
    other = city.group("別的群組", office.place.person)
    other.bind(UNIT)

    assert Desk(other).sends(PHOTO) == []
    assert office.fetched == 0


def test_a_photo_that_reaches_us_late_still_follows_its_report(office: Desk) -> None:
    (root,) = office.reports(CLAUSE)
    line = office.place.city.line
    line.send_content(office.place.person.id, office.place.chat.id, "image", PHOTO)
    line.wait_idle()
    office.place.city.clock.goes_on(minutes=40)
    office.place.city.settle()

    assert len(office.evidence(root)) == 1


def test_a_voice_message_after_a_report_is_talk_and_a_film_is_refused(office: Desk) -> None:
    office.reports(CLAUSE)

    assert office.sends(b"sound", kind="audio") == []
    (said,) = office.sends(b"film", kind="video")
    assert said.startswith("影片不能當佐證")
    assert office.fetched == 0


# albums


def test_an_album_of_six_gets_one_message(office: Desk) -> None:
    (root,) = office.reports(CLAUSE)

    (said,) = office.sends(*[PHOTO] * 6)

    assert said.startswith("已加上 6 張照片")
    assert len(office.evidence(root)) == 6


def test_an_album_may_arrive_in_any_order(office: Desk) -> None:
    (root,) = office.reports(CLAUSE)
    line = office.place.city.line
    line.hold_deliveries()
    with office.place.listening() as heard:
        line.send_album(office.place.person.id, office.place.chat.id, [PHOTO] * 4)
        line.release_deliveries(shuffled=True)

    assert len(heard) == 1
    assert heard[0].startswith("已加上 4 張照片")
    assert len(office.evidence(root)) == 4


def test_what_of_an_album_cannot_be_kept_is_told_with_the_rest(office: Desk) -> None:
    (root,) = office.reports(CLAUSE)

    (said,) = office.sends(PHOTO, b"\xff\xd8\xff broken", PHOTO)

    assert "已加上 2 張照片" in said
    assert "另有 1 件沒有收下：\n這個檔案打不開" in said
    assert len(office.evidence(root)) == 2


def test_an_album_whose_size_line_does_not_tell_is_answered_at_its_first(office: Desk) -> None:
    (root,) = office.reports(CLAUSE)
    line, place = office.place.city.line, office.place
    with place.listening() as heard:
        for _ in range(3):
            line.send_content(
                place.person.id, place.chat.id, "image", PHOTO, image_set={"id": "old"}
            )

    assert len(heard) == 1
    assert "同一組的其他照片收到也會加上" in heard[0]
    assert len(office.evidence(root)) == 3


def test_an_album_of_nobodys_one_to_one_gets_one_explanation(own_chat: Desk) -> None:
    (said,) = own_chat.sends(PHOTO, PHOTO, PHOTO)

    assert "照片和檔案要跟著一筆回報" in said
    assert own_chat.fetched == 0


# what is asked for


def test_a_tap_on_the_receipt_awaits_photos(office: Desk) -> None:
    office.place.says("小幫手 回報 一(三)2.(1) 已完成 辦了2場")
    (report,) = office.standing()
    receipt = office.place.last_message()
    office.place.city.clock.goes_on(hours=5)

    (asked,) = office.place.tap("加照片", card=receipt)
    assert f"請在 10 分鐘內把照片或檔案傳到這裡，我會加到 #{report.root}「" in asked

    assert office.sends(PHOTO)[0].startswith("已加上 1 張照片")
    assert office.sends(docx(), name="紀錄.docx")[0].startswith("已加上 1 個檔案")
    office.place.city.clock.goes_on(minutes=11)
    assert office.sends(PHOTO) == []
    assert len(office.evidence(report.root)) == 2


def test_who_taps_is_who_is_waited_for(office: Desk, ming: Person) -> None:
    office.place.says("小幫手 回報 一(三)2.(1) 已完成 辦了2場")
    (report,) = office.standing()
    receipt = office.place.last_message()
    colleague = office.seen_by(ming)

    colleague.place.tap("加照片", card=receipt)

    assert len(colleague.sends(PHOTO)) == 1
    assert len(office.evidence(report.root)) == 1


def test_quoting_the_receipt_with_a_word_awaits_photos(office: Desk, ming: Person) -> None:
    office.place.says("小幫手 回報 一(三)2.(1) 已完成 辦了2場")
    (report,) = office.standing()
    receipt = office.place.last_message()
    office.place.city.clock.goes_on(days=3)

    colleague = office.seen_by(ming)
    (asked,) = colleague.place.says("補照片", quote=receipt.id)
    colleague.sends(PHOTO)

    assert f"#{report.root}" in asked
    assert len(office.evidence(report.root)) == 1


def test_the_word_alone_means_ones_last_report(office: Desk) -> None:
    (root,) = office.reports(CLAUSE)
    office.place.city.clock.goes_on(days=2)

    (asked,) = office.place.says("小幫手 加照片")
    office.sends(PHOTO)

    assert f"#{root}" in asked
    assert len(office.evidence(root)) == 1


def test_without_any_report_it_says_how(office: Desk) -> None:
    (said,) = office.place.says("小幫手 加照片")

    assert said.startswith("要加到哪一筆回報呢？")


def test_a_withdrawn_report_takes_no_photos(office: Desk) -> None:
    office.place.says("小幫手 回報 一(三)2.(1) 已完成 辦了2場")
    receipt = office.place.last_message()
    office.place.says("小幫手 撤回")

    assert office.place.tap("加照片", card=receipt)[0].startswith("這筆回報已經撤回")
    assert office.sends(PHOTO) == []


def test_another_units_report_takes_no_photos(office: Desk, city: City, ling: Person) -> None:
    office.place.says("小幫手 回報 一(三)2.(1) 已完成 辦了2場")
    (report,) = office.standing()
    other = city.group("企劃室", ling)
    other.bind("企劃室")
    action = {"type": "postback", "data": f"a=evidence&report={report.root}"}
    with other.listening() as heard:
        city.line.tap(ling.id, other.chat.id, other.last_message().id, action)

    assert heard[0].startswith("這筆回報已經撤回或不在了")


# deadlines


def awaits_for_deadline(office: Desk) -> None:
    """The officer has tapped that photos are for a deadline."""
    place = office.place
    place.says("小幫手 期限")
    action = {"type": "postback", "data": f"a=evidence&deadline={DUE}"}
    with place.listening():
        place.city.line.tap(place.person.id, place.chat.id, place.last_message().id, action)


def test_a_photo_for_a_deadline_without_a_report_makes_one(office: Desk) -> None:
    awaits_for_deadline(office)

    (said,) = office.sends(PHOTO)

    (report,) = office.standing()
    assert (report.item, report.status, report.percent) == (DUE, ProgressStatus.UNDERWAY, 0)
    assert len(office.evidence(report.root)) == 1
    assert "先記為進行中" in said

    office.place.tap("已完成")
    (report,) = office.standing()
    assert (report.status, report.percent) == (ProgressStatus.DONE, 100)


def test_a_photo_for_a_deadline_that_was_said_to_be_done_does_not_open_it_again(
    office: Desk,
) -> None:
    place = office.place
    with place.city.app.database.begin() as db:
        acknowledgements.record(
            db, deadline=DUE, unit=UNIT, what=Ack.DONE, by=None, chat=place.chat,
            now=place.city.clock.now,
        )  # fmt: skip
    awaits_for_deadline(office)

    office.sends(PHOTO)

    (report,) = office.standing()
    assert (report.status, report.percent) == (ProgressStatus.DONE, 100)
    with place.city.app.database.begin() as db:
        assert acknowledgements.state_of(db, UNIT, [DUE])[DUE].what is Ack.DONE


def test_quoting_deadlines_asks_for_which_and_photos_go_to_its_report(office: Desk) -> None:
    place = office.place
    place.says("小幫手 期限")
    card = place.last_message()

    (asked,) = place.says("加照片", quote=card.id)
    assert asked.startswith("這些照片或檔案是哪一項的？")

    place.tap(0)
    office.sends(PHOTO, PHOTO, PHOTO)
    office.sends(PHOTO)

    (report,) = office.standing()
    assert len(office.evidence(report.root)) == 4


# several reports of one message


def test_a_photo_after_several_reports_goes_to_the_first_and_can_be_moved(office: Desk) -> None:
    first, second = office.reports(CLAUSE, OTHER)

    office.sends(PHOTO)
    assert (len(office.evidence(first)), len(office.evidence(second))) == (1, 0)

    (said,) = office.place.tap(f"改放到 #{second}")
    assert said.startswith(f"已改放到 #{second}")
    assert (len(office.evidence(first)), len(office.evidence(second))) == (0, 1)

    office.place.tap(f"改放到 #{first}")
    assert (len(office.evidence(first)), len(office.evidence(second))) == (1, 0)


# captions


def test_the_caption_is_the_reports_note_unless_somebody_writes_one(office: Desk) -> None:
    (root,) = office.reports(CLAUSE, note="辦了2場電話禮貌訓練")
    office.sends(PHOTO)
    receipt = office.place.last_message()
    (piece,), (report,) = office.evidence(root), office.standing()
    assert evidence.caption_of(piece, report) == "辦了2場電話禮貌訓練"

    (said,) = office.place.says("圖說：第一場\n志工訓練合照", quote=receipt.id)

    (piece,) = office.evidence(root)
    assert evidence.caption_of(piece, report) == "第一場 志工訓練合照"
    assert said.startswith("已加上圖說：第一場 志工訓練合照")


def test_a_caption_is_for_the_quoted_photos_alone(office: Desk) -> None:
    (root,) = office.reports(CLAUSE)
    office.sends(PHOTO)
    receipt = office.place.last_message()
    office.sends(PHOTO)

    office.place.says("圖說 第一場", quote=receipt.id)

    assert [one.caption for one in office.evidence(root)] == ["第一場", ""]


def test_a_caption_that_is_taken_back_is_forgotten(office: Desk) -> None:
    (root,) = office.reports(CLAUSE)
    office.sends(PHOTO)
    receipt, place = office.place.last_message(), office.place
    place.says("圖說 王小明的家", quote=receipt.id)
    words = next(
        one
        for one in place.city.line.history(place.chat.id)
        if one.content.get("text") == "圖說 王小明的家"
    )
    place.city.line.unsend(place.person.id, words.id)
    place.city.settle()

    assert [one.caption for one in office.evidence(root)] == [""]


def test_a_caption_without_a_quote_is_not_guessed(office: Desk) -> None:
    office.reports(CLAUSE)
    office.sends(PHOTO)

    assert office.place.says("小幫手 圖說 合照") == [
        "請引用那則佐證訊息再說「圖說 …」，例如「圖說 志工訓練合照」。"
    ]


def test_other_words_that_quote_the_evidence_correct_its_report(office: Desk) -> None:
    office.place.says("小幫手 回報 一(三)2.(1) 40%")
    office.sends(PHOTO)

    office.place.says("80%", quote=office.place.last_message().id)

    (report,) = office.standing()
    assert report.percent == 80
    assert len(office.evidence(report.root)) == 1


# removing, limits, refusals


def test_evidence_is_removed_by_a_tap(office: Desk) -> None:
    (root,) = office.reports(CLAUSE)
    office.sends(PHOTO)
    receipt = office.place.last_message()

    assert office.place.tap("移除", card=receipt) == ["已移除 1 件佐證，內容已刪除。"]
    assert office.place.tap("移除", card=receipt) == ["這些佐證已經移除了，沒有變更。"]
    assert office.evidence(root) == []
    assert office.bytes_kept() == 0


def test_a_report_has_at_most_twenty(office: Desk) -> None:
    (root,) = office.reports(CLAUSE)
    office.sends(*[PHOTO] * 20)

    (said,) = office.sends(PHOTO)

    assert said.startswith("一筆回報最多 20 件佐證")
    assert office.fetched == 20
    assert len(office.evidence(root)) == 20


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"MZ\x90\x00" + bytes(60), "成果.pdf", "這個檔案是程式"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(60), "成果.doc", "舊格式"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "IMG_1.HEIC", "HEIC 照片我打不開"),
        (bytes(99), "x.bin", "這種檔案不能當佐證"),
    ],
)
def test_what_cannot_be_kept_is_told_with_the_remedy(
    office: Desk, data: bytes, name: str, said: str
) -> None:
    (root,) = office.reports(CLAUSE)

    (heard,) = office.sends(data, name=name)

    assert heard.startswith(said)
    assert office.evidence(root) == []


def test_a_file_that_is_too_large_is_not_even_fetched(office: Desk) -> None:
    office.reports(CLAUSE)

    (said,) = office.sends(bytes(20 * 1024 * 1024 + 1), name="大.pdf")

    assert said.startswith("檔案超過 20 MB")
    assert office.fetched == 0


# one-to-one


def test_one_to_one_a_photo_without_a_report_is_not_fetched(own_chat: Desk) -> None:
    (said,) = own_chat.sends(PHOTO)

    assert "照片和檔案要跟著一筆回報" in said
    assert own_chat.fetched == 0


def test_one_to_one_a_photo_follows_a_report_too(own_chat: Desk) -> None:
    (root,) = own_chat.reports(CLAUSE)

    own_chat.sends(PHOTO)

    assert len(own_chat.evidence(root)) == 1


# names


def test_the_name_of_who_reports_is_learnt_and_asked_once(office: Desk, ling: Person) -> None:
    office.place.says("小幫手 回報 一(三)2.(1) 已完成 辦了2場")
    office.place.says("小幫手 回報 一(三)2.(1) 已完成 辦了3場")

    assert {one.reporter for one in office.standing()} == {"王美玲"}
    asked = [one for one in office.place.city.line.calls if one.path.endswith(f"member/{ling.id}")]
    assert len(asked) == 1


def test_who_has_reported_nothing_stays_nameless(office: Desk, ling: Person) -> None:
    office.place.says("小幫手 回報 不知道什麼事情的東西")

    assert office.standing() == []
    with office.place.city.app.database.begin() as db:
        assert progress.name_of(db, ling.id) == ""


def test_talk_among_people_asks_line_for_no_names(office: Desk) -> None:
    office.place.says("我們那件完成了 100%")

    assert not any("/member/" in call.path for call in office.place.city.line.calls)


def test_a_name_that_line_does_not_tell_delays_no_report(office: Desk) -> None:
    office.place.city.line.fail_next("/member/", status=500)

    office.place.says("小幫手 回報 一(三)2.(1) 已完成 辦了2場")

    assert [one.reporter for one in office.standing()] == [""]


# faults


def test_content_that_line_does_not_give_is_asked_for_again(office: Desk) -> None:
    (root,) = office.reports(CLAUSE)
    line, clock = office.place.city.line, office.place.city.clock
    line.fail_next("/content", status=500)
    line.fail_next("/content", status=202)

    assert office.sends(PHOTO) == []
    clock.goes_on(seconds=2)
    with office.place.listening() as heard:
        office.place.city.settle()
    assert heard == []
    clock.goes_on(seconds=5)
    with office.place.listening() as heard:
        office.place.city.settle()

    assert heard[0].startswith("已加上 1 張照片")
    assert len(office.evidence(root)) == 1


def test_content_that_line_never_gives_is_told_at_the_end(office: Desk) -> None:
    office.reports(CLAUSE)
    line, clock = office.place.city.line, office.place.city.clock
    line.fail_next("/content", status=500, times=9)

    heard = office.sends(PHOTO)
    for seconds in (2, 5, 16, 61):
        clock.goes_on(seconds=seconds)
        with office.place.listening() as more:
            office.place.city.settle()
        heard += more

    assert heard == ["LINE 一直沒有把這個檔案交給我，沒有收下。請過幾分鐘再傳一次。"]
    assert office.fetched == 5


@pytest.mark.parametrize("status", [404, 410])
def test_content_that_is_gone_is_said_at_once(office: Desk, status: int) -> None:
    office.reports(CLAUSE)
    office.place.city.line.fail_next("/content", status=status)

    (said,) = office.sends(PHOTO)

    assert said.startswith("這個檔案在 LINE 上已經不在了")


def test_an_event_that_comes_twice_adds_nothing_twice(office: Desk) -> None:
    (root,) = office.reports(CLAUSE)
    office.sends(PHOTO)
    line = office.place.city.line

    with office.place.listening() as heard:
        line.redeliver(line.events[-1]["webhookEventId"])
        again = {**line.events[-1], "webhookEventId": "01OTHER0000000000000000000"}
        line.deliver_raw({"destination": line.bot_user_id, "events": [again]})

    assert heard == []
    assert len(office.evidence(root)) == 1


def test_a_worker_that_dies_after_fetching_keeps_nothing_and_the_next_keeps_it_once(
    office: Desk,
) -> None:
    (root,) = office.reports(CLAUSE)
    city = office.place.city

    class PowerCut(BaseException):
        """Nothing catches it."""

    def dies(*_: object) -> None:
        raise PowerCut

    city.line.send_content(office.place.person.id, office.place.chat.id, "image", PHOTO)
    city.line.wait_idle()
    dying = Worker(
        city.app.database, dies, city.app.client, clock=city.clock, prepare=city.app.prepare
    )
    with pytest.raises(PowerCut):
        dying.run_until_idle()
    assert (office.fetched, office.evidence(root)) == (1, [])

    city.clock.goes_on(minutes=2)
    city.settle()

    assert office.fetched == 2
    assert len(office.evidence(root)) == 1


# taken back


def unsend(office: Desk, message_id: str) -> None:
    city = office.place.city
    city.line.unsend(office.place.person.id, message_id)
    city.settle()


def last_sent(office: Desk) -> ChatMessage:
    """The newest line of the person."""
    lines = office.place.city.line.history(office.place.chat.id)
    return [one for one in lines if one.sender == office.place.person.id][-1]


def test_a_photo_that_is_taken_back_is_forgotten(office: Desk) -> None:
    (root,) = office.reports(CLAUSE)
    office.sends(PDF, name="王小明.pdf")

    unsend(office, last_sent(office).id)

    assert office.evidence(root) == []
    assert office.bytes_kept() == 0
    with office.place.city.app.database.begin() as db:
        (row,) = db.scalars(select(EvidenceRow))
        assert (row.name, row.caption) == ("", "")
        assert row.removed_at is not None


def test_a_photo_that_is_taken_back_before_its_turn_is_not_fetched(office: Desk) -> None:
    (root,) = office.reports(CLAUSE)
    line, place = office.place.city.line, office.place
    with place.listening() as heard:
        sent = line.send_content(place.person.id, place.chat.id, "image", PHOTO)
        line.unsend(place.person.id, sent.id)

    assert heard == []
    assert office.fetched == 0
    assert office.evidence(root) == []


def test_a_photo_that_comes_after_its_taking_back_is_not_fetched(office: Desk) -> None:
    office.reports(CLAUSE)
    line, place = office.place.city.line, office.place
    line.hold_deliveries()
    sent = line.send_content(place.person.id, place.chat.id, "image", PHOTO)
    with place.city.app.database.begin() as db:
        unsent.forget(db, sent.id, chat_key=place.chat.id, now=place.city.clock.now)
    line.release_deliveries()
    place.city.settle()

    assert office.fetched == 0
    assert office.bytes_kept() == 0


def test_a_report_that_is_taken_back_takes_its_evidence_along(office: Desk) -> None:
    office.place.says("小幫手 回報 一(三)2.(1) 已完成 辦了2場")
    reported = last_sent(office)
    office.sends(PHOTO)
    assert office.bytes_kept() == 1

    unsend(office, reported.id)

    assert office.standing() == []
    assert office.bytes_kept() == 0


def test_after_three_years_the_content_goes_and_the_report_stays(office: Desk) -> None:
    office.reports(CLAUSE)
    office.sends(PHOTO)
    later = office.place.city.clock.now + timedelta(days=1096)

    with office.place.city.app.database.begin() as db:
        gone = retention.purge(db, later)

    assert gone["evidence_contents"] == 1
    assert office.bytes_kept() == 0
    assert len(office.standing()) == 1


# what line may do one day


def test_a_photo_that_quotes_a_receipt_belongs_to_it(office: Desk, ming: Person) -> None:
    office.place.says("小幫手 回報 一(三)2.(1) 已完成 辦了2場")
    (report,) = office.standing()
    receipt = office.place.last_message()
    line, place = office.place.city.line, office.seen_by(ming).place
    line.hold_deliveries()
    line.send_content(place.person.id, place.chat.id, "image", PHOTO)
    event = line.events[-1]
    event["message"]["quotedMessageId"] = receipt.id
    line.release_deliveries()
    place.city.settle()

    assert len(office.evidence(report.root)) == 1
