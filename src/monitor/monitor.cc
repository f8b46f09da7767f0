#include "monitor/monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/cpu_clock.h"
#include "features/audio_extractor.h"
#include "features/video_extractor.h"
#include "media/jpeg.h"

namespace monolens {
namespace {

// How far tracks may lag behind one another in the container before the later ones stop waiting.
constexpr auto kSkew = MediaDuration::milliseconds(3000);
constexpr auto kAdvanceInterval = MediaDuration::milliseconds(100);
constexpr auto kProgressInterval = std::chrono::milliseconds(250);
constexpr double kAbsoluteGate = -70;  // LUFS, ITU-R BS.1770-4: quieter is silence
constexpr int kEvidenceWidth = 480;
constexpr int kMostEvidence = 100;

struct RunningDetector {
  const DetectorInfo* info = nullptr;
  std::unique_ptr<Detector> detector;
};

struct Track {
  bool video = false;
  std::unique_ptr<VideoExtractor> pictures;
  std::unique_ptr<AudioExtractor> sounds;
  std::vector<RunningDetector> detectors;
  MediaTime end;  // of what has been measured
};

bool watches(Scope scope, TrackType type) {
  switch (scope) {
    case Scope::kVideo:
      return type == TrackType::kVideo;
    case Scope::kAudio:
      return type == TrackType::kAudio;
    case Scope::kTrack:
      return true;
    case Scope::kInput:
    case Scope::kProgramme:
      return false;
  }
  return false;
}

std::optional<double> known(double value) {
  if (std::isfinite(value)) return value;
  return std::nullopt;
}

}  // namespace

class Monitor::Impl final : public MediaSink {
 public:
  explicit Impl(MonitorOptions options) : options_(std::move(options)) {}

  Result<void> open();
  const InputInfo& input() const { return source_->info(); }
  Result<MonitorResult> run(const OnEvent& on_event, const OnProgress& on_progress);

  void on_frame(int track, const Frame& frame) override;
  void on_audio(int track, const AudioBlock& block) override;
  void on_event(const StreamEvent& event) override;

 private:
  Result<void> start_detectors();
  void read_all(const OnProgress& on_progress);
  void observe(std::vector<RunningDetector>& detectors, int track, const Measured& measured);
  void take(const RunningDetector& from, int track);
  void hear(int track, std::span<const AudioFeatures> hops);
  void advance();
  void finish();
  MediaTime slowest() const;
  std::vector<std::uint8_t> snapshot();
  void summarise();

  MonitorOptions options_;
  std::unique_ptr<Source> source_;
  std::unique_ptr<MediaConverter> converter_;
  std::vector<Track> tracks_;
  std::vector<RunningDetector> programme_detectors_;
  std::vector<RunningDetector> input_detectors_;
  std::unique_ptr<IncidentTracker> tracker_;
  Findings findings_;
  MediaTime advanced_;
  Frame last_frame_;
  int first_audio_ = -1;
  int evidence_ = 0;
  MonitorResult result_;
};

Result<void> Monitor::Impl::open() {
  auto source = Source::open(std::move(options_.source));
  if (!source) return source.error();
  source_ = std::move(*source);
  auto converter = MediaConverter::open(*source_, options_.converter);
  if (!converter) return converter.error();
  converter_ = std::move(*converter);
  return start_detectors();
}

Result<void> Monitor::Impl::start_detectors() {
  const InputInfo& info = source_->info();
  const FeatureOptions features = features_for(options_.detectors);
  for (const TrackInfo& t : info.tracks) {
    Track track;
    track.video = t.type == TrackType::kVideo;
    if (track.video) {
      track.pictures = std::make_unique<VideoExtractor>(features);
    } else {
      track.sounds = std::make_unique<AudioExtractor>(features);
      if (first_audio_ < 0) first_audio_ = static_cast<int>(tracks_.size());
    }
    for (const ChosenDetector& c : options_.detectors) {
      if (!watches(c.info->scope, t.type)) continue;
      track.detectors.push_back({c.info, c.info->make(c.options)});
      auto opened = track.detectors.back().detector->open({.input = &info, .track = &t});
      if (!opened) return opened;
    }
    tracks_.push_back(std::move(track));
  }
  for (const ChosenDetector& c : options_.detectors) {
    const bool programme = c.info->scope == Scope::kProgramme;
    if (!programme && c.info->scope != Scope::kInput) continue;
    auto& detectors = programme ? programme_detectors_ : input_detectors_;
    detectors.push_back({c.info, c.info->make(c.options)});
    auto opened = detectors.back().detector->open({.input = &info, .track = nullptr});
    if (!opened) return opened;
  }
  return {};
}

Result<MonitorResult> Monitor::Impl::run(const OnEvent& on_event, const OnProgress& on_progress) {
  const auto wall_start = std::chrono::steady_clock::now();
  const CpuClock cpu(options_.converter.threads > 1 ? CpuClock::Of::kProcess : CpuClock::Of::kThread);
  tracker_ = std::make_unique<IncidentTracker>(
      source_->info().url,
      [&](const IncidentEvent& event) {
        if (on_event) on_event(source_->info(), event);
      },
      [this] { return snapshot(); });

  read_all(on_progress);
  if (result_.video_frames == 0 && result_.audio_samples == 0 && !result_.interrupted) {
    return Error{ErrorCode::kNotMedia, fmt::format("{}: holds no decodable media{}{}", source_->info().url,
                                                   result_.trouble.empty() ? "" : ": ", result_.trouble)};
  }
  finish();
  summarise();
  result_.cpu_s = cpu.seconds();
  result_.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_start).count();
  return std::move(result_);
}

void Monitor::Impl::read_all(const OnProgress& on_progress) {
  Packet packet;
  auto next_progress = std::chrono::steady_clock::now();
  for (;;) {
    if (options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed)) {
      result_.interrupted = true;
      break;
    }
    const ReadStatus status = source_->read(packet);
    converter_->convert(packet, *this);
    if (status != ReadStatus::kPacket) {
      result_.interrupted = status == ReadStatus::kInterrupted;
      const bool stalled = status == ReadStatus::kStalled;
      if (stalled || status == ReadStatus::kBroken) {
        result_.trouble = source_->error();
        on_event({.type = stalled ? StreamEvent::Type::kStalled : StreamEvent::Type::kReadError,
                  .time = converter_->front()});
      }
      break;
    }
    advance();
    const auto now = std::chrono::steady_clock::now();
    if (on_progress && now >= next_progress) {
      next_progress = now + kProgressInterval;
      on_progress({.position = converter_->front(),
                   .share = source_->progress(),
                   .incidents = tracker_->incidents().size()});
    }
  }
  converter_->flush(*this);
}

void Monitor::Impl::on_frame(int track, const Frame& frame) {
  Track& t = tracks_[static_cast<std::size_t>(track)];
  const VideoFeatures& features = t.pictures->measure(frame);
  ++result_.video_frames;
  t.end = frame.time + frame.duration;
  last_frame_ = frame;
  if (features.luma.columns > 0) result_.curves.luma.add(frame.time, features.luma.mean);
  if (features.comparable) result_.curves.motion.add(frame.time, features.change_mean);
  const Measured measured{.time = frame.time, .video = &features};
  observe(t.detectors, track, measured);
  observe(programme_detectors_, -1, measured);
}

void Monitor::Impl::on_audio(int track, const AudioBlock& block) {
  Track& t = tracks_[static_cast<std::size_t>(track)];
  if (track == first_audio_) result_.audio_samples += static_cast<std::uint64_t>(block.samples);
  hear(track, t.sounds->measure(block));
  if (track == first_audio_ && t.sounds->loudness() != nullptr) {
    const double momentary = t.sounds->loudness()->momentary();
    if (momentary >= kAbsoluteGate) result_.curves.loudness_lufs.add(block.time, momentary);
  }
}

void Monitor::Impl::hear(int track, std::span<const AudioFeatures> hops) {
  Track& t = tracks_[static_cast<std::size_t>(track)];
  for (const AudioFeatures& hop : hops) {
    t.end = hop.time + hop.duration;
    const Measured measured{.time = hop.time, .audio = &hop};
    observe(t.detectors, track, measured);
    if (track == first_audio_) observe(programme_detectors_, -1, measured);
  }
}

void Monitor::Impl::on_event(const StreamEvent& event) {
  const Measured measured{.time = event.time, .event = &event};
  if (event.track >= 0)
    observe(tracks_[static_cast<std::size_t>(event.track)].detectors, event.track, measured);
  observe(programme_detectors_, -1, measured);
  observe(input_detectors_, -1, measured);
}

void Monitor::Impl::observe(std::vector<RunningDetector>& detectors, int track, const Measured& measured) {
  for (RunningDetector& d : detectors) {
    d.detector->observe(measured, findings_);
    take(d, track);
  }
}

void Monitor::Impl::take(const RunningDetector& from, int track) {
  if (findings_.empty()) return;
  for (const Finding& f : findings_) tracker_->take(from.info->name, track, f, converter_->front());
  findings_.clear();
}

// What every track has passed; a track that lags more than kSkew is not waited for.
MediaTime Monitor::Impl::slowest() const {
  MediaTime slowest = MediaTime::max();
  for (const Track& t : tracks_) slowest = std::min(slowest, t.end);
  return std::max(slowest, converter_->front() - kSkew);
}

void Monitor::Impl::advance() {
  const MediaTime now = slowest();
  if (now - advanced_ < kAdvanceInterval) return;
  advanced_ = now;
  for (std::size_t i = 0; i < tracks_.size(); ++i) {
    for (RunningDetector& d : tracks_[i].detectors) {
      d.detector->advance(now, findings_);
      take(d, static_cast<int>(i));
    }
  }
  for (auto* detectors : {&programme_detectors_, &input_detectors_}) {
    for (RunningDetector& d : *detectors) {
      d.detector->advance(now, findings_);
      take(d, -1);
    }
  }
  tracker_->advance(now);
}

void Monitor::Impl::finish() {
  const MediaTime end = converter_->front();
  for (std::size_t i = 0; i < tracks_.size(); ++i) {
    if (tracks_[i].sounds) hear(static_cast<int>(i), tracks_[i].sounds->finish());
    for (RunningDetector& d : tracks_[i].detectors) {
      d.detector->finish(end, findings_);
      take(d, static_cast<int>(i));
    }
  }
  for (auto* detectors : {&programme_detectors_, &input_detectors_}) {
    for (RunningDetector& d : *detectors) {
      d.detector->finish(end, findings_);
      take(d, -1);
    }
  }
  tracker_->finish(end);
}

std::vector<std::uint8_t> Monitor::Impl::snapshot() {
  if (!options_.evidence || !last_frame_.buffer || evidence_ >= kMostEvidence) return {};
  ++evidence_;
  return encode_jpeg(last_frame_, kEvidenceWidth);
}

void Monitor::Impl::summarise() {
  result_.input = source_->info();
  if (!result_.input.duration) result_.input.duration = converter_->front().since_start();
  result_.incidents = tracker_->incidents();
  for (const RunningDetector& d : programme_detectors_) {
    for (const auto& [name, value] : d.detector->measures()) {
      if (name == "av_offset_ms") result_.av_offset_ms = value;
    }
  }
  if (first_audio_ < 0) return;
  const AudioExtractor& sounds = *tracks_[static_cast<std::size_t>(first_audio_)].sounds;
  if (sounds.highest_true_peak() > 0) result_.true_peak_dbtp = 20.0 * std::log10(sounds.highest_true_peak());
  if (sounds.loudness() == nullptr) return;
  result_.integrated_loudness_lufs = known(sounds.loudness()->integrated());
  result_.loudness_range_lu = known(sounds.loudness()->range());
}

Monitor::Monitor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Monitor::~Monitor() = default;

Result<std::unique_ptr<Monitor>> Monitor::open(MonitorOptions options) {
  auto impl = std::make_unique<Impl>(std::move(options));
  auto opened = impl->open();
  if (!opened) return opened.error();
  return std::unique_ptr<Monitor>(new Monitor(std::move(impl)));
}

const InputInfo& Monitor::input() const { return impl_->input(); }

Result<MonitorResult> Monitor::run(const OnEvent& on_event, const OnProgress& on_progress) {
  return impl_->run(on_event, on_progress);
}

}  // namespace monolens
