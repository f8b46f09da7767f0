// Impulses: finds single impulses of a millisecond or less in one channel: clicks and pops that no source of
// sound makes.
//
// A cheap look at the steps between samples asks for the dear one: there the 40 ms around the place are
// whitened by linear prediction (autocorrelation method, Levinson and Durbin's recursion; J. Makhoul, "Linear
// prediction: a tutorial review", Proc. IEEE 63, 1975). What rings, as struck and spoken sounds do, is
// predicted and vanishes; what remains of an impulse stands alone, with like remains before and after.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/time.h"

namespace monolens {

struct Impulse {
  MediaTime time;
  // What prediction leaves of it, in units of the largest such value within 20 ms of it, times the share of
  // its energy that lies within 0.35 ms; or, if that is more, 0.7 times the same without what stands up to 6
  // ms before it, as a lossy encoder smears it, and with the energy of the 3 ms before it.
  float strength = 0;
  float step = 0;  // the largest step between neighbouring samples, linear full scale
};

class Impulses {
 public:
  explicit Impulses(int sample_rate);

  // The next samples, the first of which stands at `time`; samples that are not finite count as 0. Returns
  // the strongest impulse that came to be known, of up to 30 ms ago.
  std::optional<Impulse> add(const float* x, int samples, MediaTime time);

 private:
  // In parts of a millisecond.
  static constexpr std::size_t kContext = 250;  // of steps
  static constexpr std::size_t kAhead = 29;     // how far behind the newest part one is judged
  static constexpr std::size_t kBeside = 25;    // what is predicted on either side
  static constexpr std::size_t kReach = 26;     // samples needed on either side
  static constexpr std::size_t kKept = 64;      // of samples
  static constexpr std::size_t kOrder = 12;     // of the prediction

  std::optional<Impulse> close_part();
  bool is_worth_a_look() const;
  std::optional<Impulse> judge(std::size_t centre);
  double concentration(std::ptrdiff_t before) const;
  bool is_cut_off(std::size_t centre, double impulse) const;
  double step_at(std::size_t parts_ago) const;

  int sample_rate_;
  std::size_t part_samples_;
  std::ptrdiff_t reach_;        // samples of an impulse on either side of its largest
  std::vector<float> window_;   // Hann's, 40 parts
  std::vector<float> samples_;  // at least the last kKept parts and one; moved down when it is full
  std::size_t filled_ = 1;      // silence comes before the first
  std::size_t in_part_ = 0;
  float part_step_ = 0;
  std::vector<float> steps_;  // the largest of each part, a ring
  std::size_t parts_ = 0;     // so far
  MediaTime end_;             // of the samples
  std::vector<float> windowed_;
  std::vector<float> remainder_;  // what prediction leaves of the samples around the one judged last
};

}  // namespace monolens
