#include "monitor/clip_recorder.h"

#include <algorithm>

namespace monolens {
namespace {

// From one packet of a track to the next; more, or backwards, and the two are not one piece.
constexpr auto kMostBetween = MediaDuration::milliseconds(10'000);

int lead_track(const InputInfo& input) {
  for (std::size_t i = 0; i < input.tracks.size(); ++i) {
    if (input.tracks[i].type == TrackType::kVideo) return static_cast<int>(i);
  }
  return 0;
}

}  // namespace

ClipRecorder::ClipRecorder(const Source& source, ClipLimits limits)
    : writer_(source),
      limits_(limits),
      lead_(lead_track(source.info())),
      last_(source.info().tracks.size()) {}

void ClipRecorder::add(const Packet& packet) {
  if (packet.track < 0) return;
  const auto time = writer_.decode_time(*packet.data, packet.track);
  if (!time) return;
  const auto& last = last_[static_cast<std::size_t>(packet.track)];
  if (last && (*time < *last || *time - *last > kMostBetween)) {
    write();
    drop_all();
  }
  last_[static_cast<std::size_t>(packet.track)] = time;
  const bool start = packet.track == lead_ && is_key(*packet.data);
  if (held_.empty() && !start) return;
  const std::size_t bytes = packet_bytes(packet);
  held_.push_back({share(*packet.data), packet.track, *time, start, bytes});
  bytes_ += bytes;
  if (!wanted_.empty() && packet.track == lead_ && *time >= until_) write();
  drop_old();
}

void ClipRecorder::want(const std::string& incident) {
  if (held_.empty()) return;
  if (wanted_.empty()) until_ = held_.back().time + limits_.after;
  wanted_.push_back(incident);
}

void ClipRecorder::finish() {
  write();
  drop_all();
}

void ClipRecorder::write() {
  if (wanted_.empty()) return;
  Clip clip{.incidents = std::exchange(wanted_, {}), .mp4 = {}};
  std::vector<ClipWriter::Part> parts;
  parts.reserve(held_.size());
  for (const Held& h : held_) parts.push_back({h.packet.get(), h.track});
  auto mp4 = writer_.write(parts);
  if (!mp4) return;  // a codec that MP4 can't hold: there is no clip of this stream
  clip.mp4 = std::move(*mp4);
  clips_.push_back(std::move(clip));
}

void ClipRecorder::drop_all() {
  held_.clear();
  bytes_ = 0;
  std::fill(last_.begin(), last_.end(), std::nullopt);
}

std::size_t ClipRecorder::next_start() const {
  for (std::size_t i = 1; i < held_.size(); ++i) {
    if (held_[i].start) return i;
  }
  return held_.size();
}

// What stands before the last start that is early enough; all that is too much in any case.
void ClipRecorder::drop_old() {
  while (!held_.empty()) {
    const std::size_t next = next_start();
    const bool early_enough =
        wanted_.empty() && next < held_.size() && held_[next].time + limits_.before <= held_.back().time;
    if (!early_enough && bytes_ <= limits_.bytes) return;
    for (std::size_t i = 0; i < next; ++i) {
      bytes_ -= held_.front().bytes;
      held_.pop_front();
    }
  }
}

}  // namespace monolens
