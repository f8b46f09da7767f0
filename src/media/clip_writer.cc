#include "media/clip_writer.h"

#include <fmt/format.h>

#include <optional>

#include "media/av.h"
#include "media/log_capture.h"

namespace monolens {
namespace {

struct FreeParameters {
  void operator()(AVCodecParameters* p) const { avcodec_parameters_free(&p); }
};

struct FreeFormat {
  void operator()(AVFormatContext* f) const { avformat_free_context(f); }
};

Error failure(const char* what, int rc) {
  return {ErrorCode::kUnreadable, fmt::format("can't {} a clip: {}", what, av::error_text(rc))};
}

}  // namespace

struct ClipWriter::Track {
  std::unique_ptr<AVCodecParameters, FreeParameters> parameters;
  AVRational time_base;
};

ClipWriter::ClipWriter(const Source& source) {
  capture_ffmpeg_log();
  for (int i = 0; i < static_cast<int>(source.info().tracks.size()); ++i) {
    auto track = std::make_unique<Track>();
    track->parameters.reset(avcodec_parameters_alloc());
    avcodec_parameters_copy(track->parameters.get(), &source.parameters(i));
    track->parameters->codec_tag = 0;  // MP4 has tags of its own
    const auto [numerator, denominator] = source.time_base(i);
    track->time_base = {numerator, denominator};
    tracks_.push_back(std::move(track));
  }
}

ClipWriter::~ClipWriter() = default;

std::optional<MediaDuration> ClipWriter::decode_time(const AVPacket& packet, int track) const {
  const std::int64_t ts = packet.dts != AV_NOPTS_VALUE ? packet.dts : packet.pts;
  if (ts == AV_NOPTS_VALUE) return std::nullopt;
  return av::to_duration(ts, tracks_[static_cast<std::size_t>(track)]->time_base);
}

Result<std::vector<std::uint8_t>> ClipWriter::write(std::span<const Part> parts) const {
  AVFormatContext* made = nullptr;
  int rc = avformat_alloc_output_context2(&made, nullptr, "mp4", nullptr);
  if (rc < 0) return failure("begin", rc);
  const std::unique_ptr<AVFormatContext, FreeFormat> format(made);
  std::vector<AVStream*> streams(tracks_.size(), nullptr);
  for (const Part& part : parts) {
    AVStream*& stream = streams[static_cast<std::size_t>(part.track)];
    if (stream != nullptr) continue;
    const Track& track = *tracks_[static_cast<std::size_t>(part.track)];
    stream = avformat_new_stream(format.get(), nullptr);
    avcodec_parameters_copy(stream->codecpar, track.parameters.get());
    stream->time_base = track.time_base;
  }
  rc = avio_open_dyn_buf(&format->pb);
  if (rc < 0) return failure("hold", rc);

  std::optional<MediaDuration> first;
  for (const Part& part : parts) {
    const auto time = decode_time(*part.packet, part.track);
    if (!first || time < first) first = time;
  }
  rc = avformat_write_header(format.get(), nullptr);
  const bool begun = rc >= 0;
  for (const Part& part : parts) {
    if (rc < 0) break;
    const av::Owned<AVPacket> packet(av_packet_clone(part.packet));
    const AVRational base = tracks_[static_cast<std::size_t>(part.track)]->time_base;
    AVStream* stream = streams[static_cast<std::size_t>(part.track)];
    const std::int64_t shift = av_rescale_q(first->ns(), av::kNanoseconds, base);
    if (packet->dts == AV_NOPTS_VALUE) packet->dts = packet->pts;
    packet->dts -= shift;
    if (packet->pts != AV_NOPTS_VALUE) packet->pts -= shift;
    av_packet_rescale_ts(packet.get(), base, stream->time_base);
    packet->stream_index = stream->index;
    packet->pos = -1;
    rc = av_interleaved_write_frame(format.get(), packet.get());
  }
  if (begun) {
    const int ended = av_write_trailer(format.get());
    if (rc >= 0) rc = ended;
  }
  std::uint8_t* data = nullptr;
  const int size = avio_close_dyn_buf(format->pb, &data);
  format->pb = nullptr;
  std::vector<std::uint8_t> bytes(data, data + size);
  av_free(data);
  if (rc < 0) return failure("write", rc);
  return bytes;
}

std::unique_ptr<AVPacket, FreePacket> share(const AVPacket& packet) {
  return std::unique_ptr<AVPacket, FreePacket>(av_packet_clone(&packet));
}

bool is_key(const AVPacket& packet) { return (packet.flags & AV_PKT_FLAG_KEY) != 0; }

}  // namespace monolens
