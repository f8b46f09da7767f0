#include "topology/object_store.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/cpu_clock.h"

namespace monolens::topology {
namespace {

constexpr std::size_t kJobsAConnection = 2;
constexpr std::size_t kMostDeletes = 1000;  // with one request, S3's API reference, DeleteObjects

}  // namespace

Result<std::unique_ptr<ObjectStore>> ObjectStore::open(const S3Options& options, int connections) {
  std::unique_ptr<ObjectStore> store(new ObjectStore);
  for (int i = 0; i < connections; ++i) {
    auto client = S3Client::open(options);
    if (!client) return client.error();
    store->clients_.push_back(std::move(*client));
  }
  for (const auto& client : store->clients_)
    store->threads_.emplace_back([s = store.get(), c = client.get()] { s->work(*c); });
  return store;
}

ObjectStore::~ObjectStore() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
}

void ObjectStore::work(S3Client& client) {
  const CpuClock cpu(CpuClock::Of::kThread);
  double counted = 0;
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
    if (stop_) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    auto done = job(client);
    job = nullptr;
    lock.lock();
    if (!done && !failure_) failure_ = done.error();
    const double now = cpu.seconds();
    cpu_s_ += now - std::exchange(counted, now);
    --under_way_;
    lock.unlock();
    changed_.notify_all();
  }
}

void ObjectStore::enqueue(Job job) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return under_way_ < kJobsAConnection * clients_.size(); });
  jobs_.push_back(std::move(job));
  ++under_way_;
  lock.unlock();
  changed_.notify_all();
}

Result<void> ObjectStore::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return under_way_ == 0; });
  if (failure_) return *std::exchange(failure_, {});
  return {};
}

void ObjectStore::put(S3Object object) {
  {
    const std::lock_guard lock(mutex_);
    ++counts_.puts;
    counts_.put_bytes += object.bytes.size();
  }
  auto shared = std::make_shared<S3Object>(std::move(object));
  enqueue([shared](S3Client& client) { return client.put_object(*shared); });
}

Result<std::vector<std::string>> ObjectStore::get(const std::vector<std::string>& keys) {
  std::vector<std::string> objects(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    enqueue([&key = keys[i], &object = objects[i]](S3Client& client) -> Result<void> {
      auto got = client.get_object(key);
      if (!got) return got.error();
      object = std::move(*got);
      return {};
    });
  }
  if (auto done = wait(); !done) return done.error();
  const std::lock_guard lock(mutex_);
  counts_.gets += keys.size();
  for (const std::string& object : objects) counts_.get_bytes += object.size();
  return objects;
}

Result<void> ObjectStore::remove(const std::vector<std::string>& keys) {
  for (std::size_t at = 0; at < keys.size(); at += kMostDeletes) {
    const auto some = std::span(keys).subspan(at, std::min(kMostDeletes, keys.size() - at));
    enqueue([some](S3Client& client) { return client.delete_objects(some); });
  }
  return wait();
}

StoreCounts ObjectStore::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

double ObjectStore::cpu_s() const {
  const std::lock_guard lock(mutex_);
  return cpu_s_;
}

}  // namespace monolens::topology
