#include "base/ip_range.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace monolens {
namespace {

constexpr std::size_t kV4At = 12;  // where an address of IPv4 stands in one of IPv6 that maps it

IpAddress mapped(const std::uint8_t* v4) {
  IpAddress address{};
  address[10] = address[11] = 0xff;
  std::copy_n(v4, 4, address.begin() + kV4At);
  return address;
}

bool is_v4(const IpAddress& address) {
  constexpr IpRange kMapped{.first = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0}, .bits = 96};
  return kMapped.holds(address);
}

std::optional<IpAddress> parse_address(const std::string& text) {
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) {
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &v4, bytes.size());
    return mapped(bytes.data());
  }
  IpAddress address{};
  if (inet_pton(AF_INET6, text.c_str(), address.data()) == 1) return address;
  return std::nullopt;
}

}  // namespace

bool IpRange::holds(const IpAddress& address) const {
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (!std::equal(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(whole), address.begin()))
    return false;
  if (bits % 8 == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff << (8 - bits % 8));
  return (first[whole] & mask) == (address[whole] & mask);
}

std::optional<IpRange> parse_ip_range(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto first = parse_address(std::string(text.substr(0, slash)));
  if (!first) return std::nullopt;
  IpRange range{.first = *first, .bits = 128};
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    int bits = -1;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    const bool of_v4 = text.find(':') == std::string_view::npos;
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    if (bits < 0 || bits > (of_v4 ? 32 : 128)) return std::nullopt;
    range.bits = of_v4 ? 96 + bits : bits;
  }
  for (int bit = range.bits; bit < 128; ++bit) {
    if ((range.first[static_cast<std::size_t>(bit / 8)] & (0x80 >> bit % 8)) != 0) return std::nullopt;
  }
  return range;
}

std::optional<IpAddress> ip_address(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in*>(address)->sin_addr, bytes.size());
    return mapped(bytes.data());
  }
  if (address->sa_family != AF_INET6) return std::nullopt;
  IpAddress bytes{};
  std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr, bytes.size());
  return bytes;
}

std::vector<IpAddress> ways_to(const IpAddress& address) {
  static const IpRange kNat64 = *parse_ip_range("64:ff9b::/96");
  static const IpRange k6to4 = *parse_ip_range("2002::/16");
  static const IpAddress kAnyV4 = parse_ip_range("0.0.0.0")->first;
  static const IpAddress kLoopbackV4 = parse_ip_range("127.0.0.1")->first;
  static const IpAddress kLoopbackV6 = parse_ip_range("::1")->first;
  std::vector<IpAddress> ways{address};
  if (kNat64.holds(address)) ways.push_back(mapped(address.data() + kV4At));
  if (k6to4.holds(address)) ways.push_back(mapped(address.data() + 2));
  if (address == kAnyV4) ways.push_back(kLoopbackV4);
  if (address == IpAddress{}) ways.insert(ways.end(), {kLoopbackV6, kLoopbackV4});
  return ways;
}

std::string to_text(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_v4(address)) {
    inet_ntop(AF_INET, address.data() + kV4At, text.data(), text.size());
  } else {
    inet_ntop(AF_INET6, address.data(), text.data(), text.size());
  }
  return text.data();
}

}  // namespace monolens
