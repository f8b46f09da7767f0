// For tests: feeds one detector a table of numbers as a Monitor would, and pairs the findings that it tells.
//
//     DetectorRunner run("silence", {{"duration_s", 2.0}});
//     run.sound({.from = 0_s, .to = 5_s, .peak_dbfs = -20});
//     run.sound({.from = 5_s, .to = 8_s, .peak_dbfs = -90});
//     EXPECT_THAT(run.finish(), ElementsAre(Found("audio.silence", 5_s, 8_s)));
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "detectors/decibel.h"
#include "detectors/detector.h"
#include "detectors/registry.h"

namespace monolens {

inline void PrintTo(MediaDuration duration, std::ostream* out) { *out << duration.seconds() << " s"; }
inline void PrintTo(MediaTime time, std::ostream* out) { *out << time.seconds() << " s"; }

// Pictures alike at a frame rate. The first of a still stretch is new, the others are still against it.
struct Pictures {
  MediaTime from{};
  MediaTime to{};
  double fps = 25;
  bool still = false;
  std::optional<MediaTime> shown_since = std::nullopt;  // the anchor's, by default
  double change_mean = 0;    // from the anchor, of every picture but the first; 8-bit levels
  double first_change = 50;  // the same of the first
  double dark_share = 0;
  double flat_share = 0;
  bool color_bars = false;
  double luma = 100;  // means, 8-bit levels
  double cb = 128;
  double cr = 128;
  bool grey = false;
  double luma_outside = 0;  // shares outside the legal range
  double cb_outside = 0;
  double cr_outside = 0;
  std::optional<ActiveArea> active_area = std::nullopt;
  std::optional<double> corrupt_share =
      std::nullopt;                // of the blocks, from the top left; unset: not looked at
  double corrupt_probability = 1;  // of those
  double torn = 0;                 // standard deviations
  bool suspect = false;
  int width = 1920;
  int height = 1080;
};

// Sound alike in hops of 10 ms.
struct Sound {
  MediaTime from{};
  MediaTime to{};
  double peak_dbfs = -20;                 // of every channel; the RMS is that of a sine
  std::vector<double> channel_dbfs = {};  // or of each
  int channels = 2;
  double correlation = 0.5;                           // of the first two
  std::vector<std::uint32_t> clipped = {};            // samples of a hop, of each channel
  std::vector<std::uint32_t> over_scale = {};         // samples of a hop beyond full scale, of each channel
  std::optional<double> clipped_dbfs = std::nullopt;  // of the flat tops; the channel's peak, by default
  AmplitudeDensity::Pile pile = {};                   // of every channel
  double true_peak_dbtp = -200;
  int sample_rate = 48000;
  const LoudnessMeter* loudness = nullptr;
};

// What began and, perhaps, ended.
struct Stretch {
  Finding finding{};                  // as told last
  std::optional<MediaTime> end{};     // unset while open
  MediaTime told{};                   // where the input stood when it began to be known
  std::optional<MediaTime> closed{};  // the same of its end

  double measure(std::string_view name) const {
    for (const auto& [known, value] : finding.measures) {
      if (known == name) return value;
    }
    ADD_FAILURE() << "no measure " << name;
    return std::nan("");
  }
};

inline void PrintTo(const Stretch& s, std::ostream* out) {
  *out << s.finding.kind << " part " << s.finding.part << " from " << s.finding.start.seconds() << " s ";
  if (s.end) {
    *out << "to " << s.end->seconds() << " s";
  } else {
    *out << "on";
  }
}

class DetectorRunner {
 public:
  using Settings = std::initializer_list<std::pair<std::string_view, double>>;

  // The input has a video track (0) and an audio track (1), which the container says to begin at `start`. A
  // detector of Scope::kTrack watches the one of `type`.
  explicit DetectorRunner(std::string_view name, Settings settings = {}, TrackType type = TrackType::kVideo,
                          MediaTime start = {})
      : info_(*find_detector(name).value()), options_(info_.options) {
    for (const auto& [option, value] : settings) EXPECT_TRUE(options_.set(option, value).ok()) << option;
    input_.tracks.resize(2);
    input_.tracks[1].type = TrackType::kAudio;
    for (TrackInfo& track : input_.tracks) track.start = start;
    const bool audio =
        info_.scope == Scope::kAudio || (info_.scope == Scope::kTrack && type == TrackType::kAudio);
    const TrackInfo* track = info_.scope == Scope::kInput ? nullptr : &input_.tracks[audio ? 1 : 0];
    detector_ = info_.make(options_);
    EXPECT_TRUE(detector_->open({.input = &input_, .track = track}).ok());
  }

  double option(std::string_view name) const { return options_[name]; }

  // What the detector asks to have measured.
  FeatureOptions features() const {
    FeatureOptions features;
    info_.request(options_, features);
    return features;
  }

  void pictures(const Pictures& p) {
    VideoFeatures f;
    f.format = {.width = p.width, .height = p.height};
    f.luma = plane(p.luma, p.luma_outside);
    if (!p.grey) {
      f.cb = plane(p.cb, p.cb_outside);
      f.cr = plane(p.cr, p.cr_outside);
    }
    f.dark_share = p.dark_share;
    f.flat_share = p.flat_share;
    f.color_bars = p.color_bars;
    f.active_area = p.active_area;
    std::vector<std::uint8_t> probabilities;
    if (p.corrupt_share) {
      constexpr int kColumns = 40;
      constexpr int kRows = 25;
      probabilities.resize(std::size_t{kColumns} * kRows);
      const auto corrupt = static_cast<std::ptrdiff_t>(*p.corrupt_share * kColumns * kRows);
      std::fill_n(probabilities.begin(), corrupt, static_cast<std::uint8_t>(255 * p.corrupt_probability));
      f.corruption = {.columns = kColumns, .rows = kRows, .probabilities = probabilities};
    }
    f.suspect = p.suspect;
    f.torn = p.torn;
    f.duration = MediaDuration::seconds(1 / p.fps);
    f.comparable = true;
    const int count = static_cast<int>(std::lround((p.to - p.from).seconds() * p.fps));
    for (int i = 0; i < count; ++i) {
      f.time = p.from + MediaDuration::seconds(i / p.fps);
      f.still = p.still && i > 0;
      f.change_mean = i > 0 ? p.change_mean : p.first_change;
      f.still_since = f.still ? p.from : f.time;
      f.shown_since = p.shown_since.value_or(f.still_since);
      observe({.time = f.time, .video = &f});
      reach(f.time + f.duration);
    }
  }

  // One picture, measured otherwise than pictures() can say.
  void picture(const VideoFeatures& f) {
    observe({.time = f.time, .video = &f});
    reach(f.time + f.duration);
  }

  void sound(const Sound& s) {
    const auto channel_count =
        s.channel_dbfs.empty() ? static_cast<std::size_t>(s.channels) : s.channel_dbfs.size();
    std::vector<ChannelFeatures> channels(channel_count);
    AudioFeatures f;
    f.duration = MediaDuration::milliseconds(10);
    f.sample_rate = s.sample_rate;
    f.samples = s.sample_rate / 100;
    for (std::size_t c = 0; c < channel_count; ++c) {
      const double peak = from_decibel(s.channel_dbfs.empty() ? s.peak_dbfs : s.channel_dbfs[c]);
      channels[c].peak = static_cast<float>(peak);
      channels[c].sum_squares = peak * peak / 2 * f.samples;
      if (c < s.clipped.size()) channels[c].clipped = s.clipped[c];
      if (c < s.over_scale.size()) channels[c].over_scale = s.over_scale[c];
      if (channels[c].clipped > 0) {
        channels[c].clipped_level = static_cast<float>(s.clipped_dbfs ? from_decibel(*s.clipped_dbfs) : peak);
      }
      channels[c].pile = s.pile;
    }
    if (channel_count >= 2)
      f.cross = s.correlation * std::sqrt(channels[0].sum_squares * channels[1].sum_squares);
    f.channels = channels;
    f.true_peak = static_cast<float>(from_decibel(s.true_peak_dbtp));
    f.loudness = s.loudness;
    for (f.time = s.from; f.time < s.to; f.time = f.time + f.duration) {
      hop(f);
    }
  }

  // One hop, measured otherwise than sound() can say.
  void hop(const AudioFeatures& f) {
    observe({.time = f.time, .audio = &f});
    reach(f.time + f.duration);
  }

  void event(const StreamEvent& e) { observe({.time = e.time, .event = &e}); }

  // The input goes on to `to` without a sample of this track.
  void pass(MediaTime to) {
    while (to - advanced_ >= kAdvanceInterval) reach(advanced_ + kAdvanceInterval);
    now_ = std::max(now_, to);
  }

  // The input ends at `end`; by default with the last sample.
  const std::vector<Stretch>& finish(std::optional<MediaTime> end = std::nullopt) {
    now_ = std::max(now_, end.value_or(now_));
    detector_->finish(now_, findings_);
    collect();
    return stretches_;
  }

  const std::vector<Stretch>& findings() const { return stretches_; }

 private:
  static constexpr auto kAdvanceInterval = MediaDuration::milliseconds(100);

  static PlaneFeatures plane(double mean, double outside_share) {
    PlaneFeatures f;
    f.mean = mean;
    f.outside_share = outside_share;
    return f;
  }

  void observe(const Measured& measured) {
    detector_->observe(measured, findings_);
    collect();
  }

  void reach(MediaTime now) {
    now_ = std::max(now_, now);
    if (now - advanced_ < kAdvanceInterval) return;
    advanced_ = now;
    detector_->advance(now, findings_);
    collect();
  }

  void collect() {
    for (const Finding& f : findings_) {
      EXPECT_THAT(info_.kinds, testing::Contains(f.kind));
      EXPECT_FALSE(f.note.empty());
      const auto open = std::find_if(stretches_.begin(), stretches_.end(), [&](const Stretch& s) {
        return !s.end && s.finding.kind == f.kind && s.finding.part == f.part;
      });
      if (f.phase == Finding::Phase::kBegan) {
        EXPECT_EQ(open, stretches_.end()) << f.kind << " began twice";
        stretches_.push_back({.finding = f, .told = now_});
      } else if (open == stretches_.end()) {
        ADD_FAILURE() << f.kind << " was told of before it began";
      } else {
        EXPECT_EQ(f.start, open->finding.start);
        open->finding = f;
        if (f.phase != Finding::Phase::kEnded) continue;
        EXPECT_GE(f.end, f.start);
        open->end = f.end;
        open->closed = now_;
      }
    }
    findings_.clear();
  }

  const DetectorInfo& info_;
  Options options_;
  InputInfo input_;
  std::unique_ptr<Detector> detector_;
  MediaTime now_;
  MediaTime advanced_;
  Findings findings_;
  std::vector<Stretch> stretches_;
};

inline bool at_one_time(MediaTime a, MediaTime b) { return std::abs((a - b).ns()) <= 1000; }

MATCHER_P3(Found, kind, start, end, "") {
  return arg.finding.kind == kind && at_one_time(arg.finding.start, start) && arg.end &&
         at_one_time(*arg.end, end);
}

MATCHER_P4(FoundNear, kind, start, end, tolerance, "") {
  const auto near = [this](MediaTime a, MediaTime b) { return a - b <= tolerance && b - a <= tolerance; };
  return arg.finding.kind == kind && near(arg.finding.start, start) && arg.end && near(*arg.end, end);
}

MATCHER_P2(FoundOpen, kind, start, "") {
  return arg.finding.kind == kind && at_one_time(arg.finding.start, start) && !arg.end;
}

}  // namespace monolens
