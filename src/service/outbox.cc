#include "service/outbox.h"

#include "base/backoff.h"
#include "base/rfc3339.h"
#include "service/wall_clock.h"

namespace monolens {
namespace {

constexpr int kBatch = 100;

SinkEvent to_sink_event(const EventRecord& e) {
  return {.id = e.id,
          .monitor = e.monitor,
          .type = e.type,
          .kind = e.kind,
          .severity = e.severity,
          .time = rfc3339(e.told_ms),
          .json = e.json};
}

}  // namespace

Outbox::Outbox(Store& store, std::vector<NamedSink> sinks, OutboxOptions options)
    : store_(store), options_(options) {
  for (NamedSink& sink : sinks) {
    auto line = std::make_unique<Line>();
    line->sink = std::move(sink);
    line->status.name = line->sink.name;
    (void)store_.introduce(line->sink.name);
    line->cursor = store_.cursor(line->sink.name);
    lines_.push_back(std::move(line));
  }
  for (const auto& line : lines_)
    line->thread = std::thread([this, &line = *line] { deliver_for_ever(line); });
}

Outbox::~Outbox() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  woken_.notify_all();
  for (const auto& line : lines_) line->thread.join();
}

void Outbox::wake() {
  {
    const std::lock_guard lock(mutex_);
    ++wakes_;
  }
  woken_.notify_all();
}

bool Outbox::is_stopped() const {
  const std::lock_guard lock(mutex_);
  return stop_;
}

void Outbox::deliver_for_ever(Line& line) {
  Backoff backoff(options_.retry_first, options_.retry_most);
  std::uint64_t seen = 0;
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      seen = wakes_;
    }
    bool failed = false;
    const auto events = store_.events_after(line.cursor, kBatch);
    for (const EventRecord& event : events) {
      if (is_stopped()) return;
      failed = !deliver(line, event);
      if (failed) break;
      line.cursor = event.sequence;
    }
    std::unique_lock lock(mutex_);
    if (failed) {
      if (woken_.wait_for(lock, backoff.next(), [this] { return stop_; })) return;
      continue;
    }
    backoff.reset();
    if (events.size() == static_cast<std::size_t>(kBatch)) continue;  // there may be more
    woken_.wait(lock, [&] { return stop_ || wakes_ != seen; });
    if (stop_) return;
  }
}

bool Outbox::deliver(Line& line, const EventRecord& event) {
  const SinkEvent out = to_sink_event(event);
  if (event.muted || !event.origin.empty() || !wants(line.sink.filter, out)) {
    (void)store_.set_cursor(line.sink.name, event.sequence);
    return true;
  }
  const auto sent = line.sink.sink->send(out);
  const std::lock_guard lock(mutex_);
  SinkStatus& status = line.status;
  if (sent) {
    (void)store_.set_delivered(line.sink.name, event.sequence, now_ms());
    ++status.delivered;
    status.state = SinkState::kDelivering;
    status.trouble.clear();
    status.last_delay_s = static_cast<double>(now_ms() - event.told_ms) / 1000.0;
    return true;
  }
  status.trouble = sent.error().message;
  if (!may_pass(sent.error())) {
    (void)store_.set_cursor(line.sink.name, event.sequence);
    ++status.dropped;
    status.state = SinkState::kDelivering;
    return true;
  }
  ++status.failures;
  status.state = sent.error().code == ErrorCode::kRefused ? SinkState::kRefused : SinkState::kRetrying;
  return false;
}

std::string_view name_of(SinkState state) {
  switch (state) {
    case SinkState::kDelivering:
      return "delivering";
    case SinkState::kRetrying:
      return "retrying";
    case SinkState::kRefused:
      return "refused";
  }
  return "";
}

std::vector<SinkStatus> Outbox::status() const {
  std::vector<SinkStatus> all;
  const std::int64_t last = store_.last_sequence();
  for (const auto& line : lines_) {
    const std::int64_t cursor = store_.cursor(line->sink.name);
    const std::lock_guard lock(mutex_);
    all.push_back(line->status);
    all.back().waiting = last - cursor;
  }
  return all;
}

std::vector<std::string> Outbox::names() const {
  std::vector<std::string> names;
  for (const auto& line : lines_) names.push_back(line->sink.name);
  return names;
}

}  // namespace monolens
