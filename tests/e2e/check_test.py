"""`monolens check` on small media: each kind at a known time, clean media, formats, timelines, outputs."""

import os
import re
import signal
import subprocess
import threading
import time

import harness
import media
import transport
from harness import INCIDENTS, NOTHING, UNREADABLE, MonolensTest
from media import AAC, LOSSLESS, PCM, X264

AUDIO_FROM = "if(between(t,2,4.999),{},{})"  # a factor of a channel between 2 and 5 s, and otherwise
TRANSPORT = {"transport.gap", "video.decode_error", "video.missing", "audio.missing", "audio.silence"}


class EachKindAtItsTime(MonolensTest):
    def found(self, path, kind, start, end, *args, tolerance=0.1, but=()):
        """The defect is there, once, and nothing else is."""
        run = self.check(path, *args)
        self.assert_exit(run, INCIDENTS)
        incident = self.assert_incident(run, kind, start, end, tolerance)
        self.assert_silent(run, but={kind, *but})
        return incident

    def test_a_freeze_is_found_through_keyframes_of_a_coarse_encoder(self):
        path = media.programme("freeze.ts", vf=media.frozen(2, 5))
        self.assertEqual("critical", self.found(path, "video.freeze", 2, 5)["severity"])

    def test_a_freeze_is_found_through_the_drift_of_a_low_bitrate_encoder(self):
        video = ("-c:v", "mpeg2video", "-b:v", "400k", "-g", "12", "-bf", "2")
        path = media.programme("freeze_mpeg2.ts", vf=media.frozen(2, 6), video=video)
        # The encoder needs most of a second to settle on the still picture; only then is it repeated.
        self.found(path, "video.freeze", 2, 6, tolerance=1.0)

    def test_a_slide_with_a_running_clock_is_no_freeze(self):
        clock = "testsrc=size=24x16:rate=25,format=yuv420p"
        path = media.made(
            "slide_with_clock.ts",
            *(*media.picture(), "-f", "lavfi", "-i", clock, *media.sound()),
            *("-filter_complex", f"[0]{media.frozen(0, 9)}[slide];[slide][1]overlay=280:210[v]"),
            *("-map", "[v]", "-map", "2", "-t", "8", *X264, *AAC),
        )
        run = self.check(path)
        self.assert_silent(run)
        self.assert_exit(run, NOTHING)

    def test_a_fixed_camera_with_little_motion_is_no_freeze(self):
        walker = "color=gray:size=10x18:rate=25"
        path = media.made(
            "fixed_camera.ts",
            *(*media.picture(), "-f", "lavfi", "-i", walker, *media.sound()),
            *("-filter_complex", f"[0]{media.frozen(0, 9)}[still];[still][1]overlay=x='40+6*t':y=120[v]"),
            *("-map", "[v]", "-map", "2", "-t", "8", *X264, *AAC),
        )
        self.assert_silent(self.check(path))

    def test_black(self):
        path = media.programme("black.ts", vf=media.painted("black", 2, 5))
        self.found(path, "video.black", 2, 5)

    def test_a_logo_does_not_hide_black(self):
        logo = f"drawbox=x=270:y=20:w=30:h=16:c=white:t=fill:{media.during(2, 5)}"
        path = media.programme("black_logo.ts", vf=f"{media.painted('black', 2, 5)},{logo}")
        self.found(path, "video.black", 2, 5)

    def test_a_green_picture_is_solid(self):
        path = media.programme("green.ts", vf=media.painted("0x007000", 3, 4))
        self.found(path, "video.solid", 3, 4)

    def test_color_bars(self):
        for bars in ("pal75bars", "smptebars"):
            with self.subTest(bars=bars):
                path = media.made(
                    f"{bars}.ts",
                    *(*media.picture(), "-f", "lavfi", "-i", f"{bars}=size=320x240:rate=25"),
                    *media.sound(),
                    *("-filter_complex", f"[0][1]overlay={media.during(2, 5)},format=yuv420p[v]"),
                    *("-map", "[v]", "-map", "2", "-t", "8", *X264, *AAC),
                )
                # Bars stand still as well: whoever watches is told of both.
                self.found(path, "video.color_bars", 2, 5, but={"video.freeze", "video.levels"})

    def test_a_letterbox_that_comes_and_goes_gives_the_active_rectangle(self):
        borders = ":c=black:t=fill:" + media.during(2, 6)
        path = media.programme(
            "letterbox.ts", vf=f"drawbox=y=0:h=32:w=320{borders},drawbox=y=208:h=32:w=320{borders}"
        )
        incident = self.found(path, "video.letterbox", 2, 6)
        self.assertLessEqual(
            {320, 176}, {round(v) for v in incident["measures"].values()}, incident["measures"]
        )

    def test_luma_outside_the_legal_range(self):
        path = media.programme(
            "levels.ts",
            vf=f"lutyuv=y='if(gt(val,140),254,val)':{media.during(2, 5)}",
            video=(*X264, "-crf", "16"),
        )
        self.found(path, "video.levels", 2, 5)

    def test_video_that_stops_arriving_is_missing(self):
        lost = "noise=drop='between(n,50,124)'"
        path = media.programme("video_missing.mp4", more=("-bsf:v", lost))
        self.found(path, "video.missing", 2, 5, but=TRANSPORT)

    def test_audio_that_stops_arriving_is_missing(self):
        lost = "noise=drop='between(pts*tb,2.0,4.999)'"
        path = media.programme("audio_missing.mp4", more=("-bsf:a", lost))
        self.found(path, "audio.missing", 2, 5, but=TRANSPORT)

    def test_black_that_lasts_while_frames_stop_arriving_is_not_lost(self):
        lost = "noise=drop='between(n,75,124)'"
        path = media.programme(
            "black_then_missing.mp4", vf=media.painted("black", 2, 6), more=("-bsf:v", lost)
        )
        incident = self.assert_incident(self.check(path), "video.black", 2, 6)
        self.assertEqual("critical", incident["severity"])

    def test_a_damaged_bitstream_is_a_decode_error(self):
        whole = media.programme("whole.ts")
        path = self.written("damaged.ts", transport.join(damaged_video(whole, 3.0, 3.5)))
        run = self.check(path)
        self.assert_exit(run, INCIDENTS)
        first = self.assert_found(run, "video.decode_error")[0]
        self.assertAlmostEqual(3.0, first["start_s"], delta=0.3, msg=str(run))
        self.assertLess(first["end_s"], 5.0, str(run))

    def test_packets_lost_on_the_way_are_a_gap(self):
        whole = transport.packets(media.programme("whole.ts"))
        path = self.written(
            "gap.ts", transport.join(transport.without(whole, transport.VIDEO_PID, 3, 3.4, count=5))
        )
        run = self.check(path)
        self.assert_exit(run, INCIDENTS)
        self.assertAlmostEqual(
            3.0, self.assert_found(run, "transport.gap")[0]["start_s"], delta=0.3, msg=str(run)
        )

    def test_silence(self):
        path = media.programme("silence.ts", af=media.silent(2, 5))
        self.found(path, "audio.silence", 2, 5)

    def test_a_relay_tick_does_not_end_a_silence(self):
        tick = "if(between(t,2,5),if(between(t,3.5,3.5005),1,0),1)"
        path = media.audio_only("silence_tick.wav", left=tick, right=tick)
        self.found(path, "audio.silence", 2, 5, but={"audio.click"})

    def test_clipping(self):
        louder = "volume=24dB:enable='between(t,2,5)'"
        path = media.audio_only("clipping.wav", af=louder)
        run = self.check(path)
        self.assert_exit(run, INCIDENTS)
        self.assert_incident(run, "audio.clipping", 2, 5, tolerance=0.5)

    def test_channels_in_opposite_phase(self):
        path = media.audio_only(
            "phase.wav", right=f"-({AUDIO_FROM.format(1, -1)})", af="pan=stereo|c0=c0|c1=-1*c0"
        )
        run = self.check(path)
        self.assert_incident(run, "audio.phase", 0, 8, tolerance=0.6)

    def test_channels_that_turn_to_opposite_phase_and_back(self):
        turn = AUDIO_FROM.format(-1, 1)
        path = media.made(
            "phase_turns.wav",
            *(
                "-f",
                "lavfi",
                "-i",
                f"aevalsrc='0.075*sin(2*PI*440*t)|0.075*({turn})*sin(2*PI*440*t)':s=48000:d=8",
            ),
            *PCM,
        )
        self.found(path, "audio.phase", 2, 5, tolerance=0.6, but={"audio.click"})

    def test_a_silent_channel_among_sounding_ones(self):
        path = media.audio_only("one_channel.wav", right=AUDIO_FROM.format(0, 1), level_lufs=-22.5)
        self.found(path, "audio.channel_missing", 2, 5)

    def test_loudness_out_of_target(self):
        path = media.audio_only("loud.wav", seconds=12, level_lufs=-14)
        run = self.check(path)
        self.assert_exit(run, INCIDENTS)
        self.assert_found(run, "audio.loudness")
        self.assert_silent(run, but={"audio.loudness"})
        self.assertAlmostEqual(-14, self.measure(run, "integrated_loudness_lufs"), delta=0.3)

    def test_true_peak_out_of_target(self):
        # A programme on target with 2 ms of fs/4 at 45°: the samples stay 3 dB under the peak between them.
        tone = "0.07*sin(2*PI*440*t)+0.9*sin(2*PI*12000*t+PI/4)*between(t,5,5.002)"
        path = media.made("peak.wav", "-f", "lavfi", "-i", f"aevalsrc='{tone}|{tone}':s=48000:d=10", *PCM)
        run = self.check(path, "--detectors", "loudness")
        self.assertAlmostEqual(-23, self.measure(run, "integrated_loudness_lufs"), delta=0.9, msg=str(run))
        self.assertGreater(self.measure(run, "true_peak_dbtp"), -1, str(run))
        self.assert_found(run, "audio.loudness")

    def test_a_defect_that_lasts_to_the_end_is_closed_by_the_end(self):
        path = media.programme("black_to_end.ts", vf=media.painted("black", 5, 9))
        self.found(path, "video.black", 5, 8)


def damaged_video(path, start, end):
    return transport.damaged(transport.packets(path), transport.VIDEO_PID, start, end)


class CleanMedia(MonolensTest):
    def test_every_detector_is_silent(self):
        for suffix in (".ts", ".mp4", ".mkv"):
            with self.subTest(container=suffix):
                run = self.check(media.clean(suffix, seconds=8))
                self.assert_silent(run)
                self.assert_exit(run, NOTHING)
                self.assertEqual([], run.events)
                self.assertEqual("", run.stderr)

    def test_the_report_states_the_facts_of_the_input(self):
        run = self.check(media.clean(".mp4", seconds=8))
        report = run.report
        self.assertEqual(
            {"codec": "h264", "width": 320, "height": 240, "fps": 25.0, "pixel_format": "yuv420p", "rotation": 0},
            report["input"]["video"],
        )
        self.assertEqual({"codec": "aac", "sample_rate": 48000, "channels": 2}, report["input"]["audio"])
        self.assertAlmostEqual(8.0, report["input"]["duration_s"], delta=0.05)
        self.assertEqual(200, report["analysed"]["video_frames"])
        self.assertAlmostEqual(8 * 48000, report["analysed"]["audio_samples"], delta=2048)
        self.assertFalse(report["interrupted"])
        self.assertAlmostEqual(-23.0, self.measure(run, "integrated_loudness_lufs"), delta=0.3)
        self.assertAlmostEqual(-17.1, self.measure(run, "true_peak_dbtp"), delta=0.5)

    def test_audio_only_leaves_video_null(self):
        run = self.check(media.audio_only("audio_only.wav"))
        self.assert_silent(run)
        self.assertIsNone(run.report["input"]["video"])
        self.assertEqual(0, run.report["analysed"]["video_frames"])

    def test_video_only_leaves_audio_and_its_measures_null(self):
        run = self.check(media.video_only("video_only.mp4"))
        self.assert_silent(run)
        self.assertIsNone(run.report["input"]["audio"])
        self.assertEqual([], run.report["input"]["audio_tracks"])
        for measure, value in run.report["measures"].items():
            self.assertIsNone(value, measure)

    def test_digital_silence_has_no_loudness(self):
        run = self.check(media.audio_only("digital_silence.wav", af="volume=0"))
        self.assertIsNone(run.report["measures"]["true_peak_dbtp"], str(run))
        self.assertIsNone(run.report["measures"]["integrated_loudness_lufs"], str(run))

    def test_an_attached_picture_is_not_video(self):
        cover = media.made(
            "cover.jpg", "-f", "lavfi", "-i", "testsrc2=size=64x64", "-frames:v", "1", "-update", "1"
        )
        track = media.audio_only("audio_only.wav")
        path = media.made(
            "attached_picture.mp3",
            *("-i", track, "-i", cover, "-map", "0", "-map", "1", "-c:a", "libmp3lame", "-c:v", "copy"),
            *("-disposition:v", "attached_pic"),
        )
        run = self.check(path)
        self.assertIsNone(run.report["input"]["video"])
        self.assert_silent(run)


class Formats(MonolensTest):
    def black_is_found_in(self, path):
        run = self.check(path, "--detectors", "black,freeze,solid,levels,letterbox,decode_error")
        self.assert_incident(run, "video.black", 2, 5)
        self.assert_silent(run, but={"video.black"})
        return run

    def test_bit_depths_and_chroma_formats(self):
        for pixels in ("yuv420p10le", "yuv422p", "yuv422p10le", "yuv444p", "yuv444p10le", "gray", "gray10le"):
            with self.subTest(pixels=pixels):
                vf = f"{media.painted('black', 2, 5)},format={pixels}"
                run = self.black_is_found_in(
                    media.video_only(f"black_{pixels}.mkv", vf=vf, video=LOSSLESS, size="160x120")
                )
                self.assertEqual(pixels, run.report["input"]["video"]["pixel_format"])

    def test_full_range(self):
        vf = f"{media.painted('black', 2, 5)},scale=in_range=tv:out_range=pc,format=yuvj420p"
        self.black_is_found_in(media.video_only("black_full_range.mp4", vf=vf, size="160x120"))

    def test_interlaced(self):
        path = media.video_only(
            "black_interlaced.mp4",
            vf=media.painted("black", 2, 5),
            video=(*X264, "-flags", "+ildct+ilme"),
            size="160x120",
        )
        self.black_is_found_in(path)

    def test_b_frames_are_presented_in_order(self):
        path = media.video_only(
            "black_b_frames.mp4", vf=media.painted("black", 2, 5), video=(*X264, "-bf", "3")
        )
        self.black_is_found_in(path)

    def test_rotation(self):
        upright = media.video_only("black_upright.mp4", vf=media.painted("black", 2, 5), size="160x120")
        path = media.made("black_rotated.mp4", "-i", upright, "-c", "copy", "-metadata:s:v", "rotate=90")
        self.black_is_found_in(path)

    def test_a_variable_frame_rate_keeps_presentation_times(self):
        thinned = "select='if(between(t,2,5),not(mod(n,4)),if(lt(t,2),1,not(mod(n,3))))'"
        path = media.video_only(
            "black_vfr.mp4",
            vf=f"{media.painted('black', 2, 5)},{thinned}",
            more=("-vsync", "vfr"),
            size="160x120",
        )
        run = self.check(path, "--detectors", "black")
        # Of the black frames every fourth is kept, first number 52; then every third, first number 126.
        self.assert_incident(run, "video.black", 2.08, 5.04, tolerance=0.03)

    def halves(self, name, first, second):
        """Two transport streams one after the other on one timeline; the second is black from 6 to 9 s."""
        a = media.programme(f"{name}_a.ts", seconds=4, **first)
        b = media.programme(
            f"{name}_b.ts",
            **{**second, "vf": f"{media.painted('black', 2, 5)}{second.get('vf', '')}"},
            more=("-output_ts_offset", "4"),
        )
        return self.written(f"{name}.ts", a.read_bytes() + b.read_bytes())

    def test_a_resolution_that_changes_midway(self):
        path = self.halves("resolution", {}, {"vf": ",scale=640:360"})
        run = self.check(path, "--detectors", "black,freeze,solid")
        self.assert_incident(run, "video.black", 6, 9)
        self.assert_silent(run, but={"video.black"})
        self.assertEqual(300, run.report["analysed"]["video_frames"])

    def test_a_pixel_format_that_changes_midway(self):
        path = self.halves("pixel_format", {}, {"vf": ",format=yuv422p10le"})
        run = self.check(path, "--detectors", "black,freeze,solid")
        self.assert_incident(run, "video.black", 6, 9)
        self.assert_silent(run, but={"video.black"})

    def test_a_sample_rate_that_changes_midway(self):
        a = media.audio_only("rate_a.ts", seconds=4, audio=("-c:a", "mp2"))
        b = media.audio_only(
            "rate_b.ts",
            rate=32000,
            af=media.silent(2, 5),
            audio=("-c:a", "mp2"),
            more=("-output_ts_offset", "4"),
        )
        path = self.written("rate.ts", a.read_bytes() + b.read_bytes())
        run = self.check(path, "--detectors", "silence")
        self.assert_incident(run, "audio.silence", 6, 9, tolerance=0.15)


class Tracks(MonolensTest):
    def test_an_incident_names_its_audio_track(self):
        path = media.made(
            "two_tracks.ts",
            *(*media.picture(), *media.sound()),
            *media.sound(left=AUDIO_FROM.format(0, 1), right=AUDIO_FROM.format(0, 1)),
            *("-map", "0", "-map", "1", "-map", "2", *X264, *AAC),
            *("-metadata:s:a:0", "language=deu", "-metadata:s:a:1", "language=fra"),
        )
        run = self.check(path)
        self.assertEqual(2, len(run.report["input"]["audio_tracks"]))
        incident = self.assert_incident(run, "audio.silence", 2, 5)
        self.assertEqual({"type": "audio", "index": 1, "id": 0x102, "language": "fra"}, incident["track"])
        self.assert_silent(run, but={"audio.silence"})

    def test_the_same_defect_on_two_tracks_is_two_incidents(self):
        gone = AUDIO_FROM.format(0, 1)
        path = media.made(
            "two_silent_tracks.mkv",
            *(*media.sound(left=gone, right=gone), "-map", "0", "-map", "0", *PCM),
        )
        run = self.check(path)
        for track in (0, 1):
            self.assert_incident(run, "audio.silence", 2, 5, track=track)

    def two_programs(self):
        gone = AUDIO_FROM.format(0, 1)
        return media.made(
            "two_programs.ts",
            *(*media.picture(size="160x120"), *media.sound()),
            *(*media.picture(size="240x160"), *media.sound(left=gone, right=gone)),
            *("-map", "0", "-map", "1", "-map", "2", "-map", "3", *X264, *AAC),
            *("-program", "program_num=101:st=0:st=1", "-program", "program_num=202:st=2:st=3"),
        )

    def test_one_of_several_programs_is_chosen(self):
        for program, width, kinds in ((101, 160, []), (202, 240, ["audio.silence"])):
            with self.subTest(program=program):
                run = self.check(self.two_programs(), "--program", str(program))
                self.assertEqual(program, run.report["input"]["program"])
                self.assertEqual(width, run.report["input"]["video"]["width"])
                self.assertEqual(1, len(run.report["input"]["audio_tracks"]))
                self.assertEqual(kinds, [i["kind"] for i in run.incidents], str(run))

    def test_a_program_that_is_not_there_is_named(self):
        run = self.check(self.two_programs(), "--program", "303")
        self.assert_exit(run, harness.USAGE, UNREADABLE)
        self.assert_one_line(run, "303", "program")


class Timelines(MonolensTest):
    def test_timestamps_that_wrap_at_33_bits_are_one_timeline(self):
        # 2^33 / 90 kHz = 95443.72 s: the wrap lies 3.7 s into the stream.
        path = media.programme(
            "wrap.ts", vf=media.painted("black", 3, 6), more=("-output_ts_offset", "95440", "-muxdelay", "0")
        )
        run = self.check(path)
        self.assert_incident(run, "video.black", 3, 6)
        self.assert_silent(run, but={"video.black"})
        self.assertEqual(200, run.report["analysed"]["video_frames"])

    def joined(self, offset):
        a = media.programme("jump_a.ts", seconds=4)
        b = media.programme(
            "jump_b.ts", vf=media.painted("black", 2, 5), more=("-output_ts_offset", str(offset))
        )
        return self.written(f"jump{offset}.ts", a.read_bytes() + b.read_bytes())

    def test_a_jump_forward_or_back_is_reported_and_the_timeline_goes_on(self):
        for offset in (1000, 50, 0):
            with self.subTest(offset=offset):
                run = self.check(self.joined(offset))
                gap = self.assert_found(run, "transport.gap")[0]
                self.assertAlmostEqual(4.0, gap["start_s"], delta=0.2, msg=str(run))
                self.assert_incident(run, "video.black", 6, 9, tolerance=0.2)
                self.assertEqual(300, run.report["analysed"]["video_frames"])
                self.assert_silent(run, {"video.missing", "audio.missing", "video.freeze", "audio.silence"})

    def test_times_count_from_the_first_presented_sample(self):
        path = media.programme(
            "offset.ts", vf=media.painted("black", 2, 5), more=("-output_ts_offset", "3600")
        )
        run = self.check(path)
        self.assert_incident(run, "video.black", 2, 5)
        self.assert_silent(run, but={"video.black"})

    def test_a_stream_without_timestamps_has_those_of_its_frame_rate(self):
        path = media.video_only("raw.h264", vf=media.painted("black", 2, 5))
        self.assert_incident(self.check(path), "video.black", 2, 5, tolerance=0.2)


class Options(MonolensTest):
    def setUp(self):
        super().setUp()
        self.defects = media.programme("black.ts", vf=media.painted("black", 2, 5), af=media.silent(2, 5))

    def test_only_the_chosen_detectors_run(self):
        run = self.check(self.defects, "--detectors", "silence")
        self.assertEqual(["silence"], run.report["detectors"])
        self.assertEqual(["audio.silence"], [i["kind"] for i in run.incidents])

    def test_the_null_detector_finds_nothing(self):
        run = self.check(self.defects, "--detectors", "null")
        self.assert_exit(run, NOTHING)
        self.assertEqual(200, run.report["analysed"]["video_frames"])

    def test_set_changes_a_parameter(self):
        run = self.check(self.defects, "--set", "black.duration_s=3.5")
        self.assertEqual(["audio.silence"], [i["kind"] for i in run.incidents])

    def test_set_may_be_given_again_for_another_parameter(self):
        run = self.check(self.defects, "--set", "black.duration_s=3.5", "--set", "silence.duration_s=3.5")
        self.assert_exit(run, NOTHING)
        self.assertEqual([], run.incidents)

    def test_a_configuration_file_changes_parameters(self):
        config = self.written("monolens.toml", "[detectors.silence]\nduration_s = 3.5\n")
        run = self.check(self.defects, "--config", config)
        self.assertEqual(["video.black"], [i["kind"] for i in run.incidents])

    def test_the_command_line_overrides_the_configuration_file(self):
        config = self.written("monolens.toml", "[detectors.silence]\nduration_s = 3.5\n")
        run = self.check(self.defects, "--config", config, "--set", "silence.duration_s=2.5")
        self.assertEqual(["audio.silence", "video.black"], sorted(i["kind"] for i in run.incidents))

    def test_the_profile_is_in_the_report(self):
        self.assertEqual("full", self.check(self.defects).report["profile"])
        for profile in ("full", "economy", "keyframes"):
            with self.subTest(profile=profile):
                run = self.check(self.defects, "--profile", profile)
                self.assertEqual(profile, run.report["profile"])
                self.assert_found(run, "video.black")

    def test_the_same_input_gives_the_same_ids(self):
        first, second = (self.check(self.defects) for _ in range(2))
        self.assertEqual(2, len({i["id"] for i in first.incidents}))
        self.assertEqual([i["id"] for i in first.incidents], [i["id"] for i in second.incidents])

    def test_ids_do_not_depend_on_which_detectors_run(self):
        alone = self.check(self.defects, "--detectors", "silence").incidents
        among = self.check(self.defects).of("audio.silence")
        self.assertEqual([i["id"] for i in among], [i["id"] for i in alone])

    def test_several_inputs_give_an_array_and_the_highest_exit_status(self):
        clean = media.clean()
        run = self.check(clean, self.defects, "--jobs", "2")
        self.assertEqual([str(clean), str(self.defects)], [r["input"]["url"] for r in run.document])
        self.assertEqual([0, 2], [len(r["incidents"]) for r in run.document])
        self.assert_exit(run, INCIDENTS)

    def test_an_input_that_can_not_be_opened_does_not_stop_the_others(self):
        run = self.check(self.folder / "missing.ts", self.defects)
        self.assert_exit(run, UNREADABLE)
        self.assertEqual([str(self.defects)], [r["input"]["url"] for r in run.document])
        self.assert_one_line(run, "missing.ts", "no such file|not found|does not exist")

    def test_detectors_describes_each_one(self):
        run = self.run_monolens("detectors")
        self.assert_exit(run, NOTHING)
        for name in ("freeze", "black", "solid", "color_bars", "letterbox", "levels", "silence", "loudness"):
            self.assertRegex(run.stdout, rf"(?m)^\s*{name}\b")
        one = self.run_monolens("detectors", "silence")
        for word in ("duration_s", "2", "audio.silence"):
            self.assertIn(word, one.stdout)

    def test_version_names_the_libraries_and_the_simd_target(self):
        run = self.run_monolens("--version")
        self.assert_exit(run, NOTHING)
        self.assertRegex(run.stdout, r"(?s)monolens \d+\.\d+\.\d+.*libav(format|codec)")
        self.assertRegex(run.stdout, r"AVX|SSE|NEON|SVE|SCALAR|EMU128")


class Outputs(MonolensTest):
    def setUp(self):
        super().setUp()
        self.defects = media.programme("black.ts", vf=media.painted("black", 2, 5), af=media.silent(2, 5))

    def test_events_tell_each_incident_from_open_to_close(self):
        run = self.check(self.defects)
        for incident in run.incidents:
            told = [e for e in run.events if e["incident"]["id"] == incident["id"]]
            self.assertEqual("open", told[0]["event"])
            self.assertEqual("close", told[-1]["event"])
            self.assertEqual(1, sum(e["event"] == "open" for e in told))
            self.assertEqual(1, sum(e["event"] == "close" for e in told))
            at = [e["at_s"] for e in told]
            self.assertEqual(sorted(at), at)
            for key in ("kind", "detector", "severity", "track", "start_s", "end_s"):
                self.assertEqual(incident[key], told[-1]["incident"][key], key)
        self.assertEqual({i["id"] for i in run.incidents}, {e["incident"]["id"] for e in run.events})

    def test_events_are_written_the_moment_they_are_known(self):
        events, report = self.folder / "live.jsonl", self.folder / "live.json"
        data = self.defects.read_bytes()
        process = subprocess.Popen(
            self.command("check", "-", "--events", events, "--report", report),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        with process:
            self.addCleanup(process.kill)
            # All but the last second: black is over, and the input has not ended.
            process.stdin.write(data[: len(data) * 7 // 8])
            process.stdin.flush()
            wanted = {("open", "video.black"), ("close", "video.black"), ("open", "audio.silence")}
            deadline, seen = time.monotonic() + 10, set()
            while time.monotonic() < deadline and not wanted <= seen:
                time.sleep(0.05)
                if events.exists():
                    lines = harness.read_events(events)
                    seen = {(e["event"], e["incident"]["kind"]) for e in lines}
            self.assertLessEqual(wanted, seen, "the input is still open, and these events are not written")
            self.assertFalse(report.exists(), "the report is there before the input ended")
            process.stdin.write(data[len(data) * 7 // 8 :])
            process.communicate(timeout=20)
        self.assertEqual(INCIDENTS, process.returncode)

    def test_standard_input_is_analysed_like_a_file(self):
        run = self.check("-", input=self.defects.read_bytes())
        self.assert_incident(run, "video.black", 2, 5)
        self.assert_incident(run, "audio.silence", 2, 5)

    def test_no_progress_and_no_colours_in_a_pipe(self):
        run = self.check(self.defects)
        self.assertEqual("", run.stderr)
        for control in ("\r", "\x1b"):
            self.assertNotIn(control, run.stdout)

    def test_without_outputs_the_incidents_are_printed(self):
        run = self.run_monolens("check", self.defects)
        self.assert_exit(run, INCIDENTS)
        self.assertIn("video.black", run.stdout)
        self.assertIn("audio.silence", run.stdout)

    def test_progress_is_shown_on_a_terminal(self):
        main, terminal = os.openpty()
        process = subprocess.Popen(self.command("check", self.defects), stdout=terminal, stderr=terminal)
        os.close(terminal)
        shown = b""
        try:
            while chunk := os.read(main, 65536):
                shown += chunk
        except OSError:
            pass  # the other end is closed
        os.close(main)
        self.assertEqual(INCIDENTS, process.wait(timeout=20))
        self.assertRegex(shown.decode(errors="replace"), r"\d+ ?%")

    def test_the_html_report_opens_without_network(self):
        run = self.check(self.defects, html=True)
        self.assertIsNotNone(run.html, f"no HTML\n{run}")
        self.assertIn("video.black", run.html)
        self.assertIn("data:image/jpeg;base64,", run.html)
        loads = re.findall(
            r"""(?:src|href|srcset|action|url)\s*[=(]\s*["']?\s*(?:https?:)?//[^"')\s>]*""", run.html
        )
        self.assertEqual([], loads)
        self.assertNotRegex(run.html, r"(?i)@import|<link[^>]+stylesheet|<script[^>]+src=")

    def test_evidence_is_a_picture_of_the_incident(self):
        incident = self.assert_found(self.check(self.defects), "video.black")[0]
        self.assertRegex(incident["evidence"]["frame"] or "", "^data:image/jpeg;base64,/9j/")

    def test_an_interrupt_writes_the_report_of_what_was_analysed(self):
        report, events = self.folder / "report.json", self.folder / "events.jsonl"
        data = self.defects.read_bytes()
        process = subprocess.Popen(
            self.command("check", "-", "--report", report, "--events", events),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        with process:
            self.addCleanup(process.kill)
            process.stdin.write(data[: len(data) * 7 // 8])
            process.stdin.flush()
            deadline = time.monotonic() + 10
            while time.monotonic() < deadline and not (events.exists() and harness.read_events(events)):
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            # The pipe stays open: only the signal can end the analysis.
            killer = threading.Timer(15, process.kill)
            killer.start()
            stdout, stderr = process.stdout.read(), process.stderr.read()
            process.wait()
            killer.cancel()
        run = harness.Run(process.args, process.returncode, stdout.decode(), stderr.decode())
        self.collect(run, self.folder)
        self.assert_exit(run, INCIDENTS)
        self.assertTrue(run.report["interrupted"])
        self.assertLess(run.report["analysed"]["video_frames"], 200)
        self.assert_found(run, "video.black")


if __name__ == "__main__":
    harness.main()
