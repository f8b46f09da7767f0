"""Reports to draw: a minute of television with seventeen kinds of defects, and those at the edges.

Run alone, it prints the sample as JSON: sample.py | render_html > sample.html
"""

import base64
import functools
import json
import math
import random
import subprocess

STEP_S = 0.5
DURATION_S = 60.0

SCENE = "mandelbrot=size=384x216:start_scale=%g:start_x=-0.743643887037151:start_y=-0.131825904205330"
WIDE, NEAR, FAR = SCENE % 0.9, SCENE % 0.012, SCENE % 0.09


def ffmpeg_image(filtergraph, codec, media_type):
    command = f"ffmpeg -v error -f lavfi -i {filtergraph} -frames:v 1 -c:v {codec} -q:v 4 -f image2pipe -"
    data = subprocess.run(command.split(), check=True, stdout=subprocess.PIPE).stdout
    return f"data:image/{media_type};base64," + base64.b64encode(data).decode()


@functools.cache
def jpeg(filtergraph):
    return ffmpeg_image(filtergraph, "mjpeg", "jpeg")


@functools.cache
def block_map():
    """A map of a 1920×1080 picture in which three bars are corrupt."""
    levels = [
        15 if any(x <= column < x + w and y <= row < y + 10 for x, y, w in ((20, 25, 40), (30, 35, 50), (75, 45, 20))) else 0
        for row in range(67)
        for column in range(120)
    ]
    runs = bytearray()
    for level in levels:
        if runs and runs[-1] >> 4 == level and runs[-1] & 15 < 15:
            runs[-1] += 1
        else:
            runs.append(level << 4)
    return {"block": 16, "columns": 120, "rows": 67, "runs": base64.b64encode(runs).decode()}


# kind, detector, severity, start, end, confidence, measures, picture, note
SAMPLE = [
    ("video.color_bars", "color_bars", "major", 0.0, 2.0, 0.99, {"match_share": 0.97},
     "smptehdbars=size=384x216", "SMPTE bars fill the picture"),
    ("video.freeze", "freeze", "critical", 12.4, 15.92, 0.98, {"mean_diff": 0.04, "still_share": 1.0},
     NEAR, "The picture stands still while the sound goes on"),
    ("video.freeze", "freeze", "critical", 50.0, 52.2, 0.95, {"mean_diff": 0.11, "still_share": 0.998},
     FAR, "The picture stands still"),
    ("video.black", "black", "critical", 20.0, 22.48, 1.0, {"black_share": 0.999, "mean_luma": 16.2},
     "color=0x050505:size=384x216", "Black from edge to edge"),
    ("video.solid", "solid", "critical", 25.52, 26.56, 0.97, {"mean_y": 150, "mean_cb": 44, "mean_cr": 21},
     "color=0x00b140:size=384x216", "One flat green"),
    ("video.corruption", "corruption", "major", 30.04, 31.16, 0.91,
     {"area_share": 0.084, "peak_area_share": 0.131}, FAR + ",pixelize=w=4:h=4,noise=alls=30",
     "Macroblocks of wrong content in the middle of the picture"),
    ("video.decode_error", "decode_error", "major", 30.04, 30.6, 1.0, {"errors": 7, "concealed_share": 0.06},
     FAR + ",pixelize", "7 frames with errors: missing references"),
    ("video.letterbox", "letterbox", "minor", 33.0, 41.0, 0.96, {"active": [0, 138, 1920, 804]},
     WIDE + ",drawbox=h=28:color=black:t=fill,drawbox=y=188:h=28:color=black:t=fill",
     "Bars above and below: 2.39:1 inside 16:9"),
    ("video.flash", "flash", "major", 43.2, 44.8, 0.88, {"flashes_per_s": 6.5, "area_share": 0.62},
     WIDE + ",negate", "6.5 flashes a second over 62 % of the picture"),
    ("video.levels", "levels", "info", 2.0, 12.0, 0.9, {"below_share": 0.0, "above_share": 0.021},
     NEAR + ",eq=brightness=0.25", "2.1 % of the pixels are above legal white"),
    ("audio.silence", "silence", "critical", 16.0, 19.2, 0.99, {"level_dbfs": -91.3}, None,
     "Below \u221260 dBFS on both channels"),
    ("audio.clipping", "clipping", "major", 27.3, 29.1, 0.94, {"clipped_share": 0.034, "level_dbfs": -0.1},
     None, "3.4 % of the samples are flat at full scale"),
    ("audio.phase", "phase", "minor", 35.0, 40.5, 0.97, {"correlation": -0.96}, None,
     "Left and right are in opposite phase; the sound is gone in mono"),
    ("audio.channel_missing", "channel_missing", "major", 46.0, 49.4, 0.99,
     {"channel": 2, "level_dbfs": -96.0}, None, "The right channel is silent while the left sounds"),
    ("audio.dropout", "dropout", "minor", 54.13, 54.17, 0.86, {"depth_db": 62.0}, None, "Cut for 40 ms"),
    ("audio.loudness", "loudness", "info", 0.0, 60.0, 1.0, {"integrated_lufs": -19.6, "over_lu": 3.4}, None,
     "3.4 LU above the target of \u221223 LUFS"),
    ("av.sync", "sync", "major", 54.5, 60.0, 0.83, {"offset_ms": 184.0}, NEAR, "The sound is 184 ms late"),
    ("transport.gap", "gap", "minor", 23.36, 23.44, 1.0, {"lost_packets": 3, "gap_ms": 80.0}, None,
     "Continuity error on PID 0x100: 3 packets are missing"),
]

DETECTORS = (
    "freeze black solid color_bars letterbox levels missing decode_error gap silence clipping phase "
    "channel_missing loudness corruption flash dropout sync blur hum interlaced"
).split()


def curves(duration_s, incidents=(), video=True, audio=True):
    noise = random.Random(7)

    def during(kind, t):
        return any(i["kind"] == kind and i["start_s"] - 1e-9 <= t < i["end_s"] for i in incidents)

    loudness, luma, motion = [], [], []
    for k in range(math.ceil(duration_s / STEP_S)):
        t = k * STEP_S
        scene = int(t / 4.5)
        look = random.Random(scene)
        speech = -20 + 4 * math.sin(t * 1.7) * math.sin(t * 0.31) + noise.uniform(-2.2, 2.2)
        if during("audio.clipping", t):
            speech = -8 + noise.uniform(-1, 1)
        loudness.append(None if during("audio.silence", t) or t < 0.4 else round(speech, 1))
        bright = look.uniform(60, 165) + noise.uniform(-3, 3)
        busy = look.uniform(1.2, 7) + noise.uniform(-0.8, 0.8)
        if during("video.black", t):
            bright, busy = 16.2, 0.0
        if during("video.solid", t):
            bright, busy = 150.0, 0.0
        if during("video.freeze", t) or during("video.color_bars", t):
            busy = 0.04
        if during("video.flash", t):
            bright, busy = bright + noise.uniform(-50, 60), 55.0
        if t % 4.5 < STEP_S:
            busy += 16
        luma.append(round(bright, 1))
        motion.append(round(max(0.0, busy), 2))
    return {
        "step_s": STEP_S,
        "loudness_lufs": loudness if audio else [],
        "luma": luma if video else [],
        "motion": motion if video else [],
    }


def summary(incidents):
    kinds = {}
    for i in incidents:
        kind = kinds.setdefault(i["kind"], {"count": 0, "seconds": 0.0})
        kind["count"] += 1
        kind["seconds"] = round(kind["seconds"] + i["end_s"] - i["start_s"], 6)
    return kinds


def report(url, incidents, duration_s=DURATION_S, video=True, audio=True, **more):
    reached = duration_s if duration_s is not None else 20.0
    made = {
        "schema": "monolens.report/1",
        "tool": {"name": "monolens", "version": "0.1.0", "cpu": "AVX2"},
        "profile": "full",
        "detectors": DETECTORS,
        "interrupted": False,
        "input": {
            "url": url,
            "format": "mpegts",
            "duration_s": duration_s,
            "video": {"codec": "h264", "width": 1920, "height": 1080, "fps": 25.0, "pixel_format": "yuv420p"}
            if video
            else None,
            "audio": {"codec": "aac", "sample_rate": 48000, "channels": 2} if audio else None,
            "audio_tracks": 1 if audio else 0,
            "program": None,
        },
        "analysed": {
            "video_frames": int(reached * 25) if video else 0,
            "audio_samples": int(reached * 48000) if audio else 0,
            "wall_s": 7.1,
            "cpu_s": 6.9,
        },
        "incidents": incidents,
        "measures": {
            "integrated_loudness_lufs": -19.6 if audio else None,
            "true_peak_dbtp": -0.1 if audio else None,
            "av_offset_ms": 4.0 if audio and video else None,
        },
        "summary": summary(incidents),
        "curves": curves(reached, incidents, video, audio),
    }
    return {**made, **more}


def incident(kind, start_s, end_s, detector="freeze", severity="critical", **more):
    return {
        "id": f"{kind}-{start_s:.3f}",
        "kind": kind,
        "detector": detector,
        "severity": severity,
        "start_s": start_s,
        "end_s": end_s,
        "confidence": 0.9,
        "measures": {},
        "track": None,
        "evidence": {"frame": None, "note": kind},
        **more,
    }


def television():
    incidents = []
    for kind, detector, severity, start, end, confidence, measures, graph, note in SAMPLE:
        track = (
            {"type": "audio", "index": 0, "id": 257, "language": "eng"} if kind.startswith("audio.") else None
        )
        evidence = {"frame": jpeg(graph) if graph else None, "note": note}
        if kind == "video.corruption":
            evidence["map"] = block_map()
        incidents.append(
            incident(
                kind,
                start,
                end,
                detector,
                severity,
                confidence=confidence,
                measures=measures,
                track=track,
                evidence=evidence,
            )
        )
    incidents.sort(key=lambda i: i["start_s"])
    return report("https://live.example.net/channel-4/evening-news.ts", incidents)


def clean():
    return report(
        "library/clean-interview.mp4",
        [],
        measures={"integrated_loudness_lufs": -23.1, "true_peak_dbtp": -2.4, "av_offset_ms": 0.0},
    )


def sound_only():
    found = [
        incident("audio.silence", 16.0, 19.2, "silence"),
        incident("audio.dropout", 40.0, 40.04, "dropout", "minor"),
    ]
    return report("radio/morning.aac", found, video=False)


def endless():
    return report(
        "udp://239.1.1.1:5000", [incident("video.freeze", 4.0, 9.0)], duration_s=None, interrupted=True
    )


def crowd(n=2000):
    kinds = [("video.corruption", "major"), ("audio.click", "minor"), ("transport.gap", "info")]
    found = [
        incident(kind, round(k * 1.8, 3), round(k * 1.8 + 0.02, 3), "gap", severity)
        for k in range(n)
        for kind, severity in [kinds[k % len(kinds)]]
    ]
    made = report("archive/tape-0417.mxf", found, duration_s=n * 1.8)
    made["curves"] = {
        "step_s": n * 1.8 / 2000,
        "luma": [100 + k % 50 for k in range(2000)],
        "motion": [k % 7 for k in range(2000)],
        "loudness_lufs": [-20 - k % 9 for k in range(2000)],
    }
    return made


if __name__ == "__main__":
    print(json.dumps(television()))
