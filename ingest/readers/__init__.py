"""Readers: the bytes of a file in, its text with the structure that the format itself gives out."""

from ingest.readers.dispatch import SUPPORTED_SUFFIXES, read_bytes
from ingest.readers.limits import Limits

__all__ = ["SUPPORTED_SUFFIXES", "Limits", "read_bytes"]
