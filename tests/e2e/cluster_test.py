"""Instances of a cluster share work through a real nats-server: what one has goes on elsewhere when it dies, drains,
or is cut off, and each answers for all."""

import signal
import socket
import subprocess
import time
import unittest

import cluster
from harness import binary, main
from serve import Serve, free_port, wait_for

BLACK = {"detectors": "black", "options": {"black.duration_s": 0.5}, "timeout_s": 3}
TWO_GROUPS = '[cluster.groups]\npicture = "all,-silence,-loudness"\nsound = "silence,loudness"\n'


@unittest.skipIf(cluster.NATS is None, "nats-server is not installed")
class ClusterTest(unittest.TestCase):
    def start(self, count, groups="", **more):
        self.made = set()
        context = cluster.running(groups)
        self.cluster = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return [self.cluster.add(**more) for _ in range(count)]

    def watch(self, instance, name, **spec):
        monitor = instance.serve.watch(url=self.cluster.streams.url(name), name=name, **{**BLACK, **spec})
        self.made.add(monitor)
        return monitor

    def covered(self, deadline_s=20):
        wait_for("each pair to be watched once", lambda: self.made <= {m for m, _ in self.cluster.holders()}
                 and self.cluster.is_covered(), deadline_s)
        return self.cluster.holders()

    def test_work_is_shared_and_goes_on_when_one_dies(self):
        a, b = self.start(2)
        ids = [self.watch(a, f"s{k}") for k in range(4)]
        held = self.covered()
        self.assertEqual({pair for pair in held}, {(i, "all") for i in ids})
        victim = next(i for i in (a, b) if i.runs())
        other = b if victim is a else a
        victim.stop(signal.SIGKILL)
        began = time.monotonic()
        wait_for("the other to have all", lambda: len(other.runs()) == 4, 15)
        self.assertLess(time.monotonic() - began, 10)
        victim.start()
        self.covered()

    def test_a_drained_one_gives_all_away_at_once_and_takes_nothing(self):
        a, b = self.start(2)
        for k in range(3):
            self.watch(a, f"s{k}")
        self.covered()
        self.assertEqual(a.serve.call("POST", "/v1/cluster/drain", {"instance": b.id})[0], 202)
        began = time.monotonic()
        wait_for("the other to have all", lambda: len(a.runs()) == 3, 10)
        self.assertLess(time.monotonic() - began, 4)
        states = {i["id"]: i["state"] for i in wait_for("it to be told", lambda: a.view())["instances"]}
        self.assertEqual(states[a.id], "live")
        time.sleep(2)
        self.assertEqual(b.runs(), set())
        self.assertEqual(a.serve.call("POST", "/v1/cluster/drain", {"instance": b.id, "drain": False})[0], 202)
        a.stop()
        wait_for("it to take again", lambda: len(b.runs()) == 3, 10)

    def test_one_that_is_cut_off_lets_go_before_another_takes_over(self):
        a, b = self.start(2)
        self.watch(a, "s")
        self.covered()
        holder = next(i for i in (a, b) if i.runs())
        other = b if holder is a else a
        holder.line.is_cut = True
        began = time.monotonic()
        while not other.runs():
            self.assertLess(time.monotonic() - began, 12)
            time.sleep(0.05)
        self.assertEqual(holder.runs(), set())
        self.assertFalse(holder.view()["connected"] and holder.runs())
        holder.line.is_cut = False
        time.sleep(3)
        self.covered()

    def test_an_open_incident_goes_on_elsewhere_under_its_id_and_every_instance_knows_it(self):
        a, b = self.start(2)
        self.watch(a, "s", detectors="silence,black", options={"silence.duration_s": 0.3, "silence.floor_dbfs": -10,
                                                                "black.duration_s": 100})
        self.covered()
        holder = next(i for i in (a, b) if i.runs())
        other = b if holder is a else a
        incident = wait_for("it to open", lambda: holder.serve.incidents(kind="audio.silence", open="true"))[0]
        wait_for("the other to know", lambda: other.serve.incidents(kind="audio.silence", open="true"))
        holder.stop(signal.SIGKILL)
        wait_for("it to go on", lambda: other.runs(), 15)
        time.sleep(6)
        self.assertEqual([i["id"] for i in other.serve.incidents(kind="audio.silence")], [incident["id"]])

    def test_any_instance_answers_for_a_stream_that_another_watches(self):
        a, b = self.start(2)
        monitor = self.watch(a, "s")
        self.covered()
        holder = next(i for i in (a, b) if i.runs())
        other = b if holder is a else a
        status = wait_for("its status", lambda: other.serve.call("GET", f"/v1/monitors/{monitor}")[1]["status"])
        self.assertIn(status["state"], ("connecting", "running"))
        wait_for("its picture", lambda: other.serve.call("GET", f"/v1/monitors/{monitor}/picture")[0] == 200)
        incident = wait_for("an incident that ended", lambda: other.serve.incidents(open="false"))[0]
        self.assertEqual(other.serve.call("GET", f"/v1/incidents/{incident['id']}/picture")[0], 200)
        wait_for("its clip", lambda: other.serve.call("GET", f"/v1/incidents/{incident['id']}/clip")[0] == 200)
        wait_for("measurements", lambda: other.serve.call(
            "GET", f"/v1/monitors/{monitor}/measurements?step=1")[1]["at"])
        done = other.serve.call("POST", f"/v1/incidents/{incident['id']}/acknowledge")[1]
        wait_for("the holder to know", lambda: holder.serve.call(
            "GET", f"/v1/incidents/{incident['id']}")[1]["acknowledged_at"] == done["acknowledged_at"])
        self.assertEqual(other.serve.call("PATCH", f"/v1/monitors/{monitor}", {"paused": True})[0], 200)
        wait_for("it to be paused", lambda: holder.serve.call("GET", f"/v1/monitors/{monitor}")[1]["status"] is None)
        self.assertEqual(other.serve.call("DELETE", f"/v1/monitors/{monitor}")[0], 204)
        wait_for("it to be gone", lambda: holder.serve.call("GET", f"/v1/monitors/{monitor}")[0] == 404)
        wait_for("its work to be done", lambda: not holder.view()["pairs"] and not holder.runs())

    def test_detector_groups_are_watched_by_those_that_serve_them(self):
        self.start(0, TWO_GROUPS)
        picture = self.cluster.add('["picture"]')
        refused = picture.serve.call("POST", "/v1/monitors",
                                     {"url": self.cluster.streams.url("s"), "detectors": "black,silence"})
        self.assertEqual(refused[0], 503)
        self.assertIn("no live instance serves the group 'sound'", refused[1]["detail"])
        sound = self.cluster.add('["sound"]')
        wait_for("each to hear of the other", lambda: len(picture.view()["instances"]) == 2)
        monitor = self.watch(picture, "s", detectors="black,silence",
                             options={"black.duration_s": 0.5, "silence.duration_s": 0.5})
        self.covered()
        self.assertEqual(picture.runs(), {(monitor, "picture")})
        self.assertEqual(sound.runs(), {(monitor, "sound")})
        for kind in ("video.black", "audio.silence"):
            for i in (picture, sound):
                wait_for(kind, lambda: i.serve.incidents(kind=kind, open="false"))
        sound.stop()
        uncovered = wait_for("the gap to be seen", lambda: picture.view()["coverage"]["uncovered"], 10)
        self.assertEqual(uncovered, 1)
        metrics = picture.serve.call("GET", "/metrics")[1].decode()
        self.assertIn(f'monolens_cluster_pair_uncovered{{monitor="{monitor}",group="sound"}} 1', metrics)

    def test_one_key_makes_one_monitor_whichever_instance_is_asked(self):
        a, b = self.start(2)
        spec = {"url": self.cluster.streams.url("s"), **BLACK}
        made = [i.serve.call("POST", "/v1/monitors", spec, {"Idempotency-Key": "k"})[1]["id"] for i in (a, b, a)]
        self.assertEqual(len(set(made)), 1)

    def test_the_broker_may_restart(self):
        a, b = self.start(2)
        for k in range(3):
            self.watch(a, f"s{k}")
        self.covered()
        self.cluster.broker.kill()
        time.sleep(1)
        self.cluster.broker.start()
        time.sleep(3)
        self.covered(30)

    def test_three_brokers_lose_one_and_nothing_else(self):
        self.start(0, "replicas = 3\n")
        routes = [free_port(socket.SOCK_STREAM) for _ in range(3)]
        brokers = [cluster.Broker(self.cluster.folder, f"n{k}", routes[k:] + routes[:k]) for k in range(3)]
        for broker in brokers:
            self.addCleanup(broker.kill)
        url = ",".join(f"nats://127.0.0.1:{broker.port}" for broker in brokers)
        time.sleep(4)  # for the three to agree on a leader
        a, b = (self.cluster.add(url=url) for _ in range(2))
        for k in range(3):
            self.watch(a, f"s{k}")
        before = self.covered()
        brokers[0].kill()
        for _ in range(20):
            self.assertTrue(all(len(h) < 2 for h in self.cluster.holders().values()))
            time.sleep(0.5)
        self.covered(30)
        self.watch(b, "s3")
        self.assertEqual(len(self.covered(30)), len(before) + 1)

    def test_one_that_worked_alone_brings_its_monitors_along(self):
        a, = self.start(1)
        folder = self.cluster.folder / "i1"
        folder.mkdir()
        alone = Serve(folder)
        monitor = alone.watch(url=self.cluster.streams.url("s"), name="s", **BLACK)
        alone.stop()
        folder.rename(self.cluster.folder / "kept")
        b = self.cluster.add(data=self.cluster.folder / "kept" / "data")
        wait_for("the other to know", lambda: a.serve.call("GET", f"/v1/monitors/{monitor}")[0] == 200)
        self.covered(30)

    def test_what_may_not_be_watched_from_one_is_watched_from_another(self):
        deny = '[sources]\ndeny_addresses = ["127.0.0.0/8"]\n'
        a, = self.start(1, config=deny)
        b = self.cluster.add()
        wait_for("each to hear of the other", lambda: len(b.view()["instances"]) == 2)
        for k in range(3):
            self.watch(b, f"s{k}")
        wait_for("the other to have all", lambda: len(b.runs()) == 3, 20)
        self.assertEqual(a.runs(), set())

    def test_another_version_and_other_groups_are_refused_with_one_line(self):
        a, = self.start(1)
        other = self.cluster.folder / "other"
        other.mkdir()
        for config, cause in ((TWO_GROUPS, "the cluster's groups are others: all = "),
                              ('serves = ["x"]\n', "there is no group 'x'")):
            (other / "serve.toml").write_text(
                f'[cluster]\nurl = "nats://127.0.0.1:{self.cluster.broker.port}"\n{config}')
            refused = subprocess.run([binary(), "serve", "--listen", "127.0.0.1:0", "--data", other / "data",
                                      "--config", other / "serve.toml"], capture_output=True, text=True, timeout=20)
            self.assertEqual(refused.returncode, 2)
            self.assertEqual(len(refused.stderr.splitlines()), 1, refused.stderr)
            self.assertIn(cause, refused.stderr)


if __name__ == "__main__":
    main()
