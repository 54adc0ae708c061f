"""Coverage phase of schemathesis, run as a command, its only public interface, against a server that records bodies."""

from __future__ import annotations

import json
import resource
import subprocess
import tempfile
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from benchmarks.environments import python_of
from benchmarks.workers.serving import NOT_JSON
from benchmarks.workers.wrapping import as_openapi


class _RecordingHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._record_body
        raise AttributeError(name)

    def _record_body(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.command == "POST":
            self.server.bodies.append(body)  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(b"{}")

    def log_message(self, *_: Any) -> None:
        pass


def run_coverage_phase(schema: dict[str, Any]) -> tuple[list[Any], float]:
    """Run the phase.

    Args:
        schema: JSON Schema of the request body.

    Returns:
        The bodies that were sent, ``NOT_JSON`` for a body that is not JSON, and the CPU seconds of the whole command.

    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), _RecordingHandler)
    server.bodies = []  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "openapi.json"
        document.write_text(json.dumps(as_openapi(schema)))
        command = [
            *(python_of("schemathesis").with_name("schemathesis"), "run", document),
            *("--url", f"http://127.0.0.1:{server.server_port}", "--phases", "coverage", "--mode", "negative"),
            *("--checks", "not_a_server_error", "--continue-on-failure", "--seed", "1", "--no-color"),
        ]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=folder, capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    server.shutdown()
    bodies: list[Any] = []
    for body in server.bodies:  # type: ignore[attr-defined]
        payload: Any = NOT_JSON
        with suppress(ValueError):
            payload = json.loads(body)
        bodies.append(payload)
    return bodies, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
