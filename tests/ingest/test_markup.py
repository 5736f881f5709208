"""Signs that a format puts into its lines are no part of labels, titles, clauses or quotations."""

from ingest.model import quote
from ingest.pipeline import parse_bytes

TEXT = """# 云溪市停车办法（虚构示例）

## 第一章 总则

**第一条** 为了方便停车，制定本办法。

**第二条** 在路边停车的，首小时收费**三元**，见[附件](fee.docx)。

> 第三条 本办法自2026年5月1日起施行。
"""


def test_articles_in_bold_and_quoted_lines_are_articles() -> None:
    (document,) = parse_bytes("停车.md", TEXT.encode()).documents
    assert document.title == "云溪市停车办法（虚构示例）"
    assert [c.label for c in document.clauses if c.label] == ["第一章", "第一条", "第二条", "第三条"]


def test_the_clause_holds_the_words_without_the_signs() -> None:
    file = parse_bytes("停车.md", TEXT.encode())
    second = next(c for c in file.documents[0].clauses if c.label == "第二条")
    assert second.text == "第二条 在路边停车的，首小时收费三元，见[附件]。"
    assert second.text == quote(file.source.text, second.spans)
    assert "".join(file.source.text[a:b] for a, b in second.spans) == second.text


def test_spans_of_different_lines_are_quoted_on_lines_of_their_own() -> None:
    assert quote("甲**乙**丙\n丁", [(0, 1), (3, 4), (6, 7), (8, 9)]) == "甲乙丙\n丁"
