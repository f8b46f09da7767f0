#!/usr/bin/env python3
"""Does harm to a cluster at random: kills instances and starts them again, drains them, halts them, cuts their line to
the broker, kills the broker; then compares what all of them know with what the streams contained.

At the end
- each wanted pair is watched by exactly one instance;
- all instances know the same incidents, with the same beginnings and ends, and none is open;
- no two incidents of a monitor are about the same moment;
- each black second in the middle of a time in which its pair was watched by an instance that nothing was done to is
  told, and nothing is told where there was none.
Printed: for each kind of fault how long a pair was watched by nobody, the median, p99 and the longest.

usage: cluster_faults.py [--faults N] [--streams N] [--instances N] [--seed N]; MONOLENS is the binary's path.
"""

import argparse
import collections
import contextlib
import pathlib
import random
import signal
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import cluster  # noqa: E402
from serve import wait_for  # noqa: E402
from soak import all_blacks, when  # noqa: E402

POLL_S = 0.25
BEFORE_S, AFTER_S = 6.0, 4.0   # of quiet watching around a black second, for it to be certainly told
SLACK_S = 1.5                  # of an incident's start against the streams' clock
WEIGHTS = {"kill": 5, "stop": 2, "drain": 3, "halt": 3, "cut": 5, "broker": 1}


class Watcher(threading.Thread):
    """Notes who holds what, four times a second, as each instance says of itself."""

    def __init__(self, target):
        super().__init__(daemon=True)
        self.target, self.over, self.samples = target, False, []

    def run(self):
        while not self.over:
            held = collections.defaultdict(set)
            for i in self.target.instances:
                with contextlib.suppress(Exception):
                    if i.serve is not None and not i.is_halted:
                        for pair in i.runs():
                            held[pair].add(i.name)
            self.samples.append((time.time(), held))
            time.sleep(POLL_S)

    def holder(self, pair, since, until):
        """The one that held it all that time, or None."""
        names = [held.get(pair, set()) for at, held in self.samples if since <= at <= until]
        common = set.intersection(*names) if names else set()
        return next(iter(common), None)


class Faults:
    def __init__(self, folder, seed, instances, streams):
        self.chance = random.Random(seed)
        self.cluster = cluster.Cluster(folder)
        for _ in range(instances):
            self.cluster.add().is_halted = False
        self.monitors = {}
        for k in range(streams):
            spec = {"url": self.cluster.streams.url(f"s{k}"), "name": f"s{k}", "detectors": "black", "timeout_s": 3,
                    "options": {"black.duration_s": 0.5}}
            self.monitors[self.cluster.instances[0].serve.watch(**spec)] = f"s{k}"
        self.gaps = collections.defaultdict(list)     # of each kind of fault
        self.touched = []                             # (instance or None for all, since, until)
        self.counts = collections.Counter()
        self.watcher = Watcher(self.cluster)

    def others_are_up(self, victim):
        return [i for i in self.cluster.instances if i is not victim]

    def uncovered_for(self, pairs, victim):
        """How long until each pair that the victim held is held by another."""
        began, left, took = time.monotonic(), set(pairs), []
        while left and time.monotonic() - began < 40:
            for i in self.others_are_up(victim):
                with contextlib.suppress(Exception):
                    for pair in left & i.runs():
                        took.append(time.monotonic() - began)
                        left.discard(pair)
            time.sleep(0.05)
        assert not left, f"nobody took {left} over within 40 s"
        return took

    def fault(self, kind):
        self.counts[kind] += 1
        since = time.time()
        if kind == "broker":
            self.cluster.broker.kill()
            time.sleep(self.chance.uniform(0.1, 2))
            self.cluster.broker.start()
            self.touched.append((None, since, time.time()))
            return
        victim = self.chance.choice(self.cluster.instances)
        pairs = victim.runs()
        if kind == "kill":
            victim.stop(signal.SIGKILL)
            self.gaps[kind] += self.uncovered_for(pairs, victim)
            victim.start()
        elif kind == "stop":
            victim.stop()
            self.gaps[kind] += self.uncovered_for(pairs, victim)
            victim.start()
        elif kind == "drain":
            victim.serve.call("POST", "/v1/cluster/drain", {"instance": victim.id})
            self.gaps[kind] += self.uncovered_for(pairs, victim)
            victim.serve.call("POST", "/v1/cluster/drain", {"instance": victim.id, "drain": False})
        elif kind == "halt":
            victim.is_halted = True
            victim.serve.process.send_signal(signal.SIGSTOP)
            time.sleep(self.chance.uniform(0.5, 9))
            victim.serve.process.send_signal(signal.SIGCONT)
            victim.is_halted = False
        elif kind == "cut":
            length = self.chance.choice([self.chance.uniform(0.3, 3), self.chance.uniform(7, 10)])
            victim.line.is_cut = True
            if length > 7:
                self.gaps[kind] += self.uncovered_for(pairs, victim)
            else:
                time.sleep(length)
            victim.line.is_cut = False
        self.touched.append((victim.name, since, time.time()))

    def run(self, faults):
        wait_for("each pair to be watched", self.cluster.is_covered, 30)
        self.began = time.time()
        self.watcher.start()
        kinds = [kind for kind, weight in WEIGHTS.items() for _ in range(weight)]
        for number in range(faults):
            self.fault(self.chance.choice(kinds))
            if sys.stderr.isatty():
                print(f"\r{number + 1} of {faults} faults", end="", file=sys.stderr, flush=True)
            # Now and then there is time for a defect to be seen from its beginning to its end.
            time.sleep(self.chance.choice([0.2, 1, 3, 14]))
        wait_for("each pair to be watched once again", self.cluster.is_covered, 60)
        time.sleep(16)
        assert self.cluster.is_covered(), self.cluster.holders()
        # Stopped all over, nothing opens any more, and what is open is closed by whoever has it.
        for monitor in self.monitors:
            status, _ = self.cluster.instances[0].serve.call("PATCH", f"/v1/monitors/{monitor}", {"paused": True})
            assert status == 200
        self.ended = time.time()
        self.watcher.over = True
        self.watcher.join()

    def was_touched(self, name, since, until):
        return any(who in (None, name) and a < until and b > since for who, a, b in self.touched)

    def check(self):
        def known(i):
            return {b["id"]: (b["monitor"], b["started_at"], b["ended_at"]) for b in all_blacks(i.serve)}
        first = self.cluster.instances[0]
        wait_for("all to know the same", lambda: all(known(i) == known(first) for i in self.cluster.instances[1:]), 30)
        found = known(first)
        still_open = [i for i, (_, _, ended) in found.items() if ended is None]
        assert not still_open, f"open for ever: {still_open}"
        told = collections.defaultdict(list)
        for monitor, started, ended in found.values():
            told[monitor].append((when(started), when(ended)))
        doubled = wrong = missed = certain = 0
        for monitor in self.monitors:
            times = sorted(told[monitor])
            doubled += sum(a[1] > b[0] + 0.05 for a, b in zip(times, times[1:]))
            blacks = list(self.cluster.streams.blacks(self.began - 10, self.ended + 10))
            for start, _ in times:
                wrong += not any(a - SLACK_S <= start <= b + SLACK_S for a, b in blacks)
            for a, b in blacks:
                since, until = a - BEFORE_S, b + AFTER_S
                if since < self.began or until > self.ended:
                    continue
                name = self.watcher.holder((monitor, "all"), since, until)
                if name is None or self.was_touched(name, since, until):
                    continue
                certain += 1
                missed += not any(a - SLACK_S <= start <= b + SLACK_S for start, _ in times)
        twice = sum(any(len(names) > 1 for names in held.values()) for _, held in self.watcher.samples)
        print(f"{sum(self.counts.values())} faults: " + ", ".join(f"{n} {kind}" for kind, n in sorted(self.counts.items())))
        print(f"{len(found)} incidents known to all {len(self.cluster.instances)} instances; {certain} black seconds "
              f"watched without a fault: {missed} not told; {doubled} told twice; {wrong} told where there was none")
        print(f"a pair was seen with two in {twice} of {len(self.watcher.samples)} samples")
        for kind, gaps in sorted(self.gaps.items()):
            gaps.sort()
            if gaps:
                print(f"watched by nobody after {kind}: median {gaps[len(gaps) // 2]:.2f} s, "
                      f"p99 {gaps[min(len(gaps) - 1, int(len(gaps) * 0.99))]:.2f} s, longest {gaps[-1]:.2f} s "
                      f"({len(gaps)} pairs)")
        assert not doubled and not wrong and not missed, "something was lost, doubled or made up"
        assert certain or sum(self.counts.values()) < 20, "no black second was watched in peace"


def run(faults, streams, instances, seed):
    import tempfile
    print(f"seed {seed}")
    with tempfile.TemporaryDirectory() as folder:
        harm = Faults(pathlib.Path(folder), seed, instances, streams)
        try:
            harm.run(faults)
            harm.check()
        finally:
            harm.cluster.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--streams", type=int, default=6)
    parser.add_argument("--instances", type=int, default=3)
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    arguments = parser.parse_args()
    run(arguments.faults, arguments.streams, arguments.instances, arguments.seed)


if __name__ == "__main__":
    main()
