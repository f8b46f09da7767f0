"""What one nats-server takes for each kind of message, as bench/scale/broker.cc measures it.

The servers are started here, on loopback and free ports, with their files in a temporary folder.
"""

import contextlib
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
from topology_servers import NATS, free_port, wait_for  # noqa: E402


class Server:
    def __init__(self, folder, name, cluster=None):
        """cluster: this server's port for the others, and all of those."""
        self.port = free_port()
        self.configuration = folder / f"{name}.conf"
        text = (f'server_name: {name}\nlisten: "127.0.0.1:{self.port}"\n'
                f'jetstream {{ store_dir: "{folder}/{name}" }}\n')
        if cluster:
            own, ports = cluster
            routes = ", ".join(f'"nats://127.0.0.1:{p}"' for p in ports if p != own)
            text += f'cluster {{ name: bench, listen: "127.0.0.1:{own}", routes: [{routes}] }}\n'
        self.configuration.write_text(text)
        self.start()

    def start(self):
        self.process = subprocess.Popen([NATS, "-c", self.configuration], stderr=subprocess.DEVNULL)

    def stop(self):
        self.process.terminate()
        self.process.wait()

    @property
    def url(self):
        return f"nats://127.0.0.1:{self.port}"


@contextlib.contextmanager
def servers(count):
    with tempfile.TemporaryDirectory(prefix="monolens-scale-") as folder:
        folder = pathlib.Path(folder)
        ports = [free_port() for _ in range(count)]
        started = [Server(folder, f"n{i}", (port, ports) if count > 1 else None) for i, port in enumerate(ports)]
        try:
            for server in started:
                wait_for(server.port)
            if count > 1:
                time.sleep(5)  # until they have chosen who leads
            yield started
        finally:
            for server in started:
                server.stop()


def steps(program, started, *names):
    pids = ",".join(str(s.process.pid) for s in started)
    done = subprocess.run([program, started[0].url, pids, *names], stdout=subprocess.PIPE, text=True, check=True)
    print(done.stdout, end="", file=sys.stderr, flush=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def measure(program, items):
    runs = []
    for count in items:
        with servers(1) as started:
            runs += steps(program, started, f"work:{count}")
            if count == items[-1]:
                started[0].stop()
                started[0].start()
                runs += [{**r, "items": count} for r in steps(program, started, "ready")]
    with servers(1) as started:
        runs += steps(program, started, "fan-out", "events:1")
    with servers(3) as started:
        runs += steps(program, started, "events:3")
    version = subprocess.run([NATS, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
    return {"date": time.strftime("%Y-%m-%d"), "server": f"nats-server {version}, files, default settings",
            "machine": f"{processor()}, {os.cpu_count()} processors, shared with other work", "runs": runs}

