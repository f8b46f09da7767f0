#!/usr/bin/env python3
"""Makes the examples that the corruption network learns from, out of a folder of clips.

    make.py --clips FOLDER --split eval/split.tsv --describe build/release/train/corruption_describe \
            --media FOLDER --out FOLDER [--seed N] [--count N] [--kind broken|clean|raw]

Only clips that eval/split.tsv marks `tune` are used. `broken`: a piece of a clip is encoded (H.264, MPEG-2 or
HEVC, several sizes and structures) into a transport stream, of which packets are lost or flipped; it is
described as it is (live) and as encoded again from its decoded pictures (baked). `clean`: pieces, coarse
encodes, cuts, dissolves, flashes, text, grids, mosaics and enlargements, in which nothing is corrupt. `raw`:
each clip as it is, once.
What --media holds already is not encoded again.
Deterministic by seed. FFmpeg's own decoder does the concealment, on one thread.
"""

import argparse
import csv
import pathlib
import random
import subprocess
import sys

SIZES = [(320, 180), (640, 360), (640, 360), (720, 576), (854, 480), (960, 540), (1280, 720), (1920, 1080)]
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


def ffmpeg(*arguments):
    command = ["ffmpeg", "-v", "quiet", "-y", "-nostdin", "-filter_threads", "1", *map(str, arguments)]
    subprocess.run(command, check=True, timeout=600)


def seconds_of(clip):
    probe = ["ffprobe", "-v", "quiet", "-select_streams", "v", "-show_entries", "packet=pts_time", "-of", "csv=p=0"]
    text = subprocess.run([*probe, clip], capture_output=True, text=True, check=True).stdout
    times = [float(t.strip(",")) for t in text.split() if t.strip(",") not in ("", "N/A")]
    return max(times) - min(times) if times else 0


def tune_clips(folder, split):
    with open(split, newline="") as lines:
        names = [row["clip"] for row in csv.DictReader(lines, delimiter="\t") if row["split"] == "tune"]
    return [folder / n for n in names if not n.startswith(("aud_", "def_"))]


def coding(rng, fps):
    """Arguments of an encoder of a stream on air."""
    gop = rng.choice([int(fps), int(2 * fps), 250])
    kind = rng.choices(["h264", "mpeg2", "hevc"], [6, 2, 2])[0]
    if kind == "mpeg2":
        return ["-c:v", "mpeg2video", "-q:v", rng.choice([2, 4, 7]), "-g", gop // 2 + 1, "-bf", rng.choice([0, 2])]
    if kind == "hevc":
        options = f"keyint={gop}:pools=1:frame-threads=1:log-level=0:slices={rng.choice([1, 1, 2])}"
        return ["-c:v", "libx265", "-preset", "ultrafast", "-crf", rng.choice([22, 27]), "-x265-params", options]
    options = f"keyint={gop}:slices={rng.choice([1, 1, 4])}:cabac={rng.choice([0, 1])}:bframes={rng.choice([0, 2, 3])}"
    preset = rng.choice(["ultrafast", "veryfast", "faster"])
    return ["-c:v", "libx264", "-preset", preset, "-crf", rng.choice([19, 23, 28]), "-threads", 1, "-x264-params", options]


def vp8(rng, rates):
    return ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", 8, "-b:v", rng.choice(rates), "-g", 100]


def fine(rng):
    """Arguments of an encoder that hands a picture on, coarser or finer."""
    if rng.random() < 0.25:
        return ["-c:v", "mpeg2video", "-q:v", rng.choice([2, 3, 5]), "-g", 15, "-bf", 2]
    if rng.random() < 0.15:
        return vp8(rng, ["1M", "2M", "4M"])
    return ["-c:v", "libx264", "-preset", "veryfast", "-crf", rng.choice([16, 20, 24, 28, 32]), "-threads", 1]


def damage(rng, data):
    """Loses or flips packets of the video (PID 0x100) beyond the first fifth of the stream."""
    packets = [data[i : i + 188] for i in range(0, len(data) - 187, 188)]
    video = [i for i, p in enumerate(packets) if p[0] == 0x47 and ((p[1] & 0x1F) << 8 | p[2]) == 0x100]
    for _ in range(rng.choice([1, 1, 2, 3])):
        first = rng.randrange(len(video) // 5, len(video) - 1)
        kind = rng.choice(["one", "burst", "scattered", "flip"])
        if kind == "scattered":
            hit = [i for i in video[first : first + 200] if rng.random() < 0.05]
        else:
            hit = video[first : first + (1 if kind == "one" else rng.choice([2, 5, 12, 40]))]
        for i in hit:
            if kind == "flip" and packets[i]:
                flipped = bytearray(packets[i])
                for _ in range(rng.choice([1, 4, 16])):
                    flipped[rng.randrange(12, 188)] ^= 1 << rng.randrange(8)
                packets[i] = bytes(flipped)
            else:
                packets[i] = b""
    return b"".join(packets)


def scaled(rng, clip):
    width, height = rng.choice(SIZES)
    flags = rng.choice(["bicubic", "bicubic", "bilinear", "lanczos"])
    return f"scale={width}:{height}:flags={flags},setsar=1,format=yuv420p"


def piece(rng, clip, seconds):
    start = rng.uniform(0, max(0, seconds_of(clip) - 4))
    return ["-ss", f"{start:.2f}", "-t", rng.choice([3, 4]), "-i", clip]


def make_broken(rng, clip, at, describe, out, name):
    clean, broken, baked = (at / f"{name}-{form}" for form in ("clean.ts", "broken.ts", "baked.mkv"))
    if not baked.exists():
        encode_broken(rng, clip, clean, broken, baked)
    for form, shown in (("live", broken), ("baked", baked)):
        with open(out / f"{name}-{form}.bin", "wb") as file:
            subprocess.run([describe, clean, broken, shown, "4"], stdout=file, timeout=600)


def encode_broken(rng, clip, clean, broken, baked):
    fps = rng.choice([25, 25, 30, 50])
    shape = f"fps={fps},{scaled(rng, clip)}"
    ffmpeg(*piece(rng, clip, 4), "-an", "-vf", shape, *coding(rng, fps), "-f", "mpegts", clean)
    broken.write_bytes(damage(rng, clean.read_bytes()))
    ffmpeg("-threads", 1, "-i", broken, "-an", "-fps_mode", "passthrough", *fine(rng), baked)


def trouble(rng, clips, clip):
    """Inputs and filters of something that is not corrupt but may look like it."""
    other = rng.choice(clips)
    shape = scaled(rng, clip)
    size = shape.split(":flags")[0].removeprefix("scale=").replace(":", "x")
    number = rng.choice([8, 16, 16, 32])
    single = {
        "plain": "null",
        "text": f"drawtext=fontfile={FONT}:text='Monolens 16\\:9 news':fontsize=h/12:x=w/10+n:y=h*0.8:box=1:boxcolor=blue",
        "boxes": "drawbox=x=64:y=48:w=160:h=96:color=green:t=fill:enable='gt(t,1)'",
        "grid": f"drawgrid=w={number}:h={number}:color=gray@0.4:enable='gt(t,1)'",
        "mosaic": f"pixelize=w={rng.choice([8, 10, 12, 20])}:h={rng.choice([8, 10, 12, 20])}",
        "pixels": "scale=iw/4:-2:flags=neighbor,scale=iw*4:-2:flags=neighbor",
        "flash": "eq=brightness=0.3:enable='lt(mod(t,0.7),0.1)'",
        "noise": "noise=alls=20:allf=t",
        "fade": "fade=t=out:st=1:d=1",
        "zoom": "zoompan=z='1+0.01*in':d=1:s=640x360:fps=25",
        "shake": "crop=iw-64:ih-64:32+30*sin(n*1.3):32+30*cos(n*1.7)",
        "comb": "tinterlace=4",
        "posterised": "lutyuv=y=bitand(val\\,224)",
    }
    pair = {
        "cut": f"[0]fps=25,{shape},trim=end=1.5[a];[1]fps=25,{shape}[b];[a][b]concat=n=2[v]",
        "dissolve": f"[0]fps=25,{shape},settb=1/25[a];[1]fps=25,{shape},settb=1/25[b];[a][b]xfade=duration=1:offset=1[v]",
        "wipe": f"[0]fps=25,{shape},settb=1/25[a];[1]fps=25,{shape},settb=1/25[b];[a][b]xfade=wipeleft:duration=1:offset=1[v]",
        "inset": f"[1]fps=25,scale=176:96[b];[0]fps=25,{shape}[a];[a][b]overlay=64:64[v]",
    }
    made = ["testsrc2", "mandelbrot", "smptehdbars", "rgbtestsrc", "life=mold=10:ratio=0.2:death_color=blue"]
    choice = rng.choice([*single, *single, "plain", "plain", *pair, "made"])
    if choice == "made":
        name = rng.choice(made)
        separator = ":" if "=" in name else "="
        return ["-f", "lavfi", "-t", 3, "-i", f"{name}{separator}s={size}"], ["-vf", "fps=25,format=yuv420p"]
    if choice in single:
        return piece(rng, clip, 4), ["-vf", f"fps=25,{shape},{single[choice]},format=yuv420p"]
    return [*piece(rng, clip, 4), *piece(rng, other, 4)], ["-filter_complex", pair[choice], "-map", "[v]"]


def make_clean(rng, clips, clip, at, describe, out, name):
    shown = at / f"{name}-clean.mkv"
    if not shown.exists():
        encode_clean(rng, clips, clip, shown)
    with open(out / f"{name}-clean.bin", "wb") as file:
        subprocess.run([describe, shown, shown, shown, "6"], stdout=file, timeout=600)


def encode_clean(rng, clips, clip, shown):
    inputs, filters = trouble(rng, clips, clip)
    quality = rng.choice([16, 20, 25, 30, 36, 42])
    coder = ["-c:v", "libx264", "-preset", rng.choice(["ultrafast", "veryfast"]), "-crf", quality, "-threads", 1]
    if rng.random() < 0.3:
        coder = ["-c:v", "mpeg2video", "-q:v", rng.choice([2, 5, 10, 20, 31]), "-bf", 2]
    elif rng.random() < 0.3:
        coder = vp8(rng, ["150k", "400k", "1M", "2M"])
    ffmpeg(*inputs, "-an", *filters, *coder, shown)


def make_raw(clips, describe, out):
    for clip in clips:
        with open(out / f"{clip.parent.name if clip.suffix == '.m3u8' else clip.stem}-clean.bin", "wb") as file:
            subprocess.run([describe, clip, clip, clip, "5"], stdout=file, timeout=600)


def main():
    parser = argparse.ArgumentParser()
    for name in ("clips", "split", "describe", "media", "out"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--kind", choices=["broken", "clean", "raw"], default="broken")
    o = parser.parse_args()
    for folder in (o.media, o.out):
        folder.mkdir(parents=True, exist_ok=True)
    clips = tune_clips(o.clips, o.split)
    if o.kind == "raw":
        make_raw(clips, o.describe, o.out)
        return
    for i in range(o.count):
        rng = random.Random(f"{o.kind} {o.seed} {i}")
        clip = clips[(i * 7 + o.seed) % len(clips)]
        stem = clip.parent.name if clip.suffix == ".m3u8" else clip.stem
        name = f"{stem}@{o.seed}.{i}"
        try:
            if o.kind == "broken":
                make_broken(rng, clip, o.media, o.describe, o.out, name)
            else:
                make_clean(rng, clips, clip, o.media, o.describe, o.out, name)
            print(name, flush=True)
        except (subprocess.SubprocessError, ValueError) as error:
            print(name, error, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
