#include <fmt/format.h>

#include <chrono>
#include <map>
#include <memory>
#include <utility>

#include "base/rfc3339.h"
#include "incidents/kinds.h"
#include "report/json_report.h"
#include "sinks/nats.h"
#include "topology/aggregation.h"
#include "topology/object_store.h"
#include "topology/orchestration.h"
#include "topology/role.h"
#include "topology/roles.h"

namespace monolens::topology {
namespace {

constexpr double kGib = 1024.0 * 1024 * 1024;

std::int64_t now_ns() {
  return std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
}

// All streams' incidents, results and notifications.
class Aggregator {
 public:
  Aggregator(const Plan& plan, ObjectStore& store, Sink& topic) : plan_(plan), store_(store), topic_(topic) {}

  Result<std::string> aggregate(const std::string& call);
  nlohmann::json told() const;

 private:
  struct Stream {
    InputInfo input;
    std::unique_ptr<Aggregation> aggregation;
    MediaTime end{};
  };
  Stream& stream_of(const Segment& segment);
  Result<std::vector<ToldFinding>> findings_of(const nlohmann::json& answers) const;
  void note(int stream, const IncidentEvent& event);
  Result<void> keep_result(const Segment& segment);
  Result<void> notify();
  Result<void> forget(const Segment& segment);

  const Plan& plan_;
  ObjectStore& store_;
  Sink& topic_;
  std::map<int, Stream> streams_;
  std::vector<SinkEvent> events_;  // of the second in hand
  std::uint64_t notifications_ = 0;
  double stored_gib_s_ = 0;
};

Aggregator::Stream& Aggregator::stream_of(const Segment& segment) {
  Stream& stream = streams_[segment.stream];
  if (segment.input) {
    stream.input = *segment.input;
    stream.aggregation = std::make_unique<Aggregation>(
        stream.input.url, [this, s = segment.stream](const IncidentEvent& event) { note(s, event); });
  }
  return stream;
}

Result<std::vector<ToldFinding>> Aggregator::findings_of(const nlohmann::json& answers) const {
  std::vector<ToldFinding> all;
  for (const auto& answer : answers) {
    auto findings = parse_findings(answer.value("findings", nlohmann::json()));
    if (!findings) return findings.error();
    for (ToldFinding& f : *findings) all.push_back(std::move(f));
  }
  return all;
}

void Aggregator::note(int stream, const IncidentEvent& event) {
  const Incident& i = *event.incident;
  const std::string type(name_of(event.type));
  const std::string step = event.type == IncidentEvent::Type::kUpdate
                               ? fmt::format("{}-{}", type, event.at.since_start().ns())
                               : type;
  events_.push_back({.id = fmt::format("{}-{}-{}", plan_.run, i.id, step),
                     .monitor = fmt::format("{}-{}", plan_.run, stream),
                     .type = type,
                     .kind = i.kind,
                     .severity = std::string(name_of(i.severity)),
                     .time = rfc3339(now_ns() / 1'000'000),
                     .json = to_text(make_event(streams_[stream].input, event))});
}

Result<std::string> Aggregator::aggregate(const std::string& call) {
  const auto json = nlohmann::json::parse(call, nullptr, false);
  if (!json.is_object() || !json.contains("segment") || !json.contains("answers"))
    return Error{ErrorCode::kRejected, "this is nothing to aggregate"};
  auto segment = parse_segment(json["segment"]);
  if (!segment) return segment.error();
  auto findings = findings_of(json["answers"]);
  if (!findings) return findings.error();
  Stream& stream = stream_of(*segment);
  if (!stream.aggregation)
    return Error{ErrorCode::kRejected, "a stream does not begin with its first segment"};
  events_.clear();
  stream.aggregation->take(*segment, std::move(*findings));
  if (segment->last && !segment->items.empty()) stream.end = segment->items.back().time;
  if (auto kept = keep_result(*segment); !kept) return kept.error();
  if (auto told = notify(); !told) return told.error();
  if (auto forgotten = forget(*segment); !forgotten) return forgotten.error();
  return std::string("{}");
}

Result<void> Aggregator::keep_result(const Segment& segment) {
  std::string lines;
  for (const SinkEvent& e : events_) lines += (lines.empty() ? "" : ",") + e.json;
  store_.put(
      {.key = fmt::format("{}/stream-{}/results/{:06}.json", plan_.run, segment.stream, segment.second),
       .bytes =
           fmt::format(R"({{"stream":{},"second":{},"events":[{}]}})", segment.stream, segment.second, lines),
       .content_type = "application/json"});
  return store_.wait();
}

Result<void> Aggregator::notify() {
  for (const SinkEvent& e : events_) {
    if (auto sent = topic_.send(e); !sent) return sent;
    ++notifications_;
  }
  return {};
}

// What a second's pictures and sound were kept for is done.
Result<void> Aggregator::forget(const Segment& segment) {
  std::vector<std::string> keys;
  double bytes = 0;
  for (const Object& o : segment.objects) {
    keys.push_back(o.key);
    bytes += static_cast<double>(o.size);
  }
  stored_gib_s_ += bytes / kGib * static_cast<double>(now_ns() - segment.stored_at_ns) * 1e-9;
  return store_.remove(keys);
}

nlohmann::json Aggregator::told() const {
  const StoreCounts counts = store_.counts();
  auto reports = nlohmann::json::array();
  ReportContext context{.profile = "full", .detectors = {}};
  for (const ChosenDetector& d : plan_.detectors) context.detectors.emplace_back(d.info->name);
  for (const auto& [number, stream] : streams_) {
    MonitorResult result;
    result.input = stream.input;
    if (!result.input.duration) result.input.duration = stream.end.since_start();
    result.incidents = stream.aggregation->incidents();
    reports.push_back(nlohmann::json(make_report(result, context)));
  }
  return {{"puts", counts.puts},
          {"put_bytes", counts.put_bytes},
          {"notifications", notifications_},
          {"stored_gib_s", stored_gib_s_},
          {"reports", std::move(reports)}};
}

}  // namespace

Result<void> run_aggregation(const Plan& plan, const std::atomic<bool>& stop) {
  auto store = ObjectStore::open(store_options(plan), plan.connections);
  if (!store) return store.error();
  auto bus = Bus::connect(plan.nats);
  if (!bus) return bus.error();
  const std::string prefix = fmt::format("incidents.{}", plan.run);
  const std::string stream = "monolens-incidents-" + plan.run;
  if (auto made = (*bus)->make_work_queue(stream, prefix + ".>"); !made) return made;
  auto topic = make_nats({.url = plan.nats, .prefix = prefix});
  if (!topic) return topic.error();
  if (auto listening = (*bus)->listen(aggregation_subject(plan)); !listening) return listening;
  Aggregator aggregator(plan, **store, **topic);
  RoleMeter meter;
  meter.ready();
  auto done =
      answer_calls(**bus, meter, stop, [&](const std::string& call) { return aggregator.aggregate(call); });
  if (!done) return done;
  (*bus)->delete_stream(stream);
  meter.tell({{"transfer", (*store)->cpu_s()}}, aggregator.told());
  return {};
}

}  // namespace monolens::topology
