#!/usr/bin/env python3
"""How soon a receiver hears of a defect: from the telling of an event to its arrival at a webhook on loopback.

--streams transport streams with a black second in every four are sent over UDP in real time; `monolens serve` watches
them for black of half a second, and a web server takes each event and notes when. The delay is the arrival less the
event's own time, which the worker notes when the sample that proves the defect (or its end) has been analysed.

Writes out/bench/latency.json. Ends with 1 if the 99th percentile exceeds 100 ms.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HERE = pathlib.Path(__file__).resolve()
ROOT = HERE.parents[2]
OUT = ROOT / "out" / "bench"
sys.path.insert(0, str(ROOT / "bench" / "density"))
import run as density  # noqa: E402

TARGET_MS = 100


class Receiver:
    def __init__(self):
        self.delays_ms = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                arrived = time.time()
                event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["data"]
                told = datetime.fromisoformat(event["time"].replace("Z", "+00:00")).timestamp()
                owner.delays_ms.append(1000 * (arrived - told))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/"


def make():
    path = OUT / "latency.ts"
    if not path.exists():
        OUT.mkdir(parents=True, exist_ok=True)
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i",
                        "testsrc2=size=320x180:rate=25:duration=20", "-vf",
                        "drawbox=enable='lt(mod(t,4),1)':color=black:t=fill", "-c:v", "libx264", "-g", "25",
                        "-preset", "ultrafast", path], check=True)
    return path


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--monolens", default=ROOT / "build/release/src/app/monolens")
    parser.add_argument("--streams", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    receiver = Receiver()
    with tempfile.TemporaryDirectory() as folder, density.streams(make(), options.streams) as ports:
        config = pathlib.Path(folder) / "serve.toml"
        config.write_text(f'[[sink]]\nname = "hook"\ntype = "webhook"\nurl = "{receiver.url}"\n')
        serve = density.Serve(options.monolens, folder, "--config", config)
        try:
            for port in ports:
                serve.call("/v1/monitors", {"url": f"udp://127.0.0.1:{port}", "detectors": "black",
                                            "options": {"black.duration_s": 0.5}})
            time.sleep(options.seconds)
        finally:
            serve.stop()
    delays = receiver.delays_ms
    if not delays:
        sys.exit("no event arrived")
    result = {"streams": options.streams, "events": len(delays), "median_ms": percentile(delays, 0.5),
              "p99_ms": percentile(delays, 0.99), "largest_ms": max(delays), "target_ms": TARGET_MS}
    (OUT / "latency.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    met = result["p99_ms"] <= TARGET_MS
    print(f"{result['events']} events of {options.streams} streams: median {result['median_ms']:.0f} ms, "
          f"p99 {result['p99_ms']:.0f} ms, largest {result['largest_ms']:.0f} ms; target p99 <= {TARGET_MS} ms: "
          f"{'met' if met else 'MISSED'}")
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
