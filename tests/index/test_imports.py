from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "module", ["index.store", "index.build", "index.backup", "index.verify", "index.opening", "index.engines.store"]
)
def test_opening_a_store_loads_no_heavy_library(module: str) -> None:
    heavy = "('torch', 'sentence_transformers', 'transformers', 'faiss', 'langchain_core', 'jieba', 'gradio')"
    code = f"import sys, {module}; sys.exit(' '.join(name for name in {heavy} if name in sys.modules) or 0)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_each_heavy_library_is_imported_in_one_file() -> None:
    for library, home in {
        "faiss": "dense.py",
        "tantivy": "lexical.py",
        "psycopg": "postgres_connection.py",
        "pgvector": "postgres_connection.py",
        "pymilvus": "milvus_client.py",
        "langchain_milvus": "milvus_langchain.py",
    }.items():
        users = {
            path.name
            for path in (ROOT / "index").rglob("*.py")
            if any(
                line.strip().startswith((f"import {library}", f"from {library}"))
                for line in path.read_text(encoding="utf-8").splitlines()
            )
        }
        assert users == {home}
