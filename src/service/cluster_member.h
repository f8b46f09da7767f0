// ClusterMember: this instance as one of a cluster's.
//
// It takes work items of its detector groups while it has room, has the service watch what it holds, and lets
// go of what it loses. It tells the others once a second how it is, and answers for them what a request asks
// of monitors that they watch. There is no leader: each decides for itself, by what all hear. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "cluster/broker.h"
#include "cluster/coverage.h"
#include "cluster/detector_groups.h"
#include "cluster/names.h"
#include "cluster/peers.h"
#include "cluster/placement.h"
#include "cluster/work_line.h"
#include "http/message.h"
#include "service/cluster_line.h"
#include "service/cluster_log.h"
#include "service/service.h"

namespace monolens {

constexpr const char* kClusterPrefix = "monolens.cluster";

struct ClusterOptions {
  NatsOptions broker;                    // its prefix is that of the cluster's names
  int replicas = 1;                      // of what is made on the broker
  std::optional<DetectorGroups> groups;  // nullopt: as the cluster has them
  std::vector<std::string> serves;       // groups; none = all
  LeaseTimes leases{};
};

class ClusterMember final : public ClusterLine {
 public:
  // Connects, and takes work from then on. `instance` is this one's name for as long as its data is there.
  // kRefused where the cluster's instances are of another protocol, kUsage where its groups are others.
  static Result<std::unique_ptr<ClusterMember>> join(ClusterOptions options, std::string instance,
                                                     Service& service);
  ~ClusterMember() override { leave(); }
  ClusterMember(const ClusterMember&) = delete;
  ClusterMember& operator=(const ClusterMember&) = delete;

  // Gives back all that it holds, and tells all that it knows. From then on the service is not used any more,
  // but may still use this.
  void leave();

  Result<void> put(const MonitorRecord& monitor, bool is_new) override;
  Result<void> erase(const std::string& monitor) override;
  Result<void> tell_acknowledged(const std::string& incident, std::int64_t at_ms) override;
  Result<void> tell_snoozed(const std::string& incident, std::optional<std::int64_t> until_ms) override;
  bool may_tell_of(const std::string& monitor) const override {
    return line_->is_sure_of(monitor, WorkLine::Clock::now());
  }
  void wake() override { log_->wake(); }

  // Why nobody would watch it: a group that no live instance serves, or no room with those that do.
  std::optional<std::string> refusal(const MonitorSpec& spec) const;

  // How the cluster is, as GET /v1/cluster has it.
  nlohmann::json view() const;
  Coverage coverage_now() const;
  std::size_t instances() const;

  // From now on that instance takes nothing and gives back what it has, or takes again. kNotFound if it is
  // none of the live ones.
  Result<void> drain(const std::string& instance, bool on);

  // ---- requests that other instances answer
  using Answer = std::function<HttpResponse(const HttpRequest&)>;
  // What answers here, and what others ask is answered with.
  void set_answer(Answer answer);
  // Nothing where this instance is the one to answer.
  std::optional<HttpResponse> answer_elsewhere(const HttpRequest& request) const;
  // Of a monitor that others watch; null if nobody does.
  nlohmann::json status_of(const std::string& monitor) const;

 private:
  using Clock = std::chrono::steady_clock;
  using Parts = std::map<std::string, std::map<std::string, std::string>>;  // monitor → group → detectors

  ClusterMember(ClusterOptions options, std::string instance, Service& service);

  Result<void> open();
  Result<void> agree();
  void work_for_ever();
  void refresh_wanted();
  void let_go_of_lost(Clock::time_point now);
  void finish_unwanted();
  void run_what_is_held();
  // Whether it took something.
  bool take_one(Clock::time_point now);
  void give_up_one(Clock::time_point now);
  void give_back_all();
  void repair(Clock::time_point now);
  void beat(bool leaving);
  // How this instance is.
  Heartbeat heartbeat() const;
  std::vector<std::string> serving() const;
  HttpResponse answer_here(const HttpRequest& request) const;
  void answer_asked(const Broker::Message& message);
  std::optional<HttpResponse> ask(const std::string& instance, const HttpRequest& request) const;
  std::optional<HttpResponse> ask_first(const HttpRequest& request) const;
  HttpResponse measurements_of_all(const HttpRequest& request) const;
  void refresh_statuses() const;

  ClusterOptions options_;
  const std::string instance_;
  Service& service_;
  ClusterNames names_;
  std::unique_ptr<Broker> broker_;
  DetectorGroups groups_;
  std::unique_ptr<ClusterLog> log_;
  std::unique_ptr<WorkLine> line_;
  Peers peers_;
  std::atomic<bool> is_draining_ = false;
  std::atomic<bool> wanted_changed_ = true;

  mutable std::mutex mutex_;
  Parts parts_;                    // of all that is wanted or paused; guarded by mutex_, as are
  std::set<MonitorGroup> wanted_;  // not what is paused or in quarantine
  Answer answer_;
  mutable std::map<std::string, nlohmann::json> statuses_;  // of others' monitors
  mutable Clock::time_point statuses_at_{};

  // Of the working thread alone.
  std::map<std::string, std::string> running_;  // what the service was told to hold
  std::map<MonitorGroup, Clock::time_point> uncovered_since_;
  std::size_t next_group_ = 0;
  Clock::time_point took_{};
  Clock::time_point hold_off_until_{};
  Clock::time_point gave_up_{};
  Clock::time_point beat_{};
  std::map<MonitorGroup, std::uint64_t> told_held_;  // by the last heartbeat
  Clock::time_point repaired_{};

  std::mutex stop_mutex_;
  std::condition_variable stopping_;
  bool stop_ = false;  // guarded by stop_mutex_
  bool has_left_ = false;
  std::thread worker_;
};

}  // namespace monolens
