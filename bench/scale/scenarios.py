"""What happens to a cluster, and the figures that come of it."""

import collections
import dataclasses
import math
import time

import simulate
from simulate import Assumptions, Cluster, Protocol, quantile

EVENT_S = 10.0  # when it happens, where all was well before
FEW, MANY = 10_000, 100_000


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    happen: object  # called with the cluster, before it runs
    seconds: float
    spare: float = 1.25  # instances beside what the streams need
    cause: str = "failure"  # of the episodes that are told
    held: bool = True  # all is covered when it begins


def cold(cluster, streams):
    cluster.want(streams * cluster.assumptions.groups)


def failures(hours):
    def happen(cluster, _):
        def next_one():
            alive = [i for i in cluster.instances if i.alive]
            cluster.crash(cluster.random.choice(alive))
            cluster.order_instances(1, cluster.assumptions.replaced_after)
            cluster.at(cluster.now + gap(), next_one)

        def gap():
            return cluster.random.expovariate(sum(i.alive for i in cluster.instances) / (hours * 3600))

        cluster.at(EVENT_S + gap(), next_one)
    return happen


def zone(autoscales):
    def happen(cluster, _):
        cluster.autoscales = autoscales

        def lose():
            for instance in cluster.instances:
                if instance.zone == 0:
                    cluster.crash(instance)
        cluster.at(EVENT_S, lose)
    return happen


def isolated_zone(cluster, _):
    """Alive, and cut off from the broker for a minute."""
    def cut():
        for instance in cluster.instances:
            if instance.zone == 0:
                cluster.isolate(instance, 60.0, "failure")
    cluster.at(EVENT_S, cut)


UPGRADE_SHARE, UPGRADE_EVERY_S, UPGRADE_RESTART_S = 0.02, 30.0, 10.0


def upgrade(cluster, _):
    old = list(cluster.instances)
    batch = math.ceil(len(old) * UPGRADE_SHARE)

    def drain(instances):
        for instance in instances:
            cluster.drain(instance)
        cluster.order_instances(len(instances), UPGRADE_RESTART_S)

    for k in range(0, len(old), batch):
        cluster.at(EVENT_S + k / batch * UPGRADE_EVERY_S, drain, old[k:k + batch])


def surge(autoscales):
    def happen(cluster, streams):
        cluster.autoscales = autoscales
        more = int(0.3 * streams) * cluster.assumptions.groups
        steps = 600
        for k in range(steps):
            cluster.at(EVENT_S + 60.0 * k / steps, cluster.want, more * (k + 1) // steps - more * k // steps)
    return happen


def outage(seconds):
    def happen(cluster, _):
        cluster.at(EVENT_S, cluster.broker_goes, seconds)
    return happen


SCENARIOS = [
    Scenario("cold", "cold start", cold, 240, cause="new", held=False),
    Scenario("failures", "an hour, MTBF 1,000 h", failures(1000), 3600),
    Scenario("failures-10h", "an hour, MTBF 10 h", failures(10), 3600),
    Scenario("zone", "a zone of three lost, 25 % spare, more ordered", zone(True), 400),
    Scenario("zone-spare", "a zone of three lost, 60 % spare", zone(False), 240, spare=1.6),
    Scenario("zone-isolated", "a zone of three cut off for 60 s, 60 % spare", isolated_zone, 240, spare=1.6),
    Scenario("upgrade", "rolling upgrade, 2 % each 30 s", upgrade, EVENT_S + 50 * UPGRADE_EVERY_S + 60, cause="drain"),
    Scenario("surge", "30 % more streams in a minute, 5 % spare, more ordered", surge(True), 400, spare=1.05, cause="new"),
    Scenario("surge-spare", "30 % more streams in a minute, 40 % spare", surge(False), 240, spare=1.4, cause="new"),
    Scenario("broker", "the broker away for 10 s", outage(10.0), 180, cause="broker"),
]
OUTAGES_S = (1, 2, 3, 4, 5, 6, 8)


def instances_for(streams, spare, assumptions):
    return math.ceil(streams * assumptions.groups * spare / assumptions.capacity)


def broker_cores(counts, items, size, costs):
    """What a second's messages take of the broker, by kind."""
    each = {kind: costs.of(kind, items) for kind in ("publish", "renew", "nak", "list")}
    # A pull that is answered with an item costs more than one in vain.
    each["pull"] = costs.of("pull_in_vain", items)
    each["delivery"] = max(0.0, costs.of("pull", items) - each["pull"])
    each["heartbeat"] = 0.0  # all of it is in the deliveries
    each["heartbeat_delivery"] = costs.heartbeat(size)
    each["event"], each["event_delivery"] = costs.event(), costs.event_delivery()
    return {kind: counts.get(kind, 0) * cost for kind, cost in each.items()}


def run(scenario, streams, costs, seed, protocol=Protocol(), assumptions=Assumptions(), rebalances=True, check=True):
    began = time.process_time()
    count = instances_for(streams, scenario.spare, assumptions)
    cluster = Cluster(count, costs, seed, protocol, assumptions, rebalances)
    if scenario.held:
        cluster.want(streams * assumptions.groups, held=True)
        cluster.mean = streams * assumptions.groups / count
    scenario.happen(cluster, streams)
    cluster.run(scenario.seconds)
    if check:
        cluster.check()
    return summary(scenario, streams, count, cluster, time.process_time() - began), cluster


def summary(scenario, streams, count, cluster, cpu_s):
    told = cluster.episodes[scenario.cause]
    moved = cluster.episodes["rebalance"]
    begin = EVENT_S if scenario.held else 0.0
    open_now = sum(u is not None and cluster.cause[p] == scenario.cause for p, u in enumerate(cluster.uncovered_since))
    rows = cluster.timeline
    kinds = {}
    for kind in simulate.KINDS:
        values = [row[5].get(kind, 0) for row in rows]
        kinds[kind] = {"mean": sum(values) / len(values), "peak": max(values)}
    return {
        "scenario": scenario.name, "title": scenario.title, "streams": streams, "groups": cluster.assumptions.groups,
        "instances": count, "seconds": scenario.seconds,
        "full_after_s": cluster.last_end[scenario.cause] - begin if not open_now and told else None,
        "still_uncovered": open_now, "uncovered_times": len(told),
        "p50_s": quantile(told, 0.5), "p99_s": quantile(told, 0.99), "max_s": max(told, default=0.0),
        "most_uncovered": max(row[1] for row in rows),
        "uncovered_pair_s": cluster.uncovered_s, "by_cause_pair_s": {c: sum(e) for c, e in cluster.episodes.items()},
        "rebalanced": len(moved), "fenced": cluster.fenced, "takes": cluster.takes,
        "double": cluster.doubles, "over_capacity": cluster.over_capacity,
        "messages_s": kinds, "cpu_s": cpu_s,
    }


def steady(streams, spare, costs, assumptions, instances=None):
    """The broker's cores while nothing happens, by kind, as the rates say."""
    n = instances or instances_for(streams, spare, assumptions)
    pairs = streams * assumptions.groups
    held = pairs / n
    cycle = Protocol.pull_expires + Protocol.pull_delay * held / assumptions.capacity
    events = assumptions.events_per_stream_hour * streams / 3600
    counts = collections.Counter(
        renew=pairs / Protocol.renew_every, pull=n / cycle, list=1 / Protocol.sweep_every, heartbeat=n,
        heartbeat_delivery=n * (n - 1), event=events, event_delivery=events * n)
    size = assumptions.heartbeat_bytes + assumptions.heartbeat_bytes_a_pair * held
    return n, size, counts, broker_cores(counts, pairs, size, costs)
