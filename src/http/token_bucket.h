// TokenBucket: at most `rate` requests a second in the long run, and `burst` at once.
//
// Time is handed in, so that tests need not wait. Not thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <unordered_map>

namespace monolens {

class TokenBucket {
 public:
  using Clock = std::chrono::steady_clock;

  // REQUIRES: rate > 0, burst >= 1. A bucket is full at first.
  TokenBucket(double rate, double burst, Clock::time_point now)
      : rate_(rate), burst_(burst), tokens_(burst), at_(now) {}

  // Takes a token, if there is one.
  bool take(Clock::time_point now);
  // How long until there is one; 0 if there is.
  std::chrono::duration<double> wait(Clock::time_point now) const;
  double tokens(Clock::time_point now) const;

 private:
  double rate_;  // tokens a second
  double burst_;
  double tokens_;  // at at_
  Clock::time_point at_;
};

// A bucket for each peer. Of more than `max_peers` the one with the fullest bucket is forgotten, which costs
// the least: a full bucket is what it would begin with again.
class PeerLimiter {
 public:
  PeerLimiter(double rate, double burst, std::size_t max_peers = 4096)
      : rate_(rate), burst_(burst), max_peers_(max_peers) {}

  // 0 if the peer may go on, else how long it should wait.
  std::chrono::duration<double> take(const std::string& peer, TokenBucket::Clock::time_point now);
  std::size_t peers() const { return buckets_.size(); }

 private:
  void make_room(TokenBucket::Clock::time_point now);

  double rate_, burst_;
  std::size_t max_peers_;
  std::unordered_map<std::string, TokenBucket> buckets_;
};

}  // namespace monolens
