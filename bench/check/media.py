"""Makes what bench/check measures on: natural programme coded as services code it, with a black stretch, a freeze
and a silence in it, so that the answers can be checked before anything is timed.

Key frames stand at both ends of the freeze and none in it: at one, a coder draws the same picture a little differently,
which is motion to FFmpeg's freezedetect at -60 dB.
"""

import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests" / "media"))
import natural  # noqa: E402

RATE = 30


class Media:
    def __init__(self, name, width, height, bitrate, seconds, black, freeze, silence):
        self.name, self.width, self.height, self.bitrate, self.seconds = name, width, height, bitrate, seconds
        self.black, self.freeze, self.silence = black, freeze, silence  # (start, end) in seconds

    def make(self, folder):
        """The file's path; it is made when it is missing or older than this program."""
        path = folder / f"{self.name}.mp4"
        sources = (pathlib.Path(__file__), pathlib.Path(natural.__file__))
        if path.exists() and path.stat().st_mtime > max(s.stat().st_mtime for s in sources):
            return path
        print(f"making {path}", file=sys.stderr)
        folder.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".tmp.mp4")
        subprocess.run(
            ["ffmpeg", "-v", "error", "-nostdin", "-y", "-filter_complex", self._graph(),
             "-map", "[video]", "-map", "[audio]", "-t", str(self.seconds), "-r", str(RATE),
             "-c:v", "libx264", "-preset", "medium", "-b:v", self.bitrate, "-g", str(4 * RATE), "-bf", "3",
             "-force_key_frames", f"{self.freeze[0]},{self.freeze[1]}",
             "-x264-params", "threads=4", "-color_range", "tv", "-c:a", "aac", "-b:a", "128k",
             "-flags", "+bitexact", temporary], check=True)
        temporary.rename(path)
        return path

    def _graph(self):
        first_frozen = round(self.freeze[0] * RATE)
        repeats = round(self.freeze[1] * RATE) - first_frozen - 1
        return ";".join([
            natural.picture(self.width, self.height, RATE),
            f"[natural]loop=loop={repeats}:size=1:start={first_frozen},setpts=N/{RATE}/TB,"
            f"drawbox=c=black:t=fill:enable='gte(t,{self.black[0]})*lt(t,{self.black[1]})'[video]",
            natural.sound(),
            f"[sound]asetnsamples=n=480,"
            f"volume=0:enable='gte(t,{self.silence[0]})*lt(t,{self.silence[1]})'[audio]",
        ])


MEDIA = (
    Media("1080p", 1920, 1080, "5M", 30, black=(6, 9), freeze=(14, 18), silence=(22, 25)),
    Media("2160p", 3840, 2160, "16M", 10, black=(1, 3.5), freeze=(5, 8), silence=(5, 8)),
)
