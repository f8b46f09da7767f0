#include "detectors/detector_runner.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// The RMS of a channel goes steadily from one level to another.
struct Level {
  int ms;
  double from_dbfs;
  double to_dbfs;
};
using Levels = std::vector<Level>;

Level steady(int ms, double dbfs) { return {ms, dbfs, dbfs}; }
Level cut(int ms) { return steady(ms, -150); }

std::vector<double> milliseconds_of(const Levels& levels) {
  std::vector<double> dbfs;
  for (const Level& l : levels) {
    for (int i = 0; i < l.ms; ++i) dbfs.push_back(l.from_dbfs + (l.to_dbfs - l.from_dbfs) * (i + 0.5) / l.ms);
  }
  return dbfs;
}

class Sounding {
 public:
  explicit Sounding(DetectorRunner::Settings settings = {}) : run_("dropout", settings) {}

  // REQUIRES: channels of one length, of whole hops.
  void play(const std::vector<Levels>& channels) {
    std::vector<std::vector<double>> dbfs;
    for (const Levels& levels : channels) dbfs.push_back(milliseconds_of(levels));
    for (std::size_t at = 0; at + kHopParts <= dbfs[0].size(); at += kHopParts) {
      std::vector<ChannelFeatures> hop(channels.size());
      for (std::size_t c = 0; c < hop.size(); ++c) {
        for (std::size_t p = 0; p < kHopParts; ++p) {
          const double rms = from_decibel(dbfs[c][at + p]);
          hop[c].part_energy[p] = static_cast<float>(rms * rms * 48);
        }
      }
      AudioFeatures f;
      f.time = now_;
      f.duration = MediaDuration::milliseconds(10);
      f.sample_rate = 48000;
      f.samples = 480;
      f.channels = hop;
      run_.hop(f);
      now_ = now_ + f.duration;
    }
  }

  void pass(MediaTime to) {
    run_.pass(to);
    now_ = to;
  }

  const std::vector<Stretch>& finish() { return run_.finish(); }

 private:
  DetectorRunner run_;
  MediaTime now_;
};

// The edges are known to the millisecond.
auto FoundAt(MediaTime start, MediaTime end) { return FoundNear("audio.dropout", start, end, 0.001_for_s); }

std::vector<Stretch> heard(const Levels& levels, DetectorRunner::Settings settings = {}) {
  Sounding sounding(settings);
  sounding.play({levels});
  return sounding.finish();
}

TEST(Dropout, LastsFromTheFallToTheRise) {
  const auto found = heard({steady(2003, -20), cut(94), steady(1003, -20)});
  EXPECT_THAT(found, ElementsAre(FoundAt(2.003_s, 2.097_s)));
  EXPECT_LT(found.at(0).told, 2.13_s);
}

TEST(Dropout, IsFoundWhereverSoundIsCut) {
  const struct {
    std::string_view what;
    Levels before;
    int ms;
    double left_dbfs;
    Levels after;
  } cases[] = {
      {"the shortest", {steady(2000, -20)}, 10, -150, {steady(1000, -20)}},
      {"the longest", {steady(4000, -20)}, 1990, -150, {steady(1000, -20)}},
      {"quiet sound", {steady(2000, -49)}, 50, -150, {steady(1000, -49)}},
      {"something is left", {steady(2000, -20)}, 50, -53, {steady(1000, -20)}},
      {"it was fading", {{2000, 0, -40}}, 50, -150, {{1000, -40, -60}}},
      {"it was growing", {{2000, -60, -30}}, 50, -150, {{1000, -30, -15}}},
      {"it comes back louder", {steady(2000, -40)}, 50, -150, {steady(1000, -10)}},
      {"it comes back softer", {steady(2000, -20)}, 50, -150, {steady(1000, -40)}},
      {"it comes back softly, out of nothing",
       {steady(2000, -20)},
       50,
       -150,
       {{20, -38, -8}, steady(1000, -8)}},
      {"soon after it began", {steady(1000, -150), steady(200, -20)}, 100, -150, {steady(1000, -20)}},
      {"amid a trembling voice",
       {steady(990, -20), {10, -15, -25}, {10, -25, -20}, steady(990, -20)},
       50,
       -150,
       {{10, -22, -26}, steady(990, -20)}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Levels levels = c.before;
    levels.push_back(steady(c.ms, c.left_dbfs));
    levels.insert(levels.end(), c.after.begin(), c.after.end());
    const MediaTime start = MediaTime::seconds(static_cast<double>(milliseconds_of(c.before).size()) / 1000);
    EXPECT_THAT(heard(levels), ElementsAre(FoundAt(start, start + MediaDuration::milliseconds(c.ms))));
  }
}

TEST(Dropout, IsNot) {
  const struct {
    std::string_view what;
    Levels levels;
  } cases[] = {
      {"silence", {cut(4000)}},
      {"steady sound", {steady(4000, -20)}},
      {"a pause that is entered by a decay",
       {steady(2000, -20), {60, -20, -70}, cut(100), steady(1000, -20)}},
      {"a decay that is gated", {steady(2000, -20), {25, -20, -40}, cut(105), steady(1000, -20)}},
      {"a word that sets in softly", {steady(2000, -20), cut(100), {60, -75, -20}, steady(1000, -20)}},
      {"a pause that ends within 30 ms", {steady(2000, -20), cut(600), {30, -80, -20}, steady(1000, -20)}},
      {"too short", {steady(2000, -20), cut(8), steady(1002, -20)}},
      {"longer than the longest", {steady(4000, -20), cut(2010), steady(1000, -20)}},
      {"too little missing", {steady(2000, -20), steady(50, -51), steady(1000, -20)}},
      {"too little less than what comes back", {steady(2000, -20), steady(50, -60), steady(1000, -36)}},
      {"too little less than what was before", {steady(2000, -40), steady(50, -62), steady(1000, -10)}},
      {"hardly any sound", {steady(2000, -51), cut(50), steady(1000, -51)}},
      {"the beginning of the sound", {cut(50), steady(2000, -20)}},
      {"the end of the sound", {steady(2000, -20), cut(500)}},
      {"one loud moment", {cut(2000), steady(20, -20), cut(100), steady(20, -20), cut(500)}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_THAT(heard(c.levels), IsEmpty());
  }
}

TEST(Dropout, IsNotThePauseBetweenBeeps) {
  for (const int beep_ms : {100, 300, 1000}) {
    SCOPED_TRACE(beep_ms);
    Levels beeps = {cut(1000)};
    for (int i = 0; i < 8; ++i) {
      beeps.push_back(steady(beep_ms, -20));
      beeps.push_back(cut(beep_ms));
    }
    EXPECT_THAT(heard(beeps), IsEmpty());
  }
}

TEST(Dropout, IsTheSameCutOutOfABeepThatGoesOn) {
  EXPECT_EQ(heard({cut(1000), steady(300, -20), cut(100), steady(300, -20), cut(300)}).size(), 1U);
}

// 27 dB within two milliseconds, 35 dB in all.
TEST(Dropout, IsNoFallToTheQuietThatTheProgrammeHasAnyway) {
  const Levels fall = {steady(2000, -30), steady(10, -57), steady(90, -65), steady(1000, -30)};
  EXPECT_EQ(heard(fall).size(), 1U);
  Levels after_a_pause = {steady(1000, -30), {100, -30, -65}, steady(900, -65)};
  after_a_pause.insert(after_a_pause.end(), fall.begin(), fall.end());
  EXPECT_THAT(heard(after_a_pause), IsEmpty());
  Levels after_a_deeper_one = {steady(1000, -30), {100, -30, -80}, steady(900, -80)};
  after_a_deeper_one.insert(after_a_deeper_one.end(), fall.begin(), fall.end());
  EXPECT_EQ(heard(after_a_deeper_one).size(), 1U);
}

TEST(Dropout, IsASteeperFallToTheProgrammesQuiet) {
  EXPECT_EQ(heard({steady(1000, -30),
                   {100, -30, -65},
                   steady(900, -65),
                   steady(2000, -30),
                   steady(100, -65),
                   steady(1000, -30)})
                .size(),
            1U);
}

TEST(Dropout, FollowsItsOptions) {
  const struct {
    std::string_view option;
    double value;
    Levels levels;
    bool by_default;
    bool with_option;
  } cases[] = {
      {"least_s", 0.06, {steady(2000, -20), cut(50), steady(1000, -20)}, true, false},
      {"least_s", 0.008, {steady(2000, -20), cut(8), steady(1002, -20)}, false, true},
      {"most_s", 0.04, {steady(2000, -20), cut(50), steady(1000, -20)}, true, false},
      {"most_s", 3, {steady(5000, -20), cut(2500), steady(1000, -20)}, false, true},
      {"fall_db", 30, {steady(2000, -20), {30, -45, -90}, cut(20), steady(1000, -20)}, true, false},
      {"fall_db", 12, {steady(2000, -20), {60, -33, -90}, cut(440), steady(1000, -20)}, false, true},
      {"depth_db", 40, {steady(2000, -20), steady(50, -55), steady(1000, -20)}, true, false},
      {"depth_db", 25, {steady(2000, -20), steady(50, -48), steady(1000, -20)}, false, true},
      {"floor_dbfs", -40, {steady(2000, -45), cut(50), steady(1000, -45)}, true, false},
      {"floor_dbfs", -60, {steady(2000, -55), cut(50), steady(1000, -55)}, false, true},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(testing::Message() << c.option << " " << c.value);
    EXPECT_EQ(heard(c.levels).size(), c.by_default ? 1U : 0U);
    EXPECT_EQ(heard(c.levels, {{c.option, c.value}}).size(), c.with_option ? 1U : 0U);
  }
}

TEST(Dropout, OfAllChannelsIsOne) {
  Sounding stereo;
  const Levels levels = {steady(2000, -20), cut(100), steady(1000, -20)};
  stereo.play({levels, levels});
  EXPECT_THAT(stereo.finish(), ElementsAre(FoundAt(2_s, 2.1_s)));
}

TEST(Dropout, OfOneChannelAmongOthersIsOne) {
  for (std::size_t channel = 0; channel < 6; ++channel) {
    SCOPED_TRACE(channel);
    Sounding surround;
    std::vector<Levels> channels(6, {steady(3100, -20)});
    channels[channel] = {steady(2000, -20), cut(100), steady(1000, -20)};
    surround.play(channels);
    EXPECT_THAT(surround.finish(), ElementsAre(FoundAt(2_s, 2.1_s)));
  }
}

TEST(Dropout, IsToldEachTime) {
  Sounding stereo;
  stereo.play({{steady(2000, -20), cut(100), steady(900, -20), cut(30), steady(1970, -20)},
               {steady(4000, -20), cut(50), steady(950, -20)}});
  EXPECT_THAT(stereo.finish(), ElementsAre(FoundAt(2_s, 2.1_s), FoundAt(3_s, 3.03_s), FoundAt(4_s, 4.05_s)));
}

TEST(Dropout, IsNotAcrossAGap) {
  Sounding sounding;
  sounding.play({{steady(1980, -20), cut(20)}});
  sounding.pass(2.1_s);
  sounding.play({{cut(20), steady(1980, -20)}});
  EXPECT_THAT(sounding.finish(), IsEmpty());
}

TEST(Dropout, IsNotWhereTheNumberOfChannelsChanges) {
  Sounding sounding;
  sounding.play({{steady(1980, -20), cut(20)}, {steady(1980, -20), cut(20)}});
  sounding.play({{cut(20), steady(1980, -20)}});
  EXPECT_THAT(sounding.finish(), IsEmpty());
}

TEST(Dropout, MeasuresHowLongItIsAndWhatIsLeft) {
  const Stretch found = heard({steady(2000, -20), steady(100, -70), steady(1000, -25)}).at(0);
  EXPECT_NEAR(found.measure("duration_ms"), 100, 1);
  EXPECT_NEAR(found.measure("before_dbfs"), -20, 0.01);
  EXPECT_NEAR(found.measure("left_dbfs"), -70, 0.01);
}

}  // namespace
}  // namespace monolens
