// SoundPrint: the sound of a track as how its energy changes: in four bands every 10 ms, and as a whole every
// millisecond. It survives gain, coding and other sample rates; channels are added up.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "compare/print_track.h"
#include "media/audio_block.h"

namespace monolens {

class SoundPrint {
 public:
  static constexpr std::size_t kBands = 4;
  static constexpr auto kHop = MediaDuration::milliseconds(10);

  // REQUIRES: blocks in presentation order.
  void add(const AudioBlock& block);

  // Call it once, after the last block, before what follows.
  void finish();

  bool empty() const { return rises_.empty(); }
  MediaTime end() const { return MediaTime::since_start(kHop * static_cast<std::int64_t>(rises_.size())); }

  // Of each hop: by how much the level of each band rose, in nepers.
  const std::vector<std::array<float, kBands>>& rises() const { return rises_; }
  // The same of all of the sound each millisecond.
  const std::vector<float>& onsets() const { return onsets_; }

  // A print each `step`, each of `kWindow` of sound around its time.
  static constexpr auto kWindow = MediaDuration::milliseconds(1000);
  PrintTrack prints(MediaDuration step) const;

 private:
  int sample_rate_ = 0;
  std::array<float, kBands - 1> coefficients_{};
  std::array<float, kBands - 1> states_{};
  float direct_ = 0;                                 // state of the filter that takes DC away
  std::vector<std::array<float, kBands>> energies_;  // of each hop
  std::vector<float> moments_;                       // energy of each millisecond
  std::vector<std::array<float, kBands>> rises_;
  std::vector<float> onsets_;
};

struct SoundOffset {
  MediaDuration offset;  // time in `test` − time in `reference`
  double likeness = 0;   // correlation of the rises, 0 to 1
};

// Where the sound of `reference` from `from` to `to` stands in `test`: within `range` of `guess`. Exact to
// about a millisecond. nullopt where it can't be told: no such sound, or it fits several places.
std::optional<SoundOffset> find_sound(const SoundPrint& reference, const SoundPrint& test, MediaTime from,
                                      MediaTime to, MediaDuration guess, MediaDuration range);

}  // namespace monolens
