// Capacity: how many cores an instance has for its monitors, and how much of that they use.
//
// What a live monitor uses is measured, as a slow average; one that was not measured yet is expected to use
// what the others do on average. Files are held back while nobody has time for them, and count nothing.
// Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace monolens {

class Capacity {
 public:
  static constexpr double kUnknownCores = 0.25;        // 1080p30 with every detector, about
  static constexpr std::int64_t kSettled_ms = 10'000;  // measured for so long, a monitor's use is known

  explicit Capacity(double cores) : cores_(cores) {}

  // A live monitor is watched from now on, or no longer.
  void add(const std::string& id);
  void forget(const std::string& id);
  // `cpu_s` is what the analysis of a monitor has used since it was started.
  void measure(const std::string& id, double cpu_s, std::int64_t now_ms);

  struct Lack {
    double needed = 0;
    double free = 0;  // less than is needed; negative where more is used than there is
  };
  // What is lacking for one monitor more; nullopt where there is room.
  std::optional<Lack> lack() const;

  double cores() const { return cores_; }
  double used() const;

 private:
  struct Use {
    std::int64_t since_ms = 0;  // 0 = not measured
    std::int64_t at_ms = 0;
    double cpu_s = 0;
    double cores = 0;
    bool is_known() const { return at_ms - since_ms >= kSettled_ms; }
  };
  double expected() const;  // REQUIRES: mutex_ is held, as what follows
  double used_of_all() const;

  const double cores_;
  mutable std::mutex mutex_;
  std::map<std::string, Use> uses_;  // guarded by mutex_
};

}  // namespace monolens
