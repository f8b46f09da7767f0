#include "service/service.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <thread>

#include "base/stable_id.h"
#include "detectors/registry.h"
#include "media/url_policy.h"
#include "service/measurement_json.h"
#include "service/source_lists_json.h"
#include "service/wall_clock.h"

namespace monolens {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kForgetInterval_ms = 60'000;

std::string fresh_id() {
  std::random_device random;
  return fmt::format("m{:08x}{:08x}", random(), random());
}

// Both as they stand on the disk, so that no symbolic link and no ".." leads out of the folder.
bool is_beneath(const std::string& path, const std::string& folder) {
  std::error_code error;
  const auto file = std::filesystem::canonical(path, error);
  if (error) return false;
  const auto base = std::filesystem::canonical(folder, error);
  if (error) return false;
  const auto end = std::mismatch(base.begin(), base.end(), file.begin(), file.end());
  return end.first == base.end() && end.second != file.end();
}

bool is_live(const MonitorSpec& spec) {
  if (spec.url == kDemoUrl) return true;
  auto kind = classify_input(spec.url);
  return kind && *kind != InputKind::kFile;
}

double cores_of(const ServiceOptions& options) {
  if (options.capacity_cores > 0) return options.capacity_cores;
  return std::max(1U, std::thread::hardware_concurrency());
}

int threads_of_each(int workers) {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / workers);
}

}  // namespace

Service::Service(ServiceOptions options, OnEvent on_event)
    : options_(std::move(options)),
      on_event_(std::move(on_event)),
      capacity_(cores_of(options_)),
      started_ms_(now_ms()) {}

Result<std::unique_ptr<Service>> Service::start(ServiceOptions options, OnEvent on_event) {
  auto service = std::unique_ptr<Service>(new Service(std::move(options), std::move(on_event)));
  auto store = Store::open(service->options_.store);
  if (!store) return store.error();
  auto measurements = MeasurementStore::open(service->options_.measurements);
  if (!measurements) return measurements.error();
  if (!service->options_.clips.empty()) {
    auto clips = ClipFolder::open(service->options_.clips, service->options_.most_clip_bytes);
    if (!clips) return clips.error();
    service->clips_ = std::move(*clips);
  }
  Service& s = *service;
  s.store_ = std::move(*store);
  s.measurement_store_ = std::move(*measurements);
  s.measurements_ =
      std::make_unique<MeasurementBook>(*s.measurement_store_, s.options_.measurement_retention);
  if (s.options_.results) {
    s.results_ = std::make_unique<ResultsThread>(
        ResultsWriter(*s.store_, *s.measurement_store_, std::move(s.options_.results)));
  }
  s.quiet_ = std::make_unique<QuietTimes>(*s.store_);
  s.book_ = std::make_unique<IncidentBook>(*s.store_, *s.quiet_, s.options_.grace,
                                           [&s](const EventRecord& event) { s.told(event); });
  s.score_hooks_ = std::make_unique<ScoreHooks>(std::move(s.options_.score_hooks));
  s.outbox_ = std::make_unique<Outbox>(*s.store_, std::move(s.options_.sinks), s.options_.outbox);
  for (const MonitorRecord& record : s.store_->monitors()) {
    if (auto spec = spec_of(record)) s.quiet_->set_windows(record.id, std::move(spec->maintenance));
    for (const IncidentRecord& open : s.store_->open_incidents(record.id)) {
      s.scores_.take({.monitor = record.id,
                      .incident = open.id,
                      .type = "open",
                      .severity = open.severity,
                      .told_ms = open.started_ms});
    }
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(s.options_.workers); ++i) {
    s.workers_.push_back(std::make_unique<WorkerProcess>(
        s.options_.worker,
        WorkerProcess::Listener{
            .on_start = [&s, i] { s.on_worker_start(i); },
            .on_message = [&s, i](const Json& message) { s.on_worker_message(i, message); },
            .on_exit = [&s, i](const std::vector<std::string>& blamed) { s.on_worker_exit(i, blamed); }}));
  }
  for (const auto& worker : s.workers_) worker->start();  // not before all are there to be sent to
  return service;
}

Service::~Service() {
  for (const auto& worker : workers_) worker->stop();  // until then their listeners may use all of this
}

Result<void> Service::admit(const MonitorSpec& spec) const {
  if (spec.url == kDemoUrl) return {};
  auto kind = classify_input(spec.url);
  if (!kind) return kind.error();
  if (*kind != InputKind::kFile) {
    auto allowed = options_.sources.check_url(spec.url);
    if (!allowed) return Error{ErrorCode::kRefused, "'url': " + allowed.error().message};
    return {};
  }
  const std::string path = local_path(spec.url);
  for (const std::string& folder : options_.file_folders) {
    if (is_beneath(path, folder)) return {};
  }
  return Error{ErrorCode::kRefused, "'url' names a file, and none of the folders that may be read holds it"};
}

std::optional<Capacity::Lack> Service::lack_of_room(const MonitorSpec& spec) const {
  return is_live(spec) && !spec.paused ? capacity_.lack() : std::nullopt;
}

std::optional<Result<Probed>> Service::probe(const MonitorSpec& spec) {
  auto admitted = admit(spec);
  if (!admitted) return admitted.error();
  if (!probes_.try_acquire()) return std::nullopt;
  auto probed = monolens::probe(options_.worker, options_.sources, spec);
  probes_.release();
  return probed;
}

MonitorView Service::view(const MonitorRecord& record, const MonitorSpec& spec) const {
  MonitorView view{.record = record, .spec = spec, .status = nullptr};
  view.score = scores_.score(record.id, now_ms());
  const std::lock_guard lock(mutex_);
  const auto found = watched_.find(record.id);
  if (found != watched_.end()) view.status = found->second.status;
  return view;
}

Result<MonitorView> Service::create(const MonitorSpec& spec, const std::string& key, bool& created) {
  created = false;
  // One port has one listener.
  const std::string client_key = spec.url == kDemoUrl ? kDemoUrl : key;
  auto admitted = admit(spec);
  if (!admitted) return admitted.error();
  // In a cluster the key makes the id, so that no two instances make two monitors of it.
  const bool is_named = options_.in_cluster && !client_key.empty();
  if (!client_key.empty()) {
    if (const auto before = store_->monitor_of_key(client_key)) {
      auto known = spec_of(*before);
      if (!known) return known.error();
      return view(*before, *known);
    }
  }
  const std::int64_t now = now_ms();
  created = true;
  auto kept = keep({.id = is_named ? "m" + stable_id({client_key}) : fresh_id(),
                    .client_key = client_key,
                    .created_ms = now,
                    .changed_ms = now},
                   spec, true);
  if (kept || !is_named || kept.error().code != ErrorCode::kRejected) return kept;
  // Another instance was asked first, and this one heard of it just now.
  const auto before = store_->monitor_of_key(client_key);
  if (!before) return kept;
  auto known = spec_of(*before);
  if (!known) return known.error();
  created = false;
  return view(*before, *known);
}

Result<void> Service::write(MonitorRecord& record, const MonitorSpec& spec, bool is_new) {
  record.spec = to_json(spec).dump();
  if (ClusterLine* line = line_.load()) {
    auto told = line->put(record, is_new);
    if (!told) return told;
  }
  auto put = store_->put(record);
  if (put) quiet_->set_windows(record.id, spec.maintenance);
  return put;
}

Result<MonitorView> Service::keep(MonitorRecord record, const MonitorSpec& spec, bool is_new) {
  auto written = write(record, spec, is_new);
  if (!written) return written.error();
  if (spec.paused) {
    forget(record.id);
    auto closed = book_->close_all(record.id, spec.name, now_ms(), "the monitor was paused");
    if (!closed) return closed.error();
  } else {
    run(record, spec);
  }
  return view(record, spec);
}

void Service::run(const MonitorRecord& record, const MonitorSpec& spec) {
  if (!detectors_of(record.id, spec)) return;
  book_->orphan(record.id, mine(record.id));
  watch(record, spec);
}

std::optional<std::string> Service::detectors_of(const std::string& id, const MonitorSpec& spec) const {
  if (!options_.in_cluster) return spec.detectors;
  const std::lock_guard lock(mutex_);
  const auto held = held_.find(id);
  return held == held_.end() ? std::nullopt : std::optional(held->second);
}

IncidentBook::IsMine Service::mine(const std::string& id) const {
  if (!options_.in_cluster) return [](const std::string&) { return true; };
  std::string held;
  {
    const std::lock_guard lock(mutex_);
    const auto found = held_.find(id);
    if (found == held_.end()) return [](const std::string&) { return false; };
    held = "," + found->second + ",";
  }
  // What no detector found, as `monitor.degraded`, is of whoever watches.
  return [held](const std::string& detector) {
    return held.find("," + detector + ",") != std::string::npos || !find_detector(detector);
  };
}

void Service::forget(const std::string& id) {
  capacity_.forget(id);
  std::size_t worker = 0;
  {
    const std::lock_guard lock(mutex_);
    const auto found = watched_.find(id);
    if (found == watched_.end()) return;
    worker = found->second.worker;
    watched_.erase(found);
  }
  // Not under the lock: a worker that is slow to read may wait for its own messages to be taken.
  (void)workers_[worker]->send({{"forget", id}});
}

std::size_t Service::worker_of(const std::string& id) {
  const auto found = watched_.find(id);
  if (found != watched_.end()) return found->second.worker;
  std::vector<std::size_t> load(workers_.size());
  for (const auto& [other, watched] : watched_) ++load[watched.worker];
  return static_cast<std::size_t>(std::min_element(load.begin(), load.end()) - load.begin());
}

void Service::watch(const MonitorRecord& record, const MonitorSpec& spec) {
  const std::string detectors = detectors_of(record.id, spec).value_or(spec.detectors);
  std::size_t worker = 0;
  {
    const std::lock_guard lock(mutex_);
    worker = worker_of(record.id);
    Watched& watched = watched_[record.id];
    watched.worker = worker;
    watched.name = spec.name;
    watched.detectors = detectors;
    watched.status = nullptr;
    watched.running_since_ms = 0;
    watched.restarts = 0;
  }
  if (is_live(spec)) {
    capacity_.add(record.id);
  } else {
    capacity_.forget(record.id);
  }
  (void)workers_[worker]->send({{"watch", record.id}, {"spec", for_worker(spec, detectors)}});
}

Json Service::for_worker(MonitorSpec spec, const std::string& detectors) {
  spec.detectors = detectors;
  if (spec.url == kDemoUrl) {
    const std::lock_guard lock(demo_mutex_);
    if (!demo_) demo_ = std::make_unique<DemoStream>();
    spec.url = demo_->url();
  }
  return to_json(spec);
}

Result<MonitorView> Service::change(const std::string& id, const Json& patch) {
  auto record = store_->monitor(id);
  if (!record) return Error{ErrorCode::kNotFound, fmt::format("there is no monitor '{}'", id)};
  auto before = spec_of(*record);
  if (!before) return before.error();
  auto spec = patched(*before, patch);
  if (!spec) return spec.error();
  auto admitted = admit(*spec);
  if (!admitted) return admitted.error();
  record->changed_ms = now_ms();
  if (record->quarantined.empty() && watch_alike(*before, *spec)) return rename(std::move(*record), *spec);
  record->quarantined.clear();
  {
    const std::lock_guard lock(mutex_);
    const auto found = watched_.find(id);
    if (found != watched_.end()) found->second.crashes = 0;
  }
  return keep(std::move(*record), *spec, false);
}

// It is watched on as it is.
Result<MonitorView> Service::rename(MonitorRecord record, const MonitorSpec& spec) {
  auto written = write(record, spec);
  if (!written) return written.error();
  {
    const std::lock_guard lock(mutex_);
    const auto found = watched_.find(record.id);
    if (found != watched_.end()) found->second.name = spec.name;
  }
  return view(record, spec);
}

Result<void> Service::remove(const std::string& id) {
  const auto record = store_->monitor(id);
  if (!record) return Error{ErrorCode::kNotFound, fmt::format("there is no monitor '{}'", id)};
  if (ClusterLine* line = line_.load()) {
    auto told = line->erase(id);
    if (!told) return told;
  }
  auto erased = store_->erase_monitor(id);
  if (!erased) return erased.error();
  auto spec = spec_of(*record);
  const std::string name = spec ? spec->name : id;
  forget(id);
  auto closed = book_->close_all(id, name, now_ms(), "the monitor was removed");
  scores_.forget(id);
  quiet_->forget(id);
  return closed;
}

std::vector<MonitorView> Service::monitors() const {
  std::vector<MonitorView> all;
  for (const MonitorRecord& record : store_->monitors()) {
    if (auto spec = spec_of(record)) all.push_back(view(record, *spec));
  }
  return all;
}

std::optional<MonitorView> Service::monitor(const std::string& id) const {
  const auto record = store_->monitor(id);
  if (!record) return std::nullopt;
  auto spec = spec_of(*record);
  if (!spec) return std::nullopt;
  return view(*record, *spec);
}

std::optional<StreamPicture> Service::picture(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = watched_.find(id);
  if (found == watched_.end() || found->second.picture.jpeg.empty()) return std::nullopt;
  return found->second.picture;
}

std::optional<std::string> Service::clip(const std::string& incident) const {
  return clips_ ? clips_->get(incident) : std::nullopt;
}

Result<void> Service::snooze(const std::string& incident, std::optional<std::int64_t> until_ms) {
  auto done = snooze_here(incident, until_ms);
  ClusterLine* line = line_.load();
  return done && line != nullptr ? line->tell_snoozed(incident, until_ms) : done;
}

Result<void> Service::acknowledge(const std::string& incident) {
  const std::int64_t now = now_ms();
  auto done = acknowledge_here(incident, now);
  ClusterLine* line = line_.load();
  return done && line != nullptr ? line->tell_acknowledged(incident, now) : done;
}

Result<void> Service::acknowledge_here(const std::string& incident, std::int64_t at_ms) {
  auto done = store_->acknowledge(incident, at_ms);
  if (!done) return done.error();
  if (!*done) return Error{ErrorCode::kNotFound, fmt::format("there is no incident '{}'", incident)};
  return {};
}

Result<void> Service::snooze_here(const std::string& incident, std::optional<std::int64_t> until_ms) {
  const auto record = store_->incident(incident);
  if (!record) return Error{ErrorCode::kNotFound, fmt::format("there is no incident '{}'", incident)};
  return quiet_->snooze(*record, until_ms);
}

Result<void> Service::apply(MonitorRecord record) {
  auto spec = spec_of(record);
  if (!spec) return spec.error();
  const auto known = store_->monitor(record.id);
  const bool is_run = !spec->paused && record.quarantined.empty();
  if (known && known->spec == record.spec && known->quarantined == record.quarantined) return {};
  auto put = store_->put(record);
  if (!put) return put;
  quiet_->set_windows(record.id, spec->maintenance);
  if (!detectors_of(record.id, *spec)) return {};
  auto before = known ? spec_of(*known) : Result<MonitorSpec>(Error{});
  if (!is_run) {
    forget(record.id);
  } else if (before && !before->paused && known->quarantined.empty() && watch_alike(*before, *spec)) {
    const std::lock_guard lock(mutex_);
    const auto found = watched_.find(record.id);
    if (found != watched_.end()) found->second.name = spec->name;
  } else {
    run(record, *spec);
  }
  return {};
}

void Service::withdraw(const std::string& id) {
  {
    const std::lock_guard lock(mutex_);
    held_.erase(id);
  }
  (void)store_->erase_monitor(id);
  forget(id);
  book_->release(id);
  scores_.forget(id);
  quiet_->forget(id);
}

Result<void> Service::hold(const std::string& id, const std::string& detectors) {
  const auto record = store_->monitor(id);
  if (!record) return Error{ErrorCode::kNotFound, fmt::format("there is no monitor '{}'", id)};
  auto spec = spec_of(*record);
  if (!spec) return spec.error();
  auto admitted = admit(*spec);
  if (!admitted) return admitted;
  {
    const std::lock_guard lock(mutex_);
    held_[id] = detectors;
    const auto watched = watched_.find(id);
    if (watched != watched_.end() && watched->second.detectors == detectors) return {};
  }
  if (!spec->paused && record->quarantined.empty()) run(*record, *spec);
  return {};
}

void Service::release(const std::string& id) {
  {
    const std::lock_guard lock(mutex_);
    held_.erase(id);
  }
  forget(id);
  book_->release(id);
}

Result<void> Service::take_foreign(const IncidentRecord& incident, const EventRecord& event,
                                   const EvidenceRecord& evidence) {
  return book_->take_foreign(incident, event, evidence, mine(incident.monitor));
}

bool Service::is_watched(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  return watched_.contains(id);
}

std::string Service::name_of(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = watched_.find(id);
  return found == watched_.end() ? id : found->second.name;
}

void Service::told(const EventRecord& event) {
  scores_.take(event);
  look_at_score(event.monitor);
  outbox_->wake();
  if (ClusterLine* line = line_.load()) line->wake();
  if (on_event_) on_event_(event);
}

void Service::look_at_score(const std::string& id) {
  const std::int64_t now = now_ms();
  score_hooks_->look(id, name_of(id), scores_.score(id, now), now);
}

std::uint64_t Service::worker_restarts() const {
  std::uint64_t restarts = 0;
  for (const auto& worker : workers_) restarts += worker->restarts();
  return restarts;
}

void Service::on_worker_start(std::size_t worker) {
  (void)workers_[worker]->send({{"sources", options_.sources.lists()},
                                {"clips", clips_ != nullptr},
                                {"threads", threads_of_each(options_.workers)}});
  for (const MonitorRecord& record : store_->monitors()) {
    auto spec = spec_of(record);
    if (!spec || spec->paused || !record.quarantined.empty() || !detectors_of(record.id, *spec)) continue;
    {
      const std::lock_guard lock(mutex_);
      const std::size_t its_worker = worker_of(record.id);
      watched_[record.id].worker = its_worker;
      if (its_worker != worker) continue;
    }
    run(record, *spec);
  }
  ++workers_ready_;
}

void Service::on_worker_message(std::size_t worker, const Json& message) {
  if (message.contains("status")) {
    take_status(message.at("status"));
    if (worker == 0) keep_house();
    return;
  }
  if (message.contains("measured")) {
    take_measured(message.at("measured"));
    return;
  }
  const auto id = message.value("monitor", "");
  if (message.contains("clip")) {
    take_clip(message.at("clip"));
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    if (!watched_.contains(id)) return;  // it was removed while this was under way
  }
  if (message.contains("incident")) {
    const ClusterLine* line = line_.load();
    if (line != nullptr && !line->may_tell_of(id)) return;
    (void)book_->take(message, name_of(id));
  } else {
    take_picture(id, message.at("picture"));
  }
}

void Service::take_status(const Json& all) {
  const std::int64_t now = now_ms();
  std::vector<std::pair<std::string, std::int64_t>> running;
  std::vector<std::string> restarted;
  std::vector<std::string> hopeless;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, status] : all.items()) {
      const auto found = watched_.find(id);
      if (found == watched_.end()) continue;
      Watched& watched = found->second;
      watched.status = status;
      capacity_.measure(id, status.value("cpu_s", 0.0), now);
      const int restarts = status.value("restarts", 0);
      if (restarts > watched.restarts) restarted.push_back(id);
      if (restarts >= options_.crashes_to_quarantine) hopeless.push_back(id);
      watched.restarts = restarts;
      const bool runs = status.value("state", "") == "running";
      if (!runs) watched.running_since_ms = 0;
      if (runs && watched.running_since_ms == 0) watched.running_since_ms = now;
      if (runs) running.emplace_back(id, now - watched.running_since_ms);
    }
  }
  for (const std::string& id : restarted) book_->orphan(id, mine(id));
  for (const std::string& id : hopeless)
    quarantine(id, fmt::format("an analysis of it did not return {} times", options_.crashes_to_quarantine));
  for (const auto& [id, status] : all.items()) look_at_score(id);
  for (const auto& [id, ms] : running)
    (void)book_->settle(id, name_of(id), std::chrono::milliseconds(ms), now);
}

void Service::keep_house() {
  const std::int64_t now = now_ms();
  (void)book_->tell_after_quiet(now, [this](const std::string& id) -> std::optional<std::string> {
    return options_.in_cluster && !is_watched(id) ? std::nullopt : std::optional(name_of(id));
  });
  (void)measurements_->roll_up(now / 1000);
  forget_old(now);
}

void Service::forget_old(std::int64_t now_ms) {
  if (now_ms - forgotten_ms_ <= kForgetInterval_ms) return;
  forgotten_ms_ = now_ms;
  const auto keep = std::chrono::duration_cast<std::chrono::milliseconds>(options_.retention).count();
  std::vector<std::string> sinks = outbox_->names();
  if (options_.in_cluster) sinks.emplace_back(kClusterCursor);
  (void)store_->forget(now_ms - keep, sinks);
  if (clips_) clips_->forget(now_ms - keep);
}

void Service::take_measured(const Json& seconds) {
  std::vector<MeasurementBook::Second> all;
  all.reserve(seconds.size());
  for (const Json& s : seconds)
    all.push_back({s.at(0).get<std::string>(), s.at(1).get<std::int64_t>(), parse_measurements(s.at(2))});
  (void)measurements_->take(all);
}

void Service::take_picture(const std::string& id, const Json& picture) {
  const std::lock_guard lock(mutex_);
  const auto found = watched_.find(id);
  if (found == watched_.end()) return;
  found->second.picture = {picture.at("taken_ms").get<std::int64_t>(), picture.at("jpeg").get_binary()};
}

// An incident that an earlier worker told of goes on under its own id, and has its clip already.
void Service::take_clip(const Json& clip) {
  if (!clips_) return;
  std::vector<std::string> known;
  for (auto& id : clip.at("incidents").get<std::vector<std::string>>()) {
    if (store_->incident(id)) known.push_back(std::move(id));
  }
  if (!known.empty()) (void)clips_->put(known, clip.at("mp4").get_binary());
}

void Service::on_worker_exit(std::size_t worker, const std::vector<std::string>& blamed) {
  --workers_ready_;
  std::vector<std::string> quarantined;
  {
    const std::lock_guard lock(mutex_);
    for (const std::string& id : blamed) {
      const auto found = watched_.find(id);
      if (found == watched_.end()) continue;
      if (++found->second.crashes >= options_.crashes_to_quarantine) quarantined.push_back(id);
    }
    for (auto& [id, watched] : watched_) {
      if (watched.worker != worker) continue;
      watched.status = nullptr;
      watched.running_since_ms = 0;
    }
  }
  for (const std::string& id : quarantined)
    quarantine(id, fmt::format("its stream crashed the analysis {} times", options_.crashes_to_quarantine));
}

void Service::quarantine(const std::string& id, const std::string& why) {
  auto record = store_->monitor(id);
  if (!record) return;
  record->quarantined = why;
  if (ClusterLine* line = line_.load()) (void)line->put(*record, false);
  (void)store_->put(*record);
  (void)book_->tell_own(id, name_of(id), "monitor.degraded", now_ms(),
                        why + "; it is not watched until it is changed");
  forget(id);
}

}  // namespace monolens
