#!/usr/bin/python3
"""How far the cluster's design goes: what a broker takes, and a simulation of many instances from that.

Measures one nats-server (or takes the measurement of --measured), runs every scenario for 10,000 and 100,000 streams
from one seed, and writes tables and plots into out/bench/scale; with --docs also into docs/scale.md and docs/scale.
"""

import argparse
import dataclasses
import json
import pathlib
import shutil
import sys

import measure
import scenarios
import simulate
from plots import plot
from scenarios import EVENT_S, FEW, MANY, OUTAGES_S, SCENARIOS, UPGRADE_EVERY_S, UPGRADE_RESTART_S, UPGRADE_SHARE
from simulate import Assumptions, Protocol

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "out" / "bench" / "scale"
DOCS = ROOT / "docs" / "scale"
PAGE = ROOT / "docs" / "scale.md"
ITEMS = (1_000, 10_000, 100_000)
QUICK_S = 0.25  # to connect again, if the library is told to
NETWORK_BYTES_S = 1.25e9  # 10 Gbit/s
ONE = Assumptions()
# docs/cost.md: three clones of a stream took 0.259 cores, so one of them a third.
TWO = dataclasses.replace(ONE, groups=2, pair_cores=0.259 / 3)
WAYS = {
    "as it is": {},
    "above the mean, pull 1 s later": {"reluctance": 1.0},
    "give up from six pairs above the mean": {"rebalance_margin": 6.0},
    "both": {"reluctance": 1.0, "rebalance_margin": 6.0},
}
STEADY = ("renew", "pull", "list", "heartbeat_delivery", "event", "event_delivery")
NAMES = {
    "publish": "an item published, acknowledged", "pull": "an item pulled", "renew": "`+WPI`, answered",
    "pull_in_vain": "a pull that expires in vain", "nak": "`-NAK`, answered", "ack": "`+ACK`, answered",
    "list": "all subjects listed (`STREAM.INFO`)", "heartbeat_delivery": "heartbeats, deliveries",
    "event": "incident events", "event_delivery": "incident events, deliveries",
}


def table(head, rows):
    return "\n".join(["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |",
                      *("| " + " | ".join(str(c) for c in row) + " |" for row in rows)]) + "\n"


def significant(value):
    if value == 0:
        return "0"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def measured_table(costs):
    rows = []
    for run in costs.measured["runs"]:
        if run["kind"] == "ready" or run.get("waiting", 2048) != 2048:
            continue
        kind = run["kind"]
        if kind == "fan_out":
            what, beside = "core delivery", f"{run['subscribers']} subscribers, {run['bytes']:,} bytes"
        elif kind == "event":
            what = "event published, and its deliveries" if run["readers"] else "event published, acknowledged"
            beside = f"R{run['replicas']}, {run['readers']} readers"
        else:
            what, beside = NAMES[kind], f"{run['items']:,} items"
        each = run["server_cpu_s"] / run["messages"]
        rows.append((what, beside, f"{run['messages']:,}", significant(1e6 * each), significant(1 / each),
                     significant(run["messages"] / run["wall_s"])))
    return table(("message", "beside", "measured", "broker CPU, µs each", "a second by one core", "a second here, wall"), rows)


def assumptions_table(costs):
    a, p = ONE, Protocol()
    return table(("what", "value", "from"), [
        ("an instance", f"{a.cores:g} cores, {a.usable_share:.0%} usable: {a.capacity} pairs; two groups: {TWO.capacity}", "assumed"),
        ("a pair, one group", f"{a.pair_cores:g} cores", "measured, 720p, all detectors (cost.md)"),
        ("a pair, two groups", f"{TWO.pair_cores:.4f} cores: each decodes for itself", "a third of the three clones measured (cost.md)"),
        ("streams", "all cost the same", "assumed; real ones differ by resolution"),
        ("a pair's start, to its first measured picture", f"{a.start_least:g} to {a.start_most:g} s, uniform: 1 s to connect, and the wait for a "
         "key frame every 2 s", "assumed"),
        ("round trip to the broker", f"{1000 * a.round_trip:g} ms", "assumed"),
        ("connected again, after the broker is back", f"0 to {a.reconnect_most:g} s, uniform", "nats.c's default wait"),
        ("a failed instance is replaced, an ordered one joins", f"after {a.replaced_after:g} s", "assumed"),
        ("an upgraded instance is back", f"after {UPGRADE_RESTART_S:g} s; {UPGRADE_SHARE:.0%} at once, every {UPGRADE_EVERY_S:g} s", "assumed"),
        ("incident events", f"{a.events_per_stream_hour:g} a stream and hour", "assumed"),
        ("heartbeat", f"{a.heartbeat_bytes} bytes and {a.heartbeat_bytes_a_pair} a pair", "the protocol"),
        ("lease, renewal, fence", f"{p.ack_wait:g} s, {p.renew_every:g} s, {p.fence_after:g} s", "the protocol"),
        ("beyond what was measured", f"a message beside more than {ITEMS[-1]:,} items costs what it costs beside so many", "assumed"),
        ("items handed out", "one after the other, of both groups too, slower by the share of a core that renewals take (a tenth of the speed at least)", "assumed"),
        ("a broker that is overloaded", "is not simulated: it would be late with renewals, and leases would end", "left out"),
    ])


def seconds(value):
    return "–" if value is None else f"{value:.1f}"


def scenario_table(results):
    rows = []
    for r in results:
        single = r["scenario"] not in ("failures", "failures-10h", "upgrade")
        full = seconds(r["full_after_s"]) if single else "–"
        if single and r["still_uncovered"]:
            full = f"never ({r['still_uncovered']:,} left)"
        cause = r["uncovered_pair_s"] - r["by_cause_pair_s"].get("rebalance", 0)
        rows.append((r["title"] + (", 2 groups" if r["groups"] == 2 else ""), f"{r['streams']:,}", f"{r['instances']:,}", full,
                     f"{r['p50_s']:.1f} / {r['p99_s']:.1f} / {r['max_s']:.1f}" if r["uncovered_times"] else "–",
                     f"{r['uncovered_times']:,}", f"{cause:,.0f}",
                     f"{r['rebalanced']:,}: {r['by_cause_pair_s'].get('rebalance', 0):,.0f}", r["double"]))
    return table(("what happens", "streams", "instances", "all covered after, s", "a pair uncovered, p50 / p99 / max, s", "times",
                  "uncovered pair-seconds", "rebalanced: pair-seconds of it", "doubly covered"), rows)


def message_table(costs, results):
    rows = []
    for kind in (*STEADY, "publish", "nak"):
        row = [NAMES[kind] if kind != "pull" else "pulls, in vain or not"]
        for streams in (FEW, MANY):
            n, size, counts, cores = scenarios.steady(streams, 1.25, costs, ONE)
            peaks = [r["messages_s"][kind]["peak"] for r in results if r["streams"] == streams and r["groups"] == 1]
            means = counts[kind]
            limit = means / cores[kind] if cores.get(kind) else None
            if limit is None:
                limit = 1 / costs.of(kind, streams)
            row += [significant(means), significant(max(peaks, default=0)), significant(limit), f"{cores.get(kind, 0):.2f}"]
        rows.append(row)
    total = ["**all**"]
    for streams in (FEW, MANY):
        *_, cores = scenarios.steady(streams, 1.25, costs, ONE)
        total += ["", "", "", f"**{sum(cores.values()):.2f}**"]
    head = ["messages a second"]
    for streams in (FEW, MANY):
        head += [f"{streams:,}: steady", "peak", "one core takes", "cores, steady"]
    return table(head, rows + [total])


def largest(holds):
    low, high = 1, 1 << 20
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def at(n, costs, heartbeats=True):
    """Of n instances, a fifth of whose room is spare: the broker's cores by kind, and bytes of heartbeats a second."""
    streams = int(n * ONE.capacity / 1.25)
    _, size, counts, cores = scenarios.steady(streams, 1.25, costs, ONE, n)
    if not heartbeats:
        cores = {k: v for k, v in cores.items() if not k.startswith("heartbeat")}
    return cores, counts["heartbeat_delivery"] * size


def limits_table(costs):
    cases = [
        ("heartbeats take one core", lambda n: at(n, costs)[0]["heartbeat_delivery"] <= 1),
        ("heartbeats fill 10 Gbit/s of the broker", lambda n: at(n, costs)[1] <= NETWORK_BYTES_S),
        ("renewals take one core", lambda n: at(n, costs)[0]["renew"] <= 1),
        ("deliveries of events take one core", lambda n: at(n, costs)[0]["event_delivery"] <= 1),
        ("all of it takes one core", lambda n: sum(at(n, costs)[0].values()) <= 1),
        ("all of it takes four cores", lambda n: sum(at(n, costs)[0].values()) <= 4),
        ("all but heartbeats takes one core", lambda n: sum(at(n, costs, False)[0].values()) <= 1),
        ("all but heartbeats takes four cores", lambda n: sum(at(n, costs, False)[0].values()) <= 4),
    ]
    rows = [(what, f"{n:,}", f"{int(n * ONE.capacity / 1.25):,}") for what, holds in cases for n in [largest(holds)]]
    return table(("until", "instances", "streams"), rows)


def outage_table(outages):
    rows = []
    for away in OUTAGES_S:
        row = [away]
        for r in (by_time[away] for by_time in outages.values()):
            row += [f"{dropped_share(r):.0%}", seconds(r["full_after_s"] if r["uncovered_times"] else 0.0), f"{r['uncovered_pair_s']:,.0f}"]
        rows.append(row)
    head = [f"{what}; connected again within {within:g} s" if what == "dropped" else what
            for within in outages for what in ("dropped", "all covered after, s", "uncovered pair-seconds")]
    return table(["broker away, s", *head], rows)


def dropped_share(result):
    """Of all pairs, those that their own instance stopped."""
    return result["fenced"] / (result["streams"] * result["groups"])


def ways_table(ways):
    return table(("what happens", "rebalancing", "moves", "uncovered by moves, pair-s", "by the event itself, pair-s", "max, s"),
                 [(r["title"], way, f"{r['rebalanced']:,}", f"{r['by_cause_pair_s'].get('rebalance', 0):,.0f}",
                   f"{r['uncovered_pair_s'] - r['by_cause_pair_s'].get('rebalance', 0):,.0f}", f"{r['max_s']:.1f}") for way, r in ways])


def draw(costs, timelines, outages):
    sizes = [2 ** (k / 4) for k in range(4 * 4, 4 * 12 + 1)]
    by_kind = {"renewals": ("renew",), "pulls in vain": ("pull",), "heartbeats to all": ("heartbeat_delivery",),
               "events and their deliveries": ("event", "event_delivery"), "listing for the sweep": ("list",)}
    curves = [(name, [(n, sum(at(int(n), costs)[0][k] for k in kinds)) for n in sizes]) for name, kinds in by_kind.items()]
    yield "broker.svg", plot("cores of the broker, by what they are spent on", curves, "instances (49 streams each)", "cores", x_log=True,
                             y_log=True, x_range=(16, 4096), y_range=(0.001, 100), marks=[(1, "one core")])
    curves = [(title, [(t - EVENT_S * (title != "cold start"), 100 * u / most) for t, u in rows]) for title, most, rows in timelines]
    yield "uncovered.svg", plot(f"pairs that nobody watches, % of {FEW:,}", curves, "seconds after it happened", "%",
                                x_range=(0, 200), y_range=(0, 105))
    curves = [(f"connected again within {within:g} s of its return", [(0, 0), *((s, 100 * dropped_share(r)) for s, r in by_time.items())])
              for within, by_time in outages.items()]
    yield "outage.svg", plot("pairs dropped by their own instance, %", curves, "seconds that the broker is away", "%", y_range=(0, 105))


def simulated(costs, seed, sizes):
    results, timelines = [], []

    def one(scenario, streams, assumptions=ONE, protocol=Protocol()):
        result, cluster = scenarios.run(scenario, streams, costs, seed, protocol, assumptions)
        print(f"  {streams:,} streams, {scenario.title}: {result['cpu_s']:.1f} CPU s", file=sys.stderr, flush=True)
        return result, cluster

    for streams in sizes:
        for scenario in SCENARIOS:
            result, cluster = one(scenario, streams)
            results.append(result)
            if streams == FEW and scenario.name in ("cold", "zone", "zone-spare", "surge", "surge-spare", "broker"):
                timelines.append((scenario.title, streams, [(row[0], row[1]) for row in cluster.timeline]))
    for name in ("cold", "failures-10h"):
        results.append(one(named(name), sizes[-1], TWO)[0])
    outages = {}
    for within in (ONE.reconnect_most, QUICK_S):
        soon = dataclasses.replace(ONE, reconnect_most=within)
        outages[within] = {s: one(dataclasses.replace(named("broker"), title=f"the broker away for {s} s", happen=scenarios.outage(s)),
                                  FEW, soon)[0] for s in OUTAGES_S}
    ways = [(way, one(named(name), FEW, protocol=Protocol(**more))[0])
            for name in ("failures-10h", "upgrade") for way, more in WAYS.items()]
    return results, timelines, outages, ways


def named(name):
    return next(s for s in SCENARIOS if s.name == name)


def pages(costs, seed, results, outages, ways):
    m = costs.measured
    ready = next((r for r in m["runs"] if r["kind"] == "ready"), None)
    text = f"### What one broker takes\n{m['server']}; {m['machine']}, {m['date']}.\n\n" + measured_table(costs)
    if ready:
        text += (f"\nStopped (SIGTERM) and started again with {ready['items']:,} items, it answered after {ready['wall_s']:.1f} s of wall time and "
                 f"{ready['server_cpu_s']:.2f} CPU s.\n")
    text += "\n### What is assumed\n" + assumptions_table(costs)
    text += f"\n### What happens (seed {seed})\n" + scenario_table(results)
    text += "\n### Messages\n" + message_table(costs, results)
    text += "\n### Where it ends\n" + limits_table(costs)
    text += f"\n### The broker away, {FEW:,} streams\n" + outage_table(outages)
    text += f"\n### Rebalancing, {FEW:,} streams\n" + ways_table(ways)
    return text


def into_page(page, results):
    before, rest = page.split("<!-- results begin -->\n")
    return f"{before}<!-- results begin -->\n{results}<!-- results end -->\n" + rest.split("<!-- results end -->\n")[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--broker", help="the program monolens_bench_broker")
    parser.add_argument("--measured", type=pathlib.Path, help="do not measure, take this (docs/scale/broker.json)")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--streams", type=int, action="append", help=f"how many ({FEW} and {MANY})")
    parser.add_argument("--docs", action="store_true", help="write the results into docs/scale.md")
    options = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    if options.measured:  # goes before --broker, which ./do always gives
        measured = json.loads(options.measured.read_text())
    elif options.broker:
        measured = measure.measure(options.broker, ITEMS)
    else:
        parser.error("needs --broker or --measured")
    (OUT / "broker.json").write_text(json.dumps(measured, indent=1) + "\n")
    costs = simulate.Costs(measured)
    results, timelines, outages, ways = simulated(costs, options.seed, options.streams or [FEW, MANY])
    text = pages(costs, options.seed, results, outages, ways)
    (OUT / "scale.md").write_text(text)
    everything = {"seed": options.seed, "scenarios": results, "outages": [{"reconnect_s": w, **r} for w, by_time in outages.items() for r in by_time.values()],
                  "rebalancing": [{"way": w, **r} for w, r in ways]}
    (OUT / "results.json").write_text(json.dumps(everything, indent=1) + "\n")
    for name, drawn in draw(costs, timelines, outages):
        (OUT / name).write_text(drawn)
    print(text)
    if options.docs:
        DOCS.mkdir(exist_ok=True)
        for name in ("broker.json", "results.json", "broker.svg", "uncovered.svg", "outage.svg"):
            shutil.copy(OUT / name, DOCS / name)
        PAGE.write_text(into_page(PAGE.read_text(), text))
    print(f"all of it in {OUT}")


if __name__ == "__main__":
    main()
