// Stalled: the source broke off or delivered nothing for its whole deadline (`--timeout`).
#include "detectors/detector.h"

namespace monolens {
namespace {

constexpr std::string_view kKinds[] = {"transport.stalled"};

class Stalled final : public Detector {
 public:
  void observe(const Measured& m, Findings& out) override {
    const auto type = m.event->type;
    if (type != StreamEvent::Type::kStalled && type != StreamEvent::Type::kReadError) return;
    out.push_back({.kind = kKinds[0],
                   .start = m.time,
                   .note = type == StreamEvent::Type::kStalled ? "the source delivers nothing"
                                                               : "the source broke off"});
  }
};

}  // namespace

const DetectorInfo& stalled_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "stalled",
      .summary = "the source breaks off or delivers nothing",
      .source = "",
      .scope = Scope::kInput,
      .kinds = kKinds,
      .options = {},
      .request = [](const Options&, FeatureOptions&) {},
      .make = [](const Options&) -> std::unique_ptr<Detector> { return std::make_unique<Stalled>(); },
  };
  return kInfo;
}

}  // namespace monolens
