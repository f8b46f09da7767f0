"""A running `monolens serve`, and what its tests need besides."""

import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import harness
import media
import openapi

DEADLINE_S = 60


def wait_for(what, ready, deadline_s=DEADLINE_S):
    until = time.monotonic() + deadline_s
    while time.monotonic() < until:
        result = ready()
        if result:
            return result
        time.sleep(0.1)
    raise AssertionError(f"not within {deadline_s} s: {what}")


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def free_udp_port():
    return free_port(socket.SOCK_DGRAM)


class Serve:
    """A running service, each answer of which is held against api/openapi.yaml."""

    def __init__(self, folder, config="", env=None, port=0):
        # What a test asks for is never too much for the machine that it runs on.
        room = "" if "capacity_cores" in config else "capacity_cores = 1000\n"
        (folder / "serve.toml").write_text(room + config)
        command = [harness.binary(), "serve", "--listen", f"127.0.0.1:{port}", "--data", str(folder / "data"),
                   "--config", str(folder / "serve.toml"), "--files", str(folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                        env={**os.environ, **(env or {})})
        line = self.process.stdout.readline()
        found = re.search(r"listening on (\S+),", line)
        assert found, line
        self.url = found.group(1)
        wait_for("the worker", lambda: self.call("GET", "/readyz")[0] == 200)

    def call(self, method, path, body=None, headers=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, method=method, headers=dict(headers or {}))
        if data is not None:
            request.add_header("Content-Type", "application/json")
        try:
            answer = urllib.request.urlopen(request, timeout=20)
        except urllib.error.HTTPError as e:
            answer = e
        with answer:
            answer.body = answer.read()
        broken = openapi.violations(method, path, body, answer)
        assert not broken, f"{method} {path} breaks api/openapi.yaml: {broken}\n{answer.body}"
        return answer.status, json.loads(answer.body) if answer.body[:1] in (b"{", b"[") else answer.body

    def watch(self, **spec):
        """The id of a new monitor. Who makes many at once is told to wait (429), and does."""
        status, monitor = wait_for("room for a request", lambda: self.unless_limited("POST", "/v1/monitors", spec))
        assert status == 201, monitor
        return monitor["id"]

    def unless_limited(self, *request):
        answer = self.call(*request)
        return None if answer[0] == 429 else answer

    def incidents(self, **query):
        text = "&".join(f"{k}={v}" for k, v in query.items())
        return self.call("GET", f"/v1/incidents?{text}")[1]["incidents"]

    def workers(self):
        """The processes that it has started."""
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task").iterdir()
        return [int(p) for task in tasks for p in (task / "children").read_text().split()]

    def stop(self, how=signal.SIGTERM):
        began = time.monotonic()
        self.process.send_signal(how)
        self.process.wait(timeout=30)
        self.process.stdout.close()
        return time.monotonic() - began


def black_clip():
    """9 s of a moving picture with a tone, black from 3 s to 6 s."""
    return media.stored("serve.ts", "black from 3 to 6", lambda path: media.ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=9",
        "-f", "lavfi", "-i", "sine=frequency=440:duration=9",
        "-vf", "drawbox=enable='between(t,3,5.99)':color=black:t=fill",
        "-c:v", "libx264", "-g", "25", "-preset", "ultrafast", "-c:a", "aac", "-shortest", path))
