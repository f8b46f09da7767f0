"""monolens list, add, remove and follow, against a running monolens serve."""

import hashlib
import json
import signal
import socket
import subprocess

import harness
from harness import INCIDENTS, NOTHING, UNREADABLE, USAGE, MonolensTest
from serve import Serve, black_clip, wait_for


class RemoteTest(MonolensTest):
    def serve(self, config="", **more):
        serve = Serve(self.folder, config, **more)
        self.addCleanup(lambda: serve.process.poll() is None and serve.stop(signal.SIGKILL))
        return serve

    def ask(self, serve, command, *args):
        return self.run_monolens(command, "--server", serve.url, *args, timeout=20)

    def follow(self, serve, *args):
        follower = subprocess.Popen(self.command("follow", "--server", serve.url, *args), stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, text=True)

        def end():
            follower.kill()
            follower.wait()
            follower.stdout.close()
            follower.stderr.close()

        self.addCleanup(end)
        return follower

    def clip(self):
        return self.written("black.ts", black_clip().read_bytes())

    def test_a_monitor_is_added_listed_and_removed(self):
        serve = self.serve()
        self.assertEqual("", self.ask(serve, "list").stdout)
        added = self.ask(serve, "add", "udp://user:pw@127.0.0.1:9", "--name", "Channel 1", "--detectors", "all,-loudness",
                         "--set", "freeze.duration_s=1.5", "--profile", "economy", "--priority", "-5", "--program", "7",
                         "--label", "region=eu", "--label", "a=b=c", "--paused", "--variant", "lowest")
        self.assert_exit(added, NOTHING)
        monitor = added.stdout.strip()
        stored = serve.call("GET", f"/v1/monitors/{monitor}")[1]
        self.assertEqual(
            ("Channel 1", "all,-loudness", {"freeze.duration_s": 1.5}, "economy", -5, 7, {"region": "eu", "a": "b=c"}, True,
             "lowest"),
            tuple(stored[m] for m in ("name", "detectors", "options", "profile", "priority", "program", "labels", "paused",
                                      "variant")))
        listed = self.ask(serve, "list")
        self.assertRegex(listed.stdout, rf"(?m)^{monitor}  paused +100  Channel 1  udp://\*\*\*@127\.0\.0\.1:9$")
        self.assertEqual([stored], json.loads(self.ask(serve, "list", "--json").stdout))
        self.assert_exit(self.ask(serve, "remove", monitor), NOTHING)
        self.assertEqual([], serve.call("GET", "/v1/monitors")[1]["monitors"])

    def test_many_monitors_are_listed(self):
        serve = self.serve()
        for n in range(150):
            serve.watch(url="udp://127.0.0.1:9", name=f"{n} " + "x" * 150, paused=True, labels={"l": "y" * 200})
        self.assertEqual(151, len(self.ask(serve, "list").stdout.splitlines()))

    def test_several_are_removed_and_those_that_are_not_there_told(self):
        serve = self.serve()
        ids = [serve.watch(url="udp://127.0.0.1:9", paused=True) for _ in range(2)]
        run = self.ask(serve, "remove", ids[0], "nothing", "../v1", ids[1])
        self.assert_exit(run, UNREADABLE)
        self.assertEqual(2, len(run.stderr.splitlines()), run)
        self.assertIn("there is no monitor 'nothing'", run.stderr)
        self.assertEqual([], serve.call("GET", "/v1/monitors")[1]["monitors"])

    def test_what_is_wrong_is_told_in_one_line(self):
        serve = self.serve()
        for args, exit_status, cause in [
            (["concat:a|b"], USAGE, "url"),
            (["udp://127.0.0.1:9", "--profile", "fast"], USAGE, "fast"),
            (["/etc/passwd"], UNREADABLE, "folders"),
            (["http://169.254.169.254/"], UNREADABLE, "address 169.254.169.254 is not allowed"),
            (["udp://127.0.0.1:9", "--set", "freeze.duration_s"], USAGE, "name=value"),
            (["udp://127.0.0.1:9", "--set", "freeze.duration_s=x"], USAGE, "no number"),
            (["udp://127.0.0.1:9", "--label", "=x"], USAGE, "--label"),
        ]:
            with self.subTest(args=args):
                run = self.ask(serve, "add", *args)
                self.assert_exit(run, exit_status)
                self.assert_one_line(run, "monolens:", cause)
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            run = self.run_monolens("list", "--server", f"http://127.0.0.1:{nobody.getsockname()[1]}", timeout=20)
        self.assert_exit(run, UNREADABLE)
        self.assert_one_line(run, "127.0.0.1", "connect")
        self.assert_exit(self.run_monolens("list", "--server", "ftp://h", timeout=20), USAGE)

    def test_a_token_is_shown_from_a_file(self):
        token = "w" * 24
        hashed = hashlib.sha256(token.encode()).hexdigest()
        serve = self.serve(f'[[token]]\nrole = "write"\nhash = "sha256:{hashed}"\n')
        refused = self.ask(serve, "list")
        self.assert_exit(refused, UNREADABLE)
        self.assert_one_line(refused, serve.url, "unauthorized")
        file = self.written("token", token + "\n")
        added = self.ask(serve, "add", "udp://127.0.0.1:9", "--token-file", file)
        self.assert_exit(added, NOTHING)
        self.assertIn(added.stdout.strip(), self.ask(serve, "list", "--token-file", file).stdout)
        self.assert_exit(self.ask(serve, "list", "--token-file", self.folder / "none"), UNREADABLE)

    def test_events_are_followed_as_they_come(self):
        serve = self.serve()
        text = self.follow(serve, "--after", "0")
        documents = self.follow(serve, "--after", "0", "--json")
        serve.watch(url=str(self.clip()), name="clip", detectors="black")
        pattern = r"^\S+Z  {:<5}  critical  video\.black +clip: .+$"
        self.assertRegex(text.stdout.readline(), pattern.format("open"))
        self.assertRegex(text.stdout.readline(), pattern.format("close"))
        events = [json.loads(documents.stdout.readline()) for _ in range(2)]
        self.assertEqual(["open", "close"], [e["event"] for e in events])
        self.assertEqual([], harness.violations(harness.LIVE_EVENT_SCHEMA, events[0]))
        text.send_signal(signal.SIGINT)
        self.assertEqual(INCIDENTS, text.wait(timeout=10))

    def test_a_follower_goes_on_after_the_server_was_away_and_misses_nothing(self):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        serve = self.serve(port=port)
        monitor = serve.watch(url=str(self.clip()), name="clip", detectors="black")
        follower = self.follow(serve, "--after", "0", "--json")
        first = [json.loads(follower.stdout.readline()) for _ in range(2)]
        serve.stop(signal.SIGKILL)
        serve = self.serve(port=port)
        self.assertIn("trying again", follower.stderr.readline())
        again = [json.loads(follower.stdout.readline()) for _ in range(2)]
        self.assertEqual({monitor}, {e["monitor"]["id"] for e in first + again})
        self.assertEqual(4, len({e["id"] for e in first + again}), "each once")

    def test_a_follower_of_one_monitor_hears_of_no_other(self):
        serve = self.serve()
        clip = str(self.clip())
        other = serve.watch(url=clip, detectors="black")
        wait_for("the other", lambda: serve.incidents(open="false", monitor=other))
        mine = serve.watch(url=clip, detectors="black")
        follower = self.follow(serve, "--after", "0", "--json", "--monitor", mine)
        self.assertEqual(mine, json.loads(follower.stdout.readline())["monitor"]["id"])

    def test_a_follower_ends_with_its_reader(self):
        serve = self.serve()
        follower = self.follow(serve, "--after", "0", "--json")
        follower.stdout.close()
        serve.watch(url=str(self.clip()), detectors="black")
        self.assertEqual(INCIDENTS, follower.wait(timeout=30))


if __name__ == "__main__":
    harness.main()
