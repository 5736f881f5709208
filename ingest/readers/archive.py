"""Opens the zip containers of docx, xlsx and ofd without believing what they say about themselves.

Nothing is ever written to disk, so a hostile member name can't escape; it is refused all the same, since no program
that makes documents writes one. An archive inside an archive is a member like any other and never opened.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from lxml import etree

from ingest.readers.limits import Budget, mib

_UNSAFE_NAME: Final = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:|\x00")
_ENCRYPTED_FLAG: Final = 0x1
_XML_NAME: Final = re.compile(r"\.(?:xml|rels|vml)$", re.I)
_DECLARATIONS: Final = ("<!DOCTYPE", "<!ENTITY", "<!doctype", "<!entity")


class SafeArchive:
    """A zip container whose members were checked against the limits before any is unpacked."""

    def __init__(self, data: bytes, format_name: str, budget: Budget) -> None:
        """Raises ReadError where the container is damaged, encrypted, a bomb, or names paths outside itself."""
        self._budget = budget
        self._format = format_name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise budget.refuse("broken", format=format_name, detail=f"zip: {error}") from error
        self._check(len(data))

    def _check(self, n_bytes: int) -> None:
        members = self._zip.infolist()
        limits = self._budget.limits
        if len(members) > limits.archive_members:
            raise self._budget.refuse("bomb", detail=f"{len(members)} members")
        if any(member.flag_bits & _ENCRYPTED_FLAG for member in members):
            raise self._budget.refuse("encrypted", format=self._format)
        total = sum(member.file_size for member in members)
        # The ratio alone would refuse a short document with one long run of blanks; the size must be worth it, too.
        ratio_matters = total > 20 * 1024 * 1024 and total > limits.unpacked_ratio * n_bytes
        if total > limits.unpacked_bytes or ratio_matters:
            raise self._budget.refuse("bomb", detail=f"{mib(n_bytes)} MB → {mib(total)} MB")
        for member in members:
            if _UNSAFE_NAME.search(member.filename):
                raise self._budget.refuse("unsafe_path", detail=member.filename[:80])

    @property
    def names(self) -> tuple[str, ...]:
        """The members' names as stored."""
        return tuple(self._zip.namelist())

    def read(self, name: str) -> bytes:
        """A member, unpacked. The size that was checked is also the most that is unpacked.

        Raises ReadError where it is missing or damaged.
        """
        self._budget.check_time()
        try:
            return self._zip.read(name)
        except (
            KeyError,
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            detail = f"{name[:80]}: {error}".replace("\n", " ")
            raise self._budget.refuse("broken", format=self._format, detail=detail) from error

    def xml(self, name: str, namespaces: Mapping[bytes, bytes] = MappingProxyType({})) -> etree._Element:
        """A member parsed as XML, namespaces exchanged as the mapping says.

        Raises ReadError where it is damaged, too deep or declares a DTD or entities.
        """
        data = self.read(name)
        for old, new in namespaces.items():
            data = data.replace(old, new)
        self._refuse_declarations(data)
        # resolve_entities and no_network matter only if a declaration got past the check above.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
        try:
            return etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            if "depth" in str(error).lower():
                raise self._budget.refuse("too_deep", limit=256) from error
            detail = f"{name[:80]}: {str(error)[:120]}"
            raise self._budget.refuse("broken", format=self._format, detail=detail) from error

    def check_xml(self) -> None:
        """Refuses the file if any XML member declares a DTD or entities, and any damaged member.

        For containers that a library opens, whose own parser is not ours to choose.
        """
        for name in self.names:
            if _XML_NAME.search(name):
                self._refuse_declarations(self.read(name))

    def _refuse_declarations(self, data: bytes) -> None:
        # A declaration can only stand before the root element, and may be in UTF-16.
        head = data[:65_536]
        for encoding in ("latin-1", "utf-16-le", "utf-16-be"):
            text = head.decode(encoding, errors="ignore")
            if any(sign in text for sign in _DECLARATIONS):
                raise self._budget.refuse("unsafe_xml")
