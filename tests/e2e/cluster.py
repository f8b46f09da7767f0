"""A cluster on 127.0.0.1 for tests: a nats-server, instances of `monolens serve` that reach it each through a line
that can be cut, and streams that all of them can watch."""

import contextlib
import http.server
import pathlib
import selectors
import signal
import socket
import subprocess
import tempfile
import threading
import time

import media
from serve import Serve, free_port, wait_for
from topology_servers import NATS

PERIOD_S, BLACK_FROM_S, BLACK_S = 5, 2, 1
LENGTH_S = 20


def clip():
    """20 s at a constant rate, black and silent from 2 s to 3 s of every five, a key frame each half second."""
    return media.stored("cluster.ts", "constant rate, black at 2 s of every 5, keys at 0.5 s", lambda path: media.ffmpeg(
        "-f", "lavfi", "-i", f"testsrc2=size=320x180:rate=25:duration={LENGTH_S}",
        "-f", "lavfi", "-i", f"sine=frequency=440:duration={LENGTH_S}",
        "-vf", "drawbox=enable='between(mod(t,5),2,2.999)':color=black:t=fill",
        "-af", "volume=enable='between(mod(t,5),2,2.999)':volume=0",
        "-c:v", "libx264", "-g", "12", "-preset", "ultrafast", "-b:v", "300k", "-c:a", "aac", "-muxrate", "700k",
        path))


class Streams:
    """Any number of live streams over HTTP, each seen at the same place of its time by whoever connects."""

    def __init__(self):
        self.began = time.time()
        data = pathlib.Path(clip()).read_bytes()
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "video/mp2t")
                self.end_headers()
                at = owner.place(len(data))
                with contextlib.suppress(OSError):
                    while not owner.over:
                        to = owner.place(len(data))
                        self.wfile.write(data[at:to] if to >= at else data[at:] + data[:to])
                        at = to
                        time.sleep(0.04)

            def log_message(self, *_):
                pass

        self.over = False
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def place(self, size):
        share = ((time.time() - self.began) % LENGTH_S) / LENGTH_S
        return int(size * share) // 188 * 188

    def url(self, name):
        return f"http://127.0.0.1:{self.server.server_port}/{name}.ts"

    def blacks(self, since, until):
        """(start, end) of each black second between them, by the wall clock."""
        first = int((since - self.began) // PERIOD_S)
        for k in range(first, int((until - self.began) // PERIOD_S) + 1):
            start = self.began + k * PERIOD_S + BLACK_FROM_S
            if since <= start and start + BLACK_S <= until:
                yield start, start + BLACK_S

    def stop(self):
        self.over = True
        self.server.shutdown()
        self.server.server_close()


class Line:
    """Carries connections to a port, until it is cut: then nothing goes through, as where a network is parted."""

    def __init__(self, port):
        self.to, self.is_cut, self.over = port, False, False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while not self.over:
            try:
                here, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.carry, args=(here,), daemon=True).start()

    def carry(self, here):
        with here, contextlib.suppress(OSError):
            with socket.create_connection(("127.0.0.1", self.to), 5) as there, selectors.DefaultSelector() as ready:
                other = {here: there, there: here}
                for s in other:
                    ready.register(s, selectors.EVENT_READ)
                while not self.over:
                    if self.is_cut:
                        time.sleep(0.05)
                        continue
                    for key, _ in ready.select(0.1):
                        if self.is_cut:
                            break
                        data = key.fileobj.recv(65536)
                        if not data:
                            return
                        other[key.fileobj].sendall(data)

    def stop(self):
        self.over = True
        self.listener.close()


class Broker:
    """A nats-server; with `routes` (its own port, and those of the others) one of several that keep the same."""

    def __init__(self, folder, name="nats", routes=None):
        self.folder, self.name, self.port = folder, name, free_port(socket.SOCK_STREAM)
        self.options = [] if routes is None else [
            "-n", name, "--cluster_name", "c", "--cluster", f"nats://127.0.0.1:{routes[0]}",
            "--routes", ",".join(f"nats://127.0.0.1:{port}" for port in routes[1:])]
        self.start()

    def start(self):
        self.process = subprocess.Popen([NATS, "-a", "127.0.0.1", "-p", str(self.port), "-js", "-sd",
                                         str(self.folder / self.name), "-l", str(self.folder / f"{self.name}.log"),
                                         *self.options])
        wait_for("nats-server", self.answers)

    def answers(self):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True

    def kill(self):
        self.process.kill()
        self.process.wait()


class Instance:
    """One of the cluster's, with its own line to the broker; or without, to where `url` says."""

    def __init__(self, cluster, name, groups="", config="", url="", data=None):
        self.name, self.folder = name, cluster.folder / name
        self.folder.mkdir()
        if data:
            data.rename(self.folder / "data")
        self.line = Line(cluster.broker.port)
        self.config = (f'{config}\n[cluster]\nurl = "{url or f"nats://127.0.0.1:{self.line.port}"}"\n'
                       + (f"serves = {groups}\n" if groups else "") + cluster.groups)
        self.serve = None
        self.start()

    def start(self):
        self.serve = Serve(self.folder, self.config)
        self.id = (self.folder / "data" / "instance").read_text().strip()

    def stop(self, how=signal.SIGTERM):
        took = self.serve.stop(how)
        self.serve = None
        return took

    def view(self):
        return self.serve.call("GET", "/v1/cluster")[1]

    def runs(self):
        """The pairs that it holds itself."""
        view = self.view()
        return {(p["monitor"], p["group"]) for p in view["pairs"] if view["this_instance"] in p["instances"]}


class Cluster:
    def __init__(self, folder, groups=""):
        self.folder, self.groups = folder, groups
        self.streams, self.broker, self.instances = Streams(), Broker(folder), []

    def add(self, groups="", **more):
        self.instances.append(Instance(self, f"i{len(self.instances)}", groups, **more))
        return self.instances[-1]

    def live(self):
        return [i for i in self.instances if i.serve is not None]

    def holders(self):
        """Who holds each wanted pair, as each instance says of itself."""
        held = {(p["monitor"], p["group"]): [] for p in self.live()[0].view()["pairs"]}
        for i in self.live():
            for pair in i.runs():
                held.setdefault(pair, []).append(i.name)
        return held

    def is_covered(self):
        held = self.holders()
        return bool(held) and all(len(h) == 1 for h in held.values())

    def close(self):
        for i in self.live():
            i.stop(signal.SIGKILL)
        for i in self.instances:
            i.line.stop()
        self.broker.kill()
        self.streams.stop()


@contextlib.contextmanager
def running(groups=""):
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(pathlib.Path(folder), groups)
        try:
            yield cluster
        finally:
            cluster.close()
