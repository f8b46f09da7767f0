// Comparison: what differs between two copies of one programme, a reference and a test.
//
// Both are decoded twice, a picture at a time: once for the fingerprints, which are all that is kept, and
// once for the quality of the pictures that belong together.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "media/stream_info.h"

namespace monolens {

struct CompareOptions {
  std::string reference{};
  std::string test{};
  std::chrono::milliseconds timeout{10'000};
  int threads = 1;
  bool quality = true;
  const std::atomic<bool>* stop = nullptr;
};

// Whether a kind of track shows the same programme in both.
enum class Relation {
  kAbsent,   // in neither
  kMissing,  // in the test alone it is missing
  kAdded,    // in the reference alone it is missing
  kUnknown,  // it says too little
  kSame,
  kUnrelated,  // nothing in common was found
};

// A passage of the reference that the test holds too. Offsets are times in the test minus times in the
// reference.
struct CommonPassage {
  MediaTime from;  // in the reference
  MediaTime to;
  std::optional<MediaDuration> picture;
  std::optional<MediaDuration> sound;

  // Positive: the sound comes later against the picture than in the reference.
  std::optional<MediaDuration> sync() const {
    if (!picture || !sound) return std::nullopt;
    return *sound - *picture;
  }
  // Where it begins and ends in the test.
  MediaDuration offset() const { return picture ? *picture : sound.value_or(MediaDuration{}); }
};

// A passage that only one of both holds.
struct OddPassage {
  MediaTime from;
  MediaTime to;
  MediaTime at;  // the place in the other one
};

struct PictureQuality {
  std::uint64_t pictures = 0;  // that were compared
  double psnr_y_db = 0;        // infinite: the same to the bit
  std::optional<double> ssim_y;
};

struct Comparison {
  InputInfo reference;
  InputInfo test;
  Relation pictures = Relation::kAbsent;
  Relation sounds = Relation::kAbsent;
  std::vector<CommonPassage> common;
  std::vector<OddPassage> missing;   // times in the reference
  std::vector<OddPassage> inserted;  // times in the test
  std::optional<PictureQuality> quality;
  MediaDuration frame;  // the longer of both intervals between pictures; 0 without

  bool related() const { return !common.empty(); }
  // Of the passages that it is known of, the median by duration.
  std::optional<MediaDuration> picture_offset() const;
  std::optional<MediaDuration> sound_offset() const;
  std::optional<MediaDuration> sync() const;
};

// One line each, for people; none if both show and sound the same at the same time. Sound out of step by no
// more than a picture or 45 ms (ITU-R BT.1359: detectable) is none.
std::vector<std::string> differences(const Comparison& comparison);

// Fails if one of both can't be opened or holds nothing that can be decoded.
Result<Comparison> compare(const CompareOptions& options);

}  // namespace monolens
