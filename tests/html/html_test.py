"""Draws reports in headless Chromium and looks at what stands on the page: html_test.py RENDER_HTML"""

import json
import os
import subprocess
import sys
import tempfile
import time
import unittest

import browser
import sample

RENDER_HTML = None
SKIPPED = 77

# WCAG 2.1, 1.4.3: the contrast of two colours, and the colour that an element stands on.
COLOURS = """
  const channel = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const parse = (css) => css.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
"""

TEXT_CONTRASTS = f"""(() => {{ {COLOURS}
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {{
    const e = node.parentElement;
    if (!node.data.trim() || !e.checkVisibility() || /SCRIPT|OPTION/.test(e.tagName)) continue;
    found.push([node.data.trim().slice(0, 30), contrast(parse(getComputedStyle(e).color), ground(e))]);
  }}
  return found;
}})()"""

BAR_CONTRASTS = f"""(() => {{ {COLOURS}
  return [...document.querySelectorAll('.bar')].map((bar) =>
    [bar.dataset.id, contrast(ground(bar), ground(bar.parentElement))]);
}})()"""

BARS = """[...document.querySelectorAll('.bar')].map((bar) => {
  const [box, track] = [bar.getBoundingClientRect(), bar.parentElement.getBoundingClientRect()];
  return {id: bar.dataset.id, kind: bar.closest('.row').dataset.kind, label: bar.getAttribute('aria-label'),
          from: box.left - track.left, to: box.right - track.left, width: box.width, track: track.width,
          hue: getComputedStyle(bar).backgroundColor};
})"""


class Html(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="monolens-html-")
        cls.browser = browser.Browser()
        cls.television = sample.television()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.folder.cleanup()

    def draw(self, report, **how):
        path = os.path.join(self.folder.name, f"{self.id()}.html")
        with open(path, "wb") as out:
            subprocess.run([RENDER_HTML], input=json.dumps(report).encode(), stdout=out, check=True)
        page = browser.Page(self.browser, path, **how)
        self.addCleanup(page.close)
        self.addCleanup(lambda: self.assertEqual(page.complaints(), []))
        self.addCleanup(lambda: self.assertEqual(page.requests(), ["file://" + path]))
        return page

    def text(self, page, selector):
        return page.js(f"document.querySelector({json.dumps(selector)})?.innerText ?? null")

    def assert_becomes(self, page, selector, expected):
        """The browser hands on what the pointer does with the next frame it draws, which may take a while."""
        deadline = time.monotonic() + 5
        while self.text(page, selector) != expected and time.monotonic() < deadline:
            time.sleep(0.02)
        self.assertEqual(self.text(page, selector), expected)

    def count(self, page, selector):
        return page.js(f"document.querySelectorAll({json.dumps(selector)}).length")

    def test_each_kind_has_a_row_and_each_incident_a_bar_to_scale(self):
        page = self.draw(self.television)
        kinds = {i["kind"] for i in self.television["incidents"]}
        rows = page.js("[...document.querySelectorAll('.row[data-kind]')].map((r) => r.dataset.kind)")
        self.assertEqual(sorted(rows), sorted(kinds))
        bars = {b["id"]: b for b in page.js(BARS)}
        self.assertEqual(len(bars), len(self.television["incidents"]))
        for incident in self.television["incidents"]:
            bar = bars[incident["id"]]
            scale = bar["track"] / sample.DURATION_S
            self.assertEqual(bar["kind"], incident["kind"])
            self.assertAlmostEqual(bar["from"], incident["start_s"] * scale, delta=0.5)
            wanted = (incident["end_s"] - incident["start_s"]) * scale
            self.assertAlmostEqual(bar["width"], max(4, wanted), delta=0.5)

    def test_a_bar_has_the_colour_of_its_severity(self):
        hues = {}
        for bar in self.draw(self.television).js(BARS):
            severity = next(i["severity"] for i in self.television["incidents"] if i["id"] == bar["id"])
            hues.setdefault(severity, set()).add(bar["hue"])
        self.assertEqual(sorted(hues), ["critical", "info", "major", "minor"])
        self.assertEqual(len(set.union(*hues.values())), 4)

    def test_the_axis_and_the_curves_share_the_bars_scale(self):
        page = self.draw(self.television)
        ticks = page.js(
            """[...document.querySelectorAll('.tick')].map((tick) => [tick.innerText,
            tick.getBoundingClientRect().left - tick.parentElement.getBoundingClientRect().left])"""
        )
        width = page.js("document.querySelector('.track').getBoundingClientRect().width")
        self.assertEqual(
            [t for t, _ in ticks], ["00:00", "00:10", "00:20", "00:30", "00:40", "00:50", "01:00"]
        )
        for i, (_, left) in enumerate(ticks):
            self.assertAlmostEqual(left, width * i / 6, delta=1)
        curves = page.js(
            """[...document.querySelectorAll('.row.curves')].map((row) => {
            const svg = row.querySelector('svg'), line = row.querySelector('.line').getBBox();
            const [seconds, pixels] = [svg.viewBox.baseVal.width, svg.getBoundingClientRect().width];
            return [row.dataset.curve, seconds, pixels, line.x, line.width];
        })"""
        )
        self.assertEqual([c[0] for c in curves], ["loudness_lufs", "luma", "motion"])
        for _, seconds, pixels, _, _ in curves:
            self.assertEqual(seconds, sample.DURATION_S)
            self.assertAlmostEqual(pixels, width, delta=0.5)
        self.assertEqual(curves[1][3:], [0, sample.DURATION_S])
        self.assertEqual(curves[0][3], 0.5, "loudness is unknown in the first step")

    def test_a_curve_has_a_gap_where_nothing_was_measured(self):
        path = self.draw(self.television).js("document.querySelector('.loudness .line').getAttribute('d')")
        self.assertEqual(path.count("M"), 2)

    def test_evidence_pictures_are_decoded(self):
        page = self.draw(self.television)
        sizes = page.js(
            "[...document.querySelectorAll('.incident img')].map((i) => [i.naturalWidth, i.naturalHeight])"
        )
        frames = sum(1 for i in self.television["incidents"] if i["evidence"]["frame"])
        overlays = [size for size in sizes if size == [480, 270]]
        self.assertEqual(len(overlays), 1, "the map of blocks, four pixels each")
        self.assertEqual([size for size in sizes if size not in overlays], [[384, 216]] * frames)
        self.assertEqual(self.count(page, ".picture.sound svg"), 6, "a sound is shown by its loudness")

    def test_a_map_of_blocks_is_drawn_where_it_is(self):
        page = self.draw(self.television)
        alpha = page.js(
            "(async () => { const image = document.querySelector('.incident img.overlay');"
            " await image.decode(); const canvas = document.createElement('canvas');"
            " canvas.width = 480; canvas.height = 270; const context = canvas.getContext('2d', {willReadFrequently: true});"
            " context.drawImage(image, 0, 0);"
            " return [[79, 102], [80, 102], [239, 102], [240, 102], [82, 99]].map(([x, y]) =>"
            " context.getImageData(x, y, 1, 1).data[3]); })()"
        )
        self.assertEqual([a > 0 for a in alpha], [False, True, True, False, False])

    def test_an_incident_says_all_that_is_known_of_it(self):
        page = self.draw(self.television)
        words = self.text(page, ".incident[data-kind='audio.clipping']")
        for part in (
            "major",
            "audio.clipping",
            "00:00:27.300",
            "00:00:29.100",
            "1.80 s",
            "94\u00a0%",
            "3.4 % of the samples are flat at full scale",
            "audio 0 (eng)",
            "clipped share",
            "3.4\u00a0%",
            "\u22120.1\u00a0dBFS",
        ):
            self.assertIn(part, words)

    def test_the_head_gives_verdict_facts_and_measures(self):
        page = self.draw(self.television)
        verdict = self.text(page, ".verdict")
        for part in ("18 incidents", "5 critical", "7 major", "4 minor", "2 info", "No service for 12.44 s"):
            self.assertIn(part, verdict)
        facts = self.text(page, ".facts")
        for part in (
            "mpegts",
            "00:01:00.000",
            "h264 \u00b7 1920\u00d71080 \u00b7 25 fps",
            "aac \u00b7 48 kHz \u00b7 stereo",
        ):
            self.assertIn(part, facts)
        measures = self.text(page, ".statistics")
        for part in ("\u221219.6 LUFS", "\u22120.1 dBTP", "+4 ms", "sound late"):
            self.assertIn(part, measures)

    def test_a_click_on_a_bar_brings_its_incident_into_view_through_a_filter(self):
        page = self.draw(self.television)
        page.js("document.querySelector('.chip[data-severity=major]').click()")
        self.assertEqual(self.count(page, ".incident[data-severity=major]:not([hidden])"), 0)
        self.assertEqual(self.text(page, ".incidents [role=status]"), "11 of 18 shown")
        page.js("document.querySelector('[data-kind=\"av.sync\"] .bar').click()")
        self.assertEqual(page.js("document.activeElement.dataset.kind"), "av.sync")
        top, bottom = page.js(
            "(({top, bottom}) => [top, bottom])(document.activeElement.getBoundingClientRect())"
        )
        self.assertTrue(0 <= top < bottom <= 900, (top, bottom))

    def test_the_list_is_filtered_by_kind(self):
        page = self.draw(self.television)
        page.js(
            """(() => { const s = document.querySelector('select'); s.value = 'video.freeze';
                            s.dispatchEvent(new Event('change')); })()"""
        )
        shown = page.js(
            "[...document.querySelectorAll('.incident:not([hidden])')].map((i) => i.dataset.kind)"
        )
        self.assertEqual(shown, ["video.freeze", "video.freeze"])
        self.assertEqual(self.count(page, ".bar.faded"), 16)

    def test_the_keyboard_walks_the_timeline(self):
        page = self.draw(self.television)
        page.js("document.querySelector('[data-kind=\"video.freeze\"] .bar').focus()")
        page.key("ArrowRight")
        self.assertEqual(page.js("document.activeElement.dataset.id"), "video.freeze-50.000")
        self.assertIn("video.freeze", self.text(page, "#tooltip:not([hidden])"))
        page.key("ArrowDown")
        self.assertEqual(page.js("document.activeElement.closest('.row').dataset.kind"), "video.letterbox")
        stops = page.js("[...document.querySelectorAll('.bar')].filter((b) => b.tabIndex === 0).length")
        self.assertEqual(stops, self.count(page, ".row[data-kind]"), "one stop a row")
        page.key("Escape")
        self.assertIsNone(self.text(page, "#tooltip:not([hidden])"))

    def test_the_pointer_reads_the_curves(self):
        page = self.draw(self.television)
        left, width, top = page.js(
            """(() => { const track = document.querySelector('[data-curve=luma] .track');
                        track.scrollIntoView({block: 'center'});
                        const {left, width, top} = track.getBoundingClientRect();
                        return [left, width, top]; })()"""
        )
        page.move_to(left + width * (21.25 / 60), top + 5)
        self.assert_becomes(page, "[data-curve=luma] .tally", "16")
        self.assertEqual(
            self.text(page, "[data-curve=loudness_lufs] .tally"),
            f"{self.television['curves']['loudness_lufs'][42]:.1f} LUFS".replace("-", "\u2212"),
        )
        self.assertRegex(self.text(page, ".cursor"), r"^00:00:21\.\d\d$")

    def test_text_is_readable_in_light_and_dark(self):
        grounds = set()
        for scheme in ("light", "dark"):
            page = self.draw([self.television, sample.endless(), sample.clean()], scheme=scheme)
            grounds.add(page.js("getComputedStyle(document.body).backgroundColor"))
            contrasts = page.js(TEXT_CONTRASTS)
            self.assertGreater(len(contrasts), 300)
            self.assertEqual([c for c in contrasts if c[1] < 4.5], [], scheme)
        self.assertEqual(len(grounds), 2)

    def test_bars_stand_out_in_light_and_dark(self):
        for scheme in ("light", "dark"):
            ratios = self.draw(self.television, scheme=scheme).js(BAR_CONTRASTS)
            self.assertEqual(len(ratios), 18)
            self.assertEqual([r for r in ratios if r[1] < 3], [], scheme)

    def test_nothing_is_wider_than_a_phone(self):
        page = self.draw([self.television, sample.clean()], width=390, height=844)
        self.assertEqual(page.js("document.documentElement.scrollWidth"), 390)
        bars = {b["id"]: b for b in page.js(BARS)}
        self.assertAlmostEqual(
            bars["video.freeze-50.000"]["from"] / bars["video.freeze-50.000"]["track"], 50 / 60, delta=0.003
        )

    def test_print_is_light_whatever_the_screen_is(self):
        page = self.draw(self.television, scheme="dark", media="print")
        self.assertEqual(page.js("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)")
        self.assertFalse(page.js("document.querySelector('.filters').checkVisibility()"))

    def test_no_incidents_is_good_news(self):
        page = self.draw(sample.clean())
        self.assertIn("No incidents\n\n21 detectors found nothing.", self.text(page, ".verdict.is-clean"))
        self.assertEqual(self.count(page, ".incidents"), 0)
        self.assertEqual(self.count(page, ".row.curves svg"), 3)

    def test_what_was_not_measured_is_said_to_be_so(self):
        page = self.draw(sample.sound_only())
        self.assertIn("A/V offset\nnot measured", self.text(page, ".statistics"))
        self.assertIn("Video\nnone", self.text(page, ".facts"))
        self.assertEqual(
            page.js("[...document.querySelectorAll('.row.curves')].map((r) => r.dataset.curve)"),
            ["loudness_lufs"],
        )

    def test_an_unknown_duration_is_drawn_as_far_as_anything_reaches(self):
        page = self.draw(sample.endless())
        self.assertIn("Duration\nunknown", self.text(page, ".facts"))
        self.assertIn("Interrupted", self.text(page, ".verdict"))
        (bar,) = page.js(BARS)
        self.assertAlmostEqual(bar["from"] / bar["track"], 4 / 20, delta=0.002)
        self.assertAlmostEqual(bar["to"] / bar["track"], 9 / 20, delta=0.002)

    def test_an_interrupted_check_claims_no_speed(self):
        half = {"interrupted": True, "incidents": []}
        self.assertNotIn("real time", self.text(self.draw({**self.television, **half}), ".facts"))
        self.assertIn("8.5\u00d7 real time", self.text(self.draw(self.television), ".facts"))

    def test_a_bare_report_is_drawn(self):
        page = self.draw({"input": {"url": "empty.ts"}})
        self.assertEqual(self.text(page, "h2"), "empty.ts")
        self.assertIn("has a place in time", self.text(page, ".panel"))

    def test_two_thousand_incidents_are_all_there_and_inside_the_track(self):
        made = sample.crowd()
        made["incidents"][-1]["start_s"] = made["incidents"][-1]["end_s"] = made["input"]["duration_s"]
        page = self.draw(made)
        bars = page.js(BARS)
        self.assertEqual(len(bars), 2000)
        self.assertEqual(self.count(page, ".incident"), 2000)
        self.assertEqual(
            [b for b in bars if b["width"] < 3.9 or b["from"] < -0.1 or b["to"] > b["track"] + 0.1], []
        )

    def test_several_inputs_have_an_index_that_leads_to_each(self):
        page = self.draw([self.television, sample.clean(), sample.sound_only()])
        links = page.js(
            "[...document.querySelectorAll('.index a')].map((a) => [a.innerText, a.getAttribute('href')])"
        )
        self.assertEqual(
            links,
            [
                ["evening-news.ts", "#report-1"],
                ["clean-interview.mp4", "#report-2"],
                ["morning.aac", "#report-3"],
            ],
        )
        self.assertEqual(
            page.js("[...document.querySelectorAll('.report')].map((r) => '#' + r.id)"),
            [href for _, href in links],
        )
        self.assertEqual(
            page.js("new Set([...document.querySelectorAll('[id]')].map((e) => e.id)).size"),
            self.count(page, "[id]"),
        )

    def test_words_of_the_input_stay_words(self):
        evil = "<img src=x onerror=document.title='broken'></script><b>"
        incident = sample.incident(
            evil,
            1,
            2,
            detector=evil,
            severity=evil,
            measures={evil: evil},
            track={"type": evil, "index": 0, "id": 1, "language": evil},
            evidence={"frame": "https://example.net/spy.jpg", "overlay": 'x" onload="', "note": evil},
        )
        page = self.draw(sample.report(evil, [incident], profile=evil, detectors=[evil]))
        self.assertEqual(self.text(page, ".url"), evil)
        self.assertIn(evil, self.text(page, ".incident .note"))
        self.assertEqual(self.count(page, "img"), 0)
        self.assertNotEqual(page.js("document.title"), "broken")

    def test_everything_that_can_be_pressed_has_a_name(self):
        page = self.draw(self.television)
        nameless = page.js(
            """[...document.querySelectorAll('button, select, a, [role=img]')]
            .filter((e) => !(e.getAttribute('aria-label') || e.textContent).trim()).length"""
        )
        self.assertEqual(nameless, 0)

    def test_a_picture_opens_large_and_closes(self):
        page = self.draw(self.television)
        page.js("document.querySelector('.incident[data-kind=\"video.corruption\"] button.picture').click()")
        self.assertEqual(self.count(page, "dialog[open] img"), 2)
        page.js("document.querySelector('dialog button').click()")
        self.assertEqual(self.count(page, "dialog[open]"), 0)


if __name__ == "__main__":
    if not os.path.exists(browser.BINARY):
        print(f"skipped: {browser.BINARY} is not installed")
        sys.exit(SKIPPED)
    RENDER_HTML = sys.argv.pop(1)
    unittest.main()
