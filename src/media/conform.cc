#include "media/conform.h"

#include <algorithm>

#include "media/av.h"

namespace monolens {

PictureScaler::PictureScaler(int width, int height) : width_(width), height_(height) {}
PictureScaler::~PictureScaler() { sws_freeContext(scaler_); }

bool PictureScaler::scale(const Frame& frame, std::vector<std::uint8_t>& samples) {
  const AVFrame& from = *frame.buffer;
  scaler_ = sws_getCachedContext(scaler_, from.width, from.height, static_cast<AVPixelFormat>(from.format),
                                 width_, height_, AV_PIX_FMT_YUV420P,
                                 SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT, nullptr, nullptr, nullptr);
  if (scaler_ == nullptr) return false;
  const auto luma = static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_);
  samples.resize(luma + luma / 2);
  std::uint8_t* const planes[4] = {samples.data(), samples.data() + luma, samples.data() + luma + luma / 4,
                                   nullptr};
  const int strides[4] = {width_, width_ / 2, width_ / 2, 0};
  return sws_scale(scaler_, from.data, from.linesize, 0, from.height, planes, strides) == height_;
}

std::vector<std::vector<float>> resample(const std::vector<std::vector<float>>& channels, int from, int to) {
  if (channels.empty()) return {};
  AVChannelLayout layout;
  av_channel_layout_default(&layout, static_cast<int>(channels.size()));
  SwrContext* made = nullptr;
  const int rc = swr_alloc_set_opts2(&made, &layout, AV_SAMPLE_FMT_FLTP, to, &layout, AV_SAMPLE_FMT_FLTP,
                                     from, 0, nullptr);
  const av::Owned<SwrContext> converter(made);
  av_channel_layout_uninit(&layout);
  if (rc < 0 || swr_init(made) < 0) return {};
  const auto samples = static_cast<std::int64_t>(channels.front().size());
  const std::int64_t wanted = av_rescale(samples, to, from);
  std::vector<std::vector<float>> out(channels.size(), std::vector<float>(static_cast<std::size_t>(wanted)));
  std::vector<const std::uint8_t*> input;
  std::vector<std::uint8_t*> output;
  for (const auto& c : channels) input.push_back(reinterpret_cast<const std::uint8_t*>(c.data()));
  for (auto& c : out) output.push_back(reinterpret_cast<std::uint8_t*>(c.data()));
  const int first =
      swr_convert(made, output.data(), static_cast<int>(wanted), input.data(), static_cast<int>(samples));
  if (first < 0) return {};
  for (std::size_t c = 0; c < out.size(); ++c) output[c] += static_cast<std::size_t>(first) * sizeof(float);
  swr_convert(made, output.data(), static_cast<int>(wanted - first), nullptr, 0);
  return out;
}

}  // namespace monolens
