#include "topology/orchestration.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/text.h"

namespace monolens::topology {
namespace {

using nlohmann::json;

constexpr std::string_view kConvert = "convert";
constexpr std::string_view kDetect = "detect";
constexpr std::string_view kDetector = "detector";
constexpr std::string_view kAggregate = "aggregate";

template <class Number>
bool parse_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

double rounded_up(double seconds) { return std::ceil(seconds * 10) / 10; }

}  // namespace

std::string conversion_subject(const Plan& plan) { return fmt::format("monolens.{}.conversion", plan.run); }
std::string detector_subject(const Plan& plan, std::string_view detector) {
  return fmt::format("monolens.{}.detector.{}", plan.run, detector);
}
std::string aggregation_subject(const Plan& plan) { return fmt::format("monolens.{}.aggregation", plan.run); }
std::string workflow_stream(const Plan& plan) { return "monolens-workflow-" + plan.run; }

Orchestration::Orchestration(const Plan& plan, Bus& bus)
    : plan_(plan), bus_(bus), quota_(plan.quota_per_s, Clock::now()), streams_(plan.inputs.size()) {}

Result<void> Orchestration::run(const std::atomic<bool>& stop) {
  const std::string subjects = fmt::format("workflow.{}.>", plan_.run);
  if (auto made = bus_.make_work_queue(workflow_stream(plan_), subjects); !made) return made;
  if (auto taken = bus_.consume(workflow_stream(plan_), subjects); !taken) return taken;
  for (std::size_t s = 0; s < streams_.size(); ++s) {
    if (auto started = start(static_cast<int>(s)); !started) return started;
  }
  const auto is_done = [](const Stream& s) { return s.done; };
  while (!std::all_of(streams_.begin(), streams_.end(), is_done)) {
    auto message = bus_.next(stop);
    if (!message) return Error{ErrorCode::kInterrupted, "interrupted"};
    if (auto handled = handle(std::move(message)); !handled) return handled;
  }
  bus_.delete_stream(workflow_stream(plan_));
  return {};
}

// One execution of the state machine a second, as long as not too many are under way.
Result<void> Orchestration::start(int stream) {
  Stream& s = streams_[static_cast<std::size_t>(stream)];
  if (s.converting || s.converted || s.under_way >= plan_.ahead) return {};
  s.converting = true;
  ++s.under_way;
  ++counts_.executions;
  const Id id{stream, s.next++};
  executions_[id].start = Clock::now();
  return enter(kConvert, id, {""}, fmt::format(R"({{"stream":{},"second":{}}})", id.first, id.second));
}

Result<void> Orchestration::enter(std::string_view state, Id id, const std::vector<std::string>& branches,
                                  const std::string& payload) {
  const auto wait = quota_.take(static_cast<double>(branches.size()), Clock::now());
  if (wait.count() > 0) {
    counts_.throttled_s += wait.count();
    std::this_thread::sleep_for(wait);
  }
  std::vector<std::pair<std::string, std::string>> messages;
  for (const std::string& branch : branches) {
    messages.emplace_back(fmt::format("workflow.{}.{}.{}.{}{}{}", plan_.run, state, id.first, id.second,
                                      branch.empty() ? "" : ".", branch),
                          payload);
  }
  counts_.message_bytes += branches.size() * payload.size();
  counts_.largest_payload = std::max<std::uint64_t>(counts_.largest_payload, payload.size());
  counts_.transitions += branches.size();
  return bus_.publish(messages);
}

Result<void> Orchestration::call(const std::string& subject, const std::string& data, OnAnswer on_answer) {
  counts_.message_bytes += data.size();
  auto asked = bus_.ask(subject, data);
  if (!asked) return asked.error();
  waiting_[*asked] = std::move(on_answer);
  return {};
}

Result<void> Orchestration::handle(MessagePointer message) {
  const auto waiting = waiting_.find(message->subject);
  if (waiting == waiting_.end()) return handle_transition(std::move(message));
  OnAnswer on_answer = std::move(waiting->second);
  waiting_.erase(waiting);
  return handle_answer(std::move(on_answer), message->data);
}

Result<void> Orchestration::handle_answer(OnAnswer on_answer, const std::string& answer) {
  counts_.message_bytes += answer.size();
  constexpr std::string_view kError = R"({"error":)";
  if (!answer.starts_with(kError)) return on_answer(answer);
  const auto error = json::parse(answer, nullptr, false);
  return Error{ErrorCode::kInternal,
               error.is_discarded() ? "a call failed" : printable(error.value("error", std::string()))};
}

// workflow.RUN.STATE.STREAM.SECOND[.DETECTOR]
Result<void> Orchestration::handle_transition(MessagePointer message) {
  const auto parts = split(message->subject, '.');
  Id id{-1, -1};
  if (parts.size() < 5 || !parse_number(parts[3], id.first) || !parse_number(parts[4], id.second) ||
      !executions_.contains(id))
    return Error{ErrorCode::kInternal, "a transition of no execution"};
  if (parts[2] == kConvert) return convert(std::move(message), id);
  if (parts[2] == kDetect) return fan_out(std::move(message), id);
  if (parts[2] == kDetector && parts.size() == 6) {
    const std::string detector(parts[5]);
    return detect(std::move(message), id, detector);
  }
  if (parts[2] == kAggregate) {
    streams_[static_cast<std::size_t>(id.first)].to_aggregate[id.second] = std::move(message);
    return aggregate_next(id.first);
  }
  return Error{ErrorCode::kInternal, "a transition to no state"};
}

Result<void> Orchestration::convert(MessagePointer message, Id id) {
  const std::string data = message->data;
  const std::shared_ptr<Bus::Message> transition = std::move(message);
  return call(conversion_subject(plan_), data,
              [this, id, transition](const std::string& answer) -> Result<void> {
                Stream& stream = streams_[static_cast<std::size_t>(id.first)];
                stream.converting = false;
                const auto segment = json::parse(answer, nullptr, false);
                if (!segment.is_object())
                  return Error{ErrorCode::kInternal, "the conversion's answer is no segment"};
                stream.converted = segment.value("last", true);
                executions_[id].segment = answer;
                if (auto entered = enter(kDetect, id, {""}, answer); !entered) return entered;
                if (auto done = bus_.acknowledge(*transition); !done) return done;
                return start(id.first);
              });
}

Result<void> Orchestration::fan_out(MessagePointer message, Id id) {
  std::vector<std::string> branches;
  for (const ChosenDetector& d : plan_.detectors) branches.emplace_back(d.info->name);
  if (auto entered = enter(kDetector, id, branches, executions_[id].segment); !entered) return entered;
  return bus_.acknowledge(*message);
}

Result<void> Orchestration::detect(MessagePointer message, Id id, const std::string& detector) {
  const std::string data = message->data;
  executions_[id].branches.push_back(std::move(message));
  return call(detector_subject(plan_, detector), data, [this, id](const std::string& answer) -> Result<void> {
    Execution& execution = executions_[id];
    execution.answers += (execution.answers.empty() ? "" : ",") + answer;
    if (++execution.answered < plan_.detectors.size()) return {};
    return join(id);
  });
}

Result<void> Orchestration::join(Id id) {
  Execution& execution = executions_[id];
  const std::string joined =
      fmt::format(R"({{"segment":{},"answers":[{}]}})", execution.segment, execution.answers);
  execution.segment.clear();
  if (auto entered = enter(kAggregate, id, {""}, joined); !entered) return entered;
  for (const auto& branch : execution.branches) {
    if (auto done = bus_.acknowledge(*branch); !done) return done;
  }
  execution.branches.clear();
  return {};
}

Result<void> Orchestration::aggregate_next(int stream) {
  Stream& s = streams_[static_cast<std::size_t>(stream)];
  const auto next = s.to_aggregate.find(s.next_aggregate);
  if (s.aggregating || next == s.to_aggregate.end()) return {};
  s.aggregating = true;
  const std::shared_ptr<Bus::Message> transition = std::move(next->second);
  s.to_aggregate.erase(next);
  const Id id{stream, s.next_aggregate++};
  return call(aggregation_subject(plan_), transition->data,
              [this, id, transition](const std::string&) -> Result<void> {
                if (auto done = bus_.acknowledge(*transition); !done) return done;
                Stream& of = streams_[static_cast<std::size_t>(id.first)];
                const auto execution = executions_.find(id);
                counts_.duration_s +=
                    rounded_up(std::chrono::duration<double>(Clock::now() - execution->second.start).count());
                executions_.erase(execution);
                of.aggregating = false;
                --of.under_way;
                of.done = of.converted && of.under_way == 0;
                if (auto started = start(id.first); !started) return started;
                return aggregate_next(id.first);
              });
}

}  // namespace monolens::topology
