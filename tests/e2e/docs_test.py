"""The documentation names what exists: detectors and their options, habits of ./do, files, options of commands."""

import re
import subprocess
import unittest

import harness
from harness import NOTHING, ROOT, MonolensTest

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
REFERENCE = ROOT / "docs" / "detectors-reference.md"


def code_of(text):
    """The lines that are indented as code, and what stands between backticks."""
    return "\n".join(re.findall(r"^    .*|(?<=`)[^`\n]+(?=`)", text, re.MULTILINE))


class Documentation(MonolensTest):
    def printed(self, *args):
        run = self.run_monolens(*args)
        self.assert_exit(run, NOTHING)
        return run.stdout

    def test_the_reference_of_the_detectors_is_what_the_program_prints(self):
        self.assertEqual(
            REFERENCE.read_text(),
            self.printed("detectors", "--markdown"),
            "make it anew: monolens detectors --markdown > docs/detectors-reference.md",
        )

    def test_every_detector_is_explained_in_the_order_of_the_program(self):
        names = [line.split()[0] for line in self.printed("detectors").splitlines()]
        explained = re.findall(r"^## (\w+)$", (ROOT / "docs" / "detectors.md").read_text(), re.MULTILINE)
        self.assertEqual(names, explained)
        rows = re.findall(r"^\| \[(\w+)\]", (ROOT / "README.md").read_text(), re.MULTILINE)
        self.assertEqual([name for name in names if name != "null"], rows)

    def test_options_on_command_lines_exist(self):
        commands = ("check", "watch", "compare", "serve", "list", "add", "remove", "follow", "detectors", "eval make",
                    "eval run", "cost", "topology run")
        help_text = "".join(self.printed(*command.split(), "--help") for command in commands)
        known = set(re.findall(r"--[a-z-]*[a-z]", help_text)) | {"--help", "--version"}
        for page in PAGES:
            for line in code_of(page.read_text()).splitlines():
                if "monolens " in line:
                    self.assertEqual(set(), set(re.findall(r"(?<!\S)--[a-z-]*[a-z]", line)) - known, f"{page.name}: {line}")

    def test_habits_of_do_exist(self):
        usage = subprocess.run([ROOT / "do", "help"], capture_output=True, check=True, text=True).stdout
        for page in PAGES:
            for habit in re.findall(r"\./do ([a-z]+)", code_of(page.read_text())):
                self.assertRegex(usage, rf"(?m)^  (\w+, )?{habit}\b", f"{page.name}: ./do {habit}")

    def test_tests_that_are_named_exist(self):
        unit = "".join(path.read_text() for path in (ROOT / "src").rglob("*_test.cc"))
        for suite, name in re.findall(r"`([A-Z]\w+)\.([A-Z]\w+)`", (ROOT / "docs" / "security.md").read_text()):
            self.assertRegex(unit, rf"TEST(_F)?\({suite}, {name}\)")
        for file, name in re.findall(r"`(\w+_test)\.(test_\w+)`", (ROOT / "docs" / "security.md").read_text()):
            self.assertIn(f"def {name}(", (ROOT / "tests" / "e2e" / f"{file}.py").read_text())

    def test_links_lead_to_files(self):
        for page in PAGES:
            for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
                if "://" not in target:
                    self.assertTrue((page.parent / target).exists(), f"{page.name}: {target}")


if __name__ == "__main__":
    harness.main()
