// Alignment: which passages of a reference stand in a test, and where, from the fingerprints of both.
//
// Probes of the reference vote for the offsets at which the test resembles them; among the offsets with the
// most votes the likeliest path through the reference is found (Viterbi), which may leave passages out. Each
// stretch's offset is then refined.
#pragma once

#include <vector>

#include "compare/print_track.h"

namespace monolens {

struct Stretch {
  MediaTime from;  // in the reference
  MediaTime to;
  MediaDuration offset{};  // time in the test − time in the reference
  double likeness = 0;     // mean correlation of its prints
};

// Correlations of prints. The defaults are for pictures, which a copy hardly changes at their size.
struct AlignLimits {
  float probe = 0.8F;   // a second of the reference resembles a place in the test
  float match = 0.85F;  // a print rather belongs to a place than to none
  float steepness = 10;
  double unlike = 0.03;  // a stretch that differs from the test by less is the same
};

// In order, both in the reference and in the test. None if the two have nothing in common.
std::vector<Stretch> align(const PrintTrack& reference, const PrintTrack& test,
                           const AlignLimits& limits = {});

}  // namespace monolens
