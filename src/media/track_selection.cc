#include "media/track_selection.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string_view>

extern "C" {
#include <libavutil/display.h>
}

namespace monolens {
namespace {

bool is_analysed(const AVStream& stream) {
  if ((stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0) return false;
  const AVMediaType type = stream.codecpar->codec_type;
  if (type != AVMEDIA_TYPE_VIDEO && type != AVMEDIA_TYPE_AUDIO) return false;
  return avcodec_find_decoder(stream.codecpar->codec_id) != nullptr;
}

const AVProgram* program_of(const AVFormatContext& format, int stream_index) {
  for (unsigned p = 0; p < format.nb_programs; ++p) {
    const AVProgram* program = format.programs[p];
    for (unsigned i = 0; i < program->nb_stream_indexes; ++i) {
      if (static_cast<int>(program->stream_index[i]) == stream_index) return program;
    }
  }
  return nullptr;
}

bool contains(const AVProgram* program, const AVStream& stream) {
  if (program == nullptr) return true;
  const unsigned* end = program->stream_index + program->nb_stream_indexes;
  return std::find<const unsigned*>(program->stream_index, end, static_cast<unsigned>(stream.index)) != end;
}

Result<const AVProgram*> find_program(const AVFormatContext& format, int number) {
  std::vector<int> present;
  for (unsigned p = 0; p < format.nb_programs; ++p) {
    if (format.programs[p]->id == number) return format.programs[p];
    present.push_back(format.programs[p]->id);
  }
  if (present.empty())
    return Error{ErrorCode::kUsage, fmt::format("no program {}: the input has no programs", number)};
  return Error{ErrorCode::kUsage,
               fmt::format("no program {}; there are {}", number, fmt::join(present, ", "))};
}

bool has_variants(const AVFormatContext& format) {
  const std::string_view name = format.iformat->name;
  return name == "hls" || name == "dash";
}

// Of a playlist's variant what the playlist says: that of its streams is rarely known.
std::int64_t bit_rate_of(const AVStream& stream) {
  const auto* said = av_dict_get(stream.metadata, "variant_bitrate", nullptr, 0);
  return said != nullptr ? std::strtoll(said->value, nullptr, 10) : stream.codecpar->bit_rate;
}

// The size of the picture decides, then the bit rate; the first of equals. Pictures of unknown size are none
// to choose among variants.
const AVStream* chosen_video(const AVFormatContext& format, const AVProgram* program, Variant variant) {
  const AVStream* best = nullptr;
  const bool lowest = variant == Variant::kLowest && has_variants(format);
  const auto rank = [](const AVStream& s) {
    return std::pair(static_cast<std::int64_t>(s.codecpar->width) * s.codecpar->height, bit_rate_of(s));
  };
  const auto is_better = [&](const AVStream& a, const AVStream& b) {
    if (!lowest || a.codecpar->width == 0 || b.codecpar->width == 0) return rank(a) > rank(b);
    return rank(a) < rank(b);
  };
  for (unsigned i = 0; i < format.nb_streams; ++i) {
    const AVStream& stream = *format.streams[i];
    if (stream.codecpar->codec_type != AVMEDIA_TYPE_VIDEO || !is_analysed(stream) ||
        !contains(program, stream))
      continue;
    if (best == nullptr || is_better(stream, *best)) best = &stream;
  }
  return best;
}

int rotation_of(const AVStream& stream) {
  const auto* matrix = reinterpret_cast<const std::int32_t*>(
      av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr));
  if (matrix == nullptr) return 0;
  const double degrees = -av_display_rotation_get(matrix);
  if (std::isnan(degrees)) return 0;
  return (static_cast<int>(std::lround(degrees)) % 360 + 360) % 360;
}

// Of a track without pictures FFmpeg tells the ticks of the container's clock.
constexpr double kMostFps = 1000;

double nominal_fps(const AVStream& stream) {
  const AVRational rate = stream.avg_frame_rate.num > 0 ? stream.avg_frame_rate : stream.r_frame_rate;
  const double fps = rate.num > 0 && rate.den > 0 ? av_q2d(rate) : 0;
  return fps <= kMostFps ? fps : 0;
}

TrackInfo describe_track(const AVFormatContext& format, const AVStream& stream, int index) {
  const AVCodecParameters& p = *stream.codecpar;
  TrackInfo track;
  track.index = index;
  track.codec = avcodec_get_name(p.codec_id);
  if ((format.iformat->flags & AVFMT_SHOW_IDS) != 0) track.id = stream.id;
  if (const auto* language = av_dict_get(stream.metadata, "language", nullptr, 0))
    track.language = language->value;
  if (p.codec_type == AVMEDIA_TYPE_VIDEO) {
    track.type = TrackType::kVideo;
    track.width = p.width;
    track.height = p.height;
    track.fps = nominal_fps(stream);
    track.rotation = rotation_of(stream);
    if (const char* name = av_get_pix_fmt_name(static_cast<AVPixelFormat>(p.format)))
      track.pixel_format = name;
  } else {
    track.type = TrackType::kAudio;
    track.sample_rate = p.sample_rate;
    track.channels = p.ch_layout.nb_channels;
  }
  return track;
}

}  // namespace

Result<TrackSelection> select_tracks(AVFormatContext& format, std::optional<int> number, Variant variant) {
  const AVProgram* program = nullptr;
  if (number) {
    auto found = find_program(format, *number);
    if (!found) return found.error();
    program = *found;
  }
  const AVStream* video = chosen_video(format, program, variant);
  if (program == nullptr && video != nullptr) program = program_of(format, video->index);

  TrackSelection selection;
  if (program != nullptr) selection.program = program->id;
  selection.track_of_stream.assign(format.nb_streams, -1);
  const auto add = [&](AVStream& stream) {
    selection.track_of_stream[static_cast<std::size_t>(stream.index)] =
        static_cast<int>(selection.streams.size());
    selection.streams.push_back(&stream);
  };
  if (video != nullptr) add(*format.streams[video->index]);
  for (unsigned i = 0; i < format.nb_streams; ++i) {
    AVStream& stream = *format.streams[i];
    const bool audio = stream.codecpar->codec_type == AVMEDIA_TYPE_AUDIO && is_analysed(stream);
    if (audio && contains(program, stream)) add(stream);
    if (selection.track_of_stream[i] < 0) stream.discard = AVDISCARD_ALL;
  }
  if (selection.streams.empty())
    return Error{ErrorCode::kNotMedia, "holds no video or audio that can be decoded"};
  return selection;
}

InputInfo describe(const AVFormatContext& format, const TrackSelection& selection) {
  InputInfo info;
  info.format = format.iformat->name;
  info.program = selection.program;
  if (format.duration > 0) info.duration = av::to_duration(format.duration, AVRational{1, AV_TIME_BASE});
  int audio_tracks = 0;
  for (const AVStream* stream : selection.streams) {
    const bool video = stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO;
    info.tracks.push_back(describe_track(format, *stream, video ? 0 : audio_tracks++));
  }
  return info;
}

}  // namespace monolens
