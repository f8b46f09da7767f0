#include "media/ts_inspector.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

namespace monolens {
namespace {

constexpr std::uint8_t kSync = 0x47;
constexpr std::size_t kPids = 8192;
constexpr std::uint16_t kNullPid = 8191;
constexpr std::uint16_t kPatPid = 0;
constexpr std::uint16_t kCatPid = 1;
constexpr std::size_t kMostTables = 64;
constexpr std::size_t kMostClocks = 64;
constexpr std::uint64_t kPcrRange = (std::uint64_t{1} << 33) * 300;  // 27 MHz, ISO/IEC 13818-1 2.4.3.5
constexpr std::uint64_t kLargestStep = 2'700'000;                    // 100 ms, TR 101 290 2.3b
constexpr std::uint64_t kLongestUsualStep = 135'000'000;             // 5 s
constexpr int kMostLost = 1'000'000'000;

// ISO/IEC 13818-1 Annex A; 0 over a whole section with its CRC.
std::uint32_t crc32_mpeg(std::span<const std::uint8_t> bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const std::uint8_t byte : bytes) {
    crc ^= static_cast<std::uint32_t>(byte) << 24;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x80000000U) != 0 ? (crc << 1) ^ 0x04c11db7U : crc << 1;
  }
  return crc;
}

std::uint16_t pid_at(const std::uint8_t* bytes) {
  return static_cast<std::uint16_t>((bytes[0] & 0x1f) << 8 | bytes[1]);
}

std::size_t length_at(const std::uint8_t* bytes) {
  return static_cast<std::size_t>((bytes[0] & 0x0f) << 8 | bytes[1]);
}

std::uint64_t pcr_at(const std::uint8_t* b) {
  const std::uint64_t base = std::uint64_t{b[0]} << 25 | std::uint64_t{b[1]} << 17 |
                             std::uint64_t{b[2]} << 9 | std::uint64_t{b[3]} << 1 | std::uint64_t{b[4]} >> 7;
  return base * 300 + (std::uint64_t{b[4] & 1U} << 8 | b[5]);
}

constexpr std::size_t kSectionHead = 3;
constexpr std::size_t kCrc = 4;
std::size_t section_size(std::span<const std::uint8_t> head) { return kSectionHead + length_at(&head[1]); }

// The spacing at which two more packets follow the one at `bytes`; 0 if there is no packet.
template <class Byte>
std::size_t spacing_at(const Byte* bytes) {
  constexpr Byte sync{kSync};
  if (bytes[0] != sync) return 0;
  for (const std::size_t spacing : {188U, 192U, 204U}) {
    if (bytes[spacing] == sync && bytes[2 * spacing] == sync) return spacing;
  }
  return 0;
}

// ISO/IEC 13818-1 table 2-34, with what ATSC and DVB add.
bool is_video_or_audio(std::uint8_t stream_type) {
  constexpr std::uint8_t kTypes[] = {0x01, 0x02, 0x03, 0x04, 0x0f, 0x10, 0x11, 0x1b,
                                     0x24, 0x33, 0x42, 0x81, 0x87, 0xd1, 0xea};
  return std::find(std::begin(kTypes), std::end(kTypes), stream_type) != std::end(kTypes);
}

// ISO/IEC 13818-1 2.4.3.7: PES packets that begin with a header, and a PTS in it.
bool has_pts(std::span<const std::uint8_t> payload) {
  return payload.size() > 8 && payload[0] == 0 && payload[1] == 0 && payload[2] == 1 &&
         (payload[6] & 0xc0) == 0x80 && (payload[7] & 0x80) != 0;
}

}  // namespace

void TsInspector::Queue::push(const TsEvent& event) {
  if (size_ < events_.size()) {
    events_[(first_ + size_++) % events_.size()] = event;
    return;
  }
  TsEvent& last = events_[(first_ + size_ - 1) % events_.size()];
  last.lost_packets_at_least = std::min(kMostLost, last.lost_packets_at_least + event.lost_packets_at_least);
}

void TsInspector::Queue::pop() {
  first_ = (first_ + 1) % events_.size();
  --size_;
}

TsInspector::TsInspector() : pids_(kPids) {
  clocks_.reserve(kMostClocks);
  for (const std::uint16_t pid : {kPatPid, kCatPid}) {
    pids_[pid].named = true;
    expect_tables_on(pid);
  }
}

void TsInspector::feed(std::span<const std::byte> bytes) {
  while (!bytes.empty()) bytes = spacing_ == 0 ? find_sync(bytes) : take_packets(bytes);
}

// Returns what follows where a packet was found, or nothing when more bytes are needed to decide. What is
// found does not depend on how the bytes were cut.
std::span<const std::byte> TsInspector::find_sync(std::span<const std::byte> bytes) {
  if (held_size_ > 0) {
    const std::size_t before = held_size_;
    const std::size_t added = std::min(kLookAhead, bytes.size());
    std::memcpy(held_.data() + before, bytes.data(), added);
    for (std::size_t at = 0; at < before; ++at) {
      if (at + kLookAhead >= before + added) {
        offset_ += added;
        held_size_ = before + added - at;
        std::memmove(held_.data(), held_.data() + at, held_size_);
        return {};
      }
      spacing_ = spacing_at(held_.data() + at);
      if (spacing_ == 0) continue;
      // The packets that begin among the held bytes, three at most, were just seen to be in place.
      std::array<std::byte, kLookAhead> replay;
      std::memcpy(replay.data(), held_.data() + at, before - at);
      offset_ -= before - at;
      held_size_ = 0;
      take_packets(std::span(replay).first(before - at));
      return bytes;
    }
    held_size_ = 0;
  }
  std::size_t at = 0;
  for (; at + kLookAhead < bytes.size(); ++at) {
    spacing_ = spacing_at(bytes.data() + at);
    if (spacing_ == 0) continue;
    offset_ += at;
    return bytes.subspan(at);
  }
  offset_ += at;
  hold(bytes.subspan(at));
  return {};
}

// Returns nothing, or what follows where sync was lost.
std::span<const std::byte> TsInspector::take_packets(std::span<const std::byte> bytes) {
  const auto drop = [&](std::size_t count) {
    bytes = bytes.subspan(count);
    offset_ += count;
  };
  while (!bytes.empty()) {
    if (skip_ > 0) {
      const std::size_t skipped = std::min(skip_, bytes.size());
      skip_ -= skipped;
      drop(skipped);
      continue;
    }
    if (held_size_ == 0 && bytes[0] != std::byte{kSync}) {
      spacing_ = 0;
      for (PidState& pid : pids_) pid.known = false;
      report(TsEvent::Kind::kSyncLoss, offset_, 0, 0);
      return bytes;
    }
    if (held_size_ == 0 && bytes.size() >= kPacket) {
      inspect(reinterpret_cast<const std::uint8_t*>(bytes.data()), offset_);
      drop(kPacket);
      skip_ = spacing_ - kPacket;
      continue;
    }
    const std::size_t part = std::min(kPacket - held_size_, bytes.size());
    hold(bytes.first(part));
    bytes = bytes.subspan(part);
    if (held_size_ < kPacket) continue;
    inspect(held_.data(), offset_ - kPacket);
    held_size_ = 0;
    skip_ = spacing_ - kPacket;
  }
  return {};
}

void TsInspector::hold(std::span<const std::byte> bytes) {
  if (!bytes.empty()) std::memcpy(held_.data() + held_size_, bytes.data(), bytes.size());
  held_size_ += bytes.size();
  offset_ += bytes.size();
}

// ISO/IEC 13818-1 2.4.3.2 to 2.4.3.5.
void TsInspector::inspect(const std::uint8_t* packet, std::uint64_t offset) {
  const std::uint16_t pid = pid_at(packet + 1);
  if (pid == kNullPid) return;
  PidState& state = pids_[pid];
  if ((packet[1] & 0x80) != 0) {
    report(TsEvent::Kind::kTransportError, offset, pid, 0);
    state.known = false;
    return;
  }

  const bool has_payload = (packet[3] & 0x10) != 0;
  const bool has_adaptation = (packet[3] & 0x20) != 0;
  const std::size_t adaptation = has_adaptation ? packet[4] : 0;
  const std::size_t payload = 4 + (has_adaptation ? 1 + adaptation : 0);
  if (payload > kPacket) return;
  repetition_.saw(TsRepetition::What::kPid, pid);
  if ((packet[3] & 0xc0) != 0) check_scrambling(state, pid, offset);
  const bool announced = adaptation > 0 && (packet[5] & 0x80) != 0;
  if (announced) state.known = false;
  // Packets without payload don't count, and some multiplexers put any number there.
  if (has_payload && !count(state, pid, packet[3] & 0x0f, offset)) return;
  if (adaptation >= 7 && (packet[5] & 0x10) != 0) check_clock(pid, pcr_at(packet + 6), announced, offset);
  const bool begins = (packet[1] & 0x40) != 0;
  if (!has_payload) return;
  if (state.has_tables) {
    read_tables(pid, begins, {packet + payload, kPacket - payload}, offset);
  } else if (begins && has_pts({packet + payload, kPacket - payload})) {
    repetition_.saw(TsRepetition::What::kPts, pid);
  }
}

// TR 101 290 1.3, 1.5: tables are never scrambled. 2.6: what is says in the CAT how.
void TsInspector::check_scrambling(const PidState& state, std::uint16_t pid, std::uint64_t offset) {
  if (state.has_tables) {
    report(TsEvent::Kind::kTableWrong, offset, pid, 0);
  } else if (state.named && !std::exchange(scrambled_, true)) {
    constexpr TsRepetition::Expected kCat[] = {{TsRepetition::What::kCat, kCatPid}};
    repetition_.expect(kCatPid, kCat);
  }
}

// ISO/IEC 13818-1 2.4.3.3: counts up with each payload; a packet may be sent twice, the second is for
// nothing.
bool TsInspector::count(PidState& state, std::uint16_t pid, std::uint8_t counter, std::uint64_t offset) {
  const int lost = state.known ? (counter - state.counter - 1) & 0x0f : 0;
  const bool again = lost == 15;
  if (again && !state.repeated) {
    state.repeated = true;
    return false;
  }
  // Some multiplexers send their tables for ever under one number; nothing is lost by that.
  if (lost != 0 && !(again && state.has_tables))
    report(TsEvent::Kind::kContinuity, offset, pid, again ? 0 : lost);
  if (lost != 0 && !again && state.has_tables) section_of(pid)->open = false;
  state.counter = counter;
  state.known = true;
  state.repeated = again;
  return true;
}

// Many files send the clock more seldom than the 100 ms that broadcasters keep to; theirs is measured by the
// distance that is usual in them.
void TsInspector::check_clock(std::uint16_t pid, std::uint64_t pcr, bool announced, std::uint64_t offset) {
  auto clock = std::find_if(clocks_.begin(), clocks_.end(), [pid](const Clock& c) { return c.pid == pid; });
  if (clock == clocks_.end()) {
    if (clocks_.size() < kMostClocks)
      clocks_.push_back({.pid = pid, .after_step = true, .last = pcr, .usual_step = 0});
    return;
  }
  const std::uint64_t step = (pcr % kPcrRange + kPcrRange - clock->last % kPcrRange) % kPcrRange;
  clock->last = pcr;
  if (announced && pid == clock_pid_) repetition_.restart();
  if (announced) return;
  const bool back = step > kPcrRange / 2;
  const bool far = step > std::max(kLargestStep, 2 * clock->usual_step);
  const bool first = clock->usual_step == 0;
  if (back || (far && !first)) report(TsEvent::Kind::kPcr, offset, pid, 0);
  // One step too far is a fault, the second in a row is the new distance.
  if (!back && (!far || clock->after_step)) {
    clock->usual_step = std::min(kLongestUsualStep, std::max(step, clock->usual_step * 7 / 8));
  }
  clock->after_step = far;
  if (pid != clock_pid_) return;
  if (back || far) {
    repetition_.restart();
  } else {
    go_on(step, offset);
  }
}

void TsInspector::go_on(std::uint64_t ticks, std::uint64_t offset) {
  late_.clear();
  repetition_.advance(ticks, late_);
  for (const TsRepetition::Expected& e : late_) {
    switch (e.what) {
      case TsRepetition::What::kTable:
      case TsRepetition::What::kCat:
        report(TsEvent::Kind::kTableLate, offset, e.pid, 0);
        break;
      case TsRepetition::What::kPid:
        report(TsEvent::Kind::kPidMissing, offset, e.pid, 0);
        break;
      case TsRepetition::What::kPts:
        report(TsEvent::Kind::kPts, offset, e.pid, 0);
        break;
    }
  }
}

void TsInspector::report(TsEvent::Kind kind, std::uint64_t offset, std::uint16_t pid, int lost) {
  if (map_known_ && kind != TsEvent::Kind::kSyncLoss && !pids_[pid].named) return;
  events_[static_cast<std::size_t>(kind)].push(
      {.kind = kind, .byte_offset = offset, .pid = pid, .lost_packets_at_least = lost});
}

std::optional<TsEvent> TsInspector::next_event(std::uint64_t up_to_offset) {
  Queue* earliest = nullptr;
  for (Queue& queue : events_) {
    const TsEvent* event = queue.front();
    if (event == nullptr || event->byte_offset > up_to_offset) continue;
    if (earliest == nullptr || event->byte_offset < earliest->front()->byte_offset) earliest = &queue;
  }
  if (earliest == nullptr) return std::nullopt;
  const TsEvent event = *earliest->front();
  earliest->pop();
  return event;
}

void TsInspector::expect_tables_on(std::uint16_t pid) {
  if (pids_[pid].has_tables || sections_.size() == kMostTables || pid == kNullPid) return;
  pids_[pid].has_tables = true;
  sections_.emplace_back().pid = pid;
}

TsInspector::Section* TsInspector::section_of(std::uint16_t pid) {
  return &*std::find_if(sections_.begin(), sections_.end(), [pid](const Section& s) { return s.pid == pid; });
}

// ISO/IEC 13818-1 2.4.4.1: where a section begins, the payload's first byte says how far off.
void TsInspector::read_tables(std::uint16_t pid, bool begins, std::span<const std::uint8_t> payload,
                              std::uint64_t offset) {
  Section& section = *section_of(pid);
  if (begins) {
    if (payload.empty() || payload[0] >= payload.size()) return;
    const std::size_t pointer = payload[0];
    add_to(section, payload.subspan(1, pointer), offset);
    payload = payload.subspan(1 + pointer);
    section.open = true;
    section.filled = 0;
  }
  add_to(section, payload, offset);
}

void TsInspector::add_to(Section& section, std::span<const std::uint8_t> bytes, std::uint64_t offset) {
  while (!bytes.empty() && section.open) {
    const std::size_t size = section.filled < kSectionHead ? kSectionHead : section_size(section.bytes);
    const bool stuffing = section.filled == 0 && bytes[0] == 0xff;
    if (stuffing || size > section.bytes.size()) {
      section.open = false;
      return;
    }
    const std::size_t part = std::min(size - section.filled, bytes.size());
    std::copy_n(bytes.begin(), part, section.bytes.begin() + static_cast<std::ptrdiff_t>(section.filled));
    section.filled += part;
    bytes = bytes.subspan(part);
    if (section.filled < kSectionHead || section.filled < section_size(section.bytes)) continue;
    read_section(section, offset);
    section.filled = 0;
  }
}

// A PID of maps may carry other tables too; those of the PAT and the CAT may not (TR 101 290 1.3, 2.6).
void TsInspector::read_section(Section& section, std::uint64_t offset) {
  const auto bytes = std::span<const std::uint8_t>(section.bytes).first(section.filled);
  const std::uint8_t id = section.pid == kPatPid ? 0 : section.pid == kCatPid ? 1 : 2;
  if (bytes[0] != id) {
    if (section.pid <= kCatPid) report(TsEvent::Kind::kTableWrong, offset, section.pid, 0);
    return;
  }
  if (bytes.size() < 12) return;
  if (crc32_mpeg(bytes) != 0) {
    report(TsEvent::Kind::kTableCrc, offset, section.pid, 0);
    return;
  }
  repetition_.saw(section.pid == kCatPid ? TsRepetition::What::kCat : TsRepetition::What::kTable,
                  section.pid);
  const bool current = (bytes[5] & 0x01) != 0;
  std::uint32_t crc = 0;
  std::memcpy(&crc, &bytes[bytes.size() - kCrc], kCrc);
  if (!current || crc == std::exchange(section.last_crc, crc)) return;
  if (section.pid == kPatPid) read_association(bytes);
  if (section.pid > kCatPid) read_map(section.pid, bytes);
}

// ISO/IEC 13818-1 2.4.4.3.
void TsInspector::read_association(std::span<const std::uint8_t> section) {
  std::vector<TsRepetition::Expected> expected = {{TsRepetition::What::kTable, kPatPid}};
  for (std::size_t at = 8; at + 4 <= section.size() - kCrc; at += 4) {
    const bool network_information = section[at] == 0 && section[at + 1] == 0;
    if (network_information) continue;
    const std::uint16_t pid = pid_at(&section[at + 2]);
    pids_[pid].named = true;
    expect_tables_on(pid);
    if (pids_[pid].has_tables) expected.push_back({TsRepetition::What::kTable, pid});
  }
  // Other programmes, other maps: which are known has to be learnt anew.
  for (Section& s : sections_) {
    if (s.pid > kCatPid) s.last_crc = 0;
  }
  repetition_.forget_but(kPatPid);
  repetition_.expect(kPatPid, expected);
  clock_owner_ = 0;
  scrambled_ = false;
}

// ISO/IEC 13818-1 2.4.4.8.
void TsInspector::read_map(std::uint16_t pid, std::span<const std::uint8_t> section) {
  map_known_ = true;
  std::vector<TsRepetition::Expected> expected;
  const std::uint16_t clock = pid_at(&section[8]);
  pids_[clock].named = true;
  for (std::size_t at = 12 + length_at(&section[10]); at + 5 <= section.size() - kCrc;
       at += 5 + length_at(&section[at + 3])) {
    const std::uint16_t stream = pid_at(&section[at + 1]);
    pids_[stream].named = true;
    if (!is_video_or_audio(section[at]) || stream == kNullPid) continue;
    expected.push_back({TsRepetition::What::kPid, stream});
    expected.push_back({TsRepetition::What::kPts, stream});
  }
  const std::uint32_t owner =
      std::uint32_t{pid} << 16 | static_cast<std::uint32_t>(section[3]) << 8 | section[4];
  repetition_.expect(owner, expected);
  if (clock_owner_ != 0 && clock_owner_ != owner) return;
  clock_owner_ = owner;
  clock_pid_ = clock;
  repetition_.restart();
}

}  // namespace monolens
