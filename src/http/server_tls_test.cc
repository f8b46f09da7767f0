#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/testing/temporary_folder.h"
#include "http/server.h"
#include "http/testing/client.h"

namespace monolens {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;

template <auto Free>
struct Freed {
  void operator()(auto* p) const { Free(p); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using Ssl = std::unique_ptr<SSL, Freed<SSL_free>>;
using File = std::unique_ptr<std::FILE, Freed<std::fclose>>;

void make_certificate(const std::string& certificate_file, const std::string& key_file) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  PEM_write_X509(File(std::fopen(certificate_file.c_str(), "w")).get(), certificate.get());
  PEM_write_PrivateKey(File(std::fopen(key_file.c_str(), "w")).get(), key.get(), nullptr, nullptr, 0, nullptr,
                       nullptr);
}

class HttpServerTls : public testing::Test {
 protected:
  HttpServerTls() {
    make_certificate(folder_.at("cert.pem"), folder_.at("key.pem"));
    options_.port = 0;
    options_.certificate_file = folder_.at("cert.pem");
    options_.key_file = folder_.at("key.pem");
  }

  TemporaryFolder folder_;
  HttpServerOptions options_;
};

class TlsClient {
 public:
  TlsClient(int port, int version) : client_(port), context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_security_level(context_.get(), 0);  // so that the client itself would do TLS 1.1
    SSL_CTX_set_min_proto_version(context_.get(), version);
    SSL_CTX_set_max_proto_version(context_.get(), version);
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), client_.socket());
  }
  bool connect() { return SSL_connect(ssl_.get()) == 1; }
  void send(std::string_view text) { SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())); }
  // What comes next; "" at the end.
  std::string read() {
    char buffer[16 * 1024];
    const int size = SSL_read(ssl_.get(), buffer, sizeof buffer);
    return size > 0 ? std::string(buffer, static_cast<std::size_t>(size)) : std::string();
  }
  std::string read_to_end() {
    std::string all;
    for (std::string part = read(); !part.empty(); part = read()) all += part;
    return all;
  }
  bool ended_properly() const { return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }

 private:
  TestClient client_;
  Context context_;
  Ssl ssl_;
};

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr std::string_view kLastGet = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

HttpReply hello(const HttpRequest&) {
  return HttpResponse{.status = 200, .headers = {}, .body = "hello", .content_type = "text/plain"};
}

TEST_F(HttpServerTls, SpeaksTls12AndLater) {
  const auto server = HttpServer::start(options_, hello);
  ASSERT_TRUE(server) << server.error().message;
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client((*server)->port(), version);
    ASSERT_TRUE(client.connect());
    client.send(kLastGet);
    const std::string answer = client.read_to_end();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(answer, HasSubstr("\r\n\r\nhello"));
    EXPECT_TRUE(client.ended_properly());
  }
}

TEST_F(HttpServerTls, RefusesTls11) {
  const auto server = HttpServer::start(options_, hello);
  ASSERT_TRUE(server);
  EXPECT_FALSE(TlsClient((*server)->port(), TLS1_1_VERSION).connect());
}

TEST_F(HttpServerTls, ClosesOnPlainHttp) {
  const auto server = HttpServer::start(options_, hello);
  ASSERT_TRUE(server);
  TestClient client((*server)->port());
  EXPECT_EQ(client.ask(kGet).status, 0);
}

TEST_F(HttpServerTls, GivesAHandshakeItsTimeAndNoMore) {
  options_.header_timeout = 100ms;
  const auto server = HttpServer::start(options_, hello);
  ASSERT_TRUE(server);
  TestClient silent((*server)->port());
  EXPECT_TRUE(silent.ended());
}

TEST_F(HttpServerTls, TellsASlowHeader) {
  options_.header_timeout = 300ms;
  const auto server = HttpServer::start(options_, hello);
  ASSERT_TRUE(server);
  TlsClient client((*server)->port(), TLS1_3_VERSION);
  ASSERT_TRUE(client.connect());
  client.send("GET / HT");
  EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 408 "));
}

TEST_F(HttpServerTls, RefusesALongBodyInWords) {
  const auto server = HttpServer::start(options_, hello);
  ASSERT_TRUE(server);
  TlsClient client((*server)->port(), TLS1_3_VERSION);
  ASSERT_TRUE(client.connect());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\n\r\n" + std::string(300'000, 'a'));
  EXPECT_THAT(client.read(), StartsWith("HTTP/1.1 413 "));
}

TEST_F(HttpServerTls, StreamsEventsAndEndsThemProperly) {
  auto stream = std::make_shared<EventStream>();
  const auto server = HttpServer::start(options_, [stream](const HttpRequest&) { return stream; });
  ASSERT_TRUE(server);
  TlsClient client((*server)->port(), TLS1_3_VERSION);
  ASSERT_TRUE(client.connect());
  client.send(kGet);
  EXPECT_THAT(client.read(), StartsWith("HTTP/1.1 200 OK\r\n"));
  std::string wanted;
  for (int i = 0; i < 100; ++i) {
    const std::string event = "data: " + std::to_string(i) + "\n\n";
    EXPECT_TRUE(stream->push(event));
    wanted += event;
  }
  (*server)->stop();
  std::string events;
  const std::string received = client.read_to_end();
  for (std::size_t at = received.find("data:"); at != std::string::npos;
       at = received.find("data:", at + 1)) {
    events += received.substr(at, received.find("\n\n", at) + 2 - at);
  }
  EXPECT_EQ(events, wanted);
  EXPECT_TRUE(client.ended_properly());
}

TEST_F(HttpServerTls, SaysWhichFileCannotBeUsed) {
  const auto reason = [](const HttpServerOptions& options) {
    const auto failed = HttpServer::start(options, hello);
    return failed ? std::string() : failed.error().message;
  };
  HttpServerOptions missing = options_;
  missing.certificate_file = folder_.at("absent.pem");
  EXPECT_THAT(reason(missing), StartsWith(missing.certificate_file + ": no usable certificate"));
  HttpServerOptions no_key = options_;
  no_key.key_file.clear();
  EXPECT_THAT(reason(no_key), HasSubstr("no usable private key"));
  make_certificate(folder_.at("other.pem"), folder_.at("other_key.pem"));
  HttpServerOptions foreign_key = options_;
  foreign_key.key_file = folder_.at("other_key.pem");
  EXPECT_THAT(reason(foreign_key), StartsWith(foreign_key.key_file + ": no usable private key"));
}

}  // namespace
}  // namespace monolens
