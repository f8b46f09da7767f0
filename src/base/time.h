// MediaTime and MediaDuration: an instant on a stream's presentation timeline, and a length of it.
//
// Two types, so that they can't be mixed: instant − instant is a duration, instant + duration an instant.
// Both count nanoseconds in 64 bits (292 years), so sums of frame durations never drift visibly. Zero is the
// first presented sample of the input.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace monolens {

class MediaDuration {
 public:
  constexpr MediaDuration() = default;
  static constexpr MediaDuration nanoseconds(std::int64_t n) { return MediaDuration(n); }
  static constexpr MediaDuration milliseconds(std::int64_t n) { return MediaDuration(n * 1'000'000); }
  // Rounds to the nearest nanosecond and saturates; not-a-number is zero.
  static constexpr MediaDuration seconds(double s) {
    if (!(s == s)) return {};
    const double n = s * 1e9;
    if (n >= 9.2e18) return MediaDuration(std::numeric_limits<std::int64_t>::max());
    if (n <= -9.2e18) return MediaDuration(std::numeric_limits<std::int64_t>::min());
    return MediaDuration(static_cast<std::int64_t>(n < 0 ? n - 0.5 : n + 0.5));
  }

  constexpr std::int64_t ns() const { return ns_; }
  constexpr double seconds() const { return static_cast<double>(ns_) * 1e-9; }

  constexpr auto operator<=>(const MediaDuration&) const = default;
  constexpr MediaDuration operator+(MediaDuration o) const { return MediaDuration(ns_ + o.ns_); }
  constexpr MediaDuration operator-(MediaDuration o) const { return MediaDuration(ns_ - o.ns_); }
  constexpr MediaDuration operator-() const { return MediaDuration(-ns_); }
  constexpr MediaDuration operator*(std::int64_t k) const { return MediaDuration(ns_ * k); }
  constexpr MediaDuration& operator+=(MediaDuration o) { return *this = *this + o; }

 private:
  constexpr explicit MediaDuration(std::int64_t n) : ns_(n) {}
  std::int64_t ns_ = 0;
};

class MediaTime {
 public:
  constexpr MediaTime() = default;
  static constexpr MediaTime seconds(double s) { return MediaTime(MediaDuration::seconds(s)); }
  static constexpr MediaTime since_start(MediaDuration d) { return MediaTime(d); }
  static constexpr MediaTime max() {
    return MediaTime(MediaDuration::nanoseconds(std::numeric_limits<std::int64_t>::max()));
  }

  constexpr MediaDuration since_start() const { return since_start_; }
  constexpr double seconds() const { return since_start_.seconds(); }

  constexpr auto operator<=>(const MediaTime&) const = default;
  constexpr MediaTime operator+(MediaDuration d) const { return MediaTime(since_start_ + d); }
  constexpr MediaTime operator-(MediaDuration d) const { return MediaTime(since_start_ - d); }
  constexpr MediaDuration operator-(MediaTime o) const { return since_start_ - o.since_start_; }

 private:
  constexpr explicit MediaTime(MediaDuration d) : since_start_(d) {}
  MediaDuration since_start_;
};

namespace time_literals {
constexpr MediaTime operator""_s(long double s) { return MediaTime::seconds(static_cast<double>(s)); }
constexpr MediaTime operator""_s(unsigned long long s) { return MediaTime::seconds(static_cast<double>(s)); }
constexpr MediaDuration operator""_for_s(long double s) {
  return MediaDuration::seconds(static_cast<double>(s));
}
constexpr MediaDuration operator""_for_s(unsigned long long s) {
  return MediaDuration::seconds(static_cast<double>(s));
}
}  // namespace time_literals

}  // namespace monolens
