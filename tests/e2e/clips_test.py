"""Real clips: every incident is one that clips_expected.tsv explains, and what must be found is found.

The table was written from the clips' catalogue and from FFmpeg's own detectors: `must` is plain in both, `may`
is there but small, short or a matter of taste. A clip without a row is clean.
"""

import csv
import unittest
from pathlib import Path

import harness
from harness import CLIPS, INCIDENTS, KINDS, NOTHING, MonolensTest

TABLE = Path(__file__).resolve().parent / "clips_expected.tsv"


def catalogue():
    with open(CLIPS / "CATALOG.tsv", newline="") as table:
        return [row["file"] for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)]


def expectations():
    with open(TABLE, newline="") as table:
        return list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


class TheTable(unittest.TestCase):
    def test_has_one_row_a_clip_and_kind_and_says_why(self):
        rows = expectations()
        keys = [(row["clip"], row["kind"]) for row in rows]
        self.assertEqual(len(keys), len(set(keys)))
        for row in rows:
            self.assertIn(row["kind"], KINDS)
            self.assertIn(row["expected"], ("must", "may"))
            self.assertTrue(row["why"])


@unittest.skipUnless(CLIPS.is_dir(), f"no clips in {CLIPS}; MONOLENS_CLIPS names their folder")
class Clips(MonolensTest):
    def test_the_table_names_clips_that_exist(self):
        self.assertEqual(set(), {row["clip"] for row in expectations()} - set(catalogue()))

    def test_every_incident_is_explained_and_every_plain_defect_is_found(self):
        rows = expectations()
        for clip in catalogue():
            with self.subTest(clip=clip):
                run = self.check(CLIPS / clip, timeout=120)
                self.assert_exit(run, NOTHING, INCIDENTS)
                known = {row["kind"]: row["expected"] for row in rows if row["clip"] == clip}
                self.assert_silent(run, but=known)
                for kind, expected in known.items():
                    if expected == "must":
                        self.assert_found(run, kind)


if __name__ == "__main__":
    harness.main()
