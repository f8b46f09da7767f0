// CpuClock: CPU seconds (user and system) spent since it was made, by this thread or by the process.
#pragma once

#include <ctime>

namespace monolens {

class CpuClock {
 public:
  enum class Of { kThread, kProcess };

  explicit CpuClock(Of of)
      : clock_(of == Of::kThread ? CLOCK_THREAD_CPUTIME_ID : CLOCK_PROCESS_CPUTIME_ID), start_(now()) {}

  double seconds() const { return now() - start_; }

 private:
  double now() const {
    timespec t{};
    clock_gettime(clock_, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
  }

  clockid_t clock_;
  double start_;
};

}  // namespace monolens
