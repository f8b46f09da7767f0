"""The Debian package: what it holds, and that it installs, serves, survives an upgrade and goes without a trace.

It is installed into a scratch root, so that nothing of this machine changes. Where there can be none, its
contents are checked and the service is started from the unpacked files.
"""

import configparser
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import urllib.request
from pathlib import Path

import harness
from harness import ROOT, MonolensTest
from scratch_root import ScratchRoot, Unavailable
from serve import wait_for

CONFIGURATION = "/etc/monolens/serve.toml"
STATE = "/var/lib/monolens"
UNIT = "lib/systemd/system/monolens.service"
MOST_EXPOSED = 15  # tenths: what `systemd-analyze security` may find, of 100

HOLDS = {  # path: mode
    "usr/bin/monolens": "-rwxr-xr-x",
    "etc/monolens/serve.toml": "-rw-r--r--",
    UNIT: "-rw-r--r--",
    "usr/share/man/man1/monolens.1.gz": "-rw-r--r--",
    "usr/share/bash-completion/completions/monolens": "-rw-r--r--",
    "usr/share/doc/monolens/copyright": "-rw-r--r--",
    "usr/share/doc/monolens/changelog.gz": "-rw-r--r--",
    "usr/share/doc/monolens/changelog.Debian.gz": "-rw-r--r--",
    "usr/share/doc/monolens/NOTICE.gz": "-rw-r--r--",
    "usr/share/doc/monolens/README.md": "-rw-r--r--",
    "usr/share/doc/monolens/docs/serve.md": "-rw-r--r--",
    "usr/share/doc/monolens/api/live_event.schema.json": "-rw-r--r--",
}

ASK = "import sys, urllib.request as u; print(u.urlopen('http://127.0.0.1:8080/' + sys.argv[1]).read())"


def printed(*words):
    done = subprocess.run(list(map(str, words)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=300)
    assert done.returncode == 0, f"exit {done.returncode}: {' '.join(map(str, words))}\n{done.stdout}"
    return done.stdout


def exec_start(unit):
    """The command of a unit's text, as words."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read_string(unit)
    return parser["Service"]["ExecStart"].split()


def named_so(root):
    """The files of a root whose name is that of the package."""
    places = ("/etc", "/lib/systemd", "/usr/bin", "/usr/share/bash-completion", "/usr/share/doc", "/usr/share/lintian",
              "/usr/share/man", "/var/lib", "/var/log")
    return root.run("find", *places, "-xdev", "-name", "*monolens*", check=False).splitlines()


class PackageTest(MonolensTest):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="monolens-package-")
        cls.addClassCleanup(folder.cleanup)
        made = Path(folder.name)
        config = Path(os.environ["MONOLENS_BUILD"]) / "CPackConfig.cmake"
        printed("cpack", "--config", config, "-B", made / "cpack")
        cls.package, = (made / "cpack").glob("*.deb")
        cls.files = made / "files"
        printed("dpkg-deb", "--extract", cls.package, cls.files)
        cls.control = made / "control"
        printed("dpkg-deb", "--control", cls.package, cls.control)

    def test_it_holds_what_it_should_and_all_of_it_is_roots(self):
        held = {}
        for line in printed("dpkg-deb", "--contents", self.package).splitlines():
            mode, owner, _, _, _, path = line.split(maxsplit=5)
            self.assertEqual("root/root", owner, line)
            held[path.removeprefix("./")] = mode
        self.assertEqual(HOLDS, {path: held.get(path) for path in HOLDS})
        self.assertEqual("drwxr-xr-x", held["usr/share/doc/monolens/docs/"])
        self.assertEqual(f"{CONFIGURATION}\n", (self.control / "conffiles").read_text())

    def test_its_dependencies_are_those_of_the_program(self):
        depends = printed("dpkg-deb", "--field", self.package, "Depends")
        for library in ("libc6", "libavcodec59", "libsqlite3-0", "libcurl4", "libnats3.4", "libssl3", "adduser"):
            self.assertRegex(depends, rf"\b{re.escape(library)}\b")

    def test_its_changelog_is_of_its_version(self):
        version = printed("dpkg-deb", "--field", self.package, "Version").strip()
        first = (ROOT / "deploy" / "debian" / "changelog").read_text().splitlines()[0]
        self.assertEqual(f"monolens ({version}) bookworm; urgency=medium", first)

    def test_lintian_has_nothing_to_say(self):
        if not shutil.which("lintian"):
            self.skipTest("lintian is not installed")
        self.assertEqual("", printed("lintian", "--allow-root", "--fail-on", "error,warning", "--tag-display-limit", 0,
                                     self.package))

    def test_systemd_finds_no_fault_in_the_unit_and_little_that_is_exposed(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd-analyze is not installed")
        text = (self.files / UNIT).read_text()
        program = exec_start(text)[0]
        unit = self.written("monolens.service", text.replace(program, f"{self.files}{program}"))
        self.assertEqual("", printed("systemd-analyze", "verify", "--man=no", unit))
        printed("systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", unit)

    def test_the_examples_in_the_configuration_are_accepted(self):
        text = (self.files / CONFIGURATION[1:]).read_text()
        examples = re.sub(r"(?m)^# (?=\[|[a-z_]+ = )", "", text)
        self.assertIn("\n[[sink]]\n", examples)
        for place in ("/var/log/monolens", "/var/lib/monolens", "/srv/media"):
            examples = examples.replace(place, str(self.folder))
        examples = re.sub(r"(?m)^(certificate_file|key_file) = .*\n", "", examples)
        url = self.serve(self.written("serve.toml", examples))
        self.assertEqual(200, urllib.request.urlopen(f"{url}/readyz").status)

    def test_the_service_runs_from_the_unpacked_files(self):
        url = self.serve(self.files / CONFIGURATION[1:])
        with urllib.request.urlopen(f"{url}/healthz") as answer:
            self.assertEqual({"status": "ok"}, json.load(answer))

    def test_it_is_installed_serves_is_upgraded_and_purged(self):
        try:
            root = ScratchRoot(self.folder)
        except Unavailable as why:
            self.skipTest(f"no scratch root to install into: {why}")
        self.addCleanup(root.close)
        root.run("rm", "--force", "/var/lib/man-db/auto-update")  # its index takes longer than all the rest
        root.run("dpkg", "--purge", "monolens")
        before = named_so(root)
        root.write("/tmp/monolens.deb", self.package.read_bytes())
        root.run("dpkg", "--install", "/tmp/monolens.deb")
        with self.subTest("the user has no shell and no other group"):
            passwd = root.run("getent", "passwd", "monolens").strip().split(":")
            self.assertEqual([STATE, "/usr/sbin/nologin"], passwd[5:])
            self.assertLess(int(passwd[2]), 1000)
            self.assertEqual("monolens", root.run("id", "-Gn", "monolens").strip())
        with self.subTest("others can't read what is secret"):
            self.assertEqual("monolens:monolens 750", self.stat(root, STATE))
            self.assertEqual("root:monolens 640", self.stat(root, CONFIGURATION))
        with self.subTest("it serves as its user with the unit's command"):
            self.serve_installed(root)
            self.assertEqual("monolens:monolens 600", self.stat(root, f"{STATE}/monolens.db"))
        with self.subTest("an upgrade keeps what the administrator has changed"):
            root.write(CONFIGURATION, b'listen = "127.0.0.1:8081"\n')
            root.run("chmod", "0600", CONFIGURATION)
            root.run("dpkg", "--install", "/tmp/monolens.deb")
            self.assertEqual('listen = "127.0.0.1:8081"\n', root.run("cat", CONFIGURATION))
            self.assertEqual("root:monolens 600", self.stat(root, CONFIGURATION))
        with self.subTest("a removal keeps configuration and state"):
            root.run("dpkg", "--remove", "monolens")
            root.run("test", "!", "-e", "/usr/bin/monolens")
            root.run("test", "-e", CONFIGURATION)
            root.run("test", "-e", f"{STATE}/monolens.db")
        with self.subTest("a purge leaves the user and nothing else"):
            root.run("dpkg", "--purge", "monolens")
            self.assertEqual(before, named_so(root))
            root.run("getent", "passwd", "monolens")

    def stat(self, root, path):
        return root.run("stat", "--format", "%U:%G %a", path).strip()

    def serve_installed(self, root):
        """Starts the service as its unit does, asks it, and stops it."""
        program, *words = exec_start(root.run("cat", f"/{UNIT}"))
        daemon = ["start-stop-daemon", "--pidfile", "/run/monolens.pid"]
        root.run(*daemon, "--start", "--make-pidfile", "--background", "--chuid", "monolens", "--chdir", STATE,
                 "--umask", "0077", "--exec", program, "--", *words)
        wait_for("health", lambda: '"ok"' in root.run("python3", "-c", ASK, "healthz", check=False))
        wait_for("readiness", lambda: '"ready"' in root.run("python3", "-c", ASK, "readyz", check=False))
        root.run(*daemon, "--stop", "--remove-pidfile", "--retry", "TERM/30")

    def serve(self, configuration):
        """Starts the unpacked program with this configuration, and returns its address."""
        process = subprocess.Popen(
            [self.files / "usr/bin/monolens", "serve", "--config", configuration, "--listen", "127.0.0.1:0",
             "--data", self.folder / "data"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

        def stop():
            process.terminate()
            self.assertEqual(0, process.wait(timeout=30))
            process.stdout.close()

        self.addCleanup(stop)
        line = process.stdout.readline()
        self.assertRegex(line, "listening on")
        url = re.search(r"http://\S+(?=,)", line).group()
        wait_for("the worker", lambda: answers(url + "/readyz"))
        return url


def answers(url):
    try:
        return urllib.request.urlopen(url, timeout=5).status == 200
    except OSError:
        return False


if __name__ == "__main__":
    harness.main()
