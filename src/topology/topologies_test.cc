// The monolith and the distributed form on the same media, without a network between the parts of the latter.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numbers>
#include <stdexcept>

#include "detectors/registry.h"
#include "media/testing/test_media.h"
#include "monitor/monitor.h"
#include "topology/aggregation.h"
#include "topology/detection.h"
#include "topology/segmenter.h"

namespace monolens::topology {
namespace {

using testing::Contains;
using testing::ElementsAreArray;

constexpr int kWidth = 96;
constexpr int kHeight = 64;

// Moves, is black from 2 s to 4.5 s and stands still from 6 s on; the sound is gone from 3 s to 6 s, and
// clicks once.
Bytes faulty_programme(const std::string& container) {
  TestMedia media(container);
  media.add(TestVideo{.width = kWidth, .height = kHeight, .frames = 225, .paint = [](AVFrame& f, int n) {
                        if (n >= 50 && n < 112) return fill(f, 16, 128, 128);
                        const int shift = std::min(n, 150) * 3;
                        fill(f, 128, 120, 136);
                        for (int y = 0; y < f.height; ++y)
                          for (int x = 0; x < f.width; ++x)
                            f.data[0][y * f.linesize[0] + x] = static_cast<std::uint8_t>(
                                60 + (x * 5 + y * 3 + shift * 7 + (x * y + shift * 13) % 29) % 130);
                      }});
  media.add(TestAudio{.seconds = 9, .sample = [](double t, int channel) {
                        if (t > 3 && t < 6) return 0.0;
                        const double click = t > 7.5 && t < 7.5002 ? 0.8 : 0.0;
                        return 0.1 * std::sin(2 * std::numbers::pi * (440 + 100 * channel) * t) + click;
                      }});
  return media.bytes();
}

SourceOptions source_of(const Bytes& bytes) {
  SourceOptions source;
  source.url = "memory";
  source.bytes = memory_stream(bytes);
  return source;
}

std::vector<Incident> by_monolith(const Bytes& bytes) {
  MonitorOptions options;
  options.source = source_of(bytes);
  options.detectors = DetectorSet().chosen();
  options.evidence = false;
  auto monitor = Monitor::open(std::move(options));
  if (!monitor) throw std::runtime_error(monitor.error().message);
  auto result = (*monitor)->run({}, {});
  if (!result) throw std::runtime_error(result.error().message);
  return result->incidents;
}

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

// As over a network: everything but the objects goes through JSON.
std::vector<Incident> by_parts(const Bytes& bytes, SegmenterOptions options) {
  std::map<std::string, std::string> store;
  auto segmenter =
      must(Segmenter::open(source_of(bytes), options, [&](const std::string& key, std::string data) {
        store[key] = std::move(data);
        return Result<void>();
      }));
  const auto get = [&](const std::vector<std::string>& keys) -> Result<std::vector<std::string>> {
    std::vector<std::string> objects;
    for (const std::string& key : keys) objects.push_back(store.at(key));
    return objects;
  };
  std::vector<std::unique_ptr<Detection>> detections;
  std::unique_ptr<Aggregation> aggregation;
  while (const auto made = must(segmenter->next())) {
    const Segment segment = must(parse_segment(nlohmann::json::parse(segment_json(*made).dump())));
    if (segment.input) {
      aggregation = std::make_unique<Aggregation>(segment.input->url, [](const IncidentEvent&) {});
      for (const ChosenDetector& d : DetectorSet().chosen())
        detections.push_back(must(Detection::open(d, segment, options.coding, get)));
    }
    std::vector<ToldFinding> all;
    for (auto detection = detections.rbegin(); detection != detections.rend(); ++detection) {
      const std::string text = findings_json(must((*detection)->watch(segment))).dump();
      for (ToldFinding& told : must(parse_findings(nlohmann::json::parse(text))))
        all.push_back(std::move(told));
    }
    aggregation->take(segment, std::move(all));
  }
  return aggregation->incidents();
}

std::vector<std::string> told(const std::vector<Incident>& incidents) {
  std::vector<std::string> all;
  for (const Incident& i : incidents) {
    std::string line = i.id + " " + i.kind + " " + i.detector + " track " + std::to_string(i.track) + " " +
                       std::to_string(i.start.since_start().ns()) + " to " +
                       std::to_string(i.end.value_or(MediaTime()).since_start().ns()) + " " +
                       std::to_string(static_cast<int>(i.severity)) + " " + std::to_string(i.confidence);
    for (const auto& [name, value] : i.measures) line += " " + name + "=" + std::to_string(value);
    all.push_back(line + " " + i.evidence.note);
  }
  return all;
}

std::vector<std::string> kinds(const std::vector<Incident>& incidents) {
  std::vector<std::string> all;
  for (const Incident& i : incidents) all.push_back(i.kind);
  return all;
}

TEST(Topologies, GiveTheSameIncidentsToTheLastBitWithRawPictures) {
  for (const char* container : {"mpegts", "matroska"}) {
    const Bytes bytes = faulty_programme(container);
    const auto monolith = by_monolith(bytes);
    EXPECT_THAT(kinds(monolith), Contains("video.black"));
    EXPECT_THAT(kinds(monolith), Contains("video.freeze"));
    EXPECT_THAT(kinds(monolith), Contains("audio.silence"));
    EXPECT_THAT(told(by_parts(bytes, {.object_a_frame = true})), ElementsAreArray(told(monolith)))
        << container;
    EXPECT_THAT(told(by_parts(bytes, {.object_a_frame = false})), ElementsAreArray(told(monolith)))
        << container;
  }
}

TEST(Topologies, GiveTheSameIncidentsToTheLastBitWithPngs) {
  const Bytes bytes = faulty_programme("mpegts");
  EXPECT_THAT(told(by_parts(bytes, {.coding = PictureCoding::kPng})),
              ElementsAreArray(told(by_monolith(bytes))));
}

TEST(Topologies, FindBlackAndSilenceInJpegsToo) {
  const Bytes bytes = faulty_programme("mpegts");
  const auto found = kinds(by_parts(bytes, {.coding = PictureCoding::kJpeg}));
  EXPECT_THAT(found, Contains("video.black"));
  EXPECT_THAT(found, Contains("audio.silence"));
}

TEST(Topologies, ASampleOfThePicturesStoresFewerOfThem) {
  const Bytes bytes = faulty_programme("mpegts");
  std::size_t pictures = 0;
  auto segmenter = must(Segmenter::open(source_of(bytes), {.object_a_frame = true, .sample = 5.0},
                                        [&](const std::string& key, const std::string&) {
                                          pictures += key.find("frame-") != std::string::npos ? 1 : 0;
                                          return Result<void>();
                                        }));
  std::int64_t seconds = 0;
  while (const auto segment = must(segmenter->next())) {
    EXPECT_EQ(segment->second, seconds++);
    EXPECT_EQ(segment->last, seconds == 10) << seconds;
  }
  EXPECT_EQ(pictures, 45U);
  EXPECT_EQ(segmenter->pictures(), 225U);
}

TEST(Topologies, WhatCanNotBeStoredEndsTheConversion) {
  const Bytes bytes = faulty_programme("mpegts");
  auto segmenter = must(Segmenter::open(source_of(bytes), {}, [](const std::string&, const std::string&) {
    return Result<void>(Error{ErrorCode::kWrite, "full"});
  }));
  const auto segment = segmenter->next();
  ASSERT_FALSE(segment);
  EXPECT_EQ(segment.error().message, "full");
}

TEST(Topologies, NonsenseIsNoSegmentAndNoFinding) {
  EXPECT_FALSE(parse_segment(nlohmann::json::parse(R"({"stream": 1})")));
  EXPECT_FALSE(parse_segment(nlohmann::json::parse(
      R"({"stream":0,"second":0,"last":false,"input":null,"objects":[],"stored_at":0,"items":[[1,0,0,0,7,0,4,48000,1,1]]})")));
  EXPECT_FALSE(parse_findings(nlohmann::json::parse(R"([{"detector": "freeze"}])")));
  EXPECT_FALSE(parse_findings(nlohmann::json::parse(R"([{"detector": "freze"}])")));
}

}  // namespace
}  // namespace monolens::topology
