// TsInspector: what is wrong with the packets of an MPEG transport stream, seen from its bytes alone.
//
// Finds the packets (188 bytes, 192 with time stamps, 204 with Reed-Solomon bytes), and reports, with the
// numbers of ETSI TR 101 290: lost sync (1.1, a single wrong sync byte included, 1.2), the PAT (1.3),
// continuity counters (1.4), PMTs (1.5), PIDs that are missing (1.6), transport errors (2.1), checksums of
// tables (2.2), steps of the PCR (2.3a and 2.3b, which only its values tell of here), time stamps (2.5) and
// the CAT (2.6). Once a programme map is known, only PIDs that a map or the association table names are
// reported; before that, all but null packets are. Repetition is measured by the clock of the first
// programme: TsRepetition.
//
// Takes hostile bytes. Memory is fixed but for up to 64 programme maps' sections. Not thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "media/ts_repetition.h"

namespace monolens {

struct TsEvent {
  enum class Kind {
    kContinuity,      // packets of the PID are missing, or one came more than twice
    kTransportError,  // the receiver marked the packet as damaged
    kSyncLoss,        // no packet begins where one should; pid is 0
    kPcr,             // the clock went back, or ahead by over 100 ms and twice its usual step, unannounced
    kTableLate,       // the PAT or a PMT does not come again; PID 1: packets are scrambled without a CAT
    kTableWrong,      // another table's packets, or scrambled ones, where the PAT, CAT or a PMT belongs
    kTableCrc,        // the checksum of one of these is wrong
    kPidMissing,      // nothing comes on a PID of video or audio that a map names
    kPts,             // no time stamps come on such a PID
  };
  Kind kind = Kind::kContinuity;
  std::uint64_t byte_offset = 0;  // of the packet, from the first byte fed
  std::uint16_t pid = 0;
  int lost_packets_at_least = 0;  // kContinuity: 1 to 14, 0 if repeated; summed where events were merged
};

class TsInspector {
 public:
  TsInspector();

  // The stream's next bytes, in pieces of any size.
  void feed(std::span<const std::byte> bytes);

  // Takes the earliest event that begins at or before `up_to_offset`. Up to 256 events of a kind wait; later
  // ones are merged into the last of their kind.
  std::optional<TsEvent> next_event(std::uint64_t up_to_offset);

 private:
  static constexpr std::size_t kPacket = 188;
  static constexpr std::size_t kLongestSpacing = 204;
  static constexpr std::size_t kLookAhead = 2 * kLongestSpacing;  // a packet is one if two more follow it
  static constexpr std::size_t kKinds = 9;

  // Events of one kind, oldest first.
  class Queue {
   public:
    void push(const TsEvent& event);
    const TsEvent* front() const { return size_ == 0 ? nullptr : &events_[first_]; }
    void pop();

   private:
    std::array<TsEvent, 256> events_{};
    std::size_t first_ = 0;
    std::size_t size_ = 0;
  };

  struct PidState {
    std::uint8_t counter = 0;
    bool known = false;     // counter is that of the previous packet with payload
    bool repeated = false;  // which has come twice already
    bool named = false;     // by a table
    bool has_tables = false;
  };

  // A clock that a PID carries. Steps in units of 27 MHz.
  struct Clock {
    std::uint16_t pid = 0;
    bool after_step = false;
    std::uint64_t last = 0;
    std::uint64_t usual_step = 0;
  };

  // A table's section (ISO/IEC 13818-1 2.4.4) on its way through the packets of a PID.
  struct Section {
    std::uint16_t pid = 0;
    bool open = false;
    std::size_t filled = 0;
    std::uint32_t last_crc = 0;  // of the last one that was read
    std::array<std::uint8_t, 1024> bytes{};
  };

  std::span<const std::byte> find_sync(std::span<const std::byte> bytes);
  std::span<const std::byte> take_packets(std::span<const std::byte> bytes);
  void hold(std::span<const std::byte> bytes);
  void inspect(const std::uint8_t* packet, std::uint64_t offset);
  bool count(PidState& state, std::uint16_t pid, std::uint8_t counter, std::uint64_t offset);
  void check_clock(std::uint16_t pid, std::uint64_t pcr, bool announced, std::uint64_t offset);
  void report(TsEvent::Kind kind, std::uint64_t offset, std::uint16_t pid, int lost);
  void read_tables(std::uint16_t pid, bool begins, std::span<const std::uint8_t> payload,
                   std::uint64_t offset);
  void add_to(Section& section, std::span<const std::uint8_t> bytes, std::uint64_t offset);
  Section* section_of(std::uint16_t pid);
  void read_section(Section& section, std::uint64_t offset);
  void read_association(std::span<const std::uint8_t> section);
  void read_map(std::uint16_t pid, std::span<const std::uint8_t> section);
  void expect_tables_on(std::uint16_t pid);
  void check_scrambling(const PidState& state, std::uint16_t pid, std::uint64_t offset);
  void go_on(std::uint64_t ticks, std::uint64_t offset);

  std::uint64_t offset_ = 0;                         // of the next byte to be taken
  std::size_t spacing_ = 0;                          // from packet to packet; 0 = out of sync
  std::size_t skip_ = 0;                             // bytes between the packets that are still to come
  std::array<std::uint8_t, 2 * kLookAhead> held_{};  // the last bytes before offset_: too few to decide on
  std::size_t held_size_ = 0;

  std::vector<PidState> pids_;
  std::deque<Section> sections_;
  std::vector<Clock> clocks_;
  bool map_known_ = false;
  TsRepetition repetition_;
  std::vector<TsRepetition::Expected> late_;  // of one step of the clock
  std::uint32_t clock_owner_ = 0;             // the map whose clock repetition is measured by; 0 = none yet
  std::uint16_t clock_pid_ = 0;
  bool scrambled_ = false;
  std::array<Queue, kKinds> events_;
};

}  // namespace monolens
