#include "monitor/packet_queue.h"

#include <algorithm>
#include <utility>

namespace monolens {
namespace {

std::size_t bytes_of(const QueueItem& item) {
  const auto* packet = std::get_if<Packet>(&item.what);
  return packet != nullptr ? packet_bytes(*packet) : 0;
}

bool is_packet(const QueueItem& item) { return std::holds_alternative<Packet>(item.what); }

}  // namespace

bool PacketQueue::has_room() const {
  const std::lock_guard lock(mutex_);
  const auto oldest = std::find_if(items_.begin(), items_.end(), is_packet);
  if (oldest == items_.end()) return true;
  return bytes_ < limits_.bytes && items_.back().arrived - oldest->arrived < limits_.span;
}

void PacketQueue::put(QueueItem item) {
  const std::lock_guard lock(mutex_);
  bytes_ += bytes_of(item);
  items_.push_back(std::move(item));
}

std::optional<QueueItem> PacketQueue::take() {
  const std::lock_guard lock(mutex_);
  if (items_.empty()) return std::nullopt;
  std::optional<QueueItem> taken(std::move(items_.front()));
  items_.pop_front();
  bytes_ -= bytes_of(*taken);
  return taken;
}

std::size_t PacketQueue::drop_packets() {
  const std::lock_guard lock(mutex_);
  std::size_t dropped = 0;
  std::erase_if(items_, [&](const QueueItem& item) {
    const auto* superseded = std::get_if<PacketsDropped>(&item.what);
    if (superseded != nullptr) dropped += superseded->packets;
    if (is_packet(item)) ++dropped;
    return superseded != nullptr || is_packet(item);
  });
  bytes_ = 0;
  return dropped;
}

bool PacketQueue::empty() const {
  const std::lock_guard lock(mutex_);
  return items_.empty();
}

std::chrono::milliseconds PacketQueue::lag(QueueItem::Clock::time_point now) const {
  const std::lock_guard lock(mutex_);
  if (items_.empty()) return std::chrono::milliseconds(0);
  return std::chrono::duration_cast<std::chrono::milliseconds>(now - items_.front().arrived);
}

}  // namespace monolens
