#!/usr/bin/env python3
"""Watches streams that come and go, with a sink that fails, while the service and its worker are killed at random;
then compares what the receiver got with what the streams contained.

Each stream is black for a second in every five, from its start on. Afterwards it holds that
- each event of the store reached the receiver, with nothing else, once repeats are dropped by their id;
- each incident was told by one `open` and, if it has ended, one `close` after it;
- no black second was told twice, and no incident is told where there was none;
- each black second in the middle of a time in which the service ran was told.
Memory is the resident set of the service and its worker between kills; its slope is printed.

usage: soak.py [--minutes M] [--streams N] [--kill-every S] [--seed N]; MONOLENS is the binary's path.
"""

import argparse
import collections
import contextlib
import json
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from datetime import datetime

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import media  # noqa: E402
from receiver import Receiver  # noqa: E402
from serve import Serve, free_port, free_udp_port, wait_for  # noqa: E402

PERIOD_S, BLACK_S = 5, 1
BEFORE_S = 6.0     # of running before a black second, for it to be certainly told: a source is opened anew in it
AFTER_S = 3.0
SLACK_S = 1.2      # of an incident's start against the stream's own clock


def clip():
    """20 s of motion with sound, black from 2 s to 3 s of every five."""
    return media.stored("soak.ts", "black at 2 s of every 5", lambda path: media.ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=20",
        "-f", "lavfi", "-i", "sine=frequency=440:duration=20",
        "-vf", "drawbox=enable='between(mod(t,5),2,2.999)':color=black:t=fill",
        "-c:v", "libx264", "-g", "25", "-preset", "ultrafast", "-c:a", "aac", "-shortest", path))


def when(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Stream:
    """A monitor's source: sends for a while, pauses, and begins again."""

    def __init__(self, chance):
        self.chance, self.port, self.sent, self.process = chance, free_udp_port(), [], None
        self.monitor = None
        self.turn = 0.0

    def tick(self, now):
        if now < self.turn:
            return
        if self.process is None:
            self.process = subprocess.Popen(
                ["ffmpeg", "-v", "quiet", "-nostdin", "-re", "-stream_loop", "-1", "-i", str(clip()), "-c", "copy",
                 "-f", "mpegts", f"udp://127.0.0.1:{self.port}?pkt_size=1316"])
            self.sent.append([time.time(), None])
            self.turn = now + self.chance.uniform(25, 60)
        else:
            self.stop()
            self.turn = now + self.chance.uniform(2, 6)

    def stop(self):
        if self.process is None:
            return
        self.process.kill()
        self.process.wait()
        self.process = None
        self.sent[-1][1] = time.time()

    def blacks(self):
        """(start, end) of each whole black second that was sent, by the wall clock."""
        for begin, end in self.sent:
            at = begin + 2
            while at + BLACK_S < end:
                yield at, at + BLACK_S
                at += PERIOD_S


def memory_mb(serve):
    total = 0
    for pid in [serve.process.pid, *serve.workers()]:
        with contextlib.suppress(OSError, AttributeError):
            text = pathlib.Path(f"/proc/{pid}/status").read_text()
            total += int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024
    return total


def all_blacks(serve):
    found, cursor = [], ""
    while True:
        page = serve.call("GET", f"/v1/incidents?kind=video.black&limit=1000{cursor}")[1]
        found += page["incidents"]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"


def slope_mb_an_hour(samples):
    """Of a line through (time, MB), least squares."""
    n = len(samples)
    if n < 3:
        return 0.0
    t = sum(s[0] for s in samples) / n
    m = sum(s[1] for s in samples) / n
    return 3600 * sum((a - t) * (b - m) for a, b in samples) / sum((a - t) ** 2 for a, _ in samples)


class Soak:
    def __init__(self, folder, minutes, streams, kill_every_s, seed):
        self.chance = random.Random(seed)
        self.minutes, self.kill_every_s = minutes, kill_every_s
        self.folder = folder
        self.receiver = Receiver(200)
        self.streams = [Stream(self.chance) for _ in range(streams)]
        self.ran = []       # (from, until) in which nothing was killed
        self.memory = []    # (time, MB), a minute after a kill at the earliest
        self.kills = collections.Counter()

    def run(self):
        with self.receiver:
            config = f'[[sink]]\nname = "hook"\ntype = "webhook"\nurl = "{self.receiver.url()}"\n'
            port = free_port(socket.SOCK_STREAM)
            serve = Serve(self.folder, config, port=port)
            for s in self.streams:
                s.monitor = serve.watch(url=f"udp://127.0.0.1:{s.port}", detectors="black",
                                        options={"black.duration_s": 0.5}, timeout_s=2, stalled_after_s=1.5)
            self.ran.append([time.time(), None])
            until = time.monotonic() + 60 * self.minutes
            kill_at = time.monotonic() + self.next_kill()
            fail_at = time.monotonic() + 10
            while time.monotonic() < until:
                now = time.monotonic()
                for s in self.streams:
                    s.tick(now)
                if now >= fail_at:
                    down = self.receiver.answers == [200]
                    self.receiver.answers[:] = [self.chance.choice([503, 500, 429])] if down else [200]
                    fail_at = now + (self.chance.uniform(2, 6) if down else self.chance.uniform(10, 30))
                if now >= kill_at:
                    serve = self.kill(serve, port, config)
                    kill_at = time.monotonic() + self.next_kill()
                if time.time() - self.ran[-1][0] > 60:
                    self.memory.append((time.time(), memory_mb(serve)))
                time.sleep(0.2)
            for s in self.streams:
                s.stop()
            self.receiver.answers[:] = [200]
            time.sleep(15)
            self.ran[-1][1] = time.time()
            incidents = all_blacks(serve)
            monitors = {m["id"] for m in serve.call("GET", "/v1/monitors")[1]["monitors"]}
            serve.stop()
        return self.problems(incidents, monitors)

    def next_kill(self):
        return self.chance.uniform(0.5, 1.5) * self.kill_every_s

    def kill(self, serve, port, config):
        what = self.chance.choice(["service", "worker", "stop"])
        self.kills[what] += 1
        self.ran[-1][1] = time.time()
        if what == "worker":
            for pid in serve.workers():
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.3)
            wait_for("the worker", lambda: serve.call("GET", "/readyz")[0] == 200)
        else:
            workers = serve.workers()
            serve.stop(signal.SIGKILL if what == "service" else signal.SIGTERM)
            for pid in workers:
                for _ in range(100):
                    if not pathlib.Path(f"/proc/{pid}").exists():
                        break
                    time.sleep(0.05)
            serve = Serve(self.folder, config, port=port)
        self.ran.append([time.time(), None])
        return serve

    def problems(self, incidents, monitors):
        events = collections.OrderedDict()
        for body in self.receiver.taken:
            cloud = json.loads(body)
            events.setdefault(cloud["id"], cloud["data"])
        self.events, self.repeats = len(events), len(self.receiver.taken) - len(events)
        told = collections.defaultdict(list)
        for event in events.values():
            if event["incident"]["kind"] == "video.black" and event["event"] != "update":
                told[event["incident"]["id"]].append(event["event"])
        wrong = []
        self.incidents, self.sure = len(incidents), 0
        known = {i["id"]: i for i in incidents}
        for name in known.keys() - told.keys():
            wrong.append(f"incident {name} was never told")
        for name in told.keys() - known.keys():
            wrong.append(f"an incident {name} was told that the store does not have")
        for name, types in told.items():
            expected = ["open", "close"] if known.get(name, {}).get("ended_at") else ["open"]
            if types != expected:
                wrong.append(f"incident {name} was told as {types} instead of {expected}")
        for s in self.streams:
            if s.monitor not in monitors:
                wrong.append(f"monitor {s.monitor} is gone")
            wrong += self.compare(s, [i for i in incidents if i["monitor"] == s.monitor])
        return wrong

    def compare(self, stream, incidents):
        wrong, blacks = [], list(stream.blacks())
        found = collections.defaultdict(list)
        for i in incidents:
            start, end = when(i["started_at"]), when(i["ended_at"]) if i["ended_at"] else time.time()
            index = next((k for k, (a, b) in enumerate(blacks) if start < b + SLACK_S and end > a - SLACK_S), None)
            if index is not None:
                found[index].append(i["id"])
            elif not any(a - SLACK_S < start < (b or time.time()) + SLACK_S and (b or 0) - start < PERIOD_S
                         for a, b in stream.sent):
                wrong.append(f"{i['id']}: no black was sent at {i['started_at']}")
        for index, (a, b) in enumerate(blacks):
            sure = any(r < a - BEFORE_S and b + AFTER_S < u for r, u in self.ran) and any(
                x < a - BEFORE_S + 4 and b + AFTER_S < (y or 0) for x, y in stream.sent)
            self.sure += sure
            if sure and not found[index]:
                wrong.append(f"a black second at {datetime.fromtimestamp(a)} of {stream.monitor} was not told")
            if len(found[index]) > 1 and sure:
                wrong.append(f"a black second was told as {found[index]}")
        return wrong


def soak(minutes, streams, kill_every_s, seed):
    with tempfile.TemporaryDirectory() as folder:
        run = Soak(pathlib.Path(folder), minutes, streams, kill_every_s, seed)
        wrong = run.run()
    kills = ", ".join(f"{n} x {what}" for what, n in sorted(run.kills.items())) or "none"
    summary = (f"{minutes:g} min, {streams} streams; killed: {kills}; {run.incidents} incidents, {run.events} events, "
               f"{run.repeats} repeats; {run.sure} black seconds that had to be told")
    if len(run.memory) >= 3:
        memory = [m for _, m in run.memory]
        summary += (f"; memory {min(memory):.0f} to {max(memory):.0f} MB, "
                    f"slope {slope_mb_an_hour(run.memory):+.1f} MB an hour")
    return summary, wrong, run


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--streams", type=int, default=6)
    parser.add_argument("--kill-every", type=float, default=90, help="seconds, on average")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    summary, wrong, _ = soak(options.minutes, options.streams, options.kill_every, options.seed)
    print(summary)
    for line in wrong:
        print("  " + line)
    print(f"{len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
