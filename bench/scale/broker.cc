// What a NATS server takes for each message that a cluster sends it: CPU seconds of the server and wall time.
//
// usage: monolens_bench_broker URL PID[,PID...] STEP...
//
// Prints a JSON object a line for each measurement. The server's CPU time is read from /proc/PID/stat, in
// ticks of 10 ms; of a cluster of servers it is the sum. Requests come over many connections with one under
// way on each, as instances send them: over one connection the server would read and write many at a time,
// and look cheaper.

#include <fmt/format.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "sinks/nats_connection.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kPatience = std::chrono::seconds(600);
constexpr std::int64_t kAnswerMs = 30'000;
constexpr int kConnections = 64;
constexpr std::int64_t kAckWaitNs = 600'000'000'000;  // nothing is to come again while it is measured
constexpr int kItemBytes = 300;                       // a monitor's description
constexpr int kEventBytes = 600;                      // an incident event as JSON
constexpr std::int64_t kMeasured = 20'000;            // requests of each kind, but those that wait
constexpr std::int64_t kWaits = 5'000;
constexpr std::int64_t kEvents = 3'000;

[[noreturn]] void fail(const std::string& what) {
  fmt::print(stderr, "monolens_bench_broker: {}\n", what);
  std::exit(1);
}

void check(natsStatus s, const char* what) {
  if (s != NATS_OK) fail(fmt::format("{}: {}", what, natsStatus_GetText(s)));
}

using monolens::NatsOwned;

// The library's own would print.
void say_nothing(natsConnection*, natsSubscription*, natsStatus, void*) {}

natsStatus try_connect(const std::string& url, NatsOwned<natsConnection>& out) {
  natsOptions* options = nullptr;
  check(natsOptions_Create(&options), "set up");
  const NatsOwned<natsOptions> owned(options);
  check(natsOptions_SetURL(options, url.c_str()), "address");
  check(natsOptions_SetErrorHandler(options, say_nothing, nullptr), "set up");
  check(natsOptions_SetSendAsap(options, true), "set up");
  natsConnection* made = nullptr;
  const natsStatus s = natsConnection_Connect(&made, options);
  out.reset(made);
  return s;
}

NatsOwned<natsConnection> connect(const std::string& url) {
  NatsOwned<natsConnection> made;
  check(try_connect(url, made), "connect");
  return made;
}

NatsOwned<jsCtx> jetstream(natsConnection* connection) {
  jsCtx* made = nullptr;
  jsOptions options;
  jsOptions_Init(&options);
  options.Wait = kAnswerMs;
  check(natsConnection_JetStream(&made, connection, &options), "JetStream");
  return NatsOwned<jsCtx>(made);
}

double servers_cpu_s(const std::vector<int>& pids) {
  double sum = 0;
  for (const int pid : pids) {
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    std::string text;
    std::getline(file, text);
    const auto name_end = text.rfind(')');
    if (name_end == std::string::npos) fail(fmt::format("no process {}", pid));
    std::size_t at = name_end + 2;
    for (int field = 0; field < 11; ++field) at = text.find(' ', at) + 1;  // to utime, the 14th
    char* end = nullptr;
    const double user = std::strtod(text.c_str() + at, &end);
    sum += (user + std::strtod(end, nullptr)) / static_cast<double>(sysconf(_SC_CLK_TCK));
  }
  return sum;
}

double own_cpu_s() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

// Prints what was taken between its beginning and tell().
class Stopwatch {
 public:
  explicit Stopwatch(const std::vector<int>& pids)
      : pids_(pids), server_s_(servers_cpu_s(pids)), own_s_(own_cpu_s()) {}

  // `more` holds further members of the object, each after a comma.
  void tell(std::string_view kind, std::int64_t messages, const std::string& more = "") const {
    const double server = servers_cpu_s(pids_) - server_s_;
    const double own = own_cpu_s() - own_s_;
    const std::chrono::duration<double> wall = Clock::now() - begin_;
    fmt::print(
        "{{\"kind\": \"{}\", \"messages\": {}, \"server_cpu_s\": {:.3f}, \"client_cpu_s\": {:.3f}, "
        "\"wall_s\": "
        "{:.3f}{}}}\n",
        kind, messages, server, own, wall.count(), more);
    std::fflush(stdout);
  }

 private:
  const std::vector<int>& pids_;
  Clock::time_point begin_ = Clock::now();
  double server_s_;
  double own_s_;
};

struct Request {
  std::string subject;
  std::string_view data;
};

// Requests over many connections, one under way on each; the next is sent by the thread that took the answer.
class Exchange {
 public:
  Exchange(const std::string& url, int connections) {
    for (int i = 0; i < connections; ++i) {
      auto& line = *lines_.emplace_back(std::make_unique<Line>());
      line.exchange = this;
      line.connection = connect(url);
      natsInbox* inbox = nullptr;
      check(natsInbox_Create(&inbox), "inbox");
      line.inbox = inbox;
      natsInbox_Destroy(inbox);
      natsSubscription* made = nullptr;
      check(natsConnection_Subscribe(&made, line.connection.get(), line.inbox.c_str(), &Exchange::arrived,
                                     &line),
            "subscribe");
      line.subscription.reset(made);
      check(natsConnection_Flush(line.connection.get()), "subscribe");
    }
  }

  // Nothing may arrive any more before the lines go.
  ~Exchange() {
    for (auto& line : lines_) natsConnection_Close(line->connection.get());
  }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  natsConnection* any() { return lines_.front()->connection.get(); }

  // Until all are answered. `make` and `take` are called from the lines' threads; `take` may be empty.
  void run(std::int64_t count, int under_way, std::function<Request(std::int64_t)> make,
           std::function<void(natsMsg*)> take = nullptr) {
    count_ = count;
    make_ = std::move(make);
    take_ = std::move(take);
    sent_ = 0;
    answered_ = 0;
    for (int k = 0; k < under_way; ++k) {
      for (auto& line : lines_) send(*line);
    }
    std::unique_lock lock(mutex_);
    if (!done_.wait_for(lock, kPatience, [this] { return answered_.load() >= count_; })) {
      fail(fmt::format("{} of {} requests were answered", answered_.load(), count_));
    }
  }

 private:
  struct Line {
    Exchange* exchange = nullptr;
    NatsOwned<natsConnection> connection;
    std::string inbox;
    NatsOwned<natsSubscription> subscription;
  };

  void send(const Line& line) {
    const std::int64_t i = sent_.fetch_add(1);
    if (i >= count_) return;
    const Request request = make_(i);
    check(natsConnection_PublishRequest(line.connection.get(), request.subject.c_str(), line.inbox.c_str(),
                                        request.data.data(), static_cast<int>(request.data.size())),
          "send");
  }

  static void arrived(natsConnection*, natsSubscription*, natsMsg* message, void* closure) {
    const NatsOwned<natsMsg> owned(message);
    auto* line = static_cast<Line*>(closure);
    Exchange& self = *line->exchange;
    if (self.take_) self.take_(message);
    self.send(*line);
    if (self.answered_.fetch_add(1) + 1 == self.count_) {
      const std::lock_guard lock(self.mutex_);
      self.done_.notify_one();
    }
  }

  std::vector<std::unique_ptr<Line>> lines_;
  std::function<Request(std::int64_t)> make_;
  std::function<void(natsMsg*)> take_;
  std::atomic<std::int64_t> count_ = 0, sent_ = 0, answered_ = 0;
  std::mutex mutex_;
  std::condition_variable done_;
};

std::int64_t status_of(natsMsg* message) {
  const char* value = nullptr;
  return natsMsgHeader_Get(message, "Status", &value) == NATS_OK ? std::strtoll(value, nullptr, 10) : 0;
}

void make_stream(jsCtx* js, const char* name, const char* subjects, jsRetentionPolicy retention,
                 std::int64_t replicas) {
  js_DeleteStream(js, name, nullptr, nullptr);
  jsStreamConfig config;
  jsStreamConfig_Init(&config);
  config.Name = name;
  config.Subjects = &subjects;
  config.SubjectsLen = 1;
  config.Retention = retention;
  config.Storage = js_FileStorage;
  config.Replicas = replicas;
  check(js_AddStream(nullptr, js, &config, nullptr, nullptr), "make a stream");
}

// The work queue with `items` pairs, all of them held by somebody.
class Work {
 public:
  Work(const std::string& url, const std::vector<int>& pids, std::int64_t items)
      : pids_(pids), items_(items), exchange_(url, kConnections), js_(jetstream(exchange_.any())) {
    make_stream(js_.get(), "monolens_work", "monolens.work.>", js_WorkQueuePolicy, 1);
    jsConsumerConfig config;
    jsConsumerConfig_Init(&config);
    config.Durable = "all";
    config.FilterSubject = "monolens.work.all.>";
    config.AckPolicy = js_AckExplicit;
    config.AckWait = kAckWaitNs;
    config.MaxWaiting = 16'384;
    config.MaxAckPending = 1'000'000;
    check(js_AddConsumer(nullptr, js_.get(), "monolens_work", &config, nullptr, nullptr), "make a consumer");
  }

  // All but the last are put in many at a time, so that what is measured is what one more costs.
  void publish() {
    const std::int64_t before = items_ - measured();
    for (std::int64_t i = 0; i < before; ++i) {
      check(js_PublishAsync(js_.get(), subject(i).c_str(), item_.data(), kItemBytes, nullptr), "publish");
    }
    check(js_PublishAsyncComplete(js_.get(), nullptr), "publish");
    const Stopwatch watch(pids_);
    exchange_.run(measured(), 1, [&](std::int64_t i) { return Request{subject(before + i), item_}; });
    watch.tell("publish", measured(), items_member());
  }

  // One item a request, as an instance with room does; all but the last many at a time.
  void pull() {
    fetch(items_ - measured());
    const Stopwatch watch(pids_);
    pull(measured());
    watch.tell("pull", measured(), items_member());
  }

  void renew() {
    const Stopwatch watch(pids_);
    exchange_.run(kMeasured, 1, [this](std::int64_t i) { return Request{held_[index(i * 7)], "+WPI"}; });
    watch.tell("renew", kMeasured, items_member());
  }

  // Gives up items and takes them again.
  void give_up() {
    const std::int64_t count = measured();
    const Stopwatch watch(pids_);
    exchange_.run(count, 1, [this](std::int64_t i) { return Request{held_[index(i)], "-NAK"}; });
    watch.tell("nak", count, items_member());
    held_.erase(held_.begin(), held_.begin() + count);
    pull(count);
  }

  // Requests that expire after 0.3 s with nothing to deliver.
  void pull_in_vain(int waiting) {
    std::atomic<std::int64_t> expired = 0;
    const Stopwatch watch(pids_);
    exchange_.run(
        kWaits, waiting / kConnections,
        [](std::int64_t) {
          return Request{kNext, kSoon};
        },
        [&](natsMsg* message) { expired += status_of(message) == 408 ? 1 : 0; });
    if (expired != kWaits) fail(fmt::format("of {} requests {} expired", kWaits, expired.load()));
    watch.tell("pull_in_vain", kWaits, fmt::format(", \"waiting\": {}{}", waiting, items_member()));
  }

  // The subjects that hold an item: how an instance finds what is wanted and has none.
  void list(int times) {
    std::int64_t bytes = 0;
    const Stopwatch watch(pids_);
    for (int i = 0; i < times; ++i) {
      natsMsg* answer = nullptr;
      check(natsConnection_RequestString(&answer, exchange_.any(), "$JS.API.STREAM.INFO.monolens_work",
                                         R"({"subjects_filter":">"})", kAnswerMs),
            "list");
      const NatsOwned<natsMsg> owned(answer);
      bytes = natsMsg_GetDataLength(answer);
    }
    watch.tell("list", times, fmt::format(", \"answer_bytes\": {}{}", bytes, items_member()));
  }

  void finish() {
    const Stopwatch watch(pids_);
    exchange_.run(measured(), 1, [this](std::int64_t i) { return Request{held_[index(i)], "+ACK"}; });
    watch.tell("ack", measured(), items_member());
  }

 private:
  static constexpr const char* kNext = "$JS.API.CONSUMER.MSG.NEXT.monolens_work.all";
  static constexpr std::string_view kSoon = R"({"batch":1,"expires":300000000})";
  static constexpr std::string_view kLate = R"({"batch":1,"expires":60000000000})";

  static std::string subject(std::int64_t i) { return fmt::format("monolens.work.all.monitor-{:06}", i); }
  std::int64_t measured() const { return std::min(items_, kMeasured); }

  void pull(std::int64_t count) {
    std::mutex mutex;
    exchange_.run(
        count, 1,
        [](std::int64_t) {
          return Request{kNext, kLate};
        },
        [&](natsMsg* message) {
          if (status_of(message) != 0) fail("an item was expected");
          const std::lock_guard lock(mutex);
          held_.emplace_back(natsMsg_GetReply(message));
        });
  }

  void fetch(std::int64_t count) {
    if (count == 0) return;
    natsSubscription* made = nullptr;
    jsSubOptions how;
    jsSubOptions_Init(&how);
    how.Stream = "monolens_work";
    check(js_PullSubscribe(&made, js_.get(), "monolens.work.all.>", "all", nullptr, &how, nullptr), "fetch");
    const NatsOwned<natsSubscription> subscription(made);
    while (count > 0) {
      natsMsgList list;
      check(natsSubscription_Fetch(&list, made, static_cast<int>(std::min<std::int64_t>(count, 1'000)),
                                   kAnswerMs, nullptr),
            "fetch");
      for (int i = 0; i < list.Count; ++i) held_.emplace_back(natsMsg_GetReply(list.Msgs[i]));
      count -= list.Count;
      natsMsgList_Destroy(&list);
    }
  }

  std::size_t index(std::int64_t i) const { return static_cast<std::size_t>(i) % held_.size(); }

  std::string items_member() const { return fmt::format(", \"items\": {}", items_); }

  const std::vector<int>& pids_;
  std::int64_t items_;
  std::string item_ = std::string(kItemBytes, 'x');
  Exchange exchange_;
  NatsOwned<jsCtx> js_;
  std::vector<std::string> held_;  // their subjects of acknowledgement
};

void work(const std::string& url, const std::vector<int>& pids, std::int64_t items) {
  Work w(url, pids, items);
  w.publish();
  w.pull();
  w.renew();
  w.list(3);
  w.pull_in_vain(256);
  w.pull_in_vain(2048);
  w.give_up();
  w.finish();
}

void count_one(natsConnection*, natsSubscription*, natsMsg* message, void* closure) {
  natsMsg_Destroy(message);
  static_cast<std::atomic<std::int64_t>*>(closure)->fetch_add(1);
}

void wait_until(const std::atomic<std::int64_t>& count, std::int64_t expected) {
  const auto end = Clock::now() + kPatience;
  while (count.load() < expected) {
    if (Clock::now() > end) fail(fmt::format("{} of {} messages arrived", count.load(), expected));
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

// Core NATS: each of `messages` to each of `subscribers`.
void fan_out(const std::string& url, const std::vector<int>& pids, int subscribers, std::int64_t messages,
             int bytes) {
  std::atomic<std::int64_t> arrived = 0;
  std::vector<NatsOwned<natsConnection>> connections;
  std::vector<NatsOwned<natsSubscription>> subscriptions;
  for (int i = 0; i < subscribers; ++i) {
    connections.push_back(connect(url));
    natsSubscription* made = nullptr;
    check(
        natsConnection_Subscribe(&made, connections.back().get(), "monolens.heartbeat", count_one, &arrived),
        "subscribe");
    subscriptions.emplace_back(made);
    check(natsSubscription_SetPendingLimits(made, -1, -1), "subscribe");
    check(natsConnection_Flush(connections.back().get()), "subscribe");
  }
  const auto publisher = connect(url);
  const std::string data(static_cast<std::size_t>(bytes), 'x');
  const Stopwatch watch(pids);
  for (std::int64_t i = 0; i < messages; ++i) {
    wait_until(arrived, (i - 64) * subscribers);  // the server would cut off who is too slow
    check(natsConnection_Publish(publisher.get(), "monolens.heartbeat", data.data(), bytes), "publish");
  }
  wait_until(arrived, messages * subscribers);
  watch.tell(
      "fan_out", messages * subscribers,
      fmt::format(", \"subscribers\": {}, \"bytes\": {}, \"published\": {}", subscribers, bytes, messages));
  for (auto& c : connections) natsConnection_Close(c.get());
}

// Events into a stream that is kept by `replicas` servers, first unread, then read by `readers`.
void events(const std::string& url, const std::vector<int>& pids, std::int64_t replicas, int readers) {
  Exchange exchange(url, kConnections);
  const auto js = jetstream(exchange.any());
  make_stream(js.get(), "monolens_events", "monolens.events.>", js_LimitsPolicy, replicas);
  const std::string event(kEventBytes, 'x');
  const auto publish = [&] {
    exchange.run(kEvents, 1, [&](std::int64_t i) {
      return Request{fmt::format("monolens.events.monitor-{:06}", i % 1000), event};
    });
  };
  {
    const Stopwatch watch(pids);
    publish();
    watch.tell("event", kEvents, fmt::format(", \"replicas\": {}, \"readers\": 0", replicas));
  }
  std::atomic<std::int64_t> arrived = 0;
  std::vector<NatsOwned<natsConnection>> connections;
  std::vector<NatsOwned<jsCtx>> contexts;
  std::vector<NatsOwned<natsSubscription>> subscriptions;
  for (int i = 0; i < readers; ++i) {
    connections.push_back(connect(url));
    contexts.push_back(jetstream(connections.back().get()));
    jsSubOptions how;
    jsSubOptions_Init(&how);
    how.Ordered = true;
    how.Config.DeliverPolicy = js_DeliverNew;
    natsSubscription* made = nullptr;
    check(js_Subscribe(&made, contexts.back().get(), "monolens.events.>", count_one, &arrived, nullptr, &how,
                       nullptr),
          "read events");
    subscriptions.emplace_back(made);
  }
  {
    const Stopwatch watch(pids);
    publish();
    wait_until(arrived, kEvents * readers);
    watch.tell("event", kEvents, fmt::format(", \"replicas\": {}, \"readers\": {}", replicas, readers));
  }
  for (auto& c : connections) natsConnection_Close(c.get());
}

// From now until the server answers for the work queue: what a restart takes with so much in it.
void ready(const std::string& url, const std::vector<int>& pids) {
  const Stopwatch watch(pids);
  const auto end = Clock::now() + kPatience;
  for (;;) {
    NatsOwned<natsConnection> connection;
    natsMsg* answer = nullptr;
    natsStatus s = try_connect(url, connection);
    if (s == NATS_OK) {
      s = natsConnection_RequestString(&answer, connection.get(), "$JS.API.CONSUMER.INFO.monolens_work.all",
                                       "", 1000);
    }
    const NatsOwned<natsMsg> owned(answer);
    if (s == NATS_OK &&
        std::string_view(natsMsg_GetData(answer), static_cast<std::size_t>(natsMsg_GetDataLength(answer)))
                .find("\"error\"") == std::string_view::npos) {
      break;
    }
    if (Clock::now() > end) fail("the server did not come back");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  watch.tell("ready", 1);
}

std::vector<int> numbers(std::string_view text) {
  std::vector<int> out;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    out.push_back(std::atoi(std::string(text.substr(0, comma)).c_str()));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4)
    fail("usage: monolens_bench_broker URL PID[,PID...] work:ITEMS|fan-out|events:REPLICAS|ready...");
  const std::string url = argv[1];
  const std::vector<int> pids = numbers(argv[2]);
  for (int i = 3; i < argc; ++i) {
    const std::string_view step = argv[i];
    const auto is = [&](std::string_view name) { return step.substr(0, name.size()) == name; };
    const std::int64_t value = std::atoll(argv[i] + std::min(step.find(':') + 1, step.size()));
    if (is("work:")) {
      work(url, pids, value);
    } else if (is("events:")) {
      events(url, pids, value, 32);
    } else if (step == "fan-out") {
      fan_out(url, pids, 1, 20'000, 240);
      fan_out(url, pids, 64, 5'000, 240);
      fan_out(url, pids, 64, 3'000, 2'240);
      fan_out(url, pids, 256, 750, 2'240);
    } else if (step == "ready") {
      ready(url, pids);
    } else {
      fail(fmt::format("unknown step '{}'", step));
    }
  }
  nats_CloseAndWait(kAnswerMs);
}
