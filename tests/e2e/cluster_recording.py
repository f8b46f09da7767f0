#!/usr/bin/env python3
"""Three instances that serve different detector groups watch six streams; one is killed, one joins, one is drained.
Writes what each says of itself, and what the metrics say of the coverage, four times a second into a picture.

usage: cluster_recording.py FILE.svg; MONOLENS is the binary's path.
"""

import contextlib
import pathlib
import re
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import cluster  # noqa: E402
from serve import wait_for  # noqa: E402

GROUPS = '[cluster.groups]\npicture = "all,-silence,-loudness"\nsound = "silence,loudness"\n'
STREAMS = 6
COLOURS = ["#3b7dd8", "#d8863b", "#4ea04e", "#a45ac0"]


def record():
    """(samples, marks): a sample is (seconds, pairs held by each instance, wanted, uncovered, doubled)."""
    samples, marks = [], []
    with cluster.running(GROUPS) as running:
        picture, sound, both = running.add('["picture"]'), running.add('["sound"]'), running.add()
        wait_for("all to hear of each other", lambda: len(picture.view()["instances"]) == 3)
        for k in range(STREAMS):
            picture.serve.watch(url=running.streams.url(f"s{k}"), name=f"s{k}", detectors="black,silence",
                                options={"black.duration_s": 0.5, "silence.duration_s": 0.5})
        wait_for("each pair to be watched", running.is_covered, 30)
        began = time.monotonic()

        def sample(until):
            while time.monotonic() - began < until:
                held = {}
                for i in running.live():
                    with contextlib.suppress(Exception):
                        held[i.name] = len(i.runs())
                text = picture.serve.call("GET", "/metrics")[1].decode()
                counts = [int(float(re.search(rf"^monolens_cluster_pairs_{name} (\S+)", text, re.M).group(1)))
                          for name in ("wanted", "uncovered", "doubled")]
                samples.append((time.monotonic() - began, held, *counts))
                time.sleep(0.25)

        def mark(what):
            marks.append((time.monotonic() - began, what))

        sample(10)
        both.stop(signal.SIGKILL)
        mark("i2 is killed")
        sample(30)
        running.add()
        mark("i3 joins")
        sample(50)
        picture.serve.call("POST", "/v1/cluster/drain", {"instance": sound.id})
        mark("i1 is drained")
        sample(65)
    return samples, marks


def drawn(samples, marks):
    width, height, left, top = 900, 320, 40, 34
    end, most = samples[-1][0], max(s[2] for s in samples) + 1
    names = sorted({name for s in samples for name in s[1]})

    def x(t):
        return left + t / end * (width - left - 10)

    def y(n):
        return height - 30 - n / most * (height - 30 - top)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
           f'font-size="12"><rect width="{width}" height="{height}" fill="#fff"/>']
    floor = [0] * len(samples)
    for name, colour in zip(names, COLOURS):
        roof = [f + s[1].get(name, 0) for f, s in zip(floor, samples)]
        points = [f"{x(s[0]):.1f},{y(r):.1f}" for s, r in zip(samples, roof)]
        points += [f"{x(s[0]):.1f},{y(f):.1f}" for s, f in reversed(list(zip(samples, floor)))]
        out.append(f'<polygon points="{" ".join(points)}" fill="{colour}" fill-opacity="0.75"/>')
        out.append(f'<text x="{left + 8 + 70 * names.index(name)}" y="{height - 36}" fill="#fff">{name}</text>')
        floor = roof
    for index, colour, dashes in ((2, "#222", "none"), (3, "#c22", "none"), (4, "#707", "4 3")):
        points = " ".join(f"{x(s[0]):.1f},{y(s[index]):.1f}" for s in samples)
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" '
                   f'stroke-dasharray="{dashes}"/>')
    for t, what in marks:
        out.append(f'<line x1="{x(t):.1f}" x2="{x(t):.1f}" y1="{top - 12}" y2="{height - 30}" stroke="#888"/>')
        out.append(f'<text x="{x(t) + 4:.1f}" y="{top - 4}" fill="#222">{what}</text>')
    for n in range(0, most, 3):
        out.append(f'<text x="8" y="{y(n) + 4:.1f}" fill="#222">{n}</text>')
    for t in range(0, int(end) + 1, 10):
        out.append(f'<text x="{x(t) - 8:.1f}" y="{height - 10}" fill="#222">{t} s</text>')
    out.append("</svg>\n")
    return "\n".join(out)


def main():
    samples, marks = record()
    pathlib.Path(sys.argv[1]).write_text(drawn(samples, marks))
    for index, (begin, what) in enumerate(marks):
        until = marks[index + 1][0] if index + 1 < len(marks) else samples[-1][0]
        part = [s for s in samples if begin <= s[0] < until]
        gap = [s[0] for s in part if s[3]]
        print(f"{begin:5.1f} s  {what}: at most {max(s[3] for s in part)} of {part[0][2]} pairs uncovered, "
              f"{f'until {gap[-1] - begin:.1f} s after it' if gap else 'none seen'}; "
              f"{max(s[4] for s in part)} covered twice")


if __name__ == "__main__":
    main()
