"""Encoded clauses, searched by meaning and by words."""
