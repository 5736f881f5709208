"""A small library of hostile and ordinary policies, the application on it, and a browser to drive it with."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient

from index.encoder import load_encoder
from index.store import Store
from ingest.model import ParsedFile
from ingest.pipeline import parse_bytes
from qa.assistant import Assistant
from qa.settings import Settings
from ui.chromium import FLAGS, PATIENCE_MS, find_chromium, free_port, open_page
from ui.server import api_of, app_of
from ui.workspace import Workspace

ADDRESS = "http://127.0.0.1:7860"
SAMPLES = Path(__file__).parents[2] / "samples"
GUIDE = """柳河市绿色出行补贴办法

柳交发〔2030〕9号

第一章 总则

第一条　为了鼓励市民骑行和乘坐公共交通，制定本办法。

第二章 补贴标准

第二条　市民全年骑行满一百公里的，一次性补贴二十元；满五百公里的，补贴一百二十元。

第三条　申请补贴应当在每年十二月十五日前通过市民服务平台提交骑行记录，逾期不予受理。

第三章 附则

第四条　本办法自2030年3月1日起施行，有效期至2032年12月31日。
"""
LATER_GUIDE = (
    GUIDE.replace("柳交发〔2030〕9号", "柳交发〔2033〕4号")
    .replace("二十元", "三十元")
    .replace("第三条　申请", "第三条　不满十六周岁的市民由监护人申请。\n\n第四条　申请")
    .replace("第四条　本办法自2030年3月1日起施行，有效期至2032年12月31日", "第五条　本办法自2033年3月1日起施行")
)
ATTACK = '<script>window.hit=1</script><img src=x onerror="window.hit=2">'
HOSTILE = """柳河市停车管理规定

第一条　车辆应当停放在划线车位内。<img src="http://outside.example/a.png" onerror="window.hit=3"> **加粗**
![图](http://outside.example/b.png) [链接](javascript:alert(1)) {{value}} ${window.hit=4}

第二条　违规停放的，处以五十元罚款。</template></dialog><script>window.hit=5</script>
"""


def hostile_file() -> ParsedFile:
    """A file with an attack in every field that a page shows."""
    parsed = parse_bytes("停车.txt", HOSTILE.encode())
    poisoned = {
        "title": f"{ATTACK}停车管理规定",
        "number": f"柳停〔2030〕1号{ATTACK}",
        "issuers": (ATTACK,),
        "region": ATTACK,
        "missing": (ATTACK,),
        "warnings": (ATTACK,),
    }
    return replace(parsed, documents=tuple(replace(one, **poisoned) for one in parsed.documents), warnings=(ATTACK,))


def make_workspace(folder: Path, files: dict[str, str], **settings: Any) -> Workspace:
    """A workspace on a new store with these files and the hostile one."""
    store = Store.open(folder / "store", load_encoder(), create=True)
    texts = [(parse_bytes(name, text.encode()), text.encode()) for name, text in files.items()]
    store.ingest_many([*texts, (hostile_file(), HOSTILE.encode())])
    chosen = Settings(store=folder / "store", **settings)
    return Workspace(store, Assistant(store, chosen), chosen)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A library of one guide and one hostile text, for tests that change it."""
    made = make_workspace(tmp_path, {"绿色出行.txt": GUIDE}, upload_limit_mb=1)
    yield made
    made.store.close()


@pytest.fixture(scope="session")
def shared_workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The same library with a later version of the guide, for tests that only read."""
    files = {"绿色出行.txt": GUIDE, "绿色出行（2033年）.txt": LATER_GUIDE}
    made = make_workspace(tmp_path_factory.mktemp("shared"), files)
    yield made
    made.store.close()


@pytest.fixture
def client(workspace: Workspace) -> Iterator[TestClient]:
    """A client of the HTTP API, as a program on this machine would be."""
    with TestClient(api_of(workspace), base_url=ADDRESS, raise_server_exceptions=False) as made:
        yield made


@pytest.fixture(scope="session")
def page_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of the whole application, the page included; building the page takes seconds, so it is shared."""
    made = make_workspace(tmp_path_factory.mktemp("page"), {"绿色出行.txt": GUIDE})
    with TestClient(app_of(made), base_url=ADDRESS, raise_server_exceptions=False) as client:
        yield client


class Service:
    """An application served on a free port of this machine."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.port = free_port()
        self.app = app_of(workspace)
        config = uvicorn.Config(self.app, host="127.0.0.1", port=self.port, log_level="warning", proxy_headers=False)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    @property
    def address(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serves from now on."""
        self._thread.start()
        # Gradio keeps what is being built in one place for the whole process: no two pages at once.
        while not (self._server.started and self.app.state.page.stands):
            time.sleep(0.05)

    def stop(self) -> None:
        """Ends."""
        self._server.should_exit = True
        self._thread.join(timeout=10)


@pytest.fixture(scope="session")
def start_service() -> Iterator[Callable[..., Service]]:
    """Serves a new library in a folder, with settings as given, until the tests are over."""
    running: list[Service] = []

    def start(folder: Path, **settings: Any) -> Service:
        service = Service(make_workspace(folder, {"绿色出行.txt": GUIDE}, **settings))
        running.append(service)
        service.start()
        return service

    yield start
    for service in running:
        service.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless Chromium; tests that need one are skipped where there is none."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="install the dev extra for browser tests")
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine: install Debian's chromium and fonts-noto-cjk for browser tests")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The application with the small library and one of the sample PDFs, served for the browser."""
    files = {"绿色出行.txt": GUIDE, "绿色出行（2033年）.txt": LATER_GUIDE}
    workspace = make_workspace(tmp_path_factory.mktemp("served"), files, upload_limit_mb=1)
    for sample in sorted(SAMPLES.glob("04-*.pdf")):
        data = sample.read_bytes()
        workspace.store.ingest(parse_bytes(sample.name, data), data)
    running = Service(workspace)
    running.start()
    yield running
    running.stop()


class Watch:
    """What a page did that it must not: errors in its console, requests to elsewhere."""

    def __init__(self, page: Any, address: str) -> None:
        self.errors: list[str] = []
        self.foreign: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._note(request.url, address))

    def _hear(self, message: Any) -> None:
        # Chromium itself reports answers above 399, as for a file that can't be read, and uploads that break off.
        expected = ("the server responded with a status of 400", "net::ERR_CONNECTION_RESET")
        if message.type == "error" and not any(part in message.text for part in expected):
            self.errors.append(message.text)

    def _note(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:", "blob:")):
            self.foreign.append(url)


@contextmanager
def watched(chromium: Any, address: str, **look: Any) -> Iterator[Any]:
    """A page in Chinese that fails the test where it erred, called elsewhere, or ran what it was shown."""
    context = chromium.new_context(locale="zh-CN", **look)
    context.set_default_timeout(PATIENCE_MS)
    made = context.new_page()
    watch = Watch(made, address)
    open_page(made, address)
    yield made
    hit = made.evaluate("window.hit")
    context.close()
    assert watch.errors == []
    assert watch.foreign == []
    assert hit is None


@pytest.fixture
def page(chromium: Any, service: Service) -> Iterator[Any]:
    """The page on a desktop, watched."""
    with watched(chromium, service.address, viewport={"width": 1360, "height": 900}) as made:
        yield made


@pytest.fixture
def phone(chromium: Any, service: Service) -> Iterator[Any]:
    """The page on a phone, watched."""
    with watched(
        chromium, service.address, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    ) as it:
        yield it
