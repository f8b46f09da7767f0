// One line on a terminal that says how far all inputs are: percent, speed against real time, incidents, time
// left.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "monitor/monitor.h"

namespace monolens {

// Shows nothing unless standard error is a terminal. Thread-safe.
class ProgressLine {
 public:
  explicit ProgressLine(std::size_t inputs);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void update(std::size_t input, const Progress& progress);
  void done(std::size_t input);

  // Takes the line away, so that something else can be printed.
  void clear();

 private:
  void draw();

  bool shown_;
  std::mutex mutex_;
  std::vector<Progress> inputs_;
  std::chrono::steady_clock::time_point started_;
  bool drawn_ = false;
};

}  // namespace monolens
