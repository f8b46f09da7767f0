#!/usr/bin/env python3
"""What checking costs beside decoding, and beside an FFmpeg filter graph that looks for the same things.

On each file it first makes sure that Monolens and FFmpeg's filters found the same black, freeze and silence
intervals, loudness and true peak. Then it times four commands in turn, round after round, so that a change of the
machine's speed meets all of them: monolens check with every detector; the same without corruption and sync, which
have a budget of their own; ffmpeg decoding the same video and audio on one thread; ffmpeg with the filter graph on one
thread. The figures are CPU seconds (user and system) of the
process and its peak resident memory, both as the kernel accounts them; a ratio is the median of the rounds' ratios.

Writes out/bench/check.json. Ends with 1 if the answers differ (nothing is timed then), otherwise with 0: a target
that is missed is printed as such.
"""

import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

import media

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "out" / "bench"

FRAME_S = 1 / media.RATE
AUDIO_S = 0.020
LOUDNESS_LU = 0.1
TRUE_PEAK_DB = 0.2

TARGETS = {"monolens_to_decode": ("<=", 1.25), "rest_to_decode": ("<=", 1.12), "filters_to_monolens": (">=", 3.0), "peak_memory_mb": ("<=", 120.0)}
REST = "without corruption, sync"
MEMORY_TARGET_FOR = "1080p"

VIDEO_FILTERS = "freezedetect=n=-60dB:d=2,blackdetect=d=2:pic_th=0.98:pix_th=0.10,signalstats,idet,cropdetect"
AUDIO_FILTERS = "silencedetect=n=-60dB:d=2,ebur128=peak=true:framelog=verbose,astats"


def decode_command(path):
    return ["ffmpeg", "-v", "error", "-nostdin", "-threads", "1", "-i", path,
            "-map", "0:v", "-map", "0:a", "-f", "null", "-"]


def filter_command(path, verbosity="error"):
    graph = f"[0:v]{VIDEO_FILTERS}[v];[0:a]{AUDIO_FILTERS}[a]"
    return ["ffmpeg", "-v", verbosity, "-nostats", "-nostdin", "-threads", "1", "-filter_threads", "1",
            "-filter_complex_threads", "1", "-i", path, "-filter_complex", graph,
            "-map", "[v]", "-map", "[a]", "-f", "null", "-"]


def check_command(monolens, path):
    return [monolens, "check", path, "--report", str(OUT / f"{pathlib.Path(path).stem}.report.json")]


def measure(command, accepted):
    """CPU seconds, wall seconds and peak resident MB of the command. Its exit status must be one of accepted."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in accepted:
        sys.exit(f"{' '.join(command)}\nended with {process.returncode}:\n{errors.decode(errors='replace')[-2000:]}")
    return {"cpu_s": usage.ru_utime + usage.ru_stime, "wall_s": time.monotonic() - begin,
            "peak_memory_mb": usage.ru_maxrss / 1024}


def ffmpeg_answers(path):
    log = subprocess.run(filter_command(path, "info"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                         check=True).stderr

    def numbers(name):
        return [float(x) for x in re.findall(name + r":\s*(-?[\d.]+)", log)]

    # The last summary: ebur128 prints one at each time its input's format is settled.
    return {
        "video.black": list(zip(numbers("black_start"), numbers("black_end"))),
        "video.freeze": list(zip(numbers("freeze_start"), numbers("freeze_end"))),
        "audio.silence": list(zip(numbers("silence_start"), numbers("silence_end"))),
        "integrated_loudness_lufs": numbers(r"\bI")[-1],
        "true_peak_dbtp": numbers(r"\bPeak")[-1],
    }


def monolens_answers(report_path):
    report = json.loads(report_path.read_text(encoding="utf-8"))
    answers = {kind: [(i["start_s"], i["end_s"]) for i in report["incidents"] if i["kind"] == kind]
               for kind in ("video.black", "video.freeze", "audio.silence")}
    for measure_name in ("integrated_loudness_lufs", "true_peak_dbtp"):
        answers[measure_name] = report["measures"][measure_name]
    return answers


def same_intervals(ours, theirs, tolerance):
    return len(ours) == len(theirs) and all(
        abs(a[0] - b[0]) <= tolerance and abs(a[1] - b[1]) <= tolerance for a, b in zip(ours, theirs))


def outside(intervals, excluded):
    """To freezedetect a black picture stands still as well; to Monolens it is black and nothing else."""
    return [i for i in intervals if not any(i[0] < b[1] and b[0] < i[1] for b in excluded)]


def differences(ours, theirs, medium):
    """A line for each answer in which the two differ from each other, or miss what was put into the file."""
    theirs = dict(theirs, **{"video.freeze": outside(theirs["video.freeze"], theirs["video.black"])})
    ours = dict(ours, **{"video.freeze": outside(ours["video.freeze"], ours["video.black"])})
    made = {"video.black": medium.black, "video.freeze": medium.freeze, "audio.silence": medium.silence}
    lines = []
    for kind, interval in made.items():
        tolerance = AUDIO_S if kind.startswith("audio") else FRAME_S
        if not same_intervals(ours[kind], theirs[kind], tolerance + 1e-3):
            lines.append(f"{kind}: monolens {ours[kind]}, ffmpeg {theirs[kind]}")
        if not same_intervals(theirs[kind], [interval], 0.1):
            lines.append(f"{kind}: ffmpeg {theirs[kind]}, made at {interval}")
    for name, tolerance in (("integrated_loudness_lufs", LOUDNESS_LU), ("true_peak_dbtp", TRUE_PEAK_DB)):
        # FFmpeg prints one decimal.
        if ours[name] is None or abs(ours[name] - theirs[name]) > tolerance + 0.05:
            lines.append(f"{name}: monolens {ours[name]}, ffmpeg {theirs[name]}")
    return lines


def run_rounds(commands, rounds):
    results = {name: [] for name in commands}
    for number in range(rounds):
        print(f"  round {number + 1} of {rounds}", file=sys.stderr)
        for name, (command, accepted) in commands.items():
            results[name].append(measure(command, accepted))
    return results


def median_ratio(results, over, under):
    return statistics.median(a["cpu_s"] / b["cpu_s"] for a, b in zip(results[over], results[under]))


def print_medium(name, results, figures):
    print(f"\n{name}: {len(results['monolens'])} rounds, medians")
    print(f"  {'':<28} {'CPU s':>8} {'wall s':>8} {'peak MB':>8}")
    for command, rows in results.items():
        cells = (statistics.median(r[key] for r in rows) for key in ("cpu_s", "wall_s", "peak_memory_mb"))
        print("  {:<28} {:8.2f} {:8.2f} {:8.0f}".format(command, *cells))
    labels = {"monolens_to_decode": "monolens / decode only", "rest_to_decode": "the same without both",
              "filters_to_monolens": "filter graph / monolens",
              "peak_memory_mb": "peak memory, MB"}
    for key, value in figures.items():
        if key == "peak_memory_mb" and name != MEMORY_TARGET_FOR:
            continue
        relation, target = TARGETS[key]
        met = value <= target if relation == "<=" else value >= target
        print(f"  {labels[key]:<28} {value:8.2f}   target {relation} {target:g}: {'met' if met else 'MISSED'}")


def bench(medium, monolens, rounds):
    path = str(medium.make(OUT))
    report = OUT / f"{medium.name}.report.json"
    report.unlink(missing_ok=True)
    commands = {
        "monolens": (check_command(monolens, path), (0, 1)),
        REST: (check_command(monolens, path) + ["--detectors", "all,-corruption,-sync"], (0, 1)),
        "decode only": (decode_command(path), (0,)),
        "filter graph": (filter_command(path), (0,)),
    }
    measure(*commands["monolens"])
    theirs, ours = ffmpeg_answers(path), monolens_answers(report)
    wrong = differences(ours, theirs, medium)
    if wrong:
        sys.exit(f"{medium.name}: the answers differ, so nothing is timed\n  " + "\n  ".join(wrong))
    print(f"{medium.name}: both found the same", file=sys.stderr)
    results = run_rounds(commands, rounds)
    figures = {
        "monolens_to_decode": median_ratio(results, "monolens", "decode only"),
        "rest_to_decode": median_ratio(results, REST, "decode only"),
        "filters_to_monolens": median_ratio(results, "filter graph", "monolens"),
        "peak_memory_mb": max(r["peak_memory_mb"] for r in results["monolens"]),
    }
    print_medium(medium.name, results, figures)
    return {"answers": {"monolens": ours, "ffmpeg": theirs}, "figures": figures, "rounds": results}


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--monolens", default=ROOT / "build/release/src/app/monolens", help="the program to measure")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=[m.name for m in media.MEDIA])
    options = parser.parse_args()

    monolens = str(pathlib.Path(options.monolens).resolve())
    results = {"processor": processor(), "cores": os.cpu_count(), "targets": TARGETS, "media": {}}
    for medium in media.MEDIA:
        if options.only in (None, medium.name):
            results["media"][medium.name] = bench(medium, monolens, options.rounds)
    path = OUT / "check.json"
    path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(f"\nall of it in {path}")


if __name__ == "__main__":
    main()
