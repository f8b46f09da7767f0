// Ring: the last N values of something, oldest first; allocates nothing.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace monolens {

template <class T, std::size_t N>
class Ring {
 public:
  void push(const T& value) { values_[pushed_++ % N] = value; }
  void clear() { pushed_ = 0; }

  std::size_t size() const { return std::min(pushed_, N); }
  bool empty() const { return pushed_ == 0; }
  bool full() const { return pushed_ >= N; }

  // REQUIRES: i < size().
  const T& operator[](std::size_t i) const { return values_[(pushed_ - size() + i) % N]; }
  // REQUIRES: !empty().
  const T& last() const { return values_[(pushed_ - 1) % N]; }

  template <class Predicate>
  std::size_t count(Predicate holds) const {
    std::size_t n = 0;
    for (std::size_t i = 0; i < size(); ++i) n += holds((*this)[i]) ? 1 : 0;
    return n;
  }

 private:
  std::array<T, N> values_{};
  std::size_t pushed_ = 0;
};

// The upper median. REQUIRES: !ring.empty().
template <class T, std::size_t N>
T median(const Ring<T, N>& ring) {
  std::array<T, N> sorted;
  for (std::size_t i = 0; i < ring.size(); ++i) sorted[i] = ring[i];
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(ring.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.begin() + static_cast<std::ptrdiff_t>(ring.size()));
  return *middle;
}

}  // namespace monolens
