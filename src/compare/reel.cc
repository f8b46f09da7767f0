#include "compare/reel.h"

#include <utility>

namespace monolens {

Result<std::unique_ptr<Reel>> Reel::open(const ReelOptions& options) {
  auto source = Source::open({.url = options.url, .timeout = options.timeout, .stop = options.stop});
  if (!source) return source.error();
  auto converter = MediaConverter::open(**source, {.threads = options.threads});
  if (!converter) return converter.error();
  std::unique_ptr<Reel> reel(new Reel);
  reel->source_ = std::move(*source);
  reel->converter_ = std::move(*converter);
  const auto& tracks = reel->source_->info().tracks;
  for (std::size_t i = 0; i < tracks.size() && reel->audio_track_ < 0; ++i) {
    if (tracks[i].type == TrackType::kAudio) reel->audio_track_ = static_cast<int>(i);
  }
  return reel;
}

std::optional<std::variant<Frame, AudioBlock>> Reel::next() {
  Packet packet;
  while (ready_.empty() && !ended_) {
    const ReadStatus status = source_->read(packet);
    converter_->convert(packet, *this);
    if (status == ReadStatus::kPacket) continue;
    converter_->flush(*this);
    ended_ = true;
  }
  if (ready_.empty()) return std::nullopt;
  auto first = std::move(ready_.front());
  ready_.pop_front();
  return first;
}

std::optional<Frame> Reel::next_frame() {
  while (auto next = this->next()) {
    if (auto* frame = std::get_if<Frame>(&*next)) return std::move(*frame);
  }
  return std::nullopt;
}

void Reel::on_frame(int, const Frame& frame) { ready_.emplace_back(frame); }

void Reel::on_audio(int track, const AudioBlock& block) {
  if (track == audio_track_) ready_.emplace_back(block);
}

void Reel::on_event(const StreamEvent&) {}

}  // namespace monolens
