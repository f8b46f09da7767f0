// SourceRules: which schemes, hosts and addresses a stream may come from, as the operator decides.
//
// UrlPolicy says what an input can be at all; this narrows it. A thing may be used if no deny list names it
// and the allow list, where there is one, does.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ip_range.h"
#include "base/result.h"

namespace monolens {

struct SourceLists {
  std::vector<std::string> allow_schemes{};  // "https"; empty: all that an input may have
  std::vector<std::string> deny_schemes{};
  std::vector<std::string> allow_hosts{};  // "example.com", or "*.example.com": all beneath it; empty: all
  std::vector<std::string> deny_hosts{};
  std::vector<std::string> allow_addresses{};  // "10.0.0.0/8"; empty: all
  // What is reached by link-local addresses, and where clouds tell machines their keys.
  std::vector<std::string> deny_addresses = {"169.254.0.0/16", "fe80::/10",       "fd00:ec2::254",
                                             "fd20:ce::254",   "100.100.100.200", "168.63.129.16"};
};

class SourceRules {
 public:
  SourceRules() : SourceRules(SourceLists(), default_ranges()) {}
  // kUsage if an address range is none.
  static Result<SourceRules> make(SourceLists lists);

  const SourceLists& lists() const { return lists_; }

  // Each is kRefused with the reason where it is forbidden.
  //
  // An address's scheme and host, and, if the host is written as an address, that; no name is looked up.
  Result<void> check_url(std::string_view url) const;
  Result<void> check_host(std::string_view host) const;
  Result<void> check_address(const sockaddr* address) const;

 private:
  struct Ranges {
    std::vector<IpRange> allow, deny;
  };
  SourceRules(SourceLists lists, Ranges ranges) : lists_(std::move(lists)), ranges_(std::move(ranges)) {}
  static Ranges default_ranges();

  SourceLists lists_;
  Ranges ranges_;
};

// The host that FFmpeg takes out of an address: without user, port and brackets; empty if it has none.
std::string_view host_of(std::string_view url);

}  // namespace monolens
