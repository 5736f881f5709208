"""Files in, documents with clause trees out."""

from ingest.errors import ReadError
from ingest.model import Clause, ParsedFile, PolicyDocument, SourceText

__all__ = ["Clause", "ParsedFile", "PolicyDocument", "ReadError", "SourceText"]
