"""What the distributed topology needs, on 127.0.0.1: Swift with its S3 interface, and nats-server with JetStream."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import swift_server

HERE = Path(__file__).parent
# Swift belongs to the system's Python, not to whatever python3 is first in PATH.
PYTHON = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable
NATS = shutil.which("nats-server", path=f"{os.environ['PATH']}:/usr/sbin")


def missing():
    """The package that is not installed, or None."""
    if NATS is None:
        return "nats-server"
    if subprocess.run([PYTHON, "-c", "import swift"], capture_output=True).returncode:
        return "python3-swift"
    return None


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nothing listens on {port}")


@contextlib.contextmanager
def swift(folder):
    """Yields the port and the process."""
    folder.mkdir()
    server = subprocess.Popen(
        [PYTHON, "-B", HERE / "swift_server.py", folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        port = server.stdout.readline()
        if not port:
            raise RuntimeError("Swift did not start")
        yield int(port), server
    finally:
        server.communicate()


@contextlib.contextmanager
def nats(folder):
    """Yields the port and the process."""
    folder.mkdir()
    port = free_port()
    configuration = folder / "nats.conf"
    configuration.write_text(f'listen: "127.0.0.1:{port}"\njetstream {{ store_dir: "{folder}/jetstream" }}\n')
    server = subprocess.Popen([NATS, "-c", configuration], stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port, server
    finally:
        server.kill()
        server.wait()


@contextlib.contextmanager
def servers(folder):
    """Yields the arguments and the environment for `monolens topology run`, and both servers' processes."""
    with swift(Path(folder) / "swift") as (store, swift_process), nats(Path(folder) / "nats") as (broker, nats_process):
        environment = {
            **os.environ,
            "AWS_ACCESS_KEY_ID": swift_server.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": swift_server.SECRET_KEY,
        }
        arguments = ["--store", f"http://127.0.0.1:{store}", "--nats", f"nats://127.0.0.1:{broker}"]
        yield arguments, environment, (swift_process, nats_process)
