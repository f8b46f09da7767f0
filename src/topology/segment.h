// Segment: a second of a stream on its way from the media conversion to the detectors: what there was, in the
// order in which the converter made it, and where its pictures and its sound are stored.
//
// Replaying the items of all segments in order does to a detector what the monolith does. The JSON is a
// message's payload; times are whole nanoseconds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "media/frame.h"
#include "media/stream_event.h"
#include "media/stream_info.h"

namespace monolens::topology {

// A run of bytes of an object of the segment.
struct Stored {
  std::size_t object = 0;  // index in Segment::objects
  std::size_t offset = 0;
  std::size_t size = 0;
};

struct Item {
  enum class Type {
    kPicture,
    kSound,
    kEvent,
    kAdvance,  // detectors are told that the input has come to `time`
    kEnd,      // the input has ended at `time`
  };
  Type type = Type::kEvent;
  int track = -1;
  MediaTime time{};
  MediaTime front{};  // where the presentation had come to
  Stored stored{};

  // Of a picture.
  MediaDuration duration{};
  std::string shape{};  // as picture_shape() says
  bool key = false;
  bool interlaced = false;
  bool top_field_first = false;
  bool suspect = false;
  std::int32_t coded_bytes = 0;

  // Of a sound.
  int sample_rate = 0;  // Hz
  int channels = 0;
  int samples = 0;  // a channel

  StreamEvent event{};
};

struct Object {
  std::string key;
  std::size_t size = 0;
  bool pictures = false;  // rather than sound
};

struct Segment {
  int stream = 0;
  std::int64_t second = 0;
  bool last = false;
  std::optional<InputInfo> input{};  // with the first segment
  std::vector<Object> objects{};
  std::vector<Item> items{};
  std::int64_t stored_at_ns = 0;  // when all objects were in the store, system clock
};

nlohmann::json segment_json(const Segment& segment);

// kInternal if it is none.
Result<Segment> parse_segment(const nlohmann::json& json);

}  // namespace monolens::topology
