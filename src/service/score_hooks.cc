#include "service/score_hooks.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/backoff.h"
#include "base/rfc3339.h"
#include "service/wall_clock.h"

namespace monolens {
namespace {

constexpr auto kRetryFirst = std::chrono::milliseconds(250);
constexpr auto kRetryMost = std::chrono::milliseconds(10'000);

SinkEvent make_event(const ScoreHook& hook, const std::string& monitor, const std::string& name, double score,
                     bool below, std::int64_t now_ms) {
  const std::string type = below ? "below" : "recovered";
  const nlohmann::ordered_json json = {{"schema", "monolens.score/1"},
                                       {"state", type},
                                       {"monitor", {{"id", monitor}, {"name", name}}},
                                       {"score", std::round(score * 10) / 10},
                                       {"level", hook.level},
                                       {"time", rfc3339(now_ms)}};
  return {.id = fmt::format("{}.score.{}.{}", monitor, type, now_ms),
          .monitor = monitor,
          .type = type,
          .kind = "score",
          .severity = "",
          .time = rfc3339(now_ms),
          .json = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
          .about = "score"};
}

}  // namespace

ScoreHooks::ScoreHooks(std::vector<ScoreHook> hooks) {
  for (ScoreHook& hook : hooks) lines_.push_back(std::make_unique<Line>(Line{.hook = std::move(hook)}));
  for (const auto& line : lines_)
    line->thread = std::thread([this, &line = *line] { deliver_for_ever(line); });
}

ScoreHooks::~ScoreHooks() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  woken_.notify_all();
  for (const auto& line : lines_) line->thread.join();
}

void ScoreHooks::look(const std::string& monitor, const std::string& name, double score,
                      std::int64_t now_ms) {
  if (lines_.empty()) return;
  const std::lock_guard lock(mutex_);
  for (const auto& line : lines_) {
    const auto& only = line->hook.monitors;
    if (!only.empty() && std::find(only.begin(), only.end(), monitor) == only.end()) continue;
    State& state = line->states[monitor];
    const bool good = score >= line->hook.level;
    bool changes = !state.below && !good;
    if (state.below) {
      if (good && state.good_since_ms == 0) state.good_since_ms = now_ms;
      if (!good) state.good_since_ms = 0;
      changes = good && now_ms - state.good_since_ms >= kRecovered_ms;
    }
    if (!changes) continue;
    state = {.below = !good, .good_since_ms = 0};
    line->waiting.insert_or_assign(monitor, make_event(line->hook, monitor, name, score, !good, now_ms));
    line->told_ms[monitor] = now_ms;
    woken_.notify_all();
  }
}

void ScoreHooks::deliver_for_ever(Line& line) {
  Backoff backoff(kRetryFirst, kRetryMost);
  std::unique_lock lock(mutex_);
  for (;;) {
    woken_.wait(lock, [&] { return stop_ || !line.waiting.empty(); });
    if (stop_) return;
    const SinkEvent event = line.waiting.begin()->second;
    lock.unlock();
    const auto sent = line.hook.sink->send(event);
    lock.lock();
    const auto waiting = line.waiting.find(event.monitor);
    const bool newer = waiting->second.id != event.id;
    const bool late = now_ms() - line.told_ms[event.monitor] > kLate_ms;
    if (!newer && (sent || !may_pass(sent.error()) || late)) line.waiting.erase(waiting);
    if (sent) {
      backoff.reset();
    } else if (woken_.wait_for(lock, backoff.next(), [&] { return stop_; })) {
      return;
    }
  }
}

}  // namespace monolens
