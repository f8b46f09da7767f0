// Null: finds nothing; it measures the chain's own overhead.
#include "detectors/detector.h"

namespace monolens {
namespace {

class Null final : public Detector {
 public:
  void observe(const Measured&, Findings&) override {}
};

}  // namespace

const DetectorInfo& null_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "null",
      .summary = "finds nothing; measures the chain's own overhead",
      .source = "",
      .scope = Scope::kTrack,
      .kinds = {},
      .options = {},
      .request = [](const Options&, FeatureOptions&) {},
      .make = [](const Options&) -> std::unique_ptr<Detector> { return std::make_unique<Null>(); },
  };
  return kInfo;
}

}  // namespace monolens
