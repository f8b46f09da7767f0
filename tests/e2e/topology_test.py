"""Both topologies on real servers: the same incidents, and a bill of what was measured.

The clip is small, so that the whole takes under a minute.
"""

import json
import re
import unittest

import harness
import media
import topology_servers
from harness import INCIDENTS, UNREADABLE, USAGE, MonolensTest

SECONDS = 8
DETECTORS = 26  # all but `null`
STATES = 3  # of the workflow, beside the detectors: convert, detect, aggregate

# What JPEG pictures make of the incidents that raw pictures give; docs/cost.md says why.
JPEG_MAY_MOVE = {"video.blockiness", "video.blur", "video.levels", "video.corruption", "video.stutter", "av.sync"}


def clip():
    """Black, silence, a freeze and a click at known times."""
    black = media.painted("black", 1, 3.2)
    return media.programme(
        "topology.ts",
        vf=f"{black},{media.frozen(4.4, 7)},scale=320:180",
        af=f"{media.silent(3, 5.4)}",
        seconds=SECONDS,
    )


def facts(incident):
    """All that is told of an incident but the picture."""
    kept = {k: v for k, v in incident.items() if k != "evidence"}
    return {**kept, "note": incident["evidence"]["note"]}


def spans(report):
    """Kind, track, start and end of each incident that JPEG pictures may not take away or add."""
    kept = [i for i in report["incidents"] if i["kind"] not in JPEG_MAY_MOVE]
    return sorted((i["kind"], (i["track"] or {}).get("index", -1), i["start_s"], i["end_s"]) for i in kept)


@unittest.skipIf(topology_servers.missing(), f"Debian package {topology_servers.missing()} is not installed")
class Topologies(MonolensTest):
    def setUp(self):
        super().setUp()
        servers = topology_servers.servers(self.folder)
        self.arguments, self.environment, _ = servers.__enter__()
        self.addCleanup(servers.__exit__, None, None, None)

    def run_topology(self, topology, *more, inputs=None, expected=INCIDENTS):
        name = f"run-{len(list(self.folder.glob('run-*.usage.json')))}"
        usage, report = self.folder / f"{name}.usage.json", self.folder / f"{name}.report.json"
        arguments = ["topology", "run", *(inputs or [clip()]), "--topology", topology, "--usage", usage]
        run = self.run_monolens(
            *arguments, "--report", report, "--name", topology, *more, *self.arguments, env=self.environment, timeout=180
        )
        self.assertEqual((expected, ""), (run.exit, run.stderr), str(run))
        return json.loads(report.read_text()), json.loads(usage.read_text())["runs"][0], usage

    def test_raw_pictures_give_the_same_incidents_and_jpegs_differ_only_where_it_is_documented(self):
        reference = self.check(clip()).report
        expected = [facts(i) for i in reference["incidents"]]
        for kind in ("video.black", "video.freeze", "audio.silence"):
            self.assertIn(kind, {i["kind"] for i in expected})
        monolith, alone, alone_file = self.run_topology("monolith")
        self.assertEqual(expected, [facts(i) for i in monolith["incidents"]])
        clones, _, clones_file = self.run_topology("groups")
        self.assertCountEqual(expected, [facts(i) for i in clones["incidents"]])
        frames, raw, raw_file = self.run_topology("distributed", "--objects", "frame")
        self.assertEqual(expected, [facts(i) for i in frames["incidents"]])
        seconds, _, _ = self.run_topology("distributed", "--objects", "second")
        self.assertEqual(expected, [facts(i) for i in seconds["incidents"]])
        jpegs, _, _ = self.run_topology("distributed", "--pictures", "jpeg")
        self.assertEqual([s[:2] for s in spans(reference)], [s[:2] for s in spans(jpegs)])
        for raw_span, jpeg_span in zip(spans(reference), spans(jpegs)):
            for raw_time, jpeg_time in zip(raw_span[2:], jpeg_span[2:]):
                self.assertAlmostEqual(raw_time, jpeg_time, delta=media.FRAME + 1e-6, msg=raw_span[0])
        self.check_counts(raw, frames)
        self.check_bill([alone_file, clones_file, raw_file])

    def check_counts(self, usage, report):
        """What can be counted by hand was counted."""
        seconds = SECONDS + 1  # sound is a little longer than the picture
        self.assertIn(usage["workflow"]["starts"], (SECONDS, seconds))
        starts = usage["workflow"]["starts"]
        self.assertEqual(starts * (DETECTORS + STATES), usage["workflow"]["transitions"])
        invocations = {c["name"]: c["invocations"] for c in usage["components"]}
        self.assertEqual(starts, invocations["media conversion"])
        self.assertEqual(starts, invocations["detector freeze"])
        self.assertEqual(starts, invocations["aggregation"])
        frames = report["analysed"]["video_frames"]
        self.assertEqual(SECONDS * media.FPS, frames)
        self.assertIn(usage["store"]["puts"] - frames, (2 * starts, 2 * starts - 1))  # sounds and results
        self.assertGreater(usage["store"]["gets"], 10 * frames)
        self.assertAlmostEqual(frames * 320 * 180 * 1.5 / 2**30, usage["store"]["put_gib"], delta=0.01)
        for component in usage["components"]:
            self.assertGreater(component["cpu_s"], 0, component["name"])
            self.assertGreater(component["mean_gib"], 0, component["name"])
            self.assertLessEqual(sum(component["cpu_parts_s"].values()), component["cpu_s"] + 0.05, component)

    def check_bill(self, files):
        out, page = self.folder / "cost.json", self.folder / "cost.html"
        run = self.run_monolens("cost", *files, "--json", out, "--html", page, "--streams", "5000")
        self.assertEqual((0, ""), (run.exit, run.stderr), str(run))
        self.assertRegex(run.stdout, r"monolith, on instances \(the baseline\)")
        self.assertRegex(run.stdout, r"the quota of 5000/s ends it at \d+ streams")
        bills = {(b["run"], b["deployment"]): b for b in json.loads(out.read_text())["bills"]}
        for bill in bills.values():
            self.assertAlmostEqual(bill["total"], sum(line["amount"] for line in bill["lines"]), places=12)
        self.assertGreater(bills["distributed", "functions, standard workflow"]["ratio"], 1)
        self.assertRegex(page.read_text(), "distributed")

    def test_two_streams_at_once_are_two_reports(self):
        inputs = [clip(), media.clean(".ts")]
        single = [self.check(i).report for i in inputs]
        detectors = ("--detectors", "freeze,black,silence,sync,missing")
        reports, usage, _ = self.run_topology("distributed", *detectors, inputs=inputs)
        self.assertEqual(2, usage["streams"])
        chosen = ("video.black", "video.freeze", "audio.silence", "av.sync", "video.missing", "audio.missing")
        for expected, found in zip(single, reports):
            wanted = [facts(i) for i in expected["incidents"] if i["kind"] in chosen]
            self.assertEqual(wanted, [facts(i) for i in found["incidents"]])

    def test_a_sample_of_pictures_and_a_quota_of_transitions_are_kept_to(self):
        report, usage, _ = self.run_topology(
            "distributed", "--objects", "frame", "--sample", "1", "--detectors", "black,silence", "--quota", "20"
        )
        self.assertIn("audio.silence", {i["kind"] for i in report["incidents"]})
        starts = usage["workflow"]["starts"]
        self.assertIn(usage["store"]["puts"] - 2 * starts, (SECONDS, SECONDS - 1))
        # The first second's worth is free.
        self.assertGreater(usage["wall_s"], (usage["workflow"]["transitions"] - 20) / 20 - 0.1)

    def test_a_store_with_another_key_ends_the_run_and_tells_no_secret(self):
        environment = {**self.environment, "AWS_SECRET_ACCESS_KEY": "hunter2"}
        run = self.run_monolens("topology", "run", clip(), *self.arguments, env=environment)
        self.assertEqual(UNREADABLE, run.exit)
        self.assertRegex(run.stderr, "SignatureDoesNotMatch")
        self.assertNotIn("hunter2", run.stderr + run.stdout)

    def test_an_input_that_is_none_ends_the_run(self):
        run = self.run_monolens("topology", "run", "nowhere.ts", *self.arguments, env=self.environment)
        self.assertEqual(UNREADABLE, run.exit)
        self.assertRegex(run.stderr, re.escape("nowhere.ts"))


class Cost(MonolensTest):
    def test_the_built_in_prices_can_be_printed_changed_and_given(self):
        printed = self.run_monolens("cost", "--print-prices")
        self.assertEqual(0, printed.exit)
        prices = self.written("prices.toml", printed.stdout.replace("amount = 0.025", "amount = 0.05"))
        usage = self.written("usage.json", '{"schema": "monolens.usage/1", "runs": [{}]}')
        run = self.run_monolens("cost", usage, "--prices", prices)
        self.assertEqual(USAGE, run.exit)
        self.assert_one_line(run, usage, "name is missing")
        prices = self.written("prices.toml", printed.stdout.replace('unit = "GB-s"', 'unit = "GB"', 1))
        self.assert_one_line(self.run_monolens("cost", usage, "--prices", prices), prices, "unit must be 'gb-s'")


if __name__ == "__main__":
    harness.main()
