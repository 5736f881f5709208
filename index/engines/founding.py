"""Opening a store on servers, and making one: which servers belong together, and whose vectors they hold."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.engines.parts import in_order
from index.engines.shard import FORMAT, Facts, Shard
from index.errors import EncoderMismatchError, StoreError

if TYPE_CHECKING:
    from index.encoder import Encoder


def opened(shards: Sequence[Shard], encoder: Encoder | None, *, create: bool) -> tuple[list[Shard], Facts]:
    """The shards in their order, and what they say of the store; the store is made where there is none and ``create``.

    Raises EngineUnreachableError where none answers, StoreError where there is no store (unless ``create``) or they
    aren't the parts of one, and EncoderMismatchError where its vectors are of another encoder.
    """
    ordered, facts = in_order(shards)
    addresses = ", ".join(shard.address for shard in shards)
    if facts is None:
        if not create:
            raise StoreError(f"{addresses} holds no store: make one with policyqa ingest PATH and the same engine")
        _create(ordered, encoder)
        ordered, facts = in_order(shards)
        assert facts is not None
    if facts.format != FORMAT:
        raise StoreError(
            f"{addresses} holds a store of format {facts.format}, which this PolicyQA (format {FORMAT}) can't "
            "read: upgrade PolicyQA, or make a new store with policyqa ingest"
        )
    if encoder is not None:
        check_encoder(addresses, facts, encoder)
    return ordered, facts


def _create(shards: Sequence[Shard], encoder: Encoder | None) -> None:
    if encoder is None:
        from index.encoder import load_encoder

        encoder = load_encoder()
    for shard in shards:
        dim = shard.dimension()
        if dim is not None and dim != encoder.dim:
            raise EncoderMismatchError(
                f"{shard.address} already has a table of vectors of {dim} numbers, and {encoder.name} gives "
                f"{encoder.dim}: use an encoder of {dim} numbers with --encoder, or another database; nothing "
                "was changed"
            )
    facts = Facts(secrets.token_hex(8), 0, len(shards), encoder.name, encoder.revision, encoder.dim)
    shards[0].create(facts)
    # Where two processes make one store at the same time, the first to reach the first server names it.
    made = shards[0].facts() or facts
    for part, shard in enumerate(shards[1:], 1):
        shard.create(dataclasses.replace(made, part=part))


def check_encoder(addresses: str, facts: Facts, encoder: Encoder) -> None:
    """Raises EncoderMismatchError where the store's vectors are not those of this encoder."""
    if (facts.encoder_revision, facts.dim) != (encoder.revision, encoder.dim):
        way_out = "" if facts.encoder == encoder.name else f"open it with {facts.encoder}, or "
        raise EncoderMismatchError(
            f"{addresses} was built with the encoder {facts.encoder} (revision {facts.encoder_revision}, {facts.dim} "
            f"numbers) and can't be searched with {encoder.name} (revision {encoder.revision}, {encoder.dim} numbers): "
            f"{way_out}ingest into another database with {encoder.name}; nothing was changed"
        )
