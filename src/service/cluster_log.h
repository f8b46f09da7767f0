// ClusterLog: keeps this instance's store in step with those of the others: what is wanted to be watched, and
// all that is told.
//
// Own events are appended to the cluster's log in their order from the store, at least once, with ids by
// which repeats are dropped; those of others are read from there into the store, for every instance to answer
// with. A cursor for each stands in the store, so nothing is lost by a crash or while the broker is away.
// Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "base/result.h"
#include "cluster/broker.h"
#include "cluster/names.h"
#include "cluster/told.h"
#include "service/service.h"

namespace monolens {

class ClusterLog {
 public:
  // `changed` is called after another set of monitors is wanted. All outlive this.
  ClusterLog(Broker& broker, const ClusterNames& names, Service& service, std::string instance,
             std::function<void()> changed);
  ~ClusterLog();
  ClusterLog(const ClusterLog&) = delete;
  ClusterLog& operator=(const ClusterLog&) = delete;

  // Makes what is not there, and reads all. Monitors that the cluster never heard of are brought along.
  Result<void> open();
  // Reads to the end.
  Result<void> sync();
  // There are own events that were not there before.
  void wake();
  // Its threads end.
  void stop();
  // Until all own events are appended, or the time is over.
  void flush(std::chrono::milliseconds patience);
  Result<void> append(const std::string& monitor, const Told& told, const std::string& id);

  // Of a wanted monitor that this version can't read.
  bool is_strange(const std::string& monitor) const;

  // kRejected where a new one is there already, kNotFound where a known one is not.
  Result<void> put(const MonitorRecord& monitor, bool is_new);
  Result<void> erase(const std::string& monitor);

 private:
  void read_for_ever();
  void append_for_ever();
  Result<void> sync_monitors();
  Result<void> sync_events();
  void take_monitor(const Broker::Entry& entry);
  void take(const Told& told);
  Result<void> append_event(const EventRecord& event);
  bool wait_a_moment(std::chrono::milliseconds moment);  // whether to go on

  Broker& broker_;
  const ClusterNames& names_;
  Service& service_;
  const std::string instance_;
  std::function<void()> changed_;
  std::mutex sync_mutex_;          // one reads at a time
  std::uint64_t monitors_at_ = 0;  // all are read anew by each start; guarded by sync_mutex_, as is
  std::set<std::string> seen_;     // of monitors, erased ones too
  mutable std::mutex mutex_;
  std::set<std::string> strange_;  // guarded by mutex_
  std::condition_variable woken_;
  bool is_news_ = false;   // of others; guarded by mutex_, as are
  bool is_told_ = false;   // of this
  bool is_behind_ = true;  // own events may not all be appended
  bool stop_ = false;
  std::thread reader_;
  std::thread appender_;
};

}  // namespace monolens
