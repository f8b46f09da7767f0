#include "monitor/monitor.h"

#include <fmt/format.h>

#include <utility>

#include "base/cpu_clock.h"

namespace monolens {
namespace {

constexpr auto kProgressInterval = std::chrono::milliseconds(250);

}  // namespace

class Monitor::Impl {
 public:
  Result<void> open(MonitorOptions options);
  const InputInfo& input() const { return source_->info(); }
  Result<MonitorResult> run(const OnEvent& on_event, const OnProgress& on_progress);

 private:
  // How the reading ended.
  struct End {
    bool interrupted = false;
    std::string trouble;
  };
  End read_all(const OnProgress& on_progress);

  const std::atomic<bool>* stop_ = nullptr;
  int threads_ = 1;
  OnEvent on_event_;
  std::unique_ptr<Source> source_;
  std::unique_ptr<Pipeline> pipeline_;
};

Result<void> Monitor::Impl::open(MonitorOptions options) {
  stop_ = options.stop;
  threads_ = options.converter.threads;
  options.source.on_event = [this](StreamEvent event) {
    event.time = pipeline_->front();
    pipeline_->tell(event);
  };
  auto source = Source::open(std::move(options.source));
  if (!source) return source.error();
  source_ = std::move(*source);
  auto pipeline = Pipeline::open(*source_,
                                 {.converter = options.converter,
                                  .detectors = std::move(options.detectors),
                                  .evidence = options.evidence},
                                 [this](const InputInfo& input, const IncidentEvent& event) {
                                   if (on_event_) on_event_(input, event);
                                 });
  if (!pipeline) return pipeline.error();
  pipeline_ = std::move(*pipeline);
  return {};
}

Result<MonitorResult> Monitor::Impl::run(const OnEvent& on_event, const OnProgress& on_progress) {
  const auto wall_start = std::chrono::steady_clock::now();
  const CpuClock cpu(threads_ > 1 ? CpuClock::Of::kProcess : CpuClock::Of::kThread);
  on_event_ = on_event;
  End end = read_all(on_progress);
  pipeline_->flush();
  if (pipeline_->video_frames() == 0 && pipeline_->audio_samples() == 0 && !end.interrupted) {
    return Error{ErrorCode::kNotMedia, fmt::format("{}: holds no decodable media{}{}", source_->info().url,
                                                   end.trouble.empty() ? "" : ": ", end.trouble)};
  }
  pipeline_->finish();
  MonitorResult result = pipeline_->result();
  result.interrupted = end.interrupted;
  result.trouble = std::move(end.trouble);
  result.cpu_s = cpu.seconds();
  result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_start).count();
  return result;
}

Monitor::Impl::End Monitor::Impl::read_all(const OnProgress& on_progress) {
  Packet packet;
  auto next_progress = std::chrono::steady_clock::now();
  for (;;) {
    if (stop_ != nullptr && stop_->load(std::memory_order_relaxed))
      return {.interrupted = true, .trouble = {}};
    const ReadStatus status = source_->read(packet);
    pipeline_->push(packet);
    if (status == ReadStatus::kInterrupted) return {.interrupted = true, .trouble = {}};
    if (status == ReadStatus::kEnd) return {};
    if (status != ReadStatus::kPacket) {
      const bool stalled = status == ReadStatus::kStalled;
      pipeline_->tell({.type = stalled ? StreamEvent::Type::kStalled : StreamEvent::Type::kReadError,
                       .time = pipeline_->front()});
      return {.interrupted = false, .trouble = source_->error()};
    }
    const auto now = std::chrono::steady_clock::now();
    if (on_progress && now >= next_progress) {
      next_progress = now + kProgressInterval;
      on_progress({.position = pipeline_->front(),
                   .share = source_->progress(),
                   .incidents = pipeline_->incidents()});
    }
  }
}

Monitor::Monitor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Monitor::~Monitor() = default;

Result<std::unique_ptr<Monitor>> Monitor::open(MonitorOptions options) {
  auto impl = std::make_unique<Impl>();
  auto opened = impl->open(std::move(options));
  if (!opened) return opened.error();
  return std::unique_ptr<Monitor>(new Monitor(std::move(impl)));
}

const InputInfo& Monitor::input() const { return impl_->input(); }

Result<MonitorResult> Monitor::run(const OnEvent& on_event, const OnProgress& on_progress) {
  return impl_->run(on_event, on_progress);
}

}  // namespace monolens
