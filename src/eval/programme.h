// Programme: a short stretch of media in memory, into which defects are put: pictures at a constant rate in
// planar 8-bit 4:2:0, and up to two channels of sound. Both begin at 0.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "media/frame.h"

namespace monolens::eval {

struct Picture {
  int width = 0;  // even
  int height = 0;
  std::vector<std::uint8_t> samples;  // Y, Cb, Cr, one after another

  int plane_width(int plane) const { return plane == 0 ? width : width / 2; }
  int plane_height(int plane) const { return plane == 0 ? height : height / 2; }
  std::span<std::uint8_t> plane(int plane);
  std::span<const std::uint8_t> plane(int plane) const;
  std::array<Plane, 3> planes() const;
};

Picture flat_picture(int width, int height, int y, int cb = 128, int cr = 128);

// Pictures are shared by all programmes that are made from one clip, and never changed in place.
using PicturePtr = std::shared_ptr<const Picture>;

struct Programme {
  std::string clip;
  int rate_num = 25;  // pictures a second
  int rate_den = 1;
  std::vector<PicturePtr> pictures;
  std::vector<std::int64_t> ticks;  // when each picture is shown, in intervals of the rate
  int sample_rate = 0;
  std::vector<std::vector<float>> channels;

  bool has_pictures() const { return !pictures.empty(); }
  bool has_sound() const { return !channels.empty() && !channels.front().empty(); }
  double interval() const { return static_cast<double>(rate_den) / rate_num; }  // s
  double seconds() const;                                                       // the shorter track's

  std::size_t picture_at(double s) const;  // index; pictures at their ticks
  std::size_t sample_at(double s) const;
};

// The mean absolute difference of two pictures' luma, in levels. REQUIRES: one size.
double luma_difference(const Picture& a, const Picture& b);

// Over all channels from one sample to before another, full scale at 1.
double rms(const Programme& p, std::size_t from, std::size_t to);
double peak(const Programme& p, std::size_t from, std::size_t to);

double to_db(double linear);  // 1 is 0 dB; −200 for silence
double from_db(double db);

}  // namespace monolens::eval
