"""What FFmpeg's own filters say about a medium: the peers that Monolens is compared with.

Times are seconds since the start of the input, as the ffmpeg program counts them.
"""

import json
import re
import subprocess
from dataclasses import dataclass

import media

VIDEO_FILTERS = "freezedetect=n=-60dB:d=2,blackdetect=d=2:pix_th=0.10:pic_th=0.98"
AUDIO_FILTERS = "silencedetect=n=-60dB:d=2,ebur128=peak=true:framelog=verbose"


@dataclass
class Peer:
    frame_s: float = None  # nominal duration of a frame, or null without video
    freeze: list = None  # intervals [start, end]; None where the medium has no such stream
    black: list = None
    silence: list = None
    loudness: float = None  # LUFS, one decimal; None if below the absolute gate
    true_peak: float = None  # dBTP, one decimal; None for digital silence


def probe(path):
    command = ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", str(path)]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def _intervals(log, start, end, last):
    starts = [float(x) for x in re.findall(start + r"\s*(-?[\d.]+)", log)]
    ends = [float(x) for x in re.findall(end + r"\s*(-?[\d.]+)", log)]
    if len(ends) < len(starts):
        ends.append(last)  # it lasts to the end of the stream
    return [[a, b] for a, b in zip(starts, ends, strict=True)]


def parsed(log, has_video, has_audio, frame_s=None):
    """The answers in the log of ffmpeg with VIDEO_FILTERS, showinfo and AUDIO_FILTERS."""
    peer = Peer(frame_s=frame_s)
    if has_video:
        shown = re.findall(r"showinfo.*? n: *\d+ .*?pts_time:(-?[\d.]+)", log)
        last = float(shown[-1]) + (frame_s or 0) if shown else 0.0
        peer.freeze = _intervals(log, "freeze_start:", "freeze_end:", last)
        peer.black = _intervals(log, "black_start:", "black_end:", last)
    if has_audio:
        peer.silence = _intervals(log, "silence_start:", "silence_end:", 0.0)
        loudness = float(re.findall(r"I:\s+(-?[\d.]+) LUFS", log)[-1])
        peer.loudness = loudness if loudness > -70 else None
        peak = re.findall(r"Peak:\s+(-?[\w.]+) dBFS", log)[-1]
        peer.true_peak = None if peak == "-inf" else float(peak)
    return peer


def measured(path):
    """FFmpeg's answers for one medium, kept in the cache of media."""

    def write(cached):
        streams = probe(path)["streams"]
        video = next(
            (s for s in streams if s["codec_type"] == "video" and not s["disposition"]["attached_pic"]), None
        )
        audio = next((s for s in streams if s["codec_type"] == "audio"), None)
        frame_s = None
        command = ["ffmpeg", "-hide_banner", "-nostdin", "-nostats", "-i", str(path)]
        if video:
            rate, unit = map(int, video["avg_frame_rate"].split("/"))
            frame_s = unit / rate if rate else 0.04
            command += ["-map", f"0:{video['index']}", "-vf", f"{VIDEO_FILTERS},showinfo=checksum=0"]
        if audio:
            command += ["-map", f"0:{audio['index']}", "-af", AUDIO_FILTERS]
        done = subprocess.run([*command, "-f", "null", "-"], capture_output=True, text=True, errors="replace")
        peer = parsed(done.stderr, video is not None, audio is not None, frame_s)
        with open(cached, "w") as out:
            json.dump(vars(peer), out)

    stat = path.stat()
    key = (str(path), stat.st_size, stat.st_mtime_ns, VIDEO_FILTERS, AUDIO_FILTERS)
    return Peer(**json.loads(media.stored("peer.json", key, write).read_text()))
