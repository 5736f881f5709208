"""What a proxy in front says about the browser behind it, believed only of proxies that the settings name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from ui.guards import App, Receive, Scope, Send


class KnownProxies:
    """Takes address and scheme from X-Forwarded-For and -Proto where they come from a known proxy.

    From anybody else such headers are taken away: Gradio would build addresses from them.
    """

    def __init__(self, app: App, *, networks: Sequence[Any]) -> None:
        self._app = app
        hosts = [str(network.network_address) if network.num_addresses == 1 else str(network) for network in networks]
        self._behind: Any = ProxyHeadersMiddleware(app, trusted_hosts=hosts) if hosts else None  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        peer = (scope.get("client") or ("",))[0]
        if self._behind is not None and peer in self._behind.trusted_hosts:
            await self._behind(scope, receive, send)
            return
        scope["headers"] = [pair for pair in scope["headers"] if not pair[0].lower().startswith(b"x-forwarded-")]
        await self._app(scope, receive, send)
