#include "topology/aggregation.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "detectors/registry.h"

namespace monolens::topology {
namespace {

// In which order the monolith calls detectors with one measurement: a track's, the programme's, the input's;
// of these in the list's order.
std::tuple<std::size_t, int, std::ptrdiff_t> rank_of(const ToldFinding& t) {
  constexpr int kProgramme = std::numeric_limits<int>::max() - 1;
  const auto all = all_detectors();
  const int row = t.track >= 0                             ? t.track
                  : t.detector->scope == Scope::kProgramme ? kProgramme
                                                           : kProgramme + 1;
  return {t.item, row, std::find(all.begin(), all.end(), t.detector) - all.begin()};
}

}  // namespace

Aggregation::Aggregation(const std::string& url, OnEvent on_event)
    : tracker_(url, std::move(on_event), [] { return std::vector<std::uint8_t>(); }) {}

void Aggregation::take(const Segment& segment, std::vector<ToldFinding> findings) {
  std::stable_sort(findings.begin(), findings.end(),
                   [](const ToldFinding& a, const ToldFinding& b) { return rank_of(a) < rank_of(b); });
  auto next = findings.begin();
  for (std::size_t i = 0; i < segment.items.size(); ++i) {
    const Item& item = segment.items[i];
    for (; next != findings.end() && next->item == i; ++next)
      tracker_.take(next->detector->name, next->track, next->finding, item.front);
    if (item.type == Item::Type::kAdvance) tracker_.advance(item.time);
    if (item.type == Item::Type::kEnd) tracker_.finish(item.time);
  }
}

}  // namespace monolens::topology
