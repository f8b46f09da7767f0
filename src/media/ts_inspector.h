// TsInspector: what is wrong with the packets of an MPEG transport stream, seen from its bytes alone.
//
// Finds the packets (188 bytes, 192 with time stamps, 204 with Reed-Solomon bytes), and reports, with the
// numbers of ETSI TR 101 290: lost sync (1.1), continuity counters (1.4), transport errors (2.1) and steps of
// the PCR (2.3b). Once a programme map is known, only PIDs that a map or the association table names are
// reported; before that, all but null packets are.
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

namespace monolens {

struct TsEvent {
  enum class Kind {
    kContinuity,      // packets of the PID are missing, or one came more than twice
    kTransportError,  // the receiver marked the packet as damaged
    kSyncLoss,        // no packet begins where one should; pid is 0
    kPcr,             // the clock went back, or ahead by over 100 ms and twice its usual step, unannounced
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
  static constexpr std::size_t kKinds = 4;

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
    std::array<std::uint8_t, 1024> bytes{};
  };

  std::span<const std::byte> find_sync(std::span<const std::byte> bytes);
  std::span<const std::byte> take_packets(std::span<const std::byte> bytes);
  void hold(std::span<const std::byte> bytes);
  void inspect(const std::uint8_t* packet, std::uint64_t offset);
  bool count(PidState& state, std::uint16_t pid, std::uint8_t counter, std::uint64_t offset);
  void check_clock(std::uint16_t pid, std::uint64_t pcr, bool announced, std::uint64_t offset);
  void report(TsEvent::Kind kind, std::uint64_t offset, std::uint16_t pid, int lost);
  void read_tables(std::uint16_t pid, bool begins, std::span<const std::uint8_t> payload);
  void add_to(Section& section, std::span<const std::uint8_t> bytes);
  void read_section(std::uint16_t pid, std::span<const std::uint8_t> section);
  void expect_tables_on(std::uint16_t pid);

  std::uint64_t offset_ = 0;                         // of the next byte to be taken
  std::size_t spacing_ = 0;                          // from packet to packet; 0 = out of sync
  std::size_t skip_ = 0;                             // bytes between the packets that are still to come
  std::array<std::uint8_t, 2 * kLookAhead> held_{};  // the last bytes before offset_: too few to decide on
  std::size_t held_size_ = 0;

  std::vector<PidState> pids_;
  std::deque<Section> sections_;
  std::vector<Clock> clocks_;
  bool map_known_ = false;
  std::array<Queue, kKinds> events_;
};

}  // namespace monolens
