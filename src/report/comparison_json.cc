#include "report/comparison_json.h"

#include <cmath>

#include "report/json_values.h"

namespace monolens {
namespace {

using Json = nlohmann::ordered_json;

// To the microsecond.
Json milliseconds(const std::optional<MediaDuration>& d) {
  if (!d) return nullptr;
  return std::round(static_cast<double>(d->ns()) * 1e-3) / 1e3;
}

Json input_json(const InputInfo& input) {
  Json video = nullptr;
  Json audio = nullptr;
  for (const TrackInfo& t : input.tracks) {
    if (t.type == TrackType::kVideo && video.is_null())
      video = {{"codec", t.codec},
               {"width", positive(t.width)},
               {"height", positive(t.height)},
               {"fps", positive(t.fps)}};
    if (t.type == TrackType::kAudio && audio.is_null())
      audio = {
          {"codec", t.codec}, {"sample_rate", positive(t.sample_rate)}, {"channels", positive(t.channels)}};
  }
  return {{"url", input.url},
          {"format", input.format},
          {"duration_s", input.duration ? Json(rounded(input.duration->seconds())) : Json(nullptr)},
          {"video", video},
          {"audio", audio}};
}

Json relation_json(Relation r) {
  switch (r) {
    case Relation::kMissing:
      return "missing";
    case Relation::kAdded:
      return "added";
    case Relation::kSame:
      return "same";
    case Relation::kUnrelated:
      return "unrelated";
    case Relation::kAbsent:
    case Relation::kUnknown:
      break;
  }
  return nullptr;
}

Json odd_json(const OddPassage& p) {
  return {{"start_s", seconds(p.from)}, {"end_s", seconds(p.to)}, {"at_s", seconds(p.at)}};
}

Json quality_json(const std::optional<PictureQuality>& q) {
  if (!q) return nullptr;
  const bool identical = std::isinf(q->psnr_y_db);
  return {{"pictures", q->pictures},
          {"identical", identical},
          {"psnr_y_db", identical ? Json(nullptr) : Json(rounded(q->psnr_y_db))},
          {"ssim_y", q->ssim_y ? Json(rounded(*q->ssim_y)) : Json(nullptr)}};
}

}  // namespace

Json comparison_json(const Comparison& c) {
  Json common = Json::array();
  for (const CommonPassage& p : c.common) {
    common.push_back({{"reference_start_s", seconds(p.from)},
                      {"reference_end_s", seconds(p.to)},
                      {"test_start_s", seconds(p.from + p.offset())},
                      {"test_end_s", seconds(p.to + p.offset())},
                      {"picture_offset_ms", milliseconds(p.picture)},
                      {"sound_offset_ms", milliseconds(p.sound)},
                      {"sync_ms", milliseconds(p.sync())}});
  }
  Json missing = Json::array();
  for (const OddPassage& p : c.missing) missing.push_back(odd_json(p));
  Json inserted = Json::array();
  for (const OddPassage& p : c.inserted) inserted.push_back(odd_json(p));
  return {{"schema", "monolens.compare/1"},
          {"reference", input_json(c.reference)},
          {"test", input_json(c.test)},
          {"related", c.related()},
          {"pictures", relation_json(c.pictures)},
          {"sound", relation_json(c.sounds)},
          {"picture_offset_ms", milliseconds(c.picture_offset())},
          {"sound_offset_ms", milliseconds(c.sound_offset())},
          {"sync_ms", milliseconds(c.sync())},
          {"common", common},
          {"missing", missing},
          {"inserted", inserted},
          {"quality", quality_json(c.quality)},
          {"differences", differences(c)}};
}

}  // namespace monolens
