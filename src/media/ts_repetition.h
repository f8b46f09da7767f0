// TsRepetition: whether what has to come again and again in a transport stream does, by the stream's own
// clock.
//
// The limits are those of ETSI TR 101 290: a table at least every 0.5 s (1.3, 1.5), time stamps every 0.7 s
// (2.5); of PIDs that the map names (1.6) it leaves the limit to the user: 5 s here, as for a CAT once
// packets are scrambled (2.6). Many files are more sparing than broadcasters may be, so that what is late
// must also be twice as late as is usual in the stream.
//
// It sees no finer than the clock's steps, and doubts in the stream's favour.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace monolens {

class TsRepetition {
 public:
  enum class What : std::uint8_t { kTable, kPid, kPts, kCat };
  struct Expected {
    What what = What::kPid;
    std::uint16_t pid = 0;
  };

  TsRepetition();

  // From now on all of these and nothing else is expected for the sake of `owner`; what was expected already
  // stays as it is known. Up to 256 are; more are passed over.
  void expect(std::uint32_t owner, std::span<const Expected> list);
  // Nothing is any more for the sake of others.
  void forget_but(std::uint32_t owner) {
    std::erase_if(waiting_, [owner](const Waiting& w) { return w.owner != owner; });
  }

  // REQUIRES: pid < 8192.
  void saw(What what, std::uint16_t pid) { seen_[pid] |= bit(what); }

  // The clock has gone on by so much, in units of 27 MHz. What has become late is appended to `late`, once.
  void advance(std::uint64_t ticks, std::vector<Expected>& late);

  // The clock can't be believed at this moment: all that is waited for is waited for anew.
  void restart();

 private:
  struct Waiting {
    std::uint32_t owner = 0;
    Expected expected;
    std::uint64_t since = 0;
    std::uint64_t usual = 0;  // the longest interval of late; 0 until there was one
    bool known = false;       // seen before
    bool late = false;
  };

  static std::uint8_t bit(What what) { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(what)); }
  static std::uint64_t limit(const Waiting& w);
  void note(Waiting& w) const;

  std::uint64_t now_ = 0;
  std::vector<std::uint8_t> seen_;  // by PID: bits of what came since the last step of the clock
  std::vector<Waiting> waiting_;
};

}  // namespace monolens
