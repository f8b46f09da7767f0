"""Flashes that may harm, and what looks like them: drawn over the clean programme between 2 and 5 s."""

import harness
import media
from harness import INCIDENTS, NOTHING, MonolensTest
from media import X264


def strobe(rate, color="white", box="", duty=0.5, fps=media.FPS):
    """A box that is there for a part of each period; its first picture is that at 2 s."""
    n = f"(n-{2 * fps})"
    on = f"lt(mod({n}*{rate}/{fps}+0.001,1),{duty})"
    return f"drawbox={box}c={color}:t=fill:enable='between(n,{2 * fps},{5 * fps - 1})*{on}'"


class Flashes(MonolensTest):
    def check_flash(self, name, vf, video=X264, size="320x240", suffix=".mp4"):
        path = media.video_only(f"flash_{name}{suffix}", vf=vf, video=video, size=size)
        return self.check(path, "--detectors", "flash")

    def test_are_found_where_they_begin_and_end(self):
        grey = "drawbox=c=0x808080:t=fill,"
        cases = {
            "four_a_second": (strobe(4), "general flashes"),
            "five_a_second": (strobe(5), "general flashes"),
            "every_other_picture": (strobe(12.5), "general flashes"),
            "camera_flashes": (strobe(5, duty=0.2), "general flashes"),
            "half_transparent": (strobe(5, "white@0.4"), "general flashes"),
            "26_percent": (strobe(6, box="w=iw*0.5:h=ih*0.53:"), "general flashes"),
            "red_over_grey": (grey + strobe(5, "red"), "red flashes"),
            "red": (strobe(5, "red"), "general and red flashes"),
            "dark_red": (grey + strobe(5, "0x900000"), "general and red flashes"),
        }
        for name, (vf, note) in cases.items():
            with self.subTest(flashes=name):
                run = self.check_flash(name, vf)
                self.assert_exit(run, INCIDENTS)
                incident = self.assert_incident(run, "video.flash", 2, 5, tolerance=0.25)
                self.assertAlmostEqual(2, incident["start_s"], delta=0.081)
                self.assertEqual(note, incident["evidence"]["note"])

    def test_are_counted_by_time_at_any_rate_of_pictures(self):
        for fps in (10, 50):
            for rate, status in ((3, NOTHING), (5, INCIDENTS)):
                with self.subTest(fps=fps, rate=rate):
                    run = self.check_flash(f"{rate}_at_{fps}", f"fps={fps},{strobe(rate, fps=fps)}")
                    self.assert_exit(run, status)

    def test_have_their_measures(self):
        run = self.check_flash("measured", strobe(5, box="w=iw*0.5:"), size="640x480")
        measures = self.assert_incident(run, "video.flash", 2, 5, tolerance=0.25)["measures"]
        self.assertAlmostEqual(5, measures["flashes_per_s"], delta=0.5)
        self.assertAlmostEqual(0.5, measures["area_share"], delta=0.03)
        self.assertGreater(measures["luminance_change"], 0.5)

    def test_are_found_in_10_bits_and_in_grey(self):
        for pixels in ("yuv420p10le", "gray"):
            with self.subTest(pixels=pixels):
                run = self.check_flash(pixels, f"{strobe(5)},format={pixels}", video=media.LOSSLESS, suffix=".mkv")
                self.assert_incident(run, "video.flash", 2, 5, tolerance=0.25)

    def test_are_not_told_of_harmless_pictures(self):
        stripes = "geq=lum='if(mod(floor((X+T*{0})/40),2),200,40)':cb=128:cr=128"
        cases = {
            "two_a_second": strobe(2),
            "three_a_second": strobe(3),
            "three_camera_flashes": strobe(3, duty=0.15),
            "23_percent": strobe(6, box="w=iw*0.23:"),
            "faint": strobe(6, "white@0.04"),
            "fades": "fade=out:50:25,fade=in:100:25",
            "rolling_stripes": stripes.format(200),
            "fast_rolling_stripes": stripes.format(400),
            "noise": "noise=alls=60:allf=t",
            "cuts": "negate=enable='gte(n,100)',hflip=enable='gte(n,106)',vflip=enable='gte(n,112)'",
            "blue_and_black": "drawbox=c=black:t=fill," + strobe(5, "blue"),
        }
        for name, vf in cases.items():
            with self.subTest(harmless=name):
                run = self.check_flash(name, vf)
                self.assert_silent(run)
                self.assert_exit(run, NOTHING)


if __name__ == "__main__":
    harness.main()
