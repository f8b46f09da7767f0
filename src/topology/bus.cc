#include "topology/bus.h"

#include <fmt/format.h>

#include <condition_variable>
#include <deque>
#include <mutex>

#include "sinks/nats_connection.h"

namespace monolens::topology {
namespace {

constexpr auto kPoll = std::chrono::milliseconds(100);  // how soon a stop is seen
constexpr std::int64_t kPatience = 30'000;              // ms, for an acknowledgement
constexpr std::int64_t kWorkTime = 600;  // s, that a message may be worked on before it comes again
constexpr std::int64_t kMostUnderWay = 100'000;

// The library's own would print.
void say_nothing(natsConnection*, natsSubscription*, natsStatus, void*) {}

Error failure(const char* what, natsStatus status) {
  return {status == NATS_TIMEOUT ? ErrorCode::kTimeout : ErrorCode::kWrite,
          fmt::format("NATS: {}: {}", what, natsStatus_GetText(status))};
}

}  // namespace

class Bus::Impl {
 public:
  Result<void> connect(const std::string& url) {
    natsOptions* options = nullptr;
    if (const natsStatus s = natsOptions_Create(&options); s != NATS_OK) return failure("set up", s);
    const NatsOwned<natsOptions> owned(options);
    natsStatus s = natsOptions_SetURL(options, url.c_str());
    if (s == NATS_OK) s = natsOptions_SetErrorHandler(options, say_nothing, nullptr);
    if (s == NATS_OK) s = natsOptions_SetName(options, "monolens");
    natsConnection* connection = nullptr;
    if (s == NATS_OK) s = natsConnection_Connect(&connection, options);
    if (s != NATS_OK) return failure("connect", s);
    connection_.reset(connection);
    jsCtx* jetstream = nullptr;
    jsOptions js;
    jsOptions_Init(&js);
    js.Wait = kPatience;
    js.PublishAsync.ErrHandler = &Impl::refused;
    js.PublishAsync.ErrHandlerClosure = this;
    s = natsConnection_JetStream(&jetstream, connection, &js);
    if (s != NATS_OK) return failure("JetStream", s);
    jetstream_.reset(jetstream);
    natsInbox* inbox = nullptr;
    s = natsInbox_Create(&inbox);
    if (s != NATS_OK) return failure("inbox", s);
    inbox_ = inbox;
    natsInbox_Destroy(inbox);
    return listen(inbox_ + ".*");
  }

  // Before the queue goes, nothing may arrive any more: the library's threads have ended.
  ~Impl() {
    if (connection_) natsConnection_Close(connection_.get());
    subscriptions_.clear();
    jetstream_.reset();
    connection_.reset();
    nats_CloseAndWait(kPatience);
  }
  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> listen(const std::string& subject) {
    natsSubscription* made = nullptr;
    natsStatus s = natsConnection_Subscribe(&made, connection_.get(), subject.c_str(), &Impl::arrived, this);
    if (s != NATS_OK) return failure("subscribe", s);
    return keep(made);
  }

  Result<std::string> ask(const std::string& subject, std::string_view data) {
    const std::string answer = fmt::format("{}.{}", inbox_, ++asked_);
    const natsStatus s = natsConnection_PublishRequest(connection_.get(), subject.c_str(), answer.c_str(),
                                                       data.data(), static_cast<int>(data.size()));
    if (s != NATS_OK) return failure("call", s);
    return answer;
  }

  Result<void> reply(const Message& to, std::string_view data) {
    const char* subject = natsMsg_GetReply(static_cast<natsMsg*>(to.handle.get()));
    if (subject == nullptr) return Error{ErrorCode::kRejected, "NATS: a call that wants no answer"};
    const natsStatus s =
        natsConnection_Publish(connection_.get(), subject, data.data(), static_cast<int>(data.size()));
    return s == NATS_OK ? Result<void>() : failure("answer", s);
  }

  Result<void> make_work_queue(const std::string& stream, const std::string& subjects) {
    delete_stream(stream);
    jsStreamConfig config;
    jsStreamConfig_Init(&config);
    const char* subject = subjects.c_str();
    config.Name = stream.c_str();
    config.Subjects = &subject;
    config.SubjectsLen = 1;
    config.Retention = js_WorkQueuePolicy;
    config.Storage = js_FileStorage;
    const natsStatus s = js_AddStream(nullptr, jetstream_.get(), &config, nullptr, nullptr);
    return s == NATS_OK ? Result<void>() : failure("make a stream", s);
  }

  void delete_stream(const std::string& stream) {
    js_DeleteStream(jetstream_.get(), stream.c_str(), nullptr, nullptr);
  }

  Result<void> consume(const std::string& stream, const std::string& subjects) {
    jsSubOptions how;
    jsSubOptions_Init(&how);
    how.Stream = stream.c_str();
    how.ManualAck = true;
    how.Config.Durable = "orchestration";
    how.Config.AckWait = kWorkTime * 1'000'000'000;
    how.Config.MaxAckPending = kMostUnderWay;
    natsSubscription* made = nullptr;
    const natsStatus s =
        js_Subscribe(&made, jetstream_.get(), subjects.c_str(), &Impl::arrived, this, nullptr, &how, nullptr);
    if (s != NATS_OK) return failure("consume", s);
    return keep(made);
  }

  static Result<void> acknowledge(const Message& message) {
    const natsStatus s = natsMsg_Ack(static_cast<natsMsg*>(message.handle.get()), nullptr);
    return s == NATS_OK ? Result<void>() : failure("acknowledge", s);
  }

  Result<void> publish(const std::vector<std::pair<std::string, std::string>>& all) {
    for (const auto& [subject, data] : all) {
      const natsStatus s = js_PublishAsync(jetstream_.get(), subject.c_str(), data.data(),
                                           static_cast<int>(data.size()), nullptr);
      if (s != NATS_OK) return failure("publish", s);
    }
    jsPubOptions how;
    jsPubOptions_Init(&how);
    how.MaxWait = kPatience;
    natsStatus s = js_PublishAsyncComplete(jetstream_.get(), &how);
    if (s == NATS_OK && refused_.exchange(false)) s = NATS_ERR;
    return s == NATS_OK ? Result<void>() : failure("publish", s);
  }

  std::unique_ptr<Message> next(const std::atomic<bool>& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.load()) {
      if (!changed_.wait_for(lock, kPoll, [this] { return !queue_.empty(); })) continue;
      auto message = std::move(queue_.front());
      queue_.pop_front();
      return message;
    }
    return nullptr;
  }

 private:
  Result<void> keep(natsSubscription* made) {
    subscriptions_.emplace_back(made);
    natsStatus s = natsSubscription_SetPendingLimits(made, -1, -1);
    if (s == NATS_OK) s = natsConnection_Flush(connection_.get());
    return s == NATS_OK ? Result<void>() : failure("subscribe", s);
  }

  static void refused(jsCtx*, jsPubAckErr*, void* self) { static_cast<Impl*>(self)->refused_ = true; }

  // A thread of the library's for each subscription.
  static void arrived(natsConnection*, natsSubscription*, natsMsg* message, void* self) {
    auto* impl = static_cast<Impl*>(self);
    auto taken = std::make_unique<Message>(Message{
        natsMsg_GetSubject(message),
        std::string(natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message))),
        std::shared_ptr<void>(message, [](void* m) { natsMsg_Destroy(static_cast<natsMsg*>(m)); })});
    const std::lock_guard lock(impl->mutex_);
    impl->queue_.push_back(std::move(taken));
    impl->changed_.notify_one();
  }

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Message>> queue_;

  std::atomic<bool> refused_ = false;  // something that was published
  NatsOwned<natsConnection> connection_;
  NatsOwned<jsCtx> jetstream_;
  std::vector<NatsOwned<natsSubscription>> subscriptions_;
  std::string inbox_;
  std::uint64_t asked_ = 0;
};

Bus::Bus(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Bus::~Bus() = default;

Result<std::unique_ptr<Bus>> Bus::connect(const std::string& url) {
  auto impl = std::make_unique<Impl>();
  if (auto connected = impl->connect(url); !connected) return connected.error();
  return std::unique_ptr<Bus>(new Bus(std::move(impl)));
}

Result<void> Bus::listen(const std::string& subject) { return impl_->listen(subject); }
Result<std::string> Bus::ask(const std::string& subject, std::string_view data) {
  return impl_->ask(subject, data);
}
Result<void> Bus::reply(const Message& to, std::string_view data) { return impl_->reply(to, data); }
Result<void> Bus::make_work_queue(const std::string& stream, const std::string& subjects) {
  return impl_->make_work_queue(stream, subjects);
}
void Bus::delete_stream(const std::string& stream) { impl_->delete_stream(stream); }
Result<void> Bus::consume(const std::string& stream, const std::string& subjects) {
  return impl_->consume(stream, subjects);
}
Result<void> Bus::acknowledge(const Message& message) { return Impl::acknowledge(message); }
Result<void> Bus::publish(const std::vector<std::pair<std::string, std::string>>& all) {
  return impl_->publish(all);
}
std::unique_ptr<Bus::Message> Bus::next(const std::atomic<bool>& stop) { return impl_->next(stop); }

}  // namespace monolens::topology
