// IpRange: addresses of IPv4 or IPv6 that begin with the same bits, as "10.0.0.0/8" or "fe80::/10" names
// them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sockaddr;

namespace monolens {

// Sixteen bytes in the order of the network; one of IPv4 as ::ffff:a.b.c.d (RFC 4291, section 2.5.5.2).
using IpAddress = std::array<std::uint8_t, 16>;

struct IpRange {
  IpAddress first{};
  int bits = 128;

  bool holds(const IpAddress& address) const;
};

// "ADDRESS" or "ADDRESS/BITS", where the bits beyond are zero; nullopt if it is neither.
std::optional<IpRange> parse_ip_range(std::string_view text);

// nullopt if the socket address is of another family.
std::optional<IpAddress> ip_address(const sockaddr* address);

// Under all names by which a packet to it would go: the address itself; of one that carries an address of
// IPv4 (NAT64, RFC 6052; 6to4, RFC 3056) that one too; of "no address", which connects to this machine,
// loopback.
std::vector<IpAddress> ways_to(const IpAddress& address);

std::string to_text(const IpAddress& address);

}  // namespace monolens
