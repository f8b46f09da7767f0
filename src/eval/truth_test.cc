#include "eval/truth.h"

#include <gtest/gtest.h>

#include "eval/clip_list.h"

namespace monolens::eval {
namespace {

TEST(Truth, ComesBackFromItsJsonAsItWas) {
  Truth truth;
  truth.seed = 9;
  Item i;
  i.file = "video.corruption/a.ts";
  i.clip = "a.mp4";
  i.split = "score";
  i.kind = "video.corruption";
  i.form = "live, lost";
  i.strength = {"packets hit", 2, "%"};
  i.role = Role::kCurve;
  i.duration_s = 10;
  i.frame_s = 0.04;
  i.intervals = {{.start = 1.5, .end = 2.25, .area = 0.125, .required = false}};
  i.offset_ms = -40;
  i.areas = {0, 0.25};
  i.areas_start_s = 0.02;
  i.explained = {"audio", "video.blur"};
  truth.items = {i, {}};
  const auto back = parse_truth(to_json(truth), "truth.json");
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(to_json(*back), to_json(truth));
  EXPECT_EQ(back->items[0].areas, i.areas);
  EXPECT_EQ(back->items[0].role, Role::kCurve);
  EXPECT_EQ(back->items[0].intervals[0].required, false);
}

TEST(Truth, SaysWhatIsNoTruth) {
  EXPECT_FALSE(parse_truth("{}", "x").ok());
  EXPECT_FALSE(parse_truth("nonsense", "x").ok());
  EXPECT_EQ(parse_truth(R"({"schema": "other"})", "x").error().message, "x: not a truth.json");
}

TEST(Explains, AKindOrAllOfASort) {
  EXPECT_TRUE(explains({"audio"}, "audio.hum"));
  EXPECT_TRUE(explains({"video.blur"}, "video.blur"));
  EXPECT_FALSE(explains({"video.blur"}, "video.black"));
  EXPECT_FALSE(explains({"aud"}, "audio.hum"));
}

TEST(SplitByHash, IsAboutEvenAndDependsOnTheNameAlone) {
  int tune = 0;
  for (int i = 0; i < 200; ++i) tune += split_by_hash("clip" + std::to_string(i) + ".mp4") == "tune" ? 1 : 0;
  EXPECT_GT(tune, 75);
  EXPECT_LT(tune, 125);
  EXPECT_EQ(split_by_hash("a.mp4"), split_by_hash("a.mp4"));
}

}  // namespace
}  // namespace monolens::eval
