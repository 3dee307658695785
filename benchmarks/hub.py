"""A real JupyterHub with the configuration of classroom/, on this machine only, and students who come to it.

A student is what a browser is to the hub: she types her name and the token, starts a server and a kernel, runs the
cells of a chapter one after the other, and moves a control of a widget.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
import psutil
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

ROOT = Path(__file__).resolve().parents[1]
PROXY = "configurable-http-proxy"
PROXY_VERSION = "5.3.0"
NODE = Path(sys.prefix) / "node"
PATIENCE = 300  # seconds for the slowest thing that a student waits for
TOKEN = uuid.uuid4().hex
MEGABYTE = 1e6


def proxy() -> str:
    """The path of the hub's proxy; npm fetches it into .venv where there is none."""
    folder = NODE / "node_modules" / ".bin"
    found = shutil.which(PROXY) or shutil.which(PROXY, path=str(folder))
    if found is None:
        wanted = f"{PROXY}@{PROXY_VERSION}"
        subprocess.run(["npm", "install", "--silent", "--prefix", str(NODE), wanted], check=True, timeout=PATIENCE)
        found = shutil.which(PROXY, path=str(folder))
    assert found, "npm has installed no " + PROXY
    return found


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class Hub:
    """A hub that runs between `with` and its end, and keeps all in `folder`. settings: CLASSROOM_... as keywords."""

    def __init__(self, folder: Path, **settings: str) -> None:
        if find_spec("jupyterhub") is None:
            raise RuntimeError(
                "jupyterhub is not installed: `python start.py test -- --all` needs the extra [classroom]"
            )
        public, inner, steering = free_ports(3)
        self.url = f"http://127.0.0.1:{public}"
        named = {"token": TOKEN, "address": f"127.0.0.1:{public}", "folder": str(folder / "kept"), "allow_root": "1"}
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("RNNLIB_")}
        self.environment |= {f"CLASSROOM_{name.upper()}": value for name, value in (named | settings).items()}
        self.environment |= {"PYTHONPATH": str(ROOT), "CONFIGPROXY_AUTH_TOKEN": uuid.uuid4().hex}
        self.command = [sys.executable, "-m", "jupyterhub", "-f", str(ROOT / "classroom" / "jupyterhub_config.py")]
        self.command += [f"--JupyterHub.hub_port={inner}", f"--ConfigurableHTTPProxy.command={proxy()}"]
        self.command += [f"--ConfigurableHTTPProxy.api_url=http://127.0.0.1:{steering}"]
        self.folder = folder
        self.log = folder / "hub.log"

    def __enter__(self) -> Hub:
        with self.log.open("wb") as log:
            pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            self.process = subprocess.Popen(self.command, cwd=self.folder, env=self.environment, **pipes)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if httpx.get(self.url + "/hub/api/", timeout=5).status_code == 200:
                    return self
            except httpx.HTTPError:
                time.sleep(0.1)
        self.__exit__(None, None, None)
        raise RuntimeError("the hub did not start:\n" + self.log.read_text(encoding="utf-8", errors="replace"))

    def __exit__(self, kind: type | None, error: BaseException | None, where: TracebackType | None) -> None:
        """End the hub, and whatever it has started and left behind."""
        left = self.processes()
        self.process.terminate()
        psutil.wait_procs([psutil.Process(self.process.pid)] if self.process.poll() is None else [], timeout=30)
        for process in [*left, self.process]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait()

    def processes(self) -> list[psutil.Process]:
        """All that the hub has started and that still runs."""
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def memory(self) -> dict[str, list[float]]:
        """MB of each server, each kernel and each other process (what is shared counts in parts: PSS)."""
        sizes: dict[str, list[float]] = {"server": [], "kernel": [], "hub": []}
        for process in [psutil.Process(self.process.pid), *self.processes()]:
            try:
                words, size = " ".join(process.cmdline()), process.memory_full_info().pss / MEGABYTE
            except psutil.NoSuchProcess:  # it has ended meanwhile
                continue
            kind = "kernel" if "ipykernel" in words else "server" if "jupyterhub.singleuser" in words else "hub"
            sizes[kind].append(size)
        return sizes

    def listening(self) -> set[str]:
        """The addresses on which the hub, or what it has started, takes connections."""
        processes = [psutil.Process(self.process.pid), *self.processes()]
        connections = [each for process in processes for each in process.net_connections(kind="tcp")]
        return {each.laddr.ip for each in connections if each.status == psutil.CONN_LISTEN}


@dataclass
class Student:
    """One who comes to the hub. `seconds`: what she waited for, by name; `errors`: what her cells answered."""

    hub: Hub
    name: str
    seconds: dict[str, float] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    comms: dict[str, dict[str, Any]] = field(default_factory=dict)  # the state of each widget, by its address
    socket: WebSocketClientConnection | None = None

    async def enter(self, token: str = TOKEN) -> bool:
        """Type the name and the token into the hub's page; whether it lets her in."""
        self.client = httpx.AsyncClient(base_url=self.hub.url, timeout=PATIENCE)
        await self.client.get("/hub/login")
        typed = {"username": self.name, "password": token, "_xsrf": self._cookie("_xsrf")}
        page = await self.client.post("/hub/login", data=typed)
        return page.status_code == 302 and "jupyterhub-hub-login" in page.headers.get("set-cookie", "")

    def _cookie(self, name: str) -> str:
        return next(cookie.value or "" for cookie in self.client.cookies.jar if cookie.name == name)

    async def _ask(self, method: str, path: str, **more: Any) -> Any:
        answer = await self.client.request(method, path, **more)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    async def start(self) -> None:
        """Get a token for what follows, a server, and a kernel in the folder of the notebooks."""
        began = time.monotonic()
        await self.client.get("/hub/home")  # a page of hers: its cookie is the one that counts from now on
        made = await self._ask(
            "POST", f"/hub/api/users/{self.name}/tokens", json={}, headers={"X-XSRFToken": self._cookie("_xsrf")}
        )
        self.client.headers["Authorization"] = f"token {made['token']}"
        await self._ask("POST", f"/hub/api/users/{self.name}/server")
        while not (server := (await self._ask("GET", f"/hub/api/users/{self.name}"))["servers"].get("", {})).get(
            "ready"
        ):
            assert server, "the hub gave up waiting for her server"
            await asyncio.sleep(0.5)
        self.seconds["server"] = time.monotonic() - began
        wanted = {"name": "python3", "path": "notebooks/02_unit.ipynb"}
        kernel = await self._ask("POST", f"/user/{self.name}/api/kernels", json=wanted)
        address = f"{self.hub.url.replace('http', 'ws', 1)}/user/{self.name}/api/kernels/{kernel['id']}/channels"
        request = HTTPRequest(address, headers={"Authorization": self.client.headers["Authorization"]})
        self.socket = await websocket_connect(request, max_message_size=10**9)

    async def _server(self) -> dict[str, Any]:
        """What the hub says of her server; nothing where there is none and none is coming."""
        told = await self._ask("GET", f"/hub/api/users/{self.name}")
        server: dict[str, Any] = told["servers"].get("", {})
        return server

    async def _send(self, kind: str, content: dict[str, Any]) -> str:
        assert self.socket, "start comes first"
        name = uuid.uuid4().hex
        header = {"msg_id": name, "username": self.name, "session": self.name, "msg_type": kind, "version": "5.3"}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        await self.socket.write_message(json.dumps(message | {"buffers": []}))
        return name

    async def _answers(self, asked: str, *, reply: bool) -> list[dict[str, Any]]:
        """All messages that answer one, until the kernel rests again (and, of a cell, has replied)."""
        heard: list[dict[str, Any]] = []
        rests = False
        while not (rests and not reply):
            message = _read(await asyncio.wait_for(self.socket.read_message(), PATIENCE))  # type: ignore[union-attr]
            if message["parent_header"].get("msg_id") != asked:
                continue
            heard.append(message)
            reply = reply and message["msg_type"] != "execute_reply"
            rests = rests or message["content"].get("execution_state") == "idle"
        return heard

    async def run(self, code: str) -> list[dict[str, Any]]:
        """Run one cell; what it answered."""
        began = time.monotonic()
        heard = await self._answers(await self._send("execute_request", {"code": code, "silent": False}), reply=True)
        self.seconds["slowest cell"] = max(self.seconds.get("slowest cell", 0.0), time.monotonic() - began)
        for message in heard:
            content = message["content"]
            if message["msg_type"] == "error":
                self.errors.append(f"{content['ename']}: {content['evalue']}")
            if message["msg_type"] == "comm_open":
                self.comms[content["comm_id"]] = content["data"].get("state", {})
        return heard

    async def run_chapter(self, cells: list[str]) -> None:
        """Run the cells one after the other."""
        began = time.monotonic()
        for cell in cells:
            await self.run(cell)
        self.seconds["chapter"] = time.monotonic() - began

    async def type(self, label: str, value: float) -> int:
        """Type a value into the last control of this label; how many new drawings come back for it."""
        began = time.monotonic()
        control = [name for name, state in self.comms.items() if state.get("description") == label][-1]
        data = {"method": "update", "state": {"value": value}, "buffer_paths": []}
        heard = await self._answers(await self._send("comm_msg", {"comm_id": control, "data": data}), reply=False)
        self.seconds["typed"] = time.monotonic() - began
        states = [m["content"]["data"].get("state", {}) for m in heard if m["msg_type"] == "comm_msg"]
        return sum("pages" in state for state in states)

    async def leave(self) -> None:
        """Close what is open."""
        if self.socket:
            self.socket.close()
        await self.client.aclose()


def _read(raw: str | bytes | None) -> dict[str, Any]:
    """A message of a kernel; one with buffers comes as bytes: their number, where each part begins, the parts."""
    assert raw is not None, "the server has closed the connection"
    if isinstance(raw, str):
        message: dict[str, Any] = json.loads(raw)
        return message
    parts = int.from_bytes(raw[:4], "big")
    begins = [int.from_bytes(raw[4 * i : 4 * i + 4], "big") for i in range(1, parts + 1)]
    first: dict[str, Any] = json.loads(raw[begins[0] : begins[1] if parts > 1 else None])
    return first


def code_of(chapter: str) -> list[str]:
    """The cells of code of a chapter."""
    notebook = json.loads((ROOT / "notebooks" / chapter).read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
