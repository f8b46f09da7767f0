#include "app/serve_settings.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <toml++/toml.h>

#include <charconv>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/text.h"

namespace monolens {
namespace {

using Json = nlohmann::json;

Json to_json(const toml::node& node) {
  if (const auto* table = node.as_table()) {
    Json json = Json::object();
    for (const auto& [key, value] : *table) json[std::string(key.str())] = to_json(value);
    return json;
  }
  if (const auto* array = node.as_array()) {
    Json json = Json::array();
    for (const auto& value : *array) json.push_back(to_json(value));
    return json;
  }
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto whole = node.value_exact<std::int64_t>()) return *whole;
  if (const auto number = node.value_exact<double>()) return *number;
  if (const auto truth = node.value_exact<bool>()) return *truth;
  return nullptr;  // dates: no key takes one
}

// Reads one file's tables; the first error ends it.
class Reader {
 public:
  Reader(const std::string& name, ServeSettings& settings) : name_(name), settings_(settings) {}

  Result<void> read(const toml::table& root) {
    for (const auto& [toml_key, node] : root) {
      auto read = read_key(toml_key.str(), node);
      if (!read) return read;
    }
    if (settings_.http.certificate_file.empty() != settings_.http.key_file.empty())
      return Error{ErrorCode::kUsage, fmt::format("{}: certificate_file and key_file go together", name_)};
    return {};
  }

 private:
  Error error(const toml::node& at, const std::string& what) const {
    const auto& where = at.source().begin;
    return {ErrorCode::kUsage, fmt::format("{}:{}:{}: {}", name_, where.line, where.column, printable(what))};
  }

  Result<void> read_key(std::string_view key, const toml::node& node) {
    if (key == "token") return each_table(node, key, [this](const toml::table& t) { return read_token(t); });
    if (key == "sink") return each_table(node, key, [this](const toml::table& t) { return read_sink(t); });
    if (key == "score_hook")
      return each_table(node, key, [this](const toml::table& t) { return read_score_hook(t); });
    if (key == "sources") return read_sources(node);
    if (key == "results") return read_results(node);
    if (key == "cluster") return read_cluster(node);
    if (key == "files") return read_texts(key, node, settings_.file_folders);
    if (key == "hosts") return read_texts(key, node, settings_.http.hosts);
    if (key == "workers") return read_number(key, node, 1, 64, settings_.workers);
    if (key == "clips_mb") return read_number(key, node, 0, 1e6, settings_.clips_mb);
    if (key == "capacity_cores") return read_number(key, node, 0.1, 4096, settings_.capacity_cores);
    const auto text = node.value_exact<std::string>();
    const bool known = key == "listen" || key == "data" || key == "certificate_file" || key == "key_file";
    if (!known) {
      return error(node,
                   fmt::format("unknown key '{}'{}", key,
                               suggestion(key, {"listen", "data", "files", "hosts", "workers", "clips_mb",
                                                "capacity_cores", "certificate_file", "key_file", "sources",
                                                "token", "sink", "score_hook", "results", "cluster"})));
    }
    if (!text || text->empty()) return error(node, fmt::format("{} must be a string", key));
    if (key == "data") settings_.data = *text;
    if (key == "certificate_file") settings_.http.certificate_file = *text;
    if (key == "key_file") settings_.http.key_file = *text;
    if (key != "listen") return {};
    auto parsed = parse_listen(*text, settings_);
    return parsed ? parsed : error(node, "listen: " + parsed.error().message);
  }

  template <class Read>
  Result<void> each_table(const toml::node& node, std::string_view key, Read read) {
    const auto* array = node.as_array();
    if (array == nullptr) return error(node, fmt::format("write [[{}]]", key));
    for (const auto& entry : *array) {
      const auto* table = entry.as_table();
      if (table == nullptr) return error(entry, fmt::format("write [[{}]]", key));
      auto done = read(*table);
      if (!done) return done;
    }
    return {};
  }

  template <class Number>
  Result<void> read_number(std::string_view key, const toml::node& node, double least, double most,
                           Number& to) {
    const auto value = node.value<double>();
    if (!value || !(*value >= least && *value <= most))
      return error(node, fmt::format("{} must be a number from {} to {}", key, least, most));
    to = static_cast<Number>(*value);
    return {};
  }

  Result<void> read_texts(std::string_view key, const toml::node& node, std::vector<std::string>& to) {
    const auto* array = node.as_array();
    if (array == nullptr) return error(node, fmt::format("{} must be an array of strings", key));
    for (const auto& entry : *array) {
      const auto text = entry.value_exact<std::string>();
      if (!text || text->empty()) return error(entry, fmt::format("{} must be an array of strings", key));
      to.push_back(*text);
    }
    return {};
  }

  Result<void> read_sources(const toml::node& node) {
    const auto* table = node.as_table();
    if (table == nullptr) return error(node, "write [sources]");
    SourceLists lists;
    const std::map<std::string_view, std::vector<std::string>*> known = {
        {"allow_schemes", &lists.allow_schemes},     {"deny_schemes", &lists.deny_schemes},
        {"allow_hosts", &lists.allow_hosts},         {"deny_hosts", &lists.deny_hosts},
        {"allow_addresses", &lists.allow_addresses}, {"deny_addresses", &lists.deny_addresses}};
    for (const auto& [key, value] : *table) {
      const auto list = known.find(key.str());
      if (list == known.end()) {
        std::vector<std::string> names;
        for (const auto& [name, unused] : known) names.emplace_back(name);
        return error(value, fmt::format("unknown key '{}'{}", key.str(), suggestion(key.str(), names)));
      }
      list->second->clear();
      auto read = read_texts(key.str(), value, *list->second);
      if (!read) return read;
    }
    auto rules = SourceRules::make(std::move(lists));
    if (!rules) return error(node, rules.error().message);
    settings_.sources = std::move(*rules);
    return {};
  }

  Result<void> read_token(const toml::table& table) {
    std::string role;
    std::string hash;
    for (const auto& [key, node] : table) {
      const auto text = node.value_exact<std::string>();
      if (!text) return error(node, fmt::format("{} must be a string", key.str()));
      if (key.str() == "role") {
        role = *text;
      } else if (key.str() == "hash") {
        hash = *text;
      } else {
        return error(node,
                     fmt::format("unknown key '{}'{}", key.str(), suggestion(key.str(), {"role", "hash"})));
      }
    }
    if (role != "read" && role != "write") return error(table, "role must be \"read\" or \"write\"");
    auto added = settings_.tokens.add(hash, role == "write" ? Role::kWrite : Role::kRead);
    return added ? added : error(table, added.error().message);
  }

  Result<void> read_sink(const toml::table& table) {
    Json description = to_json(table);
    if (!description.contains("name") || !description["name"].is_string())
      return error(table, "a sink needs a name, of its place in the outbox");
    const auto sink_name = description["name"].get<std::string>();
    if (!sink_names_.insert(sink_name).second)
      return error(table, fmt::format("two sinks are named '{}'", sink_name));
    description.erase("name");
    auto options = parse_sink(description);
    if (!options) return error(table, fmt::format("sink '{}': {}", sink_name, options.error().message));
    settings_.sinks.push_back({sink_name, std::move(*options)});
    return {};
  }

  Result<void> read_score_hook(const toml::table& table) {
    Json description = to_json(table);
    ScoreHookSetting hook;
    if (!description.contains("name") || !description["name"].is_string())
      return error(table, "a score_hook needs a name");
    hook.name = description["name"].get<std::string>();
    description.erase("name");
    if (description.contains("level")) {
      const Json& level = description["level"];
      if (!level.is_number() || level < 0 || level > 100)
        return error(table, fmt::format("score_hook '{}': level must be a number from 0 to 100", hook.name));
      hook.level = level.get<double>();
      description.erase("level");
    }
    auto options = parse_sink(description);
    if (!options) return error(table, fmt::format("score_hook '{}': {}", hook.name, options.error().message));
    hook.options = std::move(*options);
    settings_.score_hooks.push_back(std::move(hook));
    return {};
  }

  Result<void> read_results(const toml::node& node) {
    const auto* table = node.as_table();
    if (table == nullptr) return error(node, "write [results]");
    if (const auto* folder = table->get("folder")) {
      const auto path = folder->value_exact<std::string>();
      if (!path || path->empty() || table->size() > 1)
        return error(*folder, "results: folder must be a string, and stand alone");
      settings_.results = *path;
      return {};
    }
    Json description = to_json(*table);
    description["type"] = "s3";
    auto options = parse_sink(description);
    if (!options) return error(*table, "results: " + options.error().message);
    settings_.results = std::get<S3Options>(std::move(options->target));
    return {};
  }

  Result<void> read_cluster(const toml::node& node) {
    const auto* table = node.as_table();
    if (table == nullptr) return error(node, "write [cluster]");
    ClusterOptions cluster;
    toml::table server = *table;
    if (const auto* groups = table->get("groups")) {
      auto read = read_groups(*groups, cluster);
      if (!read) return read;
    }
    if (const auto* groups = table->get("serves")) {
      auto read = read_texts("serves", *groups, cluster.serves);
      if (!read) return read;
    }
    if (const auto* replicas = table->get("replicas")) {
      auto read = read_number("replicas", *replicas, 1, 5, cluster.replicas);
      if (!read) return read;
    }
    for (const char* own : {"groups", "serves", "replicas"}) server.erase(own);
    Json description = to_json(server);
    description["type"] = "nats";
    if (!description.contains("prefix")) description["prefix"] = kClusterPrefix;
    auto options = parse_sink(description);
    if (!options) return error(*table, "cluster: " + options.error().message);
    cluster.broker = std::get<NatsOptions>(std::move(options->target));
    settings_.cluster = std::move(cluster);
    return {};
  }

  Result<void> read_groups(const toml::node& node, ClusterOptions& cluster) {
    const auto* table = node.as_table();
    if (table == nullptr) return error(node, "write [cluster.groups]");
    std::map<std::string, std::string> lists;
    for (const auto& [key, value] : *table) {
      const auto list = value.value_exact<std::string>();
      if (!list) return error(value, fmt::format("{} must be a string, as --detectors takes it", key.str()));
      lists.emplace(key.str(), *list);
    }
    auto groups = DetectorGroups::make(lists);
    if (!groups) return error(node, groups.error().message);
    cluster.groups = std::move(*groups);
    return {};
  }

  const std::string& name_;
  ServeSettings& settings_;
  std::set<std::string> sink_names_;
};

}  // namespace

Result<void> parse_serve_settings(std::string_view text, const std::string& name,
                                  ServeSettings& settings) try {
  const toml::table root = toml::parse(text);
  return Reader(name, settings).read(root);
} catch (const toml::parse_error& e) {
  const auto& where = e.source().begin;
  return Error{ErrorCode::kUsage, fmt::format("{}:{}:{}: {}", name, where.line, where.column,
                                              printable(std::string(e.description())))};
}

Result<void> load_serve_settings(const std::string& path, ServeSettings& settings) {
  std::ifstream file(path);
  if (!file) return Error{ErrorCode::kUsage, fmt::format("{}: can't be read", path)};
  std::ostringstream text;
  text << file.rdbuf();
  return parse_serve_settings(text.str(), path, settings);
}

Result<void> parse_listen(std::string_view text, ServeSettings& settings) {
  const auto colon = text.rfind(':');
  std::string_view address = text.substr(0, colon);
  int port = -1;
  if (colon != std::string_view::npos) {
    const std::string_view digits = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc() || end != digits.data() + digits.size()) port = -1;
  }
  if (address.size() > 2 && address.front() == '[' && address.back() == ']')
    address = address.substr(1, address.size() - 2);
  if (port < 0 || port > 65'535 || address.empty())
    return Error{ErrorCode::kUsage, fmt::format("'{}' is not ADDRESS:PORT", printable(std::string(text)))};
  settings.http.address = address;
  settings.http.port = port;
  return {};
}

void name_loopback(ServeSettings& settings) {
  HttpServerOptions& http = settings.http;
  if (!is_loopback(http.address)) return;
  const bool is_v6 = http.address.find(':') != std::string::npos;
  for (const std::string& host : {std::string("localhost"), std::string("127.0.0.1"), std::string("[::1]"),
                                  is_v6 ? fmt::format("[{}]", http.address) : http.address})
    http.hosts.push_back(host);
}

bool is_loopback(std::string_view address) {
  const std::string text(address);
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24U == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, text.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

}  // namespace monolens
