from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel

from eval.draft import draft_questions
from eval.draft_model import ModelReworder
from eval.draft_patterns import dates, definitions, duties, headings, lists, numbers, penalties
from eval.errors import QuestionFileError
from eval.feedback import questions_from_feedback
from eval.question import GoldEntry, Question, QuestionSet, QuestionType
from eval.validate import validate_set
from index.store import Store
from ingest.model import Clause, ParsedFile

from .conftest import FILE, TITLE, MemoryCorpus
from .test_baselines import CharacterEncoder

Find = Callable[[str], Clause]


def made(text: str, heading: str = "", label: str = "第九条") -> Clause:
    return Clause("c", (label,), label, heading, ((0, len(text)),), text)


def test_a_figure_becomes_how_many(corpus: MemoryCorpus) -> None:
    (proposal,) = numbers(corpus.held[0], made("第九条 押金不得高于99元。"), ())
    assert proposal.question == f"《{TITLE}》规定，押金不得高于多少？"
    assert proposal.facts == ("99元",)


def test_a_sentence_with_two_figures_or_none_proposes_nothing(corpus: MemoryCorpus) -> None:
    assert list(numbers(corpus.held[0], made("投放1200辆,罚款5万元。"), ())) == []
    assert list(numbers(corpus.held[0], made("企业应当自律。"), ())) == []
    assert list(numbers(corpus.held[0], made("表1 共3项"), ())) == []  # a table's row, not a sentence


def test_coming_into_force_becomes_when(corpus: MemoryCorpus) -> None:
    (proposal,) = dates(corpus.held[0], made("第九条 本办法自2031年5月1日起施行。"), ())
    assert proposal.question == f"《{TITLE}》从什么时候起施行？"
    assert proposal.facts == ("2031年5月1日",)


def test_a_definition_becomes_what_it_means(corpus: MemoryCorpus, clause: Find) -> None:
    (proposal,) = definitions(corpus.held[0], clause("第二条"), ())
    assert proposal.question == f"《{TITLE}》里说的“共享单车”是什么意思？"
    assert proposal.facts == ("企业投放的分时租赁自行车",)


def test_a_lead_in_with_items_becomes_which(corpus: MemoryCorpus) -> None:
    items = (made("(一)有固定场所;", label="(一)"), made("(二)有专职人员。", label="(二)"))
    (proposal,) = lists(corpus.held[0], made("第九条 企业应当具备下列条件:"), items)
    assert proposal.question.endswith("企业应当具备哪些条件？")
    assert proposal.facts == ("有固定场所", "有专职人员")
    assert len(proposal.clauses) == 3


def test_a_penalty_becomes_what_follows(corpus: MemoryCorpus, clause: Find) -> None:
    (proposal,) = penalties(corpus.held[0], clause("第五条"), ())
    assert "违反第四条规定的，会怎么处理？" in proposal.question
    assert proposal.facts == ("2万元", "5万元")


def test_a_duty_and_a_heading_become_questions(corpus: MemoryCorpus) -> None:
    (duty,) = duties(corpus.held[0], made("第九条 企业应当公开收费标准。"), ())
    assert (duty.type, duty.facts) == (QuestionType.OBLIGATION, ("公开收费标准",))
    text = "(三)停放秩序。各区划定停放区域,逐步覆盖主要路口,保持人行道畅通,方便市民就近停放和取用车辆。"
    (heading,) = headings(corpus.held[0], made(text, "停放秩序", "(三)"), ())
    assert "停放秩序" in heading.question


def test_drafts_are_valid_marked_and_the_same_each_time(corpus: MemoryCorpus) -> None:
    drafted = draft_questions(corpus, 10)
    assert drafted == draft_questions(corpus, 10)
    assert all(q.draft and q.note for q in drafted)
    assert len({q.id for q in drafted}) == len(drafted)
    assert {q.type for q in drafted} >= {QuestionType.PENALTY, QuestionType.DEFINITION, QuestionType.UNANSWERABLE}
    assert validate_set(QuestionSet("drafts", drafted, ""), corpus) == ()


def test_an_article_beyond_the_last_is_unanswerable(corpus: MemoryCorpus) -> None:
    silent = [q for q in draft_questions(corpus, 10) if not q.answerable]
    assert silent[0].question == f"《{TITLE}》第12条是怎么规定的？"
    assert "最后一条是第5条" in silent[0].note


ASKED = Question(
    "draft-001", "《办法》规定,押金不得高于多少?", QuestionType.NUMBER, gold=(GoldEntry("办法", ("第九条",)),)
)
CLAUSE = "第九条 押金不得高于99元,应当专户存放。"


def reworded(reply: str) -> Question | None:
    return ModelReworder(FakeListChatModel(responses=[reply])).reword(ASKED, CLAUSE)


def test_a_model_rewords_and_keeps_the_gold() -> None:
    better = reworded('好的:{"question": "骑车最多交多少押钱?", "facts": ["99元"]}')
    assert better is not None
    assert (better.question, better.must, better.gold) == ("骑车最多交多少押钱?", (("99元",),), ASKED.gold)


@pytest.mark.parametrize(
    "reply",
    [
        "我不知道",
        '{"question": "多少?"}',
        '{"question": "最多交多少?", "facts": ["88元"]}',
        '{"question": "是不是99元?", "facts": ["99元"]}',
        '{"question": "押金不得高于99元,应当专户存放", "facts": ["专户"]}',
        '{"question": "", "facts": ["99元"]}',
        '{"question": "最多交多少?", "facts": []}',
    ],
)
def test_what_a_model_invents_or_gives_away_is_not_used(reply: str) -> None:
    assert reworded(reply) is None


@pytest.fixture
def store(tmp_path: Path, corpus: MemoryCorpus) -> Store:
    opened = Store.open(tmp_path / "store", CharacterEncoder(), create=True)  # type: ignore[arg-type]
    opened.ingest(ParsedFile(corpus.sources[FILE], corpus.held), b"raw")
    return opened


def export(folder: Path, *lines: dict[str, object]) -> Path:
    path = folder / "feedback.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    return path


def test_feedback_becomes_drafts_with_the_newest_word_counting(tmp_path: Path, store: Store) -> None:
    cited = {"doc": TITLE, "path": ["第二章 投放", "第三条"]}
    common = {
        "history": [],
        "must": [],
        "answerable": True,
        "helpful": True,
        "answer_given": "…",
        "cited": ["x"],
        "at": "…",
    }
    path = export(
        tmp_path,
        {**common, "id": "f1", "question": "能投多少辆?", "gold": [], "note": "不对"},
        {**common, "id": "f2", "question": "能投多少辆?", "gold": [cited], "note": ""},
        {**common, "id": "f3", "question": "损坏率不得高于多少", "gold": [], "helpful": False, "note": "答非所问"},
    )
    first, second = questions_from_feedback(path, store)
    assert (first.id, first.gold) == ("f2", (GoldEntry(TITLE, ("第二章 投放", "第三条")),))
    assert second.gold[0].doc == TITLE
    assert second.draft
    assert "答非所问" in second.note
    assert "核对" in second.note


def test_a_malformed_export_is_named(tmp_path: Path, store: Store) -> None:
    with pytest.raises(QuestionFileError, match="line 1: field 'question'"):
        questions_from_feedback(export(tmp_path, {"id": "f1"}), store)
    with pytest.raises(QuestionFileError, match=r"gold\[0\]\.doc"):
        questions_from_feedback(export(tmp_path, {"id": "f1", "question": "?", "gold": [{}]}), store)
