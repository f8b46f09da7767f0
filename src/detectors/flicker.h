// Flicker: which cells of a grid go up and down, together with enough others, more often than is allowed.
//
// A cell turns when its value has moved by `least_change` from its last extreme, the other way than it turned
// before; a pair of opposing turns is a flash. A turn counts where a large enough area turns the same way
// together: with one picture, or within 100 ms without as much turning the other way. So stripes that wander
// over the cells, up here and down there, are no flash.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"

namespace monolens {

struct FlickerLimits {
  double least_change = 0;    // of the value, to be a turn
  int flashes = 3;            // allowed in any period of one second
  double area = 0.25;         // share of the picture that may flash more often
  bool either_state = false;  // a turn counts if either of its states is marked; else if the lower one is
};

class Flicker {
 public:
  explicit Flicker(const FlickerLimits& limits) : limits_(limits) {}

  // More flashes than allowed, over a larger area than allowed.
  struct Excess {
    MediaTime since;    // the first turn of the flashes counted
    double area = 0;    // share of the picture
    double rate = 0;    // flashes a second, mean over the area
    double change = 0;  // from trough to peak, mean over the area
  };

  // Forgets everything; from now on there are this many cells.
  void restart(std::size_t cells);

  // For each picture begin(), set() each cell, then judge(), which tells an excess on every picture that adds
  // a turn to it. `share` is the cell's of the picture's area. Allocates nothing.
  // REQUIRES: pictures in presentation order.
  void begin(MediaTime time);
  void set(std::size_t i, float share, float value, bool marked);
  std::optional<Excess> judge();

 private:
  enum Way : std::uint8_t { kDown, kUp, kNone };

  struct Cell {
    float low = 0;  // extremes since the turns before
    float high = 0;
    float change = 0;  // between the extremes of the last turn
    float share = 0;
    bool low_marked = false;
    bool high_marked = false;
    bool known = false;    // has had a value
    bool waiting = false;  // the last turn has not been counted
    Way way = kNone;       // of the last turn
    Way counted = kNone;   // of the last turn that was counted
    std::uint32_t turns = 0;
    MediaTime turned;  // last
  };

  Way turn(Cell& cell, float value, bool marked) const;
  bool exceeds_area(double share) const;
  void count(std::size_t i, MediaTime turned);
  bool exceeds(std::size_t i) const;
  std::optional<Excess> sum_up() const;
  std::size_t kept() const { return 2 * (static_cast<std::size_t>(limits_.flashes) + 1); }
  // Of the last kept() counted turns of a cell; 0 is the oldest.
  MediaTime turn_time(std::size_t i, std::size_t n) const;

  FlickerLimits limits_;
  MediaTime now_;
  MediaDuration interval_;           // between pictures, about the longest in the last second
  std::array<double, 2> at_once_{};  // share of the picture that turned with this picture, by way
  std::array<double, 2> lately_{};   // and in the last 100 ms
  std::vector<Cell> cells_;
  std::vector<MediaTime> times_;  // kept() of each cell, a ring
};

}  // namespace monolens
