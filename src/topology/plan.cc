#include "topology/plan.h"

#include <cstdlib>

namespace monolens::topology {
namespace {

using nlohmann::json;

// Enough for a second of uncompressed 2160p60.
constexpr std::size_t kLongestObject = std::size_t{1} << 31U;

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing sets it
  return value == nullptr ? "" : value;
}

json detectors_json(const std::vector<ChosenDetector>& detectors) {
  json all = json::object();
  for (const ChosenDetector& d : detectors) {
    json options = json::object();
    for (const OptionInfo& o : d.info->options) options[std::string(o.name)] = d.options[o.name];
    all[std::string(d.info->name)] = std::move(options);
  }
  return all;
}

Result<std::vector<ChosenDetector>> detectors_of(const json& j) {
  DetectorSet set;
  std::string names;
  for (const auto& [name, options] : j.items()) names += (names.empty() ? "" : ",") + name;
  if (auto chosen = set.choose(names); !chosen) return chosen.error();
  for (const auto& [name, options] : j.items()) {
    for (const auto& [option, value] : options.items()) {
      if (auto done = set.set(name, option, value.get<double>()); !done) return done.error();
    }
  }
  return set.chosen();
}

}  // namespace

nlohmann::json plan_json(const Plan& p) {
  return {{"inputs", p.inputs},
          {"detectors", detectors_json(p.detectors)},
          {"run", p.run},
          {"nats", p.nats},
          {"s3_endpoint", p.s3_endpoint},
          {"s3_bucket", p.s3_bucket},
          {"s3_region", p.s3_region},
          {"connections", p.connections},
          {"pictures", name(p.coding)},
          {"object_a_frame", p.object_a_frame},
          {"sample", p.sample ? json(*p.sample) : json(nullptr)},
          {"quota_per_s", p.quota_per_s},
          {"ahead", p.ahead}};
}

Result<Plan> parse_plan(const std::string& text) {
  try {
    const json j = json::parse(text);
    Plan p;
    p.inputs = j.at("inputs").get<std::vector<std::string>>();
    auto detectors = detectors_of(j.at("detectors"));
    if (!detectors) return detectors.error();
    p.detectors = std::move(*detectors);
    p.run = j.at("run");
    p.nats = j.at("nats");
    p.s3_endpoint = j.at("s3_endpoint");
    p.s3_bucket = j.at("s3_bucket");
    p.s3_region = j.at("s3_region");
    p.connections = j.at("connections");
    const auto coding = picture_coding(j.at("pictures").get<std::string>());
    if (!coding) return Error{ErrorCode::kInternal, "the plan names a coding of pictures that is not known"};
    p.coding = *coding;
    p.object_a_frame = j.at("object_a_frame");
    if (!j.at("sample").is_null()) p.sample = j.at("sample").get<double>();
    p.quota_per_s = j.at("quota_per_s");
    p.ahead = j.at("ahead");
    return p;
  } catch (const nlohmann::json::exception& e) {
    return Error{ErrorCode::kInternal, std::string("this is no plan: ") + e.what()};
  }
}

S3Options store_options(const Plan& plan) {
  return {.bucket = plan.s3_bucket,
          .region = plan.s3_region,
          .credentials = {from_environment("AWS_ACCESS_KEY_ID"), from_environment("AWS_SECRET_ACCESS_KEY"),
                          from_environment("AWS_SESSION_TOKEN")},
          .endpoint = plan.s3_endpoint,
          .path_style = true,
          .http = {.timeout = std::chrono::seconds(120), .longest_body = kLongestObject}};
}

}  // namespace monolens::topology
