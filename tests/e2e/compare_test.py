"""`monolens compare` on copies of one programme with a known difference."""

import json
import re
import subprocess

import harness
import media
from harness import COMPARE_SCHEMA, INCIDENTS, NOTHING, UNREADABLE, USAGE, MonolensTest, violations
from media import AAC, PCM, X264

SECONDS = 16

# A fractal that turns and changes its colour, and noise that comes and goes at irregular times: picture and sound
# that change all the time and never repeat.
PICTURE = (
    "mandelbrot=size=320x240:rate=25:maxiter=200:inner=mincol:start_scale=2:end_pts=250:end_scale=0.02,"
    "lutyuv=y='val*0.7+40',rotate=a='0.9*sin(1.3*t)+0.3*t':c=gray,hue=H='2*floor(t/3)'"
)
SOUND = (
    "anoisesrc=color=pink:seed=7:amplitude=0.5:sample_rate=48000,asetnsamples=n=240,"
    "volume='0.05+gt(sin(7.3*t)+sin(11.9*t+2*sin(1.7*t))+sin(4.7*t+0.11*t*t),0.4)':eval=frame,"
    "aformat=channel_layouts=stereo"
)
LOW = ("-c:v", "mpeg2video", "-q:v", "8", "-threads", "1", "-c:a", "mp2", "-b:a", "128k")


def made(name, *args):
    return media.made(name, *args)


def reference():
    return made(
        "compare_reference.mkv",
        *("-f", "lavfi", "-i", PICTURE, "-f", "lavfi", "-i", SOUND, "-t", SECONDS),
        *("-pix_fmt", "yuv420p", *X264, "-crf", "16", *PCM),
    )


def copy(name, *args, codecs=(*X264, *AAC)):
    return made(name, "-i", reference(), *args, *codecs)


def shifted(ms, vf="null", af="anull", codecs=(*X264, *AAC), suffix=".mp4"):
    """The sound comes `ms` later, or earlier, against the picture, baked in."""
    if ms >= 0:
        delay = f"adelay={ms}:all=1,atrim=0:{SECONDS},{af}"
    else:
        delay = f"atrim=start={-ms / 1000},asetpts=PTS-STARTPTS,{af}"
    return copy(f"compare_{ms}{suffix}", "-vf", vf, "-af", delay, codecs=codecs)


class Compare(MonolensTest):
    def compare(self, a, b, *args, status):
        run = self.run_monolens("compare", a, b, "--json", "-", *args)
        self.assert_exit(run, status)
        result = json.loads(run.stdout)
        self.assertEqual([], violations(COMPARE_SCHEMA, result))
        self.assertEqual(status == NOTHING, result["related"] and not result["differences"])
        return result

    def test_a_copy_is_the_same_after_coding_scaling_and_gain(self):
        path = copy(
            "compare_same.mp4",
            *("-vf", "scale=426:320,eq=contrast=0.9:brightness=0.03", "-af", "volume=-9dB,aresample=44100"),
        )
        result = self.compare(reference(), path, status=NOTHING)
        self.assertAlmostEqual(0, result["sync_ms"], delta=3)
        self.assertEqual(1, len(result["common"]))
        self.assertEqual(("same", "same"), (result["pictures"], result["sound"]))
        self.assertGreater(result["quality"]["pictures"], 24 * SECONDS)

    def test_a_file_is_identical_to_itself(self):
        quality = self.compare(reference(), reference(), status=NOTHING)["quality"]
        self.assertTrue(quality["identical"])
        self.assertIsNone(quality["psnr_y_db"])
        self.assertAlmostEqual(1, quality["ssim_y"], places=5)

    def test_sound_that_was_shifted_is_measured_to_a_few_milliseconds(self):
        for ms in (-500, -120, -60, 60, 200, 500):
            with self.subTest(shift=ms):
                result = self.compare(reference(), shifted(ms), status=INCIDENTS)
                self.assertAlmostEqual(ms, result["sync_ms"], delta=5)
        for ms in (-40, 20):
            with self.subTest(shift=ms):
                self.assertAlmostEqual(
                    ms, self.compare(reference(), shifted(ms), status=NOTHING)["sync_ms"], delta=5
                )

    def test_the_shift_survives_other_codecs_sizes_and_containers(self):
        path = shifted(200, vf="scale=176:144", af="volume=-12dB", codecs=LOW, suffix=".ts")
        self.assertAlmostEqual(200, self.compare(reference(), path, status=INCIDENTS)["sync_ms"], delta=12)

    def test_the_shift_is_found_to_a_picture_at_other_rates_of_pictures(self):
        for fps in (15, 30):
            with self.subTest(fps=fps):
                path = shifted(200, vf=f"fps={fps}", suffix=f"_{fps}.mp4")
                result = self.compare(reference(), path, status=INCIDENTS)
                self.assertAlmostEqual(200, result["sync_ms"], delta=40)

    def test_borders_do_not_hide_that_it_is_the_same(self):
        path = copy("compare_boxed.mp4", "-vf", "pad=iw:ih*4/3:0:(oh-ih)/2:black,scale=320:240")
        result = self.compare(reference(), path, status=NOTHING)
        self.assertAlmostEqual(0, result["sync_ms"], delta=3)

    def test_a_missing_passage_has_its_times(self):
        gone = "between(t,5,7.999)"
        path = copy(
            "compare_cut.mp4",
            *("-vf", f"select='not({gone})',setpts=N/25/TB"),
            *("-af", "asegment=timestamps=5|8[a][b][c];[b]anullsink;[c]asetpts=PTS-STARTPTS[d];[a][d]concat=n=2:v=0:a=1"),
        )
        result = self.compare(reference(), path, status=INCIDENTS)
        (missing,) = result["missing"]
        self.assertAlmostEqual(5, missing["start_s"], delta=0.09)
        self.assertAlmostEqual(8, missing["end_s"], delta=0.09)
        self.assertAlmostEqual(5, missing["at_s"], delta=0.09)
        self.assertEqual([], result["inserted"])
        self.assertAlmostEqual(-3000, result["common"][1]["picture_offset_ms"], delta=2)
        for passage in result["common"]:
            self.assertAlmostEqual(0, passage["sync_ms"], delta=5)
        back = self.compare(path, reference(), status=INCIDENTS)
        (inserted,) = back["inserted"]
        self.assertAlmostEqual(5, inserted["start_s"], delta=0.09)
        self.assertAlmostEqual(8, inserted["end_s"], delta=0.09)
        self.assertEqual([], back["missing"])

    def test_a_late_beginning_is_a_missing_passage(self):
        path = copy("compare_late.mp4", "-ss", "4")
        result = self.compare(reference(), path, status=INCIDENTS)
        (missing,) = result["missing"]
        self.assertAlmostEqual(0, missing["start_s"], delta=0.01)
        self.assertAlmostEqual(4, missing["end_s"], delta=0.09)
        self.assertAlmostEqual(0, result["sync_ms"], delta=5)

    def test_other_programmes_have_nothing_in_common(self):
        other = media.programme("compare_other.mp4")
        result = self.compare(reference(), other, status=INCIDENTS)
        self.assertFalse(result["related"])
        self.assertEqual(("unrelated", "unrelated"), (result["pictures"], result["sound"]))
        for unknown in ("picture_offset_ms", "sound_offset_ms", "sync_ms", "quality"):
            self.assertIsNone(result[unknown], unknown)

    def test_sound_alone_is_compared(self):
        a = copy("compare_sound.wav", "-vn", codecs=PCM)
        b = copy("compare_sound.m4a", "-vn", "-af", "adelay=350:all=1,volume=-6dB", codecs=AAC)
        result = self.compare(a, b, status=NOTHING)
        self.assertAlmostEqual(350, result["sound_offset_ms"], delta=3)
        for unknown in ("pictures", "picture_offset_ms", "sync_ms", "quality"):
            self.assertIsNone(result[unknown], unknown)

    def test_a_missing_passage_of_sound_alone_has_its_times(self):
        a = copy("compare_sound.wav", "-vn", codecs=PCM)
        cut = "asegment=timestamps=5|9[a][b][c];[b]anullsink;[c]asetpts=PTS-STARTPTS[d];[a][d]concat=n=2:v=0:a=1"
        result = self.compare(a, copy("compare_sound_cut.wav", "-vn", "-af", cut, codecs=PCM), status=INCIDENTS)
        (missing,) = result["missing"]
        self.assertAlmostEqual(5, missing["start_s"], delta=0.6)
        self.assertAlmostEqual(9, missing["end_s"], delta=0.6)

    def test_pictures_alone_are_compared(self):
        a = copy("compare_silent.mp4", "-an", codecs=X264)
        result = self.compare(a, copy("compare_silent.ts", "-an", codecs=LOW), status=NOTHING)
        self.assertIsNone(result["sound"])
        self.assertIsNone(result["sync_ms"])
        self.assertEqual("same", result["pictures"])

    def test_a_track_that_is_missing_is_a_difference(self):
        path = copy("compare_silent.mp4", "-an", codecs=X264)
        self.assertEqual("missing", self.compare(reference(), path, status=INCIDENTS)["sound"])
        self.assertEqual("added", self.compare(path, reference(), status=INCIDENTS)["sound"])

    def test_quality_is_that_of_ffmpeg(self):
        path = copy("compare_quality.mp4", "-an", codecs=(*X264, "-crf", "34"))
        quality = self.compare(copy("compare_silent.mp4", "-an", codecs=X264), path, status=NOTHING)["quality"]
        for measure, filter_name, pattern in (
            ("psnr_y_db", "psnr", r"PSNR y:([\d.]+)"),
            ("ssim_y", "ssim", r"SSIM Y:([\d.]+)"),
        ):
            said = subprocess.run(
                ["ffmpeg", "-nostdin", "-i", path, "-i", copy("compare_silent.mp4", "-an", codecs=X264)]
                + ["-lavfi", filter_name, "-f", "null", "-"],
                capture_output=True,
                text=True,
                check=True,
            ).stderr
            theirs = float(re.search(pattern, said).group(1))
            self.assertAlmostEqual(theirs, quality[measure], delta=0.02 if measure == "psnr_y_db" else 0.001)

    def test_the_table_says_what_the_json_says(self):
        run = self.run_monolens("compare", reference(), shifted(200))
        self.assert_exit(run, INCIDENTS)
        self.assertIn("the sound of the test is late", run.stdout)
        self.assertRegex(run.stdout, r"PSNR-Y \d+\.\d\d dB, SSIM-Y 0\.\d{4}")
        self.assertRegex(run.stdout, r"difference: the sound is (19|20)\d ms late from")
        self.assertEqual("", run.stderr)

    def test_bad_input_and_usage_have_their_status(self):
        self.assert_exit(self.run_monolens("compare", reference(), "/does/not/exist"), UNREADABLE)
        text = self.written("words.txt", b"no media at all")
        self.assert_exit(self.run_monolens("compare", text, reference()), UNREADABLE)
        self.assert_exit(self.run_monolens("compare", reference()), USAGE)
        self.assert_exit(self.run_monolens("compare", reference(), reference(), "--json", "/no/folder/x"), USAGE)


if __name__ == "__main__":
    harness.main()
