// video.corruption: packets of a transport stream lost or changed on their way.
//
// Two forms. Live: the broken stream itself. Baked: what a decoder makes of it, encoded cleanly, as when the
// fault lies upstream. The truth is measured: the share of the picture's 16×16 blocks that differ visibly
// from the clean stream's decode, picture by picture. A picture that never comes says nothing new.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>

#include "eval/encode.h"
#include "eval/programme_reader.h"
#include "eval/recipe.h"

namespace monolens::eval {
namespace {

constexpr std::size_t kPacket = 188;   // ISO/IEC 13818-1, 2.4.3
constexpr int kVideoPid = 0x100;       // of libavformat's first stream
constexpr double kWindowS = 0.5;       // in which packets are hit
constexpr double kVisibleLevels = 8;   // mean difference of a block
constexpr double kVisibleArea = 0.02;  // of the picture; DESIGN's least
constexpr double kBakedArea = 0.05;    // that the baked form must be found from
constexpr double kOneS = 1;            // damage less than this apart is one

enum class Hit { kLost, kFlipped };

int pid_of(const std::byte* packet) {
  return (std::to_integer<int>(packet[1]) & 0x1f) << 8 | std::to_integer<int>(packet[2]);
}

// Where the payload begins.
std::size_t payload_of(const std::byte* packet) {
  const bool adaptation = (std::to_integer<int>(packet[3]) & 0x20) != 0;
  return adaptation ? 5 + std::to_integer<std::size_t>(packet[4]) : 4;
}

// The PTS of a PES packet that begins here, in 90 kHz.
std::optional<std::int64_t> pts_of(const std::byte* packet) {
  if ((std::to_integer<int>(packet[1]) & 0x40) == 0) return {};
  const std::size_t at = payload_of(packet) + 9;
  if (at + 5 > kPacket || (std::to_integer<int>(packet[at - 2]) & 0x80) == 0) return {};
  const auto b = [&](std::size_t i) { return std::to_integer<std::int64_t>(packet[at + i]); };
  return (b(0) & 0x0e) << 29 | b(1) << 22 | (b(2) & 0xfe) << 14 | b(3) << 7 | b(4) >> 1;
}

// Hits `share` of the video packets (at least one) whose pictures are shown from `from_s` on, for the window.
std::vector<std::byte> damage(const std::vector<std::byte>& clean, Hit hit, double share, double from_s,
                              Random& random) {
  std::vector<std::size_t> reached;
  std::optional<std::int64_t> first;
  double at = 0;
  for (std::size_t p = 0; p + kPacket <= clean.size(); p += kPacket) {
    if (pid_of(&clean[p]) != kVideoPid) continue;
    if (const auto pts = pts_of(&clean[p])) {
      if (!first) first = pts;
      at = static_cast<double>(*pts - *first) / 90000;
    }
    if (at >= from_s && at < from_s + kWindowS) reached.push_back(p);
  }
  std::vector<bool> is_hit(clean.size() / kPacket);
  std::size_t hits = 0;
  for (const std::size_t p : reached) {
    if (random.uniform() >= share) continue;
    is_hit[p / kPacket] = true;
    ++hits;
  }
  if (hits == 0 && !reached.empty())
    is_hit[reached[static_cast<std::size_t>(random.below(static_cast<int>(reached.size())))] / kPacket] =
        true;

  std::vector<std::byte> out;
  for (std::size_t p = 0; p + kPacket <= clean.size(); p += kPacket) {
    if (is_hit[p / kPacket] && hit == Hit::kLost) continue;
    out.insert(out.end(), clean.begin() + static_cast<std::ptrdiff_t>(p),
               clean.begin() + static_cast<std::ptrdiff_t>(p + kPacket));
    if (!is_hit[p / kPacket]) continue;
    // Behind the headers of a PES packet, so that the picture is hit and not its time.
    std::byte* packet = &out[out.size() - kPacket];
    const std::size_t body = std::min(kPacket - 1, payload_of(packet) + 40);
    for (int flips = 0; flips < 4; ++flips) {
      const std::size_t i = body + static_cast<std::size_t>(random.below(static_cast<int>(kPacket - body)));
      packet[i] ^= static_cast<std::byte>(1 << random.below(8));
    }
  }
  return out;
}

double differing_share(const Picture& a, const Picture& b) {
  if (a.width != b.width || a.height != b.height) return 1;
  constexpr int kBlock = 16;
  int blocks = 0;
  int differing = 0;
  const auto x = a.plane(0);
  const auto y = b.plane(0);
  for (int top = 0; top < a.height; top += kBlock) {
    for (int left = 0; left < a.width; left += kBlock, ++blocks) {
      int sum = 0;
      int n = 0;
      for (int row = top; row < std::min(a.height, top + kBlock); ++row) {
        for (int column = left; column < std::min(a.width, left + kBlock); ++column, ++n) {
          const auto i = static_cast<std::size_t>(row * a.width + column);
          sum += std::abs(x[i] - y[i]);
        }
      }
      if (sum > kVisibleLevels * n) ++differing;
    }
  }
  return static_cast<double>(differing) / blocks;
}

// The stretches in which the damage is visible.
std::vector<Interval> visible(const std::vector<double>& areas, double interval, double least_area) {
  std::vector<Interval> found;
  std::size_t n = 0;
  double sum = 0;
  for (std::size_t tick = 0; tick < areas.size(); ++tick) {
    if (areas[tick] < kVisibleArea) continue;
    const double at = static_cast<double>(tick) * interval;
    if (found.empty() || at - found.back().end > kOneS) {
      found.push_back({.start = at});
      n = 0;
      sum = 0;
    }
    found.back().end = at + interval;
    sum += areas[tick];
    found.back().area = sum / static_cast<double>(++n);
    found.back().required = *found.back().area >= least_area;
  }
  return found;
}

// The broken pictures at each tick of the clean ones, and the truth about them.
Programme compare(const Programme& clean, const Programme& broken, std::vector<double>& areas) {
  std::map<std::int64_t, PicturePtr> shown;
  for (std::size_t i = 0; i < broken.pictures.size(); ++i) shown[broken.ticks[i]] = broken.pictures[i];
  Programme out = clean;
  double area = 0;
  PicturePtr last = clean.pictures.front();
  for (std::size_t i = 0; i < clean.pictures.size(); ++i) {
    const auto found = shown.find(clean.ticks[i]);
    if (found != shown.end()) {
      last = found->second;
      area = differing_share(*clean.pictures[i], *last);
    }
    out.pictures[i] = last;
    areas.push_back(area);
  }
  return out;
}

Recipe corrupted(bool live, Hit hit, double share) {
  return {.kind = "video.corruption",
          .form = std::string(live ? "live" : "baked") + (hit == Hit::kLost ? ", lost" : ", flipped"),
          .strength = {"packets hit", share * 100, "%"},
          .pictures = true,
          .carrier = {.container = live ? "mpegts" : "mp4"},
          .apply = [=](Made& made, Random& random) -> Result<void> {
            Programme& p = made.programme;
            p.channels.clear();
            const Stretch s = choose_pictures(p, kWindowS, 1.2, 2, random);
            const auto clean_bytes = encode_pictures(p, plain_h264(p));
            if (!clean_bytes) return clean_bytes.error();
            auto broken_bytes = damage(*clean_bytes, hit, share, interval_of_pictures(p, s).start, random);
            const auto clean = read_pictures(*clean_bytes);
            if (!clean) return clean.error();
            const auto broken = read_pictures(broken_bytes);
            if (!broken) return broken.error();
            Programme shown = compare(*clean, *broken, made.areas);
            made.intervals = visible(made.areas, p.interval(), live ? kVisibleArea : kBakedArea);
            shown.clip = p.clip;
            p = std::move(shown);
            if (live) made.bytes = std::move(broken_bytes);
            return {};
          }};
}

}  // namespace

std::vector<Recipe> corruption_recipes() {
  std::vector<Recipe> recipes;
  for (const bool live : {true, false}) {
    for (const Hit hit : {Hit::kLost, Hit::kFlipped}) {
      for (const double share : {0.005, 0.02, 0.08, 0.3}) recipes.push_back(corrupted(live, hit, share));
    }
  }
  return recipes;
}

}  // namespace monolens::eval
