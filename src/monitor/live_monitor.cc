#include "monitor/live_monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/backoff.h"
#include "base/cpu_clock.h"
#include "base/stable_id.h"
#include "media/url_policy.h"
#include "monitor/crash_note.h"

namespace monolens {
namespace {

constexpr auto kHealthySession = std::chrono::seconds(10);  // after which a new failure counts as the first
constexpr auto kBackPressure = std::chrono::milliseconds(20);
constexpr auto kPictureInterval = std::chrono::seconds(4);
constexpr int kPictureWidth = 320;
constexpr const char* kStalledKind = "transport.stalled";
constexpr const char* kDegradedKind = "monitor.degraded";

Profile profile_of(Ladder ladder) {
  switch (ladder) {
    case Ladder::kFull:
      return Profile::kFull;
    case Ladder::kEconomy:
      return Profile::kEconomy;
    case Ladder::kKeyFrames:
    case Ladder::kPaused:
      return Profile::kKeyFrames;
  }
  return Profile::kFull;
}

const char* note_of(Ladder ladder) {
  switch (ladder) {
    case Ladder::kFull:
      return "analysed in full again";
    case Ladder::kEconomy:
      return "pictures that no other refers to are left out";
    case Ladder::kKeyFrames:
      return "only key pictures are analysed";
    case Ladder::kPaused:
      return "nothing is analysed";
  }
  return "";
}

bool is_segmented(const InputInfo& input) { return input.format == "hls" || input.format == "dash"; }

bool is_file(const std::string& url) {
  auto kind = classify_input(url);
  return kind && *kind == InputKind::kFile;
}

template <class T>
std::chrono::milliseconds millis(T duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration);
}

}  // namespace

LiveMonitor::LiveMonitor(LiveOptions options, LiveListener listener, OnReady on_ready)
    : options_(std::move(options)),
      listener_(std::move(listener)),
      on_ready_(std::move(on_ready)),
      restarted_because_(options_.restarted_because),
      is_file_(is_file(options_.url)),
      playlists_(std::make_shared<HlsWatch>()),
      queue_(options_.queue),
      handled_(Clock::now()),
      last_arrival_(handled_) {
  options_.pipeline.seconds = listener_.on_second != nullptr;
  options_.pipeline.clips = listener_.on_clip != nullptr;
  rhythm_.reset(options_.stalled_after, false);
  reader_ = std::thread([this] { read_for_ever(); });
}

LiveMonitor::~LiveMonitor() {
  stop();
  reader_.join();
}

void LiveMonitor::stop() {
  {
    const std::lock_guard lock(wait_mutex_);
    stop_.store(true);
  }
  woken_.notify_all();
}

// ---- the reading thread

bool LiveMonitor::wait(std::chrono::milliseconds time) {
  std::unique_lock lock(wait_mutex_);
  return !woken_.wait_for(lock, time, [this] { return stop_.load(); });
}

void LiveMonitor::put(decltype(QueueItem::what) what) {
  queue_.put({.what = std::move(what), .arrived = Clock::now()});
  on_ready_();
}

void LiveMonitor::read_for_ever() {
  const CrashNote::Scope in_hand(options_.id);
  Backoff backoff(options_.retry_first, options_.retry_most);
  while (!stop_.load() && read_session(backoff)) {
    if (!wait(backoff.next())) return;
  }
}

std::shared_ptr<Pipeline> LiveMonitor::open_pipeline(const Source& source, Ladder step,
                                                     std::string& trouble) {
  PipelineOptions options = options_.pipeline;
  options.converter.profile = std::max(options.converter.profile, profile_of(step));
  // An incident of another session is another one, though both may stand at the same media time.
  options.identity = fmt::format("{}/{}", options_.id, WallTime::clock::now().time_since_epoch().count());
  auto pipeline =
      Pipeline::open(source, std::move(options),
                     [this](const InputInfo& input, const IncidentEvent& event) { tell(input, event); });
  if (pipeline) return std::move(*pipeline);
  trouble = pipeline.error().message;
  return nullptr;
}

bool LiveMonitor::read_session(Backoff& backoff) {
  const auto began = Clock::now();
  auto source = Source::open({.url = options_.url,
                              .program = options_.program,
                              .variant = options_.variant,
                              .timeout = options_.timeout,
                              .stop = &stop_,
                              .on_event = [this](const StreamEvent& event) { put(event); },
                              .playlists = playlists_});
  std::string trouble;
  if (!source) trouble = source.error().message;
  const bool stale = source && playlists_->stale(HlsWatch::Clock::now());
  if (stale) trouble = playlists_->trouble();
  const Ladder step = ladder_.load();
  auto pipeline = source && !stale ? open_pipeline(**source, step, trouble) : nullptr;
  if (stop_.load()) return false;
  if (!pipeline) {
    put(SourceFailed{trouble});
    return true;
  }
  renew_.store(false);
  put(SourceOpened{.pipeline = std::move(pipeline), .step = step});

  for (;;) {
    Packet packet;
    const auto asked = Clock::now();
    ReadStatus status = (*source)->read(packet);
    if (status == ReadStatus::kInterrupted || stop_.load()) return false;
    // What a demuxer still hands out when the deadline passes is a picture cut off, and nothing has arrived.
    const bool cut_off =
        status == ReadStatus::kPacket && !is_file_ && Clock::now() - asked >= (*source)->timeout();
    if (cut_off) {
      packet = {};
      status = ReadStatus::kStalled;
    }
    const bool any = status == ReadStatus::kPacket || !packet.transport.empty();
    if (any) {
      while (is_file_ && !queue_.has_room()) {
        if (!wait(kBackPressure)) return false;
      }
      if (renew_.exchange(false) || !queue_.has_room()) {
        const std::size_t dropped = queue_.drop_packets();
        const Ladder next = ladder_.load();
        auto fresh = open_pipeline(**source, next, trouble);
        if (!fresh) {
          put(SourceEnded{.for_good = false, .trouble = trouble});
          return true;
        }
        put(PacketsDropped{.pipeline = std::move(fresh), .step = next, .packets = dropped});
      }
      put(std::move(packet));
    }
    if (status != ReadStatus::kPacket) {
      const auto seconds = static_cast<double>((*source)->timeout().count()) / 1000.0;
      trouble = cut_off ? fmt::format("timed out: no data for {:g} s", seconds) : (*source)->error();
      put(SourceEnded{.for_good = is_file_ && status == ReadStatus::kEnd, .trouble = trouble});
      if (Clock::now() - began > kHealthySession) backoff.reset();
      return !is_file_ || status != ReadStatus::kEnd;
    }
  }
}

// ---- the worker's side

bool LiveMonitor::work(std::chrono::milliseconds slice) {
  const CrashNote::Scope in_hand(options_.id);
  const CpuClock cpu(CpuClock::Of::kThread);
  tell_restart();
  const auto until = Clock::now() + slice;
  bool more = true;
  do {
    if (auto item = queue_.take()) handle(*item);
    more = !queue_.empty();
  } while (more && Clock::now() < until);
  const auto now = Clock::now();
  handled_ = now;
  follow_ladder();
  if (!more) watch_arrivals(now);
  if (pipeline_) pipeline_->forget_closed();
  tell_clips();
  tell_picture(now);
  const double used_s = cpu.seconds();
  untold_cpu_s_ += used_s;
  tell_seconds();

  const std::lock_guard lock(status_mutex_);
  status_.cpu_s += used_s;
  status_.video_frames = frames_before_;
  if (pipeline_) {
    status_.position_s = pipeline_->front().seconds();
    status_.video_frames += pipeline_->video_frames();
  }
  status_.sound = pipeline_ ? pipeline_->sound() : std::nullopt;
  return more;
}

void LiveMonitor::handle(QueueItem& item) {
  handled_ = item.arrived;
  if (auto* packet = std::get_if<Packet>(&item.what)) {
    if (packet->track >= 0 && !packet->leftover) note_arrival(item.arrived);
    if (pipeline_) pipeline_->push(*packet);
  } else if (auto* event = std::get_if<StreamEvent>(&item.what)) {
    heed(*event);
  } else if (auto* opened = std::get_if<SourceOpened>(&item.what)) {
    const InputInfo& input = opened->pipeline->input();
    rhythm_.reset(options_.stalled_after, is_segmented(input));
    last_arrival_ = item.arrived;
    connected_ = true;
    {
      const std::lock_guard lock(status_mutex_);
      status_.state = stall_ ? LiveState::kStalled : LiveState::kRunning;
      status_.trouble.clear();
      status_.input = input;
      ++status_.sessions;
    }
    begin_session(std::move(opened->pipeline), opened->step);
  } else if (auto* dropped = std::get_if<PacketsDropped>(&item.what)) {
    end_session();
    last_arrival_ = item.arrived;
    begin_session(std::move(dropped->pipeline), dropped->step);
    const std::lock_guard lock(status_mutex_);
    status_.dropped_packets += dropped->packets;
  } else if (auto* ended = std::get_if<SourceEnded>(&item.what)) {
    end_session();
    connected_ = false;
    const bool gone = !ended->for_good;
    if (gone) begin_stall(last_arrival_, ended->trouble.empty() ? "the source ended" : ended->trouble);
    const std::lock_guard lock(status_mutex_);
    status_.state = gone ? LiveState::kRetrying : LiveState::kEnded;
    status_.trouble = ended->trouble;
  } else if (auto* failed = std::get_if<SourceFailed>(&item.what)) {
    begin_stall(last_arrival_, failed->trouble);
    const std::lock_guard lock(status_mutex_);
    status_.state = LiveState::kRetrying;
    status_.trouble = failed->trouble;
  }
}

void LiveMonitor::heed(const StreamEvent& event) {
  if (event.type == StreamEvent::Type::kPlaylistStale) {
    begin_stall(last_arrival_, event.detail);
    const std::lock_guard lock(status_mutex_);
    status_.state = LiveState::kStalled;
    return;
  }
  if (!pipeline_) return;
  StreamEvent now = event;
  now.time = pipeline_->front();
  pipeline_->tell(now);
}

void LiveMonitor::begin_session(std::shared_ptr<Pipeline> pipeline, Ladder step) {
  follow_ladder();
  if (followed_ == Ladder::kPaused) return;
  if (step == followed_) {
    pipeline_ = std::move(pipeline);
  } else {
    renew_.store(true);
  }
}

void LiveMonitor::end_session() {
  if (!pipeline_) return;
  handled_ = last_arrival_;  // what is still open ends with the last packet, not when its loss was noticed
  pipeline_->flush();
  pipeline_->finish();
  tell_seconds();
  tell_clips();
  zero_.reset();
  frames_before_ += pipeline_->video_frames();
  {
    const std::lock_guard lock(status_mutex_);
    status_.position_s = pipeline_->front().seconds();
    status_.video_frames = frames_before_;
  }
  pipeline_.reset();
  started_.clear();
}

void LiveMonitor::note_arrival(Clock::time_point arrived) {
  rhythm_.add(millis(arrived - last_arrival_));
  last_arrival_ = arrived;
  end_stall();
}

void LiveMonitor::watch_arrivals(Clock::time_point now) {
  if (!connected_ || stall_ || is_file_) return;
  const auto silent = millis(now - last_arrival_);
  if (silent < rhythm_.stalls_after()) return;
  begin_stall(last_arrival_,
              fmt::format("nothing arrives for {:.1f} s", static_cast<double>(silent.count()) / 1000.0));
  const std::lock_guard lock(status_mutex_);
  status_.state = LiveState::kStalled;
}

void LiveMonitor::begin_stall(Clock::time_point since, std::string note) {
  if (stall_) {
    if (stall_->evidence.note == note) return;
    stall_->evidence.note = std::move(note);
    tell_own(IncidentEvent::Type::kUpdate, *stall_, stall_started_, std::nullopt);
    return;
  }
  stall_started_ = wall(since);
  stall_.emplace();
  stall_->kind = kStalledKind;
  stall_->detector = "stalled";
  stall_->evidence.note = std::move(note);
  tell_own(IncidentEvent::Type::kOpen, *stall_, stall_started_, std::nullopt);
}

void LiveMonitor::end_stall() {
  if (!stall_) return;
  tell_own(IncidentEvent::Type::kClose, *stall_, stall_started_, wall(handled_));
  stall_.reset();
  const std::lock_guard lock(status_mutex_);
  status_.state = LiveState::kRunning;
}

void LiveMonitor::tell_restart() {
  if (restarted_because_.empty()) return;
  Incident incident;
  incident.kind = kDegradedKind;
  incident.detector = "watchdog";
  incident.evidence.note = std::exchange(restarted_because_, {});
  const WallTime now = WallTime::clock::now();
  tell_own(IncidentEvent::Type::kOpen, incident, now, std::nullopt);
  tell_own(IncidentEvent::Type::kClose, incident, now, now);
}

void LiveMonitor::follow_ladder() {
  const Ladder wanted = ladder_.load(std::memory_order_relaxed);
  if (wanted == followed_) return;
  end_session();
  followed_ = wanted;
  {
    const std::lock_guard lock(status_mutex_);
    status_.ladder = wanted;
  }
  if (connected_ && wanted != Ladder::kPaused) renew_.store(true);
  const WallTime now = WallTime::clock::now();
  if (!degraded_) {
    degraded_.emplace();
    degraded_->kind = kDegradedKind;
    degraded_->detector = "orchestrator";
    degraded_started_ = now;
    degraded_->evidence.note = note_of(wanted);
    tell_own(IncidentEvent::Type::kOpen, *degraded_, degraded_started_, std::nullopt);
    return;
  }
  const bool over = wanted == Ladder::kFull;
  degraded_->evidence.note = note_of(wanted);
  tell_own(over ? IncidentEvent::Type::kClose : IncidentEvent::Type::kUpdate, *degraded_, degraded_started_,
           over ? std::optional(now) : std::nullopt);
  if (over) degraded_.reset();
}

// ---- telling

WallTime LiveMonitor::wall(Clock::time_point time) const {
  return WallTime::clock::now() - std::chrono::duration_cast<WallTime::duration>(Clock::now() - time);
}

// Segments arrive in bursts, but are shown at an even pace: the presentation's zero is as early as any packet
// that has come makes it, and moves with the sender's clock.
void LiveMonitor::tell_seconds() {
  if (!listener_.on_second || !pipeline_) return;
  auto seconds = pipeline_->take_seconds();
  if (seconds.empty()) return;
  constexpr auto kDrift = std::chrono::milliseconds(1);  // a second
  const auto since = [](MediaTime time) {
    return std::chrono::duration_cast<WallTime::duration>(std::chrono::nanoseconds(time.since_start().ns()));
  };
  const WallTime zero = wall(handled_) - since(pipeline_->front());
  const auto most = zero_.value_or(zero) + kDrift * static_cast<int>(seconds.size());
  zero_ = std::min<WallTime>(zero, most);
  seconds.back().measured.add("lag_s", std::chrono::duration<double>(Clock::now() - handled_).count());
  const double cpu_s = untold_cpu_s_ / static_cast<double>(seconds.size());
  untold_cpu_s_ = 0;
  for (SecondMeter::Second& s : seconds) {
    s.measured.add("cpu_s", cpu_s);
    const auto shown = std::chrono::floor<std::chrono::seconds>(*zero_ + since(s.start));
    listener_.on_second({.monitor = options_.id,
                         .start_s = shown.time_since_epoch().count(),
                         .measured = std::move(s.measured)});
  }
}

void LiveMonitor::tell_clips() {
  if (!listener_.on_clip || !pipeline_) return;
  for (Clip& clip : pipeline_->take_clips())
    listener_.on_clip({.monitor = options_.id, .clip = std::move(clip)});
}

void LiveMonitor::tell_picture(Clock::time_point now) {
  if (!listener_.on_picture || !pipeline_ || now < next_picture_) return;
  const std::uint64_t come = frames_before_ + pipeline_->video_frames();
  if (come == pictured_) return;
  const InHand::Step step(*options_.pipeline.in_hand, "evidence");
  auto jpeg = pipeline_->picture(kPictureWidth);
  if (jpeg.empty()) return;
  pictured_ = come;
  next_picture_ = now + kPictureInterval;
  listener_.on_picture({.monitor = options_.id, .taken = wall(handled_), .jpeg = std::move(jpeg)});
}

void LiveMonitor::tell(const InputInfo& input, const IncidentEvent& event) {
  const Incident& incident = *event.incident;
  const WallTime now = wall(handled_);
  const auto at = [&](MediaTime time) {
    return now -
           std::chrono::duration_cast<WallTime::duration>(std::chrono::nanoseconds((event.at - time).ns()));
  };
  // Arrivals jitter, by a segment's length in HLS; an incident has one beginning all the same.
  const WallTime started = started_.try_emplace(incident.id, at(incident.start)).first->second;
  LiveEvent told{.type = event.type,
                 .monitor = options_.id,
                 .incident = incident,
                 .told = WallTime::clock::now(),
                 .started = started};
  if (incident.track >= 0) told.track = input.tracks[static_cast<std::size_t>(incident.track)];
  if (incident.end) told.ended = std::max(started, at(*incident.end));
  if (event.type == IncidentEvent::Type::kClose) started_.erase(incident.id);
  if (event.type != IncidentEvent::Type::kOpen) told.incident.evidence.jpeg.clear();
  listener_.on_event(told);
}

void LiveMonitor::tell_own(IncidentEvent::Type type, Incident& incident, WallTime started,
                           std::optional<WallTime> ended) {
  if (type == IncidentEvent::Type::kOpen) {
    incident.id = stable_id({options_.id, incident.kind, std::to_string(started.time_since_epoch().count()),
                             std::to_string(++own_incidents_)});
    incident.severity = kind_info(incident.kind).severity;
  }
  listener_.on_event({.type = type,
                      .monitor = options_.id,
                      .incident = incident,
                      .told = WallTime::clock::now(),
                      .started = started,
                      .ended = ended});
}

LiveState LiveMonitor::state() const {
  const std::lock_guard lock(status_mutex_);
  return status_.state;
}

LiveStatus LiveMonitor::status() const {
  LiveStatus status;
  {
    const std::lock_guard lock(status_mutex_);
    status = status_;
  }
  status.restarts = options_.restarts;
  status.lag_s = static_cast<double>(lag().count()) / 1000.0;
  return status;
}

}  // namespace monolens
