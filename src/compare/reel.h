// Reel: the pictures and the sound of one input, pulled instead of pushed. One thread at a time.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/result.h"
#include "media/media_converter.h"
#include "media/source.h"

namespace monolens {

struct ReelOptions {
  std::string url{};
  std::chrono::milliseconds timeout{10'000};
  int threads = 1;
  const std::atomic<bool>* stop = nullptr;
};

class Reel final : private MediaSink {
 public:
  static Result<std::unique_ptr<Reel>> open(const ReelOptions& options);

  const InputInfo& input() const { return source_->info(); }

  // The next picture or block of the analysed video track and of the first audio track, in the container's
  // order; nullopt at the end, however it came.
  std::optional<std::variant<Frame, AudioBlock>> next();

  // Skips sound.
  std::optional<Frame> next_frame();

 private:
  Reel() = default;
  void on_frame(int track, const Frame& frame) override;
  void on_audio(int track, const AudioBlock& block) override;
  void on_event(const StreamEvent& event) override;

  std::unique_ptr<Source> source_;
  std::unique_ptr<MediaConverter> converter_;
  std::deque<std::variant<Frame, AudioBlock>> ready_;
  int audio_track_ = -1;
  bool ended_ = false;
};

}  // namespace monolens
