#include "media/testing/test_media.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <stdexcept>
#include <utility>

extern "C" {
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
}

namespace monolens {
namespace {

int must(int rc, const char* what) {
  if (rc < 0) throw std::runtime_error(std::string(what) + ": " + av::error_text(rc));
  return rc;
}

// Writes a value in the format's own words to one plane.
void fill_plane(AVFrame& frame, int plane, int value) {
  const auto* d = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  const bool chroma = plane > 0;
  const int rows = chroma ? AV_CEIL_RSHIFT(frame.height, d->log2_chroma_h) : frame.height;
  const int columns = chroma ? AV_CEIL_RSHIFT(frame.width, d->log2_chroma_w) : frame.width;
  for (int y = 0; y < rows; ++y) {
    std::uint8_t* row = frame.data[plane] + static_cast<std::ptrdiff_t>(y) * frame.linesize[plane];
    for (int x = 0; x < columns; ++x) {
      if (d->comp[0].depth > 8) {
        const auto word = static_cast<std::uint16_t>(value);
        std::memcpy(row + 2 * x, &word, sizeof word);
      } else {
        row[x] = static_cast<std::uint8_t>(value);
      }
    }
  }
}

void paint_gradient(AVFrame& frame, int n) {
  fill(frame, 128);
  const auto* d = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  if (d->comp[0].depth > 8) return;
  for (int y = 0; y < frame.height; ++y) {
    for (int x = 0; x < frame.width; ++x) {
      frame.data[0][y * frame.linesize[0] + x] = static_cast<std::uint8_t>(40 + (2 * x + y + 3 * n) % 160);
    }
  }
}

double tone(double t, int) { return 0.1 * std::sin(2 * std::numbers::pi * 440 * t); }

void store(AVFrame& frame, int channel, int i, double value) {
  const auto format = static_cast<AVSampleFormat>(frame.format);
  const bool planar = av_sample_fmt_is_planar(format) != 0;
  const int at = planar ? i : i * frame.ch_layout.nb_channels + channel;
  std::uint8_t* data = frame.extended_data[planar ? channel : 0] + at * av_get_bytes_per_sample(format);
  switch (av_get_packed_sample_fmt(format)) {
    case AV_SAMPLE_FMT_S16: {
      const auto sample = static_cast<std::int16_t>(std::lround(std::clamp(value, -1.0, 1.0) * 32767));
      std::memcpy(data, &sample, sizeof sample);
      break;
    }
    case AV_SAMPLE_FMT_FLT: {
      const auto sample = static_cast<float>(value);
      std::memcpy(data, &sample, sizeof sample);
      break;
    }
    default:
      throw std::runtime_error("a sample format that tests don't make");
  }
}

}  // namespace

struct TestMedia::Track {
  AVStream* stream = nullptr;
  av::Owned<AVCodecContext> encoder;
  TestVideo video;
  TestAudio audio;
  std::vector<av::Owned<AVPacket>> packets;

  void encode(const AVFrame* frame);
  void encode_video();
  void encode_audio();
};

void TestMedia::Track::encode(const AVFrame* frame) {
  must(avcodec_send_frame(encoder.get(), frame), "encode");
  for (;;) {
    av::Owned<AVPacket> packet(av_packet_alloc());
    if (avcodec_receive_packet(encoder.get(), packet.get()) < 0) return;
    packet->stream_index = stream->index;
    packets.push_back(std::move(packet));
  }
}

void TestMedia::Track::encode_video() {
  const auto start = std::llround(video.start_s * video.fps);
  for (int n = 0; n < video.frames; ++n) {
    av::Owned<AVFrame> frame(av_frame_alloc());
    frame->format = video.format;
    frame->width = video.width;
    frame->height = video.height;
    frame->pts = start + n;
    must(av_frame_get_buffer(frame.get(), 0), "frame");
    (video.paint ? video.paint : paint_gradient)(*frame, n);
    encode(frame.get());
  }
  encode(nullptr);
}

void TestMedia::Track::encode_audio() {
  const auto total = std::llround(audio.seconds * audio.sample_rate);
  const auto start = std::llround(audio.start_s * audio.sample_rate);
  const int size = encoder->frame_size > 0 ? encoder->frame_size : 1024;
  for (std::int64_t at = 0; at < total; at += size) {
    av::Owned<AVFrame> frame(av_frame_alloc());
    frame->format = audio.format;
    frame->nb_samples = static_cast<int>(std::min<std::int64_t>(size, total - at));
    frame->sample_rate = audio.sample_rate;
    frame->pts = start + at;
    must(av_channel_layout_copy(&frame->ch_layout, &encoder->ch_layout), "layout");
    must(av_frame_get_buffer(frame.get(), 0), "samples");
    for (int c = 0; c < audio.channels; ++c) {
      for (int i = 0; i < frame->nb_samples; ++i) {
        const double t = static_cast<double>(at + i) / audio.sample_rate;
        store(*frame, c, i, (audio.sample ? audio.sample : tone)(t, c));
      }
    }
    encode(frame.get());
  }
  encode(nullptr);
}

TestMedia::TestMedia(std::string container, std::map<std::string, std::string> options) {
  must(avformat_alloc_output_context2(&format_, nullptr, container.c_str(), nullptr), container.c_str());
  format_->flags |= AVFMT_FLAG_BITEXACT;
  for (const auto& [name, value] : options) av_dict_set(&options_, name.c_str(), value.c_str(), 0);
}

TestMedia::~TestMedia() {
  av_dict_free(&options_);
  avformat_free_context(format_);
}

TestMedia::Track& TestMedia::add_track(const std::string& codec, int program) {
  const AVCodec* encoder = avcodec_find_encoder_by_name(codec.c_str());
  if (encoder == nullptr) throw std::runtime_error("no encoder " + codec);
  tracks_.push_back(std::make_unique<Track>());
  Track& track = *tracks_.back();
  track.encoder.reset(avcodec_alloc_context3(encoder));
  track.encoder->flags |= AV_CODEC_FLAG_BITEXACT;
  track.encoder->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
  if ((format_->oformat->flags & AVFMT_GLOBALHEADER) != 0) {
    track.encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  }
  track.stream = avformat_new_stream(format_, nullptr);
  if (program != 0) {
    av_new_program(format_, program);
    av_program_add_stream_index(format_, program, static_cast<unsigned>(track.stream->index));
  }
  return track;
}

void TestMedia::open(Track& track) {
  must(avcodec_open2(track.encoder.get(), nullptr, nullptr), "open the encoder");
  must(avcodec_parameters_from_context(track.stream->codecpar, track.encoder.get()), "parameters");
  track.stream->time_base = track.encoder->time_base;
}

TestMedia& TestMedia::add(const TestVideo& video) {
  Track& track = add_track(video.codec, video.program);
  track.video = video;
  AVCodecContext& e = *track.encoder;
  e.width = video.width;
  e.height = video.height;
  e.pix_fmt = video.format;
  e.time_base = {1, video.fps};
  e.framerate = {video.fps, 1};
  e.gop_size = video.gop;
  e.max_b_frames = video.b_frames;
  e.color_range = video.range;
  e.flags |= AV_CODEC_FLAG_QSCALE;
  e.global_quality = 2 * FF_QP2LAMBDA;
  open(track);
  track.stream->avg_frame_rate = e.framerate;
  if (video.attached_picture) track.stream->disposition = AV_DISPOSITION_ATTACHED_PIC;
  if (video.rotation != 0) {
    constexpr std::size_t kMatrixBytes = 9 * sizeof(std::int32_t);
    auto* matrix = reinterpret_cast<std::int32_t*>(
        av_stream_new_side_data(track.stream, AV_PKT_DATA_DISPLAYMATRIX, kMatrixBytes));
    av_display_rotation_set(matrix, video.rotation);
  }
  track.encode_video();
  return *this;
}

TestMedia& TestMedia::add(const TestAudio& audio) {
  Track& track = add_track(audio.codec, audio.program);
  track.audio = audio;
  AVCodecContext& e = *track.encoder;
  e.sample_rate = audio.sample_rate;
  e.sample_fmt = audio.format;
  e.time_base = {1, audio.sample_rate};
  av_channel_layout_default(&e.ch_layout, audio.channels);
  open(track);
  if (!audio.language.empty()) {
    av_dict_set(&track.stream->metadata, "language", audio.language.c_str(), 0);
  }
  track.encode_audio();
  return *this;
}

Bytes TestMedia::bytes() {
  must(avio_open_dyn_buf(&format_->pb), "memory");
  must(avformat_write_header(format_, &options_), "header");
  std::vector<std::pair<Track*, AVPacket*>> all;
  for (const auto& track : tracks_) {
    for (const auto& packet : track->packets) all.emplace_back(track.get(), packet.get());
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return av_compare_ts(a.second->dts, a.first->encoder->time_base, b.second->dts,
                         b.first->encoder->time_base) < 0;
  });
  for (const auto& [track, packet] : all) {
    av_packet_rescale_ts(packet, track->encoder->time_base, track->stream->time_base);
    must(av_write_frame(format_, packet), "write");
  }
  must(av_write_trailer(format_), "trailer");
  std::uint8_t* data = nullptr;
  const int size = avio_close_dyn_buf(format_->pb, &data);
  format_->pb = nullptr;
  const auto* begin = reinterpret_cast<const std::byte*>(data);
  Bytes bytes(begin, begin + size);
  av_free(data);
  return bytes;
}

void fill(AVFrame& frame, int luma, int cb, int cr) {
  const auto* d = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  const int neutral = 1 << (d->comp[0].depth - 1);
  const int planes = av_pix_fmt_count_planes(static_cast<AVPixelFormat>(frame.format));
  if (planes < 1 || (d->flags & AV_PIX_FMT_FLAG_PLANAR) == 0) {
    for (int y = 0; y < frame.height; ++y) {
      const int bytes = av_image_get_linesize(static_cast<AVPixelFormat>(frame.format), frame.width, 0);
      std::memset(frame.data[0] + static_cast<std::ptrdiff_t>(y) * frame.linesize[0], luma,
                  static_cast<std::size_t>(bytes));
    }
    return;
  }
  fill_plane(frame, 0, luma);
  if (planes == 2) {  // NV12: one plane of pairs
    for (int y = 0; y < (frame.height + 1) / 2; ++y) {
      std::memset(frame.data[1] + static_cast<std::ptrdiff_t>(y) * frame.linesize[1], neutral,
                  static_cast<std::size_t>((frame.width + 1) & ~1));
    }
  }
  if (planes < 3) return;
  fill_plane(frame, 1, cb < 0 ? neutral : cb);
  fill_plane(frame, 2, cr < 0 ? neutral : cr);
}

Result<std::unique_ptr<Source>> open_source(const Bytes& bytes, std::optional<int> program) {
  SourceOptions options;
  options.url = "memory";
  options.program = program;
  options.bytes = memory_stream(bytes);
  return Source::open(std::move(options));
}

}  // namespace monolens
