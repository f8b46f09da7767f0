"""Programme coded as live services code it, for the benches that watch streams."""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
OUT = ROOT / "out" / "bench"
sys.path.insert(0, str(ROOT / "tests" / "media"))
import natural  # noqa: E402, F401

RATE = 30
# Width, height, bit rate.
FORMATS = {"180p": (320, 180, "600k"), "360p": (640, 360, "800k"), "720p": (1280, 720, "2500k"),
           "1080p": (1920, 1080, "5M")}


def encoded(name, maker, graph, outputs, seconds, bitrate):
    """The path of a transport stream of the graph's outputs; it is made where it is missing or older than its maker."""
    path = OUT / name
    newest = max(pathlib.Path(source).stat().st_mtime for source in (maker, __file__))
    if path.exists() and path.stat().st_mtime > newest:
        return path
    print(f"making {path}", file=sys.stderr)
    OUT.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp.ts")
    chosen = [word for output in outputs for word in ("-map", output)]
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-filter_complex", graph, *chosen,
                    "-t", str(seconds), "-r", str(RATE), "-c:v", "libx264", "-preset", "medium",
                    "-b:v", bitrate, "-maxrate", bitrate, "-bufsize", bitrate, "-g", str(2 * RATE),
                    "-bf", "3", "-c:a", "aac", "-b:a", "128k", temporary], check=True)
    temporary.rename(path)
    return path
