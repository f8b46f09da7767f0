#include "eval/score.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "incidents/kinds.h"

namespace monolens::eval {
namespace {

// How far an offset may be from the truth to be right.
constexpr double kTimestampOffsetMs = 10;
constexpr double kContentOffsetMs = 60;

double overlap(double a0, double a1, double b0, double b1) { return std::min(a1, b1) - std::max(a0, b0); }

double slack_of(const std::string& kind) {
  for (const KindInfo& k : all_kinds()) {
    if (k.name == kind) return std::max(kSlack, k.merge.seconds());
  }
  return kSlack;
}

std::optional<double> offset_of(const Found& f) {
  for (const auto& [name, value] : f.measures) {
    if (name == "offset_ms" || name == "av_offset_ms") return value;
  }
  return std::nullopt;
}

std::string sort_of(const std::string& kind) { return kind.substr(0, kind.find('.')); }

// At least half of the incident lies within the intervals, widened and joined.
bool stays_near(const Found& f, const std::vector<Interval>& intervals, double slack) {
  const double length = f.end - f.start;
  if (length <= 2 * slack) return true;
  double covered = 0;
  double from = f.start;
  for (const Interval& i : intervals) {
    const double a = std::max(from, i.start - slack);
    const double b = std::min(f.end, i.end + slack);
    if (b > a) {
      covered += b - a;
      from = b;
    }
  }
  return covered >= length / 2;
}

bool offset_is_right(const Item& item, const Found& f) {
  if (!item.offset_ms) return true;
  const auto offset = offset_of(f);
  if (!offset) return false;
  if (item.form.ends_with("drift")) return *offset * *item.offset_ms > 0;
  const double limit = item.form.starts_with("content") ? kContentOffsetMs : kTimestampOffsetMs;
  return std::abs(*offset - *item.offset_ms) <= limit;
}

bool touches(const Found& f, const Interval& i) {
  return overlap(f.start - kTolerance, f.end + kTolerance, i.start, i.end) > 0;
}

bool near_any(const Found& f, const Item& item, double slack) {
  return std::ranges::any_of(item.intervals, [&](const Interval& i) {
    return overlap(f.start, std::max(f.end, f.start + 1e-6), i.start - slack, i.end + slack) > 0;
  });
}

void match(const Item& item, const std::vector<Found>& found, std::size_t index,
           std::vector<Match>& matches) {
  const Found& f = found[index];
  bool first = true;
  for (Match& m : matches) {
    if (!touches(f, m.interval)) continue;
    const bool starts_here = first;
    first = false;
    if (m.found) {
      const Found& other = found[*m.found];
      if (overlap(other.start, other.end, m.interval.start, m.interval.end) >=
          overlap(f.start, f.end, m.interval.start, m.interval.end)) {
        continue;
      }
    }
    m.found = index;
    m.start_error.reset();
    m.end_error.reset();
    m.delay.reset();
    if (starts_here) {
      m.start_error = f.start - m.interval.start;
      m.delay = f.told - m.interval.start;
    }
    const bool ends_here = std::ranges::none_of(matches, [&](const Match& o) {
      return o.interval.start > m.interval.start && touches(f, o.interval);
    });
    if (ends_here) m.end_error = f.end - m.interval.end;
    if (item.offset_ms) m.offset_error_ms = offset_of(f).value_or(0) - *item.offset_ms;
  }
}

Verdict judge_own(const Item& item, const Found& f) {
  if (item.role == Role::kNegative) return Verdict::kFalse;
  bool touched = false;
  bool required = false;
  for (const Interval& i : item.intervals) {
    if (!touches(f, i)) continue;
    touched = true;
    required = required || (i.required && item.role == Role::kDefect);
  }
  const bool matches =
      touched && stays_near(f, item.intervals, slack_of(item.kind)) && offset_is_right(item, f);
  if (matches) return required ? Verdict::kRight : Verdict::kIgnored;
  return Verdict::kFalse;
}

Verdict judge_other(const Item& item, const Found& f) {
  const bool transport =
      item.kind == "video.corruption" || item.kind == "av.sync" || item.kind == "video.stutter";
  const bool same_sort = sort_of(f.kind) == sort_of(item.kind) || f.kind.starts_with("transport") ||
                         f.kind.starts_with("av") || transport;
  constexpr double kNear = 1;  // s
  return same_sort && near_any(f, item, kNear) ? Verdict::kByProduct : Verdict::kElsewhere;
}

std::string group_of(const Item& item) {
  if (item.kind != "video.corruption" && item.kind != "av.sync") return "";
  return item.form.substr(0, item.form.find(','));
}

// The order of the recipes, in which items made by several threads do not come.
std::size_t place_of(const Group& g) {
  const std::vector<Recipe>& all = all_recipes();
  const auto found = std::ranges::find_if(
      all, [&](const Recipe& r) { return r.kind == g.kind && r.form.starts_with(g.name); });
  return static_cast<std::size_t>(found - all.begin());
}

constexpr std::array<double, 7> kAreas{0, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0001};

class Scorer {
 public:
  explicit Scorer(const std::vector<std::string>& told_kinds) : told_kinds_(told_kinds) {}

  void add(const ItemScore& scored);
  void add_clean(const ItemScore& scored);
  std::vector<Group> finish() { return std::move(groups_); }
  Group& group(const Item& item);

 private:
  static Stratum& stratum(Group& group, const Item& item);

  const std::vector<std::string>& told_kinds_;
  std::vector<Group> groups_;
};

Group& Scorer::group(const Item& item) {
  const std::string name = group_of(item);
  for (Group& g : groups_) {
    if (g.kind == item.kind && g.name == name) return g;
  }
  Group g;
  g.kind = item.kind;
  g.name = name;
  g.has_detector = std::ranges::find(told_kinds_, item.kind) != told_kinds_.end();
  if (item.kind == "video.corruption") {
    for (std::size_t i = 0; i + 1 < kAreas.size(); ++i)
      g.by_area.push_back({Bounds{.low = kAreas[i], .high = kAreas[i + 1]}, Tally{}});
  }
  groups_.push_back(std::move(g));
  return groups_.back();
}

Stratum& Scorer::stratum(Group& group, const Item& item) {
  for (Stratum& s : group.strata) {
    if (s.form == item.form && s.strength.name == item.strength.name &&
        s.strength.value == item.strength.value)
      return s;
  }
  group.strata.push_back(
      {.form = item.form, .strength = item.strength, .required = {}, .optional = {}, .negative = {}});
  return group.strata.back();
}

void add_to(Tally& tally, bool hit) {
  ++tally.of;
  tally.hits += hit ? 1 : 0;
}

void Scorer::add(const ItemScore& scored) {
  const Item& item = scored.result.item;
  Group& g = group(item);
  Stratum& s = stratum(g, item);
  double told = 0;  // confidence
  for (std::size_t i = 0; i < scored.verdicts.size(); ++i) {
    const Found& f = scored.result.found[i];
    const Verdict v = scored.verdicts[i];
    if (f.kind != item.kind) {
      if (v == Verdict::kByProduct) ++g.by_products[f.kind];
      continue;
    }
    told = std::max(told, f.confidence);
    if (v == Verdict::kRight) ++g.right;
    if (v == Verdict::kFalse) ++g.wrong;
  }
  if (item.role == Role::kNegative) {
    add_to(s.negative, told > 0);
    g.negative_confidences.push_back(told);
    return;
  }
  for (const Match& m : scored.matches) {
    add_to(m.required ? s.required : s.optional, m.found.has_value());
    for (auto& [area, tally] : g.by_area) {
      if (m.interval.area && *m.interval.area >= area.low && *m.interval.area < area.high)
        add_to(tally, m.found.has_value());
    }
    if (!m.required) continue;
    add_to(g.recall, m.found.has_value());
    g.positive_confidences.push_back(m.found ? scored.result.found[*m.found].confidence : 0);
    const auto keep = [&](const std::optional<double>& e, std::vector<double>& seconds,
                          std::vector<double>* frames) {
      if (!e) return;
      seconds.push_back(*e);
      if (frames != nullptr && item.frame_s > 0) frames->push_back(*e / item.frame_s);
    };
    keep(m.start_error, g.start_errors, &g.start_errors_frames);
    keep(m.end_error, g.end_errors, &g.end_errors_frames);
    keep(m.delay, g.delays, nullptr);
    keep(m.offset_error_ms, g.offset_errors_ms, nullptr);
  }
}

// A clean twin counts for every group whose kind it could show.
void Scorer::add_clean(const ItemScore& scored) {
  const Item& item = scored.result.item;
  const bool pictures = item.frame_s > 0;
  const bool sound = item.form != "encoded twice";
  for (Group& g : groups_) {
    const std::string sort = sort_of(g.kind);
    const bool shows = sort == "video" ? pictures : (sort == "audio" ? sound : pictures && sound);
    if (!shows || explains(item.explained, g.kind)) continue;
    g.clean_hours += item.duration_s / 3600;
    double told = 0;
    for (std::size_t i = 0; i < scored.verdicts.size(); ++i) {
      if (scored.result.found[i].kind != g.kind || scored.verdicts[i] != Verdict::kFalse) continue;
      ++g.wrong_on_clean;
      told = std::max(told, scored.result.found[i].confidence);
    }
    g.negative_confidences.push_back(told);
  }
}

}  // namespace

ItemScore score_item(const ItemResult& result) {
  ItemScore scored{.result = result, .matches = {}, .verdicts = {}};
  const Item& item = result.item;
  if (item.role != Role::kNegative) {
    for (const Interval& i : item.intervals)
      scored.matches.push_back({.interval = i,
                                .required = i.required && item.role == Role::kDefect,
                                .found = {},
                                .start_error = {},
                                .end_error = {},
                                .delay = {},
                                .offset_error_ms = {}});
  }
  for (std::size_t i = 0; i < result.found.size(); ++i) {
    const Found& f = result.found[i];
    Verdict v = Verdict::kFalse;
    if (item.kind.empty()) {
      v = explains(item.explained, f.kind) ? Verdict::kIgnored : Verdict::kFalse;
    } else if (f.kind == item.kind) {
      v = judge_own(item, f);
    } else if (explains(item.explained, f.kind)) {
      v = Verdict::kIgnored;
    } else {
      v = judge_other(item, f);
    }
    scored.verdicts.push_back(v);
    const bool own = f.kind == item.kind && (v == Verdict::kRight || v == Verdict::kIgnored);
    if (own) match(item, result.found, i, scored.matches);
  }
  return scored;
}

Bounds wilson(Tally tally) {
  if (tally.of == 0) return {};
  constexpr double kZ = 1.959964;  // 95 %
  const double n = tally.of;
  const double p = tally.share();
  const double middle = p + kZ * kZ / (2 * n);
  const double spread = kZ * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n));
  const double scale = 1 + kZ * kZ / n;
  return {.low = std::max(0.0, (middle - spread) / scale), .high = std::min(1.0, (middle + spread) / scale)};
}

std::optional<double> percentile(std::vector<double> values, double share) {
  if (values.empty()) return std::nullopt;
  std::ranges::sort(values);
  const double at = share * static_cast<double>(values.size() - 1);
  const auto i = static_cast<std::size_t>(at);
  const std::size_t next = std::min(i + 1, values.size() - 1);
  return values[i] + (values[next] - values[i]) * (at - static_cast<double>(i));
}

Errors errors_of(const std::vector<double>& signed_values) {
  std::vector<double> sizes;
  for (const double v : signed_values) sizes.push_back(std::abs(v));
  return {.median = percentile(sizes, 0.5), .p90 = percentile(sizes, 0.9)};
}

std::optional<double> Group::precision() const {
  const int told = right + wrong + wrong_on_clean;
  if (told == 0) return std::nullopt;
  return static_cast<double>(right) / told;
}

Score score_set(const std::vector<ItemResult>& results, const std::vector<std::string>& told_kinds) {
  Score score;
  Scorer scorer(told_kinds);
  for (const ItemResult& r : results) {
    if (!r.error.empty()) continue;
    score.items.push_back(score_item(r));
    score.hours += r.item.duration_s / 3600;
    if (!r.item.kind.empty()) scorer.group(r.item);
  }
  for (const ItemScore& s : score.items) {
    if (s.result.item.kind.empty()) {
      scorer.add_clean(s);
    } else {
      scorer.add(s);
    }
  }
  score.groups = scorer.finish();
  std::ranges::stable_sort(score.groups, {}, [](const Group& g) { return place_of(g); });
  for (const ItemScore& s : score.items) {
    for (std::size_t i = 0; i < s.verdicts.size(); ++i) {
      if (s.verdicts[i] != Verdict::kElsewhere) continue;
      for (Group& g : score.groups) {
        if (g.kind == s.result.found[i].kind) ++g.wrong_elsewhere;
      }
    }
  }
  return score;
}

}  // namespace monolens::eval
