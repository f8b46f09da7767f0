#!/usr/bin/env python3
"""The short form of the soak: what was told is what the streams contained, though the service is killed."""

import harness
import soak
from harness import MonolensTest


class SoakTest(MonolensTest):
    def test_nothing_is_lost_and_nothing_invented_when_it_is_killed(self):
        summary, wrong, run = soak.soak(minutes=1.3, streams=4, kill_every_s=18, seed=7)
        print(summary)
        self.assertEqual([], wrong)
        self.assertGreaterEqual(sum(run.kills.values()), 3)
        self.assertGreaterEqual(run.sure, 3)


if __name__ == "__main__":
    harness.main()
