import gzip
import json
from pathlib import Path

import pytest

from eval.benchmarks import fusion as trust
from eval.benchmarks.held_out import KINDS, held_out_set
from eval.benchmarks.retrieval import TwoSearches, main, measure_set
from eval.question_set import load_questions
from index import fusion
from index.encoder import load_encoder
from index.training.pairs import held_out_share, is_held_out
from index.training.views import VIEW_BY_NAME

TOPICS = ["养犬登记", "老旧电梯", "夜间施工", "创业补贴", "图书借阅", "停车收费", "垃圾分类", "公园游船"]
ASKED = ["怎么办理", "要交多少钱", "谁来管", "多久能办完", "在哪里申请", "有什么条件", "给谁看", "能不能退"]
ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "eval" / "questions" / "samples.jsonl"
DOCUMENT = ROOT / "samples" / "01-云溪市公共数据条例.txt"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name in {VIEW_BY_NAME[kind].source for kind in trust.SETS if kind != "law_heading"}:
        rows = [
            {"query": f"{topic}{asked}", "positive": f"{topic}由主管部门负责，{asked}另行公布。"}
            for topic in TOPICS
            for asked in ASKED
        ]
        if name == "pairs_legal_consultations":
            rows = [{**row, "positive": f"{row['positive']}法律依据"} for row in rows]
        with gzip.open(tmp_path / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return tmp_path


def test_a_held_out_set_asks_only_what_training_leaves_out(data: Path) -> None:
    chosen = held_out_set("policy", data)
    assert chosen.questions
    assert all(is_held_out(question, held_out_share("policy")) for question in chosen.questions)
    assert len(chosen.texts) == len(TOPICS) * len(ASKED)
    first = chosen.questions[0]
    assert [chosen.texts[row] for row in chosen.relevant[0]] == [f"{first[:4]}由主管部门负责，{first[4:]}另行公布。"]


def test_every_kind_of_question_is_a_view_of_the_training_data() -> None:
    assert KINDS.keys() <= VIEW_BY_NAME.keys()


def test_recall_by_meaning_by_words_and_fused_is_measured(data: Path, tmp_path: Path) -> None:
    chosen = held_out_set("policy", data)
    row = measure_set(chosen, load_encoder(), TwoSearches(chosen.texts, tmp_path / "words"))
    assert row.questions == len(chosen.questions)
    assert row.words == 1.0
    assert 0.8 <= row.fused <= 1.0


def test_the_command_prints_a_line_for_each_set(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(data), "--sets", "policy", "web"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[2:]] == ["policy", "web"]


def test_trying_other_weights_leaves_the_product_s_own_in_place(data: Path, tmp_path: Path) -> None:
    before = fusion.TRUST_POWER, fusion.TRUST
    questions = load_questions(SAMPLES)
    with trust.asked_of(DOCUMENT, questions, load_encoder()) as ours:
        piece = trust.pieces("policy", data, load_encoder(), tmp_path / "words")
        figures = trust.compare_trust([piece, ours], [(0, 0.0), (3, 2.0)])
    assert [len(values) for values in figures.values()] == [3, 3]
    assert figures[0, 0.0] != figures[3, 2.0]
    assert before == (fusion.TRUST_POWER, fusion.TRUST)


def test_the_fusion_command_prints_a_line_for_each_setting(
    benchmark: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(trust, "POWERS", {3: (2.0,)})
    given = ["--set", str(DOCUMENT), str(SAMPLES), "--benchmark", str(benchmark), "--count-power", "0.5"]
    assert trust.main(given) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["weight", "2"]
    assert lines[1].split()[-1] == "1.000/1.000"
