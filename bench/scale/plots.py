"""Plots as SVG, without a library. They have a ground of their own, so that they read on light and dark pages."""

import html
import math

# Distinct for the colour-blind as well (Okabe and Ito), as those of src/eval/accuracy_plot.cc.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#555555")
WIDTH, LEFT, RIGHT, TOP, HEIGHT = 860, 70, 30, 44, 260


def text(x, y, what, anchor="middle", more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{html.escape(what)}</text>\n'


def line(x1, y1, x2, y2, colour, more=""):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"{more}/>\n'


def number(value):
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:g}"


def ticks(low, high, log):
    if log:
        return [10.0**e for e in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
                if low <= 10.0**e <= high]
    step = 10 ** math.floor(math.log10((high - low) / 4))
    step = next(step * m for m in (1, 2, 2.5, 5, 10) if (high - low) / (step * m) <= 6)
    return [low + step * k for k in range(int((high - low) / step + 1e-9) + 1)]


def plot(title, curves, x_title, y_title, *, x_log=False, y_log=False, x_range=None, y_range=None, marks=()):
    """curves: (name, [(x, y)…]); marks: (y, name) of horizontal lines."""
    points = [p for _, c in curves for p in c]
    x_low, x_high = x_range or (min(p[0] for p in points), max(p[0] for p in points))
    y_low, y_high = y_range or (0, max(p[1] for p in points) * 1.05 or 1)

    def place(value, low, high, log):
        if log:
            value, low, high = (math.log10(max(v, 1e-12)) for v in (value, low, high))
        return min(1.0, max(0.0, (value - low) / (high - low)))

    def x_of(value):
        return LEFT + (WIDTH - LEFT - RIGHT) * place(value, x_low, x_high, x_log)

    def y_of(value):
        return TOP + HEIGHT * (1 - place(value, y_low, y_high, y_log))

    out = text(LEFT, 24, title, "start", ' font-weight="bold"')
    for y in ticks(y_low, y_high, y_log):
        out += line(LEFT, y_of(y), WIDTH - RIGHT, y_of(y), "#dddddd") + text(LEFT - 6, y_of(y) + 4, number(y), "end")
    for x in ticks(x_low, x_high, x_log):
        out += line(x_of(x), TOP, x_of(x), TOP + HEIGHT, "#eeeeee")
        out += text(x_of(x), TOP + HEIGHT + 16, number(x))
    out += text((LEFT + WIDTH - RIGHT) / 2, TOP + HEIGHT + 34, x_title)
    out += text(16, TOP + HEIGHT / 2, y_title, "middle", f' transform="rotate(-90 16 {TOP + HEIGHT / 2:.0f})"')
    for y, name in marks:
        out += line(LEFT, y_of(y), WIDTH - RIGHT, y_of(y), "#222222", ' stroke-dasharray="5 4"')
        out += text(LEFT + 6, y_of(y) - 5, name, "start")
    for k, (name, curve) in enumerate(curves):
        colour = COLOURS[k % len(COLOURS)]
        path = " ".join(f"{x_of(x):.1f},{y_of(y):.1f}" for x, y in curve if x_low <= x <= x_high)
        out += f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>\n'
        row = TOP + HEIGHT + 56 + 16 * (k // 2)
        column = LEFT + (k % 2) * (WIDTH - LEFT - RIGHT) / 2
        out += line(column, row - 4, column + 18, row - 4, colour, ' stroke-width="3"')
        out += text(column + 24, row, name, "start")
    height = TOP + HEIGHT + 66 + 16 * ((len(curves) + 1) // 2)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
            f'font-size="12" fill="#222222">\n<title>{html.escape(title)}</title>\n'
            f'<rect width="100%" height="100%" fill="#ffffff"/>\n{out}</svg>\n')
