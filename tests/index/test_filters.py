from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from index.store import Store
from index.types import Filters
from ingest.model import Kind, Status
from tests.index.conftest import policy

Make = Callable[..., Store]

FILES = (
    policy(
        "法.txt", "补贴。", kind=Kind.LAW, number="国发〔2021〕5号", issuers=("国务院",), effective_on=date(2022, 1, 1)
    ),
    policy("草案.txt", "补贴。", status=Status.DRAFT, region="浙江省", issuers=("浙江省人民代表大会",)),
    policy("旧.txt", "补贴。", status=Status.REPEALED, region="浙江省杭州市", expires_on=date(2021, 12, 31)),
    policy("期.txt", "补贴。", kind=Kind.PLAN, effective_on=date(2020, 1, 1), expires_on=date(2022, 6, 30)),
    policy("废.txt", "补贴。", status=Status.SUPERSEDED),
    policy("知.txt", "补贴。", kind=Kind.NOTICE, status=Status.UNKNOWN),
)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), "法 草案 旧 期 废 知"),
        (Filters(kinds=("law", "plan")), "法 期"),
        (Filters(regions=("浙江",)), "草案 旧"),
        (Filters(regions=("杭州", "上海")), "旧"),
        (Filters(issuers=("国务院",)), "法"),
        (Filters(number="国发[2021]5号"), "法"),
        (Filters(documents=("doc-知.txt", "doc-法.txt")), "法 知"),
        (Filters(kinds=("law",), regions=("浙江",)), ""),
        (Filters(in_force=True), "法 知"),
        (Filters(in_force=False), "草案 旧 期 废"),
        (Filters(as_of=date(2021, 6, 1)), "旧 期 知"),
        (Filters(as_of=date(2021, 12, 31)), "旧 期 知"),
        (Filters(as_of=date(2022, 1, 1)), "法 期 知"),
        (Filters(as_of=date(2022, 7, 1)), "法 知"),
    ],
)
def test_a_filter_passes_these_documents_and_searches_only_them(
    make_store: Make, filters: Filters, expected: str
) -> None:
    with make_store(*FILES) as store:
        wanted = {f"doc-{name}.txt" for name in expected.split()}
        assert {document.doc_id for document in store.documents(filters)} == wanted
        assert {hit.document.doc_id for hit in store.search("补贴", k=20, filters=filters).hits} == wanted
