"""The benchmark on laws rebuilds its documents from articles and paragraphs."""

import gzip
import json
from pathlib import Path

import pytest

from eval.benchmarks.laws import DOCUMENTS, build
from ingest.pipeline import parse_file

LAW = "云溪市停车条例"
REPORT = "云溪市2031年工作报告"


def _data(folder: Path) -> Path:
    rows = [
        {"law": LAW, "article": "第一条", "section": "第一章 总则", "text": "为了规范停车,制定本条例。"},
        {
            "law": LAW,
            "article": "第二条",
            "section": "第二章 收费 第一节 标准",
            "text": "收费不得超过下列标准:\n(一)每小时三元;\n(二)每天二十元。",
        },
        {"law": LAW, "article": "第一条", "section": "", "text": "另一份文本的开头。"},
        {"law": "云溪市供水条例", "article": "第一条", "section": "", "text": "不在名单里。"},
    ]
    reports = [{"query": "云溪市报告", "positive": "去年新增就业一万人。\n今年再增一万人。"}]
    for name, content in (
        ("law_articles_mainland", rows),
        ("law_articles_taiwan", []),
        ("political_paragraphs", reports),
    ):
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as out:
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in content)
    return folder


def test_law_is_rebuilt_with_header_chapters_and_as_many_articles_as_asked(tmp_path: Path) -> None:
    files = build(
        _data(tmp_path),
        tmp_path / "out",
        {LAW: {"header": ["（2031年3月1日云溪市第三届人民代表大会常务委员会第二次会议通过）"], "articles": 2}},
    )
    document = parse_file(files[0]).documents[0]
    assert document.title == LAW
    assert [c.path for c in document.clauses if c.label == "第二条"] == [("第二章 收费", "第一节 标准", "第二条")]
    assert "另一份" not in files[0].read_text(encoding="utf-8")


def test_report_is_rebuilt_from_its_paragraphs(tmp_path: Path) -> None:
    files = build(_data(tmp_path), tmp_path / "out", {REPORT: {"header": [], "report": "云溪市报告"}})
    lines = files[0].read_text(encoding="utf-8").split("\n")
    assert lines == [REPORT, "", "去年新增就业一万人。", "今年再增一万人。", ""]


def test_title_that_the_data_lacks_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="云溪市供气条例"):
        build(_data(tmp_path), tmp_path / "out", {"云溪市供气条例": {"header": []}})


@pytest.mark.parametrize("name", ["training", "held-out"])
def test_questions_about_laws_name_documents_of_the_benchmark(name: str) -> None:
    documents = json.loads(DOCUMENTS.read_text(encoding="utf-8"))[name]
    questions = DOCUMENTS.parents[1] / "questions" / f"laws.{name}.jsonl"
    for line in questions.read_text(encoding="utf-8").splitlines():
        assert {entry["doc"] for entry in json.loads(line)["gold"]} <= documents.keys()
