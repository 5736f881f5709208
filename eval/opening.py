"""Opens what an evaluation asks: the store that the settings name, and an assistant over it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.store import Store
    from qa.assistant import Assistant


@dataclass(frozen=True, slots=True)
class Opened:
    """A store with an assistant over it."""

    store: Store
    assistant: Assistant

    @property
    def description(self) -> dict[str, str | int]:
        """What a run records about its store."""
        return describe_store(self.store)


def describe_store(store: Store) -> dict[str, str | int]:
    """Folder, generation, counts and encoder of a store, as a run records them."""
    stats = store.stats
    return {
        "folder": str(store.folder),
        "generation": store.generation,
        "documents": stats.documents,
        "clauses": stats.clauses,
        "encoder": stats.encoder,
    }


@contextmanager
def open_store(folder: Path | None = None, encoder: str | None = None) -> Iterator[Store]:
    """The store that is named, else that of the settings, closed at the end.

    Raises StoreError, SettingsError as opening does.
    """
    from index.encoder import load_encoder
    from index.store import Store
    from qa.settings import load_settings

    settings = load_settings(store=folder, encoder=encoder)
    named = load_encoder(settings.encoder) if settings.encoder else None  # none named: the one the store was built with
    with Store.open(settings.store, named) as store:
        yield store


@contextmanager
def open_for_evaluation(folder: Path | None = None, encoder: str | None = None) -> Iterator[Opened]:
    """The store as `open_store` opens it, with an assistant over it."""
    from qa.assistant import Assistant
    from qa.settings import load_settings

    with open_store(folder, encoder) as store:
        yield Opened(store, Assistant(store, load_settings(store=folder, encoder=encoder)))
