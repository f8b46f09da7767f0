#include "media/sound.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>

namespace monolens {
namespace {

std::shared_ptr<AVFrame> sound(AVSampleFormat format, int channels, int samples, int rate = 48000) {
  std::shared_ptr<AVFrame> frame(av_frame_alloc(), av::Free{});
  frame->format = format;
  frame->nb_samples = samples;
  frame->sample_rate = rate;
  av_channel_layout_default(&frame->ch_layout, channels);
  EXPECT_EQ(av_frame_get_buffer(frame.get(), 0), 0);
  av_samples_set_silence(frame->extended_data, 0, samples, channels, format);
  return frame;
}

TEST(SoundAdapter, TakesPlanarFloatAsItStandsInMemory) {
  for (const int channels : {1, 2, 6, 12}) {
    const auto decoded = sound(AV_SAMPLE_FMT_FLTP, channels, 1024);
    SoundAdapter adapter;
    const AudioBlock block = adapter.adapt(decoded);
    EXPECT_EQ(block.buffer, decoded);
    EXPECT_EQ(block.channels, channels);
    EXPECT_EQ(block.samples, 1024);
    for (int c = 0; c < channels; ++c) {
      EXPECT_EQ(static_cast<const void*>(block.channel[c]), decoded->extended_data[c]);
    }
  }
}

TEST(SoundAdapter, ConvertsIntegersToFullScaleAtOne) {
  const auto decoded = sound(AV_SAMPLE_FMT_S16, 2, 3);
  const std::int16_t samples[] = {-32768, 16384, 0, 1, 32767, -1};
  std::memcpy(decoded->data[0], samples, sizeof samples);
  SoundAdapter adapter;
  const AudioBlock block = adapter.adapt(decoded);
  ASSERT_TRUE(block.buffer);
  EXPECT_FLOAT_EQ(block.channel[0][0], -1.0F);
  EXPECT_FLOAT_EQ(block.channel[0][1], 0.0F);
  EXPECT_FLOAT_EQ(block.channel[0][2], 32767.0F / 32768);
  EXPECT_FLOAT_EQ(block.channel[1][0], 0.5F);
  EXPECT_FLOAT_EQ(block.channel[1][1], 1.0F / 32768);
  EXPECT_FLOAT_EQ(block.channel[1][2], -1.0F / 32768);
}

TEST(SoundAdapter, ConvertsEveryFormatThatDecodersGive) {
  for (const AVSampleFormat format :
       {AV_SAMPLE_FMT_U8, AV_SAMPLE_FMT_S16, AV_SAMPLE_FMT_S32, AV_SAMPLE_FMT_FLT, AV_SAMPLE_FMT_DBL,
        AV_SAMPLE_FMT_U8P, AV_SAMPLE_FMT_S16P, AV_SAMPLE_FMT_S32P, AV_SAMPLE_FMT_DBLP, AV_SAMPLE_FMT_S64,
        AV_SAMPLE_FMT_S64P}) {
    SCOPED_TRACE(av_get_sample_fmt_name(format));
    SoundAdapter adapter;
    const AudioBlock block = adapter.adapt(sound(format, 2, 480));
    ASSERT_TRUE(block.buffer);
    EXPECT_EQ(block.samples, 480);
    EXPECT_EQ(block.channel[0][7], 0.0F);
    EXPECT_EQ(block.channel[1][479], 0.0F);
  }
}

TEST(SoundAdapter, KeepsSamplesAboveFullScale) {
  const auto decoded = sound(AV_SAMPLE_FMT_FLT, 1, 2);
  const float samples[] = {1.5F, -2.0F};
  std::memcpy(decoded->data[0], samples, sizeof samples);
  SoundAdapter adapter;
  const AudioBlock block = adapter.adapt(decoded);
  EXPECT_EQ(block.channel[0][0], 1.5F);
  EXPECT_EQ(block.channel[0][1], -2.0F);
}

TEST(SoundAdapter, FollowsChangesOfFormatChannelsAndRate) {
  SoundAdapter adapter;
  EXPECT_EQ(adapter.adapt(sound(AV_SAMPLE_FMT_S16, 2, 480)).channels, 2);
  const AudioBlock surround = adapter.adapt(sound(AV_SAMPLE_FMT_S32, 6, 480));
  EXPECT_EQ(surround.channels, 6);
  EXPECT_EQ(surround.channel[5][479], 0.0F);
  const AudioBlock slow = adapter.adapt(sound(AV_SAMPLE_FMT_S16, 6, 480, 8000));
  EXPECT_EQ(slow.sample_rate, 8000);
  EXPECT_EQ(slow.duration, MediaDuration::milliseconds(60));
}

TEST(SoundAdapter, GivesNothingForAFrameWithoutSamples) {
  SoundAdapter adapter;
  EXPECT_FALSE(adapter.adapt(std::shared_ptr<AVFrame>(av_frame_alloc(), av::Free{})).buffer);
}

}  // namespace
}  // namespace monolens
