#include "media/ts_loop.h"

#include <algorithm>
#include <optional>

namespace monolens {
namespace {

constexpr std::size_t kPids = 8192;
constexpr std::uint64_t kWrap = 1ULL << 33;  // of times in 90 kHz

unsigned pid_of(const std::uint8_t* p) { return (p[1] & 0x1FU) << 8U | p[2]; }
bool begins_unit(const std::uint8_t* p) { return (p[1] & 0x40U) != 0; }
bool has_payload(const std::uint8_t* p) { return (p[3] & 0x10U) != 0; }
bool has_adaptation(const std::uint8_t* p) { return (p[3] & 0x20U) != 0; }
bool has_clock(const std::uint8_t* p) { return has_adaptation(p) && p[4] >= 7 && (p[5] & 0x10U) != 0; }
std::size_t payload_at(const std::uint8_t* p) { return has_adaptation(p) ? 5 + std::size_t{p[4]} : 4; }

// The base of the PCR, 33 bits.
std::int64_t clock_of(const std::uint8_t* p) {
  return static_cast<std::int64_t>(p[6]) << 25 | static_cast<std::int64_t>(p[7]) << 17 |
         static_cast<std::int64_t>(p[8]) << 9 | static_cast<std::int64_t>(p[9]) << 1 | p[10] >> 7;
}

// A PTS or DTS: 33 bits in five bytes, with a marker bit after each part.
std::uint64_t timestamp(const std::uint8_t* p) {
  return (p[0] >> 1U & 7ULL) << 30U | std::uint64_t{p[1]} << 22U | (p[2] >> 1U & 0x7FULL) << 15U |
         std::uint64_t{p[3]} << 7U | p[4] >> 1U;
}

void set_timestamp(std::uint8_t* p, std::uint64_t t) {
  p[0] = static_cast<std::uint8_t>((p[0] & 0xF1U) | (t >> 30U & 7U) << 1U);
  p[1] = static_cast<std::uint8_t>(t >> 22U);
  p[2] = static_cast<std::uint8_t>((t >> 15U & 0x7FU) << 1U | 1U);
  p[3] = static_cast<std::uint8_t>(t >> 7U);
  p[4] = static_cast<std::uint8_t>((t & 0x7FU) << 1U | 1U);
}

}  // namespace

TsLoop::TsLoop(std::vector<std::uint8_t> bytes, std::chrono::milliseconds length)
    : bytes_(std::move(bytes)), length_90k_(length.count() * 90), counters_(kPids) {
  std::optional<std::int64_t> first;
  std::int64_t now = 0;
  for (std::size_t at = 0; at + kPacket <= bytes_.size(); at += kPacket) {
    const std::uint8_t* p = bytes_.data() + at;
    if (has_clock(p)) {
      if (!first) first = clock_of(p);
      now = clock_of(p) - *first;
    }
    due_90k_.push_back(now);
  }
}

TsLoop::Next TsLoop::next() {
  std::copy_n(bytes_.data() + at_ * kPacket, kPacket, packet_.data());
  std::uint8_t* p = packet_.data();
  std::uint8_t& counter = counters_[pid_of(p)];
  // It counts packets with a payload; one without repeats the last.
  const unsigned shown = has_payload(p) ? counter++ : counter - 1U;
  p[3] = static_cast<std::uint8_t>((p[3] & 0xF0U) | (shown & 0x0FU));
  if (turn_ > 0) {
    if (has_clock(p)) move_clock(p);
    if (has_payload(p) && begins_unit(p)) move_timestamps(p);
  }
  const std::int64_t due_90k = due_90k_[at_] + turn_ * length_90k_;
  if (++at_ == due_90k_.size()) {
    at_ = 0;
    ++turn_;
  }
  return {packet_, std::chrono::nanoseconds(due_90k * 100'000 / 9)};
}

void TsLoop::move_clock(std::uint8_t* p) const {
  const std::uint64_t moved = (static_cast<std::uint64_t>(clock_of(p) + turn_ * length_90k_)) % kWrap;
  p[6] = static_cast<std::uint8_t>(moved >> 25U);
  p[7] = static_cast<std::uint8_t>(moved >> 17U);
  p[8] = static_cast<std::uint8_t>(moved >> 9U);
  p[9] = static_cast<std::uint8_t>(moved >> 1U);
  p[10] = static_cast<std::uint8_t>((moved & 1U) << 7U | (p[10] & 0x7FU));
}

void TsLoop::move_timestamps(std::uint8_t* p) const {
  const std::size_t at = payload_at(p);
  constexpr std::size_t kHeader = 19;  // of a PES packet with both timestamps
  if (at + kHeader > kPacket || p[at] != 0 || p[at + 1] != 0 || p[at + 2] != 1) return;
  const unsigned which = p[at + 7] >> 6U;  // 2: PTS, 3: PTS and DTS
  const auto move = [&](std::uint8_t* to) {
    set_timestamp(to, (timestamp(to) + static_cast<std::uint64_t>(turn_ * length_90k_)) % kWrap);
  };
  if (which >= 2) move(p + at + 9);
  if (which == 3) move(p + at + 14);
}

}  // namespace monolens
