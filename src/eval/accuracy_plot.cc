#include "eval/accuracy_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "eval/accuracy_markdown.h"

namespace monolens::eval {
namespace {

// Distinct for the colour-blind as well (Okabe and Ito).
constexpr std::array<const char*, 7> kColours{"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                              "#56b4e9", "#e69f00", "#555555"};

constexpr double kWidth = 860;
constexpr double kTop = 44;
constexpr double kPlotHeight = 230;
constexpr double kCurvesLeft = 52;
constexpr double kCurvesWidth = 420;
constexpr double kBarsLeft = 560;
constexpr double kBarsWidth = 270;
constexpr int kBins = 10;

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else {
      out += c;
    }
  }
  return out;
}

std::string label(double x, double y, const std::string& text, const char* anchor = "middle") {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor,
                     escaped(text));
}

std::string line(double x1, double y1, double x2, double y2, const char* colour, double width = 1) {
  return fmt::format(
      "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\" stroke-width=\"{}\"/>\n",
      x1, y1, x2, y2, colour, width);
}

double y_of(double share) { return kTop + kPlotHeight * (1 - share); }

std::string axes(double left, double width) {
  std::string out;
  for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    out += line(left, y_of(share), left + width, y_of(share), "#dddddd");
    out += label(left - 6, y_of(share) + 4, fmt::format("{:g}", share), "end");
  }
  return out;
}

// A form's strengths in the order of their values, evenly spaced: the steps of the recipes are chosen, and
// their units differ.
struct Curve {
  std::string form;
  std::vector<const Stratum*> points;
};

std::vector<Curve> curves_of(const Group& g) {
  std::vector<Curve> curves;
  for (const Stratum& s : g.strata) {
    if (s.required.of + s.optional.of == 0) continue;
    auto found = std::ranges::find(curves, s.form, &Curve::form);
    if (found == curves.end()) {
      curves.push_back({s.form, {}});
      found = curves.end() - 1;
    }
    found->points.push_back(&s);
  }
  for (Curve& c : curves) {
    std::ranges::sort(c.points, {}, [](const Stratum* s) { return s->strength.value; });
  }
  return curves;
}

Tally all_of(const Stratum& s) {
  return {.of = s.required.of + s.optional.of, .hits = s.required.hits + s.optional.hits};
}

std::string recall_curves(const Group& g) {
  const std::vector<Curve> curves = curves_of(g);
  std::set<double> values;
  for (const Curve& c : curves) {
    for (const Stratum* s : c.points) values.insert(s->strength.value);
  }
  const auto x_of = [&](double value) {
    const auto index = static_cast<double>(std::distance(values.begin(), values.find(value)));
    return kCurvesLeft +
           kCurvesWidth * (index + 0.5) / static_cast<double>(std::max<std::size_t>(1, values.size()));
  };
  std::string out = axes(kCurvesLeft, kCurvesWidth);
  for (const double v : values) out += label(x_of(v), kTop + kPlotHeight + 16, fmt::format("{:g}", v));
  std::set<std::string> names;
  for (const Curve& c : curves) {
    for (const Stratum* s : c.points)
      names.insert(s->strength.unit.empty() ? s->strength.name
                                            : fmt::format("{}, {}", s->strength.name, s->strength.unit));
  }
  std::string axis;
  for (const std::string& n : names) axis += (axis.empty() ? "" : "; ") + n;
  out += label(kCurvesLeft + kCurvesWidth / 2, kTop + kPlotHeight + 34, axis);
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const char* colour = kColours[i % kColours.size()];
    const double aside = (static_cast<double>(i) - static_cast<double>(curves.size() - 1) / 2) * 4;
    double last_x = 0;
    double last_y = 0;
    for (std::size_t k = 0; k < curves[i].points.size(); ++k) {
      const Stratum& s = *curves[i].points[k];
      const Tally t = s.required.of > 0 ? s.required : all_of(s);
      const Bounds b = wilson(t);
      const double x = x_of(s.strength.value) + aside;
      const double y = y_of(t.share());
      out += line(x, y_of(b.low), x, y_of(b.high), colour);
      if (k > 0) out += line(last_x, last_y, x, y, colour, 2);
      out += fmt::format(
          "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" fill=\"{}\" stroke=\"{}\" stroke-width=\"1.5\"/>\n", x,
          y, s.required.of > 0 ? colour : "#ffffff", colour);
      last_x = x;
      last_y = y;
    }
    const double row = kTop + kPlotHeight + 56 + 16 * static_cast<double>(i);
    out += line(kCurvesLeft, row - 4, kCurvesLeft + 18, row - 4, colour, 3);
    out += label(kCurvesLeft + 24, row, curves[i].form, "start");
  }
  return out;
}

std::array<double, kBins + 1> histogram(const std::vector<double>& confidences) {
  std::array<double, kBins + 1> bins{};
  if (confidences.empty()) return bins;
  for (const double c : confidences) {
    const int bin = c <= 0 ? 0 : std::clamp(1 + static_cast<int>(c * kBins - 1e-9), 1, kBins);
    bins[static_cast<std::size_t>(bin)] += 1.0 / static_cast<double>(confidences.size());
  }
  return bins;
}

std::string confidences(const Group& g) {
  std::string out = axes(kBarsLeft, kBarsWidth);
  const auto positive = histogram(g.positive_confidences);
  const auto negative = histogram(g.negative_confidences);
  const double step = kBarsWidth / (kBins + 1);
  for (std::size_t i = 0; i <= kBins; ++i) {
    const double x = kBarsLeft + step * static_cast<double>(i);
    const auto bar = [&](double at, double share, const char* colour) {
      out += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>\n",
                         at, y_of(share), step * 0.4, kPlotHeight * share, colour);
    };
    bar(x + step * 0.08, positive[i], kColours[0]);
    bar(x + step * 0.52, negative[i], kColours[1]);
    out += label(
        x + step / 2, kTop + kPlotHeight + 16,
        i == 0 ? "not told" : (i % 2 == 0 ? fmt::format("{:.1f}", static_cast<double>(i) / kBins) : ""));
  }
  out += label(kBarsLeft + kBarsWidth / 2, kTop + kPlotHeight + 34, "highest confidence");
  const double row = kTop + kPlotHeight + 56;
  out += line(kBarsLeft, row - 4, kBarsLeft + 18, row - 4, kColours[0], 6);
  out +=
      label(kBarsLeft + 24, row, fmt::format("must be found ({})", g.positive_confidences.size()), "start");
  out += line(kBarsLeft, row + 12, kBarsLeft + 18, row + 12, kColours[1], 6);
  out += label(kBarsLeft + 24, row + 16,
               fmt::format("must stay silent, clean twins included ({})", g.negative_confidences.size()),
               "start");
  return out;
}

}  // namespace

std::string plot_name(const Group& group) {
  std::string name = group.kind + (group.name.empty() ? "" : "-" + group.name);
  return name + ".svg";
}

std::string plot(const Group& group) {
  const double height =
      kTop + kPlotHeight + 66 + 16 * static_cast<double>(std::max<std::size_t>(2, curves_of(group).size()));
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" font-family=\"sans-serif\" "
      "font-size=\"12\" "
      "fill=\"#222222\">\n<title>{}: recall and confidence</title>\n<rect width=\"100%\" height=\"100%\" "
      "fill=\"#ffffff\"/>\n"
      "<g font-weight=\"bold\">\n{}{}</g>\n{}{}</svg>\n",
      kWidth, height, escaped(title_of(group)),
      label(kCurvesLeft, 24, title_of(group) + ": recall by strength", "start"),
      label(kBarsLeft, 24, "share of intervals and items", "start"), recall_curves(group),
      confidences(group));
}

}  // namespace monolens::eval
