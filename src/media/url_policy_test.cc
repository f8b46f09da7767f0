#include "media/url_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "base/testing/temporary_folder.h"

namespace monolens {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;
using namespace std::string_literals;

bool nothing_exists(const std::string&) { return false; }
bool all_exists(const std::string&) { return true; }

// A folder with play/list.m3u8, play/seg.ts, play/sub/seg.ts, secret.ts, and links out of and within play.
class Folder : public testing::Test {
 protected:
  Folder() {
    fs::create_directories(root_.at("play/sub"));
    fs::create_directories(root_.at("playground"));
    for (const char* file :
         {"play/list.m3u8", "play/seg.ts", "play/sub/seg.ts", "playground/seg.ts", "secret.ts"}) {
      std::ofstream(root_.at(file)) << "x";
    }
    fs::create_symlink(root_.at("secret.ts"), root_.at("play/link_out.ts"));
    fs::create_symlink(root_.path(), root_.at("play/link_up"));
    fs::create_symlink("seg.ts", root_.at("play/link_within.ts"));
    fs::create_symlink("loop", root_.at("play/loop"));
  }

  std::string at(const std::string& path) const { return root_.at(path); }
  UrlPolicy local(UrlPolicyOptions options = {}) const {
    return UrlPolicy(InputKind::kFile, at("play/list.m3u8"), options);
  }

  TemporaryFolder root_;
};

TEST(ClassifyInput, KnowsEachAcceptedForm) {
  const struct {
    std::string_view url;
    InputKind kind;
  } rows[] = {{"-", InputKind::kStdin},
              {"clip.ts", InputKind::kFile},
              {"/media/clip.ts", InputKind::kFile},
              {"./a:b.ts", InputKind::kFile},
              {"12:30.ts", InputKind::kFile},
              {"file:clip.ts", InputKind::kFile},
              {"FILE:///media/clip.ts", InputKind::kFile},
              {"file://localhost/media/clip.ts", InputKind::kFile},
              {"http://a/x.m3u8", InputKind::kHttp},
              {"HTTPS://a/x.mpd", InputKind::kHttp},
              {"rtmp://a/live", InputKind::kRtmp},
              {"rtmps://a/live", InputKind::kRtmp},
              {"srt://a:9000?mode=listener", InputKind::kSrt},
              {"rist://a:9000", InputKind::kRist},
              {"rtp://239.0.0.1:5000", InputKind::kRtp},
              {"udp://239.0.0.1:5000", InputKind::kUdp},
              {"rtsp://a/x", InputKind::kRtsp},
              {"rtsps://a/x", InputKind::kRtsp}};
  for (const auto& row : rows) {
    const auto kind = classify_input(row.url, nothing_exists);
    ASSERT_TRUE(kind.ok()) << row.url;
    EXPECT_EQ(*kind, row.kind) << row.url;
  }
}

TEST(ClassifyInput, RefusesUnknownSchemesAndPseudoProtocols) {
  for (const std::string_view url :
       {"concat:a.ts|b.ts", "concatf:list", "subfile,,start,0,end,9,,:/etc/passwd",
        "pipe:0",           "pipe:",        "data:video/x,AA",
        "crypto+file:a",    "crypto:a",     "async:file:a",
        "cache:file:a",     "tee:a",        "hls+http://a/x",
        "ftp://a/x",        "sftp://a/x",   "gopher://a/x",
        "unix:/run/x",      "tcp://a:1",    "tls://a:1",
        "httpproxy://a",    "ipfs://a",     "lavfi:testsrc",
        "htps://a/x",       "http:a",       "http:/a",
        "Concat:a"}) {
    const auto kind = classify_input(url, nothing_exists);
    ASSERT_FALSE(kind.ok()) << url;
    EXPECT_EQ(kind.error().code, ErrorCode::kRefused) << url;
    EXPECT_THAT(kind.error().message, HasSubstr("srt://")) << url;
    EXPECT_THAT(kind.error().message, HasSubstr("standard input")) << url;
  }
}

TEST(ClassifyInput, TakesANameWithAColonForAFileWhereItExists) {
  EXPECT_EQ(*classify_input("news:today.ts", all_exists), InputKind::kFile);
  EXPECT_EQ(local_path("news:today.ts"), "news:today.ts");
  EXPECT_EQ(*classify_input("http://a/x", all_exists), InputKind::kHttp);
}

TEST(ClassifyInput, RefusesEmptyNamesZeroBytesAndOtherHostsFiles) {
  EXPECT_EQ(classify_input("", all_exists).error().code, ErrorCode::kUsage);
  for (const std::string& url : {"a\0b"s, "file:///a%00b"s, "file://server/share/a.ts"s, "file://server"s}) {
    ASSERT_FALSE(classify_input(url, all_exists).ok()) << url;
    EXPECT_EQ(classify_input(url, all_exists).error().code, ErrorCode::kRefused) << url;
  }
}

TEST(ClassifyInput, LooksAtTheDiskUnlessToldOtherwise) {
  EXPECT_FALSE(classify_input("nowhere:to-be-found").ok());
}

TEST(LocalPath, TakesTheSchemeOff) {
  EXPECT_EQ(local_path("clip%20a.ts"), "clip%20a.ts");
  EXPECT_EQ(local_path("file:clip%20a.ts"), "clip%20a.ts");
  EXPECT_EQ(local_path("file:/media/a.ts"), "/media/a.ts");
  EXPECT_EQ(local_path("file:///media/clip%20a.ts"), "/media/clip a.ts");
  EXPECT_EQ(local_path("File://LOCALHOST/media/a.ts"), "/media/a.ts");
  EXPECT_EQ(local_path("file:///media/100%.ts"), "/media/100%.ts");
}

TEST(ProtocolWhitelist, HasFilesForFilesOnly) {
  EXPECT_EQ(protocol_whitelist(InputKind::kFile, false), "file,crypto");
  EXPECT_EQ(protocol_whitelist(InputKind::kFile), "file,crypto,http,https,tcp,tls");
  EXPECT_EQ(protocol_whitelist(InputKind::kHttp), "http,https,tcp,tls,crypto");
  EXPECT_EQ(protocol_whitelist(InputKind::kRtp), "rtp,udp");
  for (const InputKind kind : {InputKind::kStdin, InputKind::kHttp, InputKind::kRtmp, InputKind::kSrt,
                               InputKind::kRist, InputKind::kRtp, InputKind::kUdp, InputKind::kRtsp}) {
    EXPECT_THAT(protocol_whitelist(kind), testing::Not(HasSubstr("file")));
    EXPECT_FALSE(protocol_whitelist(kind).empty());
  }
}

TEST(UrlPolicy, LetsANetworkPlaylistOpenHttpAndHttps) {
  UrlPolicy policy(InputKind::kHttp, "https://a/live.m3u8");
  for (const std::string_view url :
       {"https://a/1.ts", "http://a/1.ts", "HTTP://b:8080/1.ts?x=1", "https://[::1]/1.ts",
        "crypto+https://a/1.ts", "https://user:pw@a/1.ts"}) {
    EXPECT_TRUE(policy.allow(url).ok()) << url;
  }
}

TEST(UrlPolicy, SaysWhatItRefusesAndWhy) {
  UrlPolicy policy(InputKind::kHttp, "https://a/live.m3u8");
  const auto refused = policy.allow("file:///etc/passwd");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kRefused);
  EXPECT_EQ(refused.error().message,
            "refused file:///etc/passwd: a playlist from the network may not open files");
}

TEST(UrlPolicy, LetsNoInputButAFileOpenAnythingElse) {
  for (const InputKind kind : {InputKind::kStdin, InputKind::kHttp, InputKind::kRtmp, InputKind::kSrt,
                               InputKind::kRist, InputKind::kRtp, InputKind::kUdp, InputKind::kRtsp}) {
    UrlPolicy policy(kind, "http://a/live.m3u8");
    for (const std::string& url : {"file:///etc/passwd"s,
                                   "FILE:///etc/passwd"s,
                                   "File:/etc/passwd"s,
                                   "file:etc"s,
                                   "/etc/passwd"s,
                                   "//host/etc/passwd"s,
                                   "etc/passwd"s,
                                   "../../etc/passwd"s,
                                   "\\\\host\\share"s,
                                   "C:\\boot.ini"s,
                                   " http://a/1.ts"s,
                                   " file:///etc/passwd"s,
                                   "\thttp://a/"s,
                                   "\nfile:///etc/passwd"s,
                                   "http://a/\r\nX: y"s,
                                   "http://a/1.ts\0file:///etc/passwd"s,
                                   ""s,
                                   "-"s,
                                   "pipe:0"s,
                                   "tcp://a:1"s,
                                   "udp://a:1"s,
                                   "rtmp://a/x"s,
                                   "data:text/plain,a"s,
                                   "concat:http://a/1|file:///etc/passwd"s,
                                   "subfile,,start,0,end,9,,:/etc/passwd"s,
                                   "crypto:/etc/passwd"s,
                                   "crypto+file:///etc/passwd"s,
                                   "CRYPTO+FILE:///etc/passwd"s,
                                   "crypto:crypto+http://a/"s,
                                   "hls+http://a/x"s,
                                   "http:/etc/passwd"s,
                                   "http:etc"s,
                                   "http://"s,
                                   "http:///etc"s,
                                   "http:\\\\a\\b"s,
                                   "http://\\a"s,
                                   "http://?x"s,
                                   "%66ile:///etc/passwd"s,
                                   "file%3A///etc/passwd"s,
                                   "http+file:///etc/passwd"s,
                                   "unix:/run/x"s,
                                   "gopher://a/x"s}) {
      const auto allowed = policy.allow(url);
      ASSERT_FALSE(allowed.ok()) << url;
      EXPECT_EQ(allowed.error().code, ErrorCode::kRefused) << url;
      EXPECT_THAT(allowed.error().message, testing::StartsWith("refused ")) << url;
      EXPECT_EQ(allowed.error().message.find('\n'), std::string::npos) << url;
    }
  }
}

TEST(UrlPolicy, RefusesAnAddressOfUnreasonableLength) {
  UrlPolicy policy(InputKind::kHttp, "http://a/");
  const auto refused = policy.allow("http://user:password@a/" + std::string(20'000, 'x'));
  ASSERT_FALSE(refused.ok());
  EXPECT_LT(refused.error().message.size(), 300U);
}

TEST(UrlPolicy, HidesAPasswordThatIsLongerThanWhatAMessageShows) {
  UrlPolicy policy(InputKind::kHttp, "http://a/");
  const auto refused = policy.allow("ftp://user:" + std::string(500, 'p') + "@a/x");
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("ftp://***@a/x"));
}

TEST_F(Folder, ALocalPlaylistOpensFilesBeneathItsOwnFolder) {
  UrlPolicy policy = local();
  for (const std::string& url :
       {at("play/seg.ts"), at("play/sub/seg.ts"), at("play/sub/../seg.ts"), at("play/./seg.ts"),
        at("play//seg.ts"), at("play/not_there.ts"), at("play/link_within.ts"), "file:" + at("play/seg.ts"),
        "file://" + at("play/seg.ts"), "crypto:" + at("play/seg.ts"), "crypto+file:" + at("play/seg.ts"),
        at("play/100%25.ts"), at("play/a b.ts")}) {
    const auto allowed = policy.allow(url);
    EXPECT_TRUE(allowed.ok()) << url;
  }
}

TEST_F(Folder, ALocalPlaylistOpensNoFileOutsideHoweverItIsWritten) {
  UrlPolicy policy = local();
  for (const std::string& url : {at("secret.ts"),
                                 at("playground/seg.ts"),
                                 at("play/../secret.ts"),
                                 at("play/sub/../../secret.ts"),
                                 at("play/not_there/../../secret.ts"),
                                 at("play/link_out.ts"),
                                 at("play/link_up/secret.ts"),
                                 at("play/link_up/play/../secret.ts"),
                                 at("play/loop"),
                                 at("play/loop/x"),
                                 at("play/%2e%2e/secret.ts"),
                                 at("play/%2E%2E%2Fsecret.ts"),
                                 at("play/..\\secret.ts"),
                                 at("play/..%5csecret.ts"),
                                 at("play/a%00b"),
                                 at("play/a%0ab"),
                                 "file:" + at("secret.ts"),
                                 "FILE:" + at("secret.ts"),
                                 "file://" + at("secret.ts"),
                                 "crypto:" + at("secret.ts"),
                                 "file:///etc/passwd"s,
                                 "/etc/passwd"s,
                                 "//etc/passwd"s,
                                 "file:../secret.ts"s,
                                 " " + at("play/seg.ts"),
                                 at("play/seg.ts") + "\n"s,
                                 at("play/seg.ts") + "\0"s,
                                 "~/x"s,
                                 "seg.ts"s,
                                 "udp://a:1"s,
                                 "concat:" + at("play/seg.ts"),
                                 "subfile,,start,0,end,1,,:" + at("play/seg.ts")}) {
    EXPECT_FALSE(policy.allow(url).ok()) << url;
  }
}

TEST_F(Folder, TheFolderOfARelativePlaylistIsTakenFromTheWorkingDirectory) {
  const fs::path before = fs::current_path();
  fs::current_path(root_.path());
  UrlPolicy policy(InputKind::kFile, "play/list.m3u8");
  EXPECT_TRUE(policy.allow("play/seg.ts").ok());
  EXPECT_TRUE(policy.allow("file:play/seg.ts").ok());
  EXPECT_FALSE(policy.allow("secret.ts").ok());
  EXPECT_FALSE(policy.allow("play/../secret.ts").ok());
  fs::current_path(before);
}

TEST_F(Folder, ALocalPlaylistOpensTheNetworkUnlessForbidden) {
  EXPECT_TRUE(local().allow("https://a/1.ts").ok());
  const auto refused = local({.allow_network = false}).allow("https://a/1.ts");
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("may not open network addresses"));
}

TEST_F(Folder, ALocalPlaylistThatWentToTheNetworkOpensNoFileAnyMore) {
  UrlPolicy policy = local();
  EXPECT_TRUE(policy.allow(at("play/seg.ts")).ok());
  EXPECT_TRUE(policy.allow("https://a/list.m3u8").ok());
  EXPECT_FALSE(policy.allow(at("play/seg.ts")).ok());
  EXPECT_TRUE(policy.allow("https://a/1.ts").ok());
}

TEST(UrlPolicy, StopsALoopOfOnePlaylist) {
  UrlPolicy policy(InputKind::kHttp, "http://a/");
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(policy.note_open("http://a/loop.m3u8").ok());
  const auto refused = policy.note_open("http://a/loop.m3u8");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message, "refused http://a/loop.m3u8: a loop of playlists");
  EXPECT_TRUE(policy.note_open("http://a/other.m3u8").ok());
}

TEST(UrlPolicy, StopsAnEndlessChainOfPlaylists) {
  UrlPolicy policy(InputKind::kHttp, "http://a/");
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(policy.note_open("http://a/" + std::to_string(i)).ok());
  EXPECT_FALSE(policy.note_open("http://a/1000").ok());
  EXPECT_TRUE(policy.note_open("http://a/1").ok());
}

TEST(UrlPolicy, CountsNoLongerOnceTheInputIsOpen) {
  UrlPolicy policy(InputKind::kHttp, "http://a/");
  policy.opened();
  for (int i = 0; i < 5000; ++i) ASSERT_TRUE(policy.note_open("http://a/live.m3u8").ok());
}

TEST(DisplayUrl, HidesWhatIsSecretAndNothingElse) {
  const struct {
    std::string_view url, shown;
  } rows[] = {
      {"http://user:pass@host/x", "http://***@host/x"},
      {"rtmp://user:p@ss@host:1935/live", "rtmp://***@host:1935/live"},
      {"http://user@host", "http://***@host"},
      {"http://host/a@b", "http://host/a@b"},
      {"http://host/x?u=me&TOKEN=abc&n=1", "http://host/x?u=me&TOKEN=***&n=1"},
      {"https://h/x?X-Amz-Signature=ab&X-Amz-Date=1", "https://h/x?X-Amz-Signature=***&X-Amz-Date=1"},
      {"https://h/x?sig=a%26b;key=c#access_token=d", "https://h/x?sig=***;key=***#access_token=***"},
      {"srt://h:9000?passphrase=abc&latency=200", "srt://h:9000?passphrase=***&latency=200"},
      {"http://h/?%74oken=abc", "http://h/?%74oken=***"},
      {"srt://h?passx://h:90=a/b;c@P", "srt://h?passx://***@P"},
      {"http://h/?token=a=b", "http://h/?token=***"},
      {"http://h/?from=http://u:p@g/x&y=1", "http://h/?from=http://***@g/x&y=1"},
      {"crypto+https://u:p@h/x", "crypto+https://***@h/x"},
      {"//u:p@h/x", "//***@h/x"},
      {"http:\\\\u:p@h\\x", "http:\\\\***@h\\x"},
      {"/media/what?token=no&a@b.ts", "/media/what?token=no&a@b.ts"},
      {"/media/a:b//c.ts", "/media/a:b//c.ts"},
      {"http://h/a\nb", "http://h/a_b"},
      {"-", "-"},
      {"", ""},
      {"http://", "http://"},
      {"://@", "://***@"},
  };
  for (const auto& row : rows) EXPECT_EQ(display_url(row.url), row.shown) << row.url;
}

TEST(UrlPolicy, LetsBytesInMemoryOpenNothing) {
  UrlPolicy policy(InputKind::kMemory, "memory");
  for (const char* url : {"seg.ts", "/seg.ts", "file:seg.ts", "http://host/seg.ts", "https://host/seg.ts",
                          "crypto:seg.ts", "data:video/mp2t;base64,AAAA"}) {
    auto allowed = policy.allow(url);
    ASSERT_FALSE(allowed) << url;
    EXPECT_EQ(allowed.error().code, ErrorCode::kRefused);
  }
  EXPECT_EQ(protocol_whitelist(InputKind::kMemory), "");
}

}  // namespace
}  // namespace monolens
