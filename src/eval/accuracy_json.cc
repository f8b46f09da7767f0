#include "eval/accuracy_json.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/version.h"

namespace monolens::eval {
namespace {

using Json = nlohmann::ordered_json;

double rounded(double v) { return std::round(v * 1e6) / 1e6; }

Json number(const std::optional<double>& v) { return v ? Json(rounded(*v)) : Json(nullptr); }

Json json(const Tally& t) {
  const Bounds b = wilson(t);
  return {{"of", t.of},
          {"hits", t.hits},
          {"share", t.of > 0 ? Json(rounded(t.share())) : Json(nullptr)},
          {"wilson_95", {rounded(b.low), rounded(b.high)}}};
}

Json json(const std::vector<double>& errors) {
  const Errors e = errors_of(errors);
  return {{"n", errors.size()},
          {"median_abs", number(e.median)},
          {"p90_abs", number(e.p90)},
          {"median", number(percentile(errors, 0.5))}};
}

Json json(const Stratum& s) {
  return {{"form", s.form},
          {"strength", {{"name", s.strength.name}, {"value", s.strength.value}, {"unit", s.strength.unit}}},
          {"required", json(s.required)},
          {"optional", json(s.optional)},
          {"negative", json(s.negative)}};
}

Json json(const Group& g) {
  Json j{{"kind", g.kind},
         {"group", g.name.empty() ? Json(nullptr) : Json(g.name)},
         {"detector", g.has_detector},
         {"recall", json(g.recall)},
         {"precision", number(g.precision())},
         {"right", g.right},
         {"false", g.wrong},
         {"false_on_clean", g.wrong_on_clean},
         {"false_elsewhere", g.wrong_elsewhere},
         {"clean_hours", rounded(g.clean_hours)},
         {"false_alarms_an_hour", rounded(g.false_alarms_an_hour())},
         {"start_error_s", json(g.start_errors)},
         {"start_error_frames", json(g.start_errors_frames)},
         {"end_error_s", json(g.end_errors)},
         {"end_error_frames", json(g.end_errors_frames)},
         {"delay_s", json(g.delays)},
         {"offset_error_ms", json(g.offset_errors_ms)},
         {"by_products", g.by_products},
         {"strata", Json::array()}};
  for (const Stratum& s : g.strata) j["strata"].push_back(json(s));
  if (!g.by_area.empty()) {
    Json areas = Json::array();
    for (const auto& [bounds, tally] : g.by_area)
      areas.push_back({{"from", bounds.low}, {"to", std::min(1.0, bounds.high)}, {"found", json(tally)}});
    j["by_area"] = areas;
  }
  return j;
}

std::string_view name_of(Verdict v) {
  switch (v) {
    case Verdict::kRight:
      return "right";
    case Verdict::kFalse:
      return "false";
    case Verdict::kElsewhere:
      return "false elsewhere";
    case Verdict::kByProduct:
      return "by-product";
    case Verdict::kIgnored:
      return "ignored";
  }
  return "";
}

Json json(const ItemScore& s) {
  const Item& item = s.result.item;
  Json j{{"file", item.file},
         {"clip", item.clip},
         {"split", item.split},
         {"kind", item.kind.empty() ? Json(nullptr) : Json(item.kind)},
         {"form", item.form},
         {"strength", item.strength.value},
         {"role", name_of(item.role, item.kind.empty())},
         {"intervals", Json::array()},
         {"incidents", Json::array()}};
  for (const Match& m : s.matches) {
    j["intervals"].push_back({{"start_s", rounded(m.interval.start)},
                              {"end_s", rounded(m.interval.end)},
                              {"area", number(m.interval.area)},
                              {"required", m.required},
                              {"found", m.found.has_value()},
                              {"start_error_s", number(m.start_error)},
                              {"end_error_s", number(m.end_error)},
                              {"delay_s", number(m.delay)},
                              {"offset_error_ms", number(m.offset_error_ms)}});
  }
  for (std::size_t i = 0; i < s.verdicts.size(); ++i) {
    const Found& f = s.result.found[i];
    Json measures = Json::object();
    for (const auto& [name, value] : f.measures) measures[name] = rounded(value);
    j["incidents"].push_back({{"kind", f.kind},
                              {"start_s", rounded(f.start)},
                              {"end_s", rounded(f.end)},
                              {"told_s", rounded(f.told)},
                              {"confidence", rounded(f.confidence)},
                              {"verdict", name_of(s.verdicts[i])},
                              {"measures", measures}});
  }
  return j;
}

}  // namespace

std::string accuracy_json(const Score& score, const Context& context) {
  Json j{{"schema", "monolens.accuracy/1"},
         {"tool", {{"name", "monolens"}, {"version", kVersion}}},
         {"set", {{"version", kSetVersion}, {"seed", context.seed}, {"hours", rounded(score.hours)}}},
         {"settings", context.settings},
         {"kinds", Json::array()},
         {"items", Json::array()}};
  for (const Group& g : score.groups) j["kinds"].push_back(json(g));
  for (const ItemScore& s : score.items) j["items"].push_back(json(s));
  return j.dump(1) + "\n";
}

}  // namespace monolens::eval
