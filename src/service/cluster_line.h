// ClusterLine: what a service that is one of a cluster's instances tells the others, before it acts itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "store/records.h"

namespace monolens {

// Of the cluster among the store's cursors: how far what this instance told has been told to the others.
constexpr const char* kClusterCursor = "cluster";

class ClusterLine {
 public:
  virtual ~ClusterLine() = default;

  // All are to know of the monitor, and its work is to be done by some of them. kRejected where another
  // changed it at the same time.
  virtual Result<void> put(const MonitorRecord& monitor, bool is_new) = 0;
  virtual Result<void> erase(const std::string& monitor) = 0;
  virtual Result<void> tell_acknowledged(const std::string& incident, std::int64_t at_ms) = 0;
  virtual Result<void> tell_snoozed(const std::string& incident, std::optional<std::int64_t> until_ms) = 0;
  // Whether this instance still has the monitor: what it tells of one that another may have by now is not
  // told.
  virtual bool may_tell_of(const std::string& monitor) const = 0;
  // There are events in the store that were not there before.
  virtual void wake() = 0;
};

}  // namespace monolens
