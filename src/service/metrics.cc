#include "service/metrics.h"

#include <fmt/format.h>

#include "base/version.h"
#include "service/wall_clock.h"

namespace monolens {
namespace {

std::string escaped(const std::string& value) {
  std::string text;
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  }
  return text;
}

// One metric: its head, then a sample for each label value.
class Family {
 public:
  Family(std::string& text, std::string name, const char* type, const char* help)
      : text_(text), name_(std::move(name)) {
    text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name_, help, name_, type);
  }
  void add(double value) { text_ += fmt::format("{} {}\n", name_, value); }
  void add(const char* label, const std::string& of, const char* second, const std::string& of_second,
           double value) {
    text_ += fmt::format("{}{{{}=\"{}\",{}=\"{}\"}} {}\n", name_, label, escaped(of), second,
                         escaped(of_second), value);
  }
  void add(const char* label, const std::string& of, double value) {
    text_ += fmt::format("{}{{{}=\"{}\"}} {}\n", name_, label, escaped(of), value);
  }

 private:
  std::string& text_;
  std::string name_;
};

std::string state_of(const MonitorView& m) {
  if (!m.record.quarantined.empty()) return "quarantined";
  if (m.spec.paused) return "paused";
  return m.status.is_object() ? m.status.value("state", "starting") : "starting";
}

void add_monitors(std::string& text, const std::vector<MonitorView>& monitors) {
  struct Column {
    const char* name;
    const char* type;
    const char* help;
    const char* member;
  };
  constexpr Column kColumns[] = {
      {"monolens_monitor_lag_seconds", "gauge", "How long the oldest packet waits to be analysed.", "lag_s"},
      {"monolens_monitor_cpu_seconds_total", "counter", "CPU time of the analysis.", "cpu_s"},
      {"monolens_monitor_video_frames_total", "counter", "Pictures analysed.", "video_frames"},
      {"monolens_monitor_dropped_packets_total", "counter",
       "Packets that were not analysed for lack of time.", "dropped_packets"},
      {"monolens_monitor_sessions_total", "counter", "Times that the source was opened.", "sessions"},
  };
  for (const Column& c : kColumns) {
    Family family(text, c.name, c.type, c.help);
    for (const MonitorView& m : monitors) {
      if (m.status.is_object()) family.add("monitor", m.record.id, m.status.value(c.member, 0.0));
    }
  }
  Family cost(text, "monolens_monitor_part_cpu_seconds_total", "counter",
              "CPU time by what it went into: the decoder, features, each detector; as samples tell.");
  for (const MonitorView& m : monitors) {
    if (!m.status.contains("cost_s")) continue;
    for (const auto& [part, seconds] : m.status.at("cost_s").items())
      cost.add("monitor", m.record.id, "part", part, seconds.get<double>());
  }
  Family running(text, "monolens_monitor_running", "gauge", "1 while the stream is analysed.");
  for (const MonitorView& m : monitors) {
    const bool runs = m.status.is_object() && m.status.value("state", "") == "running";
    running.add("monitor", m.record.id, runs ? 1 : 0);
  }
  Family state(text, "monolens_monitor_state", "gauge",
               "1 for the state that a monitor is in: as the API's, or paused, quarantined, starting.");
  for (const MonitorView& m : monitors) state.add("monitor", m.record.id, "state", state_of(m), 1);
  Family score(text, "monolens_monitor_score", "gauge", "0 to 100, 100 while nothing is wrong.");
  for (const MonitorView& m : monitors) score.add("monitor", m.record.id, m.score);
}

void add_capacity(std::string& text, const Capacity& capacity) {
  Family(text, "monolens_capacity_cores", "gauge", "Cores for the analysis of live streams.")
      .add(capacity.cores());
  Family(text, "monolens_used_cores", "gauge", "Cores that the analysis of live streams uses.")
      .add(capacity.used());
}

void add_sinks(std::string& text, const std::vector<SinkStatus>& sinks) {
  Family delivered(text, "monolens_sink_delivered_total", "counter", "Events that a sink has taken.");
  for (const SinkStatus& s : sinks) delivered.add("sink", s.name, static_cast<double>(s.delivered));
  Family dropped(text, "monolens_sink_dropped_total", "counter",
                 "Events that were left out because the receiver says that they are malformed.");
  for (const SinkStatus& s : sinks) dropped.add("sink", s.name, static_cast<double>(s.dropped));
  Family refused(text, "monolens_sink_refused", "gauge",
                 "1 while the receiver refuses a key, an address or a right: somebody has to mend it.");
  for (const SinkStatus& s : sinks) refused.add("sink", s.name, s.state == SinkState::kRefused ? 1 : 0);
  Family failures(text, "monolens_sink_failures_total", "counter", "Attempts that failed and are repeated.");
  for (const SinkStatus& s : sinks) failures.add("sink", s.name, static_cast<double>(s.failures));
  Family waiting(text, "monolens_sink_waiting_events", "gauge", "Events that a sink has not come to.");
  for (const SinkStatus& s : sinks) waiting.add("sink", s.name, static_cast<double>(s.waiting));
  Family delay(text, "monolens_sink_delay_seconds", "gauge",
               "From the telling of the last event to its delivery.");
  for (const SinkStatus& s : sinks) delay.add("sink", s.name, s.last_delay_s);
}

void add_cluster(std::string& text, const ClusterMember& cluster) {
  const Coverage coverage = cluster.coverage_now();
  Family(text, "monolens_cluster_instances", "gauge", "Live instances of the cluster, as this one sees it.")
      .add(static_cast<double>(cluster.instances()));
  Family(text, "monolens_cluster_pairs_wanted", "gauge",
         "Pairs of a monitor and a detector group to be watched.")
      .add(static_cast<double>(coverage.wanted));
  Family uncovered(text, "monolens_cluster_pair_uncovered", "gauge",
                   "1 for each pair that no instance watches.");
  for (const MonitorGroup& pair : coverage.uncovered)
    uncovered.add("monitor", pair.monitor, "group", pair.group, 1);
  Family doubled(text, "monolens_cluster_pair_doubled", "gauge", "1 for each pair that two instances watch.");
  for (const MonitorGroup& pair : coverage.doubled)
    doubled.add("monitor", pair.monitor, "group", pair.group, 1);
  Family(text, "monolens_cluster_pairs_uncovered", "gauge", "How many pairs no instance watches.")
      .add(static_cast<double>(coverage.uncovered.size()));
  Family(text, "monolens_cluster_pairs_doubled", "gauge", "How many pairs two instances watch.")
      .add(static_cast<double>(coverage.doubled.size()));
}

}  // namespace

std::string metrics_text(const Service& service, const ClusterMember* cluster) {
  std::string text;
  Family(text, "monolens_build_info", "gauge", "The version.").add("version", kVersion, 1);
  Family(text, "monolens_worker_restarts_total", "counter", "Times that the worker was started again.")
      .add(static_cast<double>(service.worker_restarts()));
  Family(text, "monolens_events_total", "counter", "Events told since the store was made.")
      .add(static_cast<double>(service.store().last_sequence()));
  Family(text, "monolens_results_failing", "gauge", "1 while the hourly results can't be written.")
      .add(service.results_trouble().empty() ? 0 : 1);
  add_capacity(text, service.capacity());
  auto monitors = service.monitors();
  if (cluster != nullptr) {
    std::erase_if(monitors, [&](const MonitorView& m) { return !service.is_watched(m.record.id); });
    add_cluster(text, *cluster);
  }
  add_monitors(text, monitors);
  add_sinks(text, service.sinks());
  return text;
}

}  // namespace monolens
