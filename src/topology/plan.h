// Plan: what each process of a run is told: where the others are and what to do. It holds no secret: keys of
// the store come from the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN).
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "detectors/registry.h"
#include "media/stored_media.h"
#include "sinks/s3.h"

namespace monolens::topology {

struct Plan {
  std::vector<std::string> inputs;  // a stream each
  std::vector<ChosenDetector> detectors;
  std::string run;  // a name of its own, so that runs do not meet in the broker and in the store

  std::string nats;
  std::string s3_endpoint;
  std::string s3_bucket;
  std::string s3_region = "us-east-1";
  int connections = 4;  // to the store, a process

  PictureCoding coding = PictureCoding::kRaw;
  bool object_a_frame = false;
  std::optional<double> sample{};  // pictures a second; unset = all
  double quota_per_s = 0;          // of transitions; 0 = none
  int ahead = 3;                   // seconds of a stream under way at once
};

nlohmann::json plan_json(const Plan& plan);

// kInternal if it is none.
Result<Plan> parse_plan(const std::string& json);

// With the environment's keys.
S3Options store_options(const Plan& plan);

}  // namespace monolens::topology
