#include "cluster/peers.h"

#include <utility>

namespace monolens {

void Peers::hear(Heartbeat heartbeat, Clock::time_point now) {
  if (heartbeat.instance == own_) return;
  const std::lock_guard lock(mutex_);
  std::erase_if(peers_, [&](const auto& peer) { return now - peer.second.heard > kGone; });
  if (heartbeat.leaving) {
    peers_.erase(heartbeat.instance);
    return;
  }
  std::string name = heartbeat.instance;
  peers_.insert_or_assign(std::move(name), Peer{std::move(heartbeat), now});
}

std::vector<Peers::Peer> Peers::live(Clock::time_point now) const {
  const std::lock_guard lock(mutex_);
  std::vector<Peer> all;
  for (const auto& [name, peer] : peers_) {
    if (now - peer.heard <= kGone) all.push_back(peer);
  }
  return all;
}

bool Peers::is_taken_over(const MonitorGroup& pair, std::uint64_t delivery, Clock::time_point now) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, peer] : peers_) {
    if (now - peer.heard > kGone) continue;
    const auto held = peer.heartbeat.held.find(pair);
    if (held == peer.heartbeat.held.end()) continue;
    if (held->second > delivery || (held->second == delivery && name > own_)) return true;
  }
  return false;
}

Holders Peers::holders(const std::map<MonitorGroup, std::uint64_t>& own, Clock::time_point now) const {
  Holders all;
  for (const auto& [pair, delivery] : own) all[pair].push_back(own_);
  for (const Peer& peer : live(now)) {
    for (const auto& [pair, delivery] : peer.heartbeat.held) all[pair].push_back(peer.heartbeat.instance);
  }
  return all;
}

}  // namespace monolens
