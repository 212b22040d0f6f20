"""Who acts by a plan without a column of units, and whom its clauses are addressed to."""

from __future__ import annotations

import pytest

from bot.plans.corpus import Corpus
from bot.plans.model import UnitLevel
from bot.search.acting import Acting
from bot.search.actors import Actors
from bot.search.answer import Answer, Answerer, Kind
from bot.search.details import Details
from bot.search.follow import Previous
from bot.search.words import Folder, Lexicon
from handlers.answers import as_reply
from tests.unit.search.helpers import ask

AFTER_TRAINING = Previous(question="市府的研習幾月", clauses=("khh-112:f1.7",))
AFTER_OUR_PLAN = Previous(question="局的執行計畫要怎麼擬", clauses=("khh-112:5.2.1",))

NEAR = ("4.0.a.a", "5.2.1")  # on the same thing, of which only the second names who does it


def _said(answerer: Answerer, question: str, unit: str, previous: Previous | None = None) -> str:
    return as_reply(ask(answerer, question, unit, previous), answerer.corpus).plain


@pytest.mark.parametrize(
    ("clause", "name", "where"),
    [
        ("5.1.2", "本府研考會", "5.1"),  # a heading names it
        ("5.2.1", "一級機關暨區公所", "5.2.1"),  # the clause's own first words go before it
        ("5.2.3", "本府各機關及區公所", "5.2"),
        ("5.3", "各二級機關", "5.3"),
        ("6.2", "本府", "6.2"),
        ("8.2", "本府警察局", "8.2"),
        ("f1.10", "各機關", "f1.10"),
    ],
)
def test_who_acts_stands_in_the_first_words_or_a_heading(
    corpus: Corpus, clause: str, name: str, where: str
) -> None:
    actor = Actors(corpus).of(corpus.nodes[f"khh-112:{clause}"])
    assert actor is not None
    assert (actor.name, actor.node.id) == (name, f"khh-112:{where}")


@pytest.mark.parametrize(
    "clause", ["khh-112:4.1.a.6", "khh-112:f1.6", "khh-doh-112:4.1.3.3.2", "khh-doh-112:5.1"]
)
def test_elsewhere_nobody_is_guessed(corpus: Corpus, clause: str) -> None:
    assert Actors(corpus).of(corpus.nodes[clause]) is None


def test_agencies_without_a_level_are_those_beside_the_district_offices(corpus: Corpus) -> None:
    actors, nodes = Actors(corpus), corpus.nodes
    both = {UnitLevel.AGENCY, UnitLevel.DISTRICT_OFFICE}
    found = [actors.of(nodes[one]) for one in ("khh-112:5.2.2", "khh-112:f1.3")]
    assert [one and one.levels for one in found] == [both, both | {UnitLevel.SUBORDINATE}]


@pytest.mark.parametrize(
    ("row", "clause"), [("f1.1", "5.1.1"), ("f1.7", "5.1.2"), ("f1.6", "f1.6"), ("f1.5", "f1.5")]
)
def test_a_row_that_names_nobody_leads_to_the_clause_on_it_that_does(
    corpus: Corpus, row: str, clause: str
) -> None:
    assert Actors(corpus).doing(corpus.nodes[f"khh-112:{row}"]).id == f"khh-112:{clause}"


@pytest.mark.parametrize(
    "question", ["那是哪個單位負責", "這由誰辦理", "提升服務研習是哪個單位辦理"]
)
def test_who_does_it_is_told_by_the_heading(by_words: Answerer, question: str) -> None:
    found = ask(by_words, question, "警察局", AFTER_TRAINING)
    said = as_reply(found, by_words.corpus).plain
    assert found.passages[0].node.id == "khh-112:5.1.2"
    assert said.startswith("伍、一寫的是「本府研考會：計畫研擬、宣導及辦理研習」：")
    assert "沒有列單位" not in said


def test_whether_it_is_ours_is_told_by_the_heading(by_words: Answerer) -> None:
    said = [_said(by_words, "是我們要辦嗎", one, AFTER_TRAINING) for one in ("警察局", "研考會")]
    assert "，不是警察局：" in said[0]
    assert said[1].startswith("是研考會，")


def test_a_clause_for_another_level_is_not_ours(by_words: Answerer) -> None:
    said = _said(by_words, "那這條我們要做嗎", "楠梓地政事務所", AFTER_OUR_PLAN)
    assert said.startswith("寫的是「一級機關暨區公所」，不是楠梓地政事務所：")
    assert _said(by_words, "那這條我們要做嗎", "財政局", AFTER_OUR_PLAN).startswith(
        "要，財政局適用"
    )


def test_that_only_the_city_is_named_is_said(answerer: Answerer) -> None:
    said = _said(answerer, "電話禮貌測試由哪個單位來測", "財政局")
    assert said.startswith("計畫寫的是「本府」，沒有寫由哪個單位負責：")


def test_who_does_a_part_of_it_is_told_by_that_part(answerer: Answerer) -> None:
    assert _said(answerer, "年度執行成果由誰彙整", "財政局").startswith("寫的是「各主管機關」：")


def test_those_whose_work_is_looked_at_are_not_told_as_who_looks(answerer: Answerer) -> None:
    said = _said(answerer, "我們局所屬的機關平時是誰來督導", "社會局")
    assert "寫的是" not in said.splitlines()[0]
    assert "沒有列單位" not in said


def test_of_two_near_clauses_the_one_that_names_who_acts_tells_it(
    by_words: Answerer, fold: Folder, lexicon: Lexicon
) -> None:
    first, second = (by_words.passage(by_words.corpus.nodes[f"khh-112:{one}"]) for one in NEAR)
    found = Answer(question="", kind=Kind.UNIT, passages=(first, second), second=second)
    acting = Acting(actors=Actors(by_words.corpus), details=Details(fold, lexicon), fold=fold)
    told = acting.told(found, "執行計畫由誰擬", asks_who=True)
    assert [one.node for one in told.passages] == [second.node, first.node]
    assert acting.told(found, "我們的計畫要參照誰的", asks_who=True) == found


def test_who_approves_it_is_not_stated(answerer: Answerer) -> None:
    said = _said(answerer, "工作計畫是哪個單位審核", "楠梓地政事務所")
    assert "責任單位：這份計畫沒有列單位" in said


def test_whom_to_work_with_is_not_who_does_it(answerer: Answerer) -> None:
    assert ask(answerer, "訂執行計畫要邀請哪些人參與", "財政局").actor is None


def test_a_clause_for_one_level_goes_before_what_the_city_does_for_all(answerer: Answerer) -> None:
    found = [ask(answerer, "平常誰會來查我們", one) for one in ("楠梓地政事務所", "財政局")]
    assert [one.passages[0].node.id for one in found] == ["khh-112:6.1.2", "khh-112:6.2"]


@pytest.mark.parametrize(
    ("question", "unit", "clause"),
    [
        ("計畫需要公開在網站嗎", "楠梓地政事務所", "5.3"),
        ("計畫需要公開在網站嗎", "財政局", "5.2.3"),
        ("平常要怎麼查核", "楠梓地政事務所", "6.1.2"),
        ("平常要怎麼查核", "左營區公所", "6.1.1"),
        ("公所平常要怎麼查核", "楠梓地政事務所", "6.1.1"),
    ],
)
def test_a_clause_for_the_askers_level_goes_first(
    answerer: Answerer, question: str, unit: str, clause: str
) -> None:
    found = ask(answerer, question, unit)
    assert found.passages[0].node.id == f"khh-112:{clause}"
    second = found.second.node.id if found.second else ""
    assert second not in {"khh-112:5.2.3", "khh-112:6.1.1", "khh-112:6.1.2"}
