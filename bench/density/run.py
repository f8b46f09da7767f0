#!/usr/bin/env python3
"""How many live streams this machine watches at once, and what each costs.

Streams are sent over UDP on loopback in real time by one process (send.py); one `monolens serve` watches them all. A
count of streams is held if for --seconds no packet waited a second, none was dropped, and no monitor was degraded. From
one stream on the count doubles until it is not held, then the interval is halved. CPU is user and system time of the
service and its worker, and beside it that of the sender; memory is the worker's resident set. Last stands what decoding
alone would hold: the machine's cores by the CPU share of `ffmpeg -threads 1 -i STREAM -f null -`.

Writes out/bench/density.json.
"""

import argparse
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))
import live_stream  # noqa: E402
from live_stream import FORMATS, OUT, RATE, natural  # noqa: E402

SECONDS = 20
PROFILES = ("full", "economy", "keyframes")
LONGEST_TRIAL_S = 60
WARM_UP_S = 8
MOST_LAG_S = 1.0
TICKS = os.sysconf("SC_CLK_TCK")


def make(name):
    width, height, bitrate = FORMATS[name]
    return live_stream.encoded(f"density-{name}.ts", __file__, f"{natural.picture(width, height, RATE)};{natural.sound()}",
                               ("[natural]", "[sound]"), SECONDS, bitrate)


def lengthened(path):
    """The stream over and over, for as long as a trial may last."""
    longer = path.with_suffix(".long.ts")
    if not longer.exists() or longer.stat().st_mtime < path.stat().st_mtime:
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-stream_loop", str(LONGEST_TRIAL_S // SECONDS), "-i",
                        path, "-c", "copy", longer], check=True)
    return longer


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def cpu_s(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_mb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024


def decode_share(path):
    """CPU seconds of one second of the stream, decoded and nothing else."""
    before = os.times()
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-threads", "1", "-i", path, "-map", "0:v", "-map", "0:a",
                    "-f", "null", "-"], check=True)
    after = os.times()
    return (after.children_user + after.children_system - before.children_user - before.children_system) / SECONDS


class Serve:
    def __init__(self, monolens, folder, *more):
        config = pathlib.Path(folder) / "density.toml"
        config.write_text("capacity_cores = 1000\n")  # how much there is room for is what is measured
        self.process = subprocess.Popen([monolens, "serve", "--listen", "127.0.0.1:0", "--data", folder,
                                         "--config", config, *more],
                                        stdout=subprocess.PIPE, text=True)
        self.url = re.search(r"listening on (\S+),", self.process.stdout.readline()).group(1)

    def call(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def pids(self):
        """The service, and what its threads have started: the worker."""
        pid = self.process.pid
        workers = []
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            workers += [int(p) for p in (task / "children").read_text().split()]
        return pid, workers

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)
        self.process.stdout.close()


@contextlib.contextmanager
def streams(path, count):
    ports = [free_port() for _ in range(count)]
    sender = subprocess.Popen([sys.executable, "-B", pathlib.Path(__file__).with_name("send.py"), path,
                               *map(str, ports)])
    try:
        yield ports, sender.pid
    finally:
        sender.kill()
        sender.wait()


def trial(monolens, path, profile, count, seconds):
    with tempfile.TemporaryDirectory() as folder, streams(path, count) as (ports, sender):
        serve = Serve(monolens, folder)
        try:
            for port in ports:
                serve.call("/v1/monitors", {"url": f"udp://127.0.0.1:{port}", "profile": profile})
            time.sleep(WARM_UP_S)
            pid, workers = serve.pids()
            before = sum(cpu_s(p) for p in (pid, *workers))
            sending = cpu_s(sender)
            lag = 0.0
            until = time.monotonic() + seconds
            began = time.monotonic()
            while time.monotonic() < until:
                time.sleep(1)
                states = [m["status"] or {} for m in serve.call("/v1/monitors")["monitors"]]
                lag = max([lag] + [s.get("lag_s", 0) for s in states])
            elapsed = time.monotonic() - began
            used = sum(cpu_s(p) for p in (pid, *workers)) - before
            sending = cpu_s(sender) - sending
            states = [m["status"] or {} for m in serve.call("/v1/monitors")["monitors"]]
            degraded = len(serve.call("/v1/incidents?kind=monitor.degraded")["incidents"])
            running = sum(s.get("state") == "running" for s in states)
            dropped = sum(s.get("dropped_packets", 0) for s in states)
            held = running == count and lag < MOST_LAG_S and dropped == 0 and degraded == 0
            return {"streams": count, "held": held, "cpu_share": used / elapsed / count, "lag_s": lag,
                    "sender_cpu_share": sending / elapsed, "dropped_packets": dropped, "degraded": degraded,
                    "running": running, "memory_mb": sum(resident_mb(p) for p in workers)}
        finally:
            serve.stop()


def search(run):
    """The largest count that is held, and all trials: doubling, then halving the interval."""
    trials = {}

    def held(count):
        trials[count] = run(count)
        t = trials[count]
        print(f"    {count:4d} streams: {'held' if t['held'] else 'not held'}, {t['cpu_share']:.3f} cores each, "
              f"{t['sender_cpu_share']:.2f} to send, lag {t['lag_s']:.2f} s, {t['running']} running, "
              f"{t['dropped_packets']} dropped, {t['degraded']} degraded, {t['memory_mb']:.0f} MB", file=sys.stderr)
        return t["held"]

    good, bad = 0, 1
    while held(bad):
        good, bad = bad, 2 * bad
    while bad - good > max(1, good // 8):
        middle = (good + bad) // 2
        good, bad = (middle, bad) if held(middle) else (good, middle)
    return good, [trials[c] for c in sorted(trials)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--monolens", default=ROOT / "build/release/src/app/monolens")
    parser.add_argument("--only", choices=FORMATS, action="append")
    parser.add_argument("--profile", choices=PROFILES, action="append")
    parser.add_argument("--seconds", type=int, default=20)
    options = parser.parse_args()
    if options.seconds > LONGEST_TRIAL_S - 2 * WARM_UP_S:
        parser.error(f"--seconds: at most {LONGEST_TRIAL_S - 2 * WARM_UP_S}")
    cores = os.cpu_count()
    results = {"cores": cores, "formats": {}}
    for name in options.only or FORMATS:
        path = make(name)
        longer = lengthened(path)
        bound = cores / decode_share(path)
        results["formats"][name] = {"decode_only_bound": bound, "profiles": {}}
        for profile in options.profile or PROFILES:
            print(f"  {name}, {profile}", file=sys.stderr)
            most, trials = search(lambda n: trial(options.monolens, longer, profile, n, options.seconds))
            results["formats"][name]["profiles"][profile] = {"streams": most, "trials": trials}
            first = trials[0]["cpu_share"]
            last = next(t["cpu_share"] for t in trials if t["streams"] == max(most, 1))
            memory = (trials[-1]["memory_mb"] - trials[0]["memory_mb"]) / max(1, trials[-1]["streams"] - 1)
            print(f"{name:>6} {profile:<10} {most:4d} streams, {most / cores:.1f} a core; decoding alone {bound / cores:.1f}"
                  f" a core; {first:.3f} cores for one, {last:.3f} each for {most}; {memory:.0f} MB a stream")
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "density.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(f"\nall of it in {OUT / 'density.json'}")


if __name__ == "__main__":
    main()
