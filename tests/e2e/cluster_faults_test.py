"""A cluster that harm is done to at random watches each stream once in the end, and loses and doubles nothing."""

import unittest

import cluster
import cluster_faults
from harness import main


@unittest.skipIf(cluster.NATS is None, "nats-server is not installed")
class ClusterFaultsTest(unittest.TestCase):
    def test_a_few_faults(self):
        cluster_faults.run(faults=6, streams=4, instances=3, seed=11)


if __name__ == "__main__":
    main()
