// FFmpeg's log messages as measurements: errors are counted for the decoder they belong to, nothing is
// printed.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace monolens {

// Counts a decoder's error messages. The decoder's AVCodecContext::opaque points at it; frame threads may
// add.
struct DecoderLog {
  std::atomic<std::uint32_t> errors{0};
};

// Installs the process-wide callback; safe to call often and from any thread.
void capture_ffmpeg_log();

// The first error message that a demuxer or protocol logged on this thread since the last call, or empty.
// It names the cause ("moov atom not found") where FFmpeg's return code only says "invalid data".
std::string take_demuxer_error();

}  // namespace monolens
