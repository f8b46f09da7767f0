#include "detectors/showing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <ostream>
#include <string_view>
#include <utility>
#include <vector>

namespace monolens {

inline void PrintTo(const Showing& s, std::ostream* out) {
  *out << "type " << static_cast<int>(s.type) << " due " << s.due.seconds() << " s, shown "
       << s.shown.seconds() << " s, " << s.intervals << " intervals, change " << s.change;
}

namespace {

using namespace time_literals;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;
using Type = Showing::Type;

constexpr Showings::Limits kLimits = {.repeat = 0.3, .least_change = 0.5, .longest_hold = 1_for_s};

auto Is(Type type) { return Field("type", &Showing::type, type); }

// Pictures 40 ms apart, and what they told.
class Track {
 public:
  explicit Track(const Showings::Limits& limits = kLimits) : showings_(limits) {}

  void show(int pictures, std::optional<double> change) {
    for (int n = 0; n < pictures; ++n) show_at(now(), change);
  }
  void show_at(MediaTime time, std::optional<double> change) {
    if (const auto showing = showings_.observe(time, change)) told_.push_back(*showing);
    ++pictures_;
  }
  void drop(int pictures) { pictures_ += pictures; }

  MediaTime now() const { return MediaTime{} + kInterval * pictures_; }
  const Showings& showings() const { return showings_; }

  // What was told since it was asked last.
  std::vector<Showing> told() { return std::exchange(told_, {}); }

  static constexpr auto kInterval = MediaDuration::milliseconds(40);

 private:
  Showings showings_;
  std::int64_t pictures_ = 0;
  std::vector<Showing> told_;
};

// Where steady movement has gone on for a second.
Track moving(double change = 3, const Showings::Limits& limits = kLimits) {
  Track track(limits);
  track.show(1, std::nullopt);
  track.show(24, change);
  track.told();
  return track;
}

TEST(Showings, SayNothingWhileTheRateIsUnknown) {
  Track track;
  track.show(1, std::nullopt);
  EXPECT_EQ(track.showings().interval(), MediaDuration{});
  track.show(3, 3);
  EXPECT_THAT(track.told(), IsEmpty());
  track.show(10, 3);
  EXPECT_EQ(track.showings().interval(), Track::kInterval);
  EXPECT_THAT(track.told(), Each(Is(Type::kMoved)));
}

TEST(Showings, ArePicturesEachShownForAnInterval) {
  Track track = moving();
  const MediaTime from = track.now();
  track.show(2, 4);
  const auto told = track.told();
  ASSERT_THAT(told, SizeIs(2));
  EXPECT_THAT(told, Each(Is(Type::kMoved)));
  EXPECT_EQ(told[1].due, from + 0.04_for_s);
  EXPECT_EQ(told[1].shown, from + 0.04_for_s);
  EXPECT_EQ(told[1].intervals, 1);
  EXPECT_EQ(told[1].change, 4);
  EXPECT_TRUE(told[1].moving);
  EXPECT_FALSE(told[1].cut);
}

TEST(Showings, TakeADroppedPictureForARepeatedOne) {
  for (const int missed : {1, 2, 5}) {
    for (const bool dropped : {false, true}) {
      SCOPED_TRACE(testing::Message() << missed << (dropped ? " dropped" : " repeated"));
      Track track = moving();
      const MediaTime from = track.now();
      dropped ? track.drop(missed) : track.show(missed, 0.1);
      EXPECT_THAT(track.told(), IsEmpty());
      const MediaTime to = track.now();
      track.show(1, 5);
      const auto told = track.told();
      ASSERT_THAT(told, ElementsAre(Is(Type::kHeld)));
      EXPECT_EQ(told[0].due, from);
      EXPECT_EQ(told[0].shown, to);
      EXPECT_EQ(told[0].intervals, missed + 1);
    }
  }
}

TEST(Showings, TellARepeatByTheMovementAroundIt) {
  const struct {
    std::string_view what;
    double movement;
    double change;
    bool repeat;
  } cases[] = {
      {"coding noise amid much movement", 20, 2.3, true},
      {"the same amid less", 10, 2.3, false},
      {"movement that halts amid much", 20, 2.5, false},
      {"coding noise amid some", 2.5, 0.58, true},
      {"less than the share of little movement", 1, 0.29, true},
      {"more", 1, 0.31, false},
      {"next to nothing, amid next to nothing", 0.05, 0.015, true},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Track track = moving(c.movement);
    track.show(1, c.change);
    EXPECT_THAT(track.told(), SizeIs(c.repeat ? 0 : 1));
  }
}

TEST(Showings, FollowMovementThatSlowsDown) {
  Track track = moving(10);
  for (const double change : {7, 5, 3, 2, 1}) track.show(1, change);
  EXPECT_THAT(track.told(), SizeIs(5));
}

TEST(Showings, AreMurkyWhere) {
  const struct {
    std::string_view what;
    double before;
    double repeat;
    double after;
    bool cut;
    int repeats = 1;
  } cases[] = {
      {"all moves too slowly", 0.4, 0.01, 0.4, false},
      {"it was too still before", 0.45, 0.01, 0.8, false},
      {"it is too still after", 1, 0.01, 0.45, false},
      {"the next picture is of another shot", 3, 0.1, 40, true},
      {"the same after a longer hold", 3, 0.1, 33, true, 2},
      {"the next picture is too unlike", 0.8, 0.1, 7, false},
      {"the repeat is no better than the next picture", 10, 1.1, 3, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Track track = moving(c.before);
    track.show(c.repeats, c.repeat);
    track.show(1, c.after);
    const auto told = track.told();
    ASSERT_THAT(told, ElementsAre(Is(Type::kMurky)));
    EXPECT_EQ(told[0].cut, c.cut);
  }
}

TEST(Showings, AreMurkyUnlessBothPicturesBeforeMove) {
  const struct {
    double last_but_one;
    double last;
    Type type;
  } cases[] = {{0.8, 0.8, Type::kHeld}, {0.8, 0.4, Type::kMurky}, {0.4, 0.8, Type::kMurky}};
  for (const auto& c : cases) {
    SCOPED_TRACE(testing::Message() << c.last_but_one << ", " << c.last);
    Track track = moving(0.8);
    track.show(1, c.last_but_one);
    track.show(1, c.last);
    track.told();
    track.show(1, 0.01);
    track.show(1, 0.8);
    EXPECT_THAT(track.told(), ElementsAre(Is(c.type)));
  }
}

TEST(Showings, ForgetHowNoisyARepeatWasOnceItIsOver) {
  Track track = moving(20);
  track.show(1, 5);
  track.show(8, 20);
  track.show(8, 10);
  track.told();
  track.show(1, 0.1);
  track.show(1, 10);
  EXPECT_THAT(track.told(), ElementsAre(Is(Type::kHeld)));
}

TEST(Showings, AreMurkyWhereTooFewPicturesWereSeenMoving) {
  for (const int seen : {1, 2, 3}) {
    SCOPED_TRACE(seen);
    Track track = moving();
    track.show(1, std::nullopt);
    track.show(seen, 3);
    track.told();
    track.show(1, 0.1);
    track.show(1, 3);
    EXPECT_THAT(track.told(), ElementsAre(Is(seen < 3 ? Type::kMurky : Type::kHeld)));
  }
}

TEST(Showings, KnowACut) {
  const struct {
    std::string_view what;
    double movement;
    double change;
    int repeats;
    bool cut;
  } cases[] = {
      {"far above the movement", 3, 40, 0, true},
      {"a cut of much movement is one only far above it", 15, 40, 0, false},
      {"too small a change for one", 0.5, 7, 0, false},
      {"movement adds up while a picture is held", 3, 25, 3, false},
      {"far above even that", 3, 40, 3, true},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Track track = moving(c.movement);
    track.show(c.repeats, 0.05);
    track.show(1, c.change);
    const auto told = track.told();
    ASSERT_THAT(told, SizeIs(1));
    EXPECT_EQ(told[0].cut, c.cut);
  }
}

TEST(Showings, CallItAPauseOnceAPictureStandsTooLong) {
  Track track = moving();
  track.show(25, 0.01);
  EXPECT_THAT(track.told(), IsEmpty());
  track.show(30, 0.01);
  EXPECT_THAT(track.told(), testing::AllOf(testing::Not(IsEmpty()), Each(Is(Type::kPause))));
  track.show(5, 3);
  EXPECT_THAT(track.told(), Each(Is(Type::kMoved)));
}

TEST(Showings, CallItAPauseWhereNoPictureComesForTooLong) {
  Track track = moving();
  track.drop(24);
  track.show(1, 3);
  EXPECT_THAT(track.told(), ElementsAre(Is(Type::kHeld)));
  track.show(5, 3);
  track.told();
  track.drop(25);
  track.show(1, 3);
  EXPECT_THAT(track.told(), ElementsAre(Is(Type::kPause)));
  track.show(1, 3);
  track.show(1, 0.1);
  track.show(1, 3);
  EXPECT_THAT(track.told(), ElementsAre(Is(Type::kMoved), Is(Type::kMurky)));  // what was before is forgotten
}

TEST(Showings, BeginAgainWhereAPictureCannotBeCompared) {
  Track track = moving();
  track.drop(3);
  track.show(1, std::nullopt);
  track.show(3, 3);
  const auto told = track.told();
  ASSERT_THAT(told, SizeIs(3));
  EXPECT_THAT(told, Each(Is(Type::kMoved)));
}

TEST(Showings, SayNothingOfPicturesAtNoRegularRate) {
  Track track;
  MediaTime time;
  for (int n = 0; n < 100; ++n) {
    track.show_at(time, 3);
    time = time + MediaDuration::milliseconds(20 + n * 37 % 120);
  }
  EXPECT_THAT(track.told(), testing::AllOf(testing::Not(IsEmpty()), Each(Is(Type::kPause))));
}

TEST(Showings, KeepTheRateWhileManyPicturesAreMissing) {
  Track track = moving();
  for (int n = 0; n < 100; ++n) {
    track.show(3, 3);
    track.drop(1);
  }
  EXPECT_EQ(track.showings().interval(), Track::kInterval);
}

TEST(Showings, ForgiveStampsThatJitter) {
  Track track = moving();
  for (int n = 0; n < 50; ++n) {
    track.show_at(track.now() + MediaDuration::milliseconds(n % 3 * 4), 3);
  }
  EXPECT_THAT(track.told(), testing::AllOf(SizeIs(50), Each(Is(Type::kMoved))));
}

TEST(Showings, FollowTheRateWhenItChanges) {
  Track track = moving();
  MediaTime time = track.now();
  for (int n = 0; n < 100; ++n, time = time + 0.02_for_s) track.show_at(time, 3);
  EXPECT_EQ(track.showings().interval(), 0.02_for_s);
  EXPECT_THAT(track.told(), Each(Is(Type::kMoved)));
}

}  // namespace
}  // namespace monolens
