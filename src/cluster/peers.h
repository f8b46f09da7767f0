// Peers: the other instances of a cluster, as their heartbeats tell. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "cluster/coverage.h"
#include "cluster/heartbeat.h"

namespace monolens {

class Peers {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kGone{5'000};  // without a heartbeat

  struct Peer {
    Heartbeat heartbeat;
    Clock::time_point heard;
  };

  explicit Peers(std::string own) : own_(std::move(own)) {}

  void hear(Heartbeat heartbeat, Clock::time_point now);
  std::vector<Peer> live(Clock::time_point now) const;
  // Of this delivery, that this instance holds, whether another has a later one, or as late a one and the
  // greater name.
  bool is_taken_over(const MonitorGroup& pair, std::uint64_t delivery, Clock::time_point now) const;
  // By all instances, of which this one holds `own`.
  Holders holders(const std::map<MonitorGroup, std::uint64_t>& own, Clock::time_point now) const;

 private:
  const std::string own_;
  mutable std::mutex mutex_;
  std::map<std::string, Peer> peers_;  // guarded by mutex_
};

}  // namespace monolens
