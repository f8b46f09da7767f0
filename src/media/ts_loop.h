// TsLoop: a transport stream without an end, made of one that repeats: clocks, timestamps and continuity
// counters go on at each turn (ISO/IEC 13818-1, 2.4.3), so that a receiver sees one stream.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace monolens {

class TsLoop {
 public:
  static constexpr std::size_t kPacket = 188;

  // REQUIRES: whole packets, with a PCR; `length` is the time from a turn's beginning to the next one's.
  TsLoop(std::vector<std::uint8_t> bytes, std::chrono::milliseconds length);

  struct Next {
    std::span<const std::uint8_t> packet;  // until the next call
    std::chrono::nanoseconds due;          // to be sent, since the beginning, by the PCR before it
  };
  Next next();

 private:
  void move_clock(std::uint8_t* packet) const;
  void move_timestamps(std::uint8_t* packet) const;

  std::vector<std::uint8_t> bytes_;
  std::int64_t length_90k_;
  std::vector<std::int64_t> due_90k_;  // of each packet, since the turn's beginning
  std::size_t at_ = 0;
  std::int64_t turn_ = 0;
  std::vector<std::uint8_t> counters_;  // of each PID, the next
  std::array<std::uint8_t, kPacket> packet_{};
};

}  // namespace monolens
