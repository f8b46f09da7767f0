#include <chrono>
#include <memory>
#include <vector>

#include "topology/object_store.h"
#include "topology/orchestration.h"
#include "topology/role.h"
#include "topology/roles.h"
#include "topology/segmenter.h"

namespace monolens::topology {
namespace {

std::int64_t now_ns() {
  return std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
}

class Conversion {
 public:
  Conversion(const Plan& plan, ObjectStore& store)
      : plan_(plan), store_(store), streams_(plan.inputs.size()) {}

  Result<void> open(const std::atomic<bool>& stop);
  Result<std::string> convert(const std::string& call);
  nlohmann::json parts() const;
  nlohmann::json streams() const;

 private:
  const Plan& plan_;
  ObjectStore& store_;
  std::vector<std::unique_ptr<Segmenter>> streams_;
};

Result<void> Conversion::open(const std::atomic<bool>& stop) {
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    SourceOptions source;
    source.url = plan_.inputs[i];
    source.stop = &stop;
    auto opened = Segmenter::open(std::move(source),
                                  {.stream = static_cast<int>(i),
                                   .coding = plan_.coding,
                                   .object_a_frame = plan_.object_a_frame,
                                   .sample = plan_.sample,
                                   .prefix = plan_.run + "/"},
                                  [this](const std::string& key, std::string bytes) {
                                    store_.put({.key = key, .bytes = std::move(bytes)});
                                    return Result<void>();
                                  });
    if (!opened) return opened.error();
    streams_[i] = std::move(*opened);
  }
  return {};
}

Result<std::string> Conversion::convert(const std::string& call) {
  const auto request = nlohmann::json::parse(call, nullptr, false);
  const int stream = request.is_object() ? request.value("stream", -1) : -1;
  if (stream < 0 || static_cast<std::size_t>(stream) >= streams_.size())
    return Error{ErrorCode::kRejected, "a call for a stream that is none"};
  auto segment = streams_[static_cast<std::size_t>(stream)]->next();
  if (!segment) return segment.error();
  if (!*segment) return Error{ErrorCode::kRejected, "a call for a second after the stream's end"};
  if (auto stored = store_.wait(); !stored) return stored.error();
  (*segment)->stored_at_ns = now_ns();
  return text_of(segment_json(**segment));
}

nlohmann::json Conversion::parts() const {
  double decode = 0;
  double encode = 0;
  for (const auto& s : streams_) {
    decode += s->decode_cpu_s();
    encode += s->encode_cpu_s();
  }
  return {{"decode", decode}, {"encode", encode}, {"transfer", store_.cpu_s()}};
}

nlohmann::json Conversion::streams() const {
  auto all = nlohmann::json::array();
  for (const auto& s : streams_)
    all.push_back({{"pictures", s->pictures()}, {"audio_samples", s->audio_samples()}});
  return all;
}

}  // namespace

Result<void> run_conversion(const Plan& plan, const std::atomic<bool>& stop) {
  auto store = ObjectStore::open(store_options(plan), plan.connections);
  if (!store) return store.error();
  auto bus = Bus::connect(plan.nats);
  if (!bus) return bus.error();
  Conversion conversion(plan, **store);
  if (auto opened = conversion.open(stop); !opened) return opened;
  if (auto listening = (*bus)->listen(conversion_subject(plan)); !listening) return listening;
  RoleMeter meter;
  meter.ready();
  auto done =
      answer_calls(**bus, meter, stop, [&](const std::string& call) { return conversion.convert(call); });
  if (!done) return done;
  const StoreCounts counts = (*store)->counts();
  meter.tell(conversion.parts(),
             {{"puts", counts.puts}, {"put_bytes", counts.put_bytes}, {"streams", conversion.streams()}});
  return {};
}

}  // namespace monolens::topology
