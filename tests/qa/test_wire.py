"""The contract's JSON shapes, checked field by field on replies built by hand."""

import json
from datetime import date

from index.types import Hit, SearchResult
from ingest.model import Clause, Kind, PolicyDocument, Reference, Status
from qa.reply import Answer, Citation, Refusal
from qa.wire import document_json, hit_json, reply_json, search_json

CLAUSE = Clause(
    clause_id="d1#3",
    path=("第二章 补贴", "第九条"),
    label="第九条",
    heading="",
    spans=((10, 20), (30, 34)),
    text="每户补贴三百元。",
    pages=(2,),
    parent_id="d1#2",
    references=(Reference((12, 15), "第三条", target_clause="d1#1"),),
)
DOCUMENT = PolicyDocument(
    doc_id="d1",
    title="云湖市家电补贴办法",
    source="补贴.txt",
    kind=Kind.RULE,
    status=Status.IN_FORCE,
    number="云政发〔2024〕3号",
    issuers=("云湖市人民政府",),
    region="云湖市",
    issued_on=date(2024, 3, 1),
    clauses=(CLAUSE,),
    missing=("第七条",),
)
HIT = Hit(rank=1, score=0.5, clause=CLAUSE, document=DOCUMENT, similarity_cosine=0.25)


def test_document_has_every_field_of_the_contract() -> None:
    described = document_json(DOCUMENT)
    assert described["issued_on"] == "2024-03-01"
    assert described["effective_on"] is None
    assert described["missing"] == ["第七条"]
    clause = described["clauses"][0]
    assert clause["spans"] == [[10, 20], [30, 34]]
    assert clause["references"][0]["target_clause"] == "d1#1"
    assert "clauses" not in document_json(DOCUMENT, clauses=False)


def test_hit_and_search_follow_the_contract() -> None:
    hit = hit_json(HIT)
    contract = {
        "rank",
        "score",
        "clause_id",
        "doc_id",
        "document",
        "number",
        "path",
        "source",
        "spans",
        "pages",
        "text",
    }
    assert contract <= hit.keys()
    found = search_json(SearchResult("补贴", (HIT,), {"total": 1.23456}))
    assert found == {"query": "补贴", "hits": [hit], "timings_ms": {"total": 1.23}, "unreachable": []}


def test_answer_is_json_with_markers_and_citations() -> None:
    citation = Citation(1, CLAUSE, DOCUMENT, "每户补贴三百元。", ((10, 18),))
    reply = Answer("补多少", "补多少", "每户三百元。[1]", (citation,), (HIT,), timings_ms={"total": 3.0})
    described = json.loads(json.dumps(reply_json(reply, "q1"), ensure_ascii=False))
    assert described["id"] == "q1"
    assert described["kind"] == "answer"
    assert described["citations"][0]["quote"] == "每户补贴三百元。"
    assert described["citations"][0]["spans"] == [[10, 18]]
    assert described["retrieved"][0]["rank"] == 1


def test_refusal_has_no_citations_and_a_reason() -> None:
    reply = Refusal("问", "问", "没有写明。", "not_covered", (HIT,), (HIT,))
    described = reply_json(reply)
    assert described["kind"] == "refusal"
    assert described["citations"] == []
    assert described["reason"] == "not_covered"
    assert "id" not in described
    assert described["nearest"][0]["clause_id"] == "d1#3"
