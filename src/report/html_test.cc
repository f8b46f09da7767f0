#include "report/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>

namespace monolens {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kDataStart = R"(<script type="application/json" id="data">)";
constexpr std::string_view kScriptEnd = "</script>";

json report_of(std::string url, std::string note = "still") {
  return {{"schema", "monolens.report/1"},
          {"input", {{"url", std::move(url)}, {"duration_s", 60.0}, {"video", nullptr}}},
          {"incidents",
           {{{"kind", "video.freeze"},
             {"start_s", 12.4},
             {"end_s", 15.92},
             {"evidence", {{"frame", nullptr}, {"note", std::move(note)}}}}}},
          {"curves", {{"step_s", 0.5}, {"loudness_lufs", {-23.1, nullptr}}}}};
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + what.size())) ++n;
  return n;
}

// What a browser takes for the data: everything up to the first end tag.
std::string data_in(std::string_view page) {
  const std::size_t start = page.find(kDataStart) + kDataStart.size();
  return std::string(page.substr(start, page.find(kScriptEnd, start) - start));
}

TEST(Html, TheDataComesOutAsItWentIn) {
  const json reports = {report_of("a.ts"), report_of("b.ts")};
  EXPECT_EQ(json::parse(data_in(render_html(reports))), reports);
}

TEST(Html, OneReportStandsInTheDataAsAnArrayOfOne) {
  const json report = report_of("a.ts");
  EXPECT_EQ(json::parse(data_in(render_html(report))), json::array({report}));
}

TEST(Html, TextOfTheInputCanNotLeaveTheData) {
  const std::string plain = render_html(report_of("a.ts"));
  const std::string hostile = "</script><script>alert(1)</script><!--<script>&amp;{{data}}\u2028\u2029";
  const json report = report_of(hostile, hostile);
  const std::string page = render_html(report);

  EXPECT_EQ(count(page, "<script"), count(plain, "<script"));
  EXPECT_EQ(count(page, kScriptEnd), count(plain, kScriptEnd));
  EXPECT_EQ(json::parse(data_in(page)), json::array({report}));
  for (const char* raw : {"<", ">", "&", "\u2028", "\u2029"}) EXPECT_THAT(data_in(page), Not(HasSubstr(raw)));
}

TEST(Html, CharactersBesideTheEscapedOnesStayAsTheyAre) {
  const json report = report_of("Fünf \u2027\u202a 東京 \"q\" \\u003c \n.ts");
  EXPECT_EQ(json::parse(data_in(render_html(report))), json::array({report}));
}

TEST(Html, BytesThatAreNotUtf8BecomeTheReplacementCharacter) {
  const json data = json::parse(data_in(render_html(report_of("caf\xe9.ts"))));
  EXPECT_EQ(data[0]["input"]["url"], "caf\uFFFD.ts");
}

TEST(Html, NumbersThatJsonDoesNotKnowAreUnknown) {
  json report = report_of("a.ts");
  report["measures"] = {{"true_peak_dbtp", -std::numeric_limits<double>::infinity()}};
  EXPECT_TRUE(json::parse(data_in(render_html(report)))[0]["measures"]["true_peak_dbtp"].is_null());
}

TEST(Html, ThePageNamesNothingOutsideItselfAndForbidsIt) {
  const std::string page = render_html(json::array());
  EXPECT_THAT(page, HasSubstr("default-src 'none';"));
  EXPECT_THAT(page, HasSubstr("img-src data:;"));
  EXPECT_THAT(page, Not(HasSubstr("unsafe-inline")));
  EXPECT_THAT(page, Not(HasSubstr("src=\"")));
  EXPECT_EQ(count(page, "href=\""), count(page, "href=\"data:,\""));
  EXPECT_EQ(count(page, "://"), count(page, "'http://www.w3.org/2000/svg'"));
  for (const char* sink : {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("}) {
    EXPECT_THAT(page, Not(HasSubstr(sink)));
  }
}

TEST(Html, NoMarkOfTheTemplateIsLeft) {
  EXPECT_THAT(render_html(report_of("a.ts")), Not(testing::ContainsRegex("[{][{](data|include|csp)")));
}

}  // namespace
}  // namespace monolens
