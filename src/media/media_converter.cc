#include "media/media_converter.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "media/av.h"
#include "media/frame_pool.h"
#include "media/log_capture.h"
#include "media/picture.h"
#include "media/sound.h"
#include "media/timeline.h"

namespace monolens {
namespace {

// A stream that is joined between key frames decodes to grey until the next one; players wait for it, and so
// do we, but not for ever: some streams have none.
constexpr int kMostPacketsBeforeKey = 300;

// What damage does to a picture spreads to those that refer to it, up to the next key picture; in streams
// that refresh a part of each picture instead, for this long at most.
constexpr auto kDamageSpreads = MediaDuration::milliseconds(10'000);

// As Timeline has it: a step of that length is a jump in what may jump.
constexpr auto kFar = MediaDuration::milliseconds(10'000);

AVDiscard discard_for(Profile profile) {
  switch (profile) {
    case Profile::kFull:
      return AVDISCARD_DEFAULT;
    case Profile::kEconomy:
      return AVDISCARD_NONREF;
    case Profile::kKeyFrames:
      return AVDISCARD_NONKEY;
  }
  return AVDISCARD_DEFAULT;
}

struct TrackDecoder {
  int track = 0;  // in InputInfo::tracks and in the timeline
  bool video = false;
  bool every_frame = true;  // the profile leaves none out
  AVRational time_base{1, 1};
  MediaDuration frame_duration;  // nominal, 0 = unknown
  MediaDuration epoch;           // of its timestamps, against that of the input's first sample
  std::unique_ptr<DecoderLog> log = std::make_unique<DecoderLog>();
  av::Owned<AVCodecContext> codec;
  FramePool pool;
  PictureAdapter pictures;
  SoundAdapter sounds;
  int packets_before_key = 0;
  bool joined = false;
  std::optional<MediaTime> damaged;  // when damage was told of last, until a key picture follows

  bool has_errors() const { return log->errors.load(std::memory_order_relaxed) > 0; }
};

// Whether `gap` is a number of samples as long as the one after it, to the precision of the timestamps.
// Codecs whose frames vary in length can't tell.
bool is_whole(const TrackDecoder& d, MediaDuration gap, MediaDuration sample) {
  if (sample.ns() <= 0 || (!d.video && d.codec->frame_size <= 0)) return true;
  const std::int64_t rest = gap.ns() % sample.ns();
  const std::int64_t tick = av::to_duration(1, d.time_base).ns();
  return std::min(rest, sample.ns() - rest) <= 2 * tick;
}

}  // namespace

class MediaConverter::Impl {
 public:
  explicit Impl(const Source& source)
      : timeline_({.may_jump = source.timestamps_may_jump(), .origin = source.origin()}) {}

  Result<void> add(const Source& source, int track, const ConverterOptions& options);
  void convert(const Packet& packet, MediaSink& sink);
  void flush(MediaSink& sink);
  MediaTime front() const { return front_; }

 private:
  bool wait_for_key(TrackDecoder& d, const AVPacket& packet) const;
  void decode(TrackDecoder& d, const AVPacket* packet, MediaTime at, MediaSink& sink);
  void receive(TrackDecoder& d, MediaSink& sink);
  Placement place(TrackDecoder& d, const AVFrame& decoded, MediaDuration duration, MediaSink& sink);
  MediaTime time_of(const TrackDecoder& d, const AVPacket& packet) const;
  MediaTime near_front(MediaTime time) const;
  static bool is_suspect(TrackDecoder& d, const Frame& frame);

  Timeline timeline_;
  std::vector<std::unique_ptr<TrackDecoder>> decoders_;
  MediaTime front_;
  std::optional<MediaDuration> first_epoch_;
};

Result<void> MediaConverter::Impl::add(const Source& source, int track, const ConverterOptions& options) {
  const TrackInfo& info = source.info().tracks[static_cast<std::size_t>(track)];
  const AVCodecParameters& parameters = source.parameters(track);
  const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
  auto d = std::make_unique<TrackDecoder>();
  d->track = timeline_.add_track(info.type);
  d->video = info.type == TrackType::kVideo;
  const auto [num, den] = source.time_base(track);
  d->time_base = {num, den};
  // Without every frame, how long each is shown is learnt from the intervals.
  if (info.fps > 0 && options.profile == Profile::kFull)
    d->frame_duration = MediaDuration::seconds(1.0 / info.fps);
  d->codec.reset(avcodec_alloc_context3(codec));
  if (!d->codec || avcodec_parameters_to_context(d->codec.get(), &parameters) < 0) {
    return Error{ErrorCode::kInternal, fmt::format("{}: no memory for a decoder", source.info().url)};
  }
  const auto* properties = avcodec_descriptor_get(parameters.codec_id);
  d->joined = !d->video || (properties != nullptr && (properties->props & AV_CODEC_PROP_INTRA_ONLY) != 0);
  d->codec->opaque = d->log.get();
  d->codec->pkt_timebase = d->time_base;
  d->codec->thread_count = d->video ? options.threads : 1;
  d->every_frame = options.profile == Profile::kFull;
  if (d->video) d->codec->skip_frame = discard_for(options.profile);
  const int rc = avcodec_open2(d->codec.get(), codec, nullptr);
  if (rc < 0) {
    return Error{ErrorCode::kNotMedia, fmt::format("{}: the {} track can't be decoded: {}", source.info().url,
                                                   info.codec, av::error_text(rc))};
  }
  decoders_.push_back(std::move(d));
  return {};
}

MediaTime MediaConverter::Impl::time_of(const TrackDecoder& d, const AVPacket& packet) const {
  const std::int64_t ts = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
  if (ts == AV_NOPTS_VALUE) return front_;
  return timeline_.where(d.track, av::to_duration(ts, d.time_base));
}

// A time that is far from all that was shown is known to be a jump only once the packet is decoded.
MediaTime MediaConverter::Impl::near_front(MediaTime time) const {
  const bool far = time > front_ + kFar || front_ > time + kFar;
  return far ? front_ : std::max(MediaTime(), time);
}

bool MediaConverter::Impl::wait_for_key(TrackDecoder& d, const AVPacket& packet) const {
  if (d.joined) return false;
  d.joined = (packet.flags & AV_PKT_FLAG_KEY) != 0 || ++d.packets_before_key > kMostPacketsBeforeKey;
  return !d.joined;
}

void MediaConverter::Impl::convert(const Packet& packet, MediaSink& sink) {
  if (packet.track < 0) {
    for (StreamEvent event : packet.transport) {
      event.time = front_;
      sink.on_event(event);
    }
    return;
  }
  TrackDecoder& d = *decoders_[static_cast<std::size_t>(packet.track)];
  const MediaTime at = near_front(time_of(d, *packet.data));
  for (StreamEvent event : packet.transport) {
    event.time = at;
    if (event.track == d.track) d.damaged = at;
    sink.on_event(event);
  }
  if ((packet.data->flags & AV_PKT_FLAG_CORRUPT) != 0) {
    d.damaged = at;
    sink.on_event({.type = StreamEvent::Type::kCorruptPacket, .time = at, .track = d.track});
  }
  if (wait_for_key(d, *packet.data)) return;
  decode(d, packet.data.get(), at, sink);
}

void MediaConverter::Impl::decode(TrackDecoder& d, const AVPacket* packet, MediaTime at, MediaSink& sink) {
  const int rc = avcodec_send_packet(d.codec.get(), packet);
  if (d.has_errors()) d.damaged = std::max(at, d.damaged.value_or(at));
  receive(d, sink);
  std::uint32_t errors = d.log->errors.exchange(0, std::memory_order_relaxed);
  if (rc < 0 && rc != AVERROR_EOF) errors = std::max(errors, 1U);
  if (errors > 0) {
    sink.on_event({.type = StreamEvent::Type::kDecodeError, .time = at, .track = d.track, .count = errors});
  }
}

Placement MediaConverter::Impl::place(TrackDecoder& d, const AVFrame& decoded, MediaDuration duration,
                                      MediaSink& sink) {
  std::optional<MediaDuration> raw;
  if (decoded.best_effort_timestamp != AV_NOPTS_VALUE) {
    raw = av::to_duration(decoded.best_effort_timestamp, d.time_base);
  }
  Placement placed = timeline_.place(d.track, raw, duration);
  if (!first_epoch_) first_epoch_ = placed.epoch;
  if (placed.epoch - *first_epoch_ != d.epoch) {
    d.epoch = placed.epoch - *first_epoch_;
    sink.on_event({.type = StreamEvent::Type::kTimestampEpoch,
                   .time = placed.time,
                   .length = d.epoch,
                   .track = d.track});
  }
  switch (placed.event) {
    case TimelineEvent::kGap:
      sink.on_event({.type = StreamEvent::Type::kTimestampGap,
                     .time = placed.time - placed.delta,
                     .length = placed.delta,
                     .track = d.track,
                     .whole = is_whole(d, placed.delta, duration)});
      break;
    case TimelineEvent::kJumpForward:
    case TimelineEvent::kJumpBack:
      sink.on_event({.type = StreamEvent::Type::kTimestampJump,
                     .time = placed.time,
                     .length = placed.delta,
                     .track = d.track});
      break;
    case TimelineEvent::kNone:
    case TimelineEvent::kOverlap:
      break;
  }
  front_ = std::max(front_, placed.time + placed.duration);
  return placed;
}

void MediaConverter::Impl::receive(TrackDecoder& d, MediaSink& sink) {
  for (;;) {
    auto decoded = d.pool.take();
    if (avcodec_receive_frame(d.codec.get(), decoded.get()) < 0) return;
    if (d.video) {
      Frame frame = d.pictures.adapt(decoded);
      if (!frame.buffer) continue;
      const bool declares = d.every_frame && decoded->pkt_duration > 0;
      const MediaDuration declared =
          declares ? av::to_duration(decoded->pkt_duration, d.time_base) : d.frame_duration;
      const Placement placed = place(d, *decoded, declared, sink);
      frame.time = placed.time;
      frame.duration = placed.duration;
      frame.key = decoded->key_frame != 0;
      frame.coded_bytes = std::max(0, decoded->pkt_size);
      frame.interlaced = decoded->interlaced_frame != 0;
      frame.top_field_first = decoded->top_field_first != 0;
      if (decoded->decode_error_flags != 0 || (decoded->flags & AV_FRAME_FLAG_CORRUPT) != 0) {
        d.damaged = std::max(frame.time, d.damaged.value_or(frame.time));
        sink.on_event({.type = StreamEvent::Type::kDecodeError, .time = frame.time, .track = d.track});
      }
      frame.suspect = is_suspect(d, frame);
      decoded.reset();
      sink.on_frame(d.track, frame);
    } else {
      AudioBlock block = d.sounds.adapt(decoded);
      if (!block.buffer) continue;
      const Placement placed = place(d, *decoded, block.duration, sink);
      block.time = placed.time;
      decoded.reset();
      sink.on_audio(d.track, block);
    }
  }
}

// Pictures come out after the ones that they refer to are decoded, so all that come once damage is known may
// show it.
bool MediaConverter::Impl::is_suspect(TrackDecoder& d, const Frame& frame) {
  if (!d.damaged) return false;
  const bool refreshed = frame.key && frame.time > *d.damaged;
  if (refreshed || frame.time - *d.damaged > kDamageSpreads) d.damaged.reset();
  return d.damaged.has_value();
}

void MediaConverter::Impl::flush(MediaSink& sink) {
  for (const auto& d : decoders_) decode(*d, nullptr, front_, sink);
}

MediaConverter::MediaConverter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MediaConverter::~MediaConverter() = default;

Result<std::unique_ptr<MediaConverter>> MediaConverter::open(const Source& source, ConverterOptions options) {
  auto impl = std::make_unique<Impl>(source);
  for (std::size_t track = 0; track < source.info().tracks.size(); ++track) {
    auto added = impl->add(source, static_cast<int>(track), options);
    if (!added) return added.error();
  }
  return std::unique_ptr<MediaConverter>(new MediaConverter(std::move(impl)));
}

void MediaConverter::convert(const Packet& packet, MediaSink& sink) { impl_->convert(packet, sink); }
void MediaConverter::flush(MediaSink& sink) { impl_->flush(sink); }
MediaTime MediaConverter::front() const { return impl_->front(); }

}  // namespace monolens
