#!/usr/bin/env python3
"""What one process, clones of it, and the distributed reference take for the same streams, and what that costs.

The servers of the distributed form, Swift with its S3 interface and nats-server, are started here on loopback, and so
is each variant, one after the other; before anything is billed, each variant's incidents are compared with the
monolith's. Their own CPU time is told and not billed: a provider's prices of requests and transitions hold it.

Writes topology.usage.json, topology.cost.json and topology.html into out/bench.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
import live_stream  # noqa: E402
import topology_servers  # noqa: E402
from live_stream import FORMATS, OUT, RATE, natural  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")

# Name, topology, further arguments. The literal design is the first of the distributed ones.
VARIANTS = {
    "monolith": ["--topology", "monolith"],
    "clones": ["--topology", "groups"],
    "frame": ["--pictures", "raw", "--objects", "frame"],
    "frame-jpeg": ["--pictures", "jpeg", "--objects", "frame"],
    "second": ["--pictures", "raw", "--objects", "second"],
    "second-png": ["--pictures", "png", "--objects", "second"],
    "second-jpeg": ["--pictures", "jpeg", "--objects", "second"],
    "sample-5": ["--pictures", "jpeg", "--objects", "second", "--sample", "5"],
    "sample-1": ["--pictures", "jpeg", "--objects", "second", "--sample", "1"],
}
TITLES = {
    "monolith": "monolith",
    "clones": "clones: media converted again for each group of detectors",
    "frame": "distributed, an object a frame, raw",
    "frame-jpeg": "distributed, an object a frame, JPEG",
    "second": "distributed, an object a second, raw",
    "second-png": "distributed, an object a second, PNG",
    "second-jpeg": "distributed, an object a second, JPEG",
    "sample-5": "distributed, an object a second, JPEG, 5 pictures a second",
    "sample-1": "distributed, an object a second, JPEG, 1 picture a second",
}


def make(name, seconds):
    """A clean programme with a freeze, a silence and a black stretch, so that incidents can be compared."""
    width, height, bitrate = FORMATS[name]
    black = f"drawbox=c=black:t=fill:enable='between(t,{seconds * 0.2:.2f},{seconds * 0.2 + 2.5:.2f})'"
    silence = f"volume=0:enable='between(t,{seconds * 0.6:.2f},{seconds * 0.6 + 2.5:.2f})'"
    graph = (f"{natural.picture(width, height, RATE)};[natural]{black}[picture];"
             f"{natural.sound()};[sound]{silence}[heard]")
    return live_stream.encoded(f"topology-{name}-{seconds}.ts", __file__, graph, ("[picture]", "[heard]"), seconds, bitrate)


def cpu_s(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def told(reports):
    """Kind, track, start and end of all incidents."""
    reports = reports if isinstance(reports, list) else [reports]
    return [sorted((i["kind"], str(i["track"]), i["start_s"], i["end_s"]) for i in r["incidents"]) for r in reports]


class Bench:
    def __init__(self, options, folder, arguments, environment, servers):
        self.options, self.folder, self.arguments = options, folder, arguments
        self.environment, self.servers = environment, servers
        self.expected = None

    def run(self, variant):
        usage, report = self.folder / f"{variant}.usage.json", self.folder / f"{variant}.report.json"
        more = [] if self.options.detectors is None else ["--detectors", self.options.detectors]
        more += ["--quota", str(self.options.quota)]
        before = [cpu_s(s) for s in self.servers]
        done = subprocess.run([self.options.monolens, "topology", "run", *self.options.input, *VARIANTS[variant],
                               "--name", TITLES[variant], "--usage", usage, "--report", report, "--quiet", *more,
                               *self.arguments], env=self.environment)
        if done.returncode not in (0, 1):
            sys.exit(f"{TITLES[variant]}: ended with {done.returncode}")
        after = [cpu_s(s) for s in self.servers]
        store, broker = (b - a for a, b in zip(before, after))
        print(f"  {self.compared(json.loads(report.read_text()))}; not billed: "
              f"object store {store:.1f} CPU s, broker {broker:.1f} CPU s", flush=True)
        return json.loads(usage.read_text())["runs"][0]

    def compared(self, reports):
        """How the incidents differ from those of the first variant, the monolith."""
        found = told(reports)
        if self.expected is None:
            self.expected = found
            return f"{sum(map(len, found))} incidents"
        missed = sum(len(set(e) - set(f)) for e, f in zip(self.expected, found))
        other = sum(len(set(f) - set(e)) for e, f in zip(self.expected, found))
        same = not missed and not other
        return "the same incidents" if same else f"{missed} incidents missed or moved, {other} others told"


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", nargs="*", help="streams; without any, a generated programme")
    parser.add_argument("--monolens", required=True)
    parser.add_argument("--format", choices=FORMATS, default="720p", help="of the generated programme (720p)")
    parser.add_argument("--seconds", type=int, default=60, help="of the generated programme (60)")
    parser.add_argument("--variants", default=",".join(VARIANTS), help=f"which, in their order: {','.join(VARIANTS)}")
    parser.add_argument("--detectors", help="names separated by commas (all)")
    parser.add_argument("--quota", type=float, default=0, help="transitions a second that the workflow may make (any)")
    parser.add_argument("--prices", help="another price book")
    parser.add_argument("--streams", type=int, default=5000, help="of the fleet that is planned (5000)")
    options = parser.parse_args()
    chosen = options.variants.split(",")
    if unknown := [v for v in chosen if v not in VARIANTS]:
        parser.error(f"unknown variant '{unknown[0]}'")
    options.variants = [v for v in VARIANTS if v in chosen]
    return options


def main():
    options = parse_arguments()
    if package := topology_servers.missing():
        sys.exit(f"needs the Debian package {package}")
    options.input = options.input or [make(options.format, options.seconds)]
    OUT.mkdir(parents=True, exist_ok=True)
    runs = []
    with tempfile.TemporaryDirectory(prefix="monolens-topology-") as folder:
        folder = pathlib.Path(folder)
        with topology_servers.servers(folder) as (arguments, environment, processes):
            bench = Bench(options, folder, arguments, environment, processes)
            for variant in options.variants:
                print(TITLES[variant], flush=True)
                runs.append(bench.run(variant))
    usage = OUT / "topology.usage.json"
    usage.write_text(json.dumps({"schema": "monolens.usage/1", "runs": runs}, indent=2) + "\n")
    prices = ["--prices", options.prices] if options.prices else []
    subprocess.run([options.monolens, "cost", usage, *prices, "--streams", str(options.streams),
                    "--json", OUT / "topology.cost.json", "--html", OUT / "topology.html"], check=True)


if __name__ == "__main__":
    main()
