// Measurements: a stream's quantities over a stretch of time, as an operator looks at them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace monolens {

// One quantity: the sum, least, greatest and number of the values that were measured.
struct Quantity {
  double sum = 0;
  double least = 0;
  double greatest = 0;
  std::uint64_t count = 0;

  void add(double value);
  void add(const Quantity& other);
  // REQUIRES: count > 0.
  double mean() const { return sum / static_cast<double>(count); }

  bool operator==(const Quantity&) const = default;
};

// Their names, with the unit at the end where there is one:
//
//   luma_mean, motion_mean        8-bit levels; of the picture, and its change from the one before
//   dark_share                    of the picture
//   edge_slope                    0 to 1, of the sharpest edges (features/sharpness.h)
//   block_grid_share              of the picture (features/block_grid.h)
//   corrupt_share                 of the blocks that are at least 0.9 likely corrupt
//   pictures_per_s, bitrate_bps   of one second each
//   momentary_lufs, short_term_lufs, true_peak_dbtp, peak_dbfs    of the first audio track
//   integrated_lufs               of the same, since the session began
//   av_offset_ms                  positive = sound late
//   segment_fetch_share           of HLS: how long a segment's fetching took, of how long it plays
//   lag_s                         from a packet's arrival to its analysis
//   cpu_s                         of one second of the stream
class Measurements {
 public:
  // Values that are not finite are left out.
  void add(std::string_view name, double value);
  void add(std::string_view name, const Quantity& quantity);
  void add(const Measurements& other);

  bool empty() const { return quantities_.empty(); }
  const std::map<std::string, Quantity, std::less<>>& quantities() const { return quantities_; }

  bool operator==(const Measurements&) const = default;

 private:
  std::map<std::string, Quantity, std::less<>> quantities_;
};

}  // namespace monolens
