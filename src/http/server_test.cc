#include "http/server.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "http/testing/client.h"

namespace monolens {
namespace {

using testing::AnyOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;
using namespace std::string_literals;
using Clock = std::chrono::steady_clock;

// Without limits that several tests on one address would meet.
HttpServerOptions on_any_port() {
  HttpServerOptions options;
  options.port = 0;
  options.max_connections_per_peer = 10'000;
  options.requests_per_second_per_peer = 0;
  return options;
}

std::unique_ptr<HttpServer> start(HttpServerOptions options, HttpHandler handler) {
  auto server = HttpServer::start(std::move(options), std::move(handler));
  if (!server) throw std::runtime_error(server.error().message);
  return *std::move(server);
}

HttpResponse text(std::string body) {
  return {.status = 200, .headers = {}, .body = std::move(body), .content_type = "text/plain"};
}

// "METHOD PATH [name=value ...] BODY"
HttpReply echo(const HttpRequest& request) {
  std::string out = request.method + " " + request.path + " [";
  for (const auto& [name, value] : request.query) out += name + "=" + value + ";";
  return text(out + "] " + request.body);
}

constexpr std::string_view kGet = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

std::string get(std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

std::string post(std::string_view headers, std::string_view body) {
  return "POST /p HTTP/1.1\r\nHost: x\r\n" + std::string(headers) + "\r\n" + std::string(body);
}

bool comes_true(const std::function<bool()>& condition) {
  for (const auto until = Clock::now() + 20s; Clock::now() < until; std::this_thread::sleep_for(2ms)) {
    if (condition()) return true;
  }
  return false;
}

TEST(HttpServer, AnswersAndKeepsTheConnection) {
  const auto server = start(on_any_port(), echo);
  TestClient client(server->port());
  const Answer answer = client.ask(get("/a%20b?x=1&y=%26"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "GET /a b [x=1;y=&;] ");
  EXPECT_EQ(answer.header("Content-Type"), "text/plain");
  EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(answer.header("Referrer-Policy"), "no-referrer");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_EQ(client.ask(post("Content-Length: 2\r\n", "hi")).body, "POST /p [] hi");
  EXPECT_EQ(
      client.ask(post("Transfer-Encoding: chunked\r\n", "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: t\r\n\r\n"))
          .body,
      "POST /p [] abcde");
  EXPECT_EQ(client.ask(post("Content-Length: 0\r\n", "")).body, "POST /p [] ");
}

TEST(HttpServer, SaysWhoAsks) {
  HttpRequest seen;
  const auto server = start(on_any_port(), [&](const HttpRequest& request) {
    seen = request;
    return text("");
  });
  TestClient(server->port()).ask("GET / HTTP/1.1\r\nHost: x\r\nX-A:  1 \r\n\r\n");
  EXPECT_EQ(seen.peer, "127.0.0.1");
  EXPECT_TRUE(seen.loopback);
  ASSERT_NE(seen.header("x-a"), nullptr);
  EXPECT_EQ(*seen.header("x-a"), "1");
}

TEST(HttpServer, TellsAnIpv4ClientAsSuchWhereItListensOnBoth) {
  HttpServerOptions options = on_any_port();
  options.address = "::";
  HttpRequest seen;
  auto server = HttpServer::start(options, [&](const HttpRequest& request) {
    seen = request;
    return text("");
  });
  if (!server) GTEST_SKIP() << server.error().message;
  EXPECT_EQ(TestClient((*server)->port()).ask(kGet).status, 200);
  EXPECT_EQ(seen.peer, "127.0.0.1");
  EXPECT_TRUE(seen.loopback);
}

TEST(HttpServer, AnswersHeadAsGetWithoutTheBody) {
  const auto server = start(on_any_port(), echo);
  TestClient client(server->port());
  client.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n");
  const Answer answer = client.answer(true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Length"), std::to_string("GET /a [] "s.size()));
  EXPECT_EQ(client.ask(kGet).body, "GET /a [] ") << "nothing of the first body is in the way";
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  const auto server = start(on_any_port(), [](const HttpRequest& request) {
    if (request.path == "/0") std::this_thread::sleep_for(20ms);
    return echo(request);
  });
  TestClient client(server->port());
  std::string requests;
  for (int i = 0; i < 50; ++i) requests += get("/" + std::to_string(i)) + "\r\n";
  client.send(requests);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(client.answer().body, "GET /" + std::to_string(i) + " [] ");
}

TEST(HttpServer, TakesARequestByteByByte) {
  const auto server = start(on_any_port(), echo);
  TestClient client(server->port());
  for (const char c : post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n")) {
    client.send(std::string(1, c));
    std::this_thread::sleep_for(200us);
  }
  EXPECT_EQ(client.answer().body, "POST /p [] abc");
}

TEST(HttpServer, ClosesWhenTheClientAsksForIt) {
  const auto server = start(on_any_port(), echo);
  for (const char* const request :
       {"GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "GET /a HTTP/1.0\r\n\r\n"}) {
    TestClient client(server->port());
    const Answer answer = client.ask(request);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("Connection"), "close");
    EXPECT_TRUE(client.ended());
  }
}

TEST(HttpServer, AnswersAClientThatHasFinishedSending) {
  const auto server = start(on_any_port(), echo);
  TestClient client(server->port());
  client.send(kGet);
  client.end();
  EXPECT_EQ(client.answer().status, 200);
}

TEST(HttpServer, InvitesABodyThatTheClientHoldsBack) {
  const auto server = start(on_any_port(), echo);
  TestClient client(server->port());
  EXPECT_EQ(client.ask(post("Content-Length: 2\r\nExpect: 100-continue\r\n", "")).status, 100);
  EXPECT_EQ(client.ask("hi").body, "POST /p [] hi");
  EXPECT_EQ(client.ask(post("Content-Length: 2\r\nExpect: 100-continue\r\n", "hi")).status, 200)
      << "a body that is there needs no invitation";
  EXPECT_EQ(client.ask(post("Content-Length: 99999999\r\nExpect: 100-continue\r\n", "")).status, 413);
}

struct Refused {
  const char* what;
  std::string request;
  int status;
};

TEST(HttpServer, RefusesWhatMakesNoSenseAndSaysWhy) {
  std::atomic<int> handled = 0;
  const auto server = start(on_any_port(), [&](const HttpRequest& request) {
    ++handled;
    return echo(request);
  });
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  const Refused table[] = {
      {"TLS to a plain port", "\x16\x03\x01\x02\x00\x01\x00"s, 400},
      {"no HTTP", "hello\r\n\r\n", 400},
      {"HTTP/0.9", "GET /\r\n\r\n", 400},
      {"bare line feeds", "GET / HTTP/1.1\nHost: x\n\n", 400},
      {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400},
      {"space before the colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400},
      {"header without a name", "GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n", 400},
      {"a folded header", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", 400},
      {"a folded host", "GET / HTTP/1.1\r\nHost:\r\n x\r\n\r\n", 400},
      {"a header folded into the request line", "GET / HTTP/1.1\r\n\tX: y\r\nHost: x\r\n\r\n", 400},
      {"NUL in a header", "GET / HTTP/1.1\r\nHost: x\r\nA: \0\r\n\r\n"s, 400},
      {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"no version", "GET / HTMX/1.1\r\nHost: x\r\n\r\n", 400},
      {"a method of nobody's", "BREW / HTTP/1.1\r\nHost: x\r\n\r\n", 501},
      {"a proxy's method", "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", 501},
      {"dots", get("/a/../../etc/passwd"), 400},
      {"escaped dots", get("/%2e%2e/etc/passwd"), 400},
      {"overlong dots", get("/%c0%ae%c0%ae/etc/passwd"), 400},
      {"escaped slash", get("/..%2fetc"), 400},
      {"escaped NUL", get("/a%00.txt"), 400},
      {"NUL", get("/a\0b"s), 400},
      {"broken escape", get("/%zz"), 400},
      {"broken escape in the query", get("/?a=%f"), 400},
      {"a foreign scheme", get("ftp://x/"), 400},
      {"long target", get("/" + std::string(4096, 'a')), 414},
      {"endless target", "GET /" + std::string(100'000, 'a'), 414},
      {"long header", "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(16'384, 'a') + "\r\n\r\n", 431},
      {"endless header", "GET / HTTP/1.1\r\nA: " + std::string(100'000, 'a'), 431},
      {"long body announced", post("Content-Length: 1048577\r\n", ""), 413},
      {"length beyond numbers", post("Content-Length: 99999999999999999999\r\n", ""), 400},
      {"long chunk announced", post(chunked, "100001\r\n"), 413},
      {"chunk size beyond numbers", post(chunked, "fffffffffffffffff\r\n"), 400},
      {"negative chunk", post(chunked, "-1\r\n\r\n"), 400},
      {"chunk longer than it says", post(chunked, "3\r\nabcdef\r\n0\r\n\r\n"), 400},
      {"endless chunk line", post(chunked, "3;" + std::string(100'000, 'a')), 431},
      {"endless trailers", post(chunked, "0\r\n" + std::string(100'000, 'a')), 431},
      {"two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"), 400},
      {"the same length twice", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), 400},
      {"a list of lengths", post("Content-Length: 5, 5\r\n", "hello"), 400},
      {"length then coding", post("Content-Length: 5\r\n" + chunked, "0\r\n\r\n"), 400},
      {"coding then length", post(chunked + "Content-Length: 5\r\n", "0\r\n\r\n"), 400},
      {"coding twice", post(chunked + chunked, "0\r\n\r\n"), 400},
      {"chunked not last", post("Transfer-Encoding: chunked, gzip\r\n", ""), 501},
      {"chunked twice in a list", post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), 501},
      {"coding in disguise", post("Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n", "hello"), 400},
      {"coding of HTTP/1.0", "POST / HTTP/1.0\r\n" + chunked + "\r\n0\r\n\r\n", 400},
      {"another expectation", post("Content-Length: 5\r\nExpect: tea\r\n", "hello"), 417},
  };
  for (const auto& [what, request, status] : table) {
    TestClient client(server->port());
    const Answer answer = client.ask(request + std::string(kGet));
    EXPECT_EQ(answer.status, status) << what;
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json") << what;
    EXPECT_EQ(answer.header("Connection"), "close") << what;
    EXPECT_THAT(answer.body, HasSubstr("\"status\":" + std::to_string(status))) << what;
    client.end();
    EXPECT_TRUE(client.ended()) << what << ": what follows must not be taken for a request";
  }
  EXPECT_EQ(handled, 0);
}

TEST(HttpServer, AnswersOnlyWhoNamesOneOfItsHosts) {
  std::atomic<int> handled = 0;
  HttpServerOptions options = on_any_port();
  options.hosts = {"localhost", "127.0.0.1"};
  const auto server = start(options, [&](const HttpRequest& request) {
    ++handled;
    return echo(request);
  });
  const auto status_of = [&](const std::string& request) {
    return TestClient(server->port()).ask(request).status;
  };
  for (const std::string& request :
       {"GET / HTTP/1.1\r\nHost: localhost:80\r\n\r\n"s, "GET / HTTP/1.1\r\nhost:127.0.0.1\r\n\r\n"s,
        "GET http://localhost/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"s,
        "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n"s})
    EXPECT_EQ(status_of(request), 200) << request;
  EXPECT_EQ(handled.exchange(0), 4);
  for (const std::string& request :
       {"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"s, "GET / HTTP/1.1\r\nHost:\r\n\r\n"s,
        "GET / HTTP/1.0\r\n\r\n"s, "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n"s,
        "GET http://localhost/ HTTP/1.1\r\nHost: evil.example\r\n\r\n"s,
        "GET http://localhost@evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n"s,
        "GET / HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: localhost\r\n\r\n"s,
        "POST /p HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 2\r\n\r\nhi"s})
    EXPECT_EQ(status_of(request), 421) << request;
  EXPECT_EQ(handled, 0);
}

TEST(HttpServer, TakesWhatIsOnlyUnusual) {
  const auto server = start(on_any_port(), echo);
  for (const auto& [request, body] : std::vector<std::pair<std::string, std::string>>{
           {get("http://elsewhere:9/a?b=c"), "GET /a [b=c;] "},
           {"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "OPTIONS * [] "},
           {"\r\n\r\n" + get("/a"), "GET /a [] "},
           {post("TRANSFER-ENCODING: CHUNKED\r\n", "000003\r\nabc\r\n00\r\n\r\n"), "POST /p [] abc"},
           {"GET /a HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", "GET /a [] "},
           {post("Content-Length: 1048576\r\n", std::string(1048576, 'a')),
            "POST /p [] " + std::string(1048576, 'a')}}) {
    EXPECT_EQ(TestClient(server->port()).ask(request).body, body);
  }
}

TEST(HttpServer, SurvivesEveryTruncationOfARequest) {
  const auto server = start(on_any_port(), echo);
  const std::string request = post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n");
  for (std::size_t size = 0; size < request.size(); ++size) {
    TestClient client(server->port());
    client.send(request.substr(0, size));
    client.end();
    EXPECT_EQ(client.read_to_end(), "") << size;
  }
  EXPECT_EQ(TestClient(server->port()).ask(kGet).status, 200);
}

TEST(HttpServer, TellsAClientThatGoesOnSendingTooMuch) {
  const auto server = start(on_any_port(), echo);
  TestClient client(server->port());
  client.send(post("Content-Length: 8000000\r\n", ""));
  client.send(std::string(4'000'000, 'a'));
  EXPECT_EQ(client.answer().status, 413);
}

TEST(HttpServer, GivesASlowHeaderItsTimeAndNoMore) {
  HttpServerOptions options = on_any_port();
  options.header_timeout = 300ms;
  const auto server = start(options, echo);
  TestClient client(server->port());
  const auto begin = Clock::now();
  std::jthread slow([&] {
    for (const char c : "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"s) {
      if (!client.send(std::string(1, c))) break;
      std::this_thread::sleep_for(20ms);
    }
  });
  EXPECT_EQ(client.answer().status, 408);
  EXPECT_LT(Clock::now() - begin, 5s);
}

TEST(HttpServer, GivesASlowBodyItsTimeAndNoMore) {
  HttpServerOptions options = on_any_port();
  options.body_timeout = 200ms;
  const auto server = start(options, echo);
  EXPECT_EQ(TestClient(server->port()).ask(post("Content-Length: 5\r\n", "he")).status, 408);
  TestClient invited(server->port());
  EXPECT_EQ(invited.ask(post("Content-Length: 5\r\nExpect: 100-continue\r\n", "")).status, 100);
  EXPECT_EQ(invited.answer().status, 408);
}

TEST(HttpServer, ClosesSilentAndIdleConnectionsWithoutAWord) {
  HttpServerOptions options = on_any_port();
  options.header_timeout = 100ms;
  options.idle_timeout = 200ms;
  const auto server = start(options, echo);
  TestClient silent(server->port());
  EXPECT_TRUE(silent.ended());
  TestClient idle(server->port());
  EXPECT_EQ(idle.ask(kGet).status, 200);
  EXPECT_TRUE(idle.ended());
}

TEST(HttpServer, ClosesOnAClientThatDoesNotReadItsAnswer) {
  HttpServerOptions options = on_any_port();
  options.max_connections = 1;
  options.write_timeout = 200ms;
  const auto server = start(options, [](const HttpRequest&) { return text(std::string(30'000'000, 'a')); });
  TestClient client(server->port(), 4096);
  client.send(kGet);
  EXPECT_TRUE(comes_true([&] {
    TestClient next(server->port(), 4096);
    next.send(kGet);
    return next.answer(true).status == 200;
  })) << "its place becomes free";
  EXPECT_LT(client.read_to_end().size(), 30'000'000u);
}

TEST(HttpServer, TellsNothingOfWhatAHandlerThrows) {
  HttpServerOptions options = on_any_port();
  std::mutex mutex;
  std::vector<std::string> told;
  options.on_handler_error = [&](std::string_view what) {
    const std::lock_guard lock(mutex);
    told.emplace_back(what);
  };
  const auto server = start(options, [](const HttpRequest& request) -> HttpReply {
    if (request.path == "/std") throw std::runtime_error("secret");
    if (request.path == "/int") throw 7;
    if (request.path == "/null") return std::shared_ptr<EventStream>();
    if (request.path == "/split")
      return HttpResponse{.status = 200, .headers = {{"A", "b\r\nC: d"}}, .body = {}, .content_type = {}};
    return text("fine");
  });
  TestClient client(server->port());
  for (const char* const path : {"/std", "/int", "/null", "/split"}) {
    const Answer answer = client.ask(get(path));
    EXPECT_EQ(answer.status, 500) << path;
    EXPECT_THAT(answer.head + answer.body, Not(HasSubstr("secret")));
  }
  EXPECT_EQ(client.ask(kGet).body, "fine");
  const std::lock_guard lock(mutex);
  EXPECT_THAT(told,
              ElementsAre("secret", HasSubstr("no std::exception"), HasSubstr("/null"), HasSubstr("/split")));
}

TEST(HttpServer, IsNotHeldUpByASlowHandler) {
  std::promise<void> release;
  const std::shared_future<void> released = release.get_future().share();
  const auto server = start(on_any_port(), [released](const HttpRequest& request) {
    if (request.path == "/slow") released.wait();
    return text("done");
  });
  std::vector<TestClient> slow;
  for (int i = 0; i < 3; ++i) {
    slow.emplace_back(server->port());
    slow.back().send(get("/slow"));
  }
  EXPECT_EQ(TestClient(server->port()).ask(kGet).body, "done");
  release.set_value();
  for (TestClient& client : slow) EXPECT_EQ(client.answer().body, "done");
}

TEST(HttpServer, LimitsTheRateOfAPeer) {
  HttpServerOptions options = on_any_port();
  options.requests_per_second_per_peer = 0.01;
  options.request_burst_per_peer = 5;
  const auto server = start(options, echo);
  TestClient client(server->port());
  for (int i = 0; i < 5; ++i) EXPECT_EQ(client.ask(kGet).status, 200);
  const Answer refused = client.ask(kGet);
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(refused.header("Retry-After"), AnyOf("99", "100"));
  EXPECT_EQ(client.ask(post("Content-Length: 5\r\n", "hello")).status, 429);
  EXPECT_TRUE(client.ended()) << "a body that nobody wants is not read";
  EXPECT_EQ(TestClient(server->port()).ask(kGet).status, 429) << "another connection makes no difference";
}

TEST(HttpServer, LimitsTheConnectionsOfAPeer) {
  HttpServerOptions options = on_any_port();
  options.max_connections_per_peer = 2;
  const auto server = start(options, echo);
  TestClient first(server->port());
  EXPECT_EQ(first.ask(kGet).status, 200);
  {
    TestClient second(server->port());
    EXPECT_EQ(second.ask(kGet).status, 200);
    const Answer third = TestClient(server->port()).answer();
    EXPECT_EQ(third.status, 429);
    EXPECT_EQ(third.header("Retry-After"), "1");
  }
  EXPECT_TRUE(comes_true([&] { return TestClient(server->port()).ask(kGet).status == 200; }));
}

TEST(HttpServer, TurnsAwayWhoComesWhenItIsFullAndServesTheOthers) {
  constexpr int kClients = 1000;
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4 * kClients);
  setrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_cur < 2 * kClients + 100) GTEST_SKIP() << "too few file descriptors";

  HttpServerOptions options = on_any_port();
  options.max_connections = 900;
  const auto server = start(options, echo);
  std::vector<TestClient> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back(server->port());
    ASSERT_TRUE(clients.back().connected());
  }
  int served = 0;
  int told = 0;
  for (TestClient& client : clients) {
    const int status = client.ask(kGet).status;
    if (status == 200) ++served;
    if (status == 503) ++told;
  }
  EXPECT_EQ(served, 900);
  EXPECT_GE(told, 1);
  clients.clear();
  EXPECT_TRUE(comes_true([&] { return TestClient(server->port()).ask(kGet).status == 200; }));
}

// Answers each request with a stream, and keeps it.
class Streams {
 public:
  HttpReply operator()(const HttpRequest&) {
    const std::lock_guard lock(mutex_);
    return streams_.emplace_back(std::make_shared<EventStream>());
  }
  std::vector<std::shared_ptr<EventStream>> all() const {
    const std::lock_guard lock(mutex_);
    return streams_;
  }
  std::shared_ptr<EventStream> first() const {
    EXPECT_TRUE(comes_true([&] { return !all().empty(); }));
    return all().front();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<EventStream>> streams_;
};

TEST(HttpServer, StreamsEventsAsTheyCome) {
  Streams streams;
  const auto server = start(on_any_port(), std::ref(streams));
  TestClient client(server->port());
  client.send(kGet);
  const Answer answer = client.answer(true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "text/event-stream");
  EXPECT_EQ(answer.header("Transfer-Encoding"), "chunked");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_TRUE(streams.first()->push("data: 1\n\n"));
  EXPECT_EQ(client.read_through("\n\n\r\n"), "9\r\ndata: 1\n\n\r\n");
  streams.first()->push("data: 22\n\n");
  streams.first()->close();
  EXPECT_EQ(client.read_to_end(), "a\r\ndata: 22\n\n\r\n0\r\n\r\n");
}

TEST(HttpServer, StreamsToHttp10UntilItCloses) {
  Streams streams;
  const auto server = start(on_any_port(), std::ref(streams));
  TestClient client(server->port());
  client.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.answer(true).header("Transfer-Encoding"), "");
  streams.first()->push("data: 1\n\n");
  streams.first()->close();
  EXPECT_EQ(client.read_to_end(), "data: 1\n\n");
}

TEST(HttpServer, GivesAHeadOfAStreamAndNoStream) {
  Streams streams;
  const auto server = start(on_any_port(), std::ref(streams));
  TestClient client(server->port());
  client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.answer(true).header("Content-Type"), "text/event-stream");
  EXPECT_TRUE(comes_true([&] { return streams.first()->closed(); }));
}

TEST(HttpServer, KeepsQuietStreamsAlive) {
  HttpServerOptions options = on_any_port();
  options.heartbeat = 50ms;
  Streams streams;
  const auto server = start(options, std::ref(streams));
  TestClient client(server->port());
  client.send(kGet);
  client.answer(true);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.read_through("\n\n\r\n"), "3\r\n:\n\n\r\n");
}

TEST(HttpServer, NoticesThatTheClientOfAStreamHasGone) {
  Streams streams;
  const auto server = start(on_any_port(), std::ref(streams));
  {
    TestClient client(server->port());
    client.send(kGet);
    client.answer(true);
    EXPECT_FALSE(streams.first()->closed());
  }
  EXPECT_TRUE(comes_true([&] { return streams.first()->closed(); }));
}

TEST(HttpServer, ClosesOnAClientThatDoesNotReadItsStreamAndWaitsForNobody) {
  Streams streams;
  const auto server = start(on_any_port(), std::ref(streams));
  TestClient stuck(server->port(), 4096);
  stuck.send(kGet);
  const auto stream = streams.first();
  const std::string event = "data: " + std::string(10'000, 'a') + "\n\n";
  int pushed = 0;
  auto longest = Clock::duration::zero();
  for (; pushed < 100'000; ++pushed) {
    const auto begin = Clock::now();
    const bool taken = stream->push(event);
    longest = std::max(longest, Clock::now() - begin);
    if (!taken) break;
    if (pushed % 10 == 0) std::this_thread::sleep_for(1ms);
  }
  EXPECT_LT(pushed, 100'000);
  EXPECT_LT(longest, 1s);
  EXPECT_TRUE(stream->closed());
  stuck.read_to_end();
  EXPECT_TRUE(stuck.ended()) << "the connection is closed, not only the stream";
}

TEST(HttpServer, Serves200StreamsAtOnceInOrderBesideOrdinaryRequests) {
  constexpr std::size_t kClients = 200;
  constexpr int kEvents = 100;
  Streams streams;
  const auto server = start(on_any_port(), [&](const HttpRequest& request) {
    return request.path == "/events" ? streams(request) : echo(request);
  });
  std::vector<TestClient> clients;
  for (std::size_t i = 0; i < kClients; ++i) {
    clients.emplace_back(server->port());
    clients.back().send(get("/events"));
  }
  for (TestClient& client : clients) ASSERT_EQ(client.answer(true).status, 200);
  const auto all = streams.all();
  ASSERT_EQ(all.size(), kClients);

  const std::jthread pusher([&] {
    for (int event = 0; event < kEvents; ++event) {
      for (const auto& stream : all) stream->push("id: " + std::to_string(event) + "\ndata: x\n\n");
      std::this_thread::sleep_for(1ms);
    }
    for (const auto& stream : all) stream->close();
  });
  TestClient other(server->port());
  for (int i = 0; i < 20; ++i) EXPECT_EQ(other.ask(kGet).status, 200);

  for (TestClient& client : clients) {
    const std::string received = client.read_to_end();
    std::size_t at = 0;
    for (int event = 0; event < kEvents && at != std::string::npos; ++event) {
      at = received.find("id: " + std::to_string(event) + "\ndata: x\n\n", at);
    }
    EXPECT_NE(at, std::string::npos);
    EXPECT_THAT(received, EndsWith("0\r\n\r\n"));
  }
}

TEST(HttpServer, StopsWithinASecondWhateverIsOpen) {
  Streams streams;
  const auto server = start(on_any_port(), [&](const HttpRequest& request) -> HttpReply {
    if (request.path == "/big") return text(std::string(30'000'000, 'a'));
    return request.path == "/events" ? streams(request) : echo(request);
  });
  TestClient idle(server->port());
  idle.ask(kGet);
  TestClient half(server->port());
  half.send("GET / HT");
  TestClient stuck(server->port(), 4096);
  stuck.send(get("/big"));
  std::vector<TestClient> clients;
  for (int i = 0; i < 50; ++i) {
    clients.emplace_back(server->port());
    clients.back().send(get("/events"));
    clients.back().answer(true);
  }
  for (const auto& stream : streams.all()) stream->push("data: last\n\n");
  const auto begin = Clock::now();
  server->stop();
  EXPECT_LT(Clock::now() - begin, 1s);
  for (TestClient& client : clients) {
    EXPECT_THAT(client.read_to_end(), EndsWith("data: last\n\n\r\n0\r\n\r\n"));
  }
  for (const auto& stream : streams.all()) EXPECT_FALSE(stream->push("data: too late\n\n"));
  EXPECT_TRUE(idle.ended());
  EXPECT_FALSE(TestClient(server->port()).connected());
  server->stop();
}

TEST(HttpServer, FinishesTheAnswersUnderWayWhenItStops) {
  std::promise<void> entered;
  const auto server = start(on_any_port(), [&](const HttpRequest&) {
    entered.set_value();
    std::this_thread::sleep_for(100ms);
    return text("done");
  });
  TestClient client(server->port());
  client.send(kGet);
  entered.get_future().wait();
  server->stop();
  const Answer answer = client.answer();
  EXPECT_EQ(answer.body, "done");
  EXPECT_EQ(answer.header("Connection"), "close");
}

TEST(HttpServer, StopsWhileOthersPush) {
  for (int round = 0; round < 10; ++round) {
    Streams streams;
    const auto server = start(on_any_port(), std::ref(streams));
    std::vector<TestClient> clients;
    for (int i = 0; i < 10; ++i) {
      clients.emplace_back(server->port());
      clients.back().send(kGet);
      clients.back().answer(true);
    }
    const auto all = streams.all();
    const std::jthread pusher([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        for (const auto& stream : all) stream->push("data: x\n\n");
      }
    });
    server->stop();
  }
}

TEST(HttpServer, SaysWhyItDoesNotStart) {
  const auto server = start(on_any_port(), echo);
  const auto reason = [](const HttpServerOptions& options) {
    const auto failed = HttpServer::start(options, echo);
    return failed ? std::string() : failed.error().message;
  };
  HttpServerOptions taken = on_any_port();
  taken.port = server->port();
  EXPECT_THAT(reason(taken), HasSubstr("Address already in use"));
  HttpServerOptions nowhere = on_any_port();
  nowhere.address = "nowhere";
  EXPECT_THAT(reason(nowhere), StartsWith("nowhere port 0: not an IP address"));
  HttpServerOptions far = on_any_port();
  far.port = 65536;
  EXPECT_THAT(reason(far), HasSubstr("not an IP address and a port"));
}

}  // namespace
}  // namespace monolens
