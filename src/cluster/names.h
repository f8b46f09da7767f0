// What a cluster's streams, buckets and subjects are called, beneath its prefix.
#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "cluster/coverage.h"

namespace monolens {

// Of what instances say to each other; those of another are refused.
constexpr int kClusterProtocol = 1;

class ClusterNames {
 public:
  // `prefix` as "monolens.cluster".
  explicit ClusterNames(std::string prefix) : prefix_(std::move(prefix)), stem_(prefix_) {
    std::replace(stem_.begin(), stem_.end(), '.', '_');
  }

  std::string monitors_bucket() const { return stem_ + "_monitors"; }  // of each wanted monitor, its record
  std::string agreed_bucket() const { return stem_ + "_agreed"; }      // the protocol and the groups
  std::string events_stream() const { return stem_ + "_events"; }
  std::string events() const { return prefix_ + ".events.>"; }
  std::string events_of(const std::string& monitor) const { return prefix_ + ".events." + monitor; }
  std::string work_stream() const { return stem_ + "_work"; }  // of each wanted pair, one item
  std::string work() const { return prefix_ + ".work.>"; }
  std::string work_of(const MonitorGroup& pair) const {
    return prefix_ + ".work." + pair.group + "." + pair.monitor;
  }
  std::string work_of_group(const std::string& group) const { return prefix_ + ".work." + group + ".>"; }
  std::string heartbeats() const { return prefix_ + ".heartbeat"; }
  std::string ask(const std::string& instance) const { return prefix_ + ".ask." + instance; }

 private:
  std::string prefix_;
  std::string stem_;
};

}  // namespace monolens
