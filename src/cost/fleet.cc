#include "cost/fleet.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "cost/bill.h"

namespace monolens::cost {
namespace {

constexpr std::string_view kDetector = "detector ";
constexpr double kHoursAMonth = 730;

// "freeze" of "detector freeze", else empty.
std::string detector_of(std::string_view name) {
  return name.starts_with(kDetector) ? std::string(name.substr(kDetector.size())) : std::string();
}

std::vector<std::string> detectors_of(const Usage& run) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    const std::string detector = detector_of(name);
    if (!detector.empty() && std::find(names.begin(), names.end(), detector) == names.end())
      names.push_back(detector);
  };
  for (const Component& c : run.components) {
    add(c.name);
    for (const auto& part : c.parts) add(part.first);
  }
  return names;
}

bool is_chosen(const std::string& name, const std::vector<std::string>& detectors) {
  const std::string detector = detector_of(name);
  return detector.empty() || std::find(detectors.begin(), detectors.end(), detector) != detectors.end();
}

std::int64_t whole(double value) { return static_cast<std::int64_t>(std::floor(value)); }

}  // namespace

Result<Usage> with_detectors(const Usage& run, const std::vector<std::string>& detectors) {
  if (detectors.empty()) return run;
  const std::vector<std::string> there = detectors_of(run);
  for (const std::string& detector : detectors) {
    if (std::find(there.begin(), there.end(), detector) == there.end()) {
      return Error{ErrorCode::kUsage, fmt::format("{}: detector '{}' was not measured{}", run.name, detector,
                                                  suggestion(detector, there))};
    }
  }
  Usage fewer = run;
  std::erase_if(fewer.components, [&](const Component& c) { return !is_chosen(c.name, detectors); });
  for (Component& c : fewer.components) {
    for (const auto& [part, seconds] : c.parts) c.cpu_s -= is_chosen(part, detectors) ? 0 : seconds;
    std::erase_if(c.parts, [&](const auto& part) { return !is_chosen(part.first, detectors); });
  }
  // A transition for each detector and second; the others belong to the second itself.
  const std::uint64_t gone = (there.size() - detectors.size()) * run.workflow.starts;
  fewer.workflow.transitions -= std::min(fewer.workflow.transitions, gone);
  const double share = static_cast<double>(detectors.size()) / static_cast<double>(there.size());
  fewer.store.gets = static_cast<std::uint64_t>(std::llround(static_cast<double>(run.store.gets) * share));
  fewer.store.get_gib *= share;
  return fewer;
}

FleetPlan plan_fleet(const Usage& run, int streams, const PriceBook& book) {
  FleetPlan plan{.run = run.name, .topology = run.topology, .streams = streams};
  for (const Component& c : run.components) {
    if (c.workflow) continue;
    plan.vcpus += c.cpu_s / run.stream_s / book.usable_share.value * streams;
    plan.gib += c.mean_gib / run.streams * streams;
  }
  const double instances =
      std::max(plan.vcpus / book.instance_vcpus.value, plan.gib / book.instance_gib.value);
  plan.instances = static_cast<std::int64_t>(std::ceil(instances));
  plan.amount_a_month = book.instance_vcpu_h.of(static_cast<double>(plan.instances) *
                                                book.instance_vcpus.value * kHoursAMonth) *
                        (1 - book.savings_share.value);

  const Bill bill = bill_of(run, Deployment::kInstances, book);
  const auto by_use = [](const Line& line) { return !line.what.starts_with("instances"); };
  for (const Line& line : bill.lines)
    plan.amount_a_month_for_use += by_use(line) ? line.amount * streams * kHoursAMonth : 0;
  if (run.workflow.transitions == 0) return plan;
  const double transitions = static_cast<double>(run.workflow.transitions) / run.stream_s;
  const double starts = static_cast<double>(run.workflow.starts) / run.stream_s;
  plan.ceiling = {
      .transitions_a_stream_s = transitions,
      .streams = whole(book.transitions_per_s.value / transitions),
      .streams_before = whole(book.transitions_per_s_before.value / transitions),
      .streams_by_starts = starts > 0 ? whole(book.starts_per_s.value / starts) : 0,
      .payload_fits = static_cast<double>(run.workflow.largest_payload) <= book.payload_bytes.value};
  return plan;
}

}  // namespace monolens::cost
