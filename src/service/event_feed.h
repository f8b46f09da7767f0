// EventFeed: server-sent events of everything that is told, to any number of clients.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "http/event_stream.h"
#include "store/store.h"

namespace monolens {

class EventFeed {
 public:
  explicit EventFeed(const Store& store) : store_(store), published_(store.last_sequence()) {}

  // Thread-safe, as is the other. Events come in the order of the store.
  void publish(const EventRecord& event);

  // A stream of all events after `sequence`, those of the past first.
  std::shared_ptr<EventStream> follow(std::int64_t sequence);

 private:
  const Store& store_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<EventStream>> streams_;  // guarded by mutex_, as is
  std::int64_t published_;
};

}  // namespace monolens
