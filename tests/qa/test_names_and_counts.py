"""Names and words are looked up and not searched for one by one: the results are those of looking at every one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.model import PolicyDocument
from qa.name_index import NameList, PairIndex
from qa.titles import Titles
from qa.wordcounts import WordCounts

LETTERS = "湖泊安全管理办a1"
texts = st.lists(st.text(alphabet=LETTERS, max_size=12), max_size=8)
word = st.text(alphabet=LETTERS, min_size=1, max_size=7)


@given(texts, st.text(alphabet=LETTERS, max_size=20), word)
def test_names_are_found_as_if_each_were_compared(names: list[str], text: str, words: str) -> None:
    found = NameList(names)
    assert found.standing_in(text) == [i for i, name in enumerate(names) if len(name) >= 4 and name in text]
    assert list(found.holding(words)) == [i for i, name in enumerate(names) if words in name]


@given(texts, st.text(alphabet=LETTERS[:5], max_size=12))
def test_pairs_are_found_as_if_each_text_were_compared(held: list[str], text: str) -> None:
    def pairs(of: str) -> set[str]:
        return {of[i : i + 2] for i in range(len(of) - 1) if not of[i : i + 2].isascii() and of[i] > "z" < of[i + 1]}

    index = PairIndex(held)
    shared = [0] * len(held)
    for holders in index.texts_by_pair(text):
        for number in holders:
            shared[number] += 1
    assert shared == [len(pairs(one) & pairs(text)) for one in held]
    assert index.pairs_in(text) == len(pairs(text))


def test_latin_words_and_numbers_are_pairs_of_their_own() -> None:
    index = PairIndex(["5g应用", "云湖2031年规划", "2031"])
    assert [list(held) for held in index.texts_by_pair("2031")] == [[1, 2]]
    assert index.texts_by_pair("203") == []
    assert [list(held) for held in index.texts_by_pair("5g")] == [[0]]


@given(
    st.lists(st.text(alphabet="湖泊安全a𠮷\uffff", max_size=12), max_size=6),
    st.text(alphabet="湖泊安a𠮷\uffff", min_size=1, max_size=6),
)
def test_words_are_counted_as_if_every_text_were_read(held: list[str], wanted: str) -> None:
    counts = WordCounts(held)
    assert counts.texts_with(wanted) == sum(wanted in text for text in held)
    assert counts.occurrences(wanted) == sum(text.startswith(wanted, i) for text in held for i in range(len(text)))


def test_years_of_titles_and_versions_of_a_title_are_known() -> None:
    old = PolicyDocument("old", "云湖市泊位管理办法(2029年修订)", "a.txt")
    new = PolicyDocument("new", "云湖市泊位管理办法(试行)", "b.txt")
    other = PolicyDocument("other", "云湖市2031年工作要点", "c.txt")
    titles = Titles([old, new, other])
    assert titles.years == {2029, 2031}
    assert [document.doc_id for document in titles.versions(new)] == ["old", "new"]


def test_titles_of_a_changed_store_equal_those_made_anew() -> None:
    documents = [PolicyDocument(f"d{i}", f"云湖市{i}号泊位管理办法", "a.txt") for i in range(5)]
    before = Titles(documents)
    changed = [*documents[1:], PolicyDocument("d0", "云湖市夜间灯光条例", "a.txt")]
    after, anew = Titles(changed, before), Titles(changed)
    for question in ("夜间灯光条例怎么规定", "0号泊位管理办法", "《3号泊位管理办法》"):
        assert after.mentions(question) == anew.mentions(question)
        assert dict(after.affinity(question)) == dict(anew.affinity(question))
