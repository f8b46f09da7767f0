// Broker: a cluster's NATS JetStream, as far as a cluster uses it. It holds all that instances share.
//
// Streams and buckets are made where they are not there; what is there is taken as it is. Thread-safe. Errors
// name the servers without their login. A connection that breaks is made anew by itself; calls fail until
// then.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sinks/nats_connection.h"

namespace monolens {

class Broker {
 public:
  // A message of a stream. In a bucket's, `key` is the key, and an erased key's message says so.
  struct Entry {
    std::uint64_t sequence = 0;
    std::string key;  // of a bucket; else the subject
    std::string data;
    bool erased = false;
  };
  struct WorkItem {
    std::string subject;
    std::string reply;             // where it is acknowledged
    std::uint64_t deliveries = 1;  // this one included
  };
  struct Message {
    std::string subject;
    std::string reply;
    std::string data;
  };

  // Fails if there is no JetStream within the options' timeout. `replicas` of what it makes.
  static Result<std::unique_ptr<Broker>> connect(const NatsOptions& options, int replicas);
  virtual ~Broker() = default;

  virtual bool is_connected() const = 0;
  // "host:port,…".
  virtual std::string hosts() const = 0;

  // ---- buckets: the last value of each key
  virtual Result<void> make_bucket(const std::string& bucket) = 0;
  // The value, or nothing if there is none or it was erased.
  virtual Result<std::optional<Entry>> get(const std::string& bucket, const std::string& key) = 0;
  // Only while the key's entry is `sequence`, 0 for none or erased; else kRejected.
  virtual Result<void> put(const std::string& bucket, const std::string& key, std::string_view value,
                           std::uint64_t sequence) = 0;
  virtual Result<void> erase(const std::string& bucket, const std::string& key) = 0;

  // ---- logs
  // Kept for `age`. Repeats of a message's id are dropped for two minutes.
  virtual Result<void> make_log(const std::string& stream, const std::string& subjects,
                                std::chrono::hours age) = 0;
  // Done when it is kept.
  virtual Result<void> append(const std::string& subject, std::string_view data, const std::string& id) = 0;
  // The first entry after `sequence` of a log, or of a bucket.
  virtual Result<std::optional<Entry>> after(const std::string& stream, std::uint64_t sequence) = 0;
  virtual Result<std::optional<Entry>> bucket_after(const std::string& bucket, std::uint64_t sequence) = 0;

  // ---- work: an item is with one taker at a time, and comes again where it is not renewed for `patience`
  virtual Result<void> make_work(const std::string& stream, const std::string& subjects) = 0;
  virtual Result<void> make_line(const std::string& stream, const std::string& line,
                                 const std::string& subjects, std::chrono::milliseconds patience) = 0;
  // Unless there is an item of that subject.
  virtual Result<void> add_work(const std::string& subject) = 0;
  // Waits for one at most so long, and now and then less.
  virtual Result<std::optional<WorkItem>> take(const std::string& line, std::chrono::milliseconds wait) = 0;
  // Nothing is delivered to this side any more: what it gives back from then on does not come to itself.
  virtual void stop_taking() = 0;
  // The server's answer comes at `answer`.
  virtual Result<void> renew(const WorkItem& item, const std::string& answer) = 0;
  // It comes again after the delay, to whoever takes then.
  virtual Result<void> give_back(const WorkItem& item, std::chrono::milliseconds delay) = 0;
  virtual Result<void> finish(const WorkItem& item) = 0;

  // ---- messages that nobody keeps
  // `answer` is where one is wanted; empty if none is.
  virtual Result<void> publish(const std::string& subject, std::string_view data,
                               const std::string& answer) = 0;
  // Called by threads of the library, one for each subject, until the broker ends or goes deaf.
  virtual Result<void> listen(const std::string& subject, std::function<void(const Message&)> take) = 0;
  // What was published is on its way when this returns, if the server is there.
  virtual void flush() = 0;
  // Nothing that listens is called any more when this returns.
  virtual void go_deaf() = 0;
  // A fresh subject, beneath which answers can be listened for.
  virtual std::string inbox() = 0;
  // All that comes at `answer` until `is_last` says so, or the time is over: kTimeout.
  virtual Result<std::vector<std::string>> ask(const std::string& subject, std::string_view data,
                                               const std::function<bool(const std::string&)>& is_last,
                                               std::chrono::milliseconds patience) = 0;
};

}  // namespace monolens
