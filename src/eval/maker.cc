#include "eval/maker.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "base/atomic_file.h"
#include "eval/encode.h"
#include "eval/made_programme.h"
#include "eval/programme_reader.h"
#include "media/byte_stream.h"
#include "media/source.h"

namespace monolens::eval {
namespace {

namespace fs = std::filesystem;

// What can be known of a clip without decoding it.
struct Candidate {
  Clip clip;
  bool made = false;
  bool pictures = false;
  bool sound = false;
  double seconds = 0;
};

Candidate probe_made(const std::string& name, const std::string& split) {
  Candidate c;
  c.clip.name = name;
  c.clip.split = split == "all" ? split_by_hash(name) : split;
  c.made = c.pictures = c.sound = true;
  c.seconds = 10;
  return c;
}

Result<Candidate> probe(const Clip& clip) {
  auto source = Source::open({.url = clip.path});
  if (!source) return source.error();
  Candidate c;
  c.clip = clip;
  const InputInfo& info = (*source)->info();
  for (const TrackInfo& t : info.tracks) {
    c.pictures = c.pictures || t.type == TrackType::kVideo;
    c.sound = c.sound || t.type == TrackType::kAudio;
  }
  const double left = info.duration ? info.duration->seconds() - clip.facts.start_s : clip.facts.length_s;
  c.seconds = std::min(left, clip.facts.length_s);
  return c;
}

bool suits(const Candidate& c, const Recipe& r) {
  return (!r.pictures || (c.pictures && !explains(c.clip.facts.explained, "video"))) &&
         (!r.sound || (c.sound && !explains(c.clip.facts.explained, "audio"))) &&
         (r.speaking_s == 0 || c.clip.facts.speaking_s > 0) && c.seconds >= r.least_s &&
         !explains(c.clip.facts.explained, r.kind);
}

std::string id_of(const Recipe& r) {
  return fmt::format("{} {} {} {:g}", r.kind, r.form, r.strength.name, r.strength.value);
}

std::uint64_t seed_of(std::uint64_t seed, const std::string& clip, const std::string& what) {
  return Random(hash(clip + "/" + what, hash(std::to_string(seed)))).next();
}

// A name for a file: what is no letter or digit becomes a hyphen.
std::string slug(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
    if (plain) {
      out += c;
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

std::string extension(const std::string& container) {
  if (container == "mpegts") return "ts";
  return container == "matroska" ? "mkv" : "mp4";
}

// For a quick set, the last strength of each form, which is its plainest.
std::vector<const Recipe*> chosen_recipes(const MakeOptions& options) {
  std::vector<const Recipe*> chosen;
  for (const Recipe& r : all_recipes()) {
    if (!options.kinds.empty() && std::ranges::find(options.kinds, r.kind) == options.kinds.end()) continue;
    if (options.quick) {
      if (r.role == Role::kCurve) continue;
      const auto same = std::ranges::find_if(
          chosen, [&r](const Recipe* o) { return o->kind == r.kind && o->form == r.form; });
      if (same != chosen.end()) {
        *same = &r;
        continue;
      }
    }
    chosen.push_back(&r);
  }
  return chosen;
}

class Maker {
 public:
  Maker(const MakeOptions& options, const std::function<void(const MakeProgress&)>& on_progress)
      : options_(options), on_progress_(on_progress) {}

  Result<MakeResult> run();

 private:
  struct Work {
    Candidate candidate;
    std::vector<const Recipe*> recipes;
  };

  void collect();
  void assign();
  void work();
  Result<void> make_all(const Work& work, std::vector<Item>& items);
  Result<void> make_item(const Programme& clean, const Work& work, const Recipe& recipe,
                         std::vector<Item>& items);
  Result<void> make_twins(const Programme& clean, const Work& work, std::vector<Item>& items);
  Result<void> write(Item item, const Made& made, const Candidate& from, std::vector<Item>& items);
  bool stopped() const { return options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed); }

  const MakeOptions& options_;
  const std::function<void(const MakeProgress&)>& on_progress_;
  std::vector<Work> works_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;  // guards what follows
  MakeProgress progress_;
  std::map<std::size_t, std::vector<Item>> items_;  // by clip
  MakeResult result_;
  std::optional<Error> error_;
};

void Maker::collect() {
  if (options_.clips.empty()) {
    for (const std::string& name : made_names(options_.quick))
      works_.push_back({probe_made(name, options_.split), {}});
    return;
  }
  for (const Clip& clip : options_.clips) {
    auto candidate = probe(clip);
    if (candidate) {
      works_.push_back({std::move(*candidate), {}});
    } else {
      result_.skipped.push_back(candidate.error().message);
    }
  }
}

// Each recipe goes to some of the clips that suit it, in an order that its name and the seed give.
void Maker::assign() {
  for (const Recipe* r : chosen_recipes(options_)) {
    std::vector<std::pair<std::uint64_t, Work*>> order;
    for (Work& w : works_) {
      if (suits(w.candidate, *r))
        order.emplace_back(seed_of(options_.seed, w.candidate.clip.name, "order " + id_of(*r)), &w);
    }
    std::ranges::sort(order);
    const int most = options_.quick ? 1 : (r->pictures ? options_.per_recipe : options_.per_sound_recipe);
    for (std::size_t i = 0; i < std::min(order.size(), static_cast<std::size_t>(most)); ++i)
      order[i].second->recipes.push_back(r);
  }
}

Result<void> Maker::write(Item item, const Made& made, const Candidate& from, std::vector<Item>& items) {
  auto bytes =
      made.bytes ? Result<std::vector<std::byte>>(*made.bytes) : encode(made.programme, made.carrier);
  if (!bytes) return Error{bytes.error().code, fmt::format("{}: {}", item.file, bytes.error().message)};
  auto file = AtomicFile::create((fs::path(options_.out) / item.file).string());
  if (!file) return file.error();
  auto written = file->commit({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  if (!written) return written;

  // Where the programme's zero stands on the file's timeline: encoders delay, containers shift.
  auto source = Source::open({.url = "memory", .bytes = memory_stream(*bytes)});
  if (!source) return source.error();
  double shift = 0;
  for (const TrackInfo& t : (*source)->info().tracks) {
    if (t.type == TrackType::kVideo) shift = std::max(0.0, t.start.seconds());
  }
  item.clip = from.clip.name;
  item.split = from.clip.split;
  item.explained = from.clip.facts.explained;
  item.duration_s = made.programme.seconds() + shift;
  item.frame_s = made.programme.has_pictures() ? made.programme.interval() : 0;
  item.intervals = made.intervals;
  for (Interval& i : item.intervals) {
    i.start += shift;
    i.end += shift;
  }
  item.offset_ms = made.offset_ms;
  item.areas = made.areas;
  item.areas_start_s = shift;
  items.push_back(std::move(item));
  return {};
}

Result<void> Maker::make_item(const Programme& clean, const Work& work, const Recipe& recipe,
                              std::vector<Item>& items) {
  const std::string& clip = work.candidate.clip.name;
  Random random(seed_of(options_.seed, clip, id_of(recipe)));
  Made made{.programme = clean, .carrier = recipe.carrier, .role = recipe.role};
  if (!recipe.pictures) {
    made.programme.pictures.clear();
    made.programme.ticks.clear();
  }
  if (clean.seconds() < recipe.least_s || (recipe.pictures && !clean.has_pictures()) ||
      (recipe.sound && !clean.has_sound())) {
    return {};
  }
  auto applied = recipe.apply(made, random);
  if (!applied)
    return Error{applied.error().code,
                 fmt::format("{}: {}: {}", clip, id_of(recipe), applied.error().message)};
  if (made.intervals.empty()) return {};
  Item item;
  item.file = fmt::format("{}/{}.{}.{:g}.{}", recipe.kind, slug(clip), slug(recipe.form),
                          recipe.strength.value, extension(made.carrier.container));
  item.kind = recipe.kind;
  item.form = recipe.form;
  item.strength = recipe.strength;
  const bool speaks = work.candidate.clip.facts.speaking_s >= recipe.speaking_s;
  item.role = made.role == Role::kDefect && !speaks ? Role::kCurve : made.role;
  return write(std::move(item), made, work.candidate, items);
}

// The same encodes without a defect: one for each carrier that the clip's items have, and one encoded twice.
Result<void> Maker::make_twins(const Programme& clean, const Work& work, std::vector<Item>& items) {
  std::set<std::string> done;
  const auto add = [&](const std::string& form, Made made) -> Result<void> {
    if (!done.insert(form).second) return {};
    if (!made.programme.has_pictures() && !made.programme.has_sound()) return {};
    Item item;
    item.file = fmt::format("clean/{}.{}.{}", slug(work.candidate.clip.name), slug(form),
                            extension(made.carrier.container));
    item.form = form;
    return write(std::move(item), made, work.candidate, items);
  };
  const auto as_made = [&](const Carrier& carrier) { return Made{.programme = clean, .carrier = carrier}; };
  for (const Recipe* r : work.recipes) {
    Made made = as_made(r->carrier);
    std::string form = fmt::format("{}, {}", r->carrier.container, r->carrier.audio_codec);
    if (!r->pictures) {
      made.programme.pictures.clear();
      made.programme.ticks.clear();
      form += ", sound alone";
    }
    auto added = add(form, std::move(made));
    if (!added) return added;
    if (r->form.starts_with("baked") && clean.has_pictures() && !done.contains("encoded twice")) {
      const auto bytes = encode_pictures(clean, plain_h264(clean));
      if (!bytes) return bytes.error();
      auto once = read_pictures(*bytes);
      if (!once) return once.error();
      Made twice = as_made(r->carrier);
      twice.programme.channels.clear();
      twice.programme.pictures = std::move(once->pictures);
      twice.programme.ticks.resize(twice.programme.pictures.size());
      added = add("encoded twice", std::move(twice));
      if (!added) return added;
    }
  }
  return {};
}

Result<void> Maker::make_all(const Work& work, std::vector<Item>& items) {
  Programme clean;
  if (work.candidate.made) {
    clean = make_programme(work.candidate.clip.name);
  } else {
    const ClipFacts& facts = work.candidate.clip.facts;
    auto read =
        read_programme(work.candidate.clip.path, {.start_s = facts.start_s,
                                                  .length_s = facts.length_s,
                                                  .most_height = options_.quick ? 240 : facts.most_height});
    if (!read) return read.error();
    clean = std::move(*read);
  }
  for (const Recipe* r : work.recipes) {
    if (stopped()) return Error{ErrorCode::kInterrupted, "interrupted"};
    auto made = make_item(clean, work, *r, items);
    if (!made) return made;
    const std::lock_guard lock(mutex_);
    progress_.items += 1;
    on_progress_(progress_);
  }
  return make_twins(clean, work, items);
}

void Maker::work() {
  for (std::size_t i = next_++; i < works_.size(); i = next_++) {
    std::vector<Item> items;
    auto made = works_[i].recipes.empty() ? Result<void>() : make_all(works_[i], items);
    const std::lock_guard lock(mutex_);
    if (!made && !error_) error_ = made.error();
    if (error_) return;
    items_[i] = std::move(items);
    ++progress_.clips_done;
    on_progress_(progress_);
  }
}

Result<MakeResult> Maker::run() {
  collect();
  assign();
  std::error_code failed;
  for (const std::string& kind : made_kinds()) fs::create_directories(fs::path(options_.out) / kind, failed);
  fs::create_directories(fs::path(options_.out) / "clean", failed);
  if (failed) return Error{ErrorCode::kWrite, fmt::format("{}: {}", options_.out, failed.message())};
  progress_.clips = works_.size();
  {
    std::vector<std::jthread> workers;
    for (int i = 1; i < options_.jobs; ++i) workers.emplace_back([this] { work(); });
    work();
  }
  if (error_) return *error_;
  result_.truth.seed = options_.seed;
  for (auto& [clip, items] : items_) std::ranges::move(items, std::back_inserter(result_.truth.items));
  auto file = AtomicFile::create((fs::path(options_.out) / "truth.json").string());
  if (!file) return file.error();
  auto written = file->commit(to_json(result_.truth));
  if (!written) return written.error();
  return std::move(result_);
}

}  // namespace

std::vector<std::string> made_kinds() {
  std::vector<std::string> kinds;
  for (const Recipe& r : all_recipes()) {
    if (std::ranges::find(kinds, r.kind) == kinds.end()) kinds.push_back(r.kind);
  }
  return kinds;
}

Result<MakeResult> make_set(const MakeOptions& options,
                            const std::function<void(const MakeProgress&)>& on_progress) {
  return Maker(options, on_progress).run();
}

}  // namespace monolens::eval
