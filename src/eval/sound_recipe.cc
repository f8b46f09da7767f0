#include "eval/sound_recipe.h"

#include <algorithm>
#include <cmath>

namespace monolens::eval {

void add_for_both_carriers(std::vector<Recipe>& out, const Recipe& recipe) {
  Recipe lossless = recipe;
  lossless.sound = true;
  lossless.carrier = {.container = "matroska", .audio_codec = "flac"};
  out.push_back(lossless);
  Recipe coded = recipe;
  coded.sound = true;
  coded.form += ", AAC";
  coded.carrier = {.container = "mp4", .audio_codec = "aac"};
  out.push_back(coded);
}

void normalise(Programme& p) {
  const std::size_t n = p.channels.front().size();
  const double loudness = rms(p, 0, n);
  const double most = peak(p, 0, n);
  if (loudness <= 0) return;
  const auto gain = static_cast<float>(std::min(from_db(-23) / loudness, from_db(-3) / most));
  for (auto& c : p.channels) {
    for (float& v : c) v *= gain;
  }
}

void make_stereo(Programme& p) {
  if (p.channels.size() == 1) p.channels.push_back(p.channels.front());
}

}  // namespace monolens::eval
