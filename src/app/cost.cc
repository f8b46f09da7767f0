// monolens cost: what a measured run costs, by line, and how many instances a fleet takes.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>

#include "app/command.h"
#include "app/exit_status.h"
#include "base/atomic_file.h"
#include "base/text.h"
#include "cost/bill_text.h"

namespace monolens {
namespace {

struct CostArguments {
  std::vector<std::string> usage;
  std::string prices;
  std::string json;
  std::string html;
  std::string detectors;
  int streams = 0;
  bool print_prices = false;
  bool quiet = false;
};

Result<std::vector<cost::Usage>> read_usage(const std::vector<std::string>& paths) {
  std::vector<cost::Usage> runs;
  for (const std::string& path : paths) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::stringstream content;
    if (file) content << file.rdbuf();
    if (!file) {
      return Error{ErrorCode::kNotFound,
                   fmt::format("{}: can't be read: {}", path, std::strerror(errno != 0 ? errno : EIO))};
    }
    auto parsed = cost::parse_usage(content.str(), path);
    if (!parsed) return parsed.error();
    runs.insert(runs.end(), parsed->begin(), parsed->end());
  }
  return runs;
}

Result<void> write(const std::string& path, const std::string& content) {
  if (path.empty()) return {};
  auto file = AtomicFile::create(path);
  if (!file) return file.error();
  return file->commit(content);
}

Result<std::vector<cost::FleetPlan>> plan(const CostArguments& arguments,
                                          const std::vector<cost::Usage>& runs, const cost::PriceBook& book) {
  std::vector<cost::FleetPlan> plans;
  if (arguments.streams == 0) return plans;
  std::vector<std::string> detectors;
  for (const std::string_view name : split(arguments.detectors, ',')) {
    if (std::find(detectors.begin(), detectors.end(), name) == detectors.end()) detectors.emplace_back(name);
  }
  for (const cost::Usage& run : runs) {
    auto fewer = cost::with_detectors(run, detectors);
    if (!fewer) return fewer.error();
    plans.push_back(cost::plan_fleet(*fewer, arguments.streams, book));
  }
  return plans;
}

int run(const CostArguments& arguments) {
  if (arguments.print_prices) {
    fmt::print("{}", cost::default_price_book_text());
    return kNothingFound;
  }
  if (arguments.usage.empty()) {
    complain("cost needs what was measured: a usage JSON (see --help)");
    return kUsageError;
  }
  if (!arguments.detectors.empty() && arguments.streams == 0) {
    complain("--detectors belongs to --streams");
    return kUsageError;
  }
  auto book = arguments.prices.empty() ? Result<cost::PriceBook>(cost::default_price_book())
                                       : cost::load_price_book(arguments.prices);
  if (!book) return complain(book.error());
  auto runs = read_usage(arguments.usage);
  if (!runs) return complain(runs.error());
  auto plans = plan(arguments, *runs, *book);
  if (!plans) return complain(plans.error());

  const auto bills = cost::bills_of(*runs, *book);
  if (!arguments.quiet && arguments.json != "-") {
    fmt::print("{}{}{}", cost::usage_table(*runs), cost::bill_table(bills, *book),
               cost::fleet_table(*plans, *book));
  }
  const auto json = cost::cost_json(*runs, bills, *plans, *book);
  const std::string text = json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  if (auto written = write(arguments.json, text); !written) return complain(written.error());
  if (auto written = write(arguments.html, cost::cost_html(json)); !written) return complain(written.error());
  return kNothingFound;
}

}  // namespace

Run add_cost(CLI::App& app) {
  auto a = std::make_shared<CostArguments>();
  CLI::App& command =
      *app.add_subcommand("cost", "turn what a run was measured to take into a bill, by line");
  command.add_option("usage", a->usage, "what `monolens topology run` or `./do bench topology` measured")
      ->type_name("USAGE.json");
  command.add_option("--prices", a->prices, "another price book; see --print-prices")->type_name("FILE.toml");
  command.add_option("--json", a->json, "write bills, fleet, usage and prices (\"-\": standard output)")
      ->type_name("FILE.json");
  command.add_option("--html", a->html, "write a page with a bar a bill")->type_name("FILE.html");
  command.add_option("--streams", a->streams, "plan a fleet that watches so many live streams")
      ->check(CLI::Range(1, 100'000'000))
      ->type_name("N");
  command.add_option("--detectors", a->detectors, "with --streams: only these, separated by commas (all)")
      ->type_name("LIST");
  command.add_flag("--print-prices", a->print_prices, "print the price book that is built in");
  command.add_flag("--quiet,-q", a->quiet, "print no table");
  command.footer(
      "Exit status: 0 done, 2 usage, prices or an output that can't be written, 3 an input can't be read.");
  return [a] { return run(*a); };
}

}  // namespace monolens
