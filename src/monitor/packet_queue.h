// PacketQueue: what a live source's reader hands to the worker that analyses it, in order.
//
// Bounded by the time between its oldest and newest packet and by bytes; who puts into a full queue decides
// what to do. Thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

#include "media/packet.h"
#include "monitor/pipeline.h"

namespace monolens {

// What a monitor gives up when the machine can't keep up, a step each.
enum class Ladder { kFull, kEconomy, kKeyFrames, kPaused };

// A source was opened; its packets follow, until SourceEnded.
struct SourceOpened {
  std::shared_ptr<Pipeline> pipeline;
  Ladder step = Ladder::kFull;  // of which the pipeline was made
};

struct SourceEnded {
  bool for_good = false;  // a file's end: nobody tries again
  std::string trouble;    // empty at a regular end
};

// The source can't be opened; it will be tried again.
struct SourceFailed {
  std::string trouble;
};

// The queue was emptied, because the analysis did not keep up or went to another step; the source's packets
// go on into a new pipeline.
struct PacketsDropped {
  std::shared_ptr<Pipeline> pipeline;
  Ladder step = Ladder::kFull;
  std::size_t packets = 0;
};

// A StreamEvent is what the source tells beside its packets.
struct QueueItem {
  using Clock = std::chrono::steady_clock;
  std::variant<Packet, SourceOpened, SourceEnded, SourceFailed, PacketsDropped, StreamEvent> what;
  Clock::time_point arrived;
};

class PacketQueue {
 public:
  struct Limits {
    std::chrono::milliseconds span{8'000};
    std::size_t bytes = 64U << 20U;
  };

  explicit PacketQueue(Limits limits) : limits_(limits) {}

  // Whether there is room for more packets.
  bool has_room() const;
  // Events of the source always find room, so nothing is refused here.
  void put(QueueItem item);
  // The oldest item.
  std::optional<QueueItem> take();
  // Throws the packets away, keeps the rest, and says how many there were. A PacketsDropped that still waits
  // goes with them, counted in: a newer one takes its place.
  std::size_t drop_packets();

  bool empty() const;
  // How long the oldest item has been waiting; zero if there is none.
  std::chrono::milliseconds lag(QueueItem::Clock::time_point now) const;

 private:
  Limits limits_;
  mutable std::mutex mutex_;
  std::deque<QueueItem> items_;  // guarded by mutex_, as is
  std::size_t bytes_ = 0;        // of their packets
};

}  // namespace monolens
