#include "service/cluster_member.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "base/rfc3339.h"
#include "base/version.h"
#include "cluster/agreement.h"
#include "cluster/cbor.h"
#include "cluster/told.h"
#include "service/wall_clock.h"

namespace monolens {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;

constexpr auto kTick = milliseconds(50);
constexpr auto kBeat = milliseconds(1'000);
constexpr auto kBeatAtOnce = milliseconds(200);  // after what it holds has changed
constexpr auto kTakeWait = milliseconds(200);
constexpr auto kHoldOff = milliseconds(3'000);  // after giving something back, for others to take it
constexpr auto kNotHere = milliseconds(2'000);  // until what can't be watched from here is offered again
constexpr auto kBetweenMoves = milliseconds(10'000);
constexpr auto kRepair = milliseconds(10'000);
constexpr auto kFlush = milliseconds(2'000);
constexpr const char* kAgreement = "cluster";

InstanceLoad load_of(const Heartbeat& h) {
  return {.used_cores = h.used_cores, .capacity_cores = h.capacity_cores, .pairs = h.held.size()};
}

bool serves(const Heartbeat& h, const std::string& group) {
  return !h.draining && std::find(h.groups.begin(), h.groups.end(), group) != h.groups.end();
}

}  // namespace

ClusterMember::ClusterMember(ClusterOptions options, std::string instance, Service& service)
    : options_(std::move(options)),
      instance_(std::move(instance)),
      service_(service),
      names_(options_.broker.prefix),
      peers_(instance_) {}

Result<std::unique_ptr<ClusterMember>> ClusterMember::join(ClusterOptions options, std::string instance,
                                                           Service& service) {
  auto broker = Broker::connect(options.broker, options.replicas);
  if (!broker) return Error{broker.error().code, "cluster: " + broker.error().message};
  auto member =
      std::unique_ptr<ClusterMember>(new ClusterMember(std::move(options), std::move(instance), service));
  member->broker_ = std::move(*broker);
  auto opened = member->open();
  if (!opened) return Error{opened.error().code, "cluster: " + opened.error().message};
  return member;
}

Result<void> ClusterMember::open() {
  auto agreed = agree();
  if (!agreed) return agreed;
  log_ =
      std::make_unique<ClusterLog>(*broker_, names_, service_, instance_, [this] { wanted_changed_ = true; });
  line_ = std::make_unique<WorkLine>(*broker_, names_, options_.leases);
  auto done = line_->open(serving());
  if (done) done = log_->open();
  if (!done) return done;
  service_.set_line(this);
  done = broker_->listen(names_.heartbeats(), [this](const Broker::Message& message) {
    if (auto heartbeat = parse_heartbeat(message.data)) peers_.hear(std::move(*heartbeat), Clock::now());
  });
  if (done)
    done = broker_->listen(names_.ask(instance_), [this](const Broker::Message& m) { answer_asked(m); });
  if (!done) return done;
  worker_ = std::thread([this] { work_for_ever(); });
  return {};
}

Result<void> ClusterMember::agree() {
  if (auto made = broker_->make_bucket(names_.agreed_bucket()); !made) return made;
  auto put = broker_->put(names_.agreed_bucket(), kAgreement,
                          agreement_to_json(options_.groups.value_or(DetectorGroups())), 0);
  if (!put && put.error().code != ErrorCode::kRejected) return put;
  auto entry = broker_->get(names_.agreed_bucket(), kAgreement);
  if (!entry) return entry.error();
  auto groups = parse_agreement(*entry ? (**entry).data : "");
  if (!groups)
    return Error{groups.error().code, fmt::format("{}: {}", broker_->hosts(), groups.error().message)};
  if (options_.groups && *options_.groups != *groups) {
    std::vector<std::string> described;
    for (const auto& [name, detectors] : groups->all())
      described.push_back(fmt::format("{} = {}", name, fmt::join(detectors, ",")));
    return Error{ErrorCode::kUsage, fmt::format("{}: the cluster's groups are others: {}", broker_->hosts(),
                                                fmt::join(described, "; "))};
  }
  groups_ = std::move(*groups);
  for (const std::string& name : options_.serves) {
    if (!groups_.has(name)) return Error{ErrorCode::kUsage, fmt::format("there is no group '{}'", name)};
  }
  return {};
}

void ClusterMember::leave() {
  if (std::exchange(has_left_, true)) return;
  {
    const std::lock_guard lock(stop_mutex_);
    stop_ = true;
  }
  stopping_.notify_all();
  if (worker_.joinable()) {
    worker_.join();
    log_->flush(kFlush);
  }
  service_.set_line(nullptr);
  broker_->go_deaf();
  if (log_) log_->stop();
}

std::vector<std::string> ClusterMember::serving() const {
  if (!options_.serves.empty()) return options_.serves;
  std::vector<std::string> all;
  for (const auto& [name, detectors] : groups_.all()) all.push_back(name);
  return all;
}

Heartbeat ClusterMember::heartbeat() const {
  return {.instance = instance_,
          .version = kVersion,
          .draining = is_draining_,
          .groups = serving(),
          .capacity_cores = service_.capacity().cores(),
          .used_cores = service_.capacity().used(),
          .held = line_->held()};
}

// ---- working

void ClusterMember::work_for_ever() {
  for (;;) {
    const auto now = Clock::now();
    let_go_of_lost(now);
    refresh_wanted();
    finish_unwanted();
    run_what_is_held();
    if (is_draining_) give_back_all();
    if (now - beat_ >= (line_->held() == told_held_ ? kBeat : kBeatAtOnce)) {
      beat(false);
      give_up_one(now);  // no sooner than loads are told
    }
    if (now - repaired_ >= kRepair) repair(now);
    const bool took = take_one(now);
    std::unique_lock lock(stop_mutex_);
    if (stopping_.wait_for(lock, took ? milliseconds(0) : kTick, [this] { return stop_; })) break;
  }
  broker_->stop_taking();
  give_back_all();
  beat(true);
  broker_->flush();
}

void ClusterMember::let_go_of_lost(Clock::time_point now) {
  line_->renew(now);
  for (const auto& [pair, delivery] : line_->held()) {
    if (peers_.is_taken_over(pair, delivery, now)) line_->let_go(pair);
  }
}

void ClusterMember::refresh_wanted() {
  if (!wanted_changed_.exchange(false)) return;
  Parts parts;
  std::set<MonitorGroup> wanted;
  for (const MonitorRecord& record : service_.store().monitors()) {
    const auto spec = spec_of(record);
    if (!spec) continue;
    auto split = groups_.split(spec->detectors);
    if (!split) continue;
    const bool is_run = !spec->paused && record.quarantined.empty();
    for (const auto& [group, detectors] : *split) {
      if (is_run) wanted.insert({record.id, group});
    }
    parts.emplace(record.id, std::move(*split));
  }
  const std::lock_guard lock(mutex_);
  parts_ = std::move(parts);
  wanted_ = std::move(wanted);
}

void ClusterMember::finish_unwanted() {
  std::vector<MonitorGroup> unwanted;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [pair, delivery] : line_->held()) {
      const auto monitor = parts_.find(pair.monitor);
      if (monitor == parts_.end() || !monitor->second.contains(pair.group)) unwanted.push_back(pair);
    }
  }
  for (const MonitorGroup& pair : unwanted) {
    if (log_->is_strange(pair.monitor)) {
      line_->give_back(pair, kNotHere);
    } else {
      line_->finish(pair);
    }
  }
}

void ClusterMember::run_what_is_held() {
  std::map<std::string, std::string> held;
  std::map<std::string, std::vector<MonitorGroup>> pairs;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [pair, delivery] : line_->held()) {
      const auto monitor = parts_.find(pair.monitor);
      if (monitor == parts_.end()) continue;
      std::string& list = held[pair.monitor];
      list += (list.empty() ? "" : ",") + monitor->second[pair.group];
      pairs[pair.monitor].push_back(pair);
    }
  }
  for (auto at = running_.begin(); at != running_.end();) {
    if (held.contains(at->first)) {
      ++at;
    } else {
      service_.release(at->first);
      at = running_.erase(at);
    }
  }
  for (const auto& [monitor, detectors] : held) {
    const auto before = running_.find(monitor);
    if (before != running_.end() && before->second == detectors) continue;
    if (service_.hold(monitor, detectors)) {
      running_[monitor] = detectors;
    } else {
      for (const MonitorGroup& pair : pairs[monitor]) line_->give_back(pair, kNotHere);
      hold_off_until_ = Clock::now() + kHoldOff;  // for another to take it
    }
  }
}

bool ClusterMember::take_one(Clock::time_point now) {
  if (is_draining_ || now < hold_off_until_ || !broker_->is_connected() || service_.capacity().lack())
    return false;
  if (now - took_ < pull_delay(load_of(heartbeat()))) return false;
  const auto groups = serving();
  const std::string group = groups[next_group_++ % groups.size()];
  auto taken = line_->take(group, kTakeWait);
  if (!taken || !*taken) return false;
  took_ = now;
  // What stands open goes on here under the same ids, and a monitor just made is known.
  if (!log_->sync()) line_->give_back(**taken);
  return true;
}

void ClusterMember::give_back_all() {
  for (const auto& [monitor, detectors] : running_) service_.release(monitor);
  running_.clear();
  for (const auto& [pair, delivery] : line_->held()) line_->give_back(pair);
}

void ClusterMember::give_up_one(Clock::time_point now) {
  if (now - gave_up_ < kBetweenMoves) return;
  const auto live = peers_.live(now);
  const Heartbeat own = heartbeat();
  for (const std::string& group : own.groups) {
    std::vector<InstanceLoad> others;
    for (const Peers::Peer& peer : live) {
      if (serves(peer.heartbeat, group)) others.push_back(load_of(peer.heartbeat));
    }
    const auto held =
        std::find_if(own.held.begin(), own.held.end(), [&](const auto& h) { return h.first.group == group; });
    if (held == own.held.end() || !should_give_up(load_of(own), others)) continue;
    gave_up_ = now;
    hold_off_until_ = now + kHoldOff;
    line_->give_back(held->first);
    run_what_is_held();
    return;
  }
}

// Of all instances the first by name looks after what has no work item: whoever wanted it may have died on
// the way.
void ClusterMember::repair(Clock::time_point now) {
  repaired_ = now;
  const auto live = peers_.live(now);
  const bool is_first = std::all_of(live.begin(), live.end(), [this](const Peers::Peer& peer) {
    return instance_ < peer.heartbeat.instance;
  });
  std::map<MonitorGroup, Clock::time_point> uncovered;
  for (const MonitorGroup& pair : coverage_now().uncovered) {
    const auto before = uncovered_since_.find(pair);
    uncovered[pair] = before == uncovered_since_.end() ? now : before->second;
  }
  uncovered_since_ = std::move(uncovered);
  if (!is_first) return;
  for (const auto& [pair, since] : uncovered_since_) {
    if (now - since >= kRepair && !broker_->add_work(names_.work_of(pair))) return;
  }
}

void ClusterMember::beat(bool leaving) {
  beat_ = Clock::now();
  Heartbeat own = heartbeat();
  own.leaving = leaving;
  told_held_ = own.held;
  (void)broker_->publish(names_.heartbeats(), to_cbor(own), "");
}

// ---- what the service tells

Result<void> ClusterMember::put(const MonitorRecord& monitor, bool is_new) {
  auto put = log_->put(monitor, is_new);
  // What another made is in the store when this returns.
  if (!put && put.error().code == ErrorCode::kRejected) (void)log_->sync();
  if (!put) return put;
  wanted_changed_ = true;
  const auto spec = spec_of(monitor);
  if (!spec) return spec.error();
  const auto split = groups_.split(spec->detectors);
  if (!split) return split.error();
  for (const auto& [group, detectors] : *split) {
    auto added = broker_->add_work(names_.work_of({monitor.id, group}));
    if (!added) return added;
  }
  return {};
}

Result<void> ClusterMember::erase(const std::string& monitor) {
  auto erased = log_->erase(monitor);
  wanted_changed_ = true;
  return erased;
}

Result<void> ClusterMember::tell_acknowledged(const std::string& incident, std::int64_t at_ms) {
  return log_->append("people", ToldAcknowledged{incident, at_ms},
                      fmt::format("{}.acknowledged.{}", incident, at_ms));
}

Result<void> ClusterMember::tell_snoozed(const std::string& incident, std::optional<std::int64_t> until_ms) {
  return log_->append("people", ToldSnoozed{incident, until_ms},
                      fmt::format("{}.snoozed.{}", incident, now_ms()));
}

// ---- how the cluster is

std::optional<std::string> ClusterMember::refusal(const MonitorSpec& spec) const {
  const auto split = groups_.split(spec.detectors);
  if (!split) return std::nullopt;  // the specification's own check says it better
  std::vector<Heartbeat> all;
  for (Peers::Peer& peer : peers_.live(Clock::now())) all.push_back(std::move(peer.heartbeat));
  all.push_back(heartbeat());
  double used = 0;
  double pairs = 0;
  for (const Heartbeat& h : all) {
    used += h.used_cores;
    pairs += static_cast<double>(h.held.size());
  }
  const double needed = pairs > 0 && used > 0 ? used / pairs : Capacity::kUnknownCores;
  for (const auto& [group, detectors] : *split) {
    double free = 0;
    bool is_served = false;
    for (const Heartbeat& h : all) {
      if (!serves(h, group)) continue;
      is_served = true;
      free = std::max(free, h.capacity_cores - h.used_cores);
    }
    if (!is_served)
      return fmt::format("no live instance serves the group '{}', so nothing would run {}", group, detectors);
    if (free < needed && !spec.paused) {
      return fmt::format(
          "no instance of the group '{}' has room: {:.2f} cores are free at most and {:.2f} are needed",
          group, free, needed);
    }
  }
  return std::nullopt;
}

Coverage ClusterMember::coverage_now() const {
  const Holders holders = peers_.holders(line_->held(), Clock::now());
  const std::lock_guard lock(mutex_);
  return coverage(wanted_, holders);
}

std::size_t ClusterMember::instances() const { return peers_.live(Clock::now()).size() + 1; }

Json ClusterMember::view() const {
  const auto now = Clock::now();
  const std::int64_t wall_ms = now_ms();
  const Heartbeat own = heartbeat();
  Json instances = Json::array();
  const auto add = [&](const Heartbeat& h, std::int64_t seen_ms) {
    instances.push_back({{"id", h.instance},
                         {"version", h.version},
                         {"state", h.draining ? "draining" : "live"},
                         {"groups", h.groups},
                         {"capacity_cores", h.capacity_cores},
                         {"used_cores", h.used_cores},
                         {"pairs", h.held.size()},
                         {"seen_at", rfc3339(seen_ms)}});
  };
  add(own, wall_ms);
  for (const Peers::Peer& peer : peers_.live(now))
    add(peer.heartbeat, wall_ms - std::chrono::duration_cast<milliseconds>(now - peer.heard).count());
  Json groups = Json::array();
  for (const auto& [name, detectors] : groups_.all())
    groups.push_back({{"name", name}, {"detectors", detectors}});
  const Holders holders = peers_.holders(own.held, now);
  const std::lock_guard lock(mutex_);
  Json pairs = Json::array();
  for (const MonitorGroup& pair : wanted_) {
    const auto found = holders.find(pair);
    pairs.push_back({{"monitor", pair.monitor},
                     {"group", pair.group},
                     {"instances", found == holders.end() ? std::vector<std::string>() : found->second}});
  }
  const Coverage covered = coverage(wanted_, holders);
  return {{"name", options_.broker.prefix},
          {"connected", broker_->is_connected()},
          {"this_instance", instance_},
          {"groups", std::move(groups)},
          {"instances", std::move(instances)},
          {"pairs", std::move(pairs)},
          {"coverage",
           {{"wanted", covered.wanted},
            {"covered", covered.wanted - covered.uncovered.size()},
            {"uncovered", covered.uncovered.size()},
            {"doubled", covered.doubled.size()}}}};
}

Result<void> ClusterMember::drain(const std::string& instance, bool on) {
  if (instance == instance_) {
    is_draining_ = on;
    return {};
  }
  for (const Peers::Peer& peer : peers_.live(Clock::now())) {
    if (peer.heartbeat.instance != instance) continue;
    return broker_->publish(names_.ask(instance), cbor_of({{"drain", on}}), "");
  }
  return Error{ErrorCode::kNotFound, fmt::format("no instance '{}' is live", instance)};
}

}  // namespace monolens
