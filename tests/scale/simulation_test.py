"""The simulation of the cluster keeps its own rules: nothing is lost, doubled or taken beyond the room there is."""

import dataclasses
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench" / "scale"))
import scenarios  # noqa: E402
from plots import plot  # noqa: E402
from simulate import Assumptions, Cluster, Costs, Protocol  # noqa: E402

PULL_LATEST_S = 2.0  # a cycle of pulling, and the queue before it


def made_costs():
    runs = [{"kind": k, "items": n, "messages": 1000, "server_cpu_s": s}
            for n, s in ((1000, 0.05), (50000, 0.1))
            for k in ("publish", "pull", "renew", "nak", "list", "pull_in_vain")]
    runs += [{"kind": "fan_out", "subscribers": 64, "bytes": b, "messages": 1000, "server_cpu_s": s}
             for b, s in ((240, 0.002), (2240, 0.007))]
    runs += [{"kind": "event", "replicas": r, "readers": n, "messages": 100, "server_cpu_s": s}
             for r in (1, 3) for n, s in ((0, 0.01), (32, 0.05))]
    return Costs({"runs": runs})


def cluster(instances=20, seed=1, **more):
    return Cluster(instances, made_costs(), seed, **more)


class Simulation(unittest.TestCase):
    def test_every_second_of_ten_turbulent_minutes_each_pair_is_in_one_place_and_held_once(self):
        c = cluster(30, seed=7)
        c.autoscales = True
        c.want(1200, held=True)
        for k in range(12):
            c.at(20.0 + 40 * k, lambda: c.crash(c.random.choice(c.instances)))
            c.at(27.3 + 40 * k, lambda: c.drain(alive(c)))
            c.at(33.1 + 40 * k, lambda: c.isolate(alive(c), c.random.uniform(1, 20)))
            c.order_instances(2, 45.0 + 40 * k)
        c.at(240.0, c.broker_goes, 4.0)
        c.at(279.0, c.broker_goes, 10.0)
        for second in range(1, 600):
            c.run(float(second))
            c.check()
        self.assertEqual(0, c.doubles)
        self.assertEqual(0, c.over_capacity)
        self.assertGreater(c.fenced, 0)

    def test_the_same_seed_gives_the_same_hour_and_another_seed_another(self):
        def told(seed):
            scenario = dataclasses.replace(scenarios.SCENARIOS[2], seconds=900)
            result, _ = scenarios.run(scenario, 2000, made_costs(), seed)
            del result["cpu_s"]
            return result
        self.assertEqual(told(3), told(3))
        self.assertNotEqual(told(3), told(4))

    def test_what_a_failed_instance_held_is_covered_again_within_the_servers_patience_a_pull_and_a_start(self):
        c = cluster(20, rebalances=False)
        c.want(600, held=True)
        c.at(10.0, c.crash, c.instances[3])
        c.run(60.0)
        self.assertEqual(0, c.uncovered)
        self.assertEqual(30, len(c.episodes["failure"]))
        a, p = Assumptions(), Protocol()
        self.assertLessEqual(max(c.episodes["failure"]), p.ack_wait + PULL_LATEST_S + a.start_most)
        self.assertGreaterEqual(min(c.episodes["failure"]), p.ack_wait - p.renew_every + a.start_least)

    def test_nothing_is_taken_beyond_capacity_and_the_rest_waits(self):
        c = cluster(10)
        c.want(10 * c.capacity + 25)
        c.run(120.0)
        self.assertEqual({"queued": 25, "held": 10 * c.capacity, "elsewhere": 0}, c.check())
        self.assertEqual(25, c.uncovered)
        self.assertEqual(0, c.over_capacity)

    def test_what_waits_for_room_is_taken_when_instances_join(self):
        c = cluster(10, rebalances=False)
        c.autoscales = True
        c.want(10 * c.capacity + 25)
        c.run(200.0)
        self.assertEqual(0, c.uncovered)
        self.assertEqual(11, len(c.instances))

    def test_an_instance_that_is_cut_off_stops_before_another_takes_over(self):
        c = cluster(10, rebalances=False)
        c.want(300, held=True)
        c.at(10.0, c.isolate, c.instances[0], 30.0)
        c.run(60.0)
        self.assertEqual(30, c.fenced)
        self.assertEqual(0, c.doubles)
        self.assertEqual(0, c.uncovered)

    def test_a_short_cut_costs_nothing(self):
        c = cluster(10, assumptions=Assumptions(reconnect_most=0.0))
        c.want(300, held=True)
        c.at(10.0, c.broker_goes, 2.9)
        c.run(60.0)
        self.assertEqual(0, c.fenced)
        self.assertEqual(0.0, c.uncovered_s)

    def test_a_broker_that_is_away_for_more_than_five_seconds_makes_all_drop_all(self):
        c = cluster(10, assumptions=Assumptions(reconnect_most=0.0))
        c.want(300, held=True)
        c.at(10.0, c.broker_goes, 5.1)
        c.run(90.0)
        self.assertEqual(300, c.fenced)
        self.assertEqual(0, c.doubles)
        self.assertEqual(0, c.uncovered)

    def test_a_lost_item_is_published_again_by_the_sweep(self):
        c = cluster(2)
        c.want(2 * c.capacity + 5)
        c.run(60.0)
        lost = (c.again + c.new)[0]
        c.lose_item(lost)
        c.add_instance()
        c.run(60.0 + Protocol().sweep_every + PULL_LATEST_S + Assumptions().start_most)
        self.assertIsNone(c.uncovered_since[lost])

    def test_pulls_that_are_a_rate_are_as_many_as_those_that_are_events(self):
        quiet = cluster(10)
        quiet.want(300, held=True)
        quiet.run(200.0)
        rate = sum(row[5]["pull"] for row in quiet.timeline[100:200]) / 100
        expected = 10 / (Protocol.pull_expires + Protocol.pull_delay * 30 / quiet.capacity)
        self.assertAlmostEqual(rate, expected, delta=0.02 * expected)


class Plots(unittest.TestCase):
    def test_a_plot_keeps_names_as_text(self):
        drawn = plot("a < b", [("x & y", [(0, 1), (10, 5)])], "s", "pairs", marks=[(3, "limit")])
        self.assertIn("a &lt; b", drawn)
        self.assertIn("x &amp; y", drawn)


def alive(c):
    """One of those that answer."""
    return c.random.choice([i for i in c.instances if i.alive and i.reachable])


if __name__ == "__main__":
    unittest.main()
