// Gap: the transport is damaged: timestamps jump or leave samples out, packets are missing or marked as
// corrupt, continuity counters, the PCR, tables or time stamps are broken, an audio bitstream has errors; of
// HLS, segments can't be fetched, sequence numbers jump, or fetching falls behind playing by a whole segment.
//
// Damage less than `quiet_s` apart is one incident.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "detectors/detector.h"
#include "detectors/hold.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"settle_s", 0.5, 0, 60, "s",
     "from the start, in which missing samples are not told: a joined stream begins ragged"},
    {"quiet_s", 1.0, 0.04, 60, "s", "time without damage that ends an incident"},
};
constexpr std::string_view kKinds[] = {"transport.gap"};

class Gap final : public Detector {
 public:
  explicit Gap(const Options& o)
      : hold_({}, MediaDuration::seconds(o["quiet_s"])), settled_(MediaTime::seconds(o["settle_s"])) {}

  Result<void> open(const StreamInfo& stream) override {
    input_ = stream.input;
    return {};
  }

  void observe(const Measured& m, Findings& out) override {
    const StreamEvent& e = *m.event;
    if (!count(e)) {
      if (e.type == StreamEvent::Type::kSegmentFetched && std::exchange(lagging_, false))
        last_ = std::max(last_, m.time);
      return;
    }
    lagging_ = lagging_ || e.type == StreamEvent::Type::kSegmentFetched;
    const MediaTime at = std::max(m.time, hold_.is_open() ? hold_.start() : MediaTime());
    // A gap is a hole in the timeline; over a jump the timeline goes on, however long it was.
    const bool hole = e.type == StreamEvent::Type::kTimestampGap;
    const bool late = e.type == StreamEvent::Type::kSegmentFetched;
    const MediaTime end = at + std::max(hole ? e.length : late ? e.span : MediaDuration(), kInstant);
    last_ = std::max(last_, end);
    tell(hold_.observe(true, at, end), out);
  }

  void advance(MediaTime now, Findings& out) override {
    if (hold_.is_open() && now > last_ && !lagging_) tell(hold_.observe(false, last_, now), out);
  }

  void finish(MediaTime, Findings& out) override { tell(hold_.finish(last_), out); }

 private:
  static constexpr auto kInstant = MediaDuration::milliseconds(1);

  bool is_audio(int track) const {
    return track >= 0 && input_->tracks[static_cast<std::size_t>(track)].type == TrackType::kAudio;
  }

  // Whether the event is damage to the transport; adds it to the measures.
  bool count(const StreamEvent& e) {
    switch (e.type) {
      case StreamEvent::Type::kTimestampGap:
        if (e.time < settled_) return false;
        missing_s_ += e.length.seconds();
        return true;
      case StreamEvent::Type::kTimestampJump:
        jump_s_ = e.length.seconds();
        return true;
      case StreamEvent::Type::kContinuity:
        lost_packets_ += e.count;
        return true;
      case StreamEvent::Type::kCorruptPacket:
      case StreamEvent::Type::kTransportError:
      case StreamEvent::Type::kSyncLoss:
        corrupt_packets_ += e.count;
        return true;
      case StreamEvent::Type::kPcr:
        pcr_errors_ += e.count;
        return true;
      case StreamEvent::Type::kTable:
      case StreamEvent::Type::kTableCrc:
        table_errors_ += e.count;
        detail_ = e.detail;
        return true;
      case StreamEvent::Type::kPidMissing:
        missing_pids_ += e.count;
        detail_ = e.detail;
        return true;
      case StreamEvent::Type::kPts:
        pts_errors_ += e.count;
        detail_ = e.detail;
        return true;
      case StreamEvent::Type::kDecodeError:
        if (!is_audio(e.track)) return false;
        audio_errors_ += e.count;
        return true;
      case StreamEvent::Type::kSegmentMissing:
        missing_segments_ += e.count;
        playlist_note_ = e.detail;
        return true;
      case StreamEvent::Type::kPlaylistJump:
      case StreamEvent::Type::kDiscontinuitySequence:
        playlist_jumps_ += 1;
        playlist_note_ = e.detail;
        return true;
      case StreamEvent::Type::kSegmentFetched:
        return falls_behind(e);
      case StreamEvent::Type::kTimestampEpoch:
      case StreamEvent::Type::kPlaylistStale:
      case StreamEvent::Type::kPlaylistGrew:
      case StreamEvent::Type::kReadError:
      case StreamEvent::Type::kStalled:
        return false;
    }
    return false;
  }

  // One slow segment is bridged by what a player has in store; from a whole segment on it begins to run dry.
  bool falls_behind(const StreamEvent& e) {
    behind_ = e.length > e.span ? behind_ + (e.length - e.span) : MediaDuration();
    if (behind_ < e.span || behind_ == MediaDuration()) return false;
    slow_segments_ += 1;
    if (playlist_note_.empty())
      playlist_note_ = fmt::format("segment {} takes {:.1f} s to fetch and {:.1f} s to play", e.detail,
                                   e.length.seconds(), e.span.seconds());
    return true;
  }

  std::string note() const {
    if (!playlist_note_.empty()) return playlist_note_;
    if (lost_packets_ > 0) return "packets of the transport stream are missing";
    if (missing_s_ > 0) return "samples are missing on the timeline";
    if (jump_s_ != 0) return jump_s_ > 0 ? "timestamps jump ahead" : "timestamps jump back";
    if (corrupt_packets_ > 0) return "packets are damaged";
    if (pcr_errors_ > 0) return "the programme clock jumps";
    if (!detail_.empty()) return detail_;
    return "the audio bitstream has errors";
  }

  void tell(Hold::Change change, Findings& out) {
    if (!change.opened && !change.closed) return;
    report(change, hold_,
           {.kind = kKinds[0],
            .measures = {{"missing_s", missing_s_},
                         {"jump_s", jump_s_},
                         {"lost_packets", lost_packets_},
                         {"corrupt_packets", corrupt_packets_},
                         {"pcr_errors", pcr_errors_},
                         {"table_errors", table_errors_},
                         {"missing_pids", missing_pids_},
                         {"pts_errors", pts_errors_},
                         {"audio_errors", audio_errors_},
                         {"missing_segments", missing_segments_},
                         {"playlist_jumps", playlist_jumps_},
                         {"slow_segments", slow_segments_}},
            .note = note()},
           out);
    if (!change.closed) return;
    missing_s_ = jump_s_ = lost_packets_ = corrupt_packets_ = pcr_errors_ = audio_errors_ = 0;
    table_errors_ = missing_pids_ = pts_errors_ = missing_segments_ = playlist_jumps_ = slow_segments_ = 0;
    detail_.clear();
    playlist_note_.clear();
  }

  Hold hold_;
  MediaTime settled_;
  const InputInfo* input_ = nullptr;
  MediaTime last_;  // end of the last damage
  double missing_s_ = 0;
  double jump_s_ = 0;
  double lost_packets_ = 0;
  double corrupt_packets_ = 0;
  double pcr_errors_ = 0;
  double audio_errors_ = 0;
  double table_errors_ = 0;
  double missing_pids_ = 0;
  double pts_errors_ = 0;
  double missing_segments_ = 0;
  double playlist_jumps_ = 0;
  double slow_segments_ = 0;
  std::string detail_;         // of what the transport stream's tables and PIDs are short of
  std::string playlist_note_;  // of HLS
  MediaDuration behind_;       // how much longer the slow segments in a row took than they play
  bool lagging_ = false;       // by a whole segment, and none has been quick since
};

}  // namespace

const DetectorInfo& gap_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "gap",
      .summary = "packets or timestamps are missing, damaged or jump",
      .source = "ETSI TR 101 290 first and second priority",
      .scope = Scope::kInput,
      .kinds = kKinds,
      .options = kOptions,
      .request = [](const Options&, FeatureOptions&) {},
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<Gap>(o); },
  };
  return kInfo;
}

}  // namespace monolens
