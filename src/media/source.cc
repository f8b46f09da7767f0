#include "media/source.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <thread>
#include <utility>

#include "media/av.h"
#include "media/avio_tap.h"
#include "media/hls_fetches.h"
#include "media/interrupt.h"
#include "media/log_capture.h"
#include "media/network_wall.h"
#include "media/track_selection.h"
#include "media/url_policy.h"

namespace monolens {
namespace {

// The demuxers that an input may use: media containers and elementary streams. Not among them are FFmpeg's
// script-like ones (concat, ffmetadata, lavfi) and those that take any text for a picture (tty).
constexpr const char* kDemuxers =
    "mpegts,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,flv,live_flv,hls,dash,ogg,wav,w64,mp3,aac,ac3,eac3,flac,"
    "avi,mpeg,"
    "mpegvideo,h264,hevc,av1,obu,ivf,m4v,asf,mxf,gxf,rtp,rtsp,sdp,aiff,caf,au,dts,truehd,nut,yuv4mpegpipe,"
    "mjpeg,gif,"
    "apng,png_pipe,jpeg_pipe,webp_pipe,bmp_pipe,vc1,dv,dirac,rm,wtv,loas,amr,mpjpeg,tta,wv,h263,webm_dash_"
    "manifest";

constexpr std::chrono::milliseconds kLongestHlsWait{120'000};
constexpr std::size_t kMostUntold = 256;
// Without a packet of the tracks that were chosen, while others come that were not there before.
constexpr std::chrono::milliseconds kTracksReplaced{1'000};

Result<void> check_file(const std::string& path) {
  struct stat st {};
  if (stat(path.c_str(), &st) != 0) {
    if (errno == EACCES) return Error{ErrorCode::kUnreadable, fmt::format("{}: permission denied", path)};
    return Error{ErrorCode::kNotFound, fmt::format("{}: no such file", path)};
  }
  if (S_ISDIR(st.st_mode)) return Error{ErrorCode::kNotMedia, fmt::format("{}: is a directory", path)};
  if (S_ISREG(st.st_mode) && st.st_size == 0)
    return Error{ErrorCode::kNotMedia, fmt::format("{}: is empty", path)};
  if (access(path.c_str(), R_OK) != 0)
    return Error{ErrorCode::kUnreadable, fmt::format("{}: permission denied", path)};
  return {};
}

bool is_remote(InputKind kind) {
  return kind != InputKind::kFile && kind != InputKind::kStdin && kind != InputKind::kMemory;
}

bool has_bytes(InputKind kind) { return kind != InputKind::kRtp && kind != InputKind::kRtsp; }

std::string table_on(std::uint16_t pid) {
  if (pid == 0) return "the PAT";
  if (pid == 1) return "the CAT";
  return fmt::format("the PMT on PID {}", pid);
}

StreamEvent to_stream_event(const TsEvent& e) {
  using Type = StreamEvent::Type;
  const auto event = [&e](Type type, std::string detail = {}) {
    StreamEvent made;
    made.type = type;
    made.count = static_cast<std::uint32_t>(std::max(1, e.lost_packets_at_least));
    made.detail = std::move(detail);
    return made;
  };
  switch (e.kind) {
    case TsEvent::Kind::kContinuity:
      return event(Type::kContinuity);
    case TsEvent::Kind::kTransportError:
      return event(Type::kTransportError);
    case TsEvent::Kind::kSyncLoss:
      return event(Type::kSyncLoss);
    case TsEvent::Kind::kPcr:
      return event(Type::kPcr);
    case TsEvent::Kind::kTableLate:
      return event(Type::kTable, e.pid == 1 ? "packets are scrambled, and no CAT comes"
                                            : fmt::format("{} does not come again in time", table_on(e.pid)));
    case TsEvent::Kind::kTableWrong:
      return event(Type::kTable, fmt::format("{} is scrambled or another table", table_on(e.pid)));
    case TsEvent::Kind::kTableCrc:
      return event(Type::kTableCrc, fmt::format("the checksum of {} is wrong", table_on(e.pid)));
    case TsEvent::Kind::kPidMissing:
      return event(Type::kPidMissing, fmt::format("nothing comes on PID {}, which the map names", e.pid));
    case TsEvent::Kind::kPts:
      return event(Type::kPts, fmt::format("no time stamps come on PID {}", e.pid));
  }
  return event(Type::kSyncLoss);
}

}  // namespace

void FreePacket::operator()(AVPacket* p) const { av_packet_free(&p); }

std::size_t packet_bytes(const Packet& packet) {
  return packet.data ? static_cast<std::size_t>(packet.data->size) : 0;
}

class Source::Impl {
 public:
  explicit Impl(SourceOptions options)
      : options_(std::move(options)),
        deadline_(options_.timeout, options_.stop),
        no_deadline_(std::chrono::milliseconds(0), options_.stop),
        fetches_(options_.playlists ? options_.playlists : std::make_shared<HlsWatch>(),
                 [this](const StreamEvent& event) { tell(event); }) {}

  ~Impl() {
    reading_ = false;  // what is closed now is told to nobody
    avformat_close_input(&format_);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<InputInfo> open();
  ReadStatus read(Packet& packet, std::string& error);

  const AVStream& stream(int track) const { return *selection_.streams[static_cast<std::size_t>(track)]; }
  const AVFormatContext& format() const { return *format_; }
  std::optional<double> progress() const { return tap_ ? tap_->progress() : std::nullopt; }
  std::chrono::milliseconds timeout() const { return deadline_.timeout(); }

 private:
  Result<void> open_bytes();
  // Whether an address may be opened, or may stay open once redirects have led there.
  Result<void> check_address(std::string_view url) const;
  std::string refusal();
  Error failure(int rc, ErrorCode fallback);
  std::string name() const {
    return kind_ == InputKind::kStdin ? "standard input" : display_url(options_.url);
  }
  void collect_damage(std::uint64_t up_to_offset, Packet& packet);

  bool is_hls() const { return std::strcmp(format_->iformat->name, "hls") == 0; }
  bool is_playlist() const { return is_hls() || std::strcmp(format_->iformat->name, "dash") == 0; }
  void forgive_boundary(Packet& packet);
  int open_nested(AVIOContext** io, const char* url, int flags, AVDictionary** options);
  void note_first_playlist();
  void tell(const StreamEvent& event);
  void wait_for_segments();

  static int on_nested_close(AVFormatContext* format, AVIOContext* io);
  static int on_nested_open(AVFormatContext* format, AVIOContext** io, const char* url, int flags,
                            AVDictionary** options);

  SourceOptions options_;
  Deadline deadline_;
  Deadline no_deadline_;
  InputKind kind_ = InputKind::kFile;
  std::optional<UrlPolicy> policy_;
  std::string refusal_;  // the first address that a playlist was denied
  std::unique_ptr<AvioTap> tap_;
  AVFormatContext* format_ = nullptr;
  int (*default_open_)(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) = nullptr;
  int (*default_close_)(AVFormatContext*, AVIOContext*) = nullptr;
  HlsFetches fetches_;
  std::vector<int> packets_of_segment_;  // by track, since the last segment of HLS was opened
  std::string playlist_url_;             // of a playlist that is the input itself, until it was noted
  std::vector<StreamEvent> untold_;      // from before the first read()
  bool reading_ = false;
  TrackSelection selection_;
  std::uint64_t last_offset_ = 0;
};

int Source::Impl::on_nested_open(AVFormatContext* format, AVIOContext** io, const char* url, int flags,
                                 AVDictionary** options) {
  auto* self = static_cast<Impl*>(format->opaque);
  auto allowed = (flags & AVIO_FLAG_WRITE) != 0 ? Result<void>(Error{ErrorCode::kRefused, "refused to write"})
                                                : self->policy_->allow(url);
  if (allowed) allowed = self->policy_->note_open(url);
  if (!allowed) {
    if (self->refusal_.empty()) self->refusal_ = allowed.error().message;
    return AVERROR(EACCES);
  }
  const int rc = self->open_nested(io, url, flags, options);
  if (rc < 0) return rc;
  const std::string location = av::location_of(*io);
  allowed = location.empty() ? Result<void>() : self->check_address(location);
  if (allowed) return rc;
  if (self->refusal_.empty()) self->refusal_ = allowed.error().message;
  on_nested_close(format, std::exchange(*io, nullptr));
  return AVERROR(EACCES);
}

int Source::Impl::open_nested(AVIOContext** io, const char* url, int flags, AVDictionary** options) {
  if (!is_hls()) return default_open_(format_, io, url, flags, options);
  note_first_playlist();
  const auto asked = FetchTap::Clock::now();
  const int rc = default_open_(format_, io, url, flags, options);
  if (rc < 0) {
    fetches_.failed(url, rc);
  } else {
    *io = fetches_.opened(*io, url, FetchTap::Clock::now() - asked);
    if (fetches_.watch().knows_segment(url)) packets_of_segment_.assign(selection_.streams.size(), 0);
  }
  return rc;
}

// Nothing has a packager count packets on from one segment to the next, and after an EXT-X-DISCONTINUITY it
// can't: the picture that a segment ends with, which libavformat marks as damaged then, is whole.
void Source::Impl::forgive_boundary(Packet& packet) {
  if (packets_of_segment_.empty()) return;
  constexpr int kAtBoundary = 2;
  int& before = packets_of_segment_[static_cast<std::size_t>(packet.track)];
  if (before++ < kAtBoundary) packet.data->flags &= ~AV_PKT_FLAG_CORRUPT;
}

int Source::Impl::on_nested_close(AVFormatContext* format, AVIOContext* io) {
  auto* self = static_cast<Impl*>(format->opaque);
  if (!self->fetches_.close(io)) return self->default_close_(format, io);
  self->wait_for_segments();
  return 0;
}

// The input itself is read by libavformat before anything that it names.
void Source::Impl::note_first_playlist() {
  if (playlist_url_.empty() || !tap_) return;
  const std::string url = std::exchange(playlist_url_, {});
  if (const auto text = tap_->playlist()) fetches_.playlist(url, *text);
}

void Source::Impl::tell(const StreamEvent& event) {
  if (reading_ && options_.on_event) options_.on_event(event);
  if (!reading_ && untold_.size() < kMostUntold) untold_.push_back(event);
}

// Between two segments nothing is read for as long as one plays.
void Source::Impl::wait_for_segments() {
  const auto twice = std::chrono::milliseconds(fetches_.watch().longest_interval().ns() / 500'000);
  deadline_.set_timeout(std::max(options_.timeout, std::min(twice, kLongestHlsWait)));
}

Result<void> Source::Impl::check_address(std::string_view url) const {
  const SourceRules* rules = network_rules();
  if (rules == nullptr) return {};
  auto allowed = rules->check_url(url);
  if (allowed) return {};
  return Error{ErrorCode::kRefused, fmt::format("refused {}: {}", display_url(url), allowed.error().message)};
}

// What a playlist was denied, or this thread's last attempt on the network.
std::string Source::Impl::refusal() {
  if (std::string denied = take_network_refusal(); !denied.empty() && refusal_.empty())
    refusal_ = "refused: " + denied;
  return refusal_;
}

Error Source::Impl::failure(int rc, ErrorCode fallback) {
  const std::string logged = take_demuxer_error();
  if (!refusal().empty()) return {ErrorCode::kRefused, fmt::format("{}: {}", name(), refusal_)};
  if (deadline_.stopped()) return {ErrorCode::kInterrupted, fmt::format("{}: interrupted", name())};
  if (rc == AVERROR_EXIT) {
    const auto seconds = static_cast<double>(options_.timeout.count()) / 1000.0;
    return {ErrorCode::kTimeout, fmt::format("{}: timed out: no media within {:g} s", name(), seconds)};
  }
  if (tap_ && tap_->failed())
    return {ErrorCode::kUnreadable, fmt::format("{}: {}", name(), tap_->bytes().error())};
  if (tap_ && tap_->empty()) return {fallback, fmt::format("{}: is empty", name())};
  const std::string detail = logged.empty() ? av::error_text(rc) : logged;
  const bool says_nothing_more =
      detail.starts_with("Format not on whitelist") || (rc == AVERROR_INVALIDDATA && logged.empty());
  return {fallback, fmt::format("{}: not media that can be decoded{}", name(),
                                says_nothing_more ? "" : fmt::format(" ({})", detail))};
}

Result<void> Source::Impl::open_bytes() {
  if (options_.bytes) {
    tap_ = std::make_unique<AvioTap>(std::move(options_.bytes));
    return {};
  }
  if (kind_ == InputKind::kStdin) {
    tap_ = std::make_unique<AvioTap>(descriptor_stream(STDIN_FILENO, no_deadline_));
    return {};
  }
  if (kind_ == InputKind::kFile) {
    auto readable = check_file(local_path(options_.url));
    if (!readable) return readable;
  }
  const std::string url = kind_ == InputKind::kFile ? "file:" + local_path(options_.url) : options_.url;
  auto bytes = protocol_stream(url, protocol_whitelist(kind_), deadline_);
  if (!bytes && !refusal().empty())
    return Error{ErrorCode::kRefused, fmt::format("{}: {}", name(), refusal_)};
  if (!bytes) return bytes.error();
  tap_ = std::make_unique<AvioTap>(std::move(*bytes));
  return {};
}

Result<InputInfo> Source::Impl::open() {
  capture_ffmpeg_log();
  (void)take_demuxer_error();
  if (options_.bytes) {
    kind_ = InputKind::kMemory;
  } else {
    auto kind = classify_input(options_.url);
    if (!kind) return kind.error();
    kind_ = *kind;
  }
  (void)take_network_refusal();
  if (is_remote(kind_)) {
    auto allowed = check_address(options_.url);
    if (!allowed) return allowed.error();
  }
  if (has_bytes(kind_)) {
    auto opened = open_bytes();
    if (!opened) return opened.error();
  }
  const std::string location = tap_ ? tap_->bytes().location() : std::string();
  if (!location.empty()) {
    auto allowed = check_address(location);
    if (!allowed) return Error{allowed.error().code, fmt::format("{}: {}", name(), allowed.error().message)};
  }
  std::string url = location.empty() ? options_.url : location;
  if (kind_ == InputKind::kFile) url = local_path(url);
  policy_.emplace(kind_, url, UrlPolicyOptions{.allow_network = true, .rules = network_rules()});

  format_ = avformat_alloc_context();
  format_->opaque = this;
  format_->interrupt_callback = interrupt_on(kind_ == InputKind::kStdin ? no_deadline_ : deadline_);
  format_->pb = tap_ ? tap_->context() : nullptr;
  playlist_url_ = url;
  default_open_ = format_->io_open;
  format_->io_open = &Impl::on_nested_open;
  default_close_ = format_->io_close2;
  format_->io_close2 = &Impl::on_nested_close;
  AVDictionary* options = nullptr;
  av_dict_set(&options, "protocol_whitelist", protocol_whitelist(kind_).c_str(), 0);
  av_dict_set(&options, "format_whitelist", kDemuxers, 0);
  av_dict_set(&options, "http_persistent", "0", 0);  // HLS: every segment passes on_nested_open
  av_dict_set(&options, "http_multiple", "0", 0);    // HLS: a late segment does not hold up the one before it
  deadline_.restart();
  int rc = avformat_open_input(&format_, url.c_str(), nullptr, &options);
  av_dict_free(&options);
  if (rc < 0) return failure(rc, ErrorCode::kNotMedia);

  if (is_hls()) {
    note_first_playlist();
    wait_for_segments();
  }
  deadline_.restart();
  rc = avformat_find_stream_info(format_, nullptr);
  if (rc < 0) return failure(rc, ErrorCode::kNotMedia);

  auto selected = select_tracks(*format_, options_.program, options_.variant);
  if (!selected) {
    if (deadline_.expired() || !refusal_.empty()) return failure(AVERROR_EXIT, ErrorCode::kTimeout);
    return Error{selected.error().code, fmt::format("{}: {}", name(), selected.error().message)};
  }
  selection_ = std::move(*selected);
  policy_->opened();

  InputInfo info = describe(*format_, selection_);
  info.url = display_url(options_.url);
  return info;
}

void Source::Impl::collect_damage(std::uint64_t up_to_offset, Packet& packet) {
  if (!tap_) return;
  while (const auto event = tap_->next_event(up_to_offset))
    packet.transport.push_back(to_stream_event(*event));
}

ReadStatus Source::Impl::read(Packet& packet, std::string& error) {
  if (!packet.data) packet.data.reset(av_packet_alloc());
  packet.transport.clear();
  reading_ = true;
  for (const StreamEvent& event : std::exchange(untold_, {})) tell(event);
  deadline_.restart();
  const auto asked = Deadline::Clock::now();
  for (;;) {
    av_packet_unref(packet.data.get());
    const int rc = av_read_frame(format_, packet.data.get());
    if (rc == AVERROR(EAGAIN) && !deadline_.stopped() && !deadline_.expired()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      continue;
    }
    if (rc < 0) {
      packet.track = -1;
      collect_damage(std::numeric_limits<std::uint64_t>::max(), packet);
      if (deadline_.stopped()) return ReadStatus::kInterrupted;
      // HLS leaves out what it could not open in time, and so comes to the playlist's end.
      const bool left_out = rc == AVERROR_EOF && kind_ != InputKind::kStdin && deadline_.expired();
      if (rc == AVERROR_EXIT || rc == AVERROR(EAGAIN) || left_out) {
        const auto seconds = static_cast<double>(deadline_.timeout().count()) / 1000.0;
        error = fetches_.watch().trouble().empty() ? fmt::format("timed out: no data for {:g} s", seconds)
                                                   : fetches_.watch().trouble();
        return ReadStatus::kStalled;
      }
      if (tap_ && tap_->failed()) {
        error = tap_->bytes().error();
        return ReadStatus::kBroken;
      }
      // A playlist leaves out what it was denied, and so comes to its end; one that can't be fetched again
      // ends too.
      error = refusal();
      if (error.empty() && is_hls()) error = fetches_.watch().trouble();
      if (!error.empty()) return ReadStatus::kBroken;
      if (rc == AVERROR_EOF) return ReadStatus::kEnd;
      error = av::error_text(rc);
      return ReadStatus::kBroken;
    }
    const auto index = static_cast<std::size_t>(packet.data->stream_index);
    packet.track = index < selection_.track_of_stream.size() ? selection_.track_of_stream[index] : -1;
    if (packet.track < 0) {
      // A live stream goes on under other PIDs: whoever opens it anew finds them.
      const bool unknown = index >= selection_.track_of_stream.size();
      if (unknown && is_remote(kind_) && Deadline::Clock::now() - asked > kTracksReplaced) {
        error = "the programme's streams were replaced by others";
        return ReadStatus::kBroken;
      }
      continue;
    }
    if (packet.data->pos >= 0) last_offset_ = static_cast<std::uint64_t>(packet.data->pos);
    collect_damage(last_offset_, packet);
    packet.leftover = tap_ && tap_->ended() && !is_playlist();
    forgive_boundary(packet);
    return ReadStatus::kPacket;
  }
}

Source::Source(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Source::~Source() = default;

Result<std::unique_ptr<Source>> Source::open(SourceOptions options) {
  auto source = std::unique_ptr<Source>(new Source(std::make_unique<Impl>(std::move(options))));
  auto info = source->impl_->open();
  if (!info) return info.error();
  source->info_ = std::move(*info);
  return source;
}

ReadStatus Source::read(Packet& packet) { return impl_->read(packet, error_); }
std::optional<double> Source::progress() const { return impl_->progress(); }
std::chrono::milliseconds Source::timeout() const { return impl_->timeout(); }
const AVCodecParameters& Source::parameters(int track) const { return *impl_->stream(track).codecpar; }

std::pair<int, int> Source::time_base(int track) const {
  const AVRational base = impl_->stream(track).time_base;
  return {base.num, base.den};
}

std::optional<MediaDuration> Source::origin() const {
  std::optional<MediaDuration> origin;
  for (std::size_t track = 0; track < info_.tracks.size(); ++track) {
    const AVStream& stream = impl_->stream(static_cast<int>(track));
    if (stream.start_time == AV_NOPTS_VALUE) continue;
    const MediaDuration start = av::to_duration(stream.start_time, stream.time_base);
    origin = origin ? std::min(*origin, start) : start;
  }
  return origin;
}

bool Source::timestamps_may_jump() const { return (impl_->format().iformat->flags & AVFMT_TS_DISCONT) != 0; }

}  // namespace monolens
