// Recipe: one defect in one strength, and how it is put into a clean programme. Each family of defects has a
// file of its own; all_recipes() lists them in the order of the report.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "eval/programme.h"
#include "eval/random.h"
#include "media/media_writer.h"

namespace monolens::eval {

// What must be found where.
struct Interval {
  double start = 0;  // s from the first picture, or the first sample without pictures
  double end = 0;
  std::optional<double> area{};  // corruption: mean share of the picture that differs
  bool required = true;          // counts towards recall; else in the curve alone
};

struct Strength {
  std::string name;
  double value = 0;
  std::string unit;
};

enum class Role {
  kDefect,    // must be found: counts towards recall
  kCurve,     // weaker than anybody must find it: in the curve alone, told or not
  kNegative,  // nearly the defect, and must not be found
};

// How a programme becomes a file.
struct Carrier {
  std::string container = "mp4";
  std::string audio_codec = "aac";
  bool interlaced = false;
  // The sound that belongs to sample n is presented at this sample; empty: at n.
  std::function<std::int64_t(std::int64_t)> sample_time{};
};

struct Made {
  Programme programme;
  Carrier carrier{};
  std::vector<Interval> intervals{};
  Role role = Role::kDefect;
  std::optional<double> offset_ms{};              // av.sync: positive = sound late
  std::vector<double> areas{};                    // corruption: share of each picture, by tick
  std::optional<std::vector<std::byte>> bytes{};  // the file itself, instead of encoding the programme
};

struct Recipe {
  std::string kind;
  std::string form;  // how the defect came about, or what stands in its way
  Strength strength;
  Role role = Role::kDefect;
  bool pictures = false;  // what the clip must have
  bool sound = false;
  double speaking_s = 0;  // a face that speaks is needed; one that is seen for less need not tell the defect
  double least_s = 5;     // the shortest programme it can be put into
  Carrier carrier{};      // of the item, and of its clean twin

  // Changes `made`, which holds the clean programme. An empty interval list of a defect means that the clip
  // does not show it (no motion, no sound): the item is left out.
  std::function<Result<void>(Made& made, Random& random)> apply;
};

const std::vector<Recipe>& all_recipes();

// The families.
std::vector<Recipe> freeze_recipes();
std::vector<Recipe> flat_recipes();
std::vector<Recipe> letterbox_recipes();
std::vector<Recipe> corruption_recipes();
std::vector<Recipe> blockiness_recipes();
std::vector<Recipe> blur_recipes();
std::vector<Recipe> interlaced_recipes();
std::vector<Recipe> stutter_recipes();
std::vector<Recipe> flash_recipes();
std::vector<Recipe> silence_recipes();
std::vector<Recipe> dropout_recipes();
std::vector<Recipe> clipping_recipes();
std::vector<Recipe> click_recipes();
std::vector<Recipe> hum_recipes();
std::vector<Recipe> hiss_recipes();
std::vector<Recipe> channel_recipes();
std::vector<Recipe> sync_recipes();

// A stretch of pictures [first, end) of about `length_s`, with at least `lead_s` before it and `tail_s` after
// it where the programme is long enough.
struct Stretch {
  std::size_t first = 0;
  std::size_t end = 0;
};
Stretch choose_pictures(const Programme& p, double length_s, double lead_s, double tail_s, Random& random);
Stretch choose_samples(const Programme& p, double length_s, double lead_s, double tail_s, Random& random);

Interval interval_of_pictures(const Programme& p, Stretch stretch);
Interval interval_of_samples(const Programme& p, Stretch stretch);

// The mean of the differences between successive pictures' luma in the stretch, in levels: is there motion?
double motion(const Programme& p, Stretch stretch);
// The same from picture to picture.
std::vector<double> changes(const Programme& p, Stretch stretch);

// Adds noise of a standard deviation to a plane's samples.
void add_noise(std::span<std::uint8_t> plane, double deviation, Random& random);

// Replaces the pictures of the stretch by what `paint` makes of a copy of each; `n` counts from the stretch's
// first.
void repaint(Programme& p, Stretch stretch,
             const std::function<void(Picture& picture, std::size_t n)>& paint);

}  // namespace monolens::eval
