#include "features/audio_extractor.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "features/kernels/samples.h"

namespace monolens {
namespace {

constexpr unsigned kHopsABand = 2;
constexpr unsigned kHopsAMains = 5;

constexpr auto kContinuous = MediaDuration::milliseconds(2);

// No output of the true-peak filter exceeds its input's peak by more than this: the largest sum of absolute
// coefficients of a phase (ITU-R BS.1770-4, Annex 2) is below it.
constexpr float kLargestGain = 2.1F;

// Peaks below this are told exactly only where they are the programme's highest: −3 dBTP.
constexpr float kInterestingPeak = 0.7F;

}  // namespace

AudioExtractor::AudioExtractor(const FeatureOptions& options) : options_(options) {}

void AudioExtractor::restart(const AudioBlock& block) {
  const auto channels = static_cast<std::size_t>(block.channels);
  sample_rate_ = block.sample_rate;
  hop_samples_ = std::max(1, block.sample_rate / 100);
  channels_.assign(channels, {});
  for (auto& c : channels_) {
    c.history.assign(kTaps - 1, 0.0F);
    if (options_.flat_tops) {
      c.flat_tops.emplace(options_.clip_run, static_cast<float>(options_.clip_floor));
      c.over_scale.emplace(options_.clip_run);
      c.density.emplace();
    }
    if (options_.impulses) c.impulses.emplace(sample_rate_);
  }
  hop_ = {};
  hop_channels_.assign(channels, {});
  whole_hops_ = 0;
  if (options_.bands) bands_.emplace(channels, sample_rate_);
  if (options_.mains) mains_.emplace(channels, sample_rate_, static_cast<std::size_t>(hop_samples_));
  if (options_.speech) speech_.emplace(sample_rate_);
  if (!options_.loudness) return;
  if (loudness_) {
    loudness_->change_format(block.channels, block.sample_rate);
  } else {
    loudness_ = std::make_unique<LoudnessMeter>(block.channels, block.sample_rate, options_.endless);
  }
}

std::span<const AudioFeatures> AudioExtractor::measure(const AudioBlock& block) {
  done_.clear();
  done_channels_.clear();
  done_channel_counts_.clear();
  if (block.sample_rate != sample_rate_ || block.channels != static_cast<int>(channels_.size())) {
    close_hop();
    restart(block);
  }
  const MediaTime expected = hop_.time + hop_.duration;
  if (block.time - expected > kContinuous || expected - block.time > kContinuous) {
    close_hop();
    whole_hops_ = 0;
    if (bands_) bands_->clear();
    if (mains_) mains_->clear();
  }

  int offset = 0;
  while (offset < block.samples) {
    if (hop_.samples == 0) {
      hop_.time = block.time + MediaDuration::seconds(static_cast<double>(offset) / sample_rate_);
    }
    const int take = std::min(hop_samples_ - hop_.samples, block.samples - offset);
    add(block, offset, take);
    offset += take;
    if (hop_.samples == hop_samples_) close_hop();
  }
  keep_history(block);
  if (loudness_) loudness_->add(block.channel, 0, block.samples);
  return completed();
}

std::span<const AudioFeatures> AudioExtractor::finish() {
  done_.clear();
  done_channels_.clear();
  done_channel_counts_.clear();
  close_hop();
  return completed();
}

void AudioExtractor::add(const AudioBlock& block, int offset, int samples) {
  const auto n = static_cast<std::size_t>(samples);
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    const float* x = block.channel[c] + offset;
    if (bands_) bands_->add(c, {x, n});
    if (mains_) mains_->add(c, {x, n});
    float peak = 0;
    if (options_.levels || options_.true_peak || options_.flat_tops) {
      const auto sums = kernels::measure_samples(x, n, 2.0F);
      ChannelFeatures& f = hop_channels_[c];
      peak = sums.peak;
      f.peak = std::max(f.peak, peak);
      f.sum += sums.sum;
      f.sum_squares += sums.sum_squares;
      if (options_.flat_tops) look_for_clipping(channels_[c], f, x, samples, peak);
    }
    if (options_.part_energy) add_part_energies(hop_channels_[c].part_energy, x, samples);
    if (options_.impulses) look_for_impulses(channels_[c], x, samples, hop_.time + hop_.duration);
    if (options_.true_peak) {
      hop_.true_peak =
          std::max(hop_.true_peak, true_peak(channels_[c], block.channel[c], offset, samples, peak));
    }
  }
  if (options_.correlation && channels_.size() >= 2) {
    hop_.cross += kernels::dot(block.channel[0] + offset, block.channel[1] + offset, n);
  }
  if (speech_) hop_.speech += speech_->add(block, offset, samples);
  hop_.samples += samples;
  hop_.duration = MediaDuration::seconds(static_cast<double>(hop_.samples) / sample_rate_);
}

void AudioExtractor::look_for_clipping(Channel& channel, ChannelFeatures& features, const float* x,
                                       int samples, float peak) const {
  const FlatTops::Count count = channel.flat_tops->add(x, samples, peak);
  features.clipped += count.samples;
  features.clipped_level = std::max(features.clipped_level, count.level);
  features.over_scale += channel.over_scale->add(x, samples, peak);
  channel.density->add(x, samples);
}

void AudioExtractor::look_for_impulses(Channel& channel, const float* x, int samples, MediaTime time) {
  const auto found = channel.impulses->add(x, samples, time);
  if (found && (!hop_.impulse || found->strength > hop_.impulse->strength)) hop_.impulse = found;
}

void AudioExtractor::add_part_energies(std::span<float, kHopParts> energies, const float* x,
                                       int samples) const {
  for (int done = 0; done < samples;) {
    const int at = hop_.samples + done;
    const auto part = static_cast<std::size_t>(at) * kHopParts / static_cast<std::size_t>(hop_samples_);
    const int end = (static_cast<int>(part + 1) * hop_samples_ + static_cast<int>(kHopParts) - 1) /
                    static_cast<int>(kHopParts);
    const int take = std::min(end - at, samples - done);
    energies[part] += static_cast<float>(kernels::dot(x + done, x + done, static_cast<std::size_t>(take)));
    done += take;
  }
}

// The filter is run only where its output can matter: where it might exceed the highest peak so far, or a
// level of interest. What it is spared is told as the sample peak, a lower bound.
float AudioExtractor::true_peak(const Channel& channel, const float* block, int offset, int samples,
                                float peak) const {
  constexpr int kHistory = kTaps - 1;
  const float* x = block + offset;
  const auto peak_of = [](const float* from, std::size_t n) {
    return kernels::measure_samples(from, n, 2.0F).peak;
  };

  std::array<float, 2 * kHistory> seam{};
  const int head = std::min(samples, std::max(0, kHistory - offset));  // outputs that need the previous block
  float before = 0;
  if (offset < kHistory) {
    const int old = kHistory - offset;
    std::copy(channel.history.end() - old, channel.history.end(), seam.begin());
    std::copy(block, block + offset + head, seam.begin() + old);
    before = peak_of(seam.data(), kHistory);
  } else {
    before = peak_of(x - kHistory, kHistory);
  }
  const float bound = std::max(peak, before) * kLargestGain;
  if (bound <= std::min(highest_true_peak_, kInterestingPeak)) return peak;

  float result = peak;
  if (head > 0)
    result = std::max(result, kernels::true_peak_4x(seam.data() + kHistory, static_cast<std::size_t>(head)));
  if (samples > head) {
    result = std::max(result, kernels::true_peak_4x(x + head, static_cast<std::size_t>(samples - head)));
  }
  return result;
}

void AudioExtractor::keep_history(const AudioBlock& block) {
  constexpr int kHistory = kTaps - 1;
  const int fresh = std::min(kHistory, block.samples);
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    auto& history = channels_[c].history;
    std::rotate(history.begin(), history.begin() + fresh, history.end());
    std::copy(block.channel[c] + block.samples - fresh, block.channel[c] + block.samples,
              history.end() - fresh);
  }
}

void AudioExtractor::measure_spectrum() {
  ++whole_hops_;
  hop_.has_bands = bands_ && whole_hops_ % kHopsABand == 0;
  hop_.has_mains = mains_ && whole_hops_ % kHopsAMains == 0;
  for (std::size_t c = 0; c < hop_channels_.size(); ++c) {
    if (hop_.has_bands) hop_channels_[c].bands = bands_->measure(c);
    if (hop_.has_mains) hop_channels_[c].mains = mains_->measure(c);
  }
}

void AudioExtractor::close_hop() {
  if (hop_.samples == 0) return;
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    if (!channels_[c].density) continue;
    ChannelFeatures& f = hop_channels_[c];
    channels_[c].density->close_hop(f.peak, f.sum_squares, hop_.samples);
    f.pile = channels_[c].density->pile();
  }
  highest_true_peak_ = std::max(highest_true_peak_, hop_.true_peak);
  if (hop_.samples == hop_samples_) measure_spectrum();
  done_.push_back(hop_);
  done_channels_.insert(done_channels_.end(), hop_channels_.begin(), hop_channels_.end());
  done_channel_counts_.push_back(hop_channels_.size());
  done_.back().sample_rate = sample_rate_;
  const MediaTime next = hop_.time + hop_.duration;
  hop_ = {};
  hop_.time = next;
  std::fill(hop_channels_.begin(), hop_channels_.end(), ChannelFeatures{});
}

std::span<const AudioFeatures> AudioExtractor::completed() {
  std::size_t first = 0;
  for (std::size_t i = 0; i < done_.size(); ++i) {
    done_[i].channels = {done_channels_.data() + first, done_channel_counts_[i]};
    done_[i].loudness = loudness_.get();
    first += done_channel_counts_[i];
  }
  return done_;
}

}  // namespace monolens
