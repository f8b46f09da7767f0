#include "http/host_list.h"

#include <algorithm>

#include "base/ascii.h"

namespace monolens {
namespace {

// Empty if what follows the name is no port. RFC 9110, section 7.2.
std::string_view without_port(std::string_view host) {
  const std::size_t bracket = host.starts_with('[') ? host.find(']') : 0;
  const std::size_t colon = host.find(':', std::min(bracket, host.size()));
  if (colon == std::string_view::npos) return host;
  const std::string_view port = host.substr(colon + 1);
  return std::all_of(port.begin(), port.end(), is_digit) ? host.substr(0, colon) : std::string_view();
}

}  // namespace

HostList::HostList(std::vector<std::string> hosts) : hosts_(std::move(hosts)) {
  for (std::string& host : hosts_) host = lower_ascii(std::string_view(host));
}

bool HostList::allows(std::string_view host) const {
  if (hosts_.empty()) return true;
  const std::string name = lower_ascii(without_port(host));
  return std::find(hosts_.begin(), hosts_.end(), name) != hosts_.end();
}

std::string_view authority_of(std::string_view target) {
  const std::size_t slashes = target.find("://");
  if (target.starts_with('/') || slashes == std::string_view::npos) return {};
  const std::string_view rest = target.substr(slashes + 3);
  return rest.substr(0, rest.find_first_of("/?#"));
}

}  // namespace monolens
