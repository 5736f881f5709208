"""What is searched for a clause: never across clauses, and a row of a table with the header that explains its cells."""

from __future__ import annotations

from index.passages import PASSAGE_CHARS, passages_of
from ingest.pipeline import parse_bytes

ROWS = "\n".join(f"| 渔港{n}号 | 临海县渔港村第{n}组 | {n * 100}吨 | 每日六时至二十二时开放 |" for n in range(1, 20))
TABLE = f"# 云溪市渔港名录\n\n## 一、名录\n\n| 名称 | 位置 | 冷库容量 | 开放时间 |\n| --- | --- | --- | --- |\n{ROWS}\n"


def test_header_cells_travel_with_the_rows_of_a_long_table() -> None:
    passages = [p for p in passages_of(parse_bytes("名录.md", TABLE.encode())) if "渔港村" in p.text]
    assert len(passages) > 2
    assert all("冷库容量" in passage.text for passage in passages)


def test_text_outside_tables_gets_no_header() -> None:
    long = "渔港由渔业局管理，渔船进出渔港应当报告。" * 30
    file = parse_bytes("甲.md", f"{TABLE}\n## 二、管理\n\n{long}\n".encode())
    rest = [p for p in passages_of(file) if "进出渔港" in p.text]
    assert len(rest) >= len(long) // PASSAGE_CHARS
    assert not any("冷库容量" in passage.text for passage in rest)
