// Memory: the last N values of something, newest first. Where a Ring would be too large to hold by value: it
// allocates once, with its first value.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace monolens {

template <class T, std::size_t N>
class Memory {
 public:
  void clear() { pushed_ = 0; }
  std::size_t size() const { return std::min(pushed_, N); }
  bool has_forgotten() const { return pushed_ > N; }

  void push(const T& value) {
    if (values_.empty()) values_.resize(N);
    values_[pushed_++ % N] = value;
  }

  // `age` 0 is the newest. REQUIRES: age < size().
  const T& operator[](std::size_t age) const { return values_[(pushed_ - 1 - age) % N]; }

 private:
  std::vector<T> values_;
  std::size_t pushed_ = 0;  // since it was cleared
};

}  // namespace monolens
