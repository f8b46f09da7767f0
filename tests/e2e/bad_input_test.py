"""Bad input: one clear line on standard error, the exit status of the contract, no partial files, in time."""

import ctypes
import os
import resource
import shutil
import signal
import subprocess
import time

import harness
import media
import transport
from faulty_server import FaultyServer
from harness import INCIDENTS, NOTHING, UNREADABLE, USAGE, MonolensTest

DEADLINE = 15  # seconds for any run here; nothing takes longer than its own --timeout and a little

NO_MEDIA = (
    "no decodable|not media|no media|invalid data|not recogni[sz]ed|unknown format|no (video|audio)|no track"
)
NOT_THERE = "no such file|not found|does not exist"
REFUSED = "refused|not allowed|forbidden|outside|not permitted"


class Refusals(MonolensTest):
    def setUp(self):
        super().setUp()
        self.out = self.folder / "out"
        self.out.mkdir()

    def outputs(self):
        return [
            "--report",
            self.out / "r.json",
            "--html",
            self.out / "r.html",
            "--events",
            self.out / "e.jsonl",
        ]

    def refused(self, source, cause, *args, exit=UNREADABLE, name=None, **options):
        """Refused with one line, and the folder of the outputs is as it was."""
        before = sorted(os.listdir(self.out))
        run = self.run_monolens("check", source, *self.outputs(), *args, timeout=DEADLINE, **options)
        self.assert_exit(run, exit)
        self.assert_one_line(run, source if name is None else name, cause)
        self.assertEqual(before, sorted(os.listdir(self.out)), f"files left behind\n{run}")
        return run


class WhatIsNoMedia(Refusals):
    def test_a_missing_file(self):
        self.refused(self.folder / "missing.ts", NOT_THERE)

    def test_a_directory(self):
        self.refused(self.folder, "directory")

    def test_an_empty_file(self):
        self.refused(self.written("empty.ts", b""), "empty")

    def test_empty_standard_input(self):
        self.refused("-", "empty", name="standard input", input=b"")

    def test_a_text_file(self):
        self.refused(self.written("prose.txt", "It was a dark and stormy night.\n" * 200), NO_MEDIA)

    def test_random_bytes(self):
        noise = bytes((i * i * 31 + i * 7 + (i >> 3)) & 0xFF for i in range(200_000))
        for name in ("noise", "noise.ts", "noise.mp4", "noise.h264"):
            with self.subTest(name=name):
                self.refused(self.written(name, noise), NO_MEDIA)

    def test_an_mp4_without_moov(self):
        whole = media.clean(".mp4").read_bytes()
        self.refused(self.written("no_moov.mp4", whole[: whole.index(b"moov") - 4]), NO_MEDIA + "|moov")

    def test_a_header_only(self):
        fast = media.made("faststart.mp4", "-i", media.clean(".mp4"), "-c", "copy", "-movflags", "+faststart")
        mp4 = fast.read_bytes()
        matroska = media.clean(".mkv").read_bytes()
        headers = {
            "header.mp4": mp4[: mp4.index(b"mdat") - 4],
            "header.mkv": matroska[: matroska.index(b"\x1f\x43\xb6\x75")],  # the first cluster
            "header.wav": media.audio_only("audio_only.wav").read_bytes()[:44],
        }
        for name, data in headers.items():
            with self.subTest(name=name):
                self.refused(self.written(name, data), NO_MEDIA + "|empty")

    def test_a_transport_stream_with_tables_and_no_pictures(self):
        parts = transport.packets(media.clean())
        tables = [p for p in parts if p.pid not in (transport.VIDEO_PID, transport.AUDIO_PID)]
        self.refused(self.written("tables.ts", transport.join(tables)), NO_MEDIA)

    def test_a_file_without_permission(self):
        path = self.written("secret.ts", media.clean().read_bytes())
        path.chmod(0)
        if os.geteuid() != 0:
            self.refused(path, "permission")
            return
        # Root reads everything: a copy of the binary runs as nobody.
        copy = self.folder / "monolens"
        shutil.copy(harness.binary(), copy)
        copy.chmod(0o755)
        self.folder.chmod(0o755)
        self.out.chmod(0o777)
        reachable = subprocess.run(
            [copy, "--version"], user=65534, group=65534, extra_groups=[], capture_output=True
        )
        if reachable.returncode != 0:
            self.skipTest(f"nobody can't run the binary: {reachable.stderr.decode()}")
        self.command = lambda *args: [str(copy), *map(str, args)]
        self.refused(path, "permission", user=65534, group=65534, extra_groups=[])


class DamagedAndExtremeMediaIsAnalysed(MonolensTest):
    def analysed(self, path, *args):
        run = self.check(path, *args, timeout=60)
        self.assert_exit(run, NOTHING, INCIDENTS)
        self.assertLessEqual(len(run.stderr.splitlines()), 1, f"the libraries' log lines\n{run}")
        return run

    def test_a_truncated_transport_stream(self):
        whole = media.clean().read_bytes()
        run = self.analysed(self.written("truncated.ts", whole[: len(whole) // 2 + 77]))
        self.assertGreater(run.report["analysed"]["video_frames"], 30)
        self.assertLess(run.report["analysed"]["video_frames"], 90)

    def test_a_truncated_mp4(self):
        fast = media.made("faststart.mp4", "-i", media.clean(".mp4"), "-c", "copy", "-movflags", "+faststart")
        whole = fast.read_bytes()
        run = self.analysed(self.written("truncated.mp4", whole[: len(whole) // 2]))
        self.assertGreater(run.report["analysed"]["video_frames"], 20)
        self.assertLess(run.report["analysed"]["video_frames"], 90)

    def test_a_zero_length_track(self):
        path = media.made(
            "zero_length_track.mp4",
            "-i",
            media.clean(".mp4"),
            "-map",
            "0",
            "-c",
            "copy",
            "-bsf:a",
            "noise=drop=1",
        )
        run = self.analysed(path)
        self.assertEqual(100, run.report["analysed"]["video_frames"])
        self.assertEqual(0, run.report["analysed"]["audio_samples"])

    def test_a_video_track_without_pictures(self):
        path = media.made("no_pictures.ts", "-f", "lavfi", "-i", "testsrc2=duration=1", "-f", "lavfi", "-i", "sine=duration=12",
                          "-vf", "trim=start=5", *media.X264, "-c:a", "aac")
        run = self.analysed(path)
        self.assertEqual(0, run.report["analysed"]["video_frames"])
        self.assertIsNone(run.report["input"]["video"]["fps"])
        (missing,) = [i for i in run.report["incidents"] if i["kind"] == "video.missing"]
        self.assertEqual(0, missing["start_s"])
        self.assertAlmostEqual(12, missing["end_s"], delta=0.1)

    def test_one_frame(self):
        for suffix, video in (
            (".mp4", media.X264),
            (".ts", media.X264),
            (".png", ("-c:v", "png", "-update", "1")),
        ):
            with self.subTest(suffix=suffix):
                path = media.video_only(f"one_frame{suffix}", seconds=1, video=video, more=("-frames:v", "1"))
                self.assertEqual(1, self.analysed(path).report["analysed"]["video_frames"])

    def test_two_by_two_pixels(self):
        path = media.video_only("2x2.mkv", vf="scale=2:2", seconds=3, video=media.LOSSLESS)
        run = self.analysed(path)
        self.assertEqual(
            (2, 2), (run.report["input"]["video"]["width"], run.report["input"]["video"]["height"])
        )
        self.assertEqual(75, run.report["analysed"]["video_frames"])

    def test_odd_sizes(self):
        path = media.video_only("odd.mkv", vf="scale=101:67", seconds=1, video=media.LOSSLESS)
        self.assertEqual(25, self.analysed(path).report["analysed"]["video_frames"])

    def test_8k(self):
        video = ("-c:v", "libx264", "-preset", "ultrafast", "-frames:v", "3", "-threads", "2")
        path = media.video_only("8k.mp4", vf="scale=7680:4320:flags=neighbor", seconds=1, video=video)
        run = self.analysed(path)
        self.assertEqual(7680, run.report["input"]["video"]["width"])
        self.assertEqual(3, run.report["analysed"]["video_frames"])


class UsageAndConfiguration(Refusals):
    def setUp(self):
        super().setUp()
        self.clean = media.clean()

    def usage(self, args, name, cause):
        """Refused before anything is read: standard input stays open and silent."""
        process = subprocess.Popen(
            self.command("check", "-", *args),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        with process:
            self.addCleanup(process.kill)
            try:
                exit = process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                self.fail(f"not refused before the input is read: {process.args}")
            run = harness.Run(
                process.args, exit, process.stdout.read().decode(), process.stderr.read().decode()
            )
        self.assert_exit(run, USAGE)
        self.assert_one_line(run, name, cause)
        self.assertEqual([], os.listdir(self.out), f"files left behind\n{run}")

    def test_no_input(self):
        run = self.run_monolens("check", timeout=5)
        self.assert_exit(run, USAGE)
        self.assertEqual(1, len(run.stderr.splitlines()), str(run))

    def test_an_unknown_subcommand(self):
        run = self.run_monolens("chek", timeout=5)
        self.assert_exit(run, USAGE)
        self.assert_one_line(run, "chek", "")

    def test_an_unknown_option(self):
        self.usage(["--reprot", "x"], "--reprot", "")

    def test_an_unknown_detector_gets_the_nearest_name(self):
        self.usage(["--detectors", "silence,freze"], "freze", r"\bfreeze\b")

    def test_an_unknown_parameter_gets_the_nearest_name(self):
        self.usage(["--set", "silence.duraton_s=3"], "duraton_s", r"\bduration_s\b")
        self.usage(["--set", "silense.duration_s=3"], "silense", r"\bsilence\b")

    def test_a_parameter_out_of_range_is_told_the_range(self):
        self.usage(["--set", "silence.duration_s=-5"], "silence.duration_s", r"-5.*\d|\d.*-5")

    def test_a_parameter_that_is_no_number(self):
        for value in ("long", "", "nan", "2s"):
            with self.subTest(value=value):
                self.usage(["--set", f"silence.duration_s={value}"], "silence.duration_s", "number")

    def test_a_setting_without_a_value(self):
        self.usage(["--set", "silence"], "silence", "=|value")

    def test_an_unknown_profile(self):
        self.usage(["--profile", "fulll"], "fulll", r"\bfull\b")

    def test_a_timeout_that_is_no_time(self):
        self.usage(["--timeout", "-1"], "--timeout", "-1")

    def test_bad_toml_is_told_with_line_and_column(self):
        config = self.written("bad.toml", "[detectors.silence]\nduration_s = 3.0\nfloor_dbfs = = -60\n")
        self.usage(["--config", config], "bad.toml", r"(:3:\d+|line 3.*column \d+)")

    def test_a_configuration_with_unknown_keys(self):
        for text, wrong, near in (
            ("[detectors.silense]\nduration_s = 3.0\n", "silense", r"\bsilence\b"),
            ("[detectors.silence]\nduraton_s = 3.0\n", "duraton_s", r"\bduration_s\b"),
            ("[detector.silence]\nduration_s = 3.0\n", "detector", r"\bdetectors\b"),
        ):
            with self.subTest(wrong=wrong):
                config = self.written("unknown.toml", text)
                self.usage(["--config", config], wrong, near)

    def test_a_configuration_with_a_value_of_the_wrong_type_or_range(self):
        for value in ('"long"', "-5.0", "true"):
            with self.subTest(value=value):
                config = self.written("wrong.toml", f"[detectors.silence]\nduration_s = {value}\n")
                self.usage(["--config", config], "duration_s", "")

    def test_a_missing_configuration_file(self):
        self.usage(["--config", self.folder / "none.toml"], "none.toml", NOT_THERE)

    def test_outputs_that_can_not_be_written_are_found_before_the_analysis(self):
        for option in ("--report", "--html", "--events"):
            for path, cause in ((self.folder / "no" / "such" / "x", NOT_THERE), (self.folder, "directory")):
                with self.subTest(option=option, path=path):
                    self.usage([option, path], path, cause)


class FullDisk(Refusals):
    def fails_to_write(self, run, out):
        self.assert_exit(run, USAGE)
        self.assertEqual(1, len(run.stderr.splitlines()), str(run))
        self.assertRegex(run.stderr, r"\.(json|html|jsonl)", str(run))
        self.assertFalse((out / "r.json").exists(), f"a partial report\n{run}")
        self.assertFalse((out / "r.html").exists(), f"a partial report\n{run}")
        self.assertEqual([], [n for n in os.listdir(out) if n != "e.jsonl"], f"files left behind\n{run}")

    def test_a_write_that_fails_midway_leaves_no_report(self):
        def one_kilobyte():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

        path = media.programme("black.ts", vf=media.painted("black", 2, 5), af=media.silent(2, 5))
        run = self.run_monolens(
            "check",
            path,
            "--report",
            self.out / "r.json",
            "--html",
            self.out / "r.html",
            preexec_fn=one_kilobyte,
        )
        self.fails_to_write(run, self.out)
        self.assertRegex(run.stderr.lower(), "too large")

    def test_a_full_disk(self):
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.mount(b"tmpfs", bytes(self.out), b"tmpfs", 0, b"size=4k") != 0:
            self.skipTest(f"a small file system can't be mounted: {os.strerror(ctypes.get_errno())}")
        self.addCleanup(libc.umount2, bytes(self.out), 2)  # MNT_DETACH
        path = media.programme("black.ts", vf=media.painted("black", 2, 5), af=media.silent(2, 5))
        run = self.run_monolens("check", path, "--report", self.out / "r.json", "--html", self.out / "r.html")
        self.fails_to_write(run, self.out)
        self.assertRegex(run.stderr.lower(), "no space|full")


def playlist(*segments):
    entries = "".join(f"#EXTINF:4.0,\n{s}\n" for s in segments)
    return f"#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:4\n{entries}#EXT-X-ENDLIST\n".encode()


def master(*variants):
    return b"#EXTM3U\n" + "".join(f"#EXT-X-STREAM-INF:BANDWIDTH=100000\n{v}\n" for v in variants).encode()


def dash(base):
    return f"""<?xml version="1.0"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT4S"
     profiles="urn:mpeg:dash:profile:isoff-on-demand:2011" minBufferTime="PT1S">
 <Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="100000">
  <BaseURL>{base}</BaseURL></Representation></AdaptationSet></Period></MPD>""".encode()


HLS = "application/vnd.apple.mpegurl"
DASH = "application/dash+xml"


class Playlists(Refusals):
    def setUp(self):
        super().setUp()
        # The named file is a good one: whoever opens it succeeds.
        self.secret = self.written("outside.ts", media.clean().read_bytes())
        self.secret_mp4 = self.written("outside.mp4", media.clean(".mp4").read_bytes())

    def test_a_playlist_from_the_network_works(self):
        with FaultyServer() as server:
            server.serve("/live/a.m3u8", playlist("a.ts"), HLS)
            server.serve("/live/a.ts", media.clean().read_bytes(), "video/mp2t")
            run = self.check(server.url("/live/a.m3u8"), timeout=DEADLINE)
            self.assert_exit(run, NOTHING)
            self.assertEqual(100, run.report["analysed"]["video_frames"])

    def test_a_playlist_from_the_network_can_not_open_a_file(self):
        inner = self.written("inner.m3u8", playlist("outside.ts"))
        named = {
            "passwd": playlist("file:///etc/passwd"),
            "segment": playlist(f"file://{self.secret}"),
            "variant": master(f"file://{inner}"),
        }
        for what, text in named.items():
            with self.subTest(what=what), FaultyServer() as server:
                server.serve("/a.m3u8", text, HLS)
                run = self.refused(server.url("/a.m3u8"), f"{REFUSED}|{NO_MEDIA}", "--timeout", "2")
                self.assertNotIn("root:", run.stdout + run.stderr)

    def test_a_dash_manifest_from_the_network_can_not_open_a_file(self):
        with FaultyServer() as server:
            server.serve("/a.mpd", dash(f"file://{self.secret_mp4}"), DASH)
            self.refused(server.url("/a.mpd"), f"{REFUSED}|{NO_MEDIA}", "--timeout", "2")

    def test_a_redirect_to_a_file_is_not_followed(self):
        with FaultyServer() as server:
            server.redirect("/a.ts", f"file://{self.secret}")
            self.refused(server.url("/a.ts"), "", "--timeout", "2")

    def test_a_local_playlist_reads_its_own_folder(self):
        folder = self.folder / "hls"
        (folder / "low").mkdir(parents=True)
        shutil.copy(media.clean(), folder / "low" / "a.ts")
        (folder / "low" / "a.m3u8").write_bytes(playlist("a.ts"))
        (folder / "master.m3u8").write_bytes(master("low/a.m3u8"))
        for name in ("master.m3u8", "low/a.m3u8"):
            with self.subTest(name=name):
                run = self.check(folder / name)
                self.assert_exit(run, NOTHING)
                self.assertEqual(100, run.report["analysed"]["video_frames"])

    def test_a_local_playlist_can_not_leave_its_folder(self):
        folder = self.folder / "hls"
        folder.mkdir()
        for target in ("file:///etc/passwd", f"file://{self.secret}", str(self.secret), "../outside.ts"):
            with self.subTest(target=target):
                path = folder / "a.m3u8"
                path.write_bytes(playlist(target))
                run = self.refused(path, f"{REFUSED}|{NO_MEDIA}")
                self.assertNotIn("root:", run.stdout + run.stderr)

    def test_a_local_playlist_may_name_segments_on_the_network(self):
        with FaultyServer() as server:
            server.serve("/a.ts", media.clean().read_bytes(), "video/mp2t")
            path = self.written("a.m3u8", playlist(server.url("/a.ts")))
            self.assert_exit(self.check(path, "--timeout", "2"), NOTHING)

    def test_a_loop_of_playlists_ends(self):
        with FaultyServer() as server:
            server.serve("/self.m3u8", master("self.m3u8"), HLS)
            server.serve("/a.m3u8", master("b.m3u8"), HLS)
            server.serve("/b.m3u8", master("a.m3u8"), HLS)
            server.serve("/segment.m3u8", playlist("segment.m3u8"), HLS)
            for path in ("/self.m3u8", "/a.m3u8", "/segment.m3u8"):
                with self.subTest(path=path):
                    self.refused(server.url(path), "", "--timeout", "2")
                    self.assertLess(len(server.requests), 100, "asked again and again")


class Network(Refusals):
    def refused_in_time(self, url, cause, limit=5.0):
        begun = time.monotonic()
        self.refused(url, cause, "--timeout", "1")
        self.assertLess(time.monotonic() - begun, limit)

    def test_a_host_that_does_not_answer(self):
        with FaultyServer() as server:
            server.never_answer("/a.ts")
            self.refused_in_time(server.url("/a.ts"), "timed out|timeout|no answer|did not answer")

    def test_a_connection_that_stalls_before_any_picture(self):
        with FaultyServer() as server:
            server.stall("/a.ts", media.clean().read_bytes(), after=188)
            self.refused_in_time(server.url("/a.ts"), "timed out|timeout|stall")

    def test_a_port_where_nobody_listens(self):
        with FaultyServer() as server:
            url = server.url("/a.ts")
        self.refused_in_time(url, "refused|connect")

    def test_a_404(self):
        with FaultyServer() as server:
            self.refused_in_time(server.url("/a.ts"), "404|not found")

    def test_an_unknown_scheme(self):
        self.refused_in_time("gopher://127.0.0.1/a.ts", f"{REFUSED}|scheme|protocol|unknown|not supported")

    def test_a_connection_that_stalls_midway_is_reported(self):
        path = media.programme("black.ts", vf=media.painted("black", 2, 5), af=media.silent(2, 5))
        data = path.read_bytes()
        with FaultyServer() as server:
            server.stall("/a.ts", data, after=len(data) * 7 // 8)
            url = server.url("/a.ts")
            begun = time.monotonic()
            run = self.check(url, "--timeout", "1", timeout=DEADLINE)
            self.assertLess(time.monotonic() - begun, 8)
        self.assert_exit(run, INCIDENTS)
        self.assert_one_line(run, url, "stall|timed out|timeout")
        stalled = self.assert_found(run, "transport.stalled")[0]
        self.assertAlmostEqual(7.0, stalled["start_s"], delta=0.7, msg=str(run))
        self.assert_incident(run, "video.black", 2, 5)
        self.assertFalse(run.report["interrupted"])


if __name__ == "__main__":
    harness.main()
