#include "service/cluster_log.h"

#include <fmt/format.h>

namespace monolens {
namespace {

using std::chrono::milliseconds;

constexpr auto kKept = std::chrono::hours(24 * 7);
constexpr auto kPoll = milliseconds(1'000);  // where no word of news came through
constexpr auto kRetry = milliseconds(500);
constexpr std::size_t kMostBytes = 900'000;  // a broker's messages have a megabyte
constexpr const char* kEventsCursor = "cluster events";

}  // namespace

ClusterLog::ClusterLog(Broker& broker, const ClusterNames& names, Service& service, std::string instance,
                       std::function<void()> changed)
    : broker_(broker),
      names_(names),
      service_(service),
      instance_(std::move(instance)),
      changed_(std::move(changed)) {}

ClusterLog::~ClusterLog() { stop(); }

void ClusterLog::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  woken_.notify_all();
  if (reader_.joinable()) reader_.join();
  if (appender_.joinable()) appender_.join();
}

Result<void> ClusterLog::open() {
  auto made = broker_.make_bucket(names_.monitors_bucket());
  if (!made) return made;
  made = broker_.make_log(names_.events_stream(), names_.events(), kKept);
  if (!made) return made;
  made = service_.store().introduce(kClusterCursor);
  if (!made) return made;
  auto read = sync();
  if (!read) return read;
  for (const MonitorRecord& monitor : service_.store().monitors()) {
    if (seen_.contains(monitor.id)) continue;
    auto brought = put(monitor, true);
    if (!brought && brought.error().code != ErrorCode::kRejected) return brought;
  }
  const auto news = [this](const Broker::Message&) {
    {
      const std::lock_guard lock(mutex_);
      is_news_ = true;
    }
    woken_.notify_all();
  };
  made = broker_.listen(names_.events(), news);
  if (made) made = broker_.listen(fmt::format("$KV.{}.>", names_.monitors_bucket()), news);
  if (!made) return made;
  reader_ = std::thread([this] { read_for_ever(); });
  appender_ = std::thread([this] { append_for_ever(); });
  return {};
}

void ClusterLog::wake() {
  {
    const std::lock_guard lock(mutex_);
    is_told_ = true;
    is_behind_ = true;
  }
  woken_.notify_all();
}

void ClusterLog::flush(milliseconds patience) {
  std::unique_lock lock(mutex_);
  woken_.wait_for(lock, patience, [this] { return !is_behind_; });
}

bool ClusterLog::wait_a_moment(milliseconds moment) {
  std::unique_lock lock(mutex_);
  return !woken_.wait_for(lock, moment, [this] { return stop_; });
}

void ClusterLog::read_for_ever() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      woken_.wait_for(lock, kPoll, [this] { return stop_ || is_news_; });
      if (stop_) return;
      is_news_ = false;
    }
    if (!sync() && !wait_a_moment(kRetry)) return;
  }
}

Result<void> ClusterLog::sync() {
  const std::lock_guard lock(sync_mutex_);
  auto read = sync_monitors();
  return read ? sync_events() : read;
}

Result<void> ClusterLog::sync_monitors() {
  bool changed = false;
  for (;;) {
    auto entry = broker_.bucket_after(names_.monitors_bucket(), monitors_at_);
    if (!entry) return entry.error();
    if (!*entry) break;
    take_monitor(**entry);
    seen_.insert((**entry).key);
    monitors_at_ = (**entry).sequence;
    changed = true;
  }
  if (changed) changed_();
  return {};
}

void ClusterLog::take_monitor(const Broker::Entry& entry) {
  bool is_strange = false;
  if (entry.erased) {
    service_.withdraw(entry.key);
  } else {
    auto monitor = parse_monitor(entry.data);
    is_strange = !monitor || monitor->id != entry.key || !service_.apply(std::move(*monitor));
  }
  const std::lock_guard lock(mutex_);
  if (is_strange) {
    strange_.insert(entry.key);
  } else {
    strange_.erase(entry.key);
  }
}

bool ClusterLog::is_strange(const std::string& monitor) const {
  const std::lock_guard lock(mutex_);
  return strange_.contains(monitor);
}

Result<void> ClusterLog::sync_events() {
  Store& store = service_.store();
  auto at = static_cast<std::uint64_t>(store.cursor(kEventsCursor));
  for (;;) {
    auto entry = broker_.after(names_.events_stream(), at);
    if (!entry) return entry.error();
    if (!*entry) return {};
    at = (**entry).sequence;
    if (auto told = parse_told((**entry).data)) take(*told);
    (void)store.set_cursor(kEventsCursor, static_cast<std::int64_t>(at));
  }
}

void ClusterLog::take(const Told& told) {
  if (const auto* event = std::get_if<ToldEvent>(&told)) {
    if (event->instance != instance_)
      (void)service_.take_foreign(event->incident, event->event, event->evidence);
  } else if (const auto* acknowledged = std::get_if<ToldAcknowledged>(&told)) {
    (void)service_.acknowledge_here(acknowledged->incident, acknowledged->at_ms);
  } else if (const auto* snoozed = std::get_if<ToldSnoozed>(&told)) {
    (void)service_.snooze_here(snoozed->incident, snoozed->until_ms);
  }
}

void ClusterLog::append_for_ever() {
  Store& store = service_.store();
  std::int64_t at = store.cursor(kClusterCursor);
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (stop_) return;
      is_told_ = false;
    }
    const auto events = store.events_after(at, 100);
    for (const EventRecord& event : events) {
      while (event.origin.empty() && !append_event(event)) {
        if (!wait_a_moment(kRetry)) return;
      }
      at = event.sequence;
      (void)store.set_cursor(kClusterCursor, at);
    }
    std::unique_lock lock(mutex_);
    if (!events.empty() || is_told_) continue;
    is_behind_ = false;
    woken_.notify_all();
    woken_.wait(lock, [this] { return stop_ || is_told_; });
  }
}

Result<void> ClusterLog::append_event(const EventRecord& event) {
  const auto incident = service_.store().incident(event.incident);
  if (!incident) return {};  // it was forgotten: so long ago that nobody asks for it
  ToldEvent told{.instance = instance_, .event = event, .incident = *incident, .evidence = {}};
  // As it was when it was told: the store may know more by now, which is another event's to tell.
  told.incident.json = nlohmann::json::parse(event.json).at("incident").dump();
  told.incident.told_ms = event.told_ms;
  if (event.type != "close") told.incident.ended_ms.reset();
  if (event.type == "close" && !told.incident.ended_ms) told.incident.ended_ms = event.told_ms;
  if (event.type == "open") {
    told.evidence = {.picture = service_.store().picture(incident->id),
                     .map = service_.store().map(incident->id)};
    if (told.evidence.picture.size() + told.evidence.map.size() > kMostBytes) told.evidence = {};
  }
  return append(event.monitor, told, event.id + "@" + instance_);
}

Result<void> ClusterLog::append(const std::string& monitor, const Told& told, const std::string& id) {
  return broker_.append(names_.events_of(monitor), to_cbor(told), id);
}

Result<void> ClusterLog::put(const MonitorRecord& monitor, bool is_new) {
  auto known = broker_.get(names_.monitors_bucket(), monitor.id);
  if (!known) return known.error();
  if (!is_new && !*known)
    return Error{ErrorCode::kNotFound, fmt::format("there is no monitor '{}'", monitor.id)};
  if (is_new && *known)
    return Error{ErrorCode::kRejected, fmt::format("monitor '{}' is there already", monitor.id)};
  return broker_.put(names_.monitors_bucket(), monitor.id, monitor_to_json(monitor),
                     *known ? (**known).sequence : 0);
}

Result<void> ClusterLog::erase(const std::string& monitor) {
  return broker_.erase(names_.monitors_bucket(), monitor);
}

}  // namespace monolens
