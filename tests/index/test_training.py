import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder import load_encoder
from index.training.__main__ import main
from index.training.batches import assemble, schedule
from index.training.evaluation import encode, load_statutes
from index.training.export import quantized
from index.training.glosses import glossed, load_glosses
from index.training.job import Job
from index.training.journal import Journal
from index.training.pairs import PairSet, Texts, is_held_out, tokenize
from index.training.recipe import RECIPES, Recipe, Stage
from index.training.sources import SOURCES, TrainingDataError, read_rows
from index.training.static import train_static
from index.training.table import Parts, TokenTable
from index.training.views import VIEW_BY_NAME, VIEWS, sentences
from index.training.vocabulary import build_tokenizer, count_words, parts_of

TOPICS = ["养犬登记", "老旧电梯", "夜间施工", "创业补贴", "图书借阅", "停车收费", "垃圾分类", "公园游船"]
ASKED = ["怎么办理", "要交多少钱", "谁来管", "多久能办完", "在哪里申请", "有什么条件"]


def texts_of_lists(lists: list[list[int]]) -> Texts:
    ends = np.cumsum([0, *map(len, lists)]).astype(np.int64)
    return Texts(np.array([item for one in lists for item in one], dtype=np.int32), ends)


def pair_set(queries: list[list[int]], passages: list[list[int]], block: int = 1) -> PairSet:
    held_out = np.zeros(len(queries), dtype=bool)
    return PairSet("toy", texts_of_lists(queries), texts_of_lists(passages), held_out, block)


def write_source(folder: Path, name: str, rows: list[dict[str, object]]) -> None:
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    questions = [
        {"query": f"{topic}{asked}", "positive": f"{topic}办法规定，{topic}由主管部门负责，{asked}另行公布。"}
        for topic in TOPICS
        for asked in ASKED
    ]
    write_source(folder, "pairs_statutes_stard_train", questions)
    articles = [
        {
            "law": f"{topic}办法",
            "section": "第一章 总则",
            "text": f"{topic}应当遵守本办法。主管部门受理{topic}事项，按规定公布。",
        }
        for topic in TOPICS
    ]
    write_source(folder, "law_articles_mainland", articles)
    write_source(
        folder, "parallel_cedict", [{"zh": "施工", "en": "construction; to build"}, {"zh": "夜间", "en": "night"}]
    )
    return folder


@pytest.fixture
def recipe() -> Recipe:
    first = Stage("broad", 2.0, {"law_cloze": 1.0, "statutes": 2.0, "glossed_statutes": 1.0}, batch=16)
    last = Stage("statutes", 2.0, {"statutes": 1.0, "law_titled": 0.001}, batch=16, mined_negatives=4)
    return Recipe("toy", vocabulary=300, dim=16, stages=(first, last))


@pytest.fixture
def statutes(tmp_path: Path) -> Path:
    folder = tmp_path / "stard"
    folder.mkdir()
    corpus = [
        {"id": f"L{n}", "title": f"{topic}办法第一条", "text": f"{topic}事项"} for n, topic in enumerate(TOPICS * 13)
    ]
    with gzip.open(folder / "corpus.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in corpus)
    questions = [{"id": str(n), "text": f"{topic}怎么办理", "split": "dev"} for n, topic in enumerate(TOPICS)]
    questions += [{"id": f"t{n}", "text": f"{topic}找谁", "split": "train"} for n, topic in enumerate(TOPICS)]
    (folder / "queries.jsonl").write_text("\n".join(json.dumps(q, ensure_ascii=False) for q in questions), "utf-8")
    judged = [f"{q['id']}\tL{n % len(TOPICS)}\t1" for n, q in enumerate(questions)]
    (folder / "qrels.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *judged]), "utf-8")
    return folder


def test_one_command_goes_from_data_to_a_folder_that_loads(
    data: Path,
    recipe: Recipe,
    statutes: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(RECIPES, "toy", recipe)
    out = tmp_path / "run"
    arguments = ["--data", str(data), "--out", str(out), "--recipe", "toy", "--statutes", str(statutes), "--quiet"]
    assert main(arguments) == 0
    encoder = load_encoder(capsys.readouterr().out.strip())
    assert encoder.dim == 16
    own, other = (
        encoder.encode(["养犬登记怎么办理", "老旧电梯谁来管"], "query") @ encoder.encode(["养犬登记办法"], "passage").T
    )
    assert own > other
    log = Journal(out)
    assert log.lines("loss")[-1]["loss"] < log.lines("loss")[0]["loss"]
    assert [line["stage"] for line in log.lines("evaluation")] == ["broad", "statutes"]
    assert log.lines("report")[0]["recall@10"] > 0
    assert (out / "curves.png").stat().st_size > 1000


def test_interrupted_run_ends_where_an_uninterrupted_one_does(data: Path, recipe: Recipe, tmp_path: Path) -> None:
    whole = train_static(Job(recipe, data, tmp_path / "whole", None, quiet=True))
    train_static(Job(recipe, data, tmp_path / "parts", None, stop_after=1, quiet=True))
    resumed = train_static(Job(recipe, data, tmp_path / "parts", None, quiet=True))
    assert (whole / "model.safetensors").read_bytes() == (resumed / "model.safetensors").read_bytes()


def test_missing_training_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path), "--out", str(tmp_path / "run"), "--quiet"]) == 2
    assert ".jsonl.gz" in capsys.readouterr().err


def test_broken_line_is_named_with_its_number(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "pairs_cmrc.jsonl.gz", "wt") as file:
        file.write('{"query": "a"}\n{broken\n')
    with pytest.raises(TrainingDataError, match=r"pairs_cmrc\.jsonl\.gz, line 2"):
        list(read_rows(tmp_path, "pairs_cmrc"))


def test_open_recipe_keeps_no_view_of_a_research_only_source() -> None:
    recipe = RECIPES["static"].without_research_only()
    left = {name.removeprefix("glossed_") for stage in recipe.stages for name in stage.repeats}
    assert left
    assert not any(VIEW_BY_NAME[name].research_only for name in left)
    assert {view.source for view in VIEWS} == {source.name for source in SOURCES}


def test_tokenizer_reads_words_and_spells_out_what_it_does_not_know() -> None:
    words = count_words(["夜间施工应当申请许可", "申请许可", "nighttime construction permit"] * 5)
    tokenizer = build_tokenizer(words, 2_000)
    assert tokenizer.encode("申请许可").tokens == ["申请", "许可"]
    assert "".join(tokenizer.encode("constructs").tokens) == "constructs"
    assert tokenizer.encode("㐀許").ids == [0]
    assert tokenizer.encode("Permit").tokens == ["permit"]


def test_one_rare_character_does_not_hide_its_neighbours() -> None:
    tokenizer = build_tokenizer(count_words(["夜间施工应当申请许可"] * 5), 2_000)
    assert "施工" in tokenizer.encode("夜间施工𠮷应当申请").tokens


def test_parts_of_a_word_are_the_shorter_tokens_in_it() -> None:
    vocabulary = {"劳": 1, "动": 2, "劳动": 3, "合同": 4, "劳动合同": 5}
    assert set(parts_of("劳动合同", vocabulary)) == {1, 2, 3, 4}
    assert list(parts_of("permit", vocabulary)) == []


def test_words_with_common_parts_start_out_alike() -> None:
    parts = Parts(np.array([1, 2, 1, 3]), np.array([0, 0, 0, 0, 0, 2, 4]))
    table = TokenTable(np.ones(6, dtype=np.int64), parts, dim=64, share=1.0, seed=1).folded()
    unit = table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-9)
    assert unit[4] @ unit[5] > 0.2
    assert not table[0].any()


@given(st.lists(st.lists(st.integers(1, 30), max_size=6), min_size=2, max_size=8), st.data())
def test_take_gives_the_chosen_texts_in_order(lists: list[list[int]], draws: st.DataObject) -> None:
    rows = draws.draw(st.lists(st.integers(0, len(lists) - 1), min_size=1, max_size=8))
    ids, lengths = texts_of_lists(lists).take(np.array(rows))
    assert ids.tolist() == [item for row in rows for item in lists[row]]
    assert lengths.tolist() == [len(lists[row]) for row in rows]


def test_full_overlap_dropout_leaves_no_shared_word() -> None:
    pairs = pair_set([[1, 2], [3]], [[1, 5, 2, 6], [1, 2, 7]])
    batch = assemble(pairs, np.array([0, 1]), np.random.default_rng(1), overlap_dropout=1.0)
    assert batch.passage_ids.tolist() == [5, 6, 1, 2, 7]
    assert batch.passage_lengths.tolist() == [2, 3]


def test_equal_texts_share_a_key_whatever_their_order() -> None:
    pairs = pair_set([[1, 2], [2, 1], [4]], [[1], [2], [2]])
    batch = assemble(pairs, np.arange(3), np.random.default_rng(1), overlap_dropout=0.0)
    assert batch.query_keys[0] == batch.query_keys[1] != batch.query_keys[2]
    assert batch.passage_keys[1] == batch.passage_keys[2] != batch.passage_keys[0]


def test_schedule_uses_every_row_once_a_pass_and_leaves_out_held_out_rows() -> None:
    pairs = pair_set([[1]] * 50, [[2]] * 50, block=4)
    pairs.held_out[:5] = True
    plan = schedule([pairs], {}, 8, np.random.default_rng(1), held_out=True)
    rows = np.concatenate([rows for _, rows in plan])
    assert sorted(rows.tolist()) == list(range(5, 50))


def test_fractional_repeat_takes_that_share_of_a_view() -> None:
    pairs = pair_set([[1]] * 100, [[2]] * 100)
    plan = schedule([pairs], {"toy": 2.5}, 10, np.random.default_rng(1), held_out=False)
    assert sum(len(rows) for _, rows in plan) == 250


def test_the_same_question_is_always_on_the_same_side() -> None:
    questions = [f"第{number}个问题" for number in range(2_000)]
    share = np.mean([is_held_out(question, 0.2) for question in questions])
    assert 0.15 < share < 0.25
    assert is_held_out(questions[0], 0.2) == is_held_out(questions[0], 0.2)


def test_dev_questions_are_never_used_for_choosing(data: Path, statutes: Path) -> None:
    tokenizer = build_tokenizer(count_words(TOPICS * 5), 300)
    bench = load_statutes(statutes, tokenizer, share=1.0)
    assert bench.split.tolist() == ["dev"] * 8 + ["choose"] * 8


def test_english_questions_come_from_dictionary_senses(data: Path) -> None:
    words = count_words(["夜间施工怎么办理", "night construction build"] * 9)
    tokenizer = build_tokenizer(words, 400)
    pairs = PairSet("toy", tokenize(tokenizer, ["夜间施工"]), tokenize(tokenizer, ["施工"]), np.array([False]))
    english = glossed(pairs, load_glosses(data, tokenizer), tokenizer, seed=1)
    said = [tokenizer.id_to_token(number) for number in english.queries.ids.tolist()]
    assert english.name == "glossed_toy"
    assert said[0] == "night"
    assert said[1] in {"construction", "build"}


def test_sentences_keep_their_end_marks() -> None:
    assert sentences("主管部门受理申请。材料不全的，一次告知！短。") == ["主管部门受理申请。", "材料不全的，一次告知！"]


def test_eight_bits_keep_directions() -> None:
    table = np.random.default_rng(1).normal(size=(50, 64)).astype(np.float32)
    rows, scales = quantized(table)
    again = rows * scales[:, None]
    cosines = (again * table).sum(1) / np.linalg.norm(again, axis=1) / np.linalg.norm(table, axis=1)
    assert cosines.min() > 0.999


def test_encode_gives_an_empty_text_zeros() -> None:
    table = np.eye(4, dtype=np.float32)
    rows = encode(table, texts_of_lists([[1], [], [2, 2]])).numpy()
    np.testing.assert_allclose(rows, [table[1], np.zeros(4), table[2]])
