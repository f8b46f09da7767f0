"""video.corruption on media: what lost packets leave; and what looks like it but is not."""

import harness
import media
import transport
from harness import NOTHING, MonolensTest

SIZE = "640x352"
FILM = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-g", "100", "-sc_threshold", "0", "-bf", "0", "-threads", "1")
KIND = "video.corruption"
FRAME = media.FRAME


def whole(name="corruption_whole.ts", video=FILM, vf="null"):
    """The clean programme over a slow pan, so that what a loss leaves moves out of place."""
    pan = "scale=960:528,crop=640:352:x='160+150*sin(t)':y='88+80*cos(t*0.7)'"
    return media.programme(name, vf=f"{pan},{vf}", seconds=7, video=video, size=SIZE)


def broken(start=3.0):
    """A part of the picture at `start` is lost; the next key picture, at 4 s, makes it whole."""
    parts = transport.packets(whole())
    lost = transport.damaged(parts, transport.VIDEO_PID, start, start + 1.5 * FRAME)
    return media.stored("corruption_broken.ts", ("corruption", start, *FILM), lambda path: write(path, lost))


def write(path, parts):
    with open(path, "wb") as file:
        file.write(transport.join(parts))


class CorruptionIsSeen(MonolensTest):
    def found(self, path):
        run = self.check(path, "--detectors", "corruption")
        incidents = run.of(KIND)
        self.assertEqual(1, len(incidents), run)
        return incidents[0]

    def test_in_the_stream_that_lost_packets(self):
        incident = self.found(broken())
        self.assertAlmostEqual(3.0, incident["start_s"], delta=3 * FRAME)
        self.assertAlmostEqual(4.0, incident["end_s"], delta=5 * FRAME)

    def test_with_a_map_of_the_blocks(self):
        incident = self.found(broken())
        found = incident["evidence"]["map"]
        self.assertEqual((16, 40, 22), (found["block"], found["columns"], found["rows"]))
        self.assertGreater(incident["measures"]["area_share"], 0.01)


class WhatLooksLikeItIsNot(MonolensTest):
    def quiet(self, path):
        run = self.check(path, "--detectors", "corruption")
        self.assert_exit(run, NOTHING)

    def test_the_clean_programme(self):
        self.quiet(whole())

    def test_coarse_coding(self):
        self.quiet(whole("corruption_coarse.ts", ("-c:v", "mpeg2video", "-q:v", "20", "-g", "25")))

    def test_a_cut_and_a_flash(self):
        self.quiet(whole("corruption_cut.ts", vf=f"negate={media.during(3, 5)}"))

    def test_text_and_boxes_on_the_grid_of_blocks(self):
        box = f"drawbox=x=64:y=64:w=320:h=96:color=blue:t=fill:{media.during(2, 5)}"
        self.quiet(whole("corruption_boxes.ts", vf=box))

    def test_an_enlarged_picture_of_few_pixels(self):
        self.quiet(whole("corruption_pixels.ts", vf="scale=160:88:flags=neighbor,scale=640:352:flags=neighbor"))


if __name__ == "__main__":
    harness.main()
