#include "cluster/broker.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <map>
#include <mutex>

namespace monolens {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kPatience_ms = 2'000;  // for an answer of the server
constexpr std::int64_t kReconnect_ms = 150;
constexpr std::int64_t kFlush_ms = 500;
constexpr std::int64_t kMostTaken = 1'000'000;
constexpr std::int64_t kNanosecondsPerMs = 1'000'000;

std::string text_of(natsMsg* message) {
  return {natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message))};
}

std::string maybe(const char* text) { return text == nullptr ? "" : text; }

class NatsBroker final : public Broker {
 public:
  NatsBroker(std::string hosts, int replicas) : hosts_(std::move(hosts)), replicas_(replicas) {}

  ~NatsBroker() override {
    go_deaf();
    if (connection_) natsConnection_Close(connection_.get());
  }
  NatsBroker(const NatsBroker&) = delete;
  NatsBroker& operator=(const NatsBroker&) = delete;

  Result<void> connect(natsOptions* options) {
    natsConnection* connection = nullptr;
    if (const natsStatus s = natsConnection_Connect(&connection, options); s != NATS_OK)
      return failure("connect", s);
    connection_.reset(connection);
    jsOptions js;
    jsOptions_Init(&js);
    js.Wait = kPatience_ms;
    jsCtx* jetstream = nullptr;
    if (const natsStatus s = natsConnection_JetStream(&jetstream, connection, &js); s != NATS_OK)
      return failure("JetStream", s);
    jetstream_.reset(jetstream);
    jsAccountInfo* account = nullptr;
    const natsStatus s = js_GetAccountInfo(&account, jetstream, nullptr, nullptr);
    jsAccountInfo_Destroy(account);
    return s == NATS_OK ? Result<void>() : failure("JetStream", s);
  }

  bool is_connected() const override {
    return natsConnection_Status(connection_.get()) == NATS_CONN_STATUS_CONNECTED;
  }
  std::string hosts() const override { return hosts_; }

  // ---- buckets

  Result<void> make_bucket(const std::string& name) override {
    kvStore* made = nullptr;
    natsStatus s = js_KeyValue(&made, jetstream_.get(), name.c_str());
    if (s == NATS_NOT_FOUND) {
      kvConfig config;
      kvConfig_Init(&config);
      config.Bucket = name.c_str();
      config.History = 1;
      config.Replicas = replicas_;
      s = js_CreateKeyValue(&made, jetstream_.get(), &config);
    }
    if (s != NATS_OK) return failure("make a bucket", s);
    const std::lock_guard lock(mutex_);
    buckets_[name].reset(made);
    return {};
  }

  Result<std::optional<Entry>> get(const std::string& name, const std::string& key) override {
    kvEntry* found = nullptr;
    const natsStatus s = kvStore_Get(&found, bucket(name), key.c_str());
    const NatsOwned<kvEntry> owned(found);
    if (s == NATS_NOT_FOUND) return std::optional<Entry>();
    if (s != NATS_OK) return failure("get", s);
    return std::optional<Entry>({.sequence = kvEntry_Revision(found),
                                 .key = key,
                                 .data = {static_cast<const char*>(kvEntry_Value(found)),
                                          static_cast<std::size_t>(kvEntry_ValueLen(found))},
                                 .erased = false});
  }

  Result<void> put(const std::string& name, const std::string& key, std::string_view value,
                   std::uint64_t sequence) override {
    const int size = static_cast<int>(value.size());
    const natsStatus s =
        sequence == 0 ? kvStore_Create(nullptr, bucket(name), key.c_str(), value.data(), size)
                      : kvStore_Update(nullptr, bucket(name), key.c_str(), value.data(), size, sequence);
    if (s == NATS_OK) return {};
    if (s == NATS_TIMEOUT || !is_connected()) return failure("put", s);
    return Error{ErrorCode::kRejected, fmt::format("{}: '{}' was changed by another", hosts_, key)};
  }

  Result<void> erase(const std::string& name, const std::string& key) override {
    const natsStatus s = kvStore_Delete(bucket(name), key.c_str());
    return s == NATS_OK ? Result<void>() : failure("erase", s);
  }

  Result<std::optional<Entry>> bucket_after(const std::string& name, std::uint64_t sequence) override {
    auto entry = after("KV_" + name, sequence);
    if (entry && *entry) (**entry).key.erase(0, fmt::format("$KV.{}.", name).size());
    return entry;
  }

  // ---- logs

  Result<void> make_log(const std::string& stream, const std::string& subjects,
                        std::chrono::hours age) override {
    jsStreamConfig config;
    jsStreamConfig_Init(&config);
    config.MaxAge = std::chrono::nanoseconds(age).count();
    config.AllowDirect = true;
    return make(config, stream, subjects);
  }

  Result<void> append(const std::string& subject, std::string_view data, const std::string& id) override {
    jsPubOptions how;
    jsPubOptions_Init(&how);
    how.MaxWait = kPatience_ms;
    how.MsgId = id.c_str();
    const natsStatus s = js_Publish(nullptr, jetstream_.get(), subject.c_str(), data.data(),
                                    static_cast<int>(data.size()), &how, nullptr);
    return s == NATS_OK ? Result<void>() : failure("append", s);
  }

  Result<std::optional<Entry>> after(const std::string& stream, std::uint64_t sequence) override {
    jsDirectGetMsgOptions which;
    jsDirectGetMsgOptions_Init(&which);
    which.Sequence = sequence + 1;
    which.NextBySubject = ">";
    natsMsg* found = nullptr;
    const natsStatus s = js_DirectGetMsg(&found, jetstream_.get(), stream.c_str(), nullptr, &which);
    const NatsOwned<natsMsg> owned(found);
    if (s == NATS_NOT_FOUND) return std::optional<Entry>();
    if (s != NATS_OK) return failure("read", s);
    const char* operation = nullptr;
    (void)natsMsgHeader_Get(found, "KV-Operation", &operation);
    return std::optional<Entry>({.sequence = natsMsg_GetSequence(found),
                                 .key = natsMsg_GetSubject(found),
                                 .data = text_of(found),
                                 .erased = operation != nullptr});
  }

  // ---- work

  Result<void> make_work(const std::string& stream, const std::string& subjects) override {
    jsStreamConfig config;
    jsStreamConfig_Init(&config);
    config.Retention = js_WorkQueuePolicy;
    return make(config, stream, subjects);
  }

  Result<void> make_line(const std::string& stream, const std::string& line, const std::string& subjects,
                         milliseconds patience) override {
    jsConsumerConfig config;
    jsConsumerConfig_Init(&config);
    config.Durable = line.c_str();
    config.FilterSubject = subjects.c_str();
    config.AckPolicy = js_AckExplicit;
    config.AckWait = patience.count() * kNanosecondsPerMs;
    config.MaxAckPending = kMostTaken;
    config.MaxWaiting = 10'000;
    natsStatus s = js_AddConsumer(nullptr, jetstream_.get(), stream.c_str(), &config, nullptr, nullptr);
    if (s != NATS_OK) return failure("make a consumer", s);
    jsSubOptions how;
    jsSubOptions_Init(&how);
    how.Stream = stream.c_str();
    how.Consumer = line.c_str();
    natsSubscription* made = nullptr;
    s = js_PullSubscribe(&made, jetstream_.get(), subjects.c_str(), line.c_str(), nullptr, &how, nullptr);
    if (s != NATS_OK) return failure("subscribe", s);
    const std::lock_guard lock(mutex_);
    lines_[line].reset(made);
    return {};
  }

  Result<void> add_work(const std::string& subject) override {
    jsPubOptions how;
    jsPubOptions_Init(&how);
    how.MaxWait = kPatience_ms;
    how.ExpectNoMessage = true;
    auto code = static_cast<jsErrCode>(0);
    const natsStatus s = js_Publish(nullptr, jetstream_.get(), subject.c_str(), nullptr, 0, &how, &code);
    if (s == NATS_OK || code == JSStreamWrongLastSequenceErr) return {};
    return failure("add work", s);
  }

  Result<std::optional<WorkItem>> take(const std::string& line, milliseconds wait) override {
    natsSubscription* subscription = nullptr;
    {
      const std::lock_guard lock(mutex_);
      subscription = lines_.at(line).get();
    }
    natsMsgList list{};
    const natsStatus s = natsSubscription_Fetch(&list, subscription, 1, wait.count(), nullptr);
    if (s != NATS_OK && s != NATS_TIMEOUT) return failure("fetch", s);
    std::optional<WorkItem> item;
    if (list.Count > 0) {
      item = WorkItem{.subject = natsMsg_GetSubject(list.Msgs[0]),
                      .reply = maybe(natsMsg_GetReply(list.Msgs[0])),
                      .deliveries = 1};
      jsMsgMetaData* about = nullptr;
      if (natsMsg_GetMetaData(&about, list.Msgs[0]) == NATS_OK) item->deliveries = about->NumDelivered;
      jsMsgMetaData_Destroy(about);
    }
    natsMsgList_Destroy(&list);
    return item;
  }

  void stop_taking() override {
    {
      const std::lock_guard lock(mutex_);
      for (const auto& [line, subscription] : lines_) natsSubscription_Unsubscribe(subscription.get());
    }
    flush();
  }

  Result<void> renew(const WorkItem& item, const std::string& answer) override {
    return publish(item.reply, "+WPI", answer);
  }
  Result<void> give_back(const WorkItem& item, milliseconds delay) override {
    if (delay.count() == 0) return publish(item.reply, "-NAK", "");
    return publish(item.reply, fmt::format(R"(-NAK {{"delay": {}}})", delay.count() * kNanosecondsPerMs), "");
  }
  Result<void> finish(const WorkItem& item) override { return publish(item.reply, "+ACK", ""); }

  // ---- messages

  Result<void> publish(const std::string& subject, std::string_view data,
                       const std::string& answer) override {
    const int size = static_cast<int>(data.size());
    const natsStatus s = answer.empty()
                             ? natsConnection_Publish(connection_.get(), subject.c_str(), data.data(), size)
                             : natsConnection_PublishRequest(connection_.get(), subject.c_str(),
                                                             answer.c_str(), data.data(), size);
    return s == NATS_OK ? Result<void>() : failure("publish", s);
  }

  Result<void> listen(const std::string& subject, std::function<void(const Message&)> take) override {
    auto listener = std::make_unique<Listener>();
    listener->take = std::move(take);
    natsSubscription* made = nullptr;
    natsStatus s = natsConnection_Subscribe(&made, connection_.get(), subject.c_str(), &NatsBroker::arrived,
                                            listener.get());
    if (s != NATS_OK) return failure("subscribe", s);
    listener->subscription.reset(made);
    s = natsSubscription_SetOnCompleteCB(made, &NatsBroker::completed, listener.get());
    if (s != NATS_OK) return failure("subscribe", s);
    {
      const std::lock_guard lock(mutex_);
      listeners_.push_back(std::move(listener));
    }
    s = natsConnection_FlushTimeout(connection_.get(), kPatience_ms);
    return s == NATS_OK ? Result<void>() : failure("subscribe", s);
  }

  void flush() override { natsConnection_FlushTimeout(connection_.get(), kFlush_ms); }

  // The library's threads may be in a listener until it says that they are done.
  void go_deaf() override {
    std::vector<std::unique_ptr<Listener>> listeners;
    {
      const std::lock_guard lock(mutex_);
      listeners = std::move(listeners_);
      listeners_.clear();
    }
    for (const auto& listener : listeners) natsSubscription_Unsubscribe(listener->subscription.get());
    for (const auto& listener : listeners) listener->done.get_future().wait();
  }

  std::string inbox() override {
    natsInbox* made = nullptr;
    if (natsInbox_Create(&made) != NATS_OK) return "_INBOX.monolens";
    std::string name = made;
    natsInbox_Destroy(made);
    return name;
  }

  Result<std::vector<std::string>> ask(const std::string& subject, std::string_view data,
                                       const std::function<bool(const std::string&)>& is_last,
                                       milliseconds patience) override {
    const auto until = std::chrono::steady_clock::now() + patience;
    const std::string answer = inbox();
    natsSubscription* made = nullptr;
    if (const natsStatus s = natsConnection_SubscribeSync(&made, connection_.get(), answer.c_str());
        s != NATS_OK)
      return failure("subscribe", s);
    const NatsOwned<natsSubscription> owned(made);
    if (auto asked = publish(subject, data, answer); !asked) return asked.error();
    std::vector<std::string> parts;
    do {
      const auto left = std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now());
      natsMsg* message = nullptr;
      const natsStatus s = natsSubscription_NextMsg(&message, made, std::max<std::int64_t>(1, left.count()));
      const NatsOwned<natsMsg> owned_message(message);
      if (s != NATS_OK) return failure("ask", s);
      parts.push_back(text_of(message));
    } while (!is_last(parts.back()));
    return parts;
  }

 private:
  struct Listener {
    std::function<void(const Message&)> take;
    NatsOwned<natsSubscription> subscription{};
    std::promise<void> done{};
  };

  static void completed(void* listener) { static_cast<Listener*>(listener)->done.set_value(); }

  static void arrived(natsConnection*, natsSubscription*, natsMsg* message, void* listener) {
    const NatsOwned<natsMsg> owned(message);
    static_cast<Listener*>(listener)->take({.subject = natsMsg_GetSubject(message),
                                            .reply = maybe(natsMsg_GetReply(message)),
                                            .data = text_of(message)});
  }

  Result<void> make(jsStreamConfig& config, const std::string& stream, const std::string& subjects) {
    jsStreamInfo* there = nullptr;
    natsStatus s = js_GetStreamInfo(&there, jetstream_.get(), stream.c_str(), nullptr, nullptr);
    jsStreamInfo_Destroy(there);
    if (s == NATS_NOT_FOUND) {
      const char* subject = subjects.c_str();
      config.Name = stream.c_str();
      config.Subjects = &subject;
      config.SubjectsLen = 1;
      config.Storage = js_FileStorage;
      config.Replicas = replicas_;
      s = js_AddStream(nullptr, jetstream_.get(), &config, nullptr, nullptr);
    }
    return s == NATS_OK ? Result<void>() : failure("make a stream", s);
  }

  kvStore* bucket(const std::string& name) {
    const std::lock_guard lock(mutex_);
    return buckets_.at(name).get();
  }

  // What the library says at length may hold an address with its password.
  Error failure(const char* what, natsStatus s) const {
    const bool refused = s == NATS_CONNECTION_AUTH_FAILED || s == NATS_NOT_PERMITTED;
    return {s == NATS_TIMEOUT ? ErrorCode::kTimeout
            : refused         ? ErrorCode::kRefused
                              : ErrorCode::kWrite,
            fmt::format("{}: {}: {}", hosts_, what, natsStatus_GetText(s))};
  }

  std::string hosts_;
  int replicas_;
  NatsOwned<natsConnection> connection_;
  NatsOwned<jsCtx> jetstream_;
  std::mutex mutex_;
  std::map<std::string, NatsOwned<kvStore>> buckets_;  // guarded by mutex_, as are
  std::map<std::string, NatsOwned<natsSubscription>> lines_;
  std::vector<std::unique_ptr<Listener>> listeners_;
};

}  // namespace

Result<std::unique_ptr<Broker>> Broker::connect(const NatsOptions& options, int replicas) {
  auto library = nats_library_options(options);
  if (!library) return library.error();
  // Leases run on while a connection is made anew.
  if (natsOptions_SetReconnectWait(library->get(), kReconnect_ms) != NATS_OK ||
      natsOptions_SetReconnectJitter(library->get(), kReconnect_ms, kReconnect_ms) != NATS_OK)
    return Error{ErrorCode::kInternal, "NATS can't be set up"};
  auto broker = std::make_unique<NatsBroker>(nats_hosts(options), replicas);
  if (auto connected = broker->connect(library->get()); !connected) return connected.error();
  return std::unique_ptr<Broker>(std::move(broker));
}

}  // namespace monolens
