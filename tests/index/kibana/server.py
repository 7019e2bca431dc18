"""Answers on loopback as the documentation of Kibana's saved objects API says that Kibana does.

It is no Kibana: it keeps what it is given and knows nothing of what a dashboard is.
"""

import base64
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

Key = tuple[str, str]


class StandIn(ThreadingHTTPServer):
    """`objects` by type and id. `secret`: what the Authorization header must be. `answer`: a fixed one instead."""

    def __init__(self, secret: str | None = None, answer: tuple[int, str, str] | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects: dict[Key, dict[str, Any]] = {}
        self.secret = secret
        self.answer = answer
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def take(self, lines: Sequence[dict[str, Any]], overwrite: bool) -> dict[str, Any]:
        arriving = {(each["type"], each["id"]) for each in lines}
        errors, taken = [], []
        for each in lines:
            key = each["type"], each["id"]
            lost = [one for one in each["references"] if (one["type"], one["id"]) not in arriving | set(self.objects)]
            if lost:
                errors.append(_error(each, {"type": "missing_references", "references": lost}))
            elif key in self.objects and not overwrite:
                errors.append(_error(each, {"type": "conflict"}))
            else:
                self.objects[key] = each
                taken.append({"type": each["type"], "id": each["id"], "overwrite": key in self.objects})
        report = {"success": not errors, "successCount": len(taken), "successResults": taken, "warnings": []}
        return report | ({"errors": errors} if errors else {})


@contextmanager
def stand_in(secret: str | None = None, answer: tuple[int, str, str] | None = None) -> Iterator[StandIn]:
    server = StandIn(secret, answer)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def basic(user: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


class _Handler(BaseHTTPRequestHandler):
    server: StandIn

    def do_POST(self) -> None:
        self.server.asked.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.answer:
            self._send(*self.server.answer)
        elif "kbn-xsrf" not in self.headers:
            self._refuse(400, "Bad Request", "Request must contain a kbn-xsrf header.")
        elif self.server.secret and self.headers["Authorization"] != self.server.secret:
            self._refuse(401, "Unauthorized", "security_exception: unable to authenticate")
        else:
            self._answer(body)

    def _answer(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        match parts.path.removeprefix("/s/press"):
            case "/api/saved_objects/_import":
                self._import(body, parse_qs(parts.query).get("overwrite") == ["true"])
            case "/api/saved_objects/_export":
                self._export(json.loads(body))
            case _:
                self._refuse(404, "Not Found", "Not Found")

    def _import(self, body: bytes, overwrite: bool) -> None:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        [file] = BytesParser(policy=HTTP).parsebytes(head + body).iter_parts()
        if not (file.get_filename() or "").endswith(".ndjson"):
            self._refuse(400, "Bad Request", "Invalid file extension")
            return
        content = file.get_payload(decode=True)
        assert isinstance(content, bytes)
        lines = [json.loads(line) for line in content.decode().splitlines() if line.strip()]
        self._send(200, "application/json", json.dumps(self.server.take(lines, overwrite)))

    def _export(self, asked: dict[str, Any]) -> None:
        wanted = [(each["type"], each["id"]) for each in asked["objects"]]
        if any(key not in self.server.objects for key in wanted):
            self._refuse(400, "Bad Request", "Error fetching objects to export")
            return
        lines = "\n".join(json.dumps(self.server.objects[key], ensure_ascii=False) for key in wanted)
        self._send(200, "application/ndjson", lines)

    def _refuse(self, status: int, error: str, message: str) -> None:
        self._send(status, "application/json", json.dumps({"statusCode": status, "error": error, "message": message}))

    def _send(self, status: int, content_type: str, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        if status == 302:
            self.send_header("Location", "/login")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Tests read `asked` instead."""


def _error(saved: dict[str, Any], error: dict[str, Any]) -> dict[str, Any]:
    return {"type": saved["type"], "id": saved["id"], "meta": {}, "error": error}
