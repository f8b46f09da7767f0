// Sync: the sound stands more than `late_ms` after or `early_ms` before its picture.
//
// It is told from timestamps alone where they contradict the samples, else from the lips of a speaking face
// where these are surely beyond the limits. A late beginning or lost samples whose neighbours keep their
// places are presented as they were meant: no error.
//
// Source: ITU-R BT.1359-1, detectability: sound 45 ms early, 125 ms late. Here positive = sound late.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "detectors/detector.h"
#include "detectors/lip_offset.h"
#include "detectors/stamp_offset.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"late_ms", 125, 10, 2000, "ms", "sound later than this is an error"},
    {"early_ms", 45, 10, 2000, "ms", "sound earlier than this is an error"},
    {"drift_ms_per_s", 1.0, 0.2, 100, "ms/s",
     "timestamps that leave their samples faster than this are an error, slower ones the tolerance of "
     "clocks"},
};
constexpr std::string_view kKinds[] = {"av.sync"};

// A cut changes the cells by at least so many levels, and so many times as much as the pictures before it.
constexpr double kCutLevels = 10;
constexpr double kCutRatio = 4;

class Sync final : public Detector {
 public:
  explicit Sync(const Options& o)
      : stamps_(o["drift_ms_per_s"]), late_ms_(o["late_ms"]), early_ms_(o["early_ms"]) {}

  Result<void> open(const StreamInfo& stream) override {
    input_ = stream.input;
    is_file_ = input_->format.starts_with("mov,") || input_->format.starts_with("matroska");
    return {};
  }

  void observe(const Measured& m, Findings& out) override {
    if (m.event != nullptr && is_heard_or_seen(m.event->track))
      stamps_.note(*m.event, is_video(m.event->track));
    if (m.audio != nullptr) {
      stamps_.hear(m.time, m.audio->duration);
      lips_.hear(m.time, m.audio->duration, m.audio->samples > 0 ? m.audio->speech / m.audio->samples : 0);
    }
    if (m.video != nullptr) {
      stamps_.see(m.time, m.video->duration, is_cut(m.video->scene_change));
      if (m.video->mouth) lips_.see(m.time, *m.video->mouth);
    }
    while (const auto change = stamps_.next()) follow(*change, out);
    while (const auto lips = lips_.next()) read_lips(*lips, out);
  }

  void finish(MediaTime end, Findings& out) override {
    while (const auto change = stamps_.next_at_end()) follow(*change, out);
    while (const auto lips = lips_.next_at_end()) read_lips(*lips, out);
    const double displaced = is_file_ && !told_ ? stamps_.displacement_ms().value_or(0) : 0;
    const bool is_displaced = is_wrong(displaced);
    const bool lips_agree =
        is_displaced && lips_before_ && std::abs(lips_before_->offset_ms - displaced) <= kSameReading;
    if (lips_agree && lips_told_) {
      lips_told_->offset_ms = displaced;  // known to the sample
      lips_told_->confidence = 1;
      lips_read_ = lips_told_;
      return end_lips(end, out);
    }
    if (!lips_agree) finish_lips(end, out);
    if (told_) {
      tell(Finding::Phase::kEnded, end, out);
    } else if (is_displaced) {
      begin(MediaTime(), displaced, "the whole track is displaced", out);
      tell(Finding::Phase::kEnded, end, out);
    }
  }

  // Lips tell the whole offset, so what was read of them since timestamps told an error stands above it.
  Measures measures() const override {
    if (lips_read_) return {{"av_offset_ms", lips_read_->offset_ms}};
    if (worst_of_all_ms_ == 0) return {};
    return {{"av_offset_ms", worst_of_all_ms_}};
  }

 private:
  // Other tracks of sound have their own times.
  bool is_heard_or_seen(int track) const {
    return track < 0 || input_->tracks[static_cast<std::size_t>(track)].index == 0;
  }

  std::optional<bool> is_video(int track) const {
    if (track < 0) return std::nullopt;
    return input_->tracks[static_cast<std::size_t>(track)].type == TrackType::kVideo;
  }

  bool is_cut(double change) {
    const bool cut = change > kCutLevels && change > kCutRatio * usual_change_;
    usual_change_ += (std::min(change, 2 * kCutLevels) - usual_change_) / 8;
    return cut;
  }

  bool is_wrong(double offset_ms) const { return offset_ms > late_ms_ || offset_ms < -early_ms_; }

  void follow(const StampOffset::Change& change, Findings& out) {
    const bool wrong = is_wrong(change.offset_ms);
    const bool drifts = change.cause == StampOffset::Cause::kDrift;
    drifted_ = drifts || (told_ && drifted_);
    if (!drifts) restart_lips();
    if (told_ && !wrong) {
      tell(Finding::Phase::kEnded, change.since, out);
      told_ = false;
    } else if (wrong && !told_) {
      begin(change.since, change.offset_ms, note_of(change.cause), out);
    } else if (wrong) {
      note_worst(change.offset_ms);
      note_ = note_of(change.cause);
      if (std::abs(change.offset_ms - told_ms_) < kTellAgain) return;
      told_ms_ = change.offset_ms;
      tell(Finding::Phase::kUpdated, change.since, out);
    }
  }

  static const char* note_of(StampOffset::Cause cause) {
    switch (cause) {
      case StampOffset::Cause::kStep:
        return "one track's timestamps were shifted";
      case StampOffset::Cause::kDrift:
        return "timestamps drift from the samples";
      case StampOffset::Cause::kJump:
        return "one track's timestamps jumped";
    }
    return "";
  }

  void begin(MediaTime since, double offset_ms, const char* note, Findings& out) {
    start_ = since;
    told_ = true;
    told_ms_ = offset_ms;
    worst_ms_ = 0;
    note_worst(offset_ms);
    note_ = note;
    lips_read_.reset();
    tell(Finding::Phase::kBegan, since, out);
  }

  void note_worst(double offset_ms) {
    if (std::abs(offset_ms) > std::abs(worst_ms_)) worst_ms_ = offset_ms;
    if (std::abs(worst_ms_) > std::abs(worst_of_all_ms_)) worst_of_all_ms_ = worst_ms_;
  }

  // Lips are read to some 60 ms: only what is surely beyond the limits is told, and what timestamps tell is
  // not told twice.
  bool is_surely_wrong(double offset_ms) const {
    return offset_ms > std::max(late_ms_, kSureMs) || offset_ms < -std::max(early_ms_, kSureMs);
  }

  // A reading may err by chance, so one that is told has another that bears it out, or is the last one.
  void read_lips(const LipOffset::Result& lips, Findings& out) {
    const bool wrong = is_surely_wrong(lips.offset_ms);
    if (lips_told_ && wrong) {
      if (lips.confidence > lips_told_->confidence) lips_told_ = lips;
    } else if (lips_told_) {
      end_lips(lips.from, out);
    } else if (wrong && lips_before_ && std::abs(lips_before_->offset_ms - lips.offset_ms) <= kSameReading) {
      begin_lips(lips_before_->from, lips, out);
    }
    lips_before_ = lips_read_ = lips;
  }

  void finish_lips(MediaTime end, Findings& out) {
    if (!lips_told_ && lips_before_ && is_surely_wrong(lips_before_->offset_ms))
      begin_lips(lips_before_->from, *lips_before_, out);
    if (lips_told_) end_lips(end, out);
  }

  void restart_lips() {
    lips_.restart();
    lips_before_.reset();
  }

  void begin_lips(MediaTime from, const LipOffset::Result& lips, Findings& out) {
    if (told_) return;
    lips_told_ = lips;
    lips_start_ = from;
    tell_lips(Finding::Phase::kBegan, lips.to, out);
  }

  void end_lips(MediaTime end, Findings& out) {
    tell_lips(Finding::Phase::kEnded, end, out);
    lips_told_.reset();
  }

  void tell_lips(Finding::Phase phase, MediaTime end, Findings& out) const {
    const double offset = lips_told_->offset_ms;
    out.push_back({.phase = phase,
                   .kind = kKinds[0],
                   .part = kLips,
                   .start = lips_start_,
                   .end = std::max(lips_start_, end),
                   .confidence = lips_told_->confidence,
                   .measures = {{"offset_ms", offset}},
                   .note = fmt::format("lips and speech: sound {:.0f} ms {}", std::abs(offset),
                                       offset > 0 ? "late" : "early")});
  }

  void tell(Finding::Phase phase, MediaTime end, Findings& out) const {
    out.push_back(
        {.phase = phase,
         .kind = kKinds[0],
         .start = start_,
         .end = std::max(start_, end),
         .measures = {{"offset_ms", worst_ms_}, {"drift_ms_per_s", drifted_ ? stamps_.drift_ms_per_s() : 0}},
         .note = fmt::format("{}: sound {:.0f} ms {}", note_, std::abs(worst_ms_),
                             worst_ms_ > 0 ? "late" : "early")});
  }

  static constexpr double kTellAgain = 40;  // ms
  static constexpr double kSureMs = 100;
  static constexpr double kSameReading = 60;  // ms
  static constexpr int kLips = 1;             // the part of an incident that lips tell

  StampOffset stamps_;
  LipOffset lips_;
  double late_ms_;
  double early_ms_;
  const InputInfo* input_ = nullptr;
  bool is_file_ = false;
  double usual_change_ = kCutLevels;  // of the pictures, levels

  bool told_ = false;
  MediaTime start_;
  double worst_ms_ = 0;  // since start_
  double told_ms_ = 0;
  bool drifted_ = false;
  double worst_of_all_ms_ = 0;
  const char* note_ = "";

  std::optional<LipOffset::Result> lips_read_;
  std::optional<LipOffset::Result> lips_before_;  // the same, unless the timestamps have changed since
  std::optional<LipOffset::Result> lips_told_;    // the surest of an open incident
  MediaTime lips_start_;
};

}  // namespace

const DetectorInfo& sync_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "sync",
      .summary = "sound early or late against the picture",
      .source = "ITU-R BT.1359-1: detectability (45 ms early, 125 ms late)",
      .scope = Scope::kProgramme,
      .kinds = kKinds,
      .options = kOptions,
      .request = [](const Options&,
                    FeatureOptions& f) { f.luma = f.scene_change = f.mouth = f.speech = true; },
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<Sync>(o); },
  };
  return kInfo;
}

}  // namespace monolens
