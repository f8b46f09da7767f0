#include "cost/bill_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace monolens::cost {
namespace {

struct Row {
  const char* what;
  std::function<double(const Usage&)> value;
  int digits;
};

double hours(const Usage& u) { return u.stream_s / 3600; }

const std::vector<Row>& rows() {
  static const std::vector<Row> all = {
      {"streams a core, at most", [](const Usage& u) { return u.stream_s / u.cpu_s(); }, 2},
      {"memory, GiB, mean", [](const Usage& u) { return u.mean_gib(); }, 2},
      {"memory GiB-s a stream s", [](const Usage& u) { return u.mean_gib() * u.wall_s / u.stream_s; }, 3},
      {"PUTs an hour", [](const Usage& u) { return static_cast<double>(u.store.puts) / hours(u); }, 0},
      {"GETs an hour", [](const Usage& u) { return static_cast<double>(u.store.gets) / hours(u); }, 0},
      {"GiB put an hour", [](const Usage& u) { return u.store.put_gib / hours(u); }, 2},
      {"GiB got an hour", [](const Usage& u) { return u.store.get_gib / hours(u); }, 2},
      {"GiB of messages an hour", [](const Usage& u) { return u.workflow.message_gib / hours(u); }, 3},
      {"transitions an hour",
       [](const Usage& u) { return static_cast<double>(u.workflow.transitions) / hours(u); }, 0},
      {"invocations an hour", [](const Usage& u) { return static_cast<double>(u.invocations()) / hours(u); },
       0},
      {"function s an hour", [](const Usage& u) { return u.function_s() / hours(u); }, 1},
      {"notifications an hour",
       [](const Usage& u) { return static_cast<double>(u.notifications) / hours(u); }, 0},
      {"wall s a stream s", [](const Usage& u) { return u.wall_s / u.stream_s; }, 3},
  };
  return all;
}

// CPU seconds by what they were spent on, over all processes; detectors are one.
std::map<std::string, double> work_of(const Usage& usage) {
  std::map<std::string, double> work;
  for (const Component& c : usage.components) {
    double rest = c.cpu_s;
    for (const auto& [part, seconds] : c.parts) {
      work[part.starts_with("detect") ? "detect" : part] += seconds;
      rest -= seconds;
    }
    work[c.workflow ? "orchestration" : "messages and all else"] += std::max(0.0, rest);
  }
  return work;
}

// A row for each kind of work that any run has, a column a run, CPU seconds a second of stream.
std::string work_rows(const std::vector<Usage>& runs) {
  std::vector<std::map<std::string, double>> works;
  std::set<std::string> names;
  for (const Usage& u : runs) {
    works.push_back(work_of(u));
    for (const auto& [name, seconds] : works.back()) names.insert(name);
  }
  std::string text;
  for (const std::string& name : names) {
    text += fmt::format("\n    {:<24}", name);
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const auto found = works[i].find(name);
      text += found == works[i].end() ? fmt::format(" {:>11}", "-")
                                      : fmt::format(" {:>11.4f}", found->second / runs[i].stream_s);
    }
  }
  return text;
}

std::string ratio_text(const Bill& bill, const Bill* baseline) {
  if (baseline == nullptr || &bill == baseline || !(baseline->total() > 0) || !(bill.total() > 0)) return "";
  const double ratio = bill.total() / baseline->total();
  return fmt::format("{:.3g} times the baseline; the baseline saves {:.1f} %", ratio, 100 * (1 - 1 / ratio));
}

std::string one_bill(const Bill& bill, const Bill* baseline, const std::string& currency) {
  std::string text = fmt::format("\n{}, on {}{}\n", bill.run, name_of(bill.deployment),
                                 &bill == baseline ? " (the baseline)" : "");
  for (const Line& line : bill.lines) {
    if (line.quantity == 0) continue;
    text += fmt::format("  {:<28} {:>16} {:<11} {:>12.6f}  {:>5.1f} %\n", line.what,
                        fmt::format("{:.6g}", line.quantity), line.unit, line.amount,
                        bill.total() > 0 ? 100 * line.amount / bill.total() : 0);
  }
  text += fmt::format("  {:<28} {:>16} {:<11} {:>12.6f} {}\n", "an hour of stream", "", "", bill.total(),
                      currency);
  if (bill.total() > 0) text += fmt::format("  dominated by {}", bill.largest().what);
  const std::string ratio = ratio_text(bill, baseline);
  return text + (ratio.empty() ? "\n" : fmt::format("; {}\n", ratio));
}

nlohmann::ordered_json bill_json(const Bill& bill, const Bill* baseline) {
  nlohmann::ordered_json lines = nlohmann::ordered_json::array();
  for (const Line& l : bill.lines)
    lines.push_back({{"what", l.what}, {"quantity", l.quantity}, {"unit", l.unit}, {"amount", l.amount}});
  const bool compared = baseline != nullptr && baseline->total() > 0;
  return {{"run", bill.run},
          {"topology", name_of(bill.topology)},
          {"deployment", name_of(bill.deployment)},
          {"lines", std::move(lines)},
          {"total", bill.total()},
          {"dominant", bill.largest().what},
          {"baseline", &bill == baseline},
          {"ratio", compared ? nlohmann::ordered_json(bill.total() / baseline->total()) : nullptr}};
}

nlohmann::ordered_json plan_json(const FleetPlan& p) {
  nlohmann::ordered_json ceiling = nullptr;
  if (p.ceiling) {
    ceiling = {{"transitions_a_stream_s", p.ceiling->transitions_a_stream_s},
               {"streams_by_transitions", p.ceiling->streams},
               {"streams_by_transitions_before", p.ceiling->streams_before},
               {"streams_by_starts", p.ceiling->streams_by_starts},
               {"payload_fits", p.ceiling->payload_fits}};
  }
  return {{"run", p.run},
          {"topology", name_of(p.topology)},
          {"streams", p.streams},
          {"vcpus", p.vcpus},
          {"memory_gib", p.gib},
          {"instances", p.instances},
          {"instances_a_month", p.amount_a_month},
          {"by_use_a_month", p.amount_a_month_for_use},
          {"ceiling", std::move(ceiling)}};
}

}  // namespace

std::string usage_table(const std::vector<Usage>& runs) {
  std::string text = "What was measured\n";
  for (std::size_t i = 0; i < runs.size(); ++i)
    text += fmt::format("  [{}] {}: {} stream{}, {:.1f} s of media in {:.1f} s\n", i + 1, runs[i].name,
                        runs[i].streams, runs[i].streams == 1 ? "" : "s", runs[i].stream_s, runs[i].wall_s);
  text += fmt::format("\n  {:<26}", "");
  for (std::size_t i = 0; i < runs.size(); ++i) text += fmt::format(" {:>11}", fmt::format("[{}]", i + 1));
  text += fmt::format("\n  {:<26}", "CPU s a stream s");
  for (const Usage& u : runs) text += fmt::format(" {:>11.4f}", u.cpu_s() / u.stream_s);
  text += work_rows(runs);
  for (const Row& row : rows()) {
    text += fmt::format("\n  {:<26}", row.what);
    for (const Usage& u : runs) text += fmt::format(" {:>11.{}f}", row.value(u), row.digits);
  }
  return text + "\n";
}

std::string bill_table(const std::vector<Bill>& bills, const PriceBook& book) {
  std::string text = fmt::format("\nBills for an hour of one stream, in {} ({})\n", book.currency, book.name);
  const Bill* baseline = baseline_of(bills);
  for (const Bill& bill : bills) text += one_bill(bill, baseline, book.currency);
  return text;
}

std::string fleet_table(const std::vector<FleetPlan>& plans, const PriceBook& book) {
  std::string text;
  for (const FleetPlan& p : plans) {
    text += fmt::format(
        "\n{} live streams as '{}'\n  {} instances of {:g} vCPU and {:g} GiB ({:.1f} vCPU and "
        "{:.1f} GiB are needed): {:.2f} {} a month\n",
        p.streams, p.run, p.instances, book.instance_vcpus.value, book.instance_gib.value, p.vcpus, p.gib,
        p.amount_a_month, book.currency);
    if (p.amount_a_month_for_use > 0) {
      text += fmt::format("  workflow, objects and topic, paid by use: {:.2f} {} a month\n",
                          p.amount_a_month_for_use, book.currency);
    }
    if (!p.ceiling) continue;
    text += fmt::format(
        "  {:.2f} transitions a second of stream: the quota of {:g}/s ends it at {} streams, that of {:g}/s "
        "at {};\n  the quota of {:g} starts/s at {}; messages {} within the payload's quota\n",
        p.ceiling->transitions_a_stream_s, book.transitions_per_s.value, p.ceiling->streams,
        book.transitions_per_s_before.value, p.ceiling->streams_before, book.starts_per_s.value,
        p.ceiling->streams_by_starts, p.ceiling->payload_fits ? "are" : "are NOT");
  }
  return text;
}

nlohmann::ordered_json cost_json(const std::vector<Usage>& runs, const std::vector<Bill>& bills,
                                 const std::vector<FleetPlan>& plans, const PriceBook& book) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  const Bill* baseline = baseline_of(bills);
  for (const Bill& bill : bills) all.push_back(bill_json(bill, baseline));
  nlohmann::ordered_json fleet = nlohmann::ordered_json::array();
  for (const FleetPlan& plan : plans) fleet.push_back(plan_json(plan));
  return {{"schema", "monolens.cost/1"},       {"currency", book.currency},
          {"bills", std::move(all)},           {"fleet", std::move(fleet)},
          {"usage", usage_json(runs)["runs"]}, {"prices", price_book_json(book)}};
}

}  // namespace monolens::cost
