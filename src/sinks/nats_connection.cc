#include "sinks/nats_connection.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace monolens {
namespace {

struct Server {
  std::string url;
  std::string host;  // with its port
  bool tls = false;
};

// [SCHEME://][USER:PASSWORD@]HOST[:PORT]
Result<Server> parse_server(std::string_view url) {
  Server server;
  server.url = url;
  const auto scheme = url.find("://");
  if (scheme != std::string_view::npos) {
    server.tls = url.substr(0, scheme) == "tls";
    if (!server.tls && url.substr(0, scheme) != "nats") return Error{ErrorCode::kUsage, ""};
    url.remove_prefix(scheme + 3);
  }
  if (const auto at = url.rfind('@'); at != std::string_view::npos) url.remove_prefix(at + 1);
  server.host = url;
  const bool is_host = !url.empty() && url.find_first_of("/?# \t\r\n") == std::string_view::npos;
  return is_host ? Result<Server>(server) : Error{ErrorCode::kUsage, ""};
}

Result<std::vector<Server>> parse_servers(std::string_view urls) {
  std::vector<Server> servers;
  for (const std::string_view url : split(urls, ',')) {
    auto server = parse_server(url);
    if (!server) return Error{ErrorCode::kUsage, "this is no nats:// or tls:// address with a host"};
    servers.push_back(std::move(*server));
  }
  if (servers.empty()) return Error{ErrorCode::kUsage, "NATS needs the address of a server"};
  return servers;
}

std::string names_of(const std::vector<Server>& servers) {
  std::vector<std::string> hosts;
  for (const Server& server : servers) hosts.push_back(server.host);
  return fmt::format("{}", fmt::join(hosts, ","));
}

std::string without_port(std::string host) {
  const auto bracket = host.find(']');
  const auto colon = host.find(':', bracket == std::string::npos ? 0 : bracket);
  if (colon != std::string::npos) host.resize(colon);
  return host;
}

// The library's own would print.
void say_nothing(natsConnection*, natsSubscription*, natsStatus, void*) {}

// What is given, set; true if all of it could be.
bool set_login(natsOptions* to, const NatsOptions& from) {
  if (!from.credentials_file.empty() &&
      natsOptions_SetUserCredentialsFromFiles(to, from.credentials_file.c_str(), nullptr) != NATS_OK) {
    return false;
  }
  if (!from.token.empty() && natsOptions_SetToken(to, from.token.c_str()) != NATS_OK) return false;
  return from.user.empty() ||
         natsOptions_SetUserInfo(to, from.user.c_str(), from.password.c_str()) == NATS_OK;
}

Result<void> set_tls(natsOptions* to, const NatsOptions& from, const std::vector<Server>& servers) {
  if (servers.size() > 1 && from.tls_hostname.empty()) {
    return Error{ErrorCode::kUsage,
                 "several servers with TLS need the name in their certificates (tls_hostname)"};
  }
  const std::string hostname = from.tls_hostname.empty() ? without_port(servers[0].host) : from.tls_hostname;
  if (natsOptions_SetSecure(to, true) != NATS_OK ||
      natsOptions_SetExpectedHostname(to, hostname.c_str()) != NATS_OK) {
    return Error{ErrorCode::kInternal, "TLS can't be set up"};
  }
  if (!from.ca_file.empty() && natsOptions_LoadCATrustedCertificates(to, from.ca_file.c_str()) != NATS_OK) {
    return Error{ErrorCode::kUsage, fmt::format("{}: holds no certificates", printable(from.ca_file))};
  }
  if (!from.certificate_file.empty() && natsOptions_LoadCertificatesChain(to, from.certificate_file.c_str(),
                                                                          from.key_file.c_str()) != NATS_OK) {
    return Error{ErrorCode::kUsage,
                 fmt::format("{}: is no certificate with its key", printable(from.certificate_file))};
  }
  return {};
}

}  // namespace

// Half of the time for an event goes to connecting, and a share of that to each server.
Result<NatsOwned<natsOptions>> nats_library_options(const NatsOptions& from) {
  auto parsed = parse_servers(from.url);
  if (!parsed) return parsed.error();
  const std::vector<Server>& servers = *parsed;
  natsOptions* made = nullptr;
  if (natsOptions_Create(&made) != NATS_OK) return Error{ErrorCode::kInternal, "NATS can't be set up"};
  NatsOwned<natsOptions> to(made);
  std::vector<const char*> urls;
  for (const Server& server : servers) urls.push_back(server.url.c_str());
  const auto patience =
      std::max<std::int64_t>(1, from.timeout.count() / 2 / static_cast<std::int64_t>(urls.size()));
  const bool set =
      natsOptions_SetServers(made, urls.data(), static_cast<int>(urls.size())) == NATS_OK &&
      natsOptions_SetName(made, "monolens") == NATS_OK && natsOptions_SetTimeout(made, patience) == NATS_OK &&
      natsOptions_SetWriteDeadline(made, from.timeout.count()) == NATS_OK &&
      natsOptions_SetMaxReconnect(made, -1) == NATS_OK &&
      natsOptions_SetReconnectWait(made, 500) == NATS_OK &&
      natsOptions_SetErrorHandler(made, say_nothing, nullptr) == NATS_OK && set_login(made, from);
  if (!set) return Error{ErrorCode::kUsage, "NATS does not take these options"};
  const bool tls =
      from.tls || std::any_of(servers.begin(), servers.end(), [](const Server& s) { return s.tls; });
  if (tls) {
    if (auto done = set_tls(made, from, servers); !done) return done.error();
  }
  return to;
}

std::string nats_hosts(const NatsOptions& options) {
  const auto servers = parse_servers(options.url);
  return servers ? names_of(*servers) : "";
}

bool is_nats_subject(std::string_view subject) {
  const auto bad = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '*' || c == '>' || c == 0x7f;
  };
  return !subject.empty() && !subject.starts_with('.') && !subject.ends_with('.') &&
         subject.find("..") == std::string_view::npos && std::none_of(subject.begin(), subject.end(), bad);
}

}  // namespace monolens
