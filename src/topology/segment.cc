#include "topology/segment.h"

namespace monolens::topology {
namespace {

using nlohmann::json;

MediaDuration duration_of(const json& j) { return MediaDuration::nanoseconds(j.get<std::int64_t>()); }
MediaTime time_of(const json& j) { return MediaTime::since_start(duration_of(j)); }
std::int64_t ns(MediaTime t) { return t.since_start().ns(); }

json track_to_json(const TrackInfo& t) {
  return {{"video", t.type == TrackType::kVideo},
          {"index", t.index},
          {"id", t.id ? json(*t.id) : json(nullptr)},
          {"language", t.language},
          {"codec", t.codec},
          {"width", t.width},
          {"height", t.height},
          {"fps", t.fps},
          {"pixel_format", t.pixel_format},
          {"rotation", t.rotation},
          {"sample_rate", t.sample_rate},
          {"channels", t.channels},
          {"start", ns(t.start)}};
}

TrackInfo track_of(const json& j) {
  TrackInfo t;
  t.type = j.at("video").get<bool>() ? TrackType::kVideo : TrackType::kAudio;
  t.index = j.at("index");
  if (!j.at("id").is_null()) t.id = j.at("id").get<int>();
  t.language = j.at("language");
  t.codec = j.at("codec");
  t.width = j.at("width");
  t.height = j.at("height");
  t.fps = j.at("fps");
  t.pixel_format = j.at("pixel_format");
  t.rotation = j.at("rotation");
  t.sample_rate = j.at("sample_rate");
  t.channels = j.at("channels");
  t.start = time_of(j.at("start"));
  return t;
}

json input_to_json(const InputInfo& input) {
  json tracks = json::array();
  for (const TrackInfo& t : input.tracks) tracks.push_back(track_to_json(t));
  return {{"url", input.url},
          {"format", input.format},
          {"duration", input.duration ? json(input.duration->ns()) : json(nullptr)},
          {"program", input.program ? json(*input.program) : json(nullptr)},
          {"tracks", std::move(tracks)}};
}

InputInfo input_of(const json& j) {
  InputInfo input{.url = j.at("url"), .format = j.at("format"), .duration = {}, .program = {}, .tracks = {}};
  if (!j.at("duration").is_null()) input.duration = duration_of(j.at("duration"));
  if (!j.at("program").is_null()) input.program = j.at("program").get<int>();
  for (const json& t : j.at("tracks")) input.tracks.push_back(track_of(t));
  return input;
}

// An array without names: there are many in a payload.
json item_to_json(const Item& i) {
  json all = {static_cast<int>(i.type), i.track, ns(i.time), ns(i.front)};
  const auto add = [&](auto... values) { (all.push_back(values), ...); };
  if (i.type == Item::Type::kPicture) {
    const int marks =
        (i.key ? 1 : 0) | (i.interlaced ? 2 : 0) | (i.top_field_first ? 4 : 0) | (i.suspect ? 8 : 0);
    add(i.stored.object, i.stored.offset, i.stored.size, i.duration.ns(), i.shape, marks, i.coded_bytes);
  } else if (i.type == Item::Type::kSound) {
    add(i.stored.object, i.stored.offset, i.stored.size, i.sample_rate, i.channels, i.samples);
  } else if (i.type == Item::Type::kEvent) {
    add(static_cast<int>(i.event.type), i.event.length.ns(), i.event.count, i.event.whole);
  }
  return all;
}

Item item_of(const json& j) {
  Item i{.type = static_cast<Item::Type>(j.at(0).get<int>()),
         .track = j.at(1),
         .time = time_of(j.at(2)),
         .front = time_of(j.at(3))};
  if (i.type == Item::Type::kPicture || i.type == Item::Type::kSound)
    i.stored = {.object = j.at(4), .offset = j.at(5), .size = j.at(6)};
  if (i.type == Item::Type::kPicture) {
    i.duration = duration_of(j.at(7));
    i.shape = j.at(8);
    const int marks = j.at(9);
    i.key = (marks & 1) != 0;
    i.interlaced = (marks & 2) != 0;
    i.top_field_first = (marks & 4) != 0;
    i.suspect = (marks & 8) != 0;
    i.coded_bytes = j.at(10);
  } else if (i.type == Item::Type::kSound) {
    i.sample_rate = j.at(7);
    i.channels = j.at(8);
    i.samples = j.at(9);
  } else if (i.type == Item::Type::kEvent) {
    i.event = {.type = static_cast<StreamEvent::Type>(j.at(4).get<int>()),
               .time = i.time,
               .length = duration_of(j.at(5)),
               .track = i.track,
               .count = j.at(6),
               .whole = j.at(7)};
  }
  return i;
}

}  // namespace

nlohmann::json segment_json(const Segment& s) {
  json objects = json::array();
  for (const Object& o : s.objects) objects.push_back({o.key, o.size, o.pictures});
  json items = json::array();
  for (const Item& i : s.items) items.push_back(item_to_json(i));
  return {{"stream", s.stream},
          {"second", s.second},
          {"last", s.last},
          {"input", s.input ? input_to_json(*s.input) : json(nullptr)},
          {"objects", std::move(objects)},
          {"items", std::move(items)},
          {"stored_at", s.stored_at_ns}};
}

Result<Segment> parse_segment(const nlohmann::json& j) {
  try {
    Segment s{.stream = j.at("stream"), .second = j.at("second"), .last = j.at("last")};
    if (!j.at("input").is_null()) s.input = input_of(j.at("input"));
    for (const json& o : j.at("objects")) s.objects.push_back({o.at(0), o.at(1), o.at(2)});
    for (const json& i : j.at("items")) {
      s.items.push_back(item_of(i));
      const Item& item = s.items.back();
      const bool stored = item.type == Item::Type::kPicture || item.type == Item::Type::kSound;
      if (stored && item.stored.object >= s.objects.size())
        return Error{ErrorCode::kInternal, "a segment names an object that it does not list"};
    }
    s.stored_at_ns = j.at("stored_at");
    return s;
  } catch (const nlohmann::json::exception& e) {
    return Error{ErrorCode::kInternal, std::string("this is no segment: ") + e.what()};
  }
}

}  // namespace monolens::topology
