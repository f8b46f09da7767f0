// Missing: a track that is there delivers nothing for at least `duration_s`: a hole in its timeline, a late
// beginning or an early end; or nothing at all, once its first key frame has been waited for. Told at the
// next sample, or when the other tracks have gone on that long; if the samples come after all, the track is
// late in the container, and is waited for that much longer from then on.
#include <algorithm>
#include <optional>

#include "detectors/detector.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"duration_s", 1.0, 0.1, 3600, "s", "shortest absence"},
};
constexpr std::string_view kVideoKind = "video.missing";
constexpr std::string_view kAudioKind = "audio.missing";
constexpr std::string_view kKinds[] = {kVideoKind, kAudioKind};

class Missing final : public Detector {
 public:
  explicit Missing(const Options& o) : least_(MediaDuration::seconds(o["duration_s"])) {}

  Result<void> open(const StreamInfo& stream) override {
    video_ = stream.track->type == TrackType::kVideo;
    // A track that begins late is missing until then. One that is joined before a key frame is not: it waits.
    if (stream.track->start - MediaTime() >= least_) end_ = MediaTime();
    return {};
  }

  void observe(const Measured& m, Findings& out) override {
    if (m.event != nullptr) return;
    const MediaDuration duration = video_ ? m.video->duration : m.audio->duration;
    if (told_ && m.time - *end_ < least()) late_ = std::clamp(advanced_ - m.time, late_, kMostLate);
    if (end_ && (told_ || m.time - *end_ >= least())) {
      if (!told_) tell(Finding::Phase::kBegan, m.time, out);
      tell(Finding::Phase::kEnded, m.time, out);
      told_ = false;
    }
    end_ = std::max(end_.value_or(m.time), m.time + shown(duration));
    usual_ = learn(duration);
  }

  void advance(MediaTime now, Findings& out) override {
    advanced_ = now;
    begin_without_samples(now);
    if (!end_ || told_ || now - *end_ < least() + late_) return;
    tell(Finding::Phase::kBegan, now, out);
    told_ = true;
  }

  void finish(MediaTime end, Findings& out) override {
    begin_without_samples(end);
    if (!end_ || (!told_ && end - *end_ < least())) return;
    if (!told_) tell(Finding::Phase::kBegan, end, out);
    tell(Finding::Phase::kEnded, end, out);
  }

 private:
  static constexpr int kRegular = 8;
  static constexpr auto kMostLate = MediaDuration::milliseconds(10'000);
  static constexpr auto kLongestWait = MediaDuration::milliseconds(10'000);  // for a first key frame

  void begin_without_samples(MediaTime now) {
    if (!end_ && now - MediaTime() >= kLongestWait) end_ = MediaTime();
  }

  // A track of few pictures a second, or of key frames alone, is not missing between two of them.
  MediaDuration least() const { return std::max(least_, usual_ * 3); }

  // Containers stretch the last picture before a hole over it. In a stream of regular pictures that is no
  // picture held on purpose, as a slide is in a stream of irregular ones.
  MediaDuration shown(MediaDuration duration) const {
    return regular_ >= kRegular && duration >= least() ? usual_ : duration;
  }

  MediaDuration learn(MediaDuration duration) {
    const bool alike = duration * 4 > usual_ * 3 && duration * 4 < usual_ * 5;
    if (!alike && regular_ >= kRegular && duration >= least()) return usual_;
    regular_ = alike ? regular_ + 1 : 0;
    return duration;
  }

  void tell(Finding::Phase phase, MediaTime end, Findings& out) const {
    out.push_back({.phase = phase,
                   .kind = video_ ? kVideoKind : kAudioKind,
                   .start = *end_,
                   .end = end,
                   .note = video_ ? "no pictures arrive" : "no sound arrives"});
  }

  MediaDuration least_;
  bool video_ = true;
  bool told_ = false;
  std::optional<MediaTime> end_;  // of the last sample
  MediaDuration usual_;           // length of a sample
  int regular_ = 0;               // samples in a row of about that length
  MediaTime advanced_;            // where the other tracks are
  MediaDuration late_;            // how far behind them this one was found to be, with nothing missing
};

}  // namespace

const DetectorInfo& missing_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "missing",
      .summary = "a video or audio track delivers nothing",
      .source = "",
      .scope = Scope::kTrack,
      .kinds = kKinds,
      .options = kOptions,
      .request = [](const Options&, FeatureOptions&) {},
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<Missing>(o); },
  };
  return kInfo;
}

}  // namespace monolens
