#include "monitor/pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "detectors/decibel.h"
#include "features/audio_extractor.h"
#include "features/loudness_meter.h"
#include "features/video_extractor.h"
#include "media/jpeg.h"

namespace monolens {
namespace {

// How far tracks may lag behind one another in the container before the later ones stop waiting.
constexpr auto kSkew = MediaDuration::milliseconds(3000);
constexpr auto kAdvanceInterval = MediaDuration::milliseconds(100);
constexpr double kAbsoluteGate = -70;  // LUFS, ITU-R BS.1770-4: quieter is silence
constexpr auto kShortTermInterval = MediaDuration::milliseconds(1000);
constexpr int kEvidenceWidth = 480;
constexpr int kMostEvidence = 100;
constexpr double kSurelyCorrupt = 0.9;

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

class Pipeline::Impl final : public MediaSink {
 public:
  Impl(const Source& source, PipelineOptions options, OnEvent on_event)
      : options_(std::move(options)), on_event_(std::move(on_event)), input_(source.info()) {}

  Result<void> open(const Source& source);
  void push(const Packet& packet);
  void flush() { converter_->flush(*this); }
  void finish();
  void forget_closed() {
    tracker_->forget_closed();
    evidence_ = 0;
  }
  const InputInfo& input() const { return input_; }
  MediaTime front() const { return converter_->front(); }
  MonitorResult result();
  std::uint64_t video_frames() const { return result_.video_frames; }
  std::uint64_t audio_samples() const { return result_.audio_samples; }
  std::size_t incidents() const { return tracker_->incidents().size(); }
  std::vector<SecondMeter::Second> take_seconds();
  std::optional<SoundNow> sound() const {
    SoundNow now{.channel_peaks = peaks_.peaks(), .momentary_lufs = momentary_};
    return now.channel_peaks.empty() ? std::nullopt : std::optional(std::move(now));
  }
  std::vector<Clip> take_clips() { return clips_ ? clips_->take() : std::vector<Clip>{}; }
  std::vector<std::uint8_t> picture(int widest) const {
    return last_frame_.buffer ? encode_jpeg(last_frame_, widest) : std::vector<std::uint8_t>{};
  }

  void on_frame(int track, const Frame& frame) override;
  void on_audio(int track, const AudioBlock& block) override;
  void on_event(const StreamEvent& event) override;

 private:
  Result<void> start_detectors();
  void observe(std::vector<RunningDetector>& detectors, int track, const Measured& measured);
  void take(const RunningDetector& from, int track);
  void hear(int track, std::span<const AudioFeatures> hops);
  void advance();
  MediaTime slowest() const;
  std::optional<double> av_offset_ms() const;
  std::vector<std::uint8_t> snapshot();
  void meter(const VideoFeatures& features);
  void meter(const AudioFeatures& hop);
  void meter(MediaTime time, double momentary, const LoudnessMeter& loudness);

  PipelineOptions options_;
  OnEvent on_event_;
  InputInfo input_;
  std::unique_ptr<MediaConverter> converter_;
  std::vector<Track> tracks_;
  std::vector<RunningDetector> programme_detectors_;
  std::vector<RunningDetector> input_detectors_;
  std::unique_ptr<IncidentTracker> tracker_;
  std::optional<ClipRecorder> clips_;
  Findings findings_;
  MediaTime advanced_;
  Frame last_frame_;
  int first_audio_ = -1;
  int evidence_ = 0;
  bool finished_ = false;
  SecondMeter seconds_;
  PeakMeter peaks_;
  std::optional<double> momentary_;  // LUFS; none below the absolute gate
  MediaTime next_short_term_;
  MonitorResult result_;
};

Result<void> Pipeline::Impl::open(const Source& source) {
  auto converter = MediaConverter::open(source, options_.converter);
  if (!converter) return converter.error();
  converter_ = std::move(*converter);
  if (options_.clips) clips_.emplace(source, ClipLimits{});
  tracker_ = std::make_unique<IncidentTracker>(
      options_.identity.empty() ? input_.url : options_.identity,
      [this](const IncidentEvent& event) {
        if (clips_ && event.type == IncidentEvent::Type::kOpen) clips_->want(event.incident->id);
        if (on_event_) on_event_(input_, event);
      },
      [this] { return snapshot(); });
  return start_detectors();
}

void Pipeline::Impl::push(const Packet& packet) {
  if (options_.seconds && packet.track >= 0)
    seconds_.count(converter_->front(), "bitrate_bps", 8.0 * static_cast<double>(packet_bytes(packet)));
  if (clips_) {
    const InHand::Step step(*options_.in_hand, "evidence");
    clips_->add(packet);
  }
  const InHand::Step step(*options_.in_hand, "decoder");
  converter_->convert(packet, *this);
  if (packet.track >= 0) advance();
}

Result<void> Pipeline::Impl::start_detectors() {
  const InputInfo& info = input_;
  FeatureOptions features = features_for(options_.detectors);
  features.levels |= options_.seconds;  // who looks at a stream wants to see whether it sounds
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

void Pipeline::Impl::on_frame(int track, const Frame& frame) {
  const InHand::Step step(*options_.in_hand, "video features");
  Track& t = tracks_[static_cast<std::size_t>(track)];
  const VideoFeatures& features = t.pictures->measure(frame);
  ++result_.video_frames;
  t.end = frame.time + frame.duration;
  last_frame_ = frame;
  if (features.luma.columns > 0) result_.curves.luma.add(frame.time, features.luma.mean);
  if (features.comparable) result_.curves.motion.add(frame.time, features.change_mean);
  if (options_.seconds) meter(features);
  const Measured measured{.time = frame.time, .video = &features};
  observe(t.detectors, track, measured);
  observe(programme_detectors_, -1, measured);
}

void Pipeline::Impl::on_audio(int track, const AudioBlock& block) {
  const InHand::Step step(*options_.in_hand, "audio features");
  Track& t = tracks_[static_cast<std::size_t>(track)];
  if (track == first_audio_) result_.audio_samples += static_cast<std::uint64_t>(block.samples);
  hear(track, t.sounds->measure(block));
  if (track == first_audio_ && t.sounds->loudness() != nullptr) {
    const double momentary = t.sounds->loudness()->momentary();
    momentary_ = momentary >= kAbsoluteGate ? std::optional(momentary) : std::nullopt;
    if (momentary_) {
      result_.curves.loudness_lufs.add(block.time, momentary);
      if (options_.seconds) meter(block.time, momentary, *t.sounds->loudness());
    }
  }
}

void Pipeline::Impl::hear(int track, std::span<const AudioFeatures> hops) {
  Track& t = tracks_[static_cast<std::size_t>(track)];
  for (const AudioFeatures& hop : hops) {
    t.end = hop.time + hop.duration;
    const Measured measured{.time = hop.time, .audio = &hop};
    observe(t.detectors, track, measured);
    if (track != first_audio_) continue;
    observe(programme_detectors_, -1, measured);
    peaks_.add(hop);
    if (options_.seconds) meter(hop);
  }
}

void Pipeline::Impl::meter(const VideoFeatures& f) {
  seconds_.count(f.time, "pictures_per_s", 1);
  if (f.luma.columns > 0) {
    seconds_.add(f.time, "luma_mean", f.luma.mean);
    seconds_.add(f.time, "dark_share", f.dark_share);
  }
  if (f.comparable) seconds_.add(f.time, "motion_mean", f.change_mean);
  if (f.sharpness && f.sharpness->slope > 0) seconds_.add(f.time, "edge_slope", f.sharpness->slope);
  if (f.block_grid) seconds_.add(f.time, "block_grid_share", f.block_grid->share);
  if (f.corruption) seconds_.add(f.time, "corrupt_share", f.corruption->share(kSurelyCorrupt));
}

void Pipeline::Impl::meter(const AudioFeatures& hop) {
  seconds_.add(hop.time, "peak_dbfs", to_decibel(hop.peak()));
  if (hop.true_peak > 0) seconds_.add(hop.time, "true_peak_dbtp", to_decibel(hop.true_peak));
}

// The last 3 s are summed up anew for each short-term loudness, so it is asked for once a second.
void Pipeline::Impl::meter(MediaTime time, double momentary, const LoudnessMeter& loudness) {
  seconds_.add(time, "momentary_lufs", momentary);
  if (time < next_short_term_) return;
  next_short_term_ = time + kShortTermInterval;
  const double short_term = loudness.short_term();
  if (short_term >= kAbsoluteGate) seconds_.add(time, "short_term_lufs", short_term);
}

void Pipeline::Impl::on_event(const StreamEvent& event) {
  if (options_.seconds && event.type == StreamEvent::Type::kSegmentFetched)
    seconds_.add(event.time, "segment_fetch_share", event.length.seconds() / event.span.seconds());
  const Measured measured{.time = event.time, .event = &event};
  if (event.track >= 0)
    observe(tracks_[static_cast<std::size_t>(event.track)].detectors, event.track, measured);
  observe(programme_detectors_, -1, measured);
  observe(input_detectors_, -1, measured);
}

void Pipeline::Impl::observe(std::vector<RunningDetector>& detectors, int track, const Measured& measured) {
  for (RunningDetector& d : detectors) {
    const InHand::Step step(*options_.in_hand, d.info->name.data());
    d.detector->observe(measured, findings_);
    take(d, track);
  }
}

void Pipeline::Impl::take(const RunningDetector& from, int track) {
  if (findings_.empty()) return;
  for (const Finding& f : findings_) tracker_->take(from.info->name, track, f, converter_->front());
  findings_.clear();
}

// What every track has passed; a track that lags more than kSkew is not waited for.
MediaTime Pipeline::Impl::slowest() const {
  MediaTime slowest = MediaTime::max();
  for (const Track& t : tracks_) slowest = std::min(slowest, t.end);
  return std::max(slowest, converter_->front() - kSkew);
}

void Pipeline::Impl::advance() {
  const MediaTime now = slowest();
  if (now - advanced_ < kAdvanceInterval) return;
  advanced_ = now;
  for (std::size_t i = 0; i < tracks_.size(); ++i) {
    for (RunningDetector& d : tracks_[i].detectors) {
      const InHand::Step step(*options_.in_hand, d.info->name.data());
      d.detector->advance(now, findings_);
      take(d, static_cast<int>(i));
    }
  }
  for (auto* detectors : {&programme_detectors_, &input_detectors_}) {
    for (RunningDetector& d : *detectors) {
      const InHand::Step step(*options_.in_hand, d.info->name.data());
      d.detector->advance(now, findings_);
      take(d, -1);
    }
  }
  tracker_->advance(now);
}

void Pipeline::Impl::finish() {
  finished_ = true;
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
  if (clips_) clips_->finish();
}

std::vector<SecondMeter::Second> Pipeline::Impl::take_seconds() {
  auto seconds = seconds_.take(finished_ ? MediaTime::max() : slowest());
  if (seconds.empty()) return seconds;
  if (const auto offset_ms = av_offset_ms()) seconds.back().measured.add("av_offset_ms", *offset_ms);
  return seconds;
}

std::optional<double> Pipeline::Impl::av_offset_ms() const {
  for (const RunningDetector& d : programme_detectors_) {
    for (const auto& [name, value] : d.detector->measures()) {
      if (name == "av_offset_ms") return value;
    }
  }
  return std::nullopt;
}

std::vector<std::uint8_t> Pipeline::Impl::snapshot() {
  if (!options_.evidence || !last_frame_.buffer || evidence_ >= kMostEvidence) return {};
  ++evidence_;
  return picture(kEvidenceWidth);
}

MonitorResult Pipeline::Impl::result() {
  MonitorResult result = result_;
  result.input = input_;
  if (!result.input.duration) result.input.duration = converter_->front().since_start();
  result.incidents = tracker_->incidents();
  result.av_offset_ms = av_offset_ms();
  if (first_audio_ < 0) return result;
  const AudioExtractor& sounds = *tracks_[static_cast<std::size_t>(first_audio_)].sounds;
  if (sounds.highest_true_peak() > 0) result.true_peak_dbtp = 20.0 * std::log10(sounds.highest_true_peak());
  if (sounds.loudness() == nullptr) return result;
  result.integrated_loudness_lufs = known(sounds.loudness()->integrated());
  result.loudness_range_lu = known(sounds.loudness()->range());
  return result;
}

Pipeline::Pipeline(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Pipeline::~Pipeline() = default;

Result<std::unique_ptr<Pipeline>> Pipeline::open(const Source& source, PipelineOptions options,
                                                 OnEvent on_event) {
  auto impl = std::make_unique<Impl>(source, std::move(options), std::move(on_event));
  auto opened = impl->open(source);
  if (!opened) return opened.error();
  return std::unique_ptr<Pipeline>(new Pipeline(std::move(impl)));
}

void Pipeline::push(const Packet& packet) { impl_->push(packet); }
void Pipeline::tell(const StreamEvent& event) { impl_->on_event(event); }
void Pipeline::flush() { impl_->flush(); }
void Pipeline::finish() { impl_->finish(); }
void Pipeline::forget_closed() { impl_->forget_closed(); }
const InputInfo& Pipeline::input() const { return impl_->input(); }
MediaTime Pipeline::front() const { return impl_->front(); }
std::uint64_t Pipeline::video_frames() const { return impl_->video_frames(); }
std::uint64_t Pipeline::audio_samples() const { return impl_->audio_samples(); }
std::vector<SecondMeter::Second> Pipeline::take_seconds() { return impl_->take_seconds(); }
std::vector<Clip> Pipeline::take_clips() { return impl_->take_clips(); }
std::vector<std::uint8_t> Pipeline::picture(int widest) const { return impl_->picture(widest); }
std::optional<SoundNow> Pipeline::sound() const { return impl_->sound(); }
std::size_t Pipeline::incidents() const { return impl_->incidents(); }
MonitorResult Pipeline::result() const { return impl_->result(); }

}  // namespace monolens
