"""The service: the HTTP API, the page in two languages, and what guards both."""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import asynccontextmanager, nullcontext
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.heap import keep_heap_small
from qa.settings import Settings
from ui.access.control import LOOPBACK, AccessControl, check_address
from ui.late_page import LatePage
from ui.text import LANGUAGES
from ui.words import Words
from ui.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi import FastAPI


def create_app(store_path: Path, settings: Settings) -> FastAPI:
    """The application on the store at ``store_path``, which is made if there is none. Raises StoreError."""
    return app_of(open_workspace(settings.model_copy(update={"store": store_path})))


def app_of(workspace: Workspace) -> FastAPI:
    """The application on an open workspace: ``api_of`` and the page, in Chinese at ``/`` and in English at ``/en/``."""
    app = api_of(workspace)
    # The first question loads the index and the dictionaries; nobody who has yet to see the page waits for that.
    page = LatePage(partial(_built, workspace, app.state.access), afterwards=partial(_warm_up, workspace))
    app.state.page = page
    app.mount("/", page)
    return app


def _warm_up(workspace: Workspace) -> None:
    from ui.suggest import examples

    workspace.warm_up()
    for language in LANGUAGES:
        examples(workspace, Words(language))


def _built(workspace: Workspace, control: AccessControl) -> FastAPI:
    # Before gradio is imported, which reads them then: nothing leaves this machine.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    # Else Gradio's queue sums up all events there ever were after each one, for a monitor that is not served here.
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(sys.maxsize)
    from fastapi import FastAPI

    from ui.page import mount_page

    pages = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    for language in reversed(LANGUAGES):  # English first: whatever is mounted at "/" catches every address
        mount_page(pages, workspace, control, Words(language), path="/" if language == "zh" else "/en")
    return pages


def api_of(workspace: Workspace) -> FastAPI:
    """The application without the page: ``/api``, ``/openapi.json``, ``/mcp``, signing in, and what guards them.

    Raises SettingsError where people have to sign in and nobody can.
    """
    from fastapi import Depends, FastAPI
    from fastapi.security import HTTPBearer
    from fastapi.staticfiles import StaticFiles

    from ui.access.account import api_router as account_api_router
    from ui.access.account import router as account_router
    from ui.access.door import Door
    from ui.access.proxy import KnownProxies
    from ui.access.sign_in import router as sign_in_router
    from ui.api import router
    from ui.api_errors import answer_errors
    from ui.guards import BodyLimit, ClosedDoors, SameOriginOnly, SecurityHeaders
    from ui.library_api import router as library_router
    from ui.mcp_server import mount_mcp
    from ui.request_log import RequestLog
    from ui.serving import add_line, add_measuring
    from ui.shell import ASSETS, PageShell

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with app.state.mcp_sessions, app.state.page.running() if app.state.page else nullcontext():
            yield
        access.close()
        workspace.close()

    app = FastAPI(
        title="PolicyQA",
        summary="政策问答: ask a policy question, get the clause that answers it, word for word.",
        version=version("policyqa"),
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.workspace = workspace
    app.state.page = None
    settings = workspace.settings
    app.state.access = access = AccessControl(settings)
    app.state.assets_version = _assets_version(ASSETS)
    workspace.audit = access.audit
    for one in (sign_in_router, account_router):
        app.include_router(one)
    # Said in the API's document; who may come in is the door's to decide.
    bearer = [Depends(HTTPBearer(auto_error=False, description="policyqa token create NAME"))]
    for one in (account_api_router, router, library_router):
        app.include_router(one, dependencies=bearer)
    answer_errors(app)
    app.state.mcp_sessions = mount_mcp(app, workspace)
    metrics = add_line(app, workspace)
    app.mount("/look", StaticFiles(directory=ASSETS), name="look")
    # What is added last is passed first.
    app.add_middleware(PageShell, version=app.state.assets_version, control=access)
    app.add_middleware(ClosedDoors)
    app.add_middleware(BodyLimit, upload_bytes=settings.upload_limit_mb * 1_000_000)
    app.add_middleware(Door, control=access)
    public_url = str(settings.public_url) if settings.public_url else None
    app.add_middleware(SameOriginOnly, loopback=settings.host in LOOPBACK, public_url=public_url)
    app.add_middleware(KnownProxies, networks=settings.trusted_proxies)
    add_measuring(app, metrics)
    app.add_middleware(RequestLog)
    app.add_middleware(SecurityHeaders)
    return app


def _assets_version(folder: Path) -> str:
    """Changes with any style sheet or script, so that browsers never mix two releases."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def serve(settings: Settings) -> None:
    """Serves until interrupted.

    Raises StoreError where the store can't be opened, and SettingsError where the address is one that other machines
    reach, nobody has to sign in there and ``open_to_network`` does not say that this is meant.
    """
    check_address(settings)
    keep_heap_small()
    import typer
    import uvicorn

    from ui.request_log import logging_config

    app = create_app(settings.store, settings)
    # Which proxies are believed is ui.access.proxy's to say.
    how: dict[str, Any] = {"server_header": False, "proxy_headers": False, "log_config": logging_config(settings)}
    if not settings.port:  # the system chooses one, which only the server then knows
        uvicorn.run(app, host=settings.host, port=0, log_level="info", **how)
        return
    typer.echo(f"政策问答 PolicyQA: http://{settings.host}:{settings.port}  (Ctrl+C 停止 / to stop)", err=True)
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning", **how)
