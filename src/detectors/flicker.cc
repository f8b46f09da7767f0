#include "detectors/flicker.h"

#include <algorithm>

namespace monolens {
namespace {

constexpr auto kTogether = MediaDuration::milliseconds(100);
constexpr auto kPeriod = MediaDuration::milliseconds(1000);
constexpr double kRounding = 1e-5;  // of a sum of shares

}  // namespace

void Flicker::restart(std::size_t cells) {
  cells_.assign(cells, {});
  times_.assign(cells * kept(), {});
}

void Flicker::begin(MediaTime time) {
  const MediaDuration interval = std::min(time - now_, kTogether);
  const auto forgotten = MediaDuration::nanoseconds(interval.ns() / 20);
  interval_ = std::max(interval, interval_ - forgotten);
  now_ = time;
  at_once_ = lately_ = {};
}

void Flicker::set(std::size_t i, float share, float value, bool marked) {
  Cell& cell = cells_[i];
  cell.share = share;
  const Way way = turn(cell, value, marked);
  if (way != kNone) {
    at_once_[way] += static_cast<double>(share);
    cell.way = way;
    cell.turned = now_;
    cell.waiting = true;
  }
  if (cell.way != kNone && now_ - cell.turned < kTogether) lately_[cell.way] += static_cast<double>(share);
}

// Follows the extremes, and says which way the cell turns with this value.
Flicker::Way Flicker::turn(Cell& cell, float value, bool marked) const {
  const auto least = static_cast<float>(limits_.least_change);
  if (!cell.known || (cell.way != kUp && value <= cell.low)) {
    cell.low = value;
    cell.low_marked = marked;
  }
  if (!cell.known || (cell.way != kDown && value >= cell.high)) {
    cell.high = value;
    cell.high_marked = marked;
  }
  cell.known = true;
  if (cell.way != kUp && value - cell.low >= least && (cell.low_marked || (limits_.either_state && marked))) {
    if (cell.way == kNone) cell.high = value;
    cell.change = cell.high - cell.low;
    cell.high = value;
    cell.high_marked = marked;
    return kUp;
  }
  if (cell.way != kDown && cell.high - value >= least &&
      (marked || (limits_.either_state && cell.high_marked))) {
    if (cell.way == kNone) cell.low = value;
    cell.change = cell.high - cell.low;
    cell.low = value;
    cell.low_marked = marked;
    return kDown;
  }
  return kNone;
}

bool Flicker::exceeds_area(double share) const { return share > limits_.area + kRounding; }

// Only opposing turns make a flash: of two alike, between which a turn back did not count, the first counts.
void Flicker::count(std::size_t i, MediaTime turned) {
  Cell& cell = cells_[i];
  cell.waiting = false;
  if (cell.way == cell.counted) return;
  cell.counted = cell.way;
  times_[i * kept() + cell.turns++ % kept()] = turned;
}

MediaTime Flicker::turn_time(std::size_t i, std::size_t n) const {
  return times_[i * kept() + (cells_[i].turns + n) % kept()];
}

// One flash more than allowed begins within a second and is completed in the next one. A turn lies somewhere
// between its picture and the one before, so that the flashes may be one interval further apart than they
// seem.
bool Flicker::exceeds(std::size_t i) const {
  if (cells_[i].turns < kept() || now_ - turn_time(i, kept() - 1) >= kTogether) return false;
  const MediaTime last_began = turn_time(i, kept() - 2);
  return last_began - turn_time(i, 0) + interval_ <= kPeriod &&
         turn_time(i, kept() - 1) - last_began <= kPeriod;
}

std::optional<Flicker::Excess> Flicker::judge() {
  bool counted = false;
  for (const std::size_t way : {std::size_t{kDown}, std::size_t{kUp}}) {
    const bool at_once = exceeds_area(at_once_[way]);
    if (!at_once && !(exceeds_area(lately_[way]) && exceeds_area(lately_[way] - lately_[1 - way]))) continue;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const Cell& cell = cells_[i];
      if (!cell.waiting || cell.way != way || now_ - cell.turned >= kTogether) continue;
      count(i, at_once ? now_ : cell.turned);
      counted = true;
    }
  }
  return counted ? sum_up() : std::nullopt;
}

std::optional<Flicker::Excess> Flicker::sum_up() const {
  Excess all{.since = MediaTime::max()};
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (!exceeds(i)) continue;
    const auto share = static_cast<double>(cells_[i].share);
    all.since = std::min(all.since, turn_time(i, 0));
    all.area += share;
    all.rate += share * limits_.flashes / (turn_time(i, kept() - 2) - turn_time(i, 0)).seconds();
    all.change += share * static_cast<double>(cells_[i].change);
  }
  if (!exceeds_area(all.area)) return std::nullopt;
  all.rate /= all.area;
  all.change /= all.area;
  return all;
}

}  // namespace monolens
