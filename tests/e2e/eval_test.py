"""Makes a small labelled set of generated programmes, scores it, and holds both commands to their word."""

import json
import unittest

import harness
import media
from harness import NOTHING, UNREADABLE, USAGE, MonolensTest

KINDS = "video.black,video.solid,audio.silence,audio.channel_missing"


class Eval(MonolensTest):
    def make(self, out, *args):
        run = self.run_monolens("eval", "make", "--out", out, "--quick", "--split", "all", *args, timeout=120)
        self.assert_exit(run, NOTHING)
        return json.loads((out / "truth.json").read_text())

    def test_the_kinds_that_are_plain_are_all_found_and_nothing_else(self):
        out = self.folder / "set"
        truth = self.make(out, "--kinds", KINDS)
        roles = {item["role"] for item in truth["items"]}
        self.assertEqual({"defect", "negative", "clean"}, roles)
        for item in truth["items"]:
            self.assertTrue((out / item["file"]).exists(), item["file"])
        names = ("accuracy.json", "accuracy.md")
        json_file, markdown = (self.folder / name for name in names)
        plots = self.folder / "plots"
        run = self.run_monolens(
            *("eval", "run", out, "--json", json_file, "--markdown", markdown, "--plots", plots), timeout=120
        )
        self.assert_exit(run, NOTHING)
        accuracy = json.loads(json_file.read_text())
        self.assertEqual("monolens.accuracy/1", accuracy["schema"])
        self.assertEqual(sorted(KINDS.split(",")), sorted(k["kind"] for k in accuracy["kinds"]))
        for kind in accuracy["kinds"]:
            name = kind["kind"]
            self.assertGreater(kind["recall"]["of"], 0, name)
            self.assertEqual(1, kind["recall"]["share"], name)
            self.assertEqual(1, kind["precision"], name)
            self.assertLessEqual(kind["start_error_s"]["p90_abs"], 0.05, name)
            self.assertGreater(kind["delay_s"]["median"], 0.4, name)
            self.assertGreater(kind["clean_hours"], 0, name)
            self.assertTrue((plots / f"{name}.svg").read_text().startswith("<svg"))
            self.assertIn(f"### {name}", markdown.read_text())
        self.assertEqual(len(truth["items"]), len(accuracy["items"]))
        clips = {item["file"]: (item["clip"], item["split"]) for item in truth["items"]}
        for item in accuracy["items"]:
            self.assertEqual(clips[item["file"]], (item["clip"], item["split"]))

    def test_a_detector_that_is_deaf_scores_nothing_and_one_left_out_is_not_scored(self):
        out = self.folder / "set"
        self.make(out, "--kinds", "audio.silence")
        result = self.folder / "accuracy.json"
        run = self.run_monolens(
            *("eval", "run", out, "--json", result, "--set", "silence.duration_s=600"), timeout=120
        )
        self.assert_exit(run, NOTHING)
        kind = json.loads(result.read_text())["kinds"][0]
        self.assertEqual((0, None), (kind["recall"]["share"], kind["precision"]))
        run = self.run_monolens("eval", "run", out, "--json", result, "--detectors", "black", timeout=120)
        self.assertIn("no detector", run.stdout)
        self.assertFalse(json.loads(result.read_text())["kinds"][0]["detector"])

    def test_a_set_is_the_same_for_the_same_seed_whatever_the_number_of_jobs(self):
        a, b, c = (self.folder / name for name in "abc")
        kinds = ("--kinds", "video.black,audio.click")
        first = self.make(a, *kinds, "--jobs", "1")
        self.assertEqual(first, self.make(b, *kinds, "--jobs", "3"))
        for item in first["items"]:
            self.assertEqual((a / item["file"]).read_bytes(), (b / item["file"]).read_bytes(), item["file"])
        self.assertNotEqual(first, self.make(c, *kinds, "--seed", "2"))

    def test_clips_of_a_folder_are_split_by_the_table_and_else_by_name(self):
        clips = self.folder / "clips"
        clips.mkdir()
        for name in ("one.mp4", "two.mp4"):
            (clips / name).write_bytes(media.programme("eval_clip.mp4", seconds=9).read_bytes())
        table = self.written("split.tsv", "clip\tsplit\none.mp4\ttune\ntwo.mp4\tscore\n")
        options = ("--clips", clips, "--split-file", table, "--kinds", "video.solid", "--quick", "--out")
        for split, clip in (("tune", "one.mp4"), ("score", "two.mp4")):
            out = self.folder / split
            self.assert_exit(self.run_monolens("eval", "make", *options, out, "--split", split), NOTHING)
            items = json.loads((out / "truth.json").read_text())["items"]
            self.assertEqual({(clip, split)}, {(i["clip"], i["split"]) for i in items})

    def test_only_a_face_that_speaks_for_long_must_tell_that_the_content_is_out_of_sync(self):
        clips = self.folder / "clips"
        clips.mkdir()
        for name in ("brief.mp4", "long.mp4", "none.mp4"):
            (clips / name).write_bytes(media.programme("eval_clip.mp4", seconds=9).read_bytes())
        facts = self.written(
            "facts.tsv",
            "clip\tstart_s\tlength_s\theight\tspeaking_s\texplained\twhy\n"
            "brief.mp4\t0\t9\t720\t3\t\t\nlong.mp4\t0\t9\t720\t9\t\t\nnone.mp4\t0\t9\t720\t\t\t\n",
        )
        out = self.folder / "set"
        options = ("--clips", clips, "--facts", facts, "--split", "all", "--kinds", "av.sync", "--out", out)
        self.assert_exit(self.run_monolens("eval", "make", *options), NOTHING)
        items = json.loads((out / "truth.json").read_text())["items"]
        roles = {(i["clip"], i["role"]) for i in items if i["form"] == "content" and i["strength"]["value"] == 320}
        self.assertEqual({("brief.mp4", "curve"), ("long.mp4", "defect")}, roles)

    def test_the_labels_name_the_frames_at_which_a_picture_turns(self):
        out = self.folder / "set"
        truth = self.make(out, "--kinds", "video.solid")
        item = next(i for i in truth["items"] if i["form"] == "grey" and i["role"] == "defect")
        run = self.check(out / item["file"])
        self.assert_incident(
            run, "video.solid", item["intervals"][0]["start_s"], item["intervals"][0]["end_s"], tolerance=0.005
        )

    def test_wrong_usage_is_one_line_and_its_exit_status(self):
        cases = (
            (("make", "--out", self.folder, "--kinds", "video.blak"), USAGE, "video.blak", "did you mean"),
            (("make", "--out", self.folder, "--clips", "/nowhere"), UNREADABLE, "/nowhere", "no such folder"),
            (("make",), USAGE, "--out", "required"),
            (("run", self.folder), UNREADABLE, self.folder, "can't be read"),
            ((), USAGE, "subcommand", "required"),
        )
        for arguments, status, name, cause in cases:
            with self.subTest(arguments=arguments):
                run = self.run_monolens("eval", *arguments)
                self.assert_exit(run, status)
                self.assert_one_line(run, name, cause)


if __name__ == "__main__":
    harness.main()
