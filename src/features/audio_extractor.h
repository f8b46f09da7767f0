// AudioExtractor: measures one audio track in hops of 10 ms, whatever the size of the codec's frames.
//
// Samples are read where the decoder left them. A hop that a gap or a change of format cuts is handed out
// short.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "features/amplitude_density.h"
#include "features/audio_features.h"
#include "features/band_powers.h"
#include "features/feature_options.h"
#include "features/flat_tops.h"
#include "features/impulses.h"
#include "features/loudness_meter.h"
#include "features/mains_lines.h"
#include "features/over_scale.h"
#include "features/speech_band.h"
#include "media/audio_block.h"

namespace monolens {

class AudioExtractor {
 public:
  explicit AudioExtractor(const FeatureOptions& options);

  // The hops that this block completes; valid until the next call.
  // REQUIRES: blocks in presentation order, by one thread at a time.
  std::span<const AudioFeatures> measure(const AudioBlock& block);

  // The last, short hop, if any.
  std::span<const AudioFeatures> finish();

  // Null until the first block, or when loudness was not asked for.
  const LoudnessMeter* loudness() const { return loudness_.get(); }

  // Of all channels so far, linear full scale; 0 while unknown.
  float highest_true_peak() const { return highest_true_peak_; }

 private:
  static constexpr int kTaps = 12;  // of the true-peak filter

  struct Channel {
    std::vector<float> history;  // the last kTaps − 1 samples
    std::optional<FlatTops> flat_tops;
    std::optional<OverScale> over_scale;
    std::optional<AmplitudeDensity> density;
    std::optional<Impulses> impulses;
  };

  void restart(const AudioBlock& block);
  void add(const AudioBlock& block, int offset, int samples);
  void close_hop();
  void measure_spectrum();
  void look_for_clipping(Channel& channel, ChannelFeatures& features, const float* x, int samples,
                         float peak) const;
  void add_part_energies(std::span<float, kHopParts> energies, const float* x, int samples) const;
  void look_for_impulses(Channel& channel, const float* x, int samples, MediaTime time);
  float true_peak(const Channel& channel, const float* block, int offset, int samples, float peak) const;
  void keep_history(const AudioBlock& block);
  std::span<const AudioFeatures> completed();

  FeatureOptions options_;
  int sample_rate_ = 0;
  int hop_samples_ = 0;
  std::vector<Channel> channels_;
  std::unique_ptr<LoudnessMeter> loudness_;
  std::optional<BandMeter> bands_;
  std::optional<MainsMeter> mains_;
  std::optional<SpeechBand> speech_;
  unsigned whole_hops_ = 0;  // without a break
  float highest_true_peak_ = 0;

  AudioFeatures hop_;  // being filled
  std::vector<ChannelFeatures> hop_channels_;
  std::vector<AudioFeatures> done_;
  std::vector<ChannelFeatures> done_channels_;
  std::vector<std::size_t> done_channel_counts_;
};

}  // namespace monolens
