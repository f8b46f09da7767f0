// Deadline: bounds every blocking call of a source, and lets another thread stop it.
#pragma once

#include <atomic>
#include <chrono>

namespace monolens {

class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  // `stop` may be null; it must outlive this object. A zero `timeout` never expires.
  Deadline(std::chrono::milliseconds timeout, const std::atomic<bool>* stop)
      : timeout_(timeout), stop_(stop) {
    restart();
  }

  void restart() { started_ = Clock::now(); }
  // Not to be called by another thread than the one that waits.
  void set_timeout(std::chrono::milliseconds timeout) { timeout_ = timeout; }
  bool stopped() const { return stop_ != nullptr && stop_->load(std::memory_order_relaxed); }
  bool expired() const { return timeout_.count() > 0 && Clock::now() - started_ >= timeout_; }
  std::chrono::milliseconds timeout() const { return timeout_; }

 private:
  std::chrono::milliseconds timeout_;
  const std::atomic<bool>* stop_;
  Clock::time_point started_;
};

}  // namespace monolens
