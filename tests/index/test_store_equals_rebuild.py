"""Whatever order files come, change and go in, the store equals one that was made fresh from what is left."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from index.store import Store
from index.types import Filters
from ingest.model import ParsedFile
from tests.index.conftest import TermEncoder, policy, raw

NAMES = st.sampled_from(["甲.txt", "乙.txt", "丙.md", "丁.docx"])
ARTICLES = st.lists(
    st.sampled_from(
        [
            "供热期为十一月至三月。",
            "购置设备的给予补贴。",
            "养犬应当登记。",
            "Dogs must be registered.",
            "补贴补贴。",
            "",
            "本办法自发布之日起施行。" * 30,
        ]
    ),
    max_size=4,
)
REGIONS = st.sampled_from([None, "澄江市", "临海市"])
QUERIES = ("供热补贴", "registered dogs", "登记", "本办法何时施行", "")


def seen(store: Store) -> tuple[object, ...]:
    documents = tuple(store.document(document.doc_id) for document in store.documents())
    searches = tuple(
        tuple((hit.clause.clause_id, round(hit.score, 5), hit.passage) for hit in store.search(query, 50, filters).hits)
        for query in QUERIES
        for filters in (Filters(), Filters(regions=("澄江市",)))
    )
    return sorted(documents, key=lambda document: document.doc_id), searches


class Changes(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.held: dict[str, ParsedFile] = {}

    @initialize()
    def make(self) -> None:
        self.store = Store.open(self.folder / "store", TermEncoder(), create=True)

    @rule(name=NAMES, articles=ARTICLES, region=REGIONS)
    def put(self, name: str, articles: list[str], region: str | None) -> None:
        file = policy(name, *articles, title=f"{name}规定", region=region)
        change = self.store.ingest(file, raw(file))
        assert change.replaced == (name in self.held)
        self.held.pop(name, None)
        self.held[name] = file

    @rule(name=NAMES)
    def remove(self, name: str) -> None:
        if name in self.held:
            assert self.store.remove(name) == (f"doc-{name}",)
            del self.held[name]

    @rule()
    def search(self) -> None:
        self.store.search("供热")

    @rule()
    def open_again(self) -> None:
        self.store.close()
        self.store = Store.open(self.folder / "store", TermEncoder())

    @rule()
    def compare_with_a_fresh_store(self) -> None:
        with tempfile.TemporaryDirectory() as fresh, Store.open(Path(fresh), TermEncoder(), create=True) as rebuilt:
            rebuilt.ingest_many([(file, raw(file)) for file in self.held.values()])
            assert seen(self.store) == seen(rebuilt)

    @invariant()
    def counts_agree(self) -> None:
        if hasattr(self, "store"):
            assert {file.name for file in self.store.files()} == set(self.held)
            assert self.store.stats.clauses == sum(len(f.documents[0].clauses) for f in self.held.values())

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.compare_with_a_fresh_store()
            self.store.close()
        shutil.rmtree(self.folder)


TestChanges = Changes.TestCase
TestChanges.settings = settings(max_examples=12, stateful_step_count=12, deadline=None)
