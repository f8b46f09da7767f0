// ObjectStore: a bucket behind several connections, which are kept; what is asked of it goes on at once on
// all of them, each with a thread of its own.
//
// It counts what a provider would bill. One thread at a time, beside its own.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "sinks/s3.h"

namespace monolens::topology {

struct StoreCounts {
  std::uint64_t puts = 0;
  std::uint64_t gets = 0;
  std::uint64_t put_bytes = 0;
  std::uint64_t get_bytes = 0;
};

class ObjectStore {
 public:
  // REQUIRES: connections > 0.
  static Result<std::unique_ptr<ObjectStore>> open(const S3Options& options, int connections);
  ~ObjectStore();
  ObjectStore(const ObjectStore&) = delete;
  ObjectStore& operator=(const ObjectStore&) = delete;

  // Takes the object, and waits only where each connection has two to send already. What became of it, wait()
  // tells.
  void put(S3Object object);

  // Until all that was put is in the store. The first failure, if any.
  Result<void> wait();

  // In the order of the keys.
  Result<std::vector<std::string>> get(const std::vector<std::string>& keys);

  Result<void> remove(const std::vector<std::string>& keys);

  StoreCounts counts() const;
  double cpu_s() const;  // of the threads: signing, sending, receiving

 private:
  using Job = std::function<Result<void>(S3Client&)>;

  ObjectStore() = default;
  void enqueue(Job job);
  void work(S3Client& client);

  std::vector<std::unique_ptr<S3Client>> clients_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  std::size_t under_way_ = 0;
  std::optional<Error> failure_;
  StoreCounts counts_;
  double cpu_s_ = 0;
  bool stop_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace monolens::topology
