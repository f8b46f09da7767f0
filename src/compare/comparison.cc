#include "compare/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "compare/alignment.h"
#include "compare/picture_print.h"
#include "compare/quality.h"
#include "compare/reel.h"
#include "compare/sound_print.h"
#include "media/luma_scaler.h"

namespace monolens {
namespace {

constexpr auto kSyncRange = MediaDuration::milliseconds(3000);
constexpr auto kDetectable = MediaDuration::milliseconds(45);  // ITU-R BT.1359-1
constexpr auto kLeastSound = MediaDuration::milliseconds(1000);
constexpr auto kLeastOdd = MediaDuration::milliseconds(120);     // of a passage within
constexpr auto kLeastOddEnd = MediaDuration::milliseconds(500);  // at the beginning or the end
constexpr AlignLimits kSoundLimits{.probe = 0.45F, .match = 0.3F, .steepness = 5, .unlike = 0.5};
constexpr auto kSoundStep = MediaDuration::milliseconds(100);
constexpr auto kTestSoundStep = MediaDuration::milliseconds(40);
constexpr auto kLeastOddSound = MediaDuration::milliseconds(600);  // prints of sound look that far around

// Everything that is kept of one input.
struct Prints {
  InputInfo input;
  PicturePrinter pictures;
  SoundPrint sound;

  bool has(TrackType type) const {
    return std::any_of(input.tracks.begin(), input.tracks.end(),
                       [&](const TrackInfo& t) { return t.type == type; });
  }
};

ReelOptions reel_options(const CompareOptions& o, const std::string& url) {
  return {.url = url, .timeout = o.timeout, .threads = o.threads, .stop = o.stop};
}

Result<std::unique_ptr<Prints>> read(const CompareOptions& options, const std::string& url) {
  auto reel = Reel::open(reel_options(options, url));
  if (!reel) return reel.error();
  auto prints = std::make_unique<Prints>();
  prints->input = (*reel)->input();
  while (auto next = (*reel)->next()) {
    if (const auto* frame = std::get_if<Frame>(&*next)) {
      prints->pictures.add(*frame);
    } else {
      prints->sound.add(std::get<AudioBlock>(*next));
    }
  }
  prints->sound.finish();
  if (prints->pictures.prints().empty() && prints->sound.empty())
    return Error{ErrorCode::kNotMedia, fmt::format("{}: holds no decodable media", prints->input.url)};
  return prints;
}

Relation relation(bool reference, bool test) {
  if (reference && test) return Relation::kUnknown;
  if (reference) return Relation::kMissing;
  return test ? Relation::kAdded : Relation::kAbsent;
}

void align_pictures(const Prints& a, const Prints& b, Comparison& out) {
  const PrintTrack& reference = a.pictures.prints();
  const PrintTrack& test = b.pictures.prints();
  out.pictures = relation(!reference.empty(), !test.empty());
  if (reference.empty() || test.empty()) return;
  out.frame = std::max(reference.interval(), test.interval());
  for (const Stretch& s : align(reference, test))
    out.common.push_back({.from = s.from, .to = s.to, .picture = s.offset, .sound = std::nullopt});
  out.pictures = out.common.empty() ? Relation::kUnrelated : Relation::kSame;
}

// The sound of each passage whose pictures are known to belong together.
void find_sounds(const Prints& a, const Prints& b, Comparison& out) {
  for (CommonPassage& p : out.common) {
    if (p.to - p.from < kLeastSound) continue;
    const auto found = find_sound(a.sound, b.sound, p.from, p.to, *p.picture, kSyncRange);
    if (found) p.sound = found->offset;
  }
  const bool known =
      std::any_of(out.common.begin(), out.common.end(), [](const auto& p) { return p.sound.has_value(); });
  if (known) out.sounds = Relation::kSame;
}

// Passages from the sound alone.
void align_sounds(const Prints& a, const Prints& b, Comparison& out) {
  for (const Stretch& s : align(a.sound.prints(kSoundStep), b.sound.prints(kTestSoundStep), kSoundLimits)) {
    const auto found = find_sound(a.sound, b.sound, s.from, s.to, s.offset, MediaDuration::milliseconds(150));
    if (found)
      out.common.push_back({.from = s.from, .to = s.to, .picture = std::nullopt, .sound = found->offset});
  }
  out.sounds = out.common.empty() ? Relation::kUnrelated : Relation::kSame;
}

struct Span {
  MediaTime from;
  MediaTime to;
};

Span span_of(const PrintTrack& prints) { return {prints.time(0), prints.end()}; }

// What lies between, before and after the common passages.
void find_odd_passages(Span whole_reference, Span whole_test, MediaDuration least, Comparison& out) {
  MediaTime reference = whole_reference.from;  // up to here both are accounted for
  MediaTime test = whole_test.from;
  const auto add = [&](MediaTime from, MediaTime test_from, bool at_an_end) {
    const MediaDuration limit = std::max(least, at_an_end ? kLeastOddEnd : kLeastOdd);
    if (from - reference >= limit) out.missing.push_back({.from = reference, .to = from, .at = test});
    if (test_from - test >= limit) out.inserted.push_back({.from = test, .to = test_from, .at = reference});
  };
  bool first = true;
  for (const CommonPassage& p : out.common) {
    add(p.from, p.from + p.offset(), std::exchange(first, false));
    reference = p.to;
    test = p.to + p.offset();
  }
  add(whole_reference.to, whole_test.to, true);
}

// Steps through both in lockstep.
Result<void> measure_quality(const CompareOptions& options, Comparison& out) {
  auto a = Reel::open(reel_options(options, options.reference));
  if (!a) return a.error();
  auto b = Reel::open(reel_options(options, options.test));
  if (!b) return b.error();
  const MediaDuration half = MediaDuration::nanoseconds(out.frame.ns() / 2);
  LumaScaler scaler;
  QualityMeter meter;
  auto passage = out.common.begin();
  auto test = (*b)->next_frame();
  while (auto reference = (*a)->next_frame()) {
    while (passage != out.common.end() && reference->time >= passage->to) ++passage;
    if (passage == out.common.end() || !test) break;
    if (reference->time < passage->from) continue;
    const MediaTime wanted = reference->time + *passage->picture;
    while (test && test->time + half <= wanted) test = (*b)->next_frame();
    if (!test || test->time > wanted + half) continue;
    const Plane& plane = reference->planes[0];
    const Plane scaled = scaler.scale(*test, plane.width, plane.height);
    if (scaled.data != nullptr) meter.add(plane, reference->format, scaled, test->format);
  }
  if (meter.pictures() > 0)
    out.quality = {.pictures = meter.pictures(), .psnr_y_db = meter.psnr(), .ssim_y = meter.ssim()};
  return {};
}

template <class Of>
std::optional<MediaDuration> median(const std::vector<CommonPassage>& passages, Of of) {
  std::vector<std::pair<MediaDuration, MediaDuration>> known;  // value, weight
  MediaDuration total;
  for (const CommonPassage& p : passages) {
    const std::optional<MediaDuration> value = of(p);
    if (!value) continue;
    known.emplace_back(*value, p.to - p.from);
    total += p.to - p.from;
  }
  std::sort(known.begin(), known.end());
  MediaDuration sum;
  for (const auto& [value, weight] : known) {
    sum += weight;
    if (sum * 2 >= total) return value;
  }
  return std::nullopt;
}

std::string clock(MediaTime t) { return fmt::format("{:.3f} s", t.seconds()); }

}  // namespace

std::optional<MediaDuration> Comparison::picture_offset() const {
  return median(common, [](const CommonPassage& p) { return p.picture; });
}

std::optional<MediaDuration> Comparison::sound_offset() const {
  return median(common, [](const CommonPassage& p) { return p.sound; });
}

std::optional<MediaDuration> Comparison::sync() const {
  return median(common, [](const CommonPassage& p) { return p.sync(); });
}

std::vector<std::string> differences(const Comparison& c) {
  std::vector<std::string> all;
  const auto tell = [&](Relation r, std::string_view what) {
    if (r == Relation::kMissing) all.push_back(fmt::format("the test has no {}", what));
    if (r == Relation::kAdded) all.push_back(fmt::format("the reference has no {}", what));
    if (r == Relation::kUnrelated) all.push_back(fmt::format("the {} have nothing in common", what));
  };
  tell(c.pictures, "pictures");
  tell(c.sounds, c.sounds == Relation::kUnrelated ? "sounds" : "sound");
  for (const OddPassage& p : c.missing)
    all.push_back(fmt::format("missing from the test: {} to {}", clock(p.from), clock(p.to)));
  for (const OddPassage& p : c.inserted)
    all.push_back(fmt::format("only in the test: {} to {}", clock(p.from), clock(p.to)));
  const MediaDuration allowed = std::max(c.frame, kDetectable);
  for (const CommonPassage& p : c.common) {
    const auto sync = p.sync();
    if (!sync || (*sync <= allowed && *sync >= -allowed)) continue;
    all.push_back(fmt::format("the sound is {:.0f} ms {} from {}", std::abs(sync->seconds() * 1000),
                              sync->ns() > 0 ? "late" : "early", clock(p.from)));
  }
  return all;
}

Result<Comparison> compare(const CompareOptions& options) {
  auto a = read(options, options.reference);
  if (!a) return a.error();
  auto b = read(options, options.test);
  if (!b) return b.error();
  Comparison out;
  out.reference = (*a)->input;
  out.test = (*b)->input;
  out.sounds = relation(!(*a)->sound.empty(), !(*b)->sound.empty());
  align_pictures(**a, **b, out);
  const bool by_pictures = out.related();
  const bool both_sound = !(*a)->sound.empty() && !(*b)->sound.empty();
  if (both_sound && by_pictures) find_sounds(**a, **b, out);
  if (both_sound && !by_pictures) align_sounds(**a, **b, out);
  if (!out.related()) return out;
  if (by_pictures) {
    find_odd_passages(span_of((*a)->pictures.prints()), span_of((*b)->pictures.prints()), {}, out);
  } else {
    find_odd_passages({{}, (*a)->sound.end()}, {{}, (*b)->sound.end()}, kLeastOddSound, out);
  }
  a->reset();
  b->reset();
  if (options.quality && by_pictures) {
    auto measured = measure_quality(options, out);
    if (!measured) return measured.error();
  }
  return out;
}

}  // namespace monolens
