#include <fmt/format.h>
#include <toml++/toml.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <sstream>

#include "app/settings.h"
#include "base/text.h"

namespace monolens {
namespace {

// Reads one file's tables; the first error ends it.
class Reader {
 public:
  Reader(const std::string& name, Settings& settings) : name_(name), settings_(settings) {}

  Result<void> read(const toml::table& root);

 private:
  Error error(const toml::node& at, const std::string& what) const {
    const auto& where = at.source().begin;
    return {ErrorCode::kUsage, fmt::format("{}:{}:{}: {}", name_, where.line, where.column, printable(what))};
  }
  Result<void> at(const toml::node& node, Result<void> result) const {
    return result ? result : error(node, result.error().message);
  }

  Result<void> read_detectors(const toml::node& node);
  Result<void> select(const toml::node& node);
  Result<void> read_options(std::string_view detector, const toml::node& node);
  Result<double> number(const toml::node& node, std::string_view key, double least, double most) const;

  const std::string& name_;
  Settings& settings_;
};

Result<double> Reader::number(const toml::node& node, std::string_view key, double least, double most) const {
  const auto value = node.value<double>();
  if (!node.is_number() || !value) return error(node, fmt::format("{} must be a number", key));
  if (!(*value >= least && *value <= most)) {
    return error(node, fmt::format("{} must be from {:g} to {:g}, not {:g}", key, least, most, *value));
  }
  return *value;
}

Result<void> Reader::read(const toml::table& root) {
  for (const auto& [toml_key, node] : root) {
    const std::string_view key = toml_key.str();
    if (key == "detectors") {
      auto read = read_detectors(node);
      if (!read) return read;
    } else if (key == "profile") {
      auto profile = parse_profile(node.value_or(std::string_view()));
      if (!profile) return error(node, profile.error().message);
      settings_.profile = *profile;
    } else if (key == "timeout_s") {
      auto value = number(node, key, 0.1, 86400);
      if (!value) return value.error();
      settings_.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(*value * 1000));
    } else if (key == "threads" || key == "jobs") {
      auto value = number(node, key, key == "jobs" ? 0 : 1, 256);
      if (!value) return value.error();
      if (*value != std::floor(*value)) return error(node, fmt::format("{} must be a whole number", key));
      (key == "jobs" ? settings_.jobs : settings_.threads) = static_cast<int>(*value);
    } else {
      return error(node,
                   fmt::format("unknown key '{}'{}", key,
                               suggestion(key, {"detectors", "profile", "timeout_s", "threads", "jobs"})));
    }
  }
  return {};
}

Result<void> Reader::read_detectors(const toml::node& node) {
  const auto* table = node.as_table();
  if (table == nullptr) return error(node, "detectors must be a table");
  for (const auto& [key, value] : *table) {
    auto read = key.str() == "select" ? select(value) : read_options(key.str(), value);
    if (!read) return read;
  }
  return {};
}

Result<void> Reader::select(const toml::node& node) {
  if (const auto* names = node.as_array()) {
    std::string list;
    for (const auto& name : *names) {
      if (!name.is_string()) return error(name, "select must hold names of detectors");
      list += (list.empty() ? "" : ",") + **name.as_string();
    }
    return at(node, settings_.detectors.choose(list));
  }
  if (!node.is_string()) return error(node, "select must be a string or an array of names");
  return at(node, settings_.detectors.choose(**node.as_string()));
}

Result<void> Reader::read_options(std::string_view detector, const toml::node& node) {
  auto found = find_detector(detector);
  if (!found) return error(node, found.error().message);
  const auto* table = node.as_table();
  if (table == nullptr) return error(node, fmt::format("{} must be a table of options", detector));
  for (const auto& [key, value] : *table) {
    if (!value.is_number()) return error(value, fmt::format("{}.{} must be a number", detector, key.str()));
    auto set = at(value, settings_.detectors.set(detector, key.str(), value.value_or(0.0)));
    if (!set) return set;
  }
  return {};
}

}  // namespace

Result<void> parse_configuration(std::string_view toml, const std::string& name, Settings& settings) {
  try {
    return Reader(name, settings).read(toml::parse(toml, name));
  } catch (const toml::parse_error& e) {
    return Error{ErrorCode::kUsage,
                 fmt::format("{}:{}:{}: {}", name, e.source().begin.line, e.source().begin.column,
                             printable(std::string(e.description())))};
  }
}

Result<void> load_configuration(const std::string& path, Settings& settings) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  if (file) content << file.rdbuf();
  const bool empty = content.fail() && errno == 0;
  if (!file || (content.fail() && !empty)) {
    return Error{ErrorCode::kUsage,
                 fmt::format("{}: can't be read: {}", path, std::strerror(errno != 0 ? errno : EIO))};
  }
  return parse_configuration(content.str(), path, settings);
}

}  // namespace monolens
