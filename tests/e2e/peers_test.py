"""The same answers as FFmpeg's filters at the same thresholds, and as EBU Tech 3341 demands.

A table of the differences is printed. A difference that has a reason stands in peers_differences.tsv (medium,
what, why) and does not fail; a reason without a difference does.
"""

import csv
import sys
import unittest
from pathlib import Path

import harness
import media
import peers
from harness import CLIPS, NOTHING, INCIDENTS, MonolensTest

HERE = Path(__file__).resolve().parent
SILENCE_TOLERANCE_S = 0.020
LOUDNESS_TOLERANCE_LU = 0.1
PEAK_TOLERANCE_DB = 0.2
ROUNDING = 0.05  # FFmpeg prints one decimal

LONG_GOP = ("-c:v", "libx264", "-preset", "veryfast", "-g", "250", "-crf", "18", "-threads", "1")
MPEG2 = ("-c:v", "mpeg2video", "-q:v", "2", "-g", "12", "-bf", "2", "-threads", "1")

MADE = {
    "freeze, long group of pictures": lambda: media.programme(
        "p1.mp4", vf=media.frozen(2, 5), video=LONG_GOP
    ),
    "freeze, a keyframe a second": lambda: media.programme("p2.ts", vf=media.frozen(2, 6)),
    "freeze to the end, lossless": lambda: media.video_only(
        "p3.mkv", vf=media.frozen(4, 9), video=media.LOSSLESS
    ),
    "black at both ends": lambda: media.video_only(
        "p4.mp4", vf=f"{media.painted('black', 0, 2.4)},{media.painted('black', 5.2, 8)}"
    ),
    "near black, MPEG-2": lambda: media.video_only(
        "p5.ts", vf=f"{media.painted('0x0c0c0c', 2, 5)},drawbox=w=40:h=30:c=gray:t=fill", video=MPEG2
    ),
    "black and silence, MP2": lambda: media.programme(
        "p6.ts",
        vf=media.painted("black", 3, 5.48),
        af=media.silent(2.5, 6),
        video=MPEG2,
        audio=("-c:a", "mp2"),
    ),
    "silence at both ends": lambda: media.audio_only(
        "p7.wav", af=f"{media.silent(0, 2.3)},{media.silent(5, 9)}"
    ),
    "near silence with a tick": lambda: media.audio_only(
        "p8.wav",
        left="if(between(t,1,5),0.0001,1)+between(t,3.2,3.2002)",
        right="if(between(t,1,5),0.0001,1)",
    ),
    "too short for any": lambda: media.programme(
        "p9.mp4",
        vf=f"{media.painted('black', 1, 2.92)},{media.painted('white', 4, 5.9)}",
        af=media.silent(1, 2.9),
    ),
    "44.1 kHz AAC, loud": lambda: media.audio_only("p10.m4a", rate=44100, level_lufs=-9, audio=media.AAC),
    "8 kHz mono": lambda: media.audio_only("p11.wav", af="aformat=sample_rates=8000:channel_layouts=mono"),
    "5.1": lambda: media.audio_only(
        "p12.wav", af="pan=5.1(side)|FL=FL|FR=FR|FC=0.5*FL+0.5*FR|LFE=FL|SL=0.5*FL|SR=0.5*FR", seconds=6
    ),
}


# Every clip in which a peer finds something, and quiet ones of many formats.
REAL = (
    "talk_googlework_documentary_h264_aac.mp4",
    "talk_poetryjam_whitehouse_h264_aac.mp4",
    "film_chaplin_bw_h264_mp3.mp4",
    "film_countdown_leader_h264_aac.mp4",
    "dark_woman_thumb_h264_aac.mp4",
    "fade_sintel_opening_h264_aac.ts",
    "anim_bbb_51_h264_aac.mp4",
    "anim_chrome_stopmotion_h264_aac.mp4",
    "live_airshow_plane_h264_mp3.mp4",
    "live_dog_trick_h264_aac.mp4",
    "screen_devtools_h264_aac.mp4",
    "screen_slides_black_borders_1fps_h264_aac.mp4",
    "screen_slides_lecture_vfr_h264_aac.mov",
    "hls_tears_of_steel_discont/playlist-video.m3u8",
    "hls_bbb_180p_aac/chunk.m3u8",
    "aud_speech_clean_CA01.wav",
    "aud_speech_commercial_mono.wav",
    "aud_align_degraded.wav",
    "aud_guitar48_stereo.wav",
    "aud_bs1770_absgate.wav",
)


def explained():
    with open(HERE / "peers_differences.tsv", newline="") as table:
        return {(row["medium"], row["what"]): row["why"] for row in csv.DictReader(table, delimiter="\t")}


def shown(intervals):
    return " ".join(f"{a:.2f}-{b:.2f}" for a, b in intervals) or "none"


def interval_distance(ours, theirs):
    """The largest distance between the ends of two lists of intervals; infinite if they differ in number."""
    if len(ours) != len(theirs):
        return float("inf")
    return max((abs(x - y) for a, b in zip(ours, theirs) for x, y in zip(a, b)), default=0.0)


def distance(ours, theirs):
    if ours is None or theirs is None:
        return 0.0 if ours is theirs else float("inf")
    return abs(ours - theirs)


LOG = """
[Parsed_freezedetect_0 @ 0x1] lavfi.freezedetect.freeze_start: 2.02133
[Parsed_freezedetect_0 @ 0x1] lavfi.freezedetect.freeze_end: 4.02133
[Parsed_blackdetect_1 @ 0x2] black_start:3 black_end:5.04 black_duration:2.04
[Parsed_freezedetect_0 @ 0x1] lavfi.freezedetect.freeze_start: 6
[Parsed_showinfo_2 @ 0x3] n: 198 pts:    198 pts_time:7.92 duration: 1
[Parsed_showinfo_2 @ 0x3] n: 199 pts:    199 pts_time:7.96 duration: 1
[Parsed_silencedetect_0 @ 0x4] silence_start: -0.01
[Parsed_silencedetect_0 @ 0x4] silence_end: 2.5 | silence_duration: 2.51
  Integrated loudness:
    I:         -23.1 LUFS
  True peak:
    Peak:      -17.2 dBFS
"""


class ThePeersAnswers(unittest.TestCase):
    def test_are_read_from_the_log(self):
        peer = peers.parsed(LOG, has_video=True, has_audio=True, frame_s=0.04)
        self.assertEqual([[2.02133, 4.02133], [6.0, 8.0]], peer.freeze)
        self.assertEqual([[3.0, 5.04]], peer.black)
        self.assertEqual([[-0.01, 2.5]], peer.silence)
        self.assertEqual((-23.1, -17.2), (peer.loudness, peer.true_peak))

    def test_digital_silence_has_no_loudness(self):
        log = LOG.replace("-23.1 LUFS", "-70.0 LUFS").replace("-17.2 dBFS", "-inf dBFS")
        peer = peers.parsed(log, has_video=False, has_audio=True)
        self.assertEqual((None, None, None), (peer.freeze, peer.loudness, peer.true_peak))

    def test_differ_by_the_farthest_of_their_ends(self):
        self.assertEqual(0.0, interval_distance([], []))
        self.assertAlmostEqual(0.2, interval_distance([[1, 2], [4, 5.2]], [[1.1, 2], [4, 5]]))
        self.assertEqual(float("inf"), interval_distance([[1, 2]], []))


class SameAsFFmpeg(MonolensTest):
    def compared(self, name, path):
        """Rows (medium, what, FFmpeg, Monolens, difference, within tolerance)."""
        peer = peers.measured(path)
        run = self.check(
            path, "--config", HERE / "peers.toml", "--detectors", "freeze,black,silence,loudness", timeout=120
        )
        self.assert_exit(run, NOTHING, INCIDENTS)
        rows = []
        frame = (peer.frame_s or 0) + 0.002
        for kind, theirs, tolerance in (
            ("video.freeze", peer.freeze, frame),
            ("video.black", peer.black, frame),
            ("audio.silence", peer.silence, SILENCE_TOLERANCE_S),
        ):
            if theirs is None:
                continue
            ours = sorted(
                [i["start_s"], i["end_s"]] for i in run.of(kind) if not i["track"] or i["track"]["index"] == 0
            )
            apart = interval_distance(ours, theirs)
            rows.append((name, kind, shown(theirs), shown(ours), apart, apart <= tolerance))
        if peer.silence is not None:
            measures = run.report["measures"]
            for what, theirs, ours, tolerance in (
                ("loudness", peer.loudness, measures["integrated_loudness_lufs"], LOUDNESS_TOLERANCE_LU),
                ("true peak", peer.true_peak, measures["true_peak_dbtp"], PEAK_TOLERANCE_DB),
            ):
                apart = distance(ours, theirs)
                rows.append((name, what, str(theirs), str(ours), apart, apart <= tolerance + ROUNDING))
        return rows

    def agree(self, media_by_name):
        rows = [row for name, path in media_by_name for row in self.compared(name, path)]
        reasons = {key: why for key, why in explained().items() if key[0] in dict(media_by_name)}
        wrong, text = [], []
        for name, what, theirs, ours, apart, agrees in rows:
            why = reasons.pop((name, what), None)
            verdict = "" if agrees else (why or "DIFFERS")
            if agrees == (why is not None):
                wrong.append(
                    f"{name}, {what}: FFmpeg {theirs}, Monolens {ours}" + (f"; but: {why}" if why else "")
                )
            text.append(f"{name[:44]:44} {what:14} {theirs[:34]:34} {ours[:34]:34} {apart:7.3f} {verdict}")
        print(f"\n{'medium':44} {'what':14} {'FFmpeg':34} {'Monolens':34} {'apart':>7}", *text, sep="\n")
        sys.stdout.flush()
        wrong += [f"explained, but not compared: {key}" for key in reasons]
        self.assertEqual([], wrong, "\n" + "\n".join(wrong))

    def test_on_made_media(self):
        self.agree([(name, make()) for name, make in MADE.items()])

    @unittest.skipUnless(CLIPS.is_dir(), f"no clips in {CLIPS}; MONOLENS_CLIPS names their folder")
    def test_on_real_clips(self):
        self.agree([(name, CLIPS / name) for name in REAL])


class EbuTech3341(MonolensTest):
    """EBU Tech 3341 (2016), table 1, synthesised at 48 kHz as 32-bit float."""

    # Case: the levels of a 1 kHz tone in dBFS and their seconds. Cases 1 to 5 are stereo in phase.
    LEVELS = {
        1: ((-23, 20),),
        2: ((-33, 20),),
        3: ((-36, 10), (-23, 60), (-36, 10)),
        4: ((-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)),
        5: ((-26, 20), (-20, 20.1), (-26, 20)),
    }
    LOUDNESS = {1: -23.0, 2: -33.0, 3: -23.0, 4: -23.0, 5: -23.0, 6: -23.0}

    # Case: the divisor of the sample rate, the phase in degrees, the amplitude re full scale, dBTP.
    PEAKS = {
        15: (4, 0.0, 0.50, -6.0),
        16: (4, 45.0, 0.50, -6.0),
        17: (6, 60.0, 0.50, -6.0),
        18: (8, 67.5, 0.50, -6.0),
        19: (4, 45.0, 1.41, +3.0),
    }

    def signal(self, case, expressions, seconds, layout):
        source = f"aevalsrc='{'|'.join(expressions)}':s=48000:c={layout}:d={seconds}"
        return media.made(f"ebu3341_{case}.wav", "-f", "lavfi", "-i", source, "-c:a", "pcm_f32le")

    def loudness_signal(self, case):
        if case == 6:
            levels = (-28, -28, -24, -30, -30)  # L, R, C, Ls, Rs
            return self.signal(6, [f"{10 ** (l / 20)}*sin(2*PI*1000*t)" for l in levels], 20, "5.0(side)")
        gain, end = "0", 0
        for level, seconds in self.LEVELS[case]:
            gain += f"+{10 ** (level / 20)}*gte(t,{end})*lt(t,{end + seconds})"
            end += seconds
        return self.signal(case, [f"({gain})*sin(2*PI*1000*t)"] * 2, end, "stereo")

    def peak_signal(self, case):
        divisor, phase, amplitude, _ = self.PEAKS[case]
        # The fades keep the ends of the tone from ringing above the tone itself.
        tone = f"{amplitude}*min(1,min(t,3-t)*4)*sin(2*PI*{48000 // divisor}*t+{phase}*PI/180)"
        return self.signal(case, [tone] * 2, 3, "stereo")

    def measured(self, path, name):
        return self.measure(self.check(path, "--detectors", "loudness"), name)

    def test_cases_1_to_6_integrated_loudness(self):
        for case, expected in self.LOUDNESS.items():
            with self.subTest(case=case):
                measured = self.measured(self.loudness_signal(case), "integrated_loudness_lufs")
                print(f"EBU Tech 3341 case {case}: {expected} ±0.1 LUFS, measured {measured}")
                self.assertAlmostEqual(expected, measured, delta=0.1)

    def test_cases_15_to_19_true_peak(self):
        for case, (*_, expected) in self.PEAKS.items():
            with self.subTest(case=case):
                measured = self.measured(self.peak_signal(case), "true_peak_dbtp")
                print(f"EBU Tech 3341 case {case}: {expected} +0.2 −0.4 dBTP, measured {measured}")
                self.assertLessEqual(measured, expected + 0.2)
                self.assertGreaterEqual(measured, expected - 0.4)


if __name__ == "__main__":
    harness.main()
