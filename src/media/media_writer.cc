#include "media/media_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "media/av.h"
#include "media/log_capture.h"

namespace monolens {
namespace {

constexpr int kSamplesAFrame = 1024;  // where the encoder takes any number

struct Track {
  av::Owned<AVCodecContext> encoder;
  AVStream* stream = nullptr;
  std::vector<av::Owned<AVPacket>> packets;
};

Error failure(const std::string& what, int rc) {
  return {ErrorCode::kInternal, fmt::format("can't {}: {}", what, av::error_text(rc))};
}

void store(AVFrame& frame, int channel, int i, float value) {
  const float held = std::clamp(value, -1.0F, 1.0F);
  switch (frame.format) {
    case AV_SAMPLE_FMT_FLTP:
      reinterpret_cast<float*>(frame.extended_data[channel])[i] = value;
      break;
    case AV_SAMPLE_FMT_S16P:
      reinterpret_cast<std::int16_t*>(frame.extended_data[channel])[i] =
          static_cast<std::int16_t>(std::lround(held * 32767.0F));
      break;
    default:
      reinterpret_cast<std::int16_t*>(
          frame.extended_data[0])[static_cast<std::ptrdiff_t>(i) * frame.ch_layout.nb_channels + channel] =
          static_cast<std::int16_t>(std::lround(held * 32767.0F));
      break;
  }
}

}  // namespace

class MediaWriter::Impl {
 public:
  ~Impl() { avformat_free_context(format_); }
  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> open(const std::string& container);
  Result<void> add_video(const VideoCoding& coding);
  Result<void> add_audio(const AudioCoding& coding);
  Result<void> add_picture(const std::array<Plane, 3>& planes, std::int64_t tick);
  Result<void> add_sound(std::span<const float* const> channels, std::int64_t samples,
                         const std::function<std::int64_t(std::int64_t)>& sample_time);
  Result<std::vector<std::byte>> finish();

 private:
  Result<std::unique_ptr<Track>> make_track(const std::string& codec);
  static Result<void> start(Track& track, AVDictionary** options);
  static Result<void> encode(Track& track, const AVFrame* frame);
  Result<void> write_packets();

  AVFormatContext* format_ = nullptr;
  std::unique_ptr<Track> video_;
  std::unique_ptr<Track> audio_;
};

Result<void> MediaWriter::Impl::open(const std::string& container) {
  capture_ffmpeg_log();
  const int rc = avformat_alloc_output_context2(&format_, nullptr, container.c_str(), nullptr);
  if (rc < 0) return failure("write " + container, rc);
  format_->flags |= AVFMT_FLAG_BITEXACT;
  return {};
}

Result<std::unique_ptr<Track>> MediaWriter::Impl::make_track(const std::string& codec) {
  const AVCodec* encoder = avcodec_find_encoder_by_name(codec.c_str());
  if (encoder == nullptr)
    return Error{ErrorCode::kUsage, fmt::format("this FFmpeg has no encoder '{}'", codec)};
  auto track = std::make_unique<Track>();
  track->encoder.reset(avcodec_alloc_context3(encoder));
  track->encoder->flags |= AV_CODEC_FLAG_BITEXACT;
  track->encoder->thread_count = 1;
  if ((format_->oformat->flags & AVFMT_GLOBALHEADER) != 0)
    track->encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  track->stream = avformat_new_stream(format_, nullptr);
  return track;
}

Result<void> MediaWriter::Impl::start(Track& track, AVDictionary** options) {
  const std::string name = track.encoder->codec->name;
  const int rc = avcodec_open2(track.encoder.get(), nullptr, options);
  av_dict_free(options);
  if (rc < 0) return failure("open the encoder " + name, rc);
  avcodec_parameters_from_context(track.stream->codecpar, track.encoder.get());
  track.stream->time_base = track.encoder->time_base;
  return {};
}

Result<void> MediaWriter::Impl::add_video(const VideoCoding& coding) {
  auto track = make_track(coding.codec);
  if (!track) return track.error();
  video_ = std::move(*track);
  AVCodecContext& e = *video_->encoder;
  e.width = coding.width;
  e.height = coding.height;
  e.pix_fmt = AV_PIX_FMT_YUV420P;
  e.time_base = {coding.rate_den, coding.rate_num};
  e.framerate = {coding.rate_num, coding.rate_den};
  e.gop_size = coding.gop;
  e.color_range = AVCOL_RANGE_MPEG;
  if (coding.interlaced) {
    e.flags |= AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME;
    e.field_order = AV_FIELD_TT;
  }
  AVDictionary* options = nullptr;
  for (const auto& [name, value] : coding.options) {
    if (name == "qscale") {
      e.flags |= AV_CODEC_FLAG_QSCALE;
      e.global_quality = std::stoi(value) * FF_QP2LAMBDA;
    } else {
      av_dict_set(&options, name.c_str(), value.c_str(), 0);
    }
  }
  auto started = start(*video_, &options);
  if (started) video_->stream->avg_frame_rate = e.framerate;
  return started;
}

Result<void> MediaWriter::Impl::add_audio(const AudioCoding& coding) {
  auto track = make_track(coding.codec);
  if (!track) return track.error();
  audio_ = std::move(*track);
  AVCodecContext& e = *audio_->encoder;
  e.sample_rate = coding.sample_rate;
  e.sample_fmt = e.codec->sample_fmts != nullptr ? e.codec->sample_fmts[0] : AV_SAMPLE_FMT_S16;
  e.time_base = {1, coding.sample_rate};
  if (coding.bit_rate > 0) e.bit_rate = coding.bit_rate;
  av_channel_layout_default(&e.ch_layout, coding.channels);
  AVDictionary* none = nullptr;
  return start(*audio_, &none);
}

Result<void> MediaWriter::Impl::encode(Track& track, const AVFrame* frame) {
  int rc = avcodec_send_frame(track.encoder.get(), frame);
  if (rc < 0) return failure("encode", rc);
  for (;;) {
    av::Owned<AVPacket> packet(av_packet_alloc());
    rc = avcodec_receive_packet(track.encoder.get(), packet.get());
    if (rc == AVERROR(EAGAIN) || rc == AVERROR_EOF) return {};
    if (rc < 0) return failure("encode", rc);
    packet->stream_index = track.stream->index;
    if (track.encoder->codec_type == AVMEDIA_TYPE_VIDEO && packet->duration == 0) packet->duration = 1;
    track.packets.push_back(std::move(packet));
  }
}

Result<void> MediaWriter::Impl::add_picture(const std::array<Plane, 3>& planes, std::int64_t tick) {
  const av::Owned<AVFrame> frame(av_frame_alloc());
  frame->format = AV_PIX_FMT_YUV420P;
  frame->width = video_->encoder->width;
  frame->height = video_->encoder->height;
  frame->pts = tick;
  frame->color_range = AVCOL_RANGE_MPEG;
  const bool fields = (video_->encoder->flags & AV_CODEC_FLAG_INTERLACED_DCT) != 0;
  frame->interlaced_frame = fields ? 1 : 0;
  frame->top_field_first = fields ? 1 : 0;
  const int rc = av_frame_get_buffer(frame.get(), 0);
  if (rc < 0) return failure("hold a picture", rc);
  for (std::size_t p = 0; p < 3; ++p) {
    for (int y = 0; y < planes[p].height; ++y) {
      std::memcpy(frame->data[p] + static_cast<std::ptrdiff_t>(y) * frame->linesize[p],
                  planes[p].data + y * planes[p].stride, static_cast<std::size_t>(planes[p].width));
    }
  }
  return encode(*video_, frame.get());
}

Result<void> MediaWriter::Impl::add_sound(std::span<const float* const> channels, std::int64_t samples,
                                          const std::function<std::int64_t(std::int64_t)>& sample_time) {
  AVCodecContext& e = *audio_->encoder;
  const std::int64_t size = e.frame_size > 0 ? e.frame_size : kSamplesAFrame;
  for (std::int64_t at = 0; at < samples; at += size) {
    const av::Owned<AVFrame> frame(av_frame_alloc());
    frame->format = e.sample_fmt;
    frame->nb_samples = static_cast<int>(std::min(size, samples - at));
    frame->sample_rate = e.sample_rate;
    frame->pts = sample_time(at);
    av_channel_layout_copy(&frame->ch_layout, &e.ch_layout);
    const int rc = av_frame_get_buffer(frame.get(), 0);
    if (rc < 0) return failure("hold sound", rc);
    for (int c = 0; c < e.ch_layout.nb_channels; ++c) {
      for (int i = 0; i < frame->nb_samples; ++i)
        store(*frame, c, i, channels[static_cast<std::size_t>(c)][at + i]);
    }
    auto encoded = encode(*audio_, frame.get());
    if (!encoded) return encoded;
  }
  return {};
}

// In the order of decoding, as a multiplexer that sees all of it would.
Result<void> MediaWriter::Impl::write_packets() {
  std::vector<std::pair<Track*, AVPacket*>> all;
  for (Track* track : {video_.get(), audio_.get()}) {
    if (track == nullptr) continue;
    auto flushed = encode(*track, nullptr);
    if (!flushed) return flushed;
    for (const auto& packet : track->packets) all.emplace_back(track, packet.get());
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return av_compare_ts(a.second->dts, a.first->encoder->time_base, b.second->dts,
                         b.first->encoder->time_base) < 0;
  });
  int rc = avformat_write_header(format_, nullptr);
  if (rc < 0) return failure("write the header", rc);
  for (const auto& [track, packet] : all) {
    av_packet_rescale_ts(packet, track->encoder->time_base, track->stream->time_base);
    rc = av_write_frame(format_, packet);
    if (rc < 0) return failure("write a packet", rc);
  }
  rc = av_write_trailer(format_);
  if (rc < 0) return failure("write the trailer", rc);
  return {};
}

Result<std::vector<std::byte>> MediaWriter::Impl::finish() {
  const int rc = avio_open_dyn_buf(&format_->pb);
  if (rc < 0) return failure("hold the file", rc);
  auto written = write_packets();
  std::uint8_t* data = nullptr;
  const int size = avio_close_dyn_buf(format_->pb, &data);
  format_->pb = nullptr;
  const auto* begin = reinterpret_cast<const std::byte*>(data);
  std::vector<std::byte> bytes(begin, begin + size);
  av_free(data);
  if (!written) return written.error();
  return bytes;
}

MediaWriter::MediaWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MediaWriter::~MediaWriter() = default;

Result<std::unique_ptr<MediaWriter>> MediaWriter::create(const std::string& container,
                                                         const std::optional<VideoCoding>& video,
                                                         const std::optional<AudioCoding>& audio) {
  auto impl = std::make_unique<Impl>();
  auto made = impl->open(container);
  if (made && video) made = impl->add_video(*video);
  if (made && audio) made = impl->add_audio(*audio);
  if (!made) return made.error();
  return std::unique_ptr<MediaWriter>(new MediaWriter(std::move(impl)));
}

Result<void> MediaWriter::add_picture(const std::array<Plane, 3>& planes, std::int64_t tick) {
  return impl_->add_picture(planes, tick);
}

Result<void> MediaWriter::add_sound(std::span<const float* const> channels, std::int64_t samples,
                                    const std::function<std::int64_t(std::int64_t)>& sample_time) {
  return impl_->add_sound(channels, samples, sample_time);
}

Result<std::vector<std::byte>> MediaWriter::finish() { return impl_->finish(); }

}  // namespace monolens
