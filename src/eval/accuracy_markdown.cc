#include "eval/accuracy_markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "eval/accuracy_plot.h"

namespace monolens::eval {
namespace {

std::string percent(const std::optional<double>& share) {
  return share ? fmt::format("{:.3f}", *share) : std::string("–");
}

std::string cell(const Tally& t) {
  if (t.of == 0) return "–";
  return fmt::format("{}/{}", t.hits, t.of);
}

std::string in_units(const std::vector<double>& frames, const std::vector<double>& seconds) {
  if (!frames.empty()) {
    const Errors e = errors_of(frames);
    return fmt::format("{:.1f} / {:.1f} frames", *e.median, *e.p90);
  }
  const Errors e = errors_of(seconds);
  return e.median ? fmt::format("{:.0f} / {:.0f} ms", *e.median * 1000, *e.p90 * 1000) : "–";
}

std::string in_seconds(const std::vector<double>& seconds) {
  const Errors e = errors_of(seconds);
  return e.median ? fmt::format("{:.2f} / {:.2f} s", *e.median, *e.p90) : "–";
}

std::string recall_text(const Group& g) {
  if (g.recall.of == 0) return "–";
  const Bounds b = wilson(g.recall);
  return fmt::format("{:.3f} ({:.2f}–{:.2f}, n {})", g.recall.share(), b.low, b.high, g.recall.of);
}

std::string strata_table(const Group& g) {
  std::string text =
      "| form | strength | must be found | need not be | must stay silent: told |\n"
      "| --- | --- | --- | --- | --- |\n";
  for (const Stratum& s : g.strata) {
    text += fmt::format("| {} | {} {:g}{}{} | {} | {} | {} |\n", s.form, s.strength.name, s.strength.value,
                        s.strength.unit.empty() ? "" : " ", s.strength.unit, cell(s.required),
                        cell(s.optional), cell(s.negative));
  }
  return text;
}

std::string area_table(const Group& g) {
  std::string text = "\n| mean share of the picture that differs | intervals found |\n| --- | --- |\n";
  for (const auto& [bounds, tally] : g.by_area)
    text += fmt::format("| {:.0f} to {:.0f} % | {} |\n", bounds.low * 100, std::min(1.0, bounds.high) * 100,
                        cell(tally));
  return text;
}

std::string by_products_text(const Group& g) {
  if (g.by_products.empty()) return "";
  std::string text;
  for (const auto& [kind, n] : g.by_products)
    text += fmt::format("{}`{}` {}", text.empty() ? "" : ", ", kind, n);
  return fmt::format("\nTold beside it: {}.\n", text);
}

// False alarms by kind and clip, those on clean twins first.
std::string false_alarms_text(const Score& score) {
  std::map<std::pair<std::string, std::string>, std::pair<int, int>> alarms;
  for (const ItemScore& s : score.items) {
    for (std::size_t i = 0; i < s.verdicts.size(); ++i) {
      const bool wrong = s.verdicts[i] == Verdict::kFalse || s.verdicts[i] == Verdict::kElsewhere;
      if (!wrong || s.result.found[i].kind == "audio.loudness") continue;
      auto& [clean, other] = alarms[{s.result.found[i].kind, s.result.item.clip}];
      (s.result.item.kind.empty() ? clean : other) += 1;
    }
  }
  if (alarms.empty()) return "";
  std::string text =
      "\n### False alarms\n\n| kind | clip | on clean twins | on other items |\n| --- | --- | --- | --- |\n";
  for (const auto& [key, n] : alarms)
    text += fmt::format("| `{}` | {} | {} | {} |\n", key.first, key.second, n.first, n.second);
  return text;
}

}  // namespace

std::string title_of(const Group& group) {
  return group.name.empty() ? group.kind : fmt::format("{}, {}", group.kind, group.name);
}

std::string summary_table(const Score& score) {
  std::string text =
      "| kind | recall (95 % interval) | precision | start error, median / p90 | end error | told after | "
      "false alarms an hour |\n| --- | --- | --- | --- | --- | --- | --- |\n";
  for (const Group& g : score.groups) {
    if (!g.has_detector) {
      text +=
          fmt::format("| `{}`{} | no detector | | | | | |\n", g.kind, g.name.empty() ? "" : ", " + g.name);
      continue;
    }
    text += fmt::format("| `{}`{} | {} | {} | {} | {} | {} | {:.1f} in {:.2f} h |\n", g.kind,
                        g.name.empty() ? "" : ", " + g.name, recall_text(g), percent(g.precision()),
                        in_units(g.start_errors_frames, g.start_errors),
                        in_units(g.end_errors_frames, g.end_errors), in_seconds(g.delays),
                        g.false_alarms_an_hour(), g.clean_hours);
  }
  return text;
}

std::string accuracy_markdown(const Score& score, const std::string& plots) {
  std::set<std::string> clips;
  for (const ItemScore& s : score.items) clips.insert(s.result.item.clip);
  std::string text = fmt::format("{} items made from {} clips, {:.2f} hours.\n\n", score.items.size(),
                                 clips.size(), score.hours);
  text += summary_table(score);
  for (const Group& g : score.groups) {
    text += fmt::format("\n### {}\n\n", title_of(g));
    if (!g.has_detector) {
      text += "No detector.\n";
      continue;
    }
    if (!plots.empty()) text += fmt::format("![Recall by strength]({}/{})\n\n", plots, plot_name(g));
    text += strata_table(g);
    if (!g.by_area.empty()) text += area_table(g);
    if (!g.offset_errors_ms.empty()) {
      const Errors e = errors_of(g.offset_errors_ms);
      text += fmt::format("\nOffset error, median / p90: {:.0f} / {:.0f} ms.\n", *e.median, *e.p90);
    }
    text += fmt::format(
        "\nTold on this kind's items and clean twins: {} right, {} false, {} false on clean twins; on "
        "other kinds' items: {} false.\n",
        g.right, g.wrong, g.wrong_on_clean, g.wrong_elsewhere);
    text += by_products_text(g);
  }
  return text + false_alarms_text(score);
}

}  // namespace monolens::eval
