// Decode error: the video bitstream is broken: the decoder reports errors, concealment or missing references.
//
// Errors less than `quiet_s` apart are one incident. A single one is minor, more than `critical_rate` a
// second critical.
#include <algorithm>

#include "detectors/detector.h"
#include "detectors/hold.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"quiet_s", 1.0, 0.04, 60, "s", "time without an error that ends an incident"},
    {"critical_rate", 5, 0.1, 1000, "1/s", "damaged pictures a second from which it is critical"},
};
constexpr std::string_view kKinds[] = {"video.decode_error"};

class DecodeError final : public Detector {
 public:
  explicit DecodeError(const Options& o)
      : hold_({}, MediaDuration::seconds(o["quiet_s"])), critical_rate_(o["critical_rate"]) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.video != nullptr) {
      frame_ = std::max(m.video->duration, kShortest);
      advance(m.time, out);
      return;
    }
    if (m.event == nullptr || m.event->type != StreamEvent::Type::kDecodeError) return;
    const MediaTime at = std::max(m.time, last_);
    if (at > last_ || damaged_ == 0) ++damaged_;
    errors_ += m.event->count;
    last_ = at;
    tell(hold_.observe(true, at, at + frame_), out);
    if (severity() > told_) tell_worse(out);
  }

  void advance(MediaTime now, Findings& out) override {
    // Errors are told with their packet, ahead of the pictures that are shown before it.
    if (damaged_ > 0 && now > last_) tell(hold_.observe(false, now, now), out);
  }

  void finish(MediaTime, Findings& out) override { tell(hold_.finish(last_ + frame_), out); }

 private:
  static constexpr auto kShortest = MediaDuration::milliseconds(1);

  Severity severity() const {
    if (damaged_ <= 1) return Severity::kMinor;
    const double seconds = (last_ - hold_.start() + frame_).seconds();
    return damaged_ >= 5 && damaged_ / seconds >= critical_rate_ ? Severity::kCritical : Severity::kMajor;
  }

  Finding finding() const {
    return {.kind = kKinds[0],
            .start = hold_.start(),
            .severity = severity(),
            .measures = {{"errors", errors_}, {"damaged_pictures", damaged_}},
            .note = "the decoder reports errors"};
  }

  void tell(Hold::Change change, Findings& out) {
    if (!change.opened && !change.closed) return;
    report(change, hold_, finding(), out);
    told_ = severity();
    if (change.closed) errors_ = damaged_ = 0;
  }

  void tell_worse(Findings& out) {
    out.push_back(finding());
    out.back().phase = Finding::Phase::kUpdated;
    told_ = severity();
  }

  Hold hold_;
  double critical_rate_;
  MediaDuration frame_ = MediaDuration::milliseconds(40);
  MediaTime last_;
  Severity told_ = Severity::kInfo;
  double errors_ = 0;
  double damaged_ = 0;
};

}  // namespace

const DetectorInfo& decode_error_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "decode_error",
      .summary = "the video bitstream is broken: errors, concealment or missing references",
      .source = "the decoder's own report",
      .scope = Scope::kVideo,
      .kinds = kKinds,
      .options = kOptions,
      .request = [](const Options&, FeatureOptions&) {},
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<DecodeError>(o); },
  };
  return kInfo;
}

}  // namespace monolens
