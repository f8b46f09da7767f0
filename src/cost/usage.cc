#include "cost/usage.h"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "base/text.h"

namespace monolens::cost {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kSchema = "monolens.usage/1";

// What is wrong and where; thrown and caught in this file alone.
struct Wrong {
  std::string what;
};

// One object of the document, and where it stands.
class Reader {
 public:
  Reader(const nlohmann::json& value, std::string place) : value_(value), place_(std::move(place)) {
    if (!value_.is_object()) throw Wrong{place_ + " must be an object"};
  }

  const nlohmann::json& member(const char* name) const {
    const auto found = value_.find(name);
    if (found == value_.end()) throw Wrong{fmt::format("{}.{} is missing", place_, name)};
    return *found;
  }
  double amount(const char* name) const {
    const auto& value = member(name);
    const double amount = value.is_number() ? value.get<double>() : -1;
    if (!(amount >= 0) || !std::isfinite(amount)) {
      throw Wrong{fmt::format("{}.{} must be a number of at least 0", place_, name)};
    }
    return amount;
  }
  std::uint64_t count(const char* name) const {
    const auto& value = member(name);
    if (!value.is_number_unsigned()) throw Wrong{fmt::format("{}.{} must be a count", place_, name)};
    return value.get<std::uint64_t>();
  }
  std::string text(const char* name) const {
    const auto& value = member(name);
    if (!value.is_string()) throw Wrong{fmt::format("{}.{} must be a string", place_, name)};
    return value.get<std::string>();
  }
  Reader object(const char* name) const { return {member(name), fmt::format("{}.{}", place_, name)}; }
  std::vector<Reader> objects(const char* name) const {
    const auto& value = member(name);
    if (!value.is_array()) throw Wrong{fmt::format("{}.{} must be an array", place_, name)};
    std::vector<Reader> all;
    for (const auto& one : value) all.emplace_back(one, fmt::format("{}.{}[{}]", place_, name, all.size()));
    return all;
  }
  const nlohmann::json& value() const { return value_; }
  const std::string& place() const { return place_; }

 private:
  const nlohmann::json& value_;
  std::string place_;
};

Topology topology_of(const Reader& run) {
  const std::string name = run.text("topology");
  for (const Topology t : {Topology::kMonolith, Topology::kGroups, Topology::kDistributed}) {
    if (name == name_of(t)) return t;
  }
  throw Wrong{run.place() + ".topology must be monolith, groups or distributed"};
}

Component component_of(const Reader& c) {
  Component component{.name = c.text("name"), .cpu_s = c.amount("cpu_s")};
  const Reader parts = c.object("cpu_parts_s");
  for (const auto& [name, seconds] : parts.value().items()) {
    component.parts.emplace_back(name, parts.amount(name.c_str()));
  }
  component.mean_gib = c.amount("mean_gib");
  component.peak_gib = c.amount("peak_gib");
  component.invocations = c.count("invocations");
  component.function_s = c.amount("function_s");
  component.busy_s = c.amount("busy_s");
  component.workflow = c.member("workflow").is_boolean() && c.member("workflow").get<bool>();
  return component;
}

Usage usage_of(const Reader& run) {
  Usage usage{.name = run.text("name"), .topology = topology_of(run)};
  usage.streams = static_cast<int>(run.count("streams"));
  usage.stream_s = run.amount("stream_s");
  if (!(usage.stream_s > 0)) throw Wrong{run.place() + ".stream_s must be more than 0"};
  if (usage.streams < 1) throw Wrong{run.place() + ".streams must be at least 1"};
  usage.wall_s = run.amount("wall_s");
  for (const Reader& c : run.objects("components")) usage.components.push_back(component_of(c));
  const Reader store = run.object("store");
  usage.store = {.puts = store.count("puts"),
                 .gets = store.count("gets"),
                 .put_gib = store.amount("put_gib"),
                 .get_gib = store.amount("get_gib"),
                 .stored_gib_s = store.amount("stored_gib_s")};
  const Reader workflow = run.object("workflow");
  usage.workflow = {.starts = workflow.count("starts"),
                    .transitions = workflow.count("transitions"),
                    .duration_s = workflow.amount("duration_s"),
                    .largest_payload = workflow.count("largest_payload_bytes"),
                    .message_gib = workflow.amount("message_gib")};
  usage.notifications = run.count("notifications");
  return usage;
}

Json component_json(const Component& c) {
  Json parts = Json::object();
  for (const auto& [name, seconds] : c.parts) parts[name] = seconds;
  return {{"name", c.name},
          {"cpu_s", c.cpu_s},
          {"cpu_parts_s", std::move(parts)},
          {"mean_gib", c.mean_gib},
          {"peak_gib", c.peak_gib},
          {"invocations", c.invocations},
          {"function_s", c.function_s},
          {"busy_s", c.busy_s},
          {"workflow", c.workflow}};
}

Json run_json(const Usage& u) {
  Json components = Json::array();
  for (const Component& c : u.components) components.push_back(component_json(c));
  return {{"name", u.name},
          {"topology", name_of(u.topology)},
          {"streams", u.streams},
          {"stream_s", u.stream_s},
          {"wall_s", u.wall_s},
          {"components", std::move(components)},
          {"store",
           {{"puts", u.store.puts},
            {"gets", u.store.gets},
            {"put_gib", u.store.put_gib},
            {"get_gib", u.store.get_gib},
            {"stored_gib_s", u.store.stored_gib_s}}},
          {"workflow",
           {{"starts", u.workflow.starts},
            {"transitions", u.workflow.transitions},
            {"duration_s", u.workflow.duration_s},
            {"largest_payload_bytes", u.workflow.largest_payload},
            {"message_gib", u.workflow.message_gib}}},
          {"notifications", u.notifications}};
}

template <class Value, class Of>
Value sum(const std::vector<Component>& components, Of of) {
  return std::accumulate(components.begin(), components.end(), Value{},
                         [&](Value total, const Component& c) { return total + of(c); });
}

}  // namespace

std::string_view name_of(Topology topology) {
  switch (topology) {
    case Topology::kMonolith:
      return "monolith";
    case Topology::kGroups:
      return "groups";
    case Topology::kDistributed:
      return "distributed";
  }
  return "";
}

double Usage::cpu_s() const {
  return sum<double>(components, [](const Component& c) { return c.cpu_s; });
}
double Usage::mean_gib() const {
  return sum<double>(components, [](const Component& c) { return c.mean_gib; });
}
std::uint64_t Usage::invocations() const {
  return sum<std::uint64_t>(components, [](const Component& c) { return c.invocations; });
}
double Usage::function_s() const {
  return sum<double>(components, [](const Component& c) { return c.function_s; });
}

Result<std::vector<Usage>> parse_usage(std::string_view json, const std::string& name) {
  const auto document = nlohmann::json::parse(json, nullptr, false);
  try {
    if (document.is_discarded()) throw Wrong{"this is no JSON"};
    const Reader root(document, "the document");
    if (root.text("schema") != kSchema) throw Wrong{fmt::format("schema must be {}", kSchema)};
    std::vector<Usage> runs;
    for (const Reader& run : root.objects("runs")) runs.push_back(usage_of(run));
    if (runs.empty()) throw Wrong{"runs is empty"};
    return runs;
  } catch (const Wrong& wrong) {
    return Error{ErrorCode::kUsage, fmt::format("{}: {}", name, printable(wrong.what))};
  }
}

nlohmann::ordered_json usage_json(const std::vector<Usage>& runs) {
  Json all = Json::array();
  for (const Usage& u : runs) all.push_back(run_json(u));
  return {{"schema", kSchema}, {"runs", std::move(all)}};
}

}  // namespace monolens::cost
