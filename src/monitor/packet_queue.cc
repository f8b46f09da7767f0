#include "monitor/packet_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "media/packet_bytes.h"

namespace monolens {
namespace {

std::size_t bytes_of(const QueueItem& item) {
  const auto* packet = std::get_if<Packet>(&item.what);
  return packet != nullptr ? packet_bytes(*packet) : 0;
}

}  // namespace

bool PacketQueue::has_room() const {
  const std::lock_guard lock(mutex_);
  if (items_.empty()) return true;
  return bytes_ < limits_.bytes && items_.back().arrived - items_.front().arrived < limits_.span;
}

void PacketQueue::put(QueueItem item) {
  const std::lock_guard lock(mutex_);
  bytes_ += bytes_of(item);
  items_.push_back(std::move(item));
}

std::vector<QueueItem> PacketQueue::take(std::size_t most) {
  const std::lock_guard lock(mutex_);
  const auto end = items_.begin() + static_cast<std::ptrdiff_t>(std::min(most, items_.size()));
  std::vector<QueueItem> taken(std::make_move_iterator(items_.begin()), std::make_move_iterator(end));
  items_.erase(items_.begin(), end);
  for (const QueueItem& item : taken) bytes_ -= bytes_of(item);
  return taken;
}

std::size_t PacketQueue::drop_packets() {
  const std::lock_guard lock(mutex_);
  const std::size_t before = items_.size();
  std::erase_if(items_, [](const QueueItem& item) { return std::holds_alternative<Packet>(item.what); });
  bytes_ = 0;
  return before - items_.size();
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
