#include "media/source_rules.h"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/ascii.h"
#include "base/text.h"

namespace monolens {
namespace {

Error refused(std::string reason) { return {ErrorCode::kRefused, std::move(reason)}; }

bool matches_host(std::string_view pattern, std::string_view host) {
  if (pattern.starts_with("*."))
    return host.size() >= pattern.size() &&
           equals_any_case(host.substr(host.size() - pattern.size() + 1), pattern.substr(1));
  return equals_any_case(pattern, host);
}

template <class Matches>
bool is_allowed(const std::vector<std::string>& allow, const std::vector<std::string>& deny,
                Matches matches) {
  return std::none_of(deny.begin(), deny.end(), matches) &&
         (allow.empty() || std::any_of(allow.begin(), allow.end(), matches));
}

// The address that a host is written as, in any of the forms that connecting to it would take ("0x7f.1").
struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Addresses numeric_address(const std::string& host) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  return Addresses(getaddrinfo(host.c_str(), nullptr, &hints, &found) == 0 ? found : nullptr);
}

Result<std::vector<IpRange>> ranges_of(const std::vector<std::string>& texts) {
  std::vector<IpRange> ranges;
  for (const std::string& text : texts) {
    const auto range = parse_ip_range(text);
    if (!range)
      return Error{ErrorCode::kUsage,
                   fmt::format("'{}' is no address or range (10.0.0.0/8)", printable(text))};
    ranges.push_back(*range);
  }
  return ranges;
}

}  // namespace

Result<SourceRules> SourceRules::make(SourceLists lists) {
  auto allow = ranges_of(lists.allow_addresses);
  if (!allow) return allow.error();
  auto deny = ranges_of(lists.deny_addresses);
  if (!deny) return deny.error();
  return SourceRules(std::move(lists), {std::move(*allow), std::move(*deny)});
}

SourceRules::Ranges SourceRules::default_ranges() { return {{}, *ranges_of(SourceLists().deny_addresses)}; }

Result<void> SourceRules::check_url(std::string_view url) const {
  const std::string_view scheme = url.substr(0, url.find(':'));
  const auto is_scheme = [&](const std::string& name) { return equals_any_case(name, scheme); };
  if (!is_allowed(lists_.allow_schemes, lists_.deny_schemes, is_scheme))
    return refused(fmt::format("the scheme {} is not allowed", printable(std::string(scheme))));
  const std::string host(host_of(url));
  auto allowed = check_host(host);
  if (!allowed || host.empty()) return allowed;
  const Addresses address = numeric_address(host);
  return address ? check_address(address->ai_addr) : allowed;
}

Result<void> SourceRules::check_host(std::string_view host) const {
  std::string_view name = host;
  if (name.ends_with('.')) name.remove_suffix(1);
  const auto is_host = [&](const std::string& pattern) { return matches_host(pattern, name); };
  if (is_allowed(lists_.allow_hosts, lists_.deny_hosts, is_host)) return {};
  return refused(fmt::format("the host {} is not allowed", printable(std::string(host))));
}

Result<void> SourceRules::check_address(const sockaddr* address) const {
  const auto ip = ip_address(address);
  if (!ip) return {};
  const auto ways = ways_to(*ip);
  const auto is_in = [&](const std::vector<IpRange>& ranges) {
    return std::any_of(ranges.begin(), ranges.end(), [&](const IpRange& range) {
      return std::any_of(ways.begin(), ways.end(), [&](const IpAddress& way) { return range.holds(way); });
    });
  };
  if (!is_in(ranges_.deny) && (ranges_.allow.empty() || is_in(ranges_.allow))) return {};
  return refused(fmt::format("the address {} is not allowed", to_text(*ip)));
}

// As av_url_split() of libavutil has it.
std::string_view host_of(std::string_view url) {
  const std::size_t slashes = url.find("://");
  if (slashes == std::string_view::npos) return {};
  std::string_view authority = url.substr(slashes + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  if (authority.starts_with('[') && authority.find(']') != std::string_view::npos)
    return authority.substr(1, authority.find(']') - 1);
  return authority.substr(0, authority.find(':'));
}

}  // namespace monolens
