"""A discrete-event simulation of the cluster: instances that take pairs of a monitor and a detector group from a broker.

Takes, failures, joins, give-ups and expiries are events. Renewals, heartbeats, incident events and the pulls of
instances that wait for work in vain are rates, added up each second; who of those gets what comes up is still exact:
each knows the phase of its pulls. Everything random comes of one seed.

Times are seconds, costs CPU seconds of the broker, loads pairs.
"""

import collections
import dataclasses
import heapq
import itertools
import json
import math
import random


@dataclasses.dataclass(frozen=True)
class Protocol:
    ack_wait: float = 6.0
    renew_every: float = 2.0
    fence_after: float = 5.0
    pull_expires: float = 0.3
    pull_delay: float = 0.5  # times the share of the capacity that is used
    rebalance_every: float = 10.0
    rebalance_margin: float = 2.0  # pairs above the mean
    rebalance_pause: float = 3.0
    sweep_every: float = 10.0
    reluctance: float = 0.0  # not of the protocol: how much longer one above the mean waits before it pulls


@dataclasses.dataclass(frozen=True)
class Assumptions:
    cores: float = 8.0
    usable_share: float = 0.8
    pair_cores: float = 0.104
    groups: int = 1
    start_least: float = 1.0
    start_most: float = 3.0
    round_trip: float = 0.002
    reconnect_most: float = 2.0
    replaced_after: float = 90.0
    zones: int = 3
    events_per_stream_hour: float = 2.0
    heartbeat_bytes: int = 200
    heartbeat_bytes_a_pair: int = 40

    @property
    def capacity(self):
        """Pairs that an instance takes."""
        return int(self.cores * self.usable_share / self.pair_cores + 1e-9)


class Costs:
    """Broker CPU seconds a message, by kind, of what measure.py wrote."""

    def __init__(self, measured):
        self.measured = measured
        self.by_items = collections.defaultdict(list)
        for run in measured["runs"]:
            if "items" in run and run["kind"] != "ready" and run.get("waiting", 2048) == 2048:
                self.by_items[run["kind"]].append((run["items"], run["server_cpu_s"] / run["messages"]))
        for points in self.by_items.values():
            points.sort()

    def of(self, kind, items):
        """With so many items in the queue: between what was measured, or the nearest of it."""
        points = self.by_items[kind]
        for (low, at_low), (high, at_high) in itertools.pairwise(points):
            if low <= items < high:
                return at_low + (at_high - at_low) * (items - low) / (high - low)
        return points[0][1] if items < points[0][0] else points[-1][1]

    def run(self, kind, **which):
        return next(r for r in self.measured["runs"]
                    if r["kind"] == kind and all(r.get(k) == v for k, v in which.items()))

    def each(self, kind, **which):
        run = self.run(kind, **which)
        return run["server_cpu_s"] / run["messages"]

    def heartbeat(self, size):
        """One delivery of so many bytes."""
        small, large = (self.each("fan_out", subscribers=64, bytes=b) for b in (240, 2240))
        return max(small, small + (large - small) * (size - 240) / 2000)

    def event(self, replicas=3):
        return self.each("event", replicas=replicas, readers=0)

    def event_delivery(self, replicas=3):
        alone, read = (self.run("event", replicas=replicas, readers=n) for n in (0, 32))
        return (read["server_cpu_s"] - alone["server_cpu_s"]) / (32 * read["messages"])


class Instance:
    __slots__ = ("id", "zone", "alive", "reachable", "held", "generation", "not_before", "asleep", "phase", "cycle")

    def __init__(self, number, zone):
        self.id, self.zone = number, zone
        self.alive = self.reachable = True
        self.held = {}  # pairs, in the order in which they were taken
        self.generation = 0  # of its pulls: another makes what is scheduled void
        self.not_before = 0.0
        self.asleep = False  # pulls in vain, as a rate
        self.phase = self.cycle = 0.0


LINGER_S = 2.0  # without anything to take, until pulls are a rate
KINDS = ("publish", "pull", "renew", "nak", "list", "heartbeat", "heartbeat_delivery", "event", "event_delivery")


class Cluster:
    def __init__(self, instances, costs, seed, protocol=Protocol(), assumptions=Assumptions(), rebalances=True):
        self.protocol, self.assumptions, self.costs = protocol, assumptions, costs
        self.random = random.Random(seed)
        self.capacity = assumptions.capacity
        self.rebalances = rebalances
        self.now = 0.0
        self.heap = []
        self.order = itertools.count()
        # Of each pair.
        self.holder = []
        self.lease = []  # counts takes and ends of leases: what was scheduled for an older one is void
        self.taken = []  # when, which is the phase of its renewals
        self.starts = []  # counts takes: the end of an older start is void
        self.running = []  # how many instances run it, of which all but the first would be too many
        self.uncovered_since = []  # None: covered
        self.cause = []
        self.wanted = 0
        # The queue: what comes again goes before what is new.
        self.again, self.new = collections.deque(), collections.deque()
        self.lost = []  # wanted and not in the queue, until the next sweep
        self.waiting = collections.deque()  # (since, instance, generation) of pull requests
        self.asleep = {}
        self.asleep_rate = 0.0
        self.last_arrival = -math.inf
        self.broker_back = 0.0  # when; until then nothing is answered
        self.deliver_free = self.publish_free = 0.0
        self.instances = []
        self.ordered = 0  # instances that will join
        self.autoscales = False
        self.mean = 0.0
        # What came of it.
        self.episodes = collections.defaultdict(list)  # cause: seconds uncovered, of those that ended
        self.last_end = collections.defaultdict(float)
        self.uncovered = 0
        self.uncovered_s = 0.0
        self.uncovered_at = 0.0
        self.doubles = 0  # takes of a pair that another still runs
        self.over_capacity = 0
        self.takes = self.deliveries = 0
        self.fenced = 0
        self.counts = collections.Counter()  # of the second at hand
        self.timeline = []
        for _ in range(instances):
            self.add_instance()
        self.at(0.0, self.tick, 0)

    # The clock.

    def at(self, when, what, *arguments):
        heapq.heappush(self.heap, (when, next(self.order), what, arguments))

    def run(self, until):
        heap = self.heap
        while heap and heap[0][0] <= until:
            self.now, _, what, arguments = heapq.heappop(heap)
            what(*arguments)
        self.now = until
        self.account()

    # Coverage.

    def account(self):
        self.uncovered_s += self.uncovered * (self.now - self.uncovered_at)
        self.uncovered_at = self.now

    def uncover(self, pair, cause):
        if self.uncovered_since[pair] is None:
            self.account()
            self.uncovered += 1
            self.uncovered_since[pair] = self.now
            self.cause[pair] = cause

    def cover(self, pair, start):
        if self.starts[pair] != start or self.uncovered_since[pair] is None or not self.running[pair]:
            return
        self.account()
        self.uncovered -= 1
        cause = self.cause[pair]
        self.episodes[cause].append(self.now - self.uncovered_since[pair])
        self.last_end[cause] = self.now
        self.uncovered_since[pair] = None

    def stop(self, instance, pair, cause):
        """The instance runs the pair no more."""
        del instance.held[pair]
        self.running[pair] -= 1
        self.uncover(pair, cause)

    # The queue.

    def want(self, count, cause="new", held=False):
        """That many pairs more; they are published as fast as the broker takes them, or held evenly already."""
        for _ in range(count):
            pair = self.wanted
            self.wanted += 1
            self.holder.append(-1)
            self.lease.append(0)
            self.taken.append(0.0)
            self.running.append(0)
            self.starts.append(0)
            self.cause.append(cause)
            self.uncovered_since.append(None)
            if held:
                instance = self.instances[pair % len(self.instances)]
                self.holder[pair] = instance.id
                self.taken[pair] = self.now - self.random.random() * self.protocol.renew_every
                self.running[pair] = 1
                instance.held[pair] = None
            else:
                self.uncover(pair, cause)
                self.publish(pair)

    def publish(self, pair):
        self.publish_free = max(self.now, self.publish_free) + self.costs.of("publish", self.wanted)
        self.at(self.publish_free, self.published, pair)

    def published(self, pair):
        self.counts["publish"] += 1
        self.arrive(pair, self.new)

    def expire(self, pair, lease):
        """Its holder has not renewed it for the server's patience."""
        if self.lease[pair] != lease:
            return
        self.lease[pair] += 1
        self.holder[pair] = -1
        self.arrive(pair, self.again)

    def arrive(self, pair, queue):
        queue.append(pair)
        self.last_arrival = self.now
        if self.asleep:
            self.wake()
        self.match()

    def match(self):
        while self.waiting and (self.again or self.new):
            since, number, generation = self.waiting.popleft()
            instance = self.instances[number]
            if self.now < since + self.protocol.pull_expires and instance.generation == generation:
                self.deliver(instance)

    def deliver(self, instance):
        """Hands out the next item. The consumer does one at a time, beside the renewals."""
        pair = (self.again or self.new).popleft()
        instance.generation += 1
        self.deliveries += 1
        held = self.wanted - len(self.again) - len(self.new)
        busy = min(0.9, held / self.protocol.renew_every * self.costs.of("renew", held))
        self.deliver_free = max(self.now, self.deliver_free) + self.costs.of("pull", held) / (1 - busy)
        self.at(self.deliver_free + self.assumptions.round_trip, self.take, instance, pair)

    def take(self, instance, pair):
        self.lease[pair] += 1
        lease = self.lease[pair]
        self.holder[pair] = instance.id
        if not instance.alive or not instance.reachable:
            self.at(self.now + self.protocol.ack_wait, self.expire, pair, lease)
            return
        if len(instance.held) >= self.capacity:
            self.over_capacity += 1
        if self.running[pair]:
            self.doubles += 1
        self.takes += 1
        self.taken[pair] = self.now
        self.running[pair] += 1
        self.starts[pair] += 1
        instance.held[pair] = None
        a = self.assumptions
        self.at(self.now + self.random.uniform(a.start_least, a.start_most), self.cover, pair, self.starts[pair])
        self.pull_later(instance, self.now + self.delay(instance))

    # Pulls.

    def delay(self, instance):
        delay = self.protocol.pull_delay * len(instance.held) / self.capacity
        return delay + (self.protocol.reluctance if len(instance.held) >= self.mean else 0.0)

    def pull_later(self, instance, when):
        self.at(max(when, instance.not_before), self.pull, instance, instance.generation)

    def pull(self, instance, generation):
        if instance.generation != generation or len(instance.held) >= self.capacity:
            return
        if not self.broker_up:  # a new instance
            self.at(self.broker_back + self.reconnect_time(), self.pull, instance, generation)
            return
        self.counts["pull"] += 1
        if self.again or self.new:
            self.deliver(instance)
            return
        cycle = self.protocol.pull_expires + self.delay(instance)
        if self.now - self.last_arrival > LINGER_S:
            instance.asleep, instance.phase, instance.cycle = True, self.now, cycle
            self.asleep[instance.id] = instance
            self.asleep_rate += 1 / cycle
        else:
            self.waiting.append((self.now, instance.id, generation))
            self.at(self.now + cycle, self.pull, instance, generation)

    def stop_pulling(self, instance):
        instance.generation += 1
        if instance.asleep:
            instance.asleep = False
            del self.asleep[instance.id]
            self.asleep_rate -= 1 / instance.cycle

    def wake(self):
        """Those that waited as a rate wait as themselves: where they are in their cycle of pulling."""
        requests = list(self.waiting)
        for instance in self.asleep.values():
            instance.asleep = False
            into = (self.now - instance.phase) % instance.cycle
            if into < self.protocol.pull_expires:
                requests.append((self.now - into, instance.id, instance.generation))
            self.at(self.now - into + instance.cycle, self.pull, instance, instance.generation)
        self.asleep.clear()
        self.asleep_rate = 0.0
        requests.sort()
        self.waiting = collections.deque(requests)

    # Instances.

    def add_instance(self):
        instance = Instance(len(self.instances), len(self.instances) % self.assumptions.zones)
        self.instances.append(instance)
        self.pull_later(instance, self.now + self.random.random() * self.protocol.pull_delay)
        return instance

    def join(self, count):
        self.ordered -= count
        for _ in range(count):
            self.add_instance()

    def order_instances(self, count, after):
        self.ordered += count
        self.at(self.now + after, self.join, count)

    def last_renewal(self, pair):
        every = self.protocol.renew_every
        return self.taken[pair] + math.floor((self.now - self.taken[pair]) / every) * every

    def crash(self, instance, cause="failure"):
        if not instance.alive:
            return
        instance.alive = False
        self.stop_pulling(instance)
        for pair in list(instance.held):
            self.stop(instance, pair, cause)
            if instance.reachable:
                self.at(self.last_renewal(pair) + self.protocol.ack_wait, self.expire, pair, self.lease[pair])

    def drain(self, instance, cause="drain"):
        """All is given back at once; then the instance ends."""
        instance.alive = False
        self.stop_pulling(instance)
        for pair in list(instance.held):
            self.give_back(instance, pair, cause)

    def give_back(self, instance, pair, cause):
        self.stop(instance, pair, cause)
        self.counts["nak"] += 1
        self.lease[pair] += 1
        self.holder[pair] = -1
        self.arrive(pair, self.again)

    def isolate(self, instance, seconds, cause="isolation", server_back=0.0):
        """No answer comes for so long: it stops each pair by itself; the server gives it to others later."""
        instance.reachable = False
        self.stop_pulling(instance)
        for pair in instance.held:
            renewed = self.last_renewal(pair)
            lease = self.lease[pair]
            self.at(renewed + self.protocol.fence_after, self.fence, instance, pair, lease, cause)
            self.at(max(renewed + self.protocol.ack_wait, server_back), self.expire, pair, lease)
        self.at(self.now + seconds, self.reconnect, instance)

    def fence(self, instance, pair, lease, cause):
        if pair in instance.held and self.lease[pair] == lease:
            self.fenced += 1
            self.stop(instance, pair, cause)

    def reconnect(self, instance):
        if not instance.alive:
            return
        if not self.broker_up:
            self.at(self.broker_back + self.reconnect_time(), self.reconnect, instance)
            return
        instance.reachable = True
        for pair in instance.held:  # renewed at once; nothing that was scheduled for the old lease counts
            self.lease[pair] += 1
            self.taken[pair] = self.now
        self.pull_later(instance, self.now + self.delay(instance))

    def broker_goes(self, seconds):
        """The server is away, with its queue, and comes back with what it had on disk."""
        self.broker_back = self.now + seconds
        for instance in self.instances:
            if instance.alive and instance.reachable:
                self.isolate(instance, seconds + self.reconnect_time(), "broker", self.broker_back)
        self.waiting.clear()

    @property
    def broker_up(self):
        return self.now >= self.broker_back

    def reconnect_time(self):
        return self.random.random() * self.assumptions.reconnect_most

    # What happens each second.

    def tick(self, second):
        alive = [i for i in self.instances if i.alive and i.reachable]
        loads = [len(i.held) for i in alive]
        held = sum(loads)
        if alive:
            self.mean = held / len(alive)
            if self.rebalances and self.broker_up and min(loads) < self.mean:
                self.rebalance(alive, second)
        if self.broker_up and second % self.protocol.sweep_every == 0:
            self.sweep()
        if self.autoscales and second % 10 == 5:
            self.autoscale(alive, held)
        c, n, a = self.counts, len(alive), self.assumptions
        if self.broker_up:
            events = a.events_per_stream_hour * self.wanted / a.groups / 3600
            c["pull"] += self.asleep_rate
            c["renew"] = held / self.protocol.renew_every
            c["heartbeat"], c["heartbeat_delivery"] = n, n * max(0, n - 1)
            c["event"], c["event_delivery"] = events, events * n
        self.timeline.append((second, self.uncovered, len(self.again) + len(self.new), n, held, c))
        self.counts = collections.Counter()
        self.at(second + 1.0, self.tick, second + 1)

    def rebalance(self, alive, second):
        every = self.protocol.rebalance_every
        for instance in alive:
            if instance.id % every == second % every and len(instance.held) > self.mean + self.protocol.rebalance_margin:
                self.at(self.now + self.random.random(), self.give_up_one, instance)

    def give_up_one(self, instance):
        if not (instance.alive and instance.reachable and instance.held and self.broker_up):
            return
        instance.not_before = self.now + self.protocol.rebalance_pause
        self.stop_pulling(instance)
        self.give_back(instance, next(reversed(instance.held)), "rebalance")
        self.pull_later(instance, instance.not_before)

    def sweep(self):
        self.counts["list"] += 1
        lost, self.lost = self.lost, []
        for pair in lost:
            self.publish(pair)

    def lose_item(self, pair):
        """As if it had never been published; for pairs that nobody holds."""
        for queue in (self.again, self.new):
            if pair in queue:
                queue.remove(pair)
                self.lost.append(pair)

    def autoscale(self, alive, held):
        """Orders what is missing for the queue at hand, once."""
        missing = len(self.again) + len(self.new) - (self.capacity * len(alive) - held) - self.ordered * self.capacity
        if self.again or self.new:
            if missing > 0:
                self.order_instances(math.ceil(missing / self.capacity), self.assumptions.replaced_after)

    # Proof.

    def check(self):
        """Each pair is in one place, and whoever runs it holds it. Returns where pairs are."""
        queued = collections.Counter(self.again) + collections.Counter(self.new) + collections.Counter(self.lost)
        held = collections.Counter(p for i in self.instances for p in i.held)
        assert all(n == 1 for n in queued.values()), "a pair is queued twice"
        assert all(n == 1 for n in held.values()), "a pair is held twice"
        assert not queued.keys() & held.keys(), "a pair is held and queued"
        assert all(self.running[p] == held[p] for p in range(self.wanted)), "a pair runs where it is not held"
        assert all(len(i.held) <= self.capacity for i in self.instances), "more is held than there is room for"
        assert self.uncovered == sum(u is not None for u in self.uncovered_since)
        return {"queued": len(queued), "held": len(held), "elsewhere": self.wanted - len(queued) - len(held)}


def load_costs(path):
    with open(path, encoding="utf-8") as file:
        return Costs(json.load(file))


def quantile(values, q):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))] if ordered else 0.0
