"""Small media made by FFmpeg, kept in a folder between runs.

The clean programme is a slow zoom into a fractal under film grain, with three modulated tones at −23 LUFS: it
moves everywhere, has no borders, stays inside the legal range, and both channels sound. Every defect is a
filter over it at a known time.
"""

import hashlib
import os
import subprocess
import tempfile
from pathlib import Path

FPS = 25
FRAME = 1 / FPS
CACHE = Path(os.environ.get("MONOLENS_TEST_MEDIA") or Path(tempfile.gettempdir()) / "monolens-test-media")

X264 = ("-c:v", "libx264", "-preset", "veryfast", "-g", "25", "-bf", "0", "-threads", "1")
LOSSLESS = ("-c:v", "ffv1", "-threads", "1")
AAC = ("-c:a", "aac", "-b:a", "128k")
PCM = ("-c:a", "pcm_s16le")


def ffmpeg(*args, **options):
    """Runs ffmpeg quietly and raises with its own words if it fails."""
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, args)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", **options)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{done.stderr}")


def stored(name, key, write):
    """The file `name` of the cache, written by write(path) if absent. Safe among several processes."""
    stem, suffix = os.path.splitext(name)
    digest = hashlib.sha256(repr(key).encode()).hexdigest()[:10]
    path = CACHE / f"{stem}-{digest}{suffix}"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(suffix=suffix, dir=CACHE)
        os.close(handle)
        try:
            write(unfinished)
            os.replace(unfinished, path)
        except BaseException:
            os.unlink(unfinished)
            raise
    return path


def made(name, *args):
    """The medium that ffmpeg makes from `args`."""
    return stored(name, args, lambda path: ffmpeg(*args, "-fflags", "+bitexact", path))


def picture(seconds=8, size="320x240"):
    """The input arguments of the clean picture. Its frames are made once and kept without loss."""
    source = (
        f"mandelbrot=size=320x240:rate={FPS}:maxiter=400:inner=mincol,format=yuv420p,"
        "noise=alls=6:allf=t+u:all_seed=1,"
        "lutyuv=y='val*0.6+60':u='(val-128)*0.4+128':v='(val-128)*0.4+128',"
        f"scale={size.replace('x', ':')}"
    )
    raw = ("-c:v", "ffvhuff", "-threads", "1")
    return ("-t", seconds, "-i", made(f"picture_{size}.mkv", "-f", "lavfi", "-i", source, "-t", "9", *raw))


def sound(seconds=8, left="1", right="1", rate=48000, level_lufs=-23.0):
    """The input arguments of stereo tones; `left` and `right` are factors, expressions of t."""
    gain = 0.0786 * 10 ** ((level_lufs + 23) / 20)
    swell = f"{gain}*(0.8+0.2*sin(2*PI*0.7*t))"
    tones = "sin(2*PI*233*t)+0.5*sin(2*PI*1117*t+{0})+0.25*sin(2*PI*2903*t+2*{0})"
    channels = "|".join(f"({f})*{swell}*({tones.format(phase)})" for f, phase in ((left, 0), (right, 1)))
    return ("-f", "lavfi", "-i", f"aevalsrc='{channels}':s={rate}:c=stereo:d={seconds}")


def programme(
    name, vf="null", af="anull", seconds=8, video=X264, audio=AAC, size="320x240", more=(), **tones
):
    """The clean programme with a video filter and an audio filter over it."""
    return made(
        name,
        *(*picture(seconds, size), *sound(seconds, **tones), "-map", "0:v", "-map", "1:a"),
        *("-vf", vf, "-af", af, "-t", seconds, *video, *audio, *more),
    )


def video_only(name, vf="null", seconds=8, video=X264, size="320x240", more=()):
    return made(name, *picture(seconds, size), "-vf", vf, "-t", seconds, *video, *more)


def audio_only(name, af="anull", seconds=8, audio=PCM, more=(), **tones):
    return made(name, *sound(seconds, **tones), "-af", af, *audio, *more)


def clean(suffix=".ts", seconds=4):
    return programme(f"clean{suffix}", seconds=seconds)


# Filters that put a defect between two moments; the moments lie on frames.


def during(start, end):
    return f"enable='between(n,{round(start * FPS)},{round(end * FPS) - 1})'"


def painted(color, start, end):
    return f"drawbox=c={color}:t=fill:{during(start, end)}"


def frozen(start, end):
    """Repeats the frame at `start` until `end`; what follows is pushed back."""
    first = round(start * FPS) + 1  # the filter counts frames from 1
    return f"loop=loop={round((end - start) * FPS) - 1}:size=1:start={first},setpts=N/{FPS}/TB"


def silent(start, end):
    return f"volume=0:enable='between(t,{start},{end})'"
