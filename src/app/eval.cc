// monolens eval: makes a labelled set of defects from clean media, and scores what the detectors find in it.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <thread>

#include "app/command.h"
#include "app/exit_status.h"
#include "app/stop_signal.h"
#include "base/atomic_file.h"
#include "base/text.h"
#include "eval/accuracy_json.h"
#include "eval/accuracy_markdown.h"
#include "eval/accuracy_plot.h"
#include "eval/maker.h"
#include "eval/run.h"
#include "eval/score.h"

namespace monolens {
namespace {

struct MakeArguments {
  eval::ClipSearch search;
  std::string kinds;
  eval::MakeOptions options;
  std::optional<int> jobs;
};

struct RunArguments {
  AnalysisArguments analysis;
  std::string folder;
  std::string json;
  std::string markdown;
  std::string plots;
  std::string kinds;
  std::optional<int> jobs;
  bool quiet = false;
};

int default_jobs() { return static_cast<int>(std::max(1U, std::thread::hardware_concurrency())); }

// One line on a terminal, rewritten; nothing elsewhere.
void show(const std::string& line) {
  if (isatty(STDERR_FILENO) == 0) return;
  std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
  std::fflush(stderr);
}

Result<std::vector<std::string>> parse_kinds(const std::string& list) {
  const std::vector<std::string> known = eval::made_kinds();
  std::vector<std::string> kinds;
  for (const std::string_view name : split(list, ',')) {
    if (std::ranges::find(known, name) == known.end())
      return Error{ErrorCode::kUsage,
                   fmt::format("--kinds: unknown kind '{}'{}", name, suggestion(name, known))};
    kinds.emplace_back(name);
  }
  return kinds;
}

int run_make(MakeArguments& arguments) {
  auto kinds = parse_kinds(arguments.kinds);
  if (!kinds) return complain(kinds.error());
  eval::MakeOptions& options = arguments.options;
  options.kinds = std::move(*kinds);
  options.jobs = arguments.jobs.value_or(default_jobs());
  options.split = arguments.search.split;
  options.stop = &stop_on_signal();
  const bool from_clips = !arguments.search.files.empty() || !arguments.search.folder.empty();
  if (from_clips) {
    auto clips = eval::find_clips(arguments.search);
    if (!clips) return complain(clips.error());
    options.clips = std::move(*clips);
    if (options.clips.empty()) {
      complain("no clips of this split");
      return kUsageError;
    }
  }
  auto made = eval::make_set(options, [](const eval::MakeProgress& p) {
    show(fmt::format("{} of {} clips  {} items", p.clips_done, p.clips, p.items));
  });
  show("");
  if (!made) return complain(made.error());
  for (const std::string& why : made->skipped) complain("left out: " + why);
  fmt::print("{}: {} items\n", (std::filesystem::path(options.out) / "truth.json").string(),
             made->truth.items.size());
  return kNothingFound;
}

Result<eval::Truth> load_truth(const std::string& folder) {
  const std::string path = (std::filesystem::path(folder) / "truth.json").string();
  std::ifstream file(path);
  if (!file) return Error{ErrorCode::kNotFound, path + ": can't be read; `monolens eval make` writes it"};
  std::stringstream text;
  text << file.rdbuf();
  return eval::parse_truth(text.str(), path);
}

Result<void> write(const std::string& path, const std::string& content) {
  auto file = AtomicFile::create(path);
  if (!file) return file.error();
  return file->commit(content);
}

Result<void> write_outputs(const RunArguments& arguments, const eval::Score& score,
                           const eval::Context& context) {
  if (!arguments.json.empty()) {
    auto written = write(arguments.json, eval::accuracy_json(score, context));
    if (!written) return written;
  }
  std::string plots;
  if (!arguments.plots.empty()) {
    std::error_code failed;
    std::filesystem::create_directories(arguments.plots, failed);
    if (failed) return Error{ErrorCode::kWrite, fmt::format("{}: {}", arguments.plots, failed.message())};
    for (const eval::Group& g : score.groups) {
      if (!g.has_detector) continue;
      auto written =
          write((std::filesystem::path(arguments.plots) / eval::plot_name(g)).string(), eval::plot(g));
      if (!written) return written;
    }
    const auto beside = std::filesystem::absolute(arguments.markdown).parent_path();
    plots = std::filesystem::absolute(arguments.plots).lexically_relative(beside).string();
  }
  if (arguments.markdown.empty()) return {};
  return write(arguments.markdown, eval::accuracy_markdown(score, plots));
}

int run_run(const RunArguments& arguments) {
  auto settings = arguments.analysis.settings();
  if (!settings) return complain(settings.error());
  auto kinds = parse_kinds(arguments.kinds);
  if (!kinds) return complain(kinds.error());
  auto truth = load_truth(arguments.folder);
  if (!truth) return complain(truth.error());
  std::vector<eval::Item> items;
  for (const eval::Item& i : truth->items) {
    if (kinds->empty() || i.kind.empty() || std::ranges::find(*kinds, i.kind) != kinds->end())
      items.push_back(i);
  }

  const std::atomic<bool>& stop = stop_on_signal();
  eval::RunOptions options;
  options.folder = arguments.folder;
  options.detectors = settings->detectors.chosen();
  options.converter = {.threads = settings->threads, .profile = settings->profile};
  options.jobs = arguments.jobs.value_or(default_jobs());
  options.stop = &stop;
  std::vector<std::string> told;
  for (const ChosenDetector& d : options.detectors)
    told.insert(told.end(), d.info->kinds.begin(), d.info->kinds.end());

  const auto results = eval::run_set(
      items, options, [&](std::size_t done) { show(fmt::format("{} of {} items", done, items.size())); });
  show("");
  if (stop) {
    complain("interrupted");
    return kInputError;
  }
  int status = kNothingFound;
  for (const eval::ItemResult& r : results) {
    if (!r.error.empty()) status = complain(Error{ErrorCode::kNotMedia, r.error});
  }
  const eval::Score score = eval::score_set(results, told);
  if (!arguments.quiet) fmt::print("{}", eval::summary_table(score));
  auto written =
      write_outputs(arguments, score, {.seed = truth->seed, .settings = arguments.analysis.assignments()});
  if (!written) return complain(written.error());
  return status;
}

Run add_make(CLI::App& command) {
  auto a = std::make_shared<MakeArguments>();
  a->search.split = "score";
  CLI::App& make =
      *command.add_subcommand("make", "make a labelled set: defects put into clean media at known times");
  make.add_option("clip", a->search.files, "clean files; without any clips, generated programmes")
      ->type_name("CLIP");
  make.add_option("--clips", a->search.folder, "a folder of clean clips")->type_name("DIR");
  make.add_option("--out", a->options.out, "the set's folder: media by kind, and truth.json")
      ->required()
      ->type_name("DIR");
  make.add_option("--kinds", a->kinds, "kinds of defects, separated by commas (all)")->type_name("LIST");
  make.add_option("--split", a->search.split, "which clips: score, tune or all (score)")
      ->check(CLI::IsMember({"score", "tune", "all"}))
      ->type_name("SPLIT");
  make.add_option("--split-file", a->search.split_file,
                  "which clips tune and which score; others go by their name's hash")
      ->type_name("FILE.tsv");
  make.add_option("--facts", a->search.facts_file,
                  "what is known of clips: the stretch to use, faces, own faults")
      ->type_name("FILE.tsv");
  make.add_option("--seed", a->options.seed, "another seed, another set (1)")->type_name("N");
  make.add_option("--per-recipe", a->options.per_recipe,
                  "clips for each strength of a defect in the picture (2)")
      ->check(CLI::Range(1, 1000))
      ->type_name("N");
  make.add_option("--per-sound-recipe", a->options.per_sound_recipe, "the same for the sound (4)")
      ->check(CLI::Range(1, 1000))
      ->type_name("N");
  make.add_flag("--quick", a->options.quick, "one strength of each form, one clip, small pictures");
  make.add_option("--jobs", a->jobs, "clips worked on side by side (one a core)")
      ->check(CLI::Range(1, 256))
      ->type_name("N");
  return [a] { return run_make(*a); };
}

Run add_run(CLI::App& command) {
  auto a = std::make_shared<RunArguments>();
  CLI::App& run = *command.add_subcommand("run", "analyse a labelled set and score what was found");
  run.add_option("folder", a->folder, "a set's folder, with its truth.json")->required()->type_name("DIR");
  run.add_option("--json", a->json, "write every score and every item (\"-\": standard output)")
      ->type_name("FILE.json");
  run.add_option("--markdown", a->markdown, "write the tables")->type_name("FILE.md");
  run.add_option("--plots", a->plots, "write a plot a kind")->type_name("DIR");
  run.add_option("--kinds", a->kinds, "score only these kinds, separated by commas")->type_name("LIST");
  a->analysis.add_to(run);
  run.add_option("--jobs", a->jobs, "files analysed side by side (one a core)")
      ->check(CLI::Range(1, 256))
      ->type_name("N");
  run.add_flag("--quiet,-q", a->quiet, "print no table");
  return [a] {
    if (a->json == "-" || a->markdown == "-") a->quiet = true;
    return run_run(*a);
  };
}

}  // namespace

Run add_eval(CLI::App& app) {
  CLI::App& command = *app.add_subcommand("eval", "measure how accurate the detectors are");
  command.require_subcommand(1);
  const std::vector<Run> runs = {add_make(command), add_run(command)};
  command.footer(
      "Exit status: 0 done, 2 usage, configuration or an output that can't be written, 3 an input can't "
      "be\nread.");
  return [&command, runs] {
    const auto all = command.get_subcommands([](CLI::App*) { return true; });
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i]->parsed()) return runs[i]();
    }
    return kUsageError;
  };
}

}  // namespace monolens
