// monolens compare: what differs between two copies of one programme.
#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "app/command.h"
#include "app/exit_status.h"
#include "app/stop_signal.h"
#include "base/atomic_file.h"
#include "report/comparison_json.h"

namespace monolens {
namespace {

struct CompareArguments {
  std::string reference;
  std::string test;
  std::string json;
  double timeout_s = 10;
  int threads = 1;
  bool no_quality = false;
  bool quiet = false;
};

std::string offset_text(const std::optional<MediaDuration>& d) {
  if (!d) return "unknown";
  const double ms = d->seconds() * 1000;
  return std::abs(ms) < 0.05 ? "0.0 ms" : fmt::format("{:+.1f} ms", ms);
}

std::string sync_text(const std::optional<MediaDuration>& sync) {
  if (!sync) return "unknown";
  const double ms = sync->seconds() * 1000;
  if (std::abs(ms) < 0.05) return "0.0 ms: in step";
  return fmt::format("{:+.1f} ms: the sound of the test is {}", ms, ms > 0 ? "late" : "early");
}

void print_passages(const Comparison& c) {
  fmt::print("  {:>24}  {:>12}  {:>12}  {:>12}\n", "common (reference)", "picture", "sound", "sync");
  for (const CommonPassage& p : c.common) {
    fmt::print("  {:>10.3f} to {:>10.3f}  {:>12}  {:>12}  {:>12}\n", p.from.seconds(), p.to.seconds(),
               offset_text(p.picture), offset_text(p.sound), offset_text(p.sync()));
  }
}

void print_quality(const PictureQuality& q) {
  const std::string psnr = std::isinf(q.psnr_y_db) ? "identical" : fmt::format("{:.2f} dB", q.psnr_y_db);
  const std::string ssim = q.ssim_y ? fmt::format("{:.4f}", *q.ssim_y) : "unknown";
  fmt::print("  PSNR-Y {}, SSIM-Y {}, over {} pictures\n", psnr, ssim, q.pictures);
}

void print(const Comparison& c) {
  fmt::print("reference  {}\ntest       {}\n", c.reference.url, c.test.url);
  if (!c.related()) {
    fmt::print("  no passage was found that both hold\n");
  } else {
    print_passages(c);
    fmt::print("  sync {}\n", sync_text(c.sync()));
    if (c.quality) print_quality(*c.quality);
  }
  for (const std::string& line : differences(c)) fmt::print("  difference: {}\n", line);
}

int run(const CompareArguments& arguments) {
  std::optional<AtomicFile> file;
  if (!arguments.json.empty()) {
    auto made = AtomicFile::create(arguments.json);
    if (!made) return complain(made.error());
    file.emplace(std::move(*made));
  }
  const std::atomic<bool>& stop = stop_on_signal();
  auto compared = compare({.reference = arguments.reference,
                           .test = arguments.test,
                           .timeout = std::chrono::milliseconds(std::llround(arguments.timeout_s * 1000)),
                           .threads = arguments.threads,
                           .quality = !arguments.no_quality,
                           .stop = &stop});
  if (!compared) return complain(compared.error());
  if (stop) {
    complain("interrupted: a comparison of parts would be wrong");
    return kInputError;
  }
  if (!arguments.quiet && arguments.json != "-") print(*compared);
  if (file) {
    const auto json = comparison_json(*compared);
    auto written = file->commit(json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    if (!written) return complain(written.error());
  }
  const bool same = compared->related() && differences(*compared).empty();
  return same ? kNothingFound : kIncidentsFound;
}

}  // namespace

Run add_compare(CLI::App& app) {
  auto arguments = std::make_shared<CompareArguments>();
  CLI::App& command = *app.add_subcommand(
      "compare", "tell what differs between two copies of a programme: sync, passages, quality");
  command
      .add_option("reference", arguments->reference, "the copy that counts as right: a path or an address")
      ->type_name("REFERENCE")
      ->required();
  command.add_option("test", arguments->test, "the other copy")->type_name("TEST")->required();
  command.add_option("--json", arguments->json, "write the result as JSON; - for standard output")
      ->type_name("FILE");
  command.add_option("--timeout", arguments->timeout_s, "deadline of every wait for the network, seconds")
      ->check(CLI::Range(0.1, 3600.0));
  command.add_option("--threads", arguments->threads, "decoding threads of an input")
      ->check(CLI::Range(1, 64));
  command.add_flag("--no-quality", arguments->no_quality,
                   "leave out PSNR and SSIM and the second pass for them");
  command.add_flag("--quiet", arguments->quiet, "print no table");
  return [arguments] { return run(*arguments); };
}

}  // namespace monolens
