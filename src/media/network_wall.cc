#include "media/network_wall.h"

#include <dlfcn.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

namespace monolens {
namespace {

std::atomic<const SourceRules*> standing = nullptr;
thread_local std::string last_refusal;

// What would be called without the wall: the C library's, or a sanitizer's.
template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

bool is_refused(const Result<void>& allowed) {
  if (allowed) return false;
  last_refusal = allowed.error().message;
  errno = EACCES;
  return true;
}

bool is_refused(const void* address, socklen_t size) {
  const SourceRules* rules = network_rules();
  if (rules == nullptr || address == nullptr) return false;
  sockaddr_storage copy{};  // a shorter one is the kernel's to refuse
  std::memcpy(&copy, address, std::min<std::size_t>(size, sizeof copy));
  return is_refused(rules->check_address(reinterpret_cast<const sockaddr*>(&copy)));
}

}  // namespace

NetworkWall::NetworkWall(SourceRules rules) : rules_(std::move(rules)) { standing.store(&rules_); }
NetworkWall::~NetworkWall() { standing.store(nullptr); }

const SourceRules* network_rules() { return standing.load(); }

std::string take_network_refusal() { return std::exchange(last_refusal, {}); }

}  // namespace monolens

extern "C" {

int connect(int fd, const sockaddr* address, socklen_t size) {
  static auto* const go_on = monolens::next<decltype(connect)>("connect");
  return monolens::is_refused(address, size) ? -1 : go_on(fd, address, size);
}

ssize_t sendto(int fd, const void* bytes, size_t count, int flags, const sockaddr* address, socklen_t size) {
  static auto* const go_on = monolens::next<decltype(sendto)>("sendto");
  return monolens::is_refused(address, size) ? -1 : go_on(fd, bytes, count, flags, address, size);
}

ssize_t sendmsg(int fd, const msghdr* message, int flags) {
  static auto* const go_on = monolens::next<decltype(sendmsg)>("sendmsg");
  return monolens::is_refused(message->msg_name, message->msg_namelen) ? -1 : go_on(fd, message, flags);
}

int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** found) {
  static auto* const go_on = monolens::next<decltype(getaddrinfo)>("getaddrinfo");
  const monolens::SourceRules* rules = monolens::network_rules();
  if (rules != nullptr && name != nullptr && monolens::is_refused(rules->check_host(name))) return EAI_FAIL;
  return go_on(name, service, hints, found);
}

}  // extern "C"
