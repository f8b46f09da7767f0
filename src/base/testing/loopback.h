// LoopbackSocket: a socket that is bound to a free port of 127.0.0.1, or of another address of 127.0.0.0/8;
// one of TCP listens. Used by tests alone.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace monolens {

class LoopbackSocket {
 public:
  // SOCK_STREAM or SOCK_DGRAM.
  explicit LoopbackSocket(int type, in_addr_t address = INADDR_LOOPBACK)
      : descriptor_(socket(AF_INET, type | SOCK_CLOEXEC, 0)) {
    constexpr int kBacklog = 16;
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(address);
    socklen_t size = sizeof address_;
    auto* generic = reinterpret_cast<sockaddr*>(&address_);
    if (bind(descriptor_, generic, size) != 0 ||
        (type == SOCK_STREAM && listen(descriptor_, kBacklog) != 0) ||
        getsockname(descriptor_, generic, &size) != 0) {
      close(descriptor_);
      throw std::runtime_error("no socket on the loopback");
    }
  }
  ~LoopbackSocket() { close(descriptor_); }
  LoopbackSocket(const LoopbackSocket&) = delete;
  LoopbackSocket& operator=(const LoopbackSocket&) = delete;

  int descriptor() const { return descriptor_; }
  const sockaddr_in& address() const { return address_; }
  int port() const { return ntohs(address_.sin_port); }
  // The next connection, which the caller closes.
  int accept_one() const { return accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC); }

 private:
  int descriptor_;
  sockaddr_in address_{};
};

}  // namespace monolens
