"""What the library view does when something is clicked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from index.errors import StoreError
from ingest.errors import ReadError
from ui.failures import failure_html
from ui.panels.compare import compare_frame, compare_html
from ui.panels.composer import filter_panel
from ui.panels.library import library_html
from ui.panels.status import status_html
from ui.render import esc
from ui.uploads import read_again
from ui.words import Words
from ui.workspace import Workspace

Json = Mapping[str, Any]


class LibraryHandlers:
    """The handlers of the library and status views, in one language."""

    def __init__(self, workspace: Workspace, words: Words) -> None:
        self._workspace = workspace
        self._words = words

    def opened(self, wanted: Json) -> tuple[str, str]:
        """The documents that match, and the choice of versions."""
        return library_html(self._workspace, wanted, self._words), compare_frame(self._workspace, self._words)

    def changed(self, wanted: Json) -> tuple[str, str, str]:
        """The list, the chat's filters and the choice of versions after the library has changed."""
        return (
            library_html(self._workspace, wanted, self._words),
            filter_panel(self._workspace, self._words),
            compare_frame(self._workspace, self._words),
        )

    def remove(self, wanted: Json) -> tuple[str, str, str, str]:
        """Takes a document or file out; what happened, then the parts that show it."""
        target = str(wanted.get("target") or "")
        try:
            self._workspace.remove(target)
        except StoreError as error:
            return self._failed(error), *self.changed(wanted)
        return self._said("library.removed", name=str(wanted.get("name") or target)), *self.changed(wanted)

    def reread(self, wanted: Json) -> tuple[str, str, str, str]:
        """Reads a kept file anew; what happened, then the parts that show it."""
        name = str(wanted.get("name") or "")
        try:
            read_again(self._workspace, name)
        except (ReadError, StoreError) as error:
            return self._failed(error), *self.changed(wanted)
        return self._said("library.reread", name=name), *self.changed(wanted)

    def compare(self, wanted: Json) -> str:
        """Two versions side by side."""
        try:
            return compare_html(
                self._workspace, str(wanted.get("left") or ""), str(wanted.get("right") or ""), self._words
            )
        except StoreError as error:
            return self._failed(error)

    def status(self) -> str:
        """How the service is set up."""
        return status_html(self._workspace, self._words)

    def _said(self, key: str, **places: object) -> str:
        return f'<p class="said" role="status">{esc(self._words(key, **places))}</p>'

    def _failed(self, error: Exception) -> str:
        return failure_html(error, self._words)
