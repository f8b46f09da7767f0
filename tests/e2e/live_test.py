#!/usr/bin/env python3
"""Live streams over real sockets, as monolens serve watches them: HLS from nginx, UDP, SRT, RTMP and RTP from ffmpeg.

All streams run side by side in one service. They are left alone for a while, in which nothing may be told; then a
fault is put into each, and taken away again.
"""

import json
import random
import signal
import socket
import subprocess
import threading
import time
import unittest
from datetime import datetime
from pathlib import Path
import tempfile

import harness
import media
from harness import INCIDENTS, NOTHING, MonolensTest
from hls_origin import SEGMENT_S, Nginx, Publisher, segments
from serve import Serve, free_port, free_udp_port, wait_for

QUIET_S = 12    # in which nothing may be told
FAULTY_S = 36   # in which everything has to be told
STILL_S = 15    # of the playlist that stops growing: longer than the deadline, after which it is opened anew
TRACKS = 2
DETECTORS = "gap,missing,decode_error,freeze,black,silence"
SECRET = "hush"
GAP, STALLED = "transport.gap", "transport.stalled"


def clip(size="320x180"):
    """90 s of motion with sound."""
    return media.stored("live.ts", size, lambda path: media.ffmpeg(
        "-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25:duration=90",
        "-f", "lavfi", "-i", "sine=frequency=440:duration=90",
        "-c:v", "libx264", "-g", "25", "-preset", "ultrafast", "-c:a", "aac", "-shortest", path))


# Of ffmpeg's muxer, for a stream that has nothing in common with its usual one.
OTHER_PROGRAM = ("-mpegts_service_id", "7", "-mpegts_pmt_start_pid", "0x200", "-mpegts_start_pid", "0x300")


class Sender:
    """ffmpeg, which sends a clip in real time, and again when whoever listened has gone."""

    def __init__(self, path, *output):
        self.command = ["ffmpeg", "-v", "quiet", "-nostdin", "-re", "-i", str(path), "-c", "copy", *output]
        self.process, self.on = None, True
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.ended.wait(0.1):
            if self.process is not None and self.process.poll() is None:
                if not self.on:
                    self.process.kill()
            elif self.on:
                self.process = subprocess.Popen(self.command)
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def switch(self, on):
        self.on = on

    def freeze(self, still):
        self.process.send_signal(signal.SIGSTOP if still else signal.SIGCONT)

    def stop(self):
        self.ended.set()
        self.thread.join()


class LossyRelay:
    """Hands UDP on, and loses a part of it while told to."""

    def __init__(self, to):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.2)
        self.port, self.to, self.loss = self.socket.getsockname()[1], to, 0.0
        self.chance, self.ended = random.Random(4), threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.ended.is_set():
            try:
                data = self.socket.recv(65536)
            except socket.timeout:
                continue
            if self.chance.random() >= self.loss:
                self.socket.sendto(data, ("127.0.0.1", self.to))

    def stop(self):
        self.ended.set()
        self.thread.join()
        self.socket.close()


def when(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class LiveTest(MonolensTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory(prefix="monolens-live-")
        cls.addClassCleanup(folder.cleanup)
        cls.begin(Path(folder.name))
        time.sleep(QUIET_S)
        cls.faulty_at = time.time()
        cls.put_faults_in()
        cls.incidents, cls.status, cls.measured = cls.collect()

    @classmethod
    def kept(cls, thing):
        cls.addClassCleanup(thing.stop)
        return thing

    @classmethod
    def begin(cls, folder):
        origin = cls.kept(Nginx(folder, slow_rate=45_000))
        stock = segments(clip(), folder / "stock")
        smaller = segments(clip("256x144"), folder / "smaller")
        publish = lambda name, of=stock: cls.kept(Publisher(origin.root / name, of))
        cls.hls = {name: publish(name) for name in
                   ("missing", "half", "late", "stale", "ahead", "back", "gone")}
        cls.hls["resized"] = publish("resized", stock[:12] + smaller[12:])
        (origin.root / "plain").mkdir()
        cls.kept(Sender(clip(), "-f", "hls", "-hls_time", str(SEGMENT_S), "-hls_list_size", "5", "-hls_flags",
                        "delete_segments", str(origin.root / "plain" / "live.m3u8")))
        urls = {f"hls {name}": publisher.url(origin) for name, publisher in cls.hls.items()}
        for name in ("missing", "stale", "gone"):
            urls[f"hls {name}"] = urls[f"hls {name}"].replace("//", f"//user:{SECRET}@") + f"?token={SECRET}"
        urls["hls plain"] = origin.url("plain/live.m3u8")

        ports = {name: free_udp_port() for name in ("lossy", "udp", "program", "srt", "srt still", "rtp")}
        ports |= {name: free_port(socket.SOCK_STREAM) for name in ("rtmp", "rtmp still")}
        udp = lambda port: f"udp://127.0.0.1:{port}?pkt_size=1316"
        srt = lambda port: f"srt://127.0.0.1:{port}?mode=listener"
        rtmp = lambda port: f"rtmp://127.0.0.1:{port}/live/a"
        cls.relay = cls.kept(LossyRelay(ports["lossy"]))
        cls.ports = ports
        cls.senders = {
            "lossy": Sender(clip(), "-f", "mpegts", udp(cls.relay.port)),
            "udp": Sender(clip(), "-f", "mpegts", udp(ports["udp"])),
            "program": Sender(clip(), "-f", "mpegts", udp(ports["program"])),
            "rtp": Sender(clip(), "-f", "rtp_mpegts", f"rtp://127.0.0.1:{ports['rtp']}"),
            **{name: Sender(clip(), "-f", "mpegts", srt(ports[name])) for name in ("srt", "srt still")},
            **{name: Sender(clip(), "-bsf:a", "aac_adtstoasc", "-f", "flv", "-listen", "1", rtmp(ports[name]))
               for name in ("rtmp", "rtmp still")}}
        for sender in cls.senders.values():
            cls.kept(sender)
        urls |= {name: f"udp://127.0.0.1:{ports[name]}" for name in ("lossy", "udp", "program")}
        urls |= {name: f"srt://127.0.0.1:{ports[name]}" for name in ("srt", "srt still")}
        urls |= {name: rtmp(ports[name]) for name in ("rtmp", "rtmp still")}
        urls["rtp"] = f"rtp://127.0.0.1:{ports['rtp']}"

        wait_for("the first playlists", lambda: (origin.root / "plain" / "live.m3u8").exists())
        cls.serve = Serve(folder)
        cls.addClassCleanup(lambda: cls.serve.process.poll() is None and cls.serve.stop(signal.SIGKILL))
        cls.monitors = {name: cls.serve.watch(url=url, name=name, detectors=DETECTORS) for name, url in urls.items()}
        wait_for("all streams", lambda: {s.get("state") for s in cls.states().values()} == {"running"}, 30)

    @classmethod
    def get(cls, path):
        """The answer; who asks too often is told to wait, and does."""
        status, answer = wait_for("room for a request", lambda: cls.serve.unless_limited("GET", path))
        assert status == 200, answer
        return answer

    @classmethod
    def states(cls):
        return {m["name"]: m["status"] or {} for m in cls.get("/v1/monitors")["monitors"]}

    @classmethod
    def put_faults_in(cls):
        cls.hls["missing"].missing = 1
        cls.hls["half"].half = 1
        cls.hls["late"].slow = 4
        cls.hls["ahead"].jump = 1000
        cls.hls["back"].jump = -1000
        cls.hls["stale"].still = cls.hls["gone"].gone = True
        cls.relay.loss = 0.05
        other = cls.senders["program"]
        other.switch(False)
        time.sleep(0.2)
        cls.kept(Sender(clip(), *OTHER_PROGRAM, "-f", "mpegts", f"udp://127.0.0.1:{cls.ports['program']}?pkt_size=1316"))
        for name in ("srt", "rtmp"):
            cls.senders[name].switch(False)
        for name in ("srt still", "rtmp still"):
            cls.senders[name].freeze(True)
        time.sleep(4)
        cls.relay.loss = 0
        time.sleep(2)
        for name in ("srt", "rtmp"):
            cls.senders[name].switch(True)
        for name in ("srt still", "rtmp still"):
            cls.senders[name].freeze(False)
        cls.hls["gone"].gone = False
        time.sleep(STILL_S - 6)
        cls.still_until = time.time()
        cls.hls["stale"].still = False
        time.sleep(FAULTY_S - STILL_S)

    @classmethod
    def collect(cls):
        incidents = {name: cls.get(f"/v1/incidents?monitor={i}")["incidents"][::-1] for name, i in cls.monitors.items()}
        status = cls.states()
        measured = {name: cls.get(f"/v1/monitors/{cls.monitors[name]}/measurements?step=1")["quantities"]
                    for name in ("hls late", "hls plain")}
        for name, found in incidents.items():
            print(f"{name}: {status[name]['state']}, {status[name]['sessions']} sessions")
            for i in found:
                ended = f"{when(i['ended_at']) - cls.faulty_at:.1f}" if i["ended_at"] else "open"
                values = {k: v for k, v in i["measures"].items() if v}
                print(f"  {i['kind']} {when(i['started_at']) - cls.faulty_at:.1f} to {ended} s: {i['note']} {values}")
        # What a machine too slow for all of them (or a sanitizer) makes the service say of itself is no stream's fault.
        told = {name: [i for i in found if i["kind"] != "monitor.degraded"] for name, found in incidents.items()}
        return told, status, measured

    def one(self, name, kind):
        """The only incident of that kind, which began after the fault and is over."""
        found = [i for i in self.incidents[name] if i["kind"] == kind]
        self.assertEqual(1, len(found), found)
        self.assertIsNotNone(found[0]["ended_at"])
        return found[0]

    def nothing_but(self, name, *kinds):
        self.assertEqual([], [i for i in self.incidents[name] if i["kind"] not in kinds])

    def test_nothing_is_told_of_streams_without_a_fault(self):
        for name, found in self.incidents.items():
            with self.subTest(name):
                self.assertEqual([], [i for i in found if when(i["started_at"]) < self.faulty_at - 2 * SEGMENT_S])
        for name in ("hls plain", "hls resized", "udp", "rtp"):
            with self.subTest(name):
                self.assertEqual([], self.incidents[name])
                self.assertEqual(1, self.status[name]["sessions"])

    def test_all_streams_are_watched_in_the_end(self):
        self.assertEqual({}, {name: s["state"] for name, s in self.status.items() if s["state"] != "running"})

    def test_a_segment_that_is_missing_is_told_by_its_name(self):
        gap = self.one("hls missing", GAP)
        name = self.hls["missing"].names[0]
        self.assertEqual(gap["note"], f"segment {name}: Server returned 404 Not Found")
        self.assertEqual(gap["measures"]["missing_segments"], 1)
        self.assertAlmostEqual(gap["measures"]["missing_s"], TRACKS * SEGMENT_S, delta=0.2)

    def test_half_a_segment_is_a_gap(self):
        gap = self.one("hls half", GAP)
        self.assertGreater(gap["measures"]["missing_s"], TRACKS * 0.2)
        self.assertLess(gap["measures"]["missing_s"], TRACKS * SEGMENT_S * 0.8)

    def test_segments_that_take_longer_to_fetch_than_to_play_are_told_and_measured(self):
        gap = self.one("hls late", GAP)
        self.assertGreaterEqual(gap["measures"]["slow_segments"], 1)
        self.assertRegex(gap["note"], r"^segment s\d+\.ts takes \d\.\d s to fetch and 2\.0 s to play$")
        shares = [v for v in self.measured["hls late"]["segment_fetch_share"]["greatest"] if v is not None]
        self.assertGreater(max(shares), 1)
        plain = [v for v in self.measured["hls plain"]["segment_fetch_share"]["greatest"] if v is not None]
        self.assertLess(max(plain), 0.5)

    def test_a_playlist_that_stops_growing_is_one_stall_until_it_grows(self):
        stall = self.one("hls stale", STALLED)
        self.assertRegex(stall["note"], r"^the playlist live\.m3u8 has not changed for \d+\.\d s; its target duration is 2 s$")
        self.assertLess(when(stall["started_at"]), self.faulty_at + 3)
        self.assertGreater(when(stall["ended_at"]), self.still_until)
        self.assertLess(when(stall["ended_at"]), self.still_until + 12)
        self.nothing_but("hls stale", STALLED)

    def test_a_media_sequence_that_jumps_ahead_is_told(self):
        gap = self.one("hls ahead", GAP)
        self.assertRegex(gap["note"], r"^the media sequence jumps ahead from \d+ to 10\d\d$")
        self.assertEqual(gap["measures"]["playlist_jumps"], 1)

    def test_a_media_sequence_that_goes_back_is_told(self):
        gap = self.one("hls back", GAP)
        self.assertRegex(gap["note"], r"^the media sequence goes back from \d+ to 0$")

    def test_a_playlist_that_is_gone_is_a_stall_that_says_so(self):
        stall = self.one("hls gone", STALLED)
        self.assertRegex(stall["note"], "live.m3u8.*404")

    def test_packets_that_are_lost_are_told(self):
        gaps = [i for i in self.incidents["lossy"] if i["kind"] == GAP]
        self.assertGreater(sum(i["measures"]["lost_packets"] for i in gaps), 5)
        for i in gaps:
            self.assertLess(when(i["started_at"]), self.faulty_at + 6)

    def test_a_program_that_changes_is_watched_on(self):
        self.assertTrue(self.incidents["program"])
        self.assertTrue(all(i["ended_at"] for i in self.incidents["program"]), self.incidents["program"])
        self.assertEqual(7, self.status["program"]["input"]["program"])
        self.assertLess(when(self.one("program", STALLED)["ended_at"]), self.faulty_at + 8)

    def test_a_stream_that_is_cut_off_is_a_stall_until_it_is_back(self):
        for name in ("srt", "rtmp"):
            with self.subTest(name):
                stall = self.one(name, STALLED)
                self.assertAlmostEqual(when(stall["started_at"]), self.faulty_at, delta=2)
                self.assertGreater(when(stall["ended_at"]), self.faulty_at + 5)

    def test_a_stream_that_stands_still_is_a_stall_until_it_goes_on(self):
        for name in ("srt still", "rtmp still"):
            with self.subTest(name):
                stall = self.one(name, STALLED)
                self.assertAlmostEqual(when(stall["started_at"]), self.faulty_at, delta=2)
                self.assertGreater(when(stall["ended_at"]), self.faulty_at + 5)

    def test_no_secret_of_an_address_is_told(self):
        self.assertNotIn(SECRET, json.dumps(self.incidents))


class OnDemandTest(MonolensTest):
    def setUp(self):
        super().setUp()
        self.origin = Nginx(self.folder, slow_rate=12_000)
        self.addCleanup(self.origin.stop)

    def variant(self, name, size):
        segments(clip(size), self.origin.root / name)
        return f"#EXT-X-STREAM-INF:BANDWIDTH={300000 if size == '320x180' else 200000}\n{name}/all.m3u8\n"

    def test_an_on_demand_playlist_gives_nothing(self):
        segments(clip(), self.origin.root / "vod")
        run = self.check(self.origin.url("vod/all.m3u8"), "--detectors", DETECTORS + ",stalled")
        self.assert_exit(run, NOTHING)

    def test_a_segment_that_is_missing_on_demand_is_told(self):
        stock = segments(clip(), self.origin.root / "vod")
        stock[3].path.unlink()
        run = self.check(self.origin.url("vod/all.m3u8"), "--detectors", "gap")
        self.assert_exit(run, INCIDENTS)
        self.assertEqual("segment 003.ts: Server returned 404 Not Found", run.of(GAP)[0]["evidence"]["note"])

    def test_a_variant_is_chosen(self):
        lines = self.variant("low", "256x144") + self.variant("high", "320x180")
        (self.origin.root / "master.m3u8").write_text("#EXTM3U\n" + lines)
        for args, width in (((), 320), (("--variant", "highest"), 320), (("--variant", "lowest"), 256)):
            with self.subTest(args=args):
                run = self.check(self.origin.url("master.m3u8"), "--detectors", "null", *args)
                self.assertEqual(width, run.report["input"]["video"]["width"], run)
        run = self.run_monolens("check", self.origin.url("master.m3u8"), "--variant", "lowst")
        self.assert_exit(run, harness.USAGE)
        self.assertIn("did you mean 'lowest'", run.stderr)


if __name__ == "__main__":
    harness.main()
