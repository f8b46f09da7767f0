#include "http/token_bucket.h"

#include <algorithm>

namespace monolens {

double TokenBucket::tokens(Clock::time_point now) const {
  const std::chrono::duration<double> passed = std::max(now - at_, Clock::duration::zero());
  return std::min(burst_, tokens_ + passed.count() * rate_);
}

bool TokenBucket::take(Clock::time_point now) {
  const double there_are = tokens(now);
  if (there_are < 1) return false;
  tokens_ = there_are - 1;
  at_ = std::max(at_, now);
  return true;
}

std::chrono::duration<double> TokenBucket::wait(Clock::time_point now) const {
  return std::chrono::duration<double>(std::max(0.0, (1 - tokens(now)) / rate_));
}

std::chrono::duration<double> PeerLimiter::take(const std::string& peer, TokenBucket::Clock::time_point now) {
  auto bucket = buckets_.find(peer);
  if (bucket == buckets_.end()) {
    if (buckets_.size() >= max_peers_) make_room(now);
    bucket = buckets_.try_emplace(peer, rate_, burst_, now).first;
  }
  if (bucket->second.take(now)) return {};
  return bucket->second.wait(now);
}

void PeerLimiter::make_room(TokenBucket::Clock::time_point now) {
  std::erase_if(buckets_, [&](const auto& entry) { return entry.second.tokens(now) >= burst_; });
  if (buckets_.size() < max_peers_) return;
  buckets_.erase(std::max_element(buckets_.begin(), buckets_.end(), [&](const auto& a, const auto& b) {
    return a.second.tokens(now) < b.second.tokens(now);
  }));
}

}  // namespace monolens
