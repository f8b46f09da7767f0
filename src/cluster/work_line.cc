#include "cluster/work_line.h"

#include <charconv>

namespace monolens {
namespace {

// "PREFIX.work.GROUP.MONITOR": neither of the last two has a dot.
std::optional<MonitorGroup> pair_of(const std::string& subject) {
  const auto monitor = subject.rfind('.');
  if (monitor == std::string::npos || monitor == 0) return std::nullopt;
  const auto group = subject.rfind('.', monitor - 1);
  if (group == std::string::npos) return std::nullopt;
  return MonitorGroup{subject.substr(monitor + 1), subject.substr(group + 1, monitor - group - 1)};
}

}  // namespace

Result<void> WorkLine::open(const std::vector<std::string>& groups) {
  if (auto made = broker_.make_work(names_.work_stream(), names_.work()); !made) return made;
  for (const std::string& group : groups) {
    auto made = broker_.make_line(names_.work_stream(), group, names_.work_of_group(group), times_.patience);
    if (!made) return made;
  }
  inbox_ = broker_.inbox();
  return broker_.listen(inbox_ + ".*", [this](const Broker::Message& m) { answered(m.subject); });
}

// Its time counts from before it was asked for. It may have come too late for an earlier request, and be
// older: so it is renewed at once, and whoever has a later delivery says so (Peers).
Result<std::optional<MonitorGroup>> WorkLine::take(const std::string& group, std::chrono::milliseconds wait) {
  const auto now = Clock::now();
  auto item = broker_.take(group, wait);
  if (!item) return item.error();
  if (!*item) return std::optional<MonitorGroup>();
  const auto pair = pair_of((**item).subject);
  if (!pair) return std::optional<MonitorGroup>();
  const std::lock_guard lock(mutex_);
  leases_.insert_or_assign(*pair, Lease{.item = std::move(**item), .renewed = now, .asked = {}});
  return pair;
}

std::vector<MonitorGroup> WorkLine::renew(Clock::time_point now) {
  std::vector<MonitorGroup> lost;
  const std::lock_guard lock(mutex_);
  for (auto at = leases_.begin(); at != leases_.end();) {
    Lease& lease = at->second;
    if (now - lease.renewed >= times_.lease) {
      under_way_.erase(lease.number);
      lost.push_back(at->first);
      at = leases_.erase(at);
      continue;
    }
    if (now - lease.asked >= times_.renew) {
      under_way_.erase(lease.number);
      lease.number = ++sent_;
      lease.asked = now;
      under_way_.emplace(lease.number, at->first);
      (void)broker_.renew(lease.item, inbox_ + "." + std::to_string(lease.number));
    }
    ++at;
  }
  return lost;
}

void WorkLine::answered(const std::string& subject) {
  std::uint64_t number = 0;
  const char* digits = subject.data() + subject.rfind('.') + 1;
  std::from_chars(digits, subject.data() + subject.size(), number);
  const std::lock_guard lock(mutex_);
  const auto found = under_way_.find(number);
  if (found == under_way_.end()) return;
  const auto lease = leases_.find(found->second);
  if (lease != leases_.end()) lease->second.renewed = lease->second.asked;
  under_way_.erase(found);
}

void WorkLine::give_back(const MonitorGroup& pair, std::chrono::milliseconds delay) {
  const std::lock_guard lock(mutex_);
  const auto found = leases_.find(pair);
  if (found == leases_.end()) return;
  (void)broker_.give_back(found->second.item, delay);
  under_way_.erase(found->second.number);
  leases_.erase(found);
}

void WorkLine::finish(const MonitorGroup& pair) {
  const std::lock_guard lock(mutex_);
  const auto found = leases_.find(pair);
  if (found == leases_.end()) return;
  (void)broker_.finish(found->second.item);
  under_way_.erase(found->second.number);
  leases_.erase(found);
}

void WorkLine::let_go(const MonitorGroup& pair) {
  const std::lock_guard lock(mutex_);
  const auto found = leases_.find(pair);
  if (found == leases_.end()) return;
  under_way_.erase(found->second.number);
  leases_.erase(found);
}

bool WorkLine::is_sure_of(const std::string& monitor, Clock::time_point now) const {
  const std::lock_guard lock(mutex_);
  for (auto at = leases_.lower_bound({monitor, ""}); at != leases_.end() && at->first.monitor == monitor;
       ++at) {
    if (now - at->second.renewed < times_.lease) return true;
  }
  return false;
}

bool WorkLine::holds(const MonitorGroup& pair) const {
  const std::lock_guard lock(mutex_);
  return leases_.contains(pair);
}

std::map<MonitorGroup, std::uint64_t> WorkLine::held() const {
  const std::lock_guard lock(mutex_);
  std::map<MonitorGroup, std::uint64_t> all;
  for (const auto& [pair, lease] : leases_) all.emplace(pair, lease.item.deliveries);
  return all;
}

}  // namespace monolens
