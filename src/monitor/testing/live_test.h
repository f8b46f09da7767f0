// What the tests of live monitors share: streams to watch, and a list of what is told. Used by tests alone.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <mutex>
#include <numbers>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "media/testing/test_media.h"
#include "monitor/live_monitor.h"

namespace monolens {

inline void paint_motion(AVFrame& frame, int n) {
  fill(frame, 128);
  for (int y = 0; y < frame.height; ++y) {
    for (int x = 0; x < frame.width; ++x) {
      frame.data[0][y * frame.linesize[0] + x] =
          static_cast<std::uint8_t>(40 + (7 * x + 3 * y + 11 * n) % 160);
    }
  }
}

// A transport stream of constant rate with moving pictures and sound, black where `black` says so.
struct Programme {
  double seconds = 6;
  double black_from = 0;
  double black_to = 0;
  int width = 64;
  int height = 48;
};

inline Bytes make(const Programme& p) {
  const auto paint = [&](AVFrame& frame, int n) {
    const double t = n / 25.0;
    if (t >= p.black_from && t < p.black_to) {
      fill(frame, 16);
    } else {
      paint_motion(frame, n);
    }
  };
  const auto sample = [](double t, int channel) {
    return 0.1 * std::sin(2 * std::numbers::pi * (channel == 0 ? 440 : 550) * t);
  };
  return TestMedia("mpegts", {{"muxrate", "2000000"}, {"max_delay", "700000"}})
      .add(TestVideo{.width = p.width,
                     .height = p.height,
                     .frames = static_cast<int>(std::lround(p.seconds * 25)),
                     .paint = paint})
      .add(TestAudio{.seconds = p.seconds, .sample = sample})
      .bytes();
}

inline std::string text_of(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline void write_file(const std::string& path, const Bytes& bytes) {
  std::ofstream(path, std::ios::binary) << text_of(bytes);
}

// The detectors of `list`; `black` after half a second.
inline PipelineOptions watching(std::string_view list) {
  DetectorSet set;
  if (!set.choose(list) || !set.set("black", "duration_s", 0.5)) throw std::runtime_error("no such detector");
  return {.detectors = set.chosen(), .evidence = false};
}

// Thread-safe.
class Told {
 public:
  std::function<void(const LiveEvent&)> listener() {
    return [this](const LiveEvent& event) {
      const std::lock_guard lock(mutex_);
      events_.push_back(event);
    };
  }

  std::vector<LiveEvent> all(std::string_view kind = {}, std::string_view monitor = {}) const {
    const std::lock_guard lock(mutex_);
    std::vector<LiveEvent> some;
    std::copy_if(events_.begin(), events_.end(), std::back_inserter(some), [&](const LiveEvent& e) {
      return (kind.empty() || e.incident.kind == kind) && (monitor.empty() || e.monitor == monitor);
    });
    return some;
  }

  std::size_t count(IncidentEvent::Type type, std::string_view kind, std::string_view monitor = {}) const {
    const auto some = all(kind, monitor);
    return static_cast<std::size_t>(
        std::count_if(some.begin(), some.end(), [&](const LiveEvent& e) { return e.type == type; }));
  }
  bool opened(std::string_view kind, std::string_view monitor = {}) const {
    return count(IncidentEvent::Type::kOpen, kind, monitor) > 0;
  }
  bool closed(std::string_view kind, std::string_view monitor = {}) const {
    return count(IncidentEvent::Type::kClose, kind, monitor) > 0;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<LiveEvent> events_;
};

// How many times longer a picture takes: a limit of some hundred milliseconds is less than ThreadSanitizer
// makes of one.
#if defined(__SANITIZE_THREAD__)
inline constexpr int kSlowness = 10;
#else
inline constexpr int kSlowness = 1;
#endif

// Whether it came true in time.
template <class Condition>
bool wait_until(Condition condition, std::chrono::milliseconds limit = std::chrono::seconds(20)) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

inline double seconds_between(WallTime a, WallTime b) { return std::chrono::duration<double>(b - a).count(); }

}  // namespace monolens
