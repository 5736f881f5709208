"""The store that the settings name, opened: the one way for the command line, the service and the evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.opening import StorePlace, open_store

if TYPE_CHECKING:
    from index.protocol import PolicyStore
    from qa.settings import Settings


def place_of(settings: Settings) -> StorePlace:
    """Where the settings say that the store is. Several servers are named with commas between them."""
    named = settings.engine_uri.get_secret_value() if settings.engine_uri else ""
    return StorePlace(
        folder=settings.store,
        engine=settings.engine,
        uris=tuple(uri.strip() for uri in named.split(",") if uri.strip()),
        token=settings.engine_token.get_secret_value() if settings.engine_token else None,
    )


def open_named(settings: Settings, *, create: bool = False) -> PolicyStore:
    """The store with the encoder that the settings name, else the one it was built with. Raises StoreError."""
    from index.encoder import load_encoder

    encoder = load_encoder(settings.encoder) if settings.encoder else None
    return open_store(place_of(settings), encoder, create=create)
