#include "service/wire.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <span>
#include <vector>

namespace monolens {
namespace {

constexpr std::size_t kMostBytes = 64U << 20U;

}  // namespace

Wire::~Wire() { close(descriptor_); }

bool Wire::send(const nlohmann::json& message) {
  std::vector<std::uint8_t> bytes(4);
  nlohmann::json::to_cbor(message, bytes);
  const std::size_t size = bytes.size() - 4;
  for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(size >> 8 * i);
  const std::lock_guard lock(mutex_);
  for (std::span<const std::uint8_t> left(bytes); !left.empty();) {
    const ssize_t n = ::send(descriptor_, left.data(), left.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    left = left.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

bool Wire::read_all(std::uint8_t* to, std::size_t bytes) {
  while (bytes > 0) {
    const ssize_t n = recv(descriptor_, to, bytes, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    to += n;
    bytes -= static_cast<std::size_t>(n);
  }
  return true;
}

std::optional<nlohmann::json> Wire::receive() {
  std::array<std::uint8_t, 4> head{};
  if (!read_all(head.data(), head.size())) return std::nullopt;
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) size |= static_cast<std::size_t>(head[i]) << 8 * i;
  if (size > kMostBytes) return std::nullopt;
  std::vector<std::uint8_t> bytes(size);
  if (!read_all(bytes.data(), size)) return std::nullopt;
  auto message = nlohmann::json::from_cbor(bytes, true, false);
  if (message.is_discarded()) return std::nullopt;
  return message;
}

void Wire::shut() { shutdown(descriptor_, SHUT_RDWR); }

}  // namespace monolens
