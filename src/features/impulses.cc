#include "features/impulses.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <numeric>
#include <span>

#include "features/kernels/samples.h"

namespace monolens {
namespace {

constexpr float kLeastStep = 0.008F;      // −42 dBFS: softer clicks pass for breath and lips
constexpr double kLeastRemainder = 0.01;  // what prediction leaves of an impulse that can be heard
constexpr double kLeastSmeared = 0.03;    // the same of one that an encoder may have smeared…
constexpr double kMostRisen = 0.5;        // of it, 2 ms before its largest
constexpr double kSmeared = 0.7;          // …which counts for less: sounds are seldom like it
constexpr double kMostUnlike = 3;         // what it leaves before and after, or a sound begins or ends there
constexpr double kLeastStrength = 2;
constexpr double kMostApart = 10;    // levels of the sound on both sides: a tone may be cut off anywhere
constexpr double kMostOfEdge = 4;    // of the louder side's level, that prediction leaves of its edge
constexpr double kSilence = 3e-5;    // one 16-bit step
constexpr float kMost = 4;           // samples beyond are held there
constexpr std::size_t kStart = 100;  // parts: an encoder's first frames ring

float median(std::span<float> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double rms(std::span<const float> x) {
  double sum = 0;
  for (const float v : x) sum += double{v} * double{v};
  return std::sqrt(sum / static_cast<double>(x.size()));
}

// A straight line from the first sample to the last.
void bridge(std::span<float> x) {
  const float from = x.front();
  const float rise = (x.back() - from) / static_cast<float>(x.size() - 1);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = from + rise * static_cast<float>(i);
}

// The prediction error filter 1, a1 … aN of the windowed samples.
template <std::size_t N>
std::array<double, N + 1> prediction_error_filter(std::span<const float> x) {
  std::array<double, N + 1> r{};
  for (std::size_t lag = 0; lag <= N; ++lag) r[lag] = kernels::dot(x.data() + lag, x.data(), x.size() - lag);
  std::array<double, N + 1> a{1.0};
  double error = r[0] * 1.00001 + 1e-9;
  for (std::size_t m = 1; m <= N; ++m) {
    double k = r[m];
    for (std::size_t i = 1; i < m; ++i) k += a[i] * r[m - i];
    k /= -error;
    const auto before = a;
    for (std::size_t i = 1; i < m; ++i) a[i] += k * before[m - i];
    a[m] = k;
    error *= 1 - k * k;
    if (error <= 0) break;
  }
  return a;
}

}  // namespace

Impulses::Impulses(int sample_rate)
    : sample_rate_(sample_rate),
      part_samples_(static_cast<std::size_t>(std::max(1, sample_rate / 1000))),
      reach_(static_cast<std::ptrdiff_t>(std::max<std::size_t>(1, part_samples_ * 7 / 20))),
      window_(40 * part_samples_),
      samples_(4 * kKept * part_samples_ + 1),
      steps_(kContext),
      windowed_(window_.size()),
      remainder_(2 * kBeside * part_samples_) {
  for (std::size_t i = 0; i < window_.size(); ++i) {
    const double phase =
        2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(window_.size() - 1);
    window_[i] = static_cast<float>(0.5 - 0.5 * std::cos(phase));
  }
}

std::optional<Impulse> Impulses::add(const float* x, int samples, MediaTime time) {
  std::optional<Impulse> strongest;
  const auto count = static_cast<std::size_t>(samples);
  for (std::size_t done = 0; done < count;) {
    const std::size_t take = std::min(part_samples_ - in_part_, count - done);
    part_step_ =
        std::max(part_step_, kernels::copy_and_find_step(x + done, take, kMost, samples_.data() + filled_));
    filled_ += take;
    in_part_ += take;
    done += take;
    if (in_part_ < part_samples_) break;
    end_ = time + MediaDuration::seconds(static_cast<double>(done) / sample_rate_);
    const auto found = close_part();
    if (found && (!strongest || found->strength > strongest->strength)) strongest = found;
  }
  return strongest;
}

std::optional<Impulse> Impulses::close_part() {
  steps_[parts_++ % kContext] = part_step_;
  part_step_ = 0;
  in_part_ = 0;
  std::optional<Impulse> found;
  if (parts_ > kAhead + kStart && is_worth_a_look()) {
    // The largest step of the part, to the sample.
    const std::size_t from = filled_ - (kAhead + 1) * part_samples_;
    std::size_t centre = from;
    float largest = 0;
    for (std::size_t i = from; i < from + part_samples_; ++i) {
      const float step = std::fabs(samples_[i] - samples_[i - 1]);
      if (step > largest) centre = i;
      largest = std::max(largest, step);
    }
    found = judge(centre);
  }
  if (filled_ == samples_.size()) {
    const std::size_t kept = kKept * part_samples_ + 1;
    std::copy(samples_.end() - static_cast<std::ptrdiff_t>(kept), samples_.end(), samples_.begin());
    filled_ = kept;
  }
  return found;
}

double Impulses::step_at(std::size_t parts_ago) const {
  return double{steps_[(parts_ - 1 - parts_ago) % kContext]};
}

// Larger than all steps within 20 ms but its neighbours', several times the usual ones, and than nearly all
// of the last quarter of a second; soon after louder sound it must stand out the more.
bool Impulses::is_worth_a_look() const {
  const double step = step_at(kAhead);
  if (step < double{kLeastStep} || step < step_at(kAhead - 1) || step <= step_at(kAhead + 1)) return false;
  std::array<float, 18> before{};
  std::array<float, 18> after{};
  double largest = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    before[i] = static_cast<float>(step_at(kAhead + 3 + i));
    after[i] = static_cast<float>(step_at(kAhead - 3 - i));
    largest = std::max(largest, double{std::max(before[i], after[i])});
    if (step < 1.3 * largest) return false;
  }
  if (step < 3 * double{std::max(median(before), median(after))}) return false;
  const auto louder =
      std::count_if(steps_.begin(), steps_.end(), [step](float s) { return double{s} > step; });
  const std::ptrdiff_t most = step < 10 * largest ? kContext / 25 : kContext / 6;
  return louder <= most;
}

// The share of what is left within 3 ms of its largest sample that lies from `before` samples before it to
// 0.35 ms after it.
double Impulses::concentration(std::ptrdiff_t before) const {
  const auto louder = [](float a, float b) { return std::fabs(a) < std::fabs(b); };
  const auto part = static_cast<std::ptrdiff_t>(part_samples_);
  const auto middle = remainder_.begin() + std::ptrdiff_t{kBeside} * part;
  const auto largest = std::max_element(middle - part, middle + 2 * part, louder);
  const auto energy = [&](std::ptrdiff_t from, std::ptrdiff_t to) {
    return std::transform_reduce(largest - from, largest + to + 1, 0.0, std::plus<>(),
                                 [](float e) { return double{e} * double{e}; });
  };
  return energy(before, reach_) / energy(3 * part, 3 * part);
}

// The sound begins or ends there, and what stands at its edge is no more than that leaves of itself: a tone's
// last samples predict up to twice its amplitude.
bool Impulses::is_cut_off(std::size_t centre, double impulse) const {
  const std::size_t length = 18 * part_samples_;
  const std::size_t apart = 2 * part_samples_;
  const auto level = [&](std::size_t from) {
    return std::max(rms(std::span(samples_).subspan(from, length)), kSilence);
  };
  const double before = level(centre - apart - length);
  const double after = level(centre + apart);
  const double louder = std::max(before, after);
  return louder > kMostApart * std::min(before, after) && impulse < kMostOfEdge * louder;
}

std::optional<Impulse> Impulses::judge(std::size_t centre) {
  const std::size_t half = window_.size() / 2;
  const auto part_length = static_cast<std::ptrdiff_t>(part_samples_);
  if (centre < kReach * part_samples_ + kOrder) return std::nullopt;
  for (std::size_t i = 0; i < window_.size(); ++i) windowed_[i] = samples_[centre - half + i];
  bridge(std::span(windowed_).subspan(half - part_samples_ / 2, part_samples_ * 3 / 2 + 1));
  for (std::size_t i = 0; i < window_.size(); ++i) windowed_[i] *= window_[i];
  const auto filter = prediction_error_filter<kOrder>(windowed_);

  // What prediction leaves, and the largest of it in each part; the impulse is at the beginning of part 25.
  std::array<float, 2 * kBeside> largest_of{};
  const std::size_t from = centre - kBeside * part_samples_;
  std::ranges::fill(remainder_, 0.0F);
  for (std::size_t k = 0; k <= kOrder; ++k) {
    const auto factor = static_cast<float>(filter[k]);
    const float* x = samples_.data() + from - k;
    for (std::size_t i = 0; i < remainder_.size(); ++i) remainder_[i] += factor * x[i];
  }
  for (std::size_t part = 0; part < largest_of.size(); ++part) {
    for (std::size_t i = part * part_samples_; i < (part + 1) * part_samples_; ++i)
      largest_of[part] = std::max(largest_of[part], std::fabs(remainder_[i]));
  }
  const auto impulse = double{*std::max_element(largest_of.begin() + 24, largest_of.begin() + 27)};
  const std::span before = std::span(largest_of).subspan(5, 18);
  const std::span after = std::span(largest_of).subspan(28, 18);
  const double largest_after = double{*std::max_element(after.begin(), after.end())};
  const double largest = std::max(double{*std::max_element(before.begin(), before.end())}, largest_after);
  const double sharp = impulse / std::max(largest, kSilence) * concentration(reach_);
  // A lossy encoder lets an impulse rise over some milliseconds and ends it at once, which natural sounds
  // seldom do. So what stands from 6 to 2 ms before it, well below it, may be its own.
  const auto rise = before.end() - 4;
  const double risen = double{*std::max_element(rise, before.end())};
  const double far_from_it =
      std::max({double{*std::max_element(before.begin(), rise)}, largest_after, kSilence});
  const bool may_be_smeared = impulse >= kLeastSmeared && risen < kMostRisen * impulse;
  const double smeared =
      may_be_smeared ? kSmeared * impulse / far_from_it * concentration(3 * part_length) : 0;
  const double strength = std::max(sharp, smeared);
  const double usual_before = std::max(double{median(before)}, kSilence);
  const double usual_after = std::max(double{median(after)}, kSilence);
  const double unlike = std::max(usual_after / usual_before, usual_before / usual_after);
  const bool is_onset = unlike > kMostUnlike && strength < std::pow(unlike, 1.5);
  if (impulse < kLeastRemainder || strength < kLeastStrength || is_onset || is_cut_off(centre, impulse))
    return std::nullopt;
  const auto ago = static_cast<double>(filled_ - centre) / sample_rate_;
  return Impulse{end_ - MediaDuration::seconds(ago), static_cast<float>(strength),
                 static_cast<float>(step_at(kAhead))};
}

}  // namespace monolens
