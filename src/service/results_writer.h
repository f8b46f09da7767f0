// ResultsWriter: an hour's results of each monitor, as an object in a folder or an S3 bucket, each written
// once.
//
// An hour is written when its measurements have been rolled up, and tried again each minute until it is. Its
// name is MONITOR/2026/11/29/13.jsonl.gz, its content gzip-compressed JSON lines:
//
//     {"schema": "monolens.results/1", "monitor", "from", "until"}
//     {"at", "step_s": 60, "measured": {name: [mean, least, greatest, count], …}}     each minute, then the
//     hour
//     {"incident": {…}}                                                  each that was open in it, as it is
//     now
//
// Should the program be killed between the writing and the note of it, the same name is written once more.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "base/result.h"
#include "service/measurement_book.h"
#include "sinks/s3.h"
#include "store/measurement_store.h"
#include "store/store.h"

namespace monolens {

// Where objects go; called by one thread.
using PutResults = std::function<Result<void>(const std::string& name, std::string bytes)>;

PutResults results_to_folder(std::string folder);
Result<PutResults> results_to_s3(S3Options options);

class ResultsWriter {
 public:
  ResultsWriter(const Store& store, MeasurementStore& measurements, PutResults put)
      : store_(store), measurements_(measurements), put_(std::move(put)) {}

  // Writes all that is due; the first failure ends it, and the next call begins with it.
  Result<void> write_due();

 private:
  std::string content_of(const MeasurementRecord& hour) const;

  const Store& store_;
  MeasurementStore& measurements_;
  PutResults put_;
};

// Calls write_due() in a thread of its own, now and then.
class ResultsThread {
 public:
  explicit ResultsThread(ResultsWriter writer);
  ~ResultsThread();
  ResultsThread(const ResultsThread&) = delete;
  ResultsThread& operator=(const ResultsThread&) = delete;

  // Why the last attempt failed; empty if it did not.
  std::string trouble() const;

 private:
  void write_for_ever();

  ResultsWriter writer_;
  mutable std::mutex mutex_;
  std::condition_variable woken_;
  bool stop_ = false;  // guarded by mutex_, as is
  std::string trouble_;
  std::thread thread_;
};

}  // namespace monolens
