#include "service/results_writer.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/atomic_file.h"
#include "base/gzip.h"
#include "base/rfc3339.h"

namespace monolens {
namespace {

using Json = nlohmann::json;

constexpr int kMinute_s = 60;
constexpr int kHour_s = 3600;
constexpr int kMostIncidents = 10'000;
constexpr auto kInterval = std::chrono::seconds(60);

std::string name_of(const MeasurementRecord& hour) {
  const auto at = fmt::gmtime(static_cast<std::time_t>(hour.start_s));
  return fmt::format("{}/{:%Y/%m/%d/%H}.jsonl.gz", hour.monitor, at);
}

void add_line(std::string& text, const Json& line) {
  text += line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

PutResults results_to_folder(std::string folder) {
  return [folder = std::move(folder)](const std::string& name, const std::string& bytes) -> Result<void> {
    const auto path = std::filesystem::path(folder) / name;
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    if (error)
      return Error{ErrorCode::kWrite, fmt::format("{}: {}", path.parent_path().string(), error.message())};
    auto file = AtomicFile::create(path.string());
    if (!file) return file.error();
    return file->commit(bytes);
  };
}

Result<PutResults> results_to_s3(S3Options options) {
  std::string prefix = options.prefix.empty() ? "" : options.prefix + "/";
  auto opened = S3Client::open(std::move(options));
  if (!opened) return opened.error();
  return PutResults([client = std::shared_ptr<S3Client>(std::move(*opened)), prefix = std::move(prefix)](
                        const std::string& name, std::string bytes) {
    return client->put_object(
        {.key = prefix + name, .bytes = std::move(bytes), .content_type = "application/gzip"});
  });
}

Result<void> ResultsWriter::write_due() {
  for (const MeasurementRecord& hour : measurements_.unwritten_hours()) {
    auto put = put_(name_of(hour), gzip(content_of(hour)));
    if (!put) return put;
    auto marked = measurements_.mark_written(hour);
    if (!marked) return marked;
  }
  return {};
}

std::string ResultsWriter::content_of(const MeasurementRecord& hour) const {
  const std::int64_t end_s = hour.start_s + kHour_s;
  std::string text;
  add_line(text, {{"schema", "monolens.results/1"},
                  {"monitor", hour.monitor},
                  {"from", rfc3339(hour.start_s * 1000)},
                  {"until", rfc3339(end_s * 1000)}});
  for (const int step_s : {kMinute_s, kHour_s}) {
    for (const MeasurementRecord& r : measurements_.of(hour.monitor, step_s, hour.start_s, end_s, kHour_s)) {
      add_line(text, {{"at", rfc3339(r.start_s * 1000)},
                      {"step_s", step_s},
                      {"measured", Json::parse(r.json, nullptr, false)}});
    }
  }
  IncidentQuery query{.monitor = hour.monitor,
                      .from_ms = hour.start_s * 1000,
                      .until_ms = end_s * 1000,
                      .limit = kMostIncidents};
  for (const IncidentRecord& i : store_.incidents(query))
    add_line(text, {{"incident", Json::parse(i.json, nullptr, false)}});
  return text;
}

ResultsThread::ResultsThread(ResultsWriter writer)
    : writer_(std::move(writer)), thread_([this] { write_for_ever(); }) {}

ResultsThread::~ResultsThread() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  woken_.notify_all();
  thread_.join();
}

std::string ResultsThread::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

void ResultsThread::write_for_ever() {
  for (;;) {
    const auto written = writer_.write_due();
    std::unique_lock lock(mutex_);
    trouble_ = written ? "" : written.error().message;
    if (woken_.wait_for(lock, kInterval, [this] { return stop_; })) return;
  }
}

}  // namespace monolens
