// Service: an instance's monitors, from the store to the worker and back; what the API acts on.
//
// Thread-safe. What is asked for is in the store before it is answered, so it holds after a crash.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <semaphore>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/source_rules.h"
#include "service/capacity.h"
#include "service/cluster_line.h"
#include "service/demo_stream.h"
#include "service/incident_book.h"
#include "service/measurement_book.h"
#include "service/monitor_spec.h"
#include "service/outbox.h"
#include "service/probe.h"
#include "service/results_writer.h"
#include "service/score.h"
#include "service/score_hooks.h"
#include "service/worker_process.h"
#include "store/clip_folder.h"
#include "store/measurement_store.h"
#include "store/store.h"

namespace monolens {

struct ServiceOptions {
  std::string store;                // path of the database
  std::string measurements;         // path of theirs
  std::vector<std::string> worker;  // the command that starts a worker
  int workers = 1;                  // processes that share the monitors
  std::vector<NamedSink> sinks;
  std::vector<ScoreHook> score_hooks{};
  OutboxOptions outbox{};
  SourceRules sources{};
  std::vector<std::string> file_folders;    // files beneath them may be watched; none = no files
  std::chrono::milliseconds grace{10'000};  // for an incident to be taken up after a restart
  int crashes_to_quarantine = 2;
  std::chrono::hours retention{24 * 30};
  MeasurementRetention measurement_retention{};
  std::string clips;  // the folder of incidents' clips; empty = none are made
  std::uint64_t most_clip_bytes = 1'000'000'000;
  double capacity_cores = 0;  // for the analysis of live streams; 0 = all that the machine has
  PutResults results{};       // where an hour's results go; empty = nowhere
  bool in_cluster = false;    // runs what it holds, of the monitors that are wanted of the cluster
};

// How a stream looked.
struct StreamPicture {
  std::int64_t taken_ms = 0;
  std::vector<std::uint8_t> jpeg;
};

struct MonitorView {
  MonitorRecord record;
  MonitorSpec spec;
  nlohmann::json status;  // of to_json(LiveStatus); null while it is not run
  double score = 100;
};

class Service {
 public:
  static constexpr int kMostProbes = 2;  // at once: each holds one of the API's threads
  using OnEvent = std::function<void(const EventRecord&)>;

  static Result<std::unique_ptr<Service>> start(ServiceOptions options, OnEvent on_event);
  // Open incidents stay open in the store: the next start takes them up.
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // `client_key`, if not empty, makes it idempotent: the monitor of the same key is given back, `created`
  // false. An address that may not be watched is kRefused.
  Result<MonitorView> create(const MonitorSpec& spec, const std::string& client_key, bool& created);
  // What is lacking for one monitor of it more; nullopt where there is room. Files need none.
  std::optional<Capacity::Lack> lack_of_room(const MonitorSpec& spec) const;
  const Capacity& capacity() const { return capacity_; }
  // Opens the address, and tells what it is and how it looks. kRefused if it may not be watched; nullopt
  // while as many others are being probed as may be at once.
  std::optional<Result<Probed>> probe(const MonitorSpec& spec);
  // kNotFound if there is none. A change lifts a quarantine.
  Result<MonitorView> change(const std::string& id, const nlohmann::json& patch);
  Result<void> remove(const std::string& id);
  std::vector<MonitorView> monitors() const;
  std::optional<MonitorView> monitor(const std::string& id) const;
  // The newest; nullopt while there is none.
  std::optional<StreamPicture> picture(const std::string& id) const;
  // The seconds around an incident, as MP4.
  std::optional<std::string> clip(const std::string& incident) const;

  // Until then sinks are told nothing of that kind on that track; nullopt lifts it. kNotFound if there is
  // none.
  Result<void> snooze(const std::string& incident, std::optional<std::int64_t> until_ms);
  // kNotFound if there is none.
  Result<void> acknowledge(const std::string& incident);

  // ---- in a cluster
  // Before anything is asked of it. `line` outlives it; null takes the line away.
  void set_line(ClusterLine* line) { line_.store(line); }
  // What the cluster wants, or no longer wants, watched by some instance.
  Result<void> apply(MonitorRecord record);
  void withdraw(const std::string& id);
  // This instance watches the monitor with these detectors of its choice; what is open of them goes on here.
  // kRefused if it may not be watched from here.
  Result<void> hold(const std::string& id, const std::string& detectors);
  // It no longer does: what is open stays so, for whoever takes it up.
  void release(const std::string& id);
  // What another instance told. Of `event` the sequence is set here.
  Result<void> take_foreign(const IncidentRecord& incident, const EventRecord& event,
                            const EvidenceRecord& evidence);
  Result<void> snooze_here(const std::string& incident, std::optional<std::int64_t> until_ms);
  Result<void> acknowledge_here(const std::string& incident, std::int64_t at_ms);
  bool is_watched(const std::string& id) const;
  const QuietTimes& quiet() const { return *quiet_; }

  Store& store() { return *store_; }
  std::int64_t started_ms() const { return started_ms_; }
  const Store& store() const { return *store_; }
  const MeasurementBook& measurements() const { return *measurements_; }
  std::vector<SinkStatus> sinks() const { return outbox_->status(); }
  std::uint64_t worker_restarts() const;
  // Why the hourly results could not be written; empty if they could, or go nowhere.
  std::string results_trouble() const { return results_ ? results_->trouble() : ""; }
  // Whether all workers are there.
  bool is_ready() const { return workers_ready_.load() == options_.workers; }

 private:
  struct Watched {
    std::size_t worker = 0;
    std::string name;
    std::string detectors;  // as it was told to the worker
    nlohmann::json status;
    StreamPicture picture{};
    std::int64_t running_since_ms = 0;  // 0 = not running
    int crashes = 0;
    int restarts = 0;  // because an analysis did not return
  };

  Service(ServiceOptions options, OnEvent on_event);

  Result<void> admit(const MonitorSpec& spec) const;
  // To the store, and what it says of maintenance.
  Result<void> write(MonitorRecord& record, const MonitorSpec& spec, bool is_new = false);
  Result<MonitorView> keep(MonitorRecord record, const MonitorSpec& spec, bool is_new);
  // Watches it, or goes on, as it is now to be.
  void run(const MonitorRecord& record, const MonitorSpec& spec);
  // Of that monitor, whether this instance runs the detector.
  IncidentBook::IsMine mine(const std::string& id) const;
  // None where this instance is not to watch it.
  std::optional<std::string> detectors_of(const std::string& id, const MonitorSpec& spec) const;
  Result<MonitorView> rename(MonitorRecord record, const MonitorSpec& spec);
  MonitorView view(const MonitorRecord& record, const MonitorSpec& spec) const;
  void watch(const MonitorRecord& record, const MonitorSpec& spec);
  // As the worker is told: "demo:" is the address that the demo is sent to.
  nlohmann::json for_worker(MonitorSpec spec, const std::string& detectors);
  void forget(const std::string& id);
  // The one that watches the monitor, or is to: that with the fewest. REQUIRES: mutex_ is held.
  std::size_t worker_of(const std::string& id);
  void on_worker_start(std::size_t worker);
  void on_worker_message(std::size_t worker, const nlohmann::json& message);
  void on_worker_exit(std::size_t worker, const std::vector<std::string>& blamed);
  void take_status(const nlohmann::json& all);
  void keep_house();
  void quarantine(const std::string& id, const std::string& why);
  void take_measured(const nlohmann::json& seconds);
  void take_picture(const std::string& id, const nlohmann::json& picture);
  void take_clip(const nlohmann::json& clip);
  void forget_old(std::int64_t now_ms);
  void told(const EventRecord& event);
  void look_at_score(const std::string& id);
  std::string name_of(const std::string& id) const;

  ServiceOptions options_;
  OnEvent on_event_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<MeasurementStore> measurement_store_;
  std::unique_ptr<MeasurementBook> measurements_;
  std::unique_ptr<ResultsThread> results_;
  std::unique_ptr<ClipFolder> clips_;  // null where none are made
  std::unique_ptr<QuietTimes> quiet_;
  std::unique_ptr<IncidentBook> book_;
  std::unique_ptr<Outbox> outbox_;
  mutable std::mutex mutex_;
  std::map<std::string, Watched> watched_;    // guarded by mutex_, as is
  std::map<std::string, std::string> held_;   // in a cluster: the detectors of each monitor that it holds
  std::atomic<ClusterLine*> line_ = nullptr;  // in a cluster
  Capacity capacity_;                         // of its own lock
  std::mutex demo_mutex_;
  std::unique_ptr<DemoStream> demo_;  // once somebody watches it; guarded by demo_mutex_
  std::unique_ptr<ScoreHooks> score_hooks_;
  ScoreBoard scores_;  // of its own lock
  std::atomic<int> workers_ready_ = 0;
  std::counting_semaphore<kMostProbes> probes_{kMostProbes};
  const std::int64_t started_ms_;
  std::int64_t forgotten_ms_ = 0;  // when retention was applied last; of the first worker's listener
  std::vector<std::unique_ptr<WorkerProcess>> workers_;  // last: they call into all of the above
};

}  // namespace monolens
