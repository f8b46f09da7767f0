#include "detectors/detector_runner.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsEmpty;

// Pictures at a rate, each told by how much it changes.
class Programme {
 public:
  explicit Programme(double fps = 25, DetectorRunner::Settings settings = {})
      : run_("stutter", settings), fps_(fps) {
    show(std::nullopt);
  }

  void move(int pictures, double change = 3) {
    for (int n = 0; n < pictures; ++n) show(change);
  }
  void move_for(double seconds, double change = 3) {
    move(static_cast<int>(std::lround(seconds * fps_)), change);
  }
  void repeat(int pictures = 1, double change = 0.05) { move(pictures, change); }
  void drop(int pictures = 1) { shown_ += pictures; }
  void cut() { move(1, 40); }

  // `fresh` new pictures, the last of which stands for `missed` more; `times` times.
  void hitch(int times, int fresh, int missed = 1, double change = 3) {
    for (int n = 0; n < times; ++n) {
      move(fresh, change);
      repeat(missed, change / 50);
    }
  }

  // For seconds: every picture of film at 24 a second as long as it takes in this rate, from phase 0 on.
  void pull_down(double seconds, double film_fps = 24) {
    const int pictures = static_cast<int>(std::lround(seconds * fps_));
    int last = -1;
    for (int n = 0; n < pictures; ++n) {
      const int film = static_cast<int>(n * film_fps / fps_ + 1e-6);
      film == last ? repeat() : move(1);
      last = film;
    }
  }

  MediaTime now() const { return at(shown_); }
  DetectorRunner& run() { return run_; }
  const std::vector<Stretch>& finish() { return run_.finish(); }

 private:
  MediaTime at(int n) const { return MediaTime::seconds(n / fps_); }
  void show(std::optional<double> change) {
    VideoFeatures f;
    f.time = now();
    f.duration = at(1) - at(0);
    f.change = change;
    ++shown_;
    run_.picture(f);
  }

  DetectorRunner run_;
  double fps_;
  int shown_ = 0;
};

using Script = void (*)(Programme&);

TEST(Stutter, BeginsWithTheFirstPictureThatIsMissedAndEndsWithTheNextNewOneAfterTheLast) {
  for (const double fps : {24000.0 / 1001, 25.0, 30000.0 / 1001, 30.0, 50.0, 60.0}) {
    for (const bool dropped : {false, true}) {
      SCOPED_TRACE(testing::Message() << fps << (dropped ? ", dropped" : ", repeated"));
      Programme p(fps);
      p.move_for(2);
      const MediaTime start = p.now();
      MediaTime end;
      while (p.now() - start < 2_for_s) {
        dropped ? p.drop() : p.repeat();
        end = p.now();
        p.move(4);
      }
      p.move_for(3);
      EXPECT_THAT(p.finish(), ElementsAre(Found("video.stutter", start, end)));
    }
  }
}

TEST(Stutter, IsToldOnceItHasLastedLongEnough) {
  Programme p;
  p.move_for(2);
  const MediaTime start = p.now();
  p.repeat();
  p.hitch(3, 4);
  EXPECT_THAT(p.run().findings(), IsEmpty());
  p.hitch(2, 4);
  ASSERT_THAT(p.run().findings(), ElementsAre(FoundOpen("video.stutter", start)));
}

TEST(Stutter, EndsWithTheInput) {
  Programme p;
  p.move_for(2);
  const MediaTime start = p.now();
  p.repeat();
  p.hitch(9, 4);
  const MediaTime end = p.now();
  p.move(2);
  EXPECT_THAT(p.finish(), ElementsAre(Found("video.stutter", start, end)));
}

TEST(Stutter, IsFoundAmidSteadyMovement) {
  const struct {
    std::string_view what;
    Script show;
  } cases[] = {
      {"every other picture",
       [](Programme& p) {
         p.move_for(2);
         p.hitch(20, 1);
         p.move_for(2);
       }},
      {"pictures that stand for three",
       [](Programme& p) {
         p.move_for(2);
         p.hitch(12, 3, 2);
         p.move_for(2);
       }},
      {"repeated and dropped by turns",
       [](Programme& p) {
         p.move_for(2);
         for (int n = 0; n < 8; ++n) {
           p.hitch(1, 3);
           p.move(3);
           p.drop();
         }
         p.move_for(2);
       }},
      {"repeats as noisy as fast movement makes them",
       [](Programme& p) {
         p.move_for(2, 20);
         for (int n = 0; n < 10; ++n) {
           p.move(4, 20);
           p.repeat(1, 2);
         }
         p.move_for(2, 20);
       }},
      {"to the end of a shot",
       [](Programme& p) {
         p.move_for(2);
         p.hitch(10, 4);
         p.cut();
         p.move_for(2);
       }},
      {"irregular from the first picture on",
       [](Programme& p) {
         for (int n = 0; n < 5; ++n) {
           for (const int fresh : {3, 7, 4, 10, 3, 8}) p.hitch(1, fresh);
         }
       }},
      {"regular at first, irregular later",
       [](Programme& p) {
         for (const int fresh : {4, 4, 4, 7, 4, 4, 4, 9, 4, 8, 4, 10, 4, 8, 4, 9}) p.hitch(1, fresh);
       }},
      {"rarer than any cadence from the first picture on", [](Programme& p) { p.hitch(12, 9); }},
      {"a cadence that ends within the shot",
       [](Programme& p) {
         p.hitch(15, 4);
         p.move_for(2);
       }},
      {"more often than the cadence before",
       [](Programme& p) {
         p.pull_down(12, 20);  // in 25: every fifth
         p.hitch(15, 2);
         p.pull_down(4, 20);
       }},
      {"longer than the cadence's",
       [](Programme& p) {
         p.pull_down(12, 20);
         for (int n = 0; n < 8; ++n) {
           p.hitch(1, 4, 3);
           p.hitch(1, 4);
         }
         p.pull_down(4, 20);
       }},
      {"across a cut",
       [](Programme& p) {
         p.move_for(2);
         p.hitch(5, 4);
         p.cut();
         p.hitch(5, 4);
         p.move_for(2);
       }},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Programme p;
    c.show(p);
    EXPECT_EQ(p.finish().size(), 1U);
  }
}

TEST(Stutter, IsNotWhatAProgrammeDoesAllAlong) {
  const struct {
    std::string_view what;
    double fps;
    Script show;
  } cases[] = {
      {"steady movement", 25, [](Programme& p) { p.move_for(20); }},
      {"film in 30 pictures a second", 30, [](Programme& p) { p.pull_down(20); }},
      {"film in 60 pictures a second", 60, [](Programme& p) { p.pull_down(20); }},
      {"film in 50 pictures a second, every picture twice", 50, [](Programme& p) { p.pull_down(20, 25); }},
      {"film in 25 pictures a second", 25, [](Programme& p) { p.pull_down(20); }},
      {"25 in 30 pictures a second", 30, [](Programme& p) { p.pull_down(20, 25); }},
      {"film in 30 that ends", 30,
       [](Programme& p) {
         p.pull_down(10);
         p.move_for(5);
       }},
      {"film in 30 after a shot of video", 30,
       [](Programme& p) {
         p.move_for(5);
         p.cut();
         p.pull_down(10);
       }},
      {"film in 30 before a shot of video", 30,
       [](Programme& p) {
         p.pull_down(3);
         p.cut();
         p.move_for(5);
       }},
      {"film in 30, cut all along", 30,
       [](Programme& p) {
         for (int n = 0; n < 10; ++n) {
           p.cut();
           p.pull_down(1.1 + 0.37 * (n % 4));
         }
       }},
      {"animation on twos", 24, [](Programme& p) { p.pull_down(20, 12); }},
      {"animation on threes", 24, [](Programme& p) { p.pull_down(20, 8); }},
      {"animation on twos, then a camera that moves", 24,
       [](Programme& p) {
         p.pull_down(3, 12);
         p.move_for(3);
       }},
      {"a shot of animation after a camera that moves", 24,
       [](Programme& p) {
         p.move_for(3);
         p.cut();
         p.pull_down(6, 12);
       }},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Programme p(c.fps);
    c.show(p);
    EXPECT_THAT(p.finish(), IsEmpty());
  }
}

TEST(Stutter, ThatHalvesAShotFromItsBeginningIsFoundIfMovementGoesOnAtItsSpeed) {
  const struct {
    double before;
    double after;
    bool found;
  } cases[] = {{6, 3, true}, {5, 3, true}, {3, 3, false}, {12, 3, false}};
  for (const auto& c : cases) {
    SCOPED_TRACE(testing::Message() << c.before << " levels, then " << c.after);
    Programme p;
    p.move_for(2);
    p.cut();
    p.hitch(30, 1, 1, c.before);
    p.move_for(2, c.after);
    EXPECT_EQ(p.finish().size(), c.found ? 1U : 0U);
  }
}

TEST(Stutter, IsNot) {
  const struct {
    std::string_view what;
    Script show;
  } cases[] = {
      {"one repeated picture", [](Programme& p) { p.repeat(); }},
      {"one dropped picture", [](Programme& p) { p.drop(); }},
      {"two", [](Programme& p) { p.hitch(2, 10); }},
      {"many in less than a second", [](Programme& p) { p.hitch(4, 4); }},
      {"repeats more than a second apart", [](Programme& p) { p.hitch(10, 35, 5); }},
      {"repeats that are few among the pictures", [](Programme& p) { p.hitch(10, 20); }},
      {"a pause",
       [](Programme& p) {
         p.repeat(20);
         p.move_for(2);
         p.repeat(80);
       }},
      {"pauses one after the other", [](Programme& p) { p.hitch(6, 6, 30); }},
      {"no pictures for a while, again and again",
       [](Programme& p) {
         for (int n = 0; n < 6; ++n) {
           p.drop(30);
           p.move(10);
         }
       }},
      {"a cut", [](Programme& p) { p.cut(); }},
      {"a picture held at every cut",
       [](Programme& p) {
         for (int n = 0; n < 10; ++n) {
           p.move(6);
           p.repeat();
           p.cut();
         }
       }},
      {"irregular, with as many pictures held at cuts",
       [](Programme& p) {
         p.cut();
         for (int n = 0; n < 6; ++n) {
           for (const int fresh : {3, 8, 10}) {
             p.hitch(1, fresh);
             if (fresh == 8) p.cut();
           }
           p.move(4);
           p.repeat();
           p.cut();
         }
         p.cut();
       }},
      {"a shot of slides",
       [](Programme& p) {
         p.cut();
         for (int n = 0; n < 20; ++n) {
           p.repeat(12, 0.01);
           p.move(1, 30);
         }
       }},
      {"movement too slow to judge",
       [](Programme& p) {
         p.move_for(2, 0.4);
         p.hitch(20, 4, 1, 0.4);
         p.move_for(2, 0.4);
       }},
      {"movement that dies down to that of a few things on twos", [](Programme& p) { p.hitch(20, 1, 1, 1); }},
  };
  for (const auto& c : cases) {
    for (const double fps : {25.0, 30.0}) {
      SCOPED_TRACE(testing::Message() << c.what << " at " << fps);
      Programme p(fps);
      p.move_for(3);
      c.show(p);
      p.move_for(3);
      EXPECT_THAT(p.finish(), IsEmpty());
    }
  }
}

TEST(Stutter, IsNotAnIrregularRate) {
  DetectorRunner run("stutter");
  VideoFeatures f;
  for (int n = 0; n < 400; ++n) {
    f.duration = MediaDuration::milliseconds(20 + n * 37 % 120);
    f.change = 3;
    run.picture(f);
    f.time = f.time + f.duration;
  }
  EXPECT_THAT(run.finish(), IsEmpty());
}

TEST(Stutter, AtTheBeginningOfAShotIsTheProgrammesIfItLastsLong) {
  const struct {
    std::string_view what;
    int hitches;
    Script after;
    bool found;
  } cases[] = {
      {"3 s, then movement in the same shot", 15, [](Programme& p) { p.move_for(2); }, true},
      {"6 s, then movement in the same shot", 30, [](Programme& p) { p.move_for(2); }, false},
      {"3 s, then a cut", 15,
       [](Programme& p) {
         p.cut();
         p.move_for(2);
       },
       false},
      {"3 s, then movement of quite another kind", 15, [](Programme& p) { p.move_for(2, 9); }, false},
      {"3 s, then a pause", 15,
       [](Programme& p) {
         p.repeat(40);
         p.move_for(2);
       },
       false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Programme p(25, {{"apart_s", 3}});
    p.move_for(2);
    p.cut();
    const MediaTime shot = p.now();
    p.hitch(c.hitches, 4);
    const MediaTime end = p.now();
    c.after(p);
    if (c.found) {
      EXPECT_THAT(p.finish(), ElementsAre(Found("video.stutter", shot + 0.16_for_s, end)));
    } else {
      EXPECT_THAT(p.finish(), IsEmpty());
    }
  }
}

TEST(Stutter, ThatCouldBeACadenceIsNoneOnceItHasEnded) {
  Programme p;
  p.move_for(2);
  p.cut();
  for (int n = 0; n < 2; ++n) {
    p.hitch(15, 4);
    p.move_for(2);
  }
  EXPECT_EQ(p.finish().size(), 2U);
}

TEST(Stutter, IsTwoWhenSteadyMovementLiesBetween) {
  const struct {
    std::string_view what;
    double between;
    std::size_t stutters;
  } cases[] = {{"0.8 s", 0.8, 1}, {"1.5 s", 1.5, 2}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Programme p;
    p.move_for(2);
    p.hitch(10, 4);
    p.move_for(c.between);
    p.hitch(10, 4);
    EXPECT_EQ(p.finish().size(), c.stutters);
  }
}

TEST(Stutter, IsEndedByAFreeze) {
  Programme p(25, {{"apart_s", 10}});
  p.move_for(2);
  p.hitch(10, 4);
  const MediaTime last = p.now();
  p.move(3);
  p.repeat(50);
  EXPECT_EQ(p.run().findings().size(), 1U);
  EXPECT_TRUE(p.run().findings()[0].end);
  p.move_for(2);
  EXPECT_THAT(p.finish(), ElementsAre(Found("video.stutter", 2.2_s, last)));
}

TEST(Stutter, FollowsItsOptions) {
  const struct {
    std::string_view option;
    double value;
    Script show;
    bool found_by_default;
  } cases[] = {
      {"duration_s", 3, [](Programme& p) { p.hitch(10, 4); }, true},
      {"duration_s", 0.5, [](Programme& p) { p.hitch(4, 4); }, false},
      {"hitches", 11, [](Programme& p) { p.hitch(10, 4); }, true},
      {"missed", 0.3, [](Programme& p) { p.hitch(10, 4); }, true},
      {"missed", 0.03, [](Programme& p) { p.hitch(10, 20); }, false},
      {"apart_s", 0.1, [](Programme& p) { p.hitch(10, 4); }, true},
      {"apart_s", 2, [](Programme& p) { p.hitch(10, 35, 5); }, false},
      {"longest_hold_s", 0.2, [](Programme& p) { p.hitch(10, 6, 6); }, true},
      {"longest_hold_s", 3, [](Programme& p) { p.hitch(6, 6, 30); }, false},
      {"repeat_change", 0.01, [](Programme& p) { p.hitch(10, 4); }, true},
      {"least_change", 5, [](Programme& p) { p.hitch(10, 4); }, true},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(testing::Message() << c.option << " = " << c.value);
    const auto found = [&](DetectorRunner::Settings settings) {
      Programme p(25, settings);
      p.move_for(2);
      c.show(p);
      p.move_for(3);
      return p.finish().size();
    };
    EXPECT_EQ(found({}), c.found_by_default ? 1U : 0U);
    EXPECT_EQ(found({{c.option, c.value}}), c.found_by_default ? 0U : 1U);
  }
}

TEST(Stutter, MeasuresHowManyNewPicturesAreLeft) {
  Programme p;
  p.move_for(2);
  p.hitch(10, 3, 2);
  p.move_for(2);
  const Stretch s = p.finish().at(0);
  EXPECT_THAT(s.measure("nominal_pictures_per_s"), DoubleNear(25, 1e-6));
  EXPECT_THAT(s.measure("new_pictures_per_s"), DoubleNear(27 / 1.88, 1e-6));
  EXPECT_THAT(s.measure("longest_hold_s"), DoubleNear(0.12, 1e-6));
}

TEST(Stutter, AsksForTheChangeOfPictures) {
  const FeatureOptions features = DetectorRunner("stutter").features();
  EXPECT_TRUE(features.luma);
  EXPECT_TRUE(features.change);
}

}  // namespace
}  // namespace monolens
