"""The schemas accept the contract's own example and refuse what the contract rules out. Needs no binary."""

import copy
import unittest

import jsonschema

from harness import EVENT_SCHEMA, LIVE_EVENT_SCHEMA, REPORT_SCHEMA, violations

INCIDENT = {
    "id": "7c9e6679f1b2a3d4",
    "kind": "video.freeze",
    "detector": "freeze",
    "severity": "critical",
    "track": {"type": "video", "index": 0, "id": 256, "language": None},
    "start_s": 12.40,
    "end_s": 15.92,
    "confidence": 0.98,
    "measures": {"difference_db": -71.3},
    "evidence": {
        "frame": "data:image/jpeg;base64,/9j/4AAQSkZJRg==",
        "note": "The picture stands still for 3.52 s",
    },
}
REPORT = {
    "schema": "monolens.report/1",
    "tool": {"name": "monolens", "version": "0.1.0", "cpu": "AVX2"},
    "input": {
        "url": "channel.ts",
        "format": "mpegts",
        "duration_s": 60.0,
        "program": 1,
        "video": {"codec": "h264", "width": 1920, "height": 1080, "fps": 30.0, "pixel_format": "yuv420p", "rotation": 0},
        "audio": {"codec": "aac", "sample_rate": 48000, "channels": 2},
        "audio_tracks": [{"codec": "aac", "sample_rate": 48000, "channels": 2}],
    },
    "profile": "full",
    "detectors": ["black", "freeze"],
    "interrupted": False,
    "analysed": {"video_frames": 1800, "audio_samples": 2880000, "wall_s": 7.1, "cpu_s": 7.0},
    "incidents": [INCIDENT],
    "measures": {
        "integrated_loudness_lufs": -23.1,
        "loudness_range_lu": 4.2,
        "true_peak_dbtp": -1.2,
        "av_offset_ms": None,
    },
    "summary": {"video.freeze": {"count": 1, "seconds": 3.52}},
}


def changed(document, path, value):
    """A copy with the value at `path` replaced, or taken away if it is `...`."""
    out = copy.deepcopy(document)
    at = out
    for step in path[:-1]:
        at = at[step]
    if value is ...:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return out


def event(name, end_s):
    incident = changed(changed(INCIDENT, ["end_s"], end_s), ["evidence", "frame"], None)
    return {
        "schema": "monolens.event/1",
        "event": name,
        "input": "channel.ts",
        "at_s": 14.4,
        "incident": incident,
    }


def live_event(name, ended_at):
    incident = {key: INCIDENT[key] for key in ("id", "kind", "detector", "severity", "track", "confidence", "measures")}
    return {
        "schema": "monolens.live_event/1",
        "id": f"{INCIDENT['id']}.{name}",
        "event": name,
        "time": "2026-03-01T12:00:02.040Z",
        "monitor": {"id": "m1", "name": "Channel 1"},
        "incident": incident | {"started_at": "2026-03-01T12:00:00.000Z", "ended_at": ended_at, "note": "it stands still"},
    }


class Schemas(unittest.TestCase):
    def test_they_are_valid_schemas(self):
        for schema in (REPORT_SCHEMA, EVENT_SCHEMA, LIVE_EVENT_SCHEMA):
            jsonschema.Draft202012Validator.check_schema(schema)

    def test_a_report_and_an_array_of_reports_are_accepted(self):
        self.assertEqual([], violations(REPORT_SCHEMA, REPORT))
        self.assertEqual([], violations(REPORT_SCHEMA, [REPORT, changed(REPORT, ["incidents"], [])]))

    def test_what_is_absent_or_unknown_is_null(self):
        for path in (
            ["input", "video"],
            ["input", "audio"],
            ["input", "program"],
            ["input", "duration_s"],
            ["incidents", 0, "track"],
            ["incidents", 0, "evidence", "frame"],
            ["measures", "true_peak_dbtp"],
        ):
            with self.subTest(path=path):
                self.assertEqual([], violations(REPORT_SCHEMA, changed(REPORT, path, None)))
                self.assertNotEqual([], violations(REPORT_SCHEMA, changed(REPORT, path, ...)))

    def test_what_the_contract_rules_out_is_refused_in_a_report_and_in_an_array(self):
        for path, value in (
            (["schema"], "monolens.report/2"),
            (["extra"], 1),
            (["input", "video", "bitrate"], 1),
            (["incidents", 0, "kind"], "video.frozen"),
            (["incidents", 0, "severity"], "fatal"),
            (["incidents", 0, "confidence"], 1.2),
            (["incidents", 0, "end_s"], None),
            (["incidents", 0, "start_s"], "12.4"),
            (["incidents", 0, "extra"], 1),
            (["incidents", 0, "measures"], {"note": "text"}),
            (["incidents", 0, "track", "type"], "data"),
            (["incidents", 0, "evidence", "frame"], "https://example.org/frame.jpg"),
            (["incidents", 0, "evidence", "note"], "two\nlines"),
            (["incidents", 0, "evidence", "note"], ""),
            (["summary"], {"video.frozen": {"count": 1, "seconds": 1.0}}),
            (["summary"], {"video.freeze": {"count": 0, "seconds": 0.0}}),
            (["profile"], "fast"),
            (["interrupted"], None),
            (["measures", "av_offset_ms"], "4"),
        ):
            with self.subTest(path=path, value=value):
                broken = changed(REPORT, path, value)
                self.assertNotEqual([], violations(REPORT_SCHEMA, broken))
                self.assertNotEqual([], violations(REPORT_SCHEMA, [REPORT, broken]))

    def test_a_violation_says_where_it_is(self):
        broken = changed(REPORT, ["incidents", 0, "kind"], "video.frozen")
        self.assertIn("incidents/0/kind: 'video.frozen' is not one of", violations(REPORT_SCHEMA, broken)[0])

    def test_an_event_has_an_end_only_when_it_closes(self):
        for name, end_s, accepted in (
            ("open", None, True),
            ("update", None, True),
            ("close", 15.92, True),
            ("open", 15.92, False),
            ("close", None, False),
            ("begin", None, False),
        ):
            with self.subTest(event=name, end_s=end_s):
                self.assertEqual(accepted, not violations(EVENT_SCHEMA, event(name, end_s)))

    def test_a_live_event_has_an_end_only_when_it_closes_and_times_in_utc(self):
        for name, ended_at, accepted in (
            ("open", None, True),
            ("update", None, True),
            ("close", "2026-03-01T12:00:09.000Z", True),
            ("open", "2026-03-01T12:00:09.000Z", False),
            ("close", None, False),
            ("close", "2026-03-01T12:00:09+01:00", False),
            ("begin", None, False),
        ):
            with self.subTest(event=name, ended_at=ended_at):
                self.assertEqual(accepted, not violations(LIVE_EVENT_SCHEMA, live_event(name, ended_at)))
        self.assertNotEqual(
            [], violations(LIVE_EVENT_SCHEMA, changed(live_event("open", None), ["incident", "kind"], "video.frozen"))
        )

    def test_an_event_carries_a_whole_incident(self):
        self.assertNotEqual(
            [], violations(EVENT_SCHEMA, changed(event("open", None), ["incident", "severity"], ...))
        )
        self.assertNotEqual([], violations(EVENT_SCHEMA, changed(event("open", None), ["extra"], 1)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
