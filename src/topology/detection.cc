#include "topology/detection.h"

#include <utility>

#include "base/cpu_clock.h"
#include "features/audio_extractor.h"
#include "features/video_extractor.h"
#include "monitor/detector_bank.h"

namespace monolens::topology {
namespace {

// Whether anything looks into pictures; without it their times are all that is needed.
bool asks_for_pictures(const FeatureOptions& f) {
  return f.luma || f.chroma || f.stillness || f.flatness || f.color_bars || f.light || f.change ||
         f.combing || f.active_area || f.sharpness || f.block_grid || f.corruption || f.mouth ||
         f.scene_change;
}

bool hears(Scope scope) {
  return scope == Scope::kAudio || scope == Scope::kTrack || scope == Scope::kProgramme;
}

class Timed {
 public:
  explicit Timed(double& sum) : sum_(sum) {}
  ~Timed() { sum_ += clock_.seconds(); }
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;

 private:
  double& sum_;
  CpuClock clock_{CpuClock::Of::kThread};
};

}  // namespace

class Detection::Impl {
 public:
  Impl(const ChosenDetector& detector, PictureCoding coding, Get get)
      : detector_(detector),
        features_(features_for(std::span(&detector, 1))),
        unpacker_(coding),
        get_(std::move(get)) {}

  Result<void> open(const InputInfo& input);
  Result<std::vector<ToldFinding>> watch(const Segment& segment);

  DetectionCpu cpu_;

 private:
  Result<void> fetch(const Segment& segment);
  Result<void> take(const Item& item);
  Result<void> see(const Item& item);
  Result<void> hear(const Item& item);
  void hear(int track, std::span<const AudioFeatures> hops);
  void finish(MediaTime end);
  std::string_view bytes_of(const Item& item) const {
    return std::string_view(objects_[item.stored.object]).substr(item.stored.offset, item.stored.size);
  }

  ChosenDetector detector_;
  FeatureOptions features_;
  PictureUnpacker unpacker_;
  Get get_;
  InHand in_hand_;
  std::unique_ptr<DetectorBank> bank_;
  std::vector<std::unique_ptr<VideoExtractor>> pictures_;  // a track; null for sound
  std::vector<std::unique_ptr<AudioExtractor>> sounds_;    // a track; null for pictures
  std::vector<std::string> objects_;                       // the segment's; empty where it is not needed
  std::size_t at_ = 0;                                     // the item in hand
  std::vector<ToldFinding> told_;
};

Result<void> Detection::Impl::open(const InputInfo& input) {
  for (const TrackInfo& t : input.tracks) {
    const bool video = t.type == TrackType::kVideo;
    pictures_.push_back(video ? std::make_unique<VideoExtractor>(features_) : nullptr);
    sounds_.push_back(video ? nullptr : std::make_unique<AudioExtractor>(features_));
  }
  auto bank = DetectorBank::open(input, std::span(&detector_, 1), in_hand_,
                                 [this](const DetectorInfo& from, int track, const Finding& finding) {
                                   told_.push_back({at_, &from, track, finding});
                                 });
  if (!bank) return bank.error();
  bank_ = std::move(*bank);
  return {};
}

Result<void> Detection::Impl::fetch(const Segment& segment) {
  const bool pictures = asks_for_pictures(features_);
  const bool sound = hears(detector_.info->scope);
  std::vector<std::string> keys;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < segment.objects.size(); ++i) {
    if (!(segment.objects[i].pictures ? pictures : sound)) continue;
    keys.push_back(segment.objects[i].key);
    places.push_back(i);
  }
  objects_.assign(segment.objects.size(), {});
  if (keys.empty()) return {};
  auto got = get_(keys);
  if (!got) return got.error();
  for (std::size_t i = 0; i < places.size(); ++i) {
    if ((*got)[i].size() != segment.objects[places[i]].size)
      return Error{ErrorCode::kInternal, "an object of the store is not as long as it was"};
    objects_[places[i]] = std::move((*got)[i]);
  }
  return {};
}

Result<std::vector<ToldFinding>> Detection::Impl::watch(const Segment& segment) {
  told_.clear();
  if (auto fetched = fetch(segment); !fetched) return fetched.error();
  for (at_ = 0; at_ < segment.items.size(); ++at_) {
    if (auto taken = take(segment.items[at_]); !taken) return taken.error();
  }
  return std::exchange(told_, {});
}

Result<void> Detection::Impl::take(const Item& item) {
  switch (item.type) {
    case Item::Type::kPicture:
      return see(item);
    case Item::Type::kSound:
      return hear(item);
    case Item::Type::kEvent: {
      const Timed timed(cpu_.detect_s);
      bank_->observe(item.track, {.time = item.time, .event = &item.event});
      return {};
    }
    case Item::Type::kAdvance: {
      const Timed timed(cpu_.detect_s);
      bank_->advance(item.time);
      return {};
    }
    case Item::Type::kEnd:
      finish(item.time);
      return {};
  }
  return Error{ErrorCode::kInternal, "a segment holds an item of no known type"};
}

Result<void> Detection::Impl::see(const Item& item) {
  Frame frame;
  if (asks_for_pictures(features_)) {
    const Timed timed(cpu_.decode_s);
    auto unpacked = unpacker_.unpack(item.shape, bytes_of(item));
    if (!unpacked) return unpacked.error();
    frame = std::move(*unpacked);
  }
  frame.time = item.time;
  frame.duration = item.duration;
  frame.key = item.key;
  frame.interlaced = item.interlaced;
  frame.top_field_first = item.top_field_first;
  frame.suspect = item.suspect;
  frame.coded_bytes = item.coded_bytes;
  const VideoFeatures* features = nullptr;
  {
    const Timed timed(cpu_.measure_s);
    features = &pictures_[static_cast<std::size_t>(item.track)]->measure(frame);
  }
  const Timed timed(cpu_.detect_s);
  bank_->observe(item.track, {.time = item.time, .video = features});
  return {};
}

Result<void> Detection::Impl::hear(const Item& item) {
  if (!hears(detector_.info->scope)) return {};
  AudioBlock block;
  {
    const Timed timed(cpu_.decode_s);
    auto unpacked = unpack_sound(item.sample_rate, item.channels, item.samples, bytes_of(item));
    if (!unpacked) return unpacked.error();
    block = std::move(*unpacked);
  }
  block.time = item.time;
  std::span<const AudioFeatures> hops;
  {
    const Timed timed(cpu_.measure_s);
    hops = sounds_[static_cast<std::size_t>(item.track)]->measure(block);
  }
  hear(item.track, hops);
  return {};
}

void Detection::Impl::hear(int track, std::span<const AudioFeatures> hops) {
  const Timed timed(cpu_.detect_s);
  for (const AudioFeatures& hop : hops) bank_->observe(track, {.time = hop.time, .audio = &hop});
}

void Detection::Impl::finish(MediaTime end) {
  for (std::size_t track = 0; track < sounds_.size(); ++track) {
    if (sounds_[track]) hear(static_cast<int>(track), sounds_[track]->finish());
    bank_->finish(static_cast<int>(track), end);
  }
  bank_->finish(-1, end);
}

Detection::Detection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Detection::~Detection() = default;

Result<std::unique_ptr<Detection>> Detection::open(const ChosenDetector& detector, const Segment& first,
                                                   PictureCoding coding, Get get) {
  if (!first.input) return Error{ErrorCode::kInternal, "a stream does not begin with its first segment"};
  auto impl = std::make_unique<Impl>(detector, coding, std::move(get));
  if (auto opened = impl->open(*first.input); !opened) return opened.error();
  return std::unique_ptr<Detection>(new Detection(std::move(impl)));
}

Result<std::vector<ToldFinding>> Detection::watch(const Segment& segment) { return impl_->watch(segment); }
const DetectionCpu& Detection::cpu() const { return impl_->cpu_; }

}  // namespace monolens::topology
