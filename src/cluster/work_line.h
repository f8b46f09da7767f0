// WorkLine: the work items that this instance holds: takes them, renews them, and knows when one is no longer
// its own.
//
// An item is held by a lease. The broker gives it to another when it was not renewed for `patience`; this
// side counts it as lost `lease` after it sent the last renewal that was answered. The lease being the
// shorter, an instance that is cut off lets go before another takes over, without any clock being compared.
// One thread calls it; answers come from the broker's.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cluster/broker.h"
#include "cluster/coverage.h"
#include "cluster/names.h"

namespace monolens {

struct LeaseTimes {
  std::chrono::milliseconds patience{6'000};
  std::chrono::milliseconds lease{5'000};
  std::chrono::milliseconds renew{1'500};
};

class WorkLine {
 public:
  using Clock = std::chrono::steady_clock;

  WorkLine(Broker& broker, const ClusterNames& names, LeaseTimes times)
      : broker_(broker), names_(names), times_(times) {}

  // Makes what it needs, for these groups.
  Result<void> open(const std::vector<std::string>& groups);

  // One item of the group, if there is one within that time; it is held from then on.
  Result<std::optional<MonitorGroup>> take(const std::string& group, std::chrono::milliseconds wait);
  // Renews what is due, and lets go of what is lost.
  std::vector<MonitorGroup> renew(Clock::time_point now);
  // Another takes it, at once or after the delay.
  void give_back(const MonitorGroup& pair, std::chrono::milliseconds delay = {});
  // Nobody is to do it any more.
  void finish(const MonitorGroup& pair);
  // It is another's: nothing is said to the broker.
  void let_go(const MonitorGroup& pair);

  bool holds(const MonitorGroup& pair) const;
  // Whether nobody else can have any of the monitor's pairs that this one holds: right at `now`, even where
  // renew() was not called for long.
  bool is_sure_of(const std::string& monitor, Clock::time_point now) const;
  // With the number of its delivery.
  std::map<MonitorGroup, std::uint64_t> held() const;

 private:
  struct Lease {
    Broker::WorkItem item;
    Clock::time_point renewed;  // when the last that was answered was sent
    Clock::time_point asked;    // when the last was sent
    std::uint64_t number = 0;   // of it
  };

  void answered(const std::string& subject);

  Broker& broker_;
  const ClusterNames& names_;
  const LeaseTimes times_;
  std::string inbox_;
  mutable std::mutex mutex_;
  std::map<MonitorGroup, Lease> leases_;             // guarded by mutex_, as are
  std::map<std::uint64_t, MonitorGroup> under_way_;  // renewals that were not answered yet
  std::uint64_t sent_ = 0;
};

}  // namespace monolens
