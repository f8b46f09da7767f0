#include "monitor/orchestrator.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace monolens {
namespace {

// How often a monitor is looked at to which nothing arrives.
constexpr auto kWatch = std::chrono::milliseconds(100);
// A file gets a slice this often, whatever live streams need.
constexpr auto kFileTurn = std::chrono::milliseconds(100);

// How often what is in hand is noted, on average: not in step with the workers' slices.
constexpr auto kSample = std::chrono::microseconds(10'000);
constexpr int kSampleJitter_us = 4'000;

Ladder down(Ladder ladder) { return static_cast<Ladder>(static_cast<int>(ladder) + 1); }
Ladder up(Ladder ladder) { return static_cast<Ladder>(static_cast<int>(ladder) - 1); }

}  // namespace

Orchestrator::Orchestrator(OrchestratorOptions options, LiveListener listener)
    : options_(options), listener_(std::move(listener)), calm_since_(Clock::now()), stepped_(calm_since_) {
  int workers = options_.workers;
  if (workers <= 0) workers = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const std::lock_guard lock(mutex_);
  for (int i = 0; i < workers; ++i) threads_.emplace_back([this] { work_for_ever(); });
  threads_.emplace_back([this] { watch_for_ever(); });
  threads_.emplace_back([this] { sample_for_ever(); });
}

Orchestrator::~Orchestrator() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  work_.notify_all();
  stopped_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  for (const auto& [id, entry] : entries_) entry->monitor->stop();
  // While all that their readers use is still there.
  for (const auto& [id, entry] : entries_) entry->monitor.reset();
}

void Orchestrator::enqueue(const EntryPointer& entry) {
  if (stop_ || entry->removed || entry->queued) return;
  if (entry->in_hand) {
    entry->again = true;
    return;
  }
  entry->queued = true;
  (entry->monitor->can_wait() ? ready_files_ : ready_).push_back(entry);
  work_.notify_one();
}

Orchestrator::EntryPointer Orchestrator::next(Clock::time_point now) {
  const bool file = ready_.empty() || (!ready_files_.empty() && now - file_served_ >= kFileTurn);
  if (file) file_served_ = now;
  auto& queue = file ? ready_files_ : ready_;
  EntryPointer entry = std::move(queue.front());
  queue.pop_front();
  return entry;
}

void Orchestrator::add(LiveOptions options) {
  const std::string id = options.id;
  const std::lock_guard lock(mutex_);
  entries_.emplace(id, make_entry(std::move(options)));
}

// The monitor is made under the lock: its reader may call before `monitor` is set, and waits there.
Orchestrator::EntryPointer Orchestrator::make_entry(LiveOptions options) {
  auto entry = std::make_shared<Entry>();
  const auto on_ready = [this, weak = std::weak_ptr(entry)] {
    const std::lock_guard ready(mutex_);
    if (auto e = weak.lock()) enqueue(e);
  };
  entry->monitor = std::make_unique<LiveMonitor>(std::move(options), listener_, on_ready);
  return entry;
}

void Orchestrator::remove(const std::string& id) {
  EntryPointer entry;
  {
    std::unique_lock lock(mutex_);
    const auto found = entries_.find(id);
    if (found == entries_.end()) return;
    entry = found->second;
    entries_.erase(found);
    entry->removed = true;
    released_.wait(lock, [&] { return !entry->in_hand || entry->given_up; });
    if (entry->given_up) return;
    std::erase(ready_, entry);
    std::erase(ready_files_, entry);
  }
  entry->monitor.reset();  // not under the lock: its reader may be about to take it
}

std::vector<std::pair<std::string, LiveStatus>> Orchestrator::status() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<std::string, LiveStatus>> all;
  all.reserve(entries_.size());
  for (const auto& [id, entry] : entries_) {
    all.emplace_back(id, entry->monitor->status());
    LiveStatus& status = all.back().second;
    std::uint64_t samples = 0;
    for (const auto& [what, count] : entry->samples) samples += count;
    for (const auto& [what, count] : entry->samples)
      status.cost_s[what] += status.cpu_s * static_cast<double>(count) / static_cast<double>(samples);
  }
  return all;
}

bool Orchestrator::is_stuck() const {
  const std::lock_guard lock(mutex_);
  return stuck_ > 0;
}

void Orchestrator::work_for_ever() {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return stop_ || !ready_.empty() || !ready_files_.empty(); });
    if (stop_) return;
    const EntryPointer entry = next(Clock::now());
    entry->queued = false;
    entry->in_hand = true;
    entry->again = false;
    entry->taken = Clock::now();
    in_hand_.push_back(entry);
    lock.unlock();
    const bool more = entry->monitor->work(options_.slice);
    lock.lock();
    std::erase(in_hand_, entry);
    entry->in_hand = false;
    if (entry->given_up) {
      --stuck_;
      const auto monitor = std::move(entry->monitor);
      lock.unlock();  // the monitor's reader may be about to take it
      return;
    }
    if (more || entry->again) enqueue(entry);
    if (entry->removed) released_.notify_all();
  }
}

void Orchestrator::watch_for_ever() {
  std::unique_lock lock(mutex_);
  while (!stopped_.wait_for(lock, kWatch, [this] { return stop_; })) {
    for (const auto& [id, entry] : entries_) enqueue(entry);
    const auto now = Clock::now();
    look_for_stuck(now);
    balance(now);
  }
}

void Orchestrator::look_for_stuck(Clock::time_point now) {
  for (const EntryPointer& entry : in_hand_) {
    if (entry->given_up || now - entry->taken < options_.stuck_after) continue;
    entry->given_up = true;
    ++stuck_;
    entry->monitor->stop();
    threads_.emplace_back([this] { work_for_ever(); });
    LiveOptions options = entry->monitor->options();
    const auto found = entries_.find(options.id);
    if (found != entries_.end() && found->second == entry) {
      entry->removed = true;
      options.restarted_because = fmt::format("its analysis has not returned for {:g} s; at hand: {}",
                                              std::chrono::duration<double>(options_.stuck_after).count(),
                                              entry->monitor->in_hand().what());
      ++options.restarts;
      options.pipeline.in_hand = std::make_shared<InHand>();
      found->second = make_entry(std::move(options));
    }
  }
  released_.notify_all();
}

void Orchestrator::sample_for_ever() {
  std::minstd_rand random(1);
  std::uniform_int_distribution<int> jitter_us(-kSampleJitter_us, kSampleJitter_us);
  std::unique_lock lock(mutex_);
  while (!stopped_.wait_for(lock, kSample + std::chrono::microseconds(jitter_us(random)),
                            [this] { return stop_; })) {
    for (const EntryPointer& entry : in_hand_) ++entry->samples[entry->monitor->in_hand().what()];
  }
}

Orchestrator::EntryPointer Orchestrator::least_important(bool to_step_down) const {
  EntryPointer chosen;
  for (const auto& [id, entry] : entries_) {
    if (entry->ladder == (to_step_down ? Ladder::kPaused : Ladder::kFull)) continue;
    // Nothing is saved where nothing arrives.
    if (to_step_down && (entry->monitor->can_wait() || entry->monitor->state() != LiveState::kRunning))
      continue;
    if (chosen == nullptr) {
      chosen = entry;
      continue;
    }
    // All of one importance go down, and come up, a step each before one goes a second.
    const auto rank = [](const Entry& e) {
      return std::pair(e.monitor->options().priority, static_cast<int>(e.ladder));
    };
    const bool before = rank(*entry) < rank(*chosen);
    const bool after = rank(*chosen) < rank(*entry);
    if (to_step_down ? before : after) chosen = entry;
  }
  return chosen;
}

void Orchestrator::balance(Clock::time_point now) {
  std::chrono::milliseconds lag{0};
  for (const auto& [id, entry] : entries_) {
    const bool counts = entry->ladder != Ladder::kPaused && !entry->monitor->can_wait();
    if (counts) lag = std::max(lag, entry->monitor->lag());
  }
  if (lag > options_.in_time) calm_since_ = now;
  if (lag > options_.too_late && now - stepped_ >= options_.settle) {
    if (const EntryPointer entry = least_important(true)) {
      entry->ladder = down(entry->ladder);
      entry->monitor->set_ladder(entry->ladder);
      stepped_ = now;
    }
  } else if (now - calm_since_ >= options_.calm) {
    if (const EntryPointer entry = least_important(false)) {
      entry->ladder = up(entry->ladder);
      entry->monitor->set_ladder(entry->ladder);
    }
    calm_since_ = now;
  }
}

}  // namespace monolens
