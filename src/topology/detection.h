// Detection: one detector on one stream, far from its media conversion: it gets what it needs of each segment
// from the store, measures the features that it needs for itself, and tells findings.
//
// It uses the monolith's extractors and detectors. One thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "detectors/registry.h"
#include "media/stored_media.h"
#include "topology/segment.h"
#include "topology/told_finding.h"

namespace monolens::topology {

// CPU seconds of the calling thread by what they were spent on.
struct DetectionCpu {
  double decode_s = 0;  // making pictures and sound of bytes
  double measure_s = 0;
  double detect_s = 0;
};

class Detection {
 public:
  // The objects of these keys, in their order.
  using Get = std::function<Result<std::vector<std::string>>(const std::vector<std::string>& keys)>;

  // REQUIRES: the stream's first segment.
  static Result<std::unique_ptr<Detection>> open(const ChosenDetector& detector, const Segment& first,
                                                 PictureCoding coding, Get get);
  ~Detection();
  Detection(const Detection&) = delete;
  Detection& operator=(const Detection&) = delete;

  // REQUIRES: the stream's segments in order, from the first one.
  Result<std::vector<ToldFinding>> watch(const Segment& segment);

  const DetectionCpu& cpu() const;

 private:
  class Impl;
  explicit Detection(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace monolens::topology
