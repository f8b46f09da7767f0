#include "service/probe.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "media/jpeg.h"
#include "media/media_converter.h"
#include "media/source.h"
#include "report/json_report.h"
#include "service/source_lists_json.h"
#include "service/worker_process.h"

namespace monolens {
namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr int kPictureWidth = 480;
constexpr auto kForThePicture = std::chrono::seconds(5);
constexpr auto kForTheProcess = std::chrono::seconds(8);  // to come up, and beyond a source's deadline

std::chrono::milliseconds timeout_of(const MonitorSpec& spec) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(spec.timeout_s * 1000));
}

class FirstPicture final : public MediaSink {
 public:
  void on_frame(int /*track*/, const Frame& frame) override {
    if (!frame_) frame_ = frame;
  }
  void on_audio(int /*track*/, const AudioBlock& /*block*/) override {}
  void on_event(const StreamEvent& /*event*/) override {}
  const std::optional<Frame>& frame() const { return frame_; }

 private:
  std::optional<Frame> frame_;
};

bool has_video(const InputInfo& input) {
  for (const TrackInfo& track : input.tracks) {
    if (track.type == TrackType::kVideo) return true;
  }
  return false;
}

std::vector<std::uint8_t> first_picture(Source& source) {
  auto converter = MediaConverter::open(source, {});
  if (!converter || !has_video(source.info())) return {};
  FirstPicture first;
  Packet packet;
  const auto until = Clock::now() + kForThePicture;
  while (!first.frame() && Clock::now() < until && source.read(packet) == ReadStatus::kPacket)
    (*converter)->convert(packet, first);
  if (!first.frame()) (*converter)->flush(first);
  return first.frame() ? encode_jpeg(*first.frame(), kPictureWidth) : std::vector<std::uint8_t>{};
}

}  // namespace

Json answer_probe(const MonitorSpec& spec) {
  auto source = Source::open(
      {.url = spec.url, .program = spec.program, .variant = spec.variant, .timeout = timeout_of(spec)});
  if (!source) return {{"error", source.error().message}};
  Json answer = {{"input", Json(input_json((*source)->info()))}};
  answer["picture"] = Json::binary(first_picture(**source));
  return answer;
}

Result<Probed> probe(const std::vector<std::string>& worker, const SourceRules& rules,
                     const MonitorSpec& spec) {
  std::mutex mutex;
  std::condition_variable answered;
  std::optional<Json> answer;
  bool gone = false;
  WorkerProcess* process = nullptr;
  WorkerProcess prober(worker, {.on_start =
                                    [&] {
                                      (void)process->send({{"sources", rules.lists()}});
                                      (void)process->send({{"probe", to_json(spec)}});
                                    },
                                .on_message =
                                    [&](const Json& message) {
                                      if (!message.contains("probed")) return;
                                      const std::lock_guard lock(mutex);
                                      answer = message.at("probed");
                                      answered.notify_all();
                                    },
                                .on_exit =
                                    [&](const std::vector<std::string>&) {
                                      const std::lock_guard lock(mutex);
                                      gone = true;
                                      answered.notify_all();
                                    }});
  process = &prober;
  prober.start();
  {
    std::unique_lock lock(mutex);
    answered.wait_for(lock, timeout_of(spec) + kForThePicture + kForTheProcess,
                      [&] { return answer.has_value() || gone; });
  }
  prober.stop();
  if (!answer) {
    return gone ? Error{ErrorCode::kUnreadable, "its stream crashes the decoder"}
                : Error{ErrorCode::kTimeout, "it took too long"};
  }
  if (answer->contains("error")) return Error{ErrorCode::kUnreadable, answer->at("error").get<std::string>()};
  return Probed{.input = answer->at("input"), .jpeg = answer->at("picture").get_binary()};
}

}  // namespace monolens
