// DetectorBank: the chosen detectors of one input, an instance for each track, programme or input they watch.
//
// It hands measurements to those that they are for, and findings to its listener as they are told. One thread
// at a time.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detectors/registry.h"
#include "monitor/in_hand.h"

namespace monolens {

class DetectorBank {
 public:
  // `track` is −1 for what is about the programme or the whole input.
  using OnFinding = std::function<void(const DetectorInfo& detector, int track, const Finding& finding)>;

  // REQUIRES: `in_hand` outlives the bank. Keeps a copy of `input`.
  static Result<std::unique_ptr<DetectorBank>> open(InputInfo input, std::span<const ChosenDetector> chosen,
                                                    InHand& in_hand, OnFinding on_finding);
  DetectorBank(const DetectorBank&) = delete;
  DetectorBank& operator=(const DetectorBank&) = delete;

  // A picture or a hop of that track, or an event; of an event of the whole input, `track` is −1.
  void observe(int track, const Measured& measured);

  // The input has come to `now`.
  void advance(MediaTime now);

  // The input has ended: one track's detectors, and with −1 those of the programme and of the input.
  void finish(int track, MediaTime end);

  // What the first detector of the programme that measures it has come to.
  std::optional<double> programme_measure(std::string_view name) const;

  // Index of the first audio track, −1 without one: the one that belongs to the programme.
  int first_audio() const { return first_audio_; }

 private:
  struct Running {
    const DetectorInfo* info = nullptr;
    std::unique_ptr<Detector> detector;
  };
  using Row = std::vector<Running>;

  DetectorBank(InputInfo input, InHand& in_hand, OnFinding on_finding);
  Result<void> add(Row& row, const ChosenDetector& chosen, const TrackInfo* track);
  Result<void> start(std::span<const ChosenDetector> chosen);
  void observe(Row& row, int track, const Measured& measured);
  void advance(Row& row, int track, MediaTime now);
  void finish(Row& row, int track, MediaTime end);
  void tell(const Running& from, int track);

  InputInfo input_;
  InHand& in_hand_;
  OnFinding on_finding_;
  std::vector<Row> tracks_;
  Row programme_;
  Row whole_input_;
  Findings findings_;
  int first_audio_ = -1;
};

}  // namespace monolens
