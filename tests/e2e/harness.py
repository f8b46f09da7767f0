"""Runs monolens as a person would, and says in one line what was found instead of what was expected.

MONOLENS is the binary's path. Whatever a run writes is validated against api/*.schema.json first.
"""

import json
import os
import subprocess
import tempfile
import unittest
from dataclasses import dataclass, field
from pathlib import Path

import jsonschema

import media

ROOT = Path(__file__).resolve().parents[2]
CLIPS = Path(os.environ.get("MONOLENS_CLIPS") or ROOT.parent / "shared" / "clips")

NOTHING, INCIDENTS, USAGE, UNREADABLE = 0, 1, 2, 3  # exit status


def _schema(name):
    return json.loads((ROOT / "api" / name).read_text())


REPORT_SCHEMA = _schema("report.schema.json")
EVENT_SCHEMA = _schema("event.schema.json")
LIVE_EVENT_SCHEMA = _schema("live_event.schema.json")
COMPARE_SCHEMA = _schema("compare.schema.json")
KINDS = REPORT_SCHEMA["$defs"]["kind"]["enum"]


def _validator(schema):
    known = {s["$id"]: s for s in (REPORT_SCHEMA, EVENT_SCHEMA)}
    return jsonschema.Draft202012Validator(
        schema, resolver=jsonschema.RefResolver.from_schema(schema, store=known)
    )


def violations(schema, document):
    """What in the document breaks the schema, one line each; empty if nothing does."""
    errors = sorted(_validator(schema).iter_errors(document), key=lambda e: list(map(str, e.absolute_path)))
    return [f"{'/'.join(map(str, e.absolute_path)) or '(top)'}: {e.message[:300]}" for e in errors]


def binary():
    path = os.environ.get("MONOLENS")
    if not path or not os.access(path, os.X_OK):
        raise RuntimeError(f"MONOLENS does not name the binary: {path!r}")
    return path


@dataclass
class Run:
    command: list
    exit: int
    stdout: str
    stderr: str
    document: object = None  # what --report wrote: a report, a list of them, or None
    events: list = field(default_factory=list)
    html: str = None

    @property
    def report(self):
        assert isinstance(self.document, dict), f"no single report\n{self}"
        return self.document

    @property
    def incidents(self):
        reports = self.document if isinstance(self.document, list) else [self.report]
        return [i for r in reports for i in r["incidents"]]

    def of(self, kind):
        return [i for i in self.incidents if i["kind"] == kind]

    def __str__(self):
        lines = [f"$ {' '.join(self.command)}", f"exit {self.exit}"]
        lines += [f"stderr: {line}" for line in self.stderr.splitlines()[:20]]
        if self.document is not None:
            lines += [told(i) for i in self.incidents] or ["no incidents"]
        return "\n".join(lines)


def told(incident):
    track = incident["track"]
    where = f" {track['type']} {track['index']}" if track else ""
    span = f"{incident['start_s']:.3f} to {incident['end_s']}"
    return f"  {incident['kind']}{where} {span} {incident['measures']} {incident['evidence']['note']}"


def read_events(path):
    return [json.loads(line) for line in path.read_text().splitlines() if line.endswith("}")]


class MonolensTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="monolens-e2e-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def written(self, name, data):
        path = self.folder / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def command(self, *args):
        return [binary(), *map(str, args)]

    def run_monolens(self, *args, timeout=60, **options):
        """Runs with exactly these arguments; standard input is empty unless given."""
        command = self.command(*args)
        if "input" not in options:
            options["stdin"] = subprocess.DEVNULL
        try:
            done = subprocess.run(command, capture_output=True, timeout=timeout, **options)
        except subprocess.TimeoutExpired as late:
            self.fail(f"still running after {timeout} s: {' '.join(command)}\n{late.stderr!r}")
        return Run(command, done.returncode, done.stdout.decode(), done.stderr.decode())

    def check(self, *args, html=False, **options):
        """`monolens check` with a report, events and, if asked for, HTML, all read back and validated."""
        out = Path(tempfile.mkdtemp(dir=self.folder))
        outputs = ["--report", out / "report.json", "--events", out / "events.jsonl"]
        if html:
            outputs += ["--html", out / "report.html"]
        run = self.run_monolens("check", *args, *outputs, **options)
        return self.collect(run, out)

    def collect(self, run, out):
        if (out / "report.json").exists():
            run.document = json.loads((out / "report.json").read_text())
            broken = violations(REPORT_SCHEMA, run.document)
            self.assertEqual([], broken, f"the report breaks api/report.schema.json\n{run}")
            self.consistent(run)
        if (out / "events.jsonl").exists():
            run.events = [json.loads(line) for line in (out / "events.jsonl").read_text().splitlines()]
            for event in run.events:
                broken = violations(EVENT_SCHEMA, event)
                self.assertEqual([], broken, f"an event breaks api/event.schema.json: {event}\n{run}")
        if (out / "report.html").exists():
            run.html = (out / "report.html").read_text()
        return run

    def consistent(self, run):
        """What a schema can't say: ids differ, ends follow starts, the summary counts, audio is track 0."""
        for report in run.document if isinstance(run.document, list) else [run.document]:
            ids = [i["id"] for i in report["incidents"]]
            self.assertEqual(len(ids), len(set(ids)), f"two incidents with one id\n{run}")
            counts = {}
            for i in report["incidents"]:
                self.assertLessEqual(i["start_s"], i["end_s"], f"ends before it starts:{told(i)}\n{run}")
                counts[i["kind"]] = counts.get(i["kind"], 0) + 1
            self.assertEqual(counts, {k: v["count"] for k, v in report["summary"].items()}, str(run))
            tracks = report["input"]["audio_tracks"]
            self.assertEqual(tracks[0] if tracks else None, report["input"]["audio"], str(run))

    def assert_exit(self, run, *expected):
        self.assertIn(run.exit, expected, f"exit status\n{run}")

    def assert_incident(self, run, kind, start, end, tolerance=0.1, track=None):
        """Exactly one incident of `kind` (on that audio or video track), which begins and ends there."""
        found = [i for i in run.of(kind) if track is None or (i["track"] or {}).get("index") == track]
        if len(found) != 1:
            self.fail(f"{len(found)} incidents of {kind}, expected one at {start} to {end}\n{run}")
        i = found[0]
        if abs(i["start_s"] - start) > tolerance or abs(i["end_s"] - end) > tolerance:
            self.fail(f"{kind} expected {start} to {end} ±{tolerance}, found\n{told(i)}\n{run}")
        return i

    def assert_found(self, run, kind):
        if not run.of(kind):
            self.fail(f"no {kind}\n{run}")
        return run.of(kind)

    def assert_silent(self, run, kinds=None, but=()):
        """No incident of `kinds` (of any kind if not given), leaving aside those in `but`."""
        found = [i for i in run.incidents if (kinds is None or i["kind"] in kinds) and i["kind"] not in but]
        if found:
            self.fail("found what is not there:\n" + "\n".join(map(told, found)) + f"\n{run}")

    def measure(self, run, name):
        """A measure of the whole programme that must be known."""
        value = run.report["measures"][name]
        self.assertIsNotNone(value, f"{name} is unknown\n{run}")
        return value

    def assert_one_line(self, run, name, cause):
        """Standard error is one line with the input's name and the cause (a regular expression)."""
        lines = run.stderr.splitlines()
        self.assertEqual(1, len(lines), f"lines on standard error\n{run}")
        self.assertIn(str(name), lines[0], f"the line does not name the input\n{run}")
        if cause:
            self.assertRegex(lines[0].lower(), cause, f"the line does not say the cause\n{run}")


def main():
    media.CACHE.mkdir(parents=True, exist_ok=True)
    unittest.main(verbosity=2)
