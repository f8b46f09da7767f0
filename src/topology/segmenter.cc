#include "topology/segmenter.h"

#include <fmt/format.h>

#include <utility>

#include "base/cpu_clock.h"
#include "features/audio_extractor.h"
#include "monitor/pace.h"

namespace monolens::topology {

class Segmenter::Impl final : public MediaSink {
 public:
  Impl(SegmenterOptions options, Put put, std::unique_ptr<Source> source)
      : options_(std::move(options)),
        put_(std::move(put)),
        source_(std::move(source)),
        pace_(source_->info().tracks.size()),
        packer_(options_.coding) {}

  Result<void> open();
  Result<std::optional<Segment>> next();

  void on_frame(int track, const Frame& frame) override;
  void on_audio(int track, const AudioBlock& block) override;
  void on_event(const StreamEvent& event) override;

  const InputInfo& input() const { return source_->info(); }

  std::uint64_t pictures_ = 0;
  std::uint64_t audio_samples_ = 0;
  double encode_s_ = 0;
  double all_s_ = 0;

 private:
  void begin();
  bool read();
  void end();
  void advance();
  bool is_kept(const Frame& frame);
  Item item(Item::Type type, int track, MediaTime time) const;
  void store(const std::string& name, bool pictures, std::string bytes);
  Result<void> store_all();

  SegmenterOptions options_;
  Put put_;
  std::unique_ptr<Source> source_;
  std::unique_ptr<MediaConverter> converter_;
  // Their hops say how far the sound has been measured; they measure nothing else.
  std::vector<std::unique_ptr<AudioExtractor>> hops_;
  int first_audio_ = -1;
  Pace pace_;
  PicturePacker packer_;
  MediaTime next_sample_;
  bool ended_ = false;

  Segment segment_;
  std::string pictures_bytes_;  // of the second's one object
  std::string sound_bytes_;
  std::size_t frames_ = 0;  // of the second, that are kept
  std::optional<Error> trouble_;
};

Result<void> Segmenter::Impl::open() {
  auto converter = MediaConverter::open(*source_, options_.converter);
  if (!converter) return converter.error();
  converter_ = std::move(*converter);
  for (const TrackInfo& t : input().tracks) {
    const bool audio = t.type == TrackType::kAudio;
    if (audio && first_audio_ < 0) first_audio_ = static_cast<int>(hops_.size());
    hops_.push_back(audio ? std::make_unique<AudioExtractor>(FeatureOptions{}) : nullptr);
  }
  segment_.input = input();
  return {};
}

void Segmenter::Impl::begin() {
  segment_.stream = options_.stream;
  segment_.objects.clear();
  segment_.items.clear();
  frames_ = 0;
}

Result<std::optional<Segment>> Segmenter::Impl::next() {
  if (ended_) return std::optional<Segment>();
  const CpuClock cpu(CpuClock::Of::kThread);
  begin();
  const MediaTime until = MediaTime::since_start(MediaDuration::milliseconds(1000 * (segment_.second + 1)));
  while (!ended_ && !trouble_ && converter_->front() < until) {
    if (!read()) end();
  }
  if (!trouble_) {
    if (auto stored = store_all(); !stored) trouble_ = stored.error();
  }
  all_s_ += cpu.seconds();
  if (trouble_) return *trouble_;
  segment_.last = ended_;
  Segment done = std::exchange(segment_, {});
  segment_.second = done.second + 1;
  return std::optional<Segment>(std::move(done));
}

bool Segmenter::Impl::read() {
  Packet packet;
  const ReadStatus status = source_->read(packet);
  converter_->convert(packet, *this);
  if (packet.track >= 0) advance();
  if (status == ReadStatus::kPacket) return true;
  if (status == ReadStatus::kInterrupted) {
    trouble_ = Error{ErrorCode::kInterrupted, fmt::format("{}: interrupted", input().url)};
  } else if (status != ReadStatus::kEnd) {
    const bool stalled = status == ReadStatus::kStalled;
    on_event({.type = stalled ? StreamEvent::Type::kStalled : StreamEvent::Type::kReadError,
              .time = converter_->front()});
  }
  return false;
}

void Segmenter::Impl::end() {
  ended_ = true;
  converter_->flush(*this);
  segment_.items.push_back(item(Item::Type::kEnd, -1, converter_->front()));
}

void Segmenter::Impl::advance() {
  if (const auto now = pace_.due(converter_->front()))
    segment_.items.push_back(item(Item::Type::kAdvance, -1, *now));
}

Item Segmenter::Impl::item(Item::Type type, int track, MediaTime time) const {
  return {.type = type, .track = track, .time = time, .front = converter_->front()};
}

bool Segmenter::Impl::is_kept(const Frame& frame) {
  if (!options_.sample) return true;
  if (frame.time < next_sample_) return false;
  const auto interval = MediaDuration::seconds(1 / *options_.sample);
  while (next_sample_ <= frame.time) next_sample_ = next_sample_ + interval;
  return true;
}

void Segmenter::Impl::on_frame(int track, const Frame& frame) {
  pace_.passed(track, frame.time + frame.duration);
  ++pictures_;
  if (!is_kept(frame) || trouble_) return;
  Item picture = item(Item::Type::kPicture, track, frame.time);
  // A picture stands for those that were left out after it.
  picture.duration = options_.sample ? next_sample_ - frame.time : frame.duration;
  picture.key = frame.key;
  picture.interlaced = frame.interlaced;
  picture.top_field_first = frame.top_field_first;
  picture.suspect = frame.suspect;
  picture.coded_bytes = frame.coded_bytes;
  const CpuClock cpu(CpuClock::Of::kThread);
  picture.shape = picture_shape(frame);
  const std::size_t before = pictures_bytes_.size();
  if (auto packed = packer_.pack(frame, pictures_bytes_); !packed) trouble_ = packed.error();
  encode_s_ += cpu.seconds();
  picture.stored = {
      .object = segment_.objects.size(), .offset = before, .size = pictures_bytes_.size() - before};
  segment_.items.push_back(std::move(picture));
  ++frames_;
  if (options_.object_a_frame)
    store(fmt::format("frame-{}", frames_), true, std::exchange(pictures_bytes_, {}));
}

void Segmenter::Impl::on_audio(int track, const AudioBlock& block) {
  if (track == first_audio_) audio_samples_ += static_cast<std::uint64_t>(block.samples);
  for (const AudioFeatures& hop : hops_[static_cast<std::size_t>(track)]->measure(block))
    pace_.passed(track, hop.time + hop.duration);
  Item sound = item(Item::Type::kSound, track, block.time);
  sound.sample_rate = block.sample_rate;
  sound.channels = block.channels;
  sound.samples = block.samples;
  const CpuClock cpu(CpuClock::Of::kThread);
  const std::size_t before = sound_bytes_.size();
  pack_sound(block, sound_bytes_);
  encode_s_ += cpu.seconds();
  sound.stored = {.object = 0, .offset = before, .size = sound_bytes_.size() - before};
  segment_.items.push_back(std::move(sound));
}

void Segmenter::Impl::on_event(const StreamEvent& event) {
  Item told = item(Item::Type::kEvent, event.track, event.time);
  told.event = event;
  segment_.items.push_back(std::move(told));
}

void Segmenter::Impl::store(const std::string& name, bool pictures, std::string bytes) {
  const std::string key =
      fmt::format("{}stream-{}/second-{:06}/{}", options_.prefix, options_.stream, segment_.second, name);
  segment_.objects.push_back({.key = key, .size = bytes.size(), .pictures = pictures});
  if (auto put = put_(key, std::move(bytes)); !put) trouble_ = put.error();
}

// What was not stored a frame at a time: the second's pictures, and its sound behind all of them.
Result<void> Segmenter::Impl::store_all() {
  if (!pictures_bytes_.empty()) store("pictures", true, std::exchange(pictures_bytes_, {}));
  if (!sound_bytes_.empty()) {
    for (Item& i : segment_.items) {
      if (i.type == Item::Type::kSound) i.stored.object = segment_.objects.size();
    }
    store("sound", false, std::exchange(sound_bytes_, {}));
  }
  return trouble_ ? Result<void>(*trouble_) : Result<void>();
}

Segmenter::Segmenter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Segmenter::~Segmenter() = default;

Result<std::unique_ptr<Segmenter>> Segmenter::open(SourceOptions source, SegmenterOptions options, Put put) {
  auto opened = Source::open(std::move(source));
  if (!opened) return opened.error();
  auto impl = std::make_unique<Impl>(std::move(options), std::move(put), std::move(*opened));
  if (auto started = impl->open(); !started) return started.error();
  return std::unique_ptr<Segmenter>(new Segmenter(std::move(impl)));
}

Result<std::optional<Segment>> Segmenter::next() { return impl_->next(); }
const InputInfo& Segmenter::input() const { return impl_->input(); }
std::uint64_t Segmenter::pictures() const { return impl_->pictures_; }
std::uint64_t Segmenter::audio_samples() const { return impl_->audio_samples_; }
double Segmenter::encode_cpu_s() const { return impl_->encode_s_; }
double Segmenter::decode_cpu_s() const { return impl_->all_s_ - impl_->encode_s_; }

}  // namespace monolens::topology
