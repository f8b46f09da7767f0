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
#include "monitor/detector_bank.h"
#include "monitor/pace.h"

namespace monolens {
namespace {

constexpr double kAbsoluteGate = -70;  // LUFS, ITU-R BS.1770-4: quieter is silence
constexpr auto kShortTermInterval = MediaDuration::milliseconds(1000);
constexpr int kEvidenceWidth = 480;
constexpr int kMostEvidence = 100;
constexpr double kSurelyCorrupt = 0.9;

struct Track {
  bool video = false;
  std::unique_ptr<VideoExtractor> pictures;
  std::unique_ptr<AudioExtractor> sounds;
};

std::optional<double> known(double value) {
  if (std::isfinite(value)) return value;
  return std::nullopt;
}

}  // namespace

class Pipeline::Impl final : public MediaSink {
 public:
  Impl(const Source& source, PipelineOptions options, OnEvent on_event)
      : options_(std::move(options)),
        on_event_(std::move(on_event)),
        input_(source.info()),
        pace_(input_.tracks.size()) {}

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
  void hear(int track, std::span<const AudioFeatures> hops);
  void advance();
  std::optional<double> av_offset_ms() const { return bank_->programme_measure("av_offset_ms"); }
  std::vector<std::uint8_t> snapshot();
  void meter(const VideoFeatures& features);
  void meter(const AudioFeatures& hop);
  void meter(MediaTime time, double momentary, const LoudnessMeter& loudness);

  PipelineOptions options_;
  OnEvent on_event_;
  InputInfo input_;
  std::unique_ptr<MediaConverter> converter_;
  std::vector<Track> tracks_;
  std::unique_ptr<DetectorBank> bank_;
  Pace pace_;
  std::unique_ptr<IncidentTracker> tracker_;
  std::optional<ClipRecorder> clips_;
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
  FeatureOptions features = features_for(options_.detectors);
  features.endless |= options_.seconds;
  features.levels |= options_.seconds;  // who looks at a stream wants to see whether it sounds
  for (const TrackInfo& t : input_.tracks) {
    Track& track = tracks_.emplace_back();
    track.video = t.type == TrackType::kVideo;
    if (track.video) {
      track.pictures = std::make_unique<VideoExtractor>(features);
    } else {
      track.sounds = std::make_unique<AudioExtractor>(features);
    }
  }
  auto bank = DetectorBank::open(input_, options_.detectors, *options_.in_hand,
                                 [this](const DetectorInfo& from, int track, const Finding& finding) {
                                   tracker_->take(from.name, track, finding, converter_->front());
                                 });
  if (!bank) return bank.error();
  bank_ = std::move(*bank);
  first_audio_ = bank_->first_audio();
  return {};
}

void Pipeline::Impl::on_frame(int track, const Frame& frame) {
  const InHand::Step step(*options_.in_hand, "video features");
  Track& t = tracks_[static_cast<std::size_t>(track)];
  const VideoFeatures& features = t.pictures->measure(frame);
  ++result_.video_frames;
  pace_.passed(track, frame.time + frame.duration);
  last_frame_ = frame;
  if (features.luma.columns > 0) result_.curves.luma.add(frame.time, features.luma.mean);
  if (features.comparable) result_.curves.motion.add(frame.time, features.change_mean);
  if (options_.seconds) meter(features);
  bank_->observe(track, {.time = frame.time, .video = &features});
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
  for (const AudioFeatures& hop : hops) {
    pace_.passed(track, hop.time + hop.duration);
    bank_->observe(track, {.time = hop.time, .audio = &hop});
    if (track != first_audio_) continue;
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
  seconds_.add(time, "integrated_lufs", loudness.integrated());
  const double short_term = loudness.short_term();
  if (short_term >= kAbsoluteGate) seconds_.add(time, "short_term_lufs", short_term);
}

void Pipeline::Impl::on_event(const StreamEvent& event) {
  if (options_.seconds && event.type == StreamEvent::Type::kSegmentFetched)
    seconds_.add(event.time, "segment_fetch_share", event.length.seconds() / event.span.seconds());
  bank_->observe(event.track, {.time = event.time, .event = &event});
}

void Pipeline::Impl::advance() {
  const auto now = pace_.due(converter_->front());
  if (!now) return;
  bank_->advance(*now);
  tracker_->advance(*now);
}

void Pipeline::Impl::finish() {
  finished_ = true;
  const MediaTime end = converter_->front();
  for (std::size_t i = 0; i < tracks_.size(); ++i) {
    if (tracks_[i].sounds) hear(static_cast<int>(i), tracks_[i].sounds->finish());
    bank_->finish(static_cast<int>(i), end);
  }
  bank_->finish(-1, end);
  tracker_->finish(end);
  if (clips_) clips_->finish();
}

std::vector<SecondMeter::Second> Pipeline::Impl::take_seconds() {
  auto seconds = seconds_.take(finished_ ? MediaTime::max() : pace_.slowest(converter_->front()));
  if (seconds.empty()) return seconds;
  if (const auto offset_ms = av_offset_ms()) seconds.back().measured.add("av_offset_ms", *offset_ms);
  return seconds;
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
