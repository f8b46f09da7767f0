#include "media/ts_repetition.h"

#include <algorithm>
#include <limits>

namespace monolens {
namespace {

constexpr std::size_t kPids = 8192;
constexpr std::size_t kMost = 256;
constexpr std::uint64_t kSecond = 27'000'000;
constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kLongestUsual = 10 * kSecond;

}  // namespace

TsRepetition::TsRepetition() : seen_(kPids) { waiting_.reserve(kMost); }

void TsRepetition::expect(std::uint32_t owner, std::span<const Expected> list) {
  const auto same = [](const Expected& a, const Expected& b) { return a.what == b.what && a.pid == b.pid; };
  std::erase_if(waiting_, [&](const Waiting& w) {
    return w.owner == owner &&
           std::none_of(list.begin(), list.end(), [&](const Expected& e) { return same(e, w.expected); });
  });
  for (const Expected& e : list) {
    const bool there =
        std::any_of(waiting_.begin(), waiting_.end(), [&](const Waiting& w) { return same(w.expected, e); });
    if (!there && waiting_.size() < kMost) waiting_.push_back({.owner = owner, .expected = e, .since = now_});
  }
}

// Tables and time stamps are judged by their own habit alone: that of a file may be one table at its
// beginning.
std::uint64_t TsRepetition::limit(const Waiting& w) {
  switch (w.expected.what) {
    case What::kTable:
      return w.usual == 0 ? kNever : std::max(kSecond / 2, 2 * w.usual);
    case What::kPts:
      return w.usual == 0 ? kNever : std::max(kSecond * 7 / 10, 2 * w.usual);
    case What::kPid:
      return std::max(5 * kSecond, 2 * w.usual);
    case What::kCat:
      return w.known ? kNever : 5 * kSecond;
  }
  return kNever;
}

void TsRepetition::note(Waiting& w) const {
  const std::uint64_t interval = now_ - w.since;
  if (w.known) w.usual = std::min(kLongestUsual, std::max(interval, w.usual * 7 / 8));
  w.known = true;
  w.late = false;
  w.since = now_;
}

void TsRepetition::advance(std::uint64_t ticks, std::vector<Expected>& late) {
  now_ += ticks;
  for (Waiting& w : waiting_) {
    if ((seen_[w.expected.pid] & bit(w.expected.what)) != 0) {
      note(w);
    } else if (w.expected.what == What::kPts && (seen_[w.expected.pid] & bit(What::kPid)) == 0) {
      w.since += ticks;  // a track that pauses or has ended owes no time stamps
    } else if (!w.late && now_ - w.since > limit(w)) {
      w.late = true;
      late.push_back(w.expected);
    }
  }
  for (const Waiting& w : waiting_) seen_[w.expected.pid] &= static_cast<std::uint8_t>(~bit(w.expected.what));
}

void TsRepetition::restart() {
  for (Waiting& w : waiting_) w.since = now_;
}

}  // namespace monolens
