#include "eval/recipe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <string_view>
#include <vector>

#include "eval/made_programme.h"

namespace monolens::eval {
namespace {

const Programme& clean() {
  static const Programme kClean = make_programme("made-small");
  return kClean;
}

// Families that encode are slow and tested by what they measure.
bool is_quick(const Recipe& r) { return r.kind != "video.corruption" && r.kind != "video.blockiness"; }

Made applied(const Recipe& r, std::uint64_t seed) {
  Made made{.programme = clean(), .carrier = r.carrier, .role = r.role};
  Random random(seed);
  const auto result = r.apply(made, random);
  EXPECT_TRUE(result.ok()) << r.kind << ' ' << r.form;
  return made;
}

const Recipe& find(const std::string& kind, const std::string& form) {
  const auto& all = all_recipes();
  return *std::ranges::find_if(all, [&](const Recipe& r) { return r.kind == kind && r.form == form; });
}

bool inside(const Made& m, double s) {
  return std::ranges::any_of(m.intervals,
                             [s](const Interval& i) { return s >= i.start - 1e-6 && s < i.end - 1e-6; });
}

std::vector<std::size_t> changed_pictures(const Made& m) {
  std::vector<std::size_t> changed;
  for (std::size_t i = 0; i < m.programme.pictures.size(); ++i) {
    if (m.programme.pictures[i]->samples != clean().pictures[i]->samples) changed.push_back(i);
  }
  return changed;
}

TEST(Recipes, GiveTheSameForTheSameSeedAndAnotherPlaceForAnother) {
  int moved = 0;
  for (const Recipe& r : all_recipes()) {
    if (!is_quick(r)) continue;
    const Made a = applied(r, 7);
    const Made b = applied(r, 7);
    ASSERT_EQ(a.intervals.size(), b.intervals.size()) << r.kind;
    for (std::size_t i = 0; i < a.intervals.size(); ++i)
      EXPECT_EQ(a.intervals[i].start, b.intervals[i].start);
    ASSERT_EQ(a.programme.pictures.size(), b.programme.pictures.size());
    for (std::size_t i = 0; i < a.programme.pictures.size(); ++i)
      ASSERT_EQ(a.programme.pictures[i]->samples, b.programme.pictures[i]->samples)
          << r.kind << ' ' << r.form;
    EXPECT_EQ(a.programme.channels, b.programme.channels) << r.kind << ' ' << r.form;
    const Made c = applied(r, 8);
    if (!a.intervals.empty() && !c.intervals.empty() && a.intervals[0].start != c.intervals[0].start) ++moved;
  }
  EXPECT_GT(moved, 50);
}

TEST(Recipes, ChangePicturesOnlyWithinTheTruthAndNearlyAllOfThem) {
  for (const Recipe& r : all_recipes()) {
    if (!r.pictures || !is_quick(r) || r.kind == "av.sync" || r.kind == "video.stutter" ||
        r.form.starts_with("field")) {
      continue;
    }
    const Made m = applied(r, 3);
    ASSERT_EQ(m.intervals.size(), 1U) << r.kind << ' ' << r.form;
    const auto changed = changed_pictures(m);
    const double interval = clean().interval();
    for (const std::size_t i : changed)
      EXPECT_TRUE(inside(m, static_cast<double>(i) * interval)) << r.kind << ' ' << r.form << ' ' << i;
    const auto of_truth = std::llround((m.intervals[0].end - m.intervals[0].start) / interval);
    EXPECT_GE(static_cast<long long>(changed.size()), of_truth - 1) << r.kind << ' ' << r.form;
  }
}

TEST(Recipes, ChangeSoundOnlyWithinTheTruth) {
  for (const Recipe& r : all_recipes()) {
    // Driven sound is louder outside the samples that are cut off, too.
    if (!r.sound || r.pictures || r.kind == "audio.clipping") continue;
    const Made m = applied(r, 5);
    ASSERT_FALSE(m.intervals.empty()) << r.kind << ' ' << r.form;
    // Normalisation scales all of the programme by one gain, which the first sounding sample tells.
    const auto& was = clean().channels[0];
    const auto& is = m.programme.channels[0];
    double gain = 0;
    for (std::size_t i = 0; i < was.size() && gain == 0; ++i) {
      if (!inside(m, static_cast<double>(i) / 48000) && std::abs(was[i]) > 0.05F) gain = is[i] / was[i];
    }
    std::size_t outside = 0;
    std::size_t changed = 0;
    for (std::size_t i = 0; i < was.size(); ++i) {
      if (std::abs(is[i] - was[i] * gain) < 1e-5) continue;
      ++changed;
      if (!inside(m, static_cast<double>(i) / 48000)) ++outside;
    }
    EXPECT_EQ(outside, 0U) << r.kind << ' ' << r.form;
    const bool other_channel = r.kind == "audio.phase" || r.form.starts_with("right");
    if (other_channel) continue;
    EXPECT_GT(changed, 0U) << r.kind << ' ' << r.form;
  }
}

TEST(Freeze, RepeatsOnePictureToTheEnd) {
  const auto& all = all_recipes();
  const auto r = std::ranges::find_if(
      all, [](const Recipe& x) { return x.kind == "video.freeze" && x.strength.value == 0; });
  const Made m = applied(*r, 1);
  const std::size_t first = m.programme.picture_at(m.intervals[0].start);
  const std::size_t end = m.programme.picture_at(m.intervals[0].end);
  for (std::size_t i = first; i < end; ++i)
    EXPECT_EQ(m.programme.pictures[i]->samples, clean().pictures[first]->samples);
  EXPECT_NE(m.programme.pictures[end]->samples, clean().pictures[first]->samples);
}

TEST(Stutter, DropsPicturesAndKeepsTheTimesOfTheOthers) {
  const Made m = applied(find("video.stutter", "dropped"), 1);
  EXPECT_LT(m.programme.pictures.size(), clean().pictures.size());
  for (std::size_t i = 0; i < m.programme.pictures.size(); ++i)
    EXPECT_EQ(m.programme.pictures[i], clean().pictures[static_cast<std::size_t>(m.programme.ticks[i])]);
}

TEST(Stutter, APulldownShowsFourOfFivePicturesAndNoneEarly) {
  const Made m = applied(find("video.stutter", "pulldown"), 1);
  std::size_t repeats = 0;
  for (std::size_t i = 1; i < 251; ++i)
    repeats += m.programme.pictures[i] == m.programme.pictures[i - 1] ? 1 : 0;
  EXPECT_EQ(repeats, 50U);
  EXPECT_EQ(m.role, Role::kNegative);
}

TEST(Interlaced, TakesEveryOtherLineFromALaterPicture) {
  const Made m = applied(find("video.interlaced", "combing"), 1);
  const std::size_t n = m.programme.picture_at(m.intervals[0].start) + 3;
  const int w = clean().pictures[n]->width;
  const auto row = [w](const Picture& p, int y) {
    return p.plane(0).subspan(static_cast<std::size_t>(y * w), static_cast<std::size_t>(w));
  };
  EXPECT_TRUE(std::ranges::equal(row(*m.programme.pictures[n], 10), row(*clean().pictures[n], 10)));
  EXPECT_TRUE(std::ranges::equal(row(*m.programme.pictures[n], 11), row(*clean().pictures[n + 1], 11)));
}

TEST(Dropout, IsDigitalSilenceOfItsLengthInSoundingAudio) {
  const Made m = applied(find("audio.dropout", "cut"), 2);
  ASSERT_FALSE(m.intervals.empty());
  for (const Interval& i : m.intervals) {
    EXPECT_NEAR(i.end - i.start, 0.02, 1e-4);
    const std::size_t from = m.programme.sample_at(i.start);
    const std::size_t to = m.programme.sample_at(i.end);
    EXPECT_EQ(peak(m.programme, from, to), 0);
    EXPECT_GT(rms(m.programme, from - 4800, from), from_db(-36));
  }
}

TEST(Hum, HasTheLevelThatItsLabelSays) {
  for (const Recipe& r : all_recipes()) {
    if (r.kind != "audio.hum" || r.form != "50 Hz") continue;
    Made m{.programme = clean(), .carrier = {}, .role = r.role};
    for (auto& c : m.programme.channels) std::ranges::fill(c, 0.0F);
    m.programme.channels[0][0] = 1e-6F;
    Random random(4);
    ASSERT_TRUE(r.apply(m, random));
    const Interval i = m.intervals.front();
    EXPECT_NEAR(
        to_db(rms(m.programme, m.programme.sample_at(i.start + 0.1), m.programme.sample_at(i.end - 0.1))),
        r.strength.value, 0.2);
  }
}

// Ten seconds of a sum of tones, or of noise where there is none.
Programme sounding(const std::vector<double>& tones_hz) {
  Programme p;
  p.sample_rate = 48000;
  p.channels = {std::vector<float>(480000)};
  Random random(1);
  for (std::size_t i = 0; i < p.channels[0].size(); ++i) {
    double v = tones_hz.empty() ? random.normal() : 0;
    for (const double hz : tones_hz)
      v += std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / p.sample_rate);
    p.channels[0][i] = static_cast<float>(0.05 * v);
  }
  return p;
}

Role role_in(const Programme& programme, const std::string& kind, const std::string& form, double strength) {
  const auto& all = all_recipes();
  const auto r = std::ranges::find_if(
      all, [&](const Recipe& x) { return x.kind == kind && x.form == form && x.strength.value == strength; });
  Made made{.programme = programme, .carrier = r->carrier, .role = r->role};
  Random random(3);
  EXPECT_TRUE(r->apply(made, random));
  return made.role;
}

TEST(Hum, MustBeFoundWhereThreeOfItsLinesStandAboveTheProgrammeThere) {
  const struct {
    std::string_view what;
    Programme programme;
    const char* form;
    double level_db;
    Role role;
  } cases[] = {
      {"a tone far above the lines", sounding({1000}), "50 Hz", -45, Role::kDefect},
      {"a bass on the fundamental alone", sounding({50}), "50 Hz", -45, Role::kDefect},
      {"chords on all of its lines", sounding({50, 100, 150, 200, 250, 300}), "50 Hz", -45, Role::kCurve},
      {"chords between its lines", sounding({80, 130, 180, 230, 280, 330}), "50 Hz", -45, Role::kDefect},
      {"chords on the lines of the other mains", sounding({50, 100, 150, 200, 250}), "60 Hz", -40,
       Role::kDefect},
      {"loud noise", sounding({}), "50 Hz", -45, Role::kCurve},
      {"loud noise under louder hum", sounding({}), "50 Hz", -35, Role::kDefect},
      {"weaker than it need be found", sounding({1000}), "50 Hz", -55, Role::kCurve},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_EQ(role_in(c.programme, "audio.hum", c.form, c.level_db), c.role);
  }
}

TEST(Hiss, MustBeFoundWhereItStandsAboveTheProgrammeInItsTreble) {
  EXPECT_EQ(role_in(sounding({500, 1000}), "audio.hiss", "white", -50), Role::kDefect);
  EXPECT_EQ(role_in(sounding({500, 9000}), "audio.hiss", "white", -50), Role::kCurve);
  EXPECT_EQ(role_in(sounding({}), "audio.hiss", "white", -50), Role::kCurve);
}

TEST(Clipping, ClicksNowhereForItsGain) {
  Programme p = sounding({});
  std::ranges::fill(p.channels[0], 0.5F);
  for (const Recipe& r : all_recipes()) {
    if (r.kind != "audio.clipping") continue;
    Made made{.programme = p, .carrier = r.carrier, .role = r.role};
    Random random(2);
    ASSERT_TRUE(r.apply(made, random));
    const auto& x = made.programme.channels[0];
    const auto step = [](float a, float b) { return std::abs(b - a); };
    EXPECT_LT(
        std::transform_reduce(
            x.begin() + 1, x.end(), x.begin(), 0.0F, [](float a, float b) { return std::max(a, b); }, step),
        0.01);
  }
}

TEST(Clipping, LeavesNothingAboveTheAttenuatedFullScale) {
  for (const Recipe& r : all_recipes()) {
    if (r.kind != "audio.clipping" || r.form != "attenuated -6 dB") continue;
    const Made m = applied(r, 2);
    const std::size_t n = m.programme.channels.front().size();
    EXPECT_NEAR(to_db(peak(m.programme, 0, n)), -6, 0.01);
  }
}

TEST(Sync, ShiftsContentByTheOffsetOfItsLabel) {
  for (const Recipe& r : all_recipes()) {
    if (r.form != "content") continue;
    const Made m = applied(r, 2);
    // How far the picture that is shown first and the sound that is heard first stand apart in the clip.
    const auto shown =
        std::ranges::find(clean().pictures, m.programme.pictures.front()) - clean().pictures.begin();
    const auto heard =
        std::ranges::search(clean().channels[0], std::span(m.programme.channels[0]).first(4800)).begin() -
        clean().channels[0].begin();
    const double late =
        static_cast<double>(shown) * clean().interval() * 1000 - static_cast<double>(heard) / 48;
    EXPECT_NEAR(late, *m.offset_ms, 0.1);
    EXPECT_NEAR(late, r.strength.value, 20);
  }
}

TEST(Corruption, LabelsWhatDiffersFromTheCleanDecode) {
  const auto& all = all_recipes();
  const auto r = std::ranges::find_if(
      all, [](const Recipe& x) { return x.form == "baked, lost" && x.strength.value > 20; });
  const Made m = applied(*r, 1);
  ASSERT_FALSE(m.intervals.empty());
  ASSERT_EQ(m.areas.size(), clean().pictures.size());
  EXPECT_EQ(m.areas.front(), 0);
  for (std::size_t i = 0; i < m.areas.size(); ++i) {
    const bool labelled = inside(m, static_cast<double>(i) * clean().interval());
    EXPECT_TRUE(labelled || m.areas[i] < 0.02) << i;
  }
  EXPECT_GT(*m.intervals.front().area, 0.02);
}

TEST(Blockiness, IsVisibleWithTheCoarsestQuantiser) {
  const auto& all = all_recipes();
  const auto r = std::ranges::find_if(
      all, [](const Recipe& x) { return x.form == "H.264, not deblocked" && x.strength.value == 50; });
  const Made m = applied(*r, 1);
  EXPECT_EQ(m.role, Role::kDefect);
  const auto changed = changed_pictures(m);
  for (const std::size_t i : changed) EXPECT_TRUE(inside(m, static_cast<double>(i) * clean().interval()));
}

}  // namespace
}  // namespace monolens::eval
