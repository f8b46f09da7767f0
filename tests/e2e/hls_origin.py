"""An HLS origin: nginx on a free port of 127.0.0.1, and publishers that put live playlists into its folder."""

import os
import signal
import socket
import subprocess
import threading
import time
from dataclasses import dataclass

import media
from serve import free_port, wait_for

SEGMENT_S = 2  # also the target duration


class Nginx:
    """Serves a folder; what lies beneath a folder `slow` is sent at `slow_rate` bytes a second."""

    def __init__(self, folder, slow_rate):
        self.root = folder / "www"
        self.root.mkdir()
        self.port = free_port(socket.SOCK_STREAM)
        work = folder / "nginx"
        work.mkdir()
        paths = "".join(f"{name}_temp_path {work}/{name};" for name in
                        ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root;" if os.geteuid() == 0 else ""
        (work / "nginx.conf").write_text(f"""{user} daemon off; worker_processes 1; pid {work}/pid;
error_log {work}/error.log; events {{ worker_connections 256; }}
http {{ access_log off; {paths} types {{ application/vnd.apple.mpegurl m3u8; video/mp2t ts; }}
  server {{ listen 127.0.0.1:{self.port}; root {self.root}; location ~ /slow/ {{ limit_rate {slow_rate}; }} }} }}
""")
        self.process = subprocess.Popen(["nginx", "-p", str(work), "-c", str(work / "nginx.conf")],
                                        stderr=subprocess.DEVNULL)

    def url(self, path):
        return f"http://127.0.0.1:{self.port}/{path}"

    def stop(self):
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()


@dataclass
class Segment:
    path: object
    duration: float


def segments(clip, folder):
    """A clip cut into segments by ffmpeg."""
    folder.mkdir(parents=True)
    media.ffmpeg("-i", clip, "-c", "copy", "-f", "hls", "-hls_time", SEGMENT_S, "-hls_list_size", 0,
                 "-hls_segment_filename", folder / "%03d.ts", folder / "all.m3u8")
    out, duration = [], 0.0
    for line in (folder / "all.m3u8").read_text().splitlines():
        if line.startswith("#EXTINF:"):
            duration = float(line[8:].rstrip(","))
        elif line and not line.startswith("#"):
            out.append(Segment(folder / line, duration))
    return out


class Publisher:
    """A live stream of ready segments: one is added to the playlist in the time that one plays, five are listed.

    Faults are put in by setting a member: `missing`, `half` and `slow` count the segments to come that are listed
    but not there, cut in half, or sent slowly; `jump` is added to the media sequence once; `still` and `gone` stop
    the playlist and take it away while they are set.
    """

    WINDOW = 5

    def __init__(self, root, stock):
        self.folder, self.stock = root, list(stock)
        (root / "slow").mkdir(parents=True)
        self.missing = self.half = self.slow = self.jump = 0
        self.still = self.gone = False
        self.sequence, self.listed, self.names = 0, [], []
        self.discontinuities, self.cut_before = 0, set()
        for _ in range(3):
            self.add()
        self.write()
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def url(self, origin):
        return origin.url(f"{self.folder.name}/live.m3u8")

    def run(self):
        turn = time.monotonic()
        while not self.ended.wait(max(0, turn - time.monotonic())):
            turn += SEGMENT_S
            if self.gone:
                (self.folder / "live.m3u8").unlink(missing_ok=True)
            elif not self.still and self.stock:
                self.add()
                self.write()

    def add(self):
        segment, name = self.stock.pop(0), f"s{time.monotonic_ns()}.ts"
        if self.slow > 0:
            name = f"slow/{name}"
        data = segment.path.read_bytes()
        if self.missing <= 0:
            (self.folder / name).write_bytes(data[: len(data) // 2 if self.half > 0 else len(data)])
        else:
            self.names.append(name)
        self.missing, self.half, self.slow = self.missing - 1, self.half - 1, self.slow - 1
        if self.jump:
            self.sequence, self.listed, self.jump = max(0, self.sequence + self.jump), [], 0
        interrupted = segment.path.parent != self.last_folder() and bool(self.listed)
        self.listed.append((name, segment, interrupted))
        while len(self.listed) > self.WINDOW:
            self.discontinuities += self.listed.pop(0)[2]
            self.sequence += 1

    def last_folder(self):
        return self.listed[-1][1].path.parent if self.listed else None

    def write(self):
        lines = ["#EXTM3U", "#EXT-X-VERSION:3", f"#EXT-X-TARGETDURATION:{SEGMENT_S}",
                 f"#EXT-X-MEDIA-SEQUENCE:{self.sequence}",
                 f"#EXT-X-DISCONTINUITY-SEQUENCE:{self.discontinuities}"]
        for name, segment, interrupted in self.listed:
            lines += ["#EXT-X-DISCONTINUITY"] * interrupted + [f"#EXTINF:{segment.duration:.3f},", name]
        unfinished = self.folder / "unfinished"
        unfinished.write_text("\n".join(lines) + "\n")
        unfinished.rename(self.folder / "live.m3u8")

    def stop(self):
        self.ended.set()
        self.thread.join()
