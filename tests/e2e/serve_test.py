#!/usr/bin/env python3
"""monolens serve, as its users meet it: over HTTP, with a stream over a socket, and killed at bad moments."""

import base64
import hashlib
import json
import signal
import subprocess
import time
import urllib.request

import harness
import openapi
from faulty_server import FaultyServer
from harness import USAGE, MonolensTest
from receiver import Receiver
from serve import Serve, black_clip, free_udp_port, wait_for


class ServeTest(MonolensTest):
    def serve(self, config="", **more):
        serve = Serve(self.folder, config, **more)
        self.addCleanup(lambda: serve.process.poll() is None and serve.stop(signal.SIGKILL))
        return serve

    def hook(self, answer=200):
        """A receiver, and the configuration of a sink that sends to it."""
        receiver = Receiver(answer)
        receiver.__enter__()
        self.addCleanup(receiver.__exit__, None, None, None)
        return receiver, f'[[sink]]\nname = "hook"\ntype = "webhook"\nurl = "{receiver.url()}"\nsecret = "s3cret"\n'

    def told(self, receiver):
        """The events that a receiver has taken, repeats dropped by their id: a kill may come before its answer."""
        taken = [json.loads(body) for body in receiver.taken]
        events = list({event["id"]: event["data"] for event in taken}.values())
        for event in events:
            broken = harness.violations(harness.LIVE_EVENT_SCHEMA, event)
            self.assertEqual([], broken, f"an event breaks api/live_event.schema.json: {event}")
        return events

    def clip(self):
        path = self.folder / "black.ts"
        if not path.exists():
            path.write_bytes(black_clip().read_bytes())
        return str(path)

    def send(self, port):
        """Sends the clip again and again, in real time."""
        sender = subprocess.Popen(["ffmpeg", "-v", "error", "-re", "-stream_loop", "-1", "-i", str(black_clip()),
                                   "-c", "copy", "-f", "mpegts", f"udp://127.0.0.1:{port}?pkt_size=1316"])
        self.addCleanup(lambda: (sender.kill(), sender.wait()))
        return sender

    def test_a_file_is_watched_to_its_end_and_its_incident_is_told_everywhere(self):
        receiver, config = self.hook()
        serve = self.serve(config)
        monitor = serve.watch(url=self.clip(), name="clip", detectors="black")
        closed = wait_for("the black", lambda: serve.incidents(open="false", kind="video.black"))
        self.assertEqual([i["monitor"] for i in closed], [monitor])
        self.assertIsNotNone(closed[0]["ended_at"])
        wait_for("both events", lambda: len(receiver.taken) == 2)
        self.assertEqual([e["event"] for e in self.told(receiver)], ["open", "close"])
        self.assertEqual({e["incident"]["id"] for e in self.told(receiver)}, {closed[0]["id"]})
        incident = f"/v1/incidents/{closed[0]['id']}"
        status, picture = serve.call("GET", f"{incident}/picture")
        self.assertEqual((status, picture[:2]), (200, b"\xff\xd8"))
        self.assertEqual(serve.call("GET", incident), (200, {**closed[0], "map": None}))
        self.assertIsNotNone(serve.call("POST", f"{incident}/acknowledge")[1]["acknowledged_at"])
        wait_for("the end", lambda: (serve.call("GET", f"/v1/monitors/{monitor}")[1]["status"] or {})
                 .get("state") == "ended")
        self.assertEqual(serve.call("GET", f"/v1/monitors/{monitor}/score")[1]["score"], 100)

    def test_the_moment_of_an_incident_can_be_seen_and_how_the_stream_looks_now(self):
        port = free_udp_port()
        serve = self.serve()
        monitor = serve.watch(url=f"udp://127.0.0.1:{port}", detectors="black")
        self.send(port)
        black = wait_for("the black", lambda: serve.incidents(kind="video.black"))[0]
        wait_for("a picture", lambda: serve.call("GET", f"/v1/monitors/{monitor}/picture")[0] == 200)
        self.assertEqual(serve.call("GET", f"/v1/monitors/{monitor}/picture")[1][:2], b"\xff\xd8")
        sound = serve.call("GET", f"/v1/monitors/{monitor}")[1]["status"]["sound"]
        self.assertAlmostEqual(sound["peak_dbfs"][0], -18.06, delta=1)  # lavfi's sine
        path = f"/v1/incidents/{black['id']}/clip"
        wait_for("the clip", lambda: serve.call("GET", path)[0] == 200)
        clip = self.folder / "clip.mp4"
        clip.write_bytes(serve.call("GET", path)[1])
        probe = json.loads(subprocess.run(["ffprobe", "-v", "error", "-show_entries", "stream=codec_name:format=duration",
                                           "-of", "json", str(clip)], capture_output=True, check=True).stdout)
        self.assertEqual([s["codec_name"] for s in probe["streams"]], ["h264", "aac"])
        self.assertGreater(float(probe["format"]["duration"]), 5)
        seen = subprocess.run(["ffmpeg", "-i", str(clip), "-vf", "blackdetect=d=1", "-f", "null", "-"],
                              capture_output=True, text=True, check=True).stderr
        self.assertIn("black_start", seen)
        self.assertNotIn("error", seen)
        self.assertEqual(serve.call("GET", "/v1/incidents/0123456789abcdef/clip")[0], 404)
        self.assertEqual(serve.call("GET", "/v1/monitors/m0/picture")[0], 404)

    def test_no_monitor_is_taken_on_for_which_there_is_no_room(self):
        serve = self.serve("capacity_cores = 0.6\n")
        live = {"url": f"udp://127.0.0.1:{free_udp_port()}"}
        status, _ = serve.call("POST", "/v1/monitors", live, {"Idempotency-Key": "one"})
        self.assertEqual(status, 201)
        self.assertEqual(serve.call("POST", "/v1/monitors", live)[0], 201)
        status, problem = serve.call("POST", "/v1/monitors", live)
        self.assertEqual(status, 503)
        self.assertIn("0.10 cores are free and 0.25 are needed, so 0.15 are missing", problem["detail"])
        self.assertEqual(serve.call("POST", "/v1/monitors", live, {"Idempotency-Key": "one"})[0], 200)
        self.assertEqual(serve.call("POST", "/v1/monitors", {"url": self.clip()})[0], 201, "a file can wait")
        room = serve.call("GET", "/v1/service")[1]
        self.assertEqual((room["capacity_cores"], room["used_cores"]), (0.6, 0.5))
        self.assertAlmostEqual(room["core_hour"]["usd"], 0.0425 / 0.7)
        self.assertIn(b"monolens_used_cores 0.5", serve.call("GET", "/metrics")[1])

    def test_sinks_hear_nothing_of_what_is_snoozed_or_in_maintenance(self):
        receiver, config = self.hook()
        serve = self.serve(config)
        first = serve.watch(url=self.clip(), name="one", detectors="black")
        wait_for("both events", lambda: len(receiver.taken) == 2)
        told = serve.incidents(monitor=first)[0]
        path = f"/v1/incidents/{told['id']}"
        deliveries = serve.call("GET", f"{path}/deliveries")[1]["deliveries"]
        self.assertEqual([(d["sink"], d["event"]) for d in deliveries], [("hook", "open"), ("hook", "close")])
        for until in ("yesterday", "2020-01-01T00:00:00Z"):
            self.assertEqual(serve.call("POST", f"{path}/snooze", {"until": until})[0], 422)
        self.assertEqual(serve.call("POST", f"{path}/snooze", {"until": "2099-01-01T00:00:00Z"})[1]["snoozed_until"],
                         "2099-01-01T00:00:00.000Z")
        serve.call("PATCH", f"/v1/monitors/{first}", {"priority": 1})  # the file is read anew
        wait_for("the second incident", lambda: len(serve.incidents(monitor=first, open="false")) == 2)
        window = {"from": "2020-01-01T00:00:00Z", "until": "2099-01-01T00:00:00Z"}
        second = serve.watch(url=self.clip(), name="two", detectors="black", maintenance=[window])
        wait_for("the third", lambda: serve.incidents(monitor=second, open="false"))
        self.assertTrue(serve.incidents(monitor=second)[0]["muted"])
        self.assertIsNone(serve.call("POST", f"{path}/snooze", {"until": None})[1]["snoozed_until"])
        serve.call("PATCH", f"/v1/monitors/{first}", {"priority": 2})
        wait_for("what is told again", lambda: len(receiver.taken) == 4)
        self.assertEqual([e["event"] for e in self.told(receiver)], ["open", "close"] * 2)
        self.assertEqual({e["monitor"]["id"] for e in self.told(receiver)}, {first})

    def test_a_score_that_falls_is_told_at_once(self):
        receiver = Receiver(200)
        receiver.__enter__()
        self.addCleanup(receiver.__exit__, None, None, None)
        port = free_udp_port()
        serve = self.serve(f'[[score_hook]]\nname = "switch"\nlevel = 80\ntype = "webhook"\nurl = "{receiver.url()}"\n')
        monitor = serve.watch(url=f"udp://127.0.0.1:{port}", name="Channel 1", detectors="black")
        self.send(port)
        wait_for("the fall", lambda: receiver.taken)
        event = json.loads(receiver.taken[0])
        self.assertEqual(event["type"], "monolens.score.below")
        self.assertEqual(event["data"]["monitor"], {"id": monitor, "name": "Channel 1"})
        self.assertLess(event["data"]["score"], 80)
        wait_for("the recovery", lambda: len(receiver.taken) == 2)
        self.assertEqual(json.loads(receiver.taken[1])["data"]["state"], "recovered")

    def test_an_address_can_be_looked_at_before_it_is_watched(self):
        port = free_udp_port()
        serve = self.serve("[sources]\ndeny_hosts = ['denied.example']\n")
        self.send(port)
        status, probed = serve.call("POST", "/v1/probe", {"url": f"udp://127.0.0.1:{port}"})
        self.assertEqual(status, 200)
        self.assertEqual((probed["input"]["format"], probed["input"]["video"]["width"]), ("mpegts", 320))
        self.assertEqual(base64.b64decode(probed["picture"])[:2], b"\xff\xd8")
        self.assertEqual(serve.call("GET", "/v1/monitors")[1]["monitors"], [])
        for body, expected, words in (({"url": "http://denied.example/a"}, 403, "denied"),
                                      ({"url": "/etc/passwd"}, 403, "names a file"),
                                      ({"url": "gopher://a"}, 422, "'url'"),
                                      ({"url": "udp://127.0.0.1:9", "name": "x"}, 422, "unknown member 'name'"),
                                      ({"url": f"udp://127.0.0.1:{free_udp_port()}", "timeout_s": 0.5}, 422, "'url'"),
                                      ({"url": str(self.folder / "serve.toml")}, 422, "'url'")):
            with self.subTest(body=body):
                status, problem = serve.call("POST", "/v1/probe", body)
                self.assertEqual(status, expected, problem)
                self.assertIn(words, problem["detail"])
        self.assertEqual(len(serve.workers()), 1, "none is left over")

    def test_the_demo_breaks_within_a_minute_and_nothing_else_is_wrong_with_it(self):
        serve = self.serve()
        demo = serve.watch(url="demo:")
        self.assertEqual(serve.call("POST", "/v1/monitors", {"url": "demo:"})[1]["id"], demo, "there is one")
        self.assertEqual(serve.call("GET", f"/v1/monitors/{demo}")[1]["name"], "Demo")
        kinds = ("video.freeze", "video.black", "audio.silence")
        # The first of the second turn: nothing is wrong where the one goes over into the other.
        wait_for("all kinds", lambda: all(serve.incidents(kind=k, open="false") for k in kinds), 60)
        wait_for("the second turn", lambda: len(serve.incidents(kind="video.freeze", open="false")) >= 2, 60)
        others = {i["kind"] for i in serve.incidents()} - {*kinds, "audio.loudness"}
        self.assertEqual(others, set())
        self.assertEqual(serve.call("GET", f"/v1/monitors/{demo}")[1]["status"]["sessions"], 1)

    def test_a_new_name_leaves_the_session_alone(self):
        port = free_udp_port()
        serve = self.serve()
        monitor = f"/v1/monitors/{serve.watch(url=f'udp://127.0.0.1:{port}', detectors='black')}"
        self.send(port)
        wait_for("pictures", lambda: (serve.call("GET", monitor)[1]["status"] or {}).get("video_frames", 0) > 50)
        self.assertEqual(serve.call("PATCH", monitor, {"name": "new", "labels": {"a": "b"}})[1]["name"], "new")
        time.sleep(2)
        status = serve.call("GET", monitor)[1]["status"]
        self.assertEqual(status["sessions"], 1)
        self.assertGreater(status["video_frames"], 50)

    def test_what_can_be_looked_for_is_told_with_its_options(self):
        detectors = {d["name"]: d for d in self.serve().call("GET", "/v1/detectors")[1]["detectors"]}
        self.assertGreater(len(detectors), 20)
        options = {o["name"]: o for o in detectors["freeze"]["options"]}
        self.assertEqual(detectors["freeze"]["kinds"], ["video.freeze"])
        self.assertEqual(options["duration_s"]["unit"], "s")

    def test_a_live_stream_that_stops_is_told_and_forgiven_when_it_comes_back(self):
        port = free_udp_port()
        serve = self.serve()
        serve.watch(url=f"udp://127.0.0.1:{port}", detectors="black", timeout_s=5)
        sender = self.send(port)
        wait_for("the black", lambda: serve.incidents(kind="video.black"))
        sender.kill()
        stopped = time.time()
        wait_for("the stall", lambda: serve.incidents(open="true", kind="transport.stalled"), 10)
        self.assertLess(time.time() - stopped, 6)
        self.send(port)
        wait_for("the end of the stall", lambda: not serve.incidents(open="true", kind="transport.stalled"))

    def test_what_is_told_survives_a_kill_and_goes_on_under_the_same_id(self):
        port = free_udp_port()
        receiver, config = self.hook()
        serve = self.serve(config)
        serve.watch(url=f"udp://127.0.0.1:{port}", detectors="black", timeout_s=3, stalled_after_s=1)
        stall = wait_for("the stall", lambda: serve.incidents(open="true", kind="transport.stalled"))[0]
        serve.stop(signal.SIGKILL)
        serve = self.serve(config)
        again = wait_for("the monitor", lambda: serve.call("GET", "/v1/monitors")[1]["monitors"])
        self.assertEqual(len(again), 1)
        wait_for("the second attempt", lambda: (serve.call("GET", "/v1/monitors")[1]["monitors"][0]["status"] or {})
                 .get("state") == "retrying")
        self.assertEqual([i["id"] for i in serve.incidents(kind="transport.stalled")], [stall["id"]])
        self.send(port)
        wait_for("the end of the stall", lambda: not serve.incidents(open="true", kind="transport.stalled"))
        def told():
            return [e["event"] for e in self.told(receiver)
                    if e["incident"]["id"] == stall["id"] and e["event"] != "update"]
        wait_for("the close", lambda: told()[-1:] == ["close"])
        self.assertEqual(told(), ["open", "close"])

    def test_a_stream_that_crashes_the_analysis_is_put_aside_and_the_others_go_on(self):
        serve = self.serve(env={"MONOLENS_FAULT": "crash:bad"})
        port = free_udp_port()
        good = serve.watch(url=f"udp://127.0.0.1:{port}", name="good", detectors="black")
        self.send(port)
        wait_for("the good one", lambda: serve.incidents(monitor=good, kind="video.black"))
        bad = serve.watch(url=self.clip(), name="bad", detectors="black")
        wait_for("the quarantine", lambda: serve.call("GET", f"/v1/monitors/{bad}")[1]["quarantined"])
        self.assertEqual(len(serve.incidents(monitor=bad, kind="monitor.degraded")), 1)
        wait_for("the good one again", lambda: (serve.call("GET", f"/v1/monitors/{good}")[1]["status"] or {})
                 .get("state") == "running", 15)
        self.assertIsNone(serve.call("GET", f"/v1/monitors/{good}")[1]["quarantined"])

    def test_a_crash_stops_only_the_streams_of_its_own_worker(self):
        port = free_udp_port()
        serve = self.serve("workers = 2\n", env={"MONOLENS_FAULT": "crash:bad"})
        self.assertEqual(len(serve.workers()), 2)
        before = set(serve.workers())
        good = serve.watch(url=f"udp://127.0.0.1:{port}", name="good", detectors="black")
        self.send(port)
        wait_for("the good one", lambda: serve.incidents(monitor=good, kind="video.black"))
        bad = serve.watch(url=self.clip(), name="bad", detectors="black")
        wait_for("the quarantine", lambda: serve.call("GET", f"/v1/monitors/{bad}")[1]["quarantined"])
        wait_for("both workers", lambda: serve.call("GET", "/readyz")[0] == 200)
        self.assertEqual(len(before & set(serve.workers())), 1, "the other was not touched")
        status = serve.call("GET", f"/v1/monitors/{good}")[1]["status"]
        self.assertEqual((status["state"], status["sessions"]), ("running", 1))

    def test_an_analysis_that_never_returns_is_put_aside_and_the_others_go_on(self):
        serve = self.serve(env={"MONOLENS_FAULT": "hang:bad"})
        port = free_udp_port()
        good = serve.watch(url=f"udp://127.0.0.1:{port}", name="good", detectors="black")
        self.send(port)
        bad = serve.watch(url=self.clip(), name="bad", detectors="black")
        wait_for("the quarantine", lambda: serve.call("GET", f"/v1/monitors/{bad}")[1]["quarantined"])
        notes = [i["note"] for i in serve.incidents(monitor=bad, kind="monitor.degraded")]
        self.assertTrue(any("at hand: black" in note for note in notes), notes)
        status = serve.call("GET", f"/v1/monitors/{good}")[1]["status"]
        self.assertEqual((status["state"], status["restarts"]), ("running", 0))
        self.assertEqual(serve.incidents(monitor=good, kind="monitor.degraded"), [])
        self.assertLess(serve.stop(), 5)

    def test_a_sink_that_is_down_costs_nothing_but_delay(self):
        receiver, config = self.hook(503)
        serve = self.serve(config)
        serve.watch(url=self.clip(), detectors="black")
        wait_for("the black", lambda: serve.incidents(open="false", kind="video.black"))
        self.assertIn(b'monolens_sink_waiting_events{sink="hook"} 2', serve.call("GET", "/metrics")[1])
        receiver.answers = [200]
        wait_for("both events", lambda: len(receiver.taken) == 2)
        self.assertEqual([e["event"] for e in self.told(receiver)], ["open", "close"])

    def test_a_sink_that_refuses_the_login_loses_nothing_and_says_so(self):
        receiver, config = self.hook(401)
        serve = self.serve(config)
        serve.watch(url=self.clip(), detectors="black")
        wait_for("the black", lambda: serve.incidents(open="false", kind="video.black"))
        def sink():
            return serve.call("GET", "/v1/sinks")[1]["sinks"][0]
        wait_for("the refusal", lambda: sink()["state"] == "refused")
        self.assertRegex(sink()["trouble"], "answered 401")
        self.assertEqual((sink()["waiting"], sink()["dropped"]), (2, 0))
        self.assertIn(b'monolens_sink_refused{sink="hook"} 1', serve.call("GET", "/metrics")[1])
        receiver.answers = [200]
        wait_for("both events", lambda: len(receiver.taken) == 2)
        self.assertEqual([e["event"] for e in self.told(receiver)], ["open", "close"])
        wait_for("the end of it", lambda: (sink()["state"], sink()["trouble"]) == ("delivering", None))

    def test_events_are_streamed_and_resumed(self):
        serve = self.serve()
        serve.watch(url=self.clip(), detectors="black")
        wait_for("the black", lambda: serve.incidents(open="false", kind="video.black"))
        request = urllib.request.Request(serve.url + "/v1/events", headers={"Last-Event-ID": "1"})
        with urllib.request.urlopen(request, timeout=10) as stream:
            lines = [stream.readline().decode().strip() for _ in range(3)]
        self.assertEqual(lines[:2], ["id: 2", "event: close"])
        self.assertEqual(json.loads(lines[2].removeprefix("data: "))["incident"]["kind"], "video.black")

    def test_measurements_of_each_second_are_kept(self):
        port = free_udp_port()
        serve = self.serve()
        monitor = serve.watch(url=f"udp://127.0.0.1:{port}", detectors="black,silence,blur")
        self.send(port)
        def columns():
            status, answer = serve.call("GET", f"/v1/monitors/{monitor}/measurements?step=1")
            self.assertEqual(status, 200, answer)
            return answer if len(answer["at"]) >= 8 else None
        answer = wait_for("eight seconds", columns)
        self.assertEqual(answer["step_s"], 1)
        self.assertEqual(sorted(set(answer["at"])), answer["at"])
        quantities = answer["quantities"]
        self.assertLess(min(quantities["luma_mean"]["mean"]), 20)
        self.assertGreater(max(quantities["luma_mean"]["mean"]), 60)
        self.assertAlmostEqual(sorted(quantities["pictures_per_s"]["mean"])[4], 25, delta=1)
        for name in ("peak_dbfs", "bitrate_bps", "cpu_s", "lag_s", "edge_slope"):
            self.assertIn(name, quantities)
        self.assertEqual(serve.call("GET", f"/v1/monitors/{monitor}/measurements?step=7")[0], 422)
        self.assertEqual(serve.call("GET", "/v1/monitors/none/measurements")[0], 404)

    def test_creation_is_idempotent_by_key(self):
        serve = self.serve()
        spec = {"url": "udp://127.0.0.1:9"}
        first = serve.call("POST", "/v1/monitors", spec, {"Idempotency-Key": "a"})
        second = serve.call("POST", "/v1/monitors", spec, {"Idempotency-Key": "a"})
        self.assertEqual((first[0], second[0]), (201, 200))
        self.assertEqual(first[1]["id"], second[1]["id"])
        self.assertEqual(len(serve.call("GET", "/v1/monitors")[1]["monitors"]), 1)

    def test_a_monitor_is_changed_paused_and_removed(self):
        serve = self.serve()
        monitor = serve.watch(url="udp://user:pw@127.0.0.1:9", stalled_after_s=0.5, timeout_s=1)
        shown = serve.call("GET", f"/v1/monitors/{monitor}")[1]
        self.assertNotIn("pw", json.dumps(shown))
        wait_for("the stall", lambda: serve.incidents(open="true", kind="transport.stalled"))
        status, changed = serve.call("PATCH", f"/v1/monitors/{monitor}", {"paused": True, "priority": 5})
        self.assertEqual((status, changed["paused"], changed["priority"]), (200, True, 5))
        self.assertEqual(serve.incidents(open="true"), [])
        self.assertEqual(serve.call("DELETE", f"/v1/monitors/{monitor}")[0], 204)
        self.assertEqual(serve.call("GET", f"/v1/monitors/{monitor}")[0], 404)

    def test_bad_requests_are_problems_that_say_what_is_wrong(self):
        serve = self.serve()
        for spec, status, detail in [
            ({"url": "/etc/passwd"}, 403, "folders"),
            ({"url": "concat:a|b"}, 422, "url"),
            ({}, 422, "'url' is missing"),
            ({"url": "udp://127.0.0.1:9", "detektors": "all"}, 422, "did you mean 'detectors'"),
            ({"url": "udp://127.0.0.1:9", "options": {"freeze.duration_s": -1}}, 422, "duration_s"),
            ({"url": "udp://127.0.0.1:9", "priority": 1000}, 422, "priority"),
        ]:
            with self.subTest(spec=spec):
                got, problem = serve.call("POST", "/v1/monitors", spec)
                self.assertEqual(got, status)
                self.assertIn(detail, problem["detail"])
        self.assertEqual(serve.call("GET", "/v1/incidents?limit=0")[0], 422)
        self.assertEqual(serve.call("GET", "/v1/nothing")[0], 404)
        self.assertEqual(serve.call("PUT", "/v1/monitors")[0], 405)

    def test_tokens_are_asked_for_and_read_ones_may_not_write(self):
        def entry(token, role):
            return f'[[token]]\nrole = "{role}"\nhash = "sha256:{hashlib.sha256(token.encode()).hexdigest()}"\n'
        serve = self.serve(entry("r" * 24, "read") + entry("w" * 24, "write"))
        reader = {"Authorization": "Bearer " + "r" * 24}
        writer = {"Authorization": "Bearer " + "w" * 24}
        self.assertEqual(serve.call("GET", "/v1/monitors")[0], 401)
        self.assertEqual(serve.call("GET", "/v1/monitors", headers=reader)[0], 200)
        self.assertEqual(serve.call("POST", "/v1/monitors", {"url": "udp://127.0.0.1:9"}, reader)[0], 403)
        self.assertEqual(serve.call("POST", "/v1/monitors", {"url": "udp://127.0.0.1:9"}, writer)[0], 201)
        self.assertEqual(serve.call("GET", "/healthz")[0], 200)

    def test_it_gives_its_description_out(self):
        self.assertEqual(self.serve().call("GET", "/v1/openapi.yaml"),
                         (200, (harness.ROOT / "api" / "openapi.yaml").read_bytes()))

    def test_what_is_not_there_is_a_problem_on_every_route(self):
        serve = self.serve()
        for method, template, operation in openapi.operations():
            if "404" in operation["responses"]:
                with self.subTest(f"{method} {template}"):
                    body = {} if "requestBody" in operation else None
                    self.assertEqual(serve.call(method, template.replace("{id}", "nothing"), body)[0], 404)

    def test_a_stream_may_not_come_from_a_denied_address(self):
        hls = "application/vnd.apple.mpegurl"
        secret = "http://169.254.169.254/latest/meta-data/"
        serve = self.serve()
        for url in (secret, "http://[fe80::1]/", "http://0xa9fea9fe/", "srt://169.254.1.1:9000"):
            with self.subTest(url=url):
                status, problem = serve.call("POST", "/v1/monitors", {"url": url})
                self.assertEqual(status, 403)
                self.assertIn("is not allowed", problem["detail"])
        allowed = serve.watch(url="udp://127.0.0.1:9", paused=True)
        self.assertEqual(serve.call("PATCH", f"/v1/monitors/{allowed}", {"url": secret})[0], 403)
        with FaultyServer() as server:
            server.redirect("/moved.ts", secret)
            server.serve("/list.m3u8", f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{secret}a.ts\n".encode(), hls)
            server.serve("/nested.m3u8", f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{secret}\n".encode(), hls)
            for path in ("/moved.ts", "/list.m3u8", "/nested.m3u8"):
                with self.subTest(path=path):
                    monitor = serve.watch(url=server.url(path))
                    trouble = wait_for("the refusal", lambda: (
                        serve.call("GET", f"/v1/monitors/{monitor}")[1]["status"] or {}).get("trouble"))
                    self.assertIn("the address 169.254.169.254 is not allowed", trouble)

    def test_what_is_allowed_can_be_configured(self):
        serve = self.serve('[sources]\nallow_schemes = ["udp", "https"]\ndeny_hosts = ["*.internal"]\n'
                           'deny_addresses = ["127.0.0.0/8"]\n')
        for url, status in [("http://example.com/", 403), ("https://db.internal/", 403), ("udp://127.0.0.1:9", 403),
                            ("udp://239.0.0.1:9", 201), ("https://169.254.169.254/", 201)]:
            with self.subTest(url=url):
                self.assertEqual(serve.call("POST", "/v1/monitors", {"url": url, "paused": True})[0], status)

    def test_the_data_folder_is_its_users_alone(self):
        self.serve()
        self.assertEqual((self.folder / "data").stat().st_mode & 0o777, 0o700)

    def test_on_loopback_it_answers_nobody_who_means_another_site(self):
        serve = self.serve('hosts = ["monitor.example.com"]\n')
        port = serve.url.rpartition(":")[2]
        for host, status in [("localhost:" + port, 200), ("[::1]:" + port, 200), ("monitor.example.com", 200),
                             ("evil.example:" + port, 421), ("localhost.evil.example", 421), ("127.0.0.1.nip.io", 421)]:
            with self.subTest(host=host):
                self.assertEqual(serve.call("GET", "/v1/monitors", headers={"Host": host})[0], status)
                self.assertEqual(serve.call("GET", "/healthz", headers={"Host": host})[0], status)

    def test_it_stops_within_five_seconds(self):
        serve = self.serve()
        for port in range(5):
            serve.watch(url=f"udp://127.0.0.1:{free_udp_port()}", name=str(port))
        self.assertLess(serve.stop(), 5)

    def test_it_does_not_listen_beyond_loopback_without_a_token(self):
        run = self.run_monolens("serve", "--listen", "0.0.0.0:0", "--data", self.folder, timeout=20)
        self.assert_exit(run, USAGE)
        self.assertIn("token", run.stderr)

    def test_a_wrong_configuration_is_told_with_its_place(self):
        for text, message in [("lisen = 1\n", "wrong.toml:1:9: unknown key 'lisen', did you mean 'listen'?"),
                              ('[[sink]]\ntype = "webhook"\n', "a sink needs a name"),
                              ('[[sink]]\nname = "a"\ntype = "webhok"\n', "sink 'a'"),
                              ('[[token]]\nrole = "admin"\n', "role must be"),
                              ("listen = \n", "wrong.toml:1:")]:
            with self.subTest(text=text):
                path = self.written("wrong.toml", text)
                run = self.run_monolens("serve", "--config", path, "--data", self.folder, timeout=20)
                self.assert_exit(run, USAGE)
                self.assertIn(message, run.stderr)


if __name__ == "__main__":
    harness.main()
