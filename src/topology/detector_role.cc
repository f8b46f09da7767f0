#include <algorithm>
#include <map>
#include <memory>

#include "topology/detection.h"
#include "topology/object_store.h"
#include "topology/orchestration.h"
#include "topology/role.h"
#include "topology/roles.h"

namespace monolens::topology {
namespace {

// One detector on all streams.
class Watch {
 public:
  Watch(const Plan& plan, const ChosenDetector& detector, ObjectStore& store)
      : plan_(plan), detector_(detector), store_(store) {}

  Result<std::string> watch(const std::string& call) {
    const auto json = nlohmann::json::parse(call, nullptr, false);
    auto segment = parse_segment(json);
    if (!segment) return segment.error();
    auto& stream = streams_[segment->stream];
    if (!stream) {
      auto opened = Detection::open(detector_, *segment, plan_.coding,
                                    [this](const auto& keys) { return store_.get(keys); });
      if (!opened) return opened.error();
      stream = std::move(*opened);
    }
    auto findings = stream->watch(*segment);
    if (!findings) return findings.error();
    return text_of({{"findings", findings_json(*findings)}});
  }

  nlohmann::json parts() const {
    DetectionCpu sum;
    for (const auto& [number, stream] : streams_) {
      sum.decode_s += stream->cpu().decode_s;
      sum.measure_s += stream->cpu().measure_s;
      sum.detect_s += stream->cpu().detect_s;
    }
    return {{"transfer", store_.cpu_s()},
            {"unpack", sum.decode_s},
            {"features", sum.measure_s},
            {"detect", sum.detect_s}};
  }

 private:
  const Plan& plan_;
  const ChosenDetector& detector_;
  ObjectStore& store_;
  std::map<int, std::unique_ptr<Detection>> streams_;
};

}  // namespace

Result<void> run_detector(const Plan& plan, const std::string& detector, const std::atomic<bool>& stop) {
  const auto chosen = std::find_if(plan.detectors.begin(), plan.detectors.end(),
                                   [&](const ChosenDetector& d) { return d.info->name == detector; });
  if (chosen == plan.detectors.end())
    return Error{ErrorCode::kInternal, "a detector that is not in the plan"};
  auto store = ObjectStore::open(store_options(plan), plan.connections);
  if (!store) return store.error();
  auto bus = Bus::connect(plan.nats);
  if (!bus) return bus.error();
  if (auto listening = (*bus)->listen(detector_subject(plan, detector)); !listening) return listening;
  Watch watch(plan, *chosen, **store);
  RoleMeter meter;
  meter.ready();
  auto done = answer_calls(**bus, meter, stop, [&](const std::string& call) { return watch.watch(call); });
  if (!done) return done;
  const StoreCounts counts = (*store)->counts();
  meter.tell(watch.parts(), {{"gets", counts.gets}, {"get_bytes", counts.get_bytes}});
  return {};
}

}  // namespace monolens::topology
