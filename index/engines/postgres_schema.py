"""The tables of a part of a store in PostgreSQL. They lie in a schema of their own, so any database will do.

``words.terms`` are a passage's terms; an inverted index over them finds passages, and ``words.weights``, a sparse
vector of what each term counts for in BM25, ranks them inside the server without their leaving it.
"""

from __future__ import annotations

import zlib

SCHEMA = "policyqa"

CREATE = """
CREATE TABLE facts (key text PRIMARY KEY, value text NOT NULL);
CREATE TABLE files (
    file_key bigint PRIMARY KEY,
    name text NOT NULL UNIQUE,
    edition bigint NOT NULL,
    content_hash text NOT NULL,
    size_bytes bigint NOT NULL,
    ingested_at text NOT NULL,
    clauses integer NOT NULL,
    passages integer NOT NULL,
    terms bigint NOT NULL,
    warnings text NOT NULL,
    word_counts bytea NOT NULL,
    source bytea NOT NULL,
    original bytea NOT NULL
);
CREATE TABLE documents (
    doc_key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    file_key bigint NOT NULL REFERENCES files ON DELETE CASCADE,
    doc_id text NOT NULL UNIQUE,
    title_key text NOT NULL,
    number_key text,
    kind text NOT NULL,
    status text NOT NULL,
    region text,
    issued_on text,
    effective_on text,
    expires_on text,
    passages integer NOT NULL,
    clauses_crc bigint NOT NULL,
    edition_key text,
    endings text NOT NULL,
    record text NOT NULL
);
CREATE INDEX documents_file ON documents (file_key);
CREATE INDEX documents_title ON documents (title_key);
CREATE INDEX documents_number ON documents (number_key);
CREATE INDEX documents_kind ON documents (kind);
CREATE INDEX documents_region ON documents (region);
CREATE INDEX documents_dates ON documents (effective_on, expires_on);
CREATE INDEX documents_tied ON documents (doc_key) WHERE edition_key IS NOT NULL OR endings != '[]';
CREATE TABLE issuers (
    issuer text NOT NULL,
    doc_key bigint NOT NULL REFERENCES documents ON DELETE CASCADE,
    PRIMARY KEY (issuer, doc_key)
);
CREATE INDEX issuers_document ON issuers (doc_key);
CREATE TABLE aliases (
    alias_key text NOT NULL,
    doc_key bigint NOT NULL REFERENCES documents ON DELETE CASCADE,
    PRIMARY KEY (alias_key, doc_key)
);
CREATE INDEX aliases_document ON aliases (doc_key);
CREATE TABLE clauses (
    clause_key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    doc_key bigint NOT NULL REFERENCES documents ON DELETE CASCADE,
    clause_id text NOT NULL UNIQUE,
    position integer NOT NULL,
    label text NOT NULL,
    record text NOT NULL
);
CREATE INDEX clauses_document ON clauses (doc_key, position);
CREATE TABLE passages (
    passage_key bigint PRIMARY KEY,
    doc_key bigint NOT NULL REFERENCES documents ON DELETE CASCADE,
    clause_key bigint NOT NULL,
    start integer NOT NULL,
    stop integer NOT NULL,
    embedding halfvec({dim}) NOT NULL
);
CREATE INDEX passages_document ON passages (doc_key);
CREATE SEQUENCE passage_keys;
CREATE TABLE words (
    passage_key bigint PRIMARY KEY,
    doc_key bigint NOT NULL REFERENCES documents ON DELETE CASCADE,
    terms text NOT NULL,
    weights sparsevec({terms}) NOT NULL
);
ALTER TABLE words ALTER COLUMN weights SET STORAGE MAIN;
CREATE INDEX words_document ON words (doc_key);
CREATE INDEX words_terms ON words USING gin (string_to_array(terms, ' '));
CREATE TABLE feedback (feedback_key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, record text NOT NULL);
INSERT INTO facts VALUES ('generation', '0');
"""

TERM_NUMBERS = 1_000_000_000
"""As many as a sparse vector of pgvector can have; a term's number is its CRC-32 within them. Two terms of one passage
seldom share a number, and where they do the reader, which scores what was found again, tells them apart."""

HNSW = (
    "CREATE INDEX CONCURRENTLY passages_hnsw ON passages USING hnsw (embedding halfvec_ip_ops)"
    " WITH (m = 16, ef_construction = 100)"
)


def term_number(term: str) -> int:
    """The place of a term in the sparse vectors."""
    return zlib.crc32(term.encode()) % TERM_NUMBERS
