#include "service/event_feed.h"

#include <fmt/format.h>

namespace monolens {
namespace {

// A client that was away for long asks for no more than this at once; it comes again with the last id it has.
constexpr int kMostAtOnce = 1'000;
constexpr std::size_t kMostQueuedBytes = 4U << 20U;

std::string text_of(const EventRecord& e) {
  return fmt::format("id: {}\nevent: {}\ndata: {}\n\n", e.sequence, e.type, e.json);
}

}  // namespace

void EventFeed::publish(const EventRecord& event) {
  const std::string text = text_of(event);
  const std::lock_guard lock(mutex_);
  published_ = event.sequence;
  std::erase_if(streams_, [&](const auto& stream) { return !stream->push(text); });
}

std::shared_ptr<EventStream> EventFeed::follow(std::int64_t sequence) {
  auto stream = std::make_shared<EventStream>(kMostQueuedBytes);
  // Under the lock, so that an event is either of the past or published to the stream.
  const std::lock_guard lock(mutex_);
  const auto past = store_.events_after(sequence, kMostAtOnce);
  for (const EventRecord& event : past) {
    if (event.sequence <= published_) stream->push(text_of(event));
  }
  if (past.size() == static_cast<std::size_t>(kMostAtOnce)) {
    stream->close();
  } else {
    streams_.push_back(stream);
  }
  return stream;
}

}  // namespace monolens
