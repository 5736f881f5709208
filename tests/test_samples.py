"""The sample policies and the questions about them: what they promise a newcomer and the evaluation."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from eval.gold import GoldResolver
from eval.question import Question, QuestionType
from eval.question_set import bundled_set, load_questions
from ingest.model import ParsedFile, PolicyDocument, SourceText
from ingest.pipeline import parse_file

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
FILES = sorted(path for path in SAMPLES.iterdir() if path.name[:2].isdigit())
SOURCES = sorted((SAMPLES / ".source").glob("*.src"))
SHARED_CORPUS = ROOT.parent / "shared" / "corpus"
SHARED_RUN = 24
# file, title, document number, kind, in force from, to; what a file does not print is left empty. A notice of issue and
# what it issues are two documents, and so are a draft and the announcement that asks for comments on it.
PARTICULARS = [
    ("01", "云溪市公共数据条例", "", "regulation", "2024-01-01", ""),
    ("02", "云溪市人民代表大会常务委员会关于修改《云溪市公共数据条例》的决定", "", "", "2026-07-01", ""),
    ("03", "云溪市公共数据管理暂行办法", "", "rule", "2019-07-01", ""),
    (
        "04",
        "云溪市人民政府关于印发《云溪市中小企业数字化转型行动计划（2026—2028年）》的通知",
        "云政发〔2026〕2号",
        "notice",
        "",
        "",
    ),
    ("04", "云溪市中小企业数字化转型行动计划（2026—2028年）", "", "plan", "", ""),
    ("05", "2026年度中小企业数字化改造补贴申报指南", "", "", "2026-05-10", "2027-03-31"),
    ("06", "2025年度云溪市中小企业数字化改造补贴申报指南", "", "", "2025-07-15", "2025-12-31"),
    ("07", "《云溪市中小企业数字化转型行动计划（2026—2028年）》政策解读", "", "interpretation", "", ""),
    ("08", "中小企业数字化转型　术语", "", "standard", "2025-11-01", ""),
    ("09", "云溪市工业和信息化局关于公布2026年度数字化服务商名单的通知", "云工信函〔2026〕35号", "", "", ""),
    ("10", "云溪市数据交易管理办法（征求意见稿）", "", "", "", ""),
    ("10", "关于《云溪市数据交易管理办法（征求意见稿）》的起草说明", "", "", "", ""),
    (
        "11",
        "Yunxi Municipal Measures for the Support of Foreign-Invested Research and Development Centres",
        "",
        "",
        "2025-09-01",
        "2030-08-31",
    ),
    ("12", "雲溪市支持境外青年創業就業若干措施", "雲人社規〔2025〕7號", "normative", "2025-09-01", "2028-08-31"),
    ("13", "三年改造2400家！云溪出台行动计划帮中小企业“数字换装”", "", "news", "", ""),
    ("14", "关于2025年度各县（区）数字化发展情况的通报", "云数组办〔2026〕9号", "", "", ""),
    ("15", "关于印发《云溪市2026年数字化工作要点》的通知", "云数组办〔2026〕3号", "notice", "", ""),
    ("15", "云溪市2026年数字化工作要点", "", "", "", ""),
    ("16", "云溪市电动自行车停放和充电安全管理规定", "", "rule", "2026-08-01", ""),
    ("16", "云溪市人民政府办公室关于做好2026年高温天气劳动保护工作的通知", "云政办发〔2026〕19号", "notice", "", ""),
    ("16", "云溪市居家和社区养老服务补贴实施细则", "云民规〔2026〕3号", "normative", "2026-07-01", "2031-06-30"),
    ("17", "云溪市公共数据授权运营实施细则", "", "normative", "2024-07-01", ""),
    ("18", "云溪市企业上云三年行动方案（2022—2024年）", "云政办发〔2022〕11号", "plan", "2022-04-01", "2024-12-31"),
    ("19", "云溪市公共数据分级指南", "云数规〔2025〕2号", "", "2025-04-01", "2030-03-31"),
    ("20", "在全市中小企业数字化转型推进会上的讲话", "", "speech", "", ""),
    ("21", "云溪市无人配送车道路测试和运营管理办法（试行）", "云交规〔2025〕6号", "normative", "2025-12-01", ""),
    ("22", "云溪市电子证照应用规定", "", "rule", "2027-01-01", ""),
]


class ParsedCorpus:
    """Parsed files as the corpus in which gold is resolved."""

    def __init__(self, parsed: list[ParsedFile]) -> None:
        self._documents = {document.doc_id: document for file in parsed for document in file.documents}
        self._sources = {file.source.name: file.source for file in parsed}

    def documents(self) -> tuple[PolicyDocument, ...]:
        return tuple(self._documents.values())

    def document(self, doc_id: str) -> PolicyDocument:
        return self._documents[doc_id]

    def source(self, name: str) -> SourceText:
        return self._sources[name]


@cache
def parsed(path: Path) -> ParsedFile:
    return parse_file(path)


@cache
def corpus() -> ParsedCorpus:
    return ParsedCorpus([parsed(path) for path in FILES])


@cache
def questions() -> tuple[Question, ...]:
    return load_questions(bundled_set("samples")).questions


def folded(text: str) -> str:
    """Text without white space and punctuation, in one width and case, as facts are compared."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text).casefold())


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def gold_text(question: Question) -> str:
    resolved = GoldResolver(corpus()).resolve(question)
    texts = []
    for entry in (*resolved.gold, *resolved.alternatives):
        for place in entry.places:
            source = corpus().source(place.source).text
            texts += [source[start:end] for start, end in place.spans]
    return folded("".join(texts))


def test_samples_come_in_every_format() -> None:
    assert {path.suffix for path in FILES} == {".txt", ".md", ".html", ".docx", ".pdf"}
    with pytest.raises(UnicodeDecodeError):
        next(SAMPLES.glob("03-*.txt")).read_bytes().decode("utf-8")


def test_samples_are_long_enough_to_be_worth_asking() -> None:
    assert len(FILES) >= 12
    assert sum(len(squeezed(parsed(path).source.text)) for path in FILES) >= 40_000


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name[:2])
def test_every_sample_says_that_it_is_fictional(path: Path) -> None:
    text = parsed(path).source.text
    assert re.search(r"虚构示例|虛構示例|Fictional sample", text)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_made_files_hold_every_paragraph_of_their_source(source: Path) -> None:
    made = next(path for path in FILES if path.name.startswith(source.name[:3]) and path.suffix in {".docx", ".pdf"})
    page = re.compile(r"云溪市人民政府(文件|公报\s*2026年第5期)\n|— \d+ —")
    have = folded(page.sub("", parsed(made).source.text))
    for line in source.read_text("utf-8").splitlines():
        for cell in re.sub(r"^(=|#+|\^|>|\+|-|!) ", "", line).split("|"):
            assert folded(cell) in have, cell


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name[:2])
def test_clauses_of_a_sample_lie_inside_its_text(path: Path) -> None:
    file = parsed(path)
    spans = [span for document in file.documents for clause in document.clauses for span in clause.spans]
    assert spans
    assert all(0 <= start < end <= len(file.source.text) for start, end in spans)


@pytest.mark.parametrize(
    ("file", "title", "number", "kind", "effective_on", "expires_on"), PARTICULARS, ids=lambda value: str(value)[:12]
)
def test_document_is_found_with_what_it_prints_about_itself(
    file: str, title: str, number: str, kind: str, effective_on: str, expires_on: str
) -> None:
    documents = [document for path in FILES if path.name.startswith(file) for document in parsed(path).documents]
    found = [document for document in documents if folded(document.title) == folded(title)]
    assert len(found) == 1, [document.title for document in documents]
    document = found[0]
    assert not number or folded(document.number or "") == folded(number)
    assert not kind or document.kind == kind
    assert not effective_on or str(document.effective_on) == effective_on
    assert not expires_on or str(document.expires_on) == expires_on


def test_draft_and_trial_say_so() -> None:
    status = {document.title: document.status for path in FILES for document in parsed(path).documents}
    assert status["云溪市数据交易管理办法（征求意见稿）"] == "draft"
    assert status["云溪市无人配送车道路测试和运营管理办法（试行）"] == "trial"


def test_question_set_has_every_type() -> None:
    types = [question.type for question in questions()]
    assert len(types) >= 110
    assert all(types.count(wanted) >= 5 for wanted in QuestionType)


def test_questions_come_in_three_ways_of_writing() -> None:
    languages = [question.lang for question in questions()]
    assert languages.count("en") >= 10
    assert languages.count("zh-Hant") >= 5


def test_follow_ups_have_a_history() -> None:
    assert all(question.history for question in questions() if question.type is QuestionType.FOLLOWUP)


def test_answerable_questions_have_gold_and_facts() -> None:
    assert all(question.gold and question.must for question in questions() if question.answerable)


@pytest.mark.parametrize("question", [q for q in questions() if q.answerable], ids=lambda q: q.id)
def test_gold_is_found_and_holds_the_facts(question: Question) -> None:
    resolved = GoldResolver(corpus()).resolve(question)
    assert not resolved.problems
    assert not [entry.problem for entry in resolved.alternatives if entry.problem]
    text = gold_text(question)
    assert all(any(folded(spelling) in text for spelling in spellings) for spellings in question.must)


def test_half_of_the_questions_share_few_words_with_the_text() -> None:
    shares = []
    for question in questions():
        if question.answerable and question.lang == "zh":
            words = {a + b for a, b in pairwise(folded(question.question))}
            text = gold_text(question)
            shares.append(sum(word in text for word in words) / len(words))
    assert sorted(shares)[len(shares) // 2] < 0.5


@pytest.mark.shared
@pytest.mark.skipif(not SHARED_CORPUS.is_dir(), reason="the folder ../shared is not there")
def test_no_sample_shares_a_run_of_text_with_the_compilation() -> None:
    known = set()
    for path in SHARED_CORPUS.glob("*.txt"):
        text = squeezed(path.read_text("utf-8"))
        known |= {text[i : i + SHARED_RUN] for i in range(len(text) - SHARED_RUN + 1)}
    ours = [parsed(path).source.text for path in FILES] + [bundled_set("samples").read_text("utf-8")]
    ours += [path.read_text("utf-8") for path in (ROOT / "tests" / "ingest" / "messy").iterdir()]
    for text in map(squeezed, ours):
        runs = (text[i : i + SHARED_RUN] for i in range(len(text) - SHARED_RUN + 1))
        assert not [run for run in runs if run in known]
