"""How glibc hands out memory to a process that serves for months, set so that what is freed goes back to the system.

By default it keeps a heap for nearly every thread, and after the first large array takes all further ones from those
heaps too: small objects that outlive the arrays between them then keep the pages. Under load (`policyqa bench soak`)
300 MB were held that way, growing, beside a flat 150 MB in use.
"""

from __future__ import annotations

import ctypes
import sys

_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_THRESHOLD = -8, -3, -1  # malloc.h
_HEAPS = 2
_OWN_PAGES_BYTES = 1 << 20
_KEPT_BYTES = 32 << 20


def keep_heap_small() -> bool:
    """At most two heaps, arrays of a megabyte and more in pages of their own; True where this C library took that.

    To be called before a process starts its threads. Other C libraries (musl, macOS, Windows) don't need it.
    """
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    options = ((_ARENA_MAX, _HEAPS), (_MMAP_THRESHOLD, _OWN_PAGES_BYTES), (_TRIM_THRESHOLD, _KEPT_BYTES))
    taken = [mallopt(name, value) for name, value in options]
    return all(taken)
