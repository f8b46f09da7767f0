// NetworkWall: what this process may look up, connect to and send to, for as long as the wall stands.
//
// libavformat looks names up and follows redirects by itself, and asks nobody in between. So the program puts
// its own connect(), sendto(), sendmsg() and getaddrinfo() before those of the C library: whoever calls them,
// for whatever address and after however many redirects, is judged by the rules. An address is judged at the
// moment it is connected to, so a name can't mean one thing when it is checked and another when it is used.
#pragma once

#include <string>

#include "media/source_rules.h"

namespace monolens {

class NetworkWall {
 public:
  // REQUIRES: no other stands. It outlives the threads that it is there for.
  explicit NetworkWall(SourceRules rules);
  ~NetworkWall();
  NetworkWall(const NetworkWall&) = delete;
  NetworkWall& operator=(const NetworkWall&) = delete;

 private:
  SourceRules rules_;
};

// Those of the wall that stands, or null.
const SourceRules* network_rules();

// Why the calling thread's last attempt was refused, once; empty if none was since the last call.
std::string take_network_refusal();

}  // namespace monolens
