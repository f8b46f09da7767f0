#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "monitor/pipeline.h"
#include "report/json_report.h"
#include "topology/role.h"
#include "topology/roles.h"

namespace monolens::topology {
namespace {

constexpr auto kSampleInterval = std::chrono::milliseconds(2);

// What the analyses are at, looked at again and again: the shares of the CPU time, as each thread only
// computes.
class Sampler {
 public:
  explicit Sampler(std::vector<std::shared_ptr<InHand>> watched) : watched_(std::move(watched)) {
    thread_ = std::jthread([this](const std::stop_token& stop) { sample(stop); });
  }

  // That analysis is done.
  void leave(std::size_t index) {
    const std::lock_guard lock(mutex_);
    watched_[index].reset();
  }

  nlohmann::json parts(double cpu_s) {
    thread_ = {};
    std::uint64_t all = 0;
    for (const auto& [what, count] : counts_) all += count;
    auto parts = nlohmann::json::object();
    for (const auto& [what, count] : counts_)
      parts[name_of(what)] = cpu_s * static_cast<double>(count) / static_cast<double>(all);
    return parts;
  }

 private:
  void sample(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      {
        const std::lock_guard lock(mutex_);
        for (const auto& in_hand : watched_) {
          if (in_hand) ++counts_[in_hand->what()];
        }
      }
      std::this_thread::sleep_for(kSampleInterval);
    }
  }

  static std::string name_of(std::string_view what) {
    if (what == "decoder") return "decode";
    if (what == "video features" || what == "audio features") return "features";
    if (what == "other") return "read and demultiplex";
    return "detector " + std::string(what);
  }

  std::mutex mutex_;  // guards what follows
  std::vector<std::shared_ptr<InHand>> watched_;
  std::map<std::string_view, std::uint64_t> counts_;
  std::jthread thread_;
};

struct Stream {
  std::unique_ptr<Source> source;
  std::unique_ptr<Pipeline> pipeline;
  std::uint64_t notifications = 0;
};

Result<void> open(Stream& stream, const std::string& url, const Plan& plan, const std::atomic<bool>& stop,
                  std::shared_ptr<InHand> in_hand) {
  SourceOptions options;
  options.url = url;
  options.stop = &stop;
  auto source = Source::open(std::move(options));
  if (!source) return source.error();
  stream.source = std::move(*source);
  auto pipeline = Pipeline::open(
      *stream.source, {.detectors = plan.detectors, .evidence = false, .in_hand = std::move(in_hand)},
      [&stream](const InputInfo&, const IncidentEvent&) { ++stream.notifications; });
  if (!pipeline) return pipeline.error();
  stream.pipeline = std::move(*pipeline);
  return {};
}

void analyse(Stream& stream) {
  Packet packet;
  for (;;) {
    const ReadStatus status = stream.source->read(packet);
    stream.pipeline->push(packet);
    if (status == ReadStatus::kPacket) continue;
    if (status == ReadStatus::kStalled || status == ReadStatus::kBroken) {
      const bool stalled = status == ReadStatus::kStalled;
      stream.pipeline->tell({.type = stalled ? StreamEvent::Type::kStalled : StreamEvent::Type::kReadError,
                             .time = stream.pipeline->front()});
    }
    break;
  }
  stream.pipeline->flush();
  stream.pipeline->finish();
}

}  // namespace

Result<void> run_monolith(const Plan& plan, const std::atomic<bool>& stop) {
  std::vector<std::shared_ptr<InHand>> in_hands;
  std::vector<Stream> streams(plan.inputs.size());
  for (std::size_t i = 0; i < streams.size(); ++i) {
    in_hands.push_back(std::make_shared<InHand>());
    if (auto opened = open(streams[i], plan.inputs[i], plan, stop, in_hands[i]); !opened) return opened;
  }
  RoleMeter meter;
  meter.ready();
  std::string line;
  if (!std::getline(std::cin, line)) return Error{ErrorCode::kInterrupted, "nobody says when to begin"};
  const CpuClock cpu(CpuClock::Of::kProcess);
  Sampler sampler(in_hands);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < streams.size(); ++i) {
      threads.emplace_back([&, i] {
        analyse(streams[i]);
        sampler.leave(i);
      });
    }
  }
  const auto parts = sampler.parts(cpu.seconds());
  if (stop) return Error{ErrorCode::kInterrupted, "interrupted"};
  auto reports = nlohmann::json::array();
  std::uint64_t notifications = 0;
  ReportContext context{.profile = "full", .detectors = {}};
  for (const ChosenDetector& d : plan.detectors) context.detectors.emplace_back(d.info->name);
  for (const Stream& s : streams) {
    reports.push_back(nlohmann::json(make_report(s.pipeline->result(), context)));
    notifications += s.notifications;
  }
  meter.tell(parts, {{"reports", std::move(reports)}, {"notifications", notifications}});
  return {};
}

}  // namespace monolens::topology
