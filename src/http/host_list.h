// HostList: the names under which a server may be addressed.
//
// A page of any site can make its own name resolve to 127.0.0.1, and a browser then takes this server for
// that site (DNS rebinding). It still says in Host which site it means, which no script can change.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace monolens {

class HostList {
 public:
  // Names and addresses without ports, one of IPv6 in brackets, in any case. None: anything may be named.
  explicit HostList(std::vector<std::string> hosts);

  // `host` is the value of a Host header, or the authority of an address: "name", "name:port".
  bool allows(std::string_view host) const;

 private:
  std::vector<std::string> hosts_;  // in lower case
};

// "host:port" of "http://host:port/path"; empty if the target of a request names none.
std::string_view authority_of(std::string_view target);

}  // namespace monolens
