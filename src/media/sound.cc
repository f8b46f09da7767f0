#include "media/sound.h"

namespace monolens {

std::shared_ptr<AVFrame> SoundAdapter::convert(const AVFrame& decoded) {
  const int channels = decoded.ch_layout.nb_channels;
  if (!converter_ || decoded.format != from_format_ || channels != channels_ ||
      decoded.sample_rate != sample_rate_) {
    // Without a channel layout of its own the converter keeps the channels as they stand.
    AVChannelLayout layout{};
    layout.order = AV_CHANNEL_ORDER_UNSPEC;
    layout.nb_channels = channels;
    SwrContext* made = nullptr;
    swr_alloc_set_opts2(&made, &layout, AV_SAMPLE_FMT_FLTP, decoded.sample_rate, &layout,
                        static_cast<AVSampleFormat>(decoded.format), decoded.sample_rate, 0, nullptr);
    converter_.reset(made);
    if (!converter_ || swr_init(converter_.get()) < 0) return nullptr;
    from_format_ = decoded.format;
    channels_ = channels;
    sample_rate_ = decoded.sample_rate;
  }
  auto sound = pool_.take();
  sound->format = AV_SAMPLE_FMT_FLTP;
  sound->sample_rate = decoded.sample_rate;
  sound->nb_samples = decoded.nb_samples;
  if (av_channel_layout_copy(&sound->ch_layout, &decoded.ch_layout) < 0) return nullptr;
  if (av_frame_get_buffer(sound.get(), 0) < 0) return nullptr;
  const int n = swr_convert(converter_.get(), sound->extended_data, sound->nb_samples,
                            const_cast<const std::uint8_t**>(decoded.extended_data), decoded.nb_samples);
  if (n != decoded.nb_samples) return nullptr;
  return sound;
}

AudioBlock SoundAdapter::adapt(const std::shared_ptr<AVFrame>& decoded) {
  AudioBlock block;
  if (decoded->nb_samples <= 0 || decoded->sample_rate <= 0 || decoded->ch_layout.nb_channels <= 0)
    return block;
  auto sound = decoded->format == AV_SAMPLE_FMT_FLTP ? decoded : convert(*decoded);
  if (!sound) return block;
  block.sample_rate = sound->sample_rate;
  block.channels = sound->ch_layout.nb_channels;
  block.samples = sound->nb_samples;
  block.channel = reinterpret_cast<const float* const*>(sound->extended_data);
  block.duration = MediaDuration::nanoseconds(av_rescale(block.samples, 1'000'000'000, block.sample_rate));
  block.buffer = std::move(sound);
  return block;
}

}  // namespace monolens
