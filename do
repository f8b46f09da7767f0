#!/usr/bin/env bash
# Every habit of the project behind one command; `./do help` lists them.
#
# Each habit first makes sure of the Debian packages it needs, and asks only dpkg while none is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

build_packages=(
  cmake ninja-build ccache g++ pkg-config
  libavformat-dev libavcodec-dev libavutil-dev libswscale-dev libswresample-dev
  libhwy-dev libebur128-dev libkissfft-dev opencv-data
  nlohmann-json3-dev libfmt-dev libcli11-dev libtomlplusplus-dev
  libsqlite3-dev libcurl4-openssl-dev libssl-dev libnats-dev libboost1.81-dev zlib1g-dev
)
# They build the page. Where npm comes with a nodejs that is not Debian's, Debian's can't be installed beside it.
if ! command -v npm >/dev/null; then build_packages+=(nodejs npm); fi
# dpkg-shlibdeps is dpkg-dev's, and asks binutils.
package_packages=(dpkg-dev binutils gzip)
demo_packages=(ffmpeg python3)
test_packages=(
  "${package_packages[@]}" lintian systemd
  libgtest-dev libgmock-dev ffmpeg python3 python3-jsonschema chromium nginx-light mandoc
  nats-server python3-swift python3-botocore openssl python3-yaml prometheus
)
bench_packages=(libbenchmark-dev ffmpeg python3)
lint_packages=(git clang-format clang-tidy-19 cppcheck shellcheck)
fuzz_packages=(clang-19 libclang-rt-19-dev)
fresh_packages=(debootstrap git)

jobs=$(nproc)

usage() {
  cat <<'TEXT'
usage: ./do HABIT [ARGUMENT...]

  demo               check a made 60 s stream that holds every defect, and show what was found
  build              build; the last line is the path of monolens
  package            build the Debian package; the last line is its path
  test [CTEST...]    build and run all tests; arguments go to ctest, as in ./do test -R silence
  bench [OPTION...]  check answers against FFmpeg's filters, then compare the CPU time of both
  bench kernels      GB/s of each kernel for each SIMD target, beside memory bandwidth
  bench density      how many live streams this machine watches at once, and what each costs
  bench latency      how soon a webhook hears of a defect
  bench topology [INPUT...]  one process against the same components distributed: what each takes, and its bill
  bench scale [OPTION...]  what a broker takes, and a simulation of 100,000 streams from that; --docs into docs/scale.md
  eval [OPTION...]   measure accuracy: make defects in clean clips, find them, score; options go to eval make
  eval --docs        the same, and write the results into docs/accuracy.md
  lint [all]         formatting, clang-tidy and cppcheck; of what changed since main, or of all
  format             format all C++ sources
  asan, tsan         the tests under AddressSanitizer and UBSan, or under ThreadSanitizer
  fuzz [SECONDS [TARGET...]]  run each fuzz target for that long (600) from its kept corpus
  screenshots [VIEW...]  draw the page in a browser and write the pictures into docs/screenshots
  faults [OPTION...] harm a cluster at random (200 times), and compare what all instances know; --faults N, --seed N
  soak [OPTION...]   watch streams for half an hour while the service is killed at random; --minutes M
  fresh [FOLDER]     prove demo and test on a bare Debian 12 made in FOLDER
  setup [GROUP...]   only install packages: build package demo test bench lint fuzz fresh (all)
TEXT
}

fail() {
  echo "do: $*" >&2
  exit 1
}

as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  else
    command -v sudo >/dev/null || fail "to install packages, be root or have sudo; missing:${missing[*]/#/ }"
    sudo "$@"
  fi
}

# The servers that the tests use are started by the tests alone, on free ports: no package may start one
# (policy-rc.d holds them back during the installation) nor have one started with the machine.
# shellcheck disable=SC2016  # it expands in the shell that runs it
install_quietly='
  set -e
  export DEBIAN_FRONTEND=noninteractive
  policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    trap "rm -f $policy" EXIT
    printf "#!/bin/sh\nexit 101\n" > $policy
    chmod +x $policy
  fi
  apt-get update -qq
  apt-get install -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 "$@" > /dev/null
  case " $* " in *" nginx-light "*) update-rc.d nginx disable > /dev/null 2>&1 || true ;; esac
  for server in nats-server prometheus; do
    case " $* " in *" $server "*) systemctl disable "$server" > /dev/null 2>&1 || true ;; esac
  done
'

need() {
  command -v dpkg-query >/dev/null || fail "this installs Debian packages; on another system, see the lists in ./do"
  local installed package
  installed=$(dpkg-query -W -f='${db:Status-Status} ${binary:Package}\n' "$@" 2>/dev/null |
    sed -n 's/^installed \([^:]*\).*/\1/p' || true)
  missing=()
  for package in "$@"; do
    if ! grep -qx -- "${package}" <<<"${installed}"; then missing+=("${package}"); fi
  done
  if [[ ${#missing[@]} -eq 0 ]]; then return; fi
  echo "do: installing with apt: ${missing[*]}" >&2
  as_root sh -c "${install_quietly}" sh "${missing[@]}" >&2
}

# Everything but the path goes to standard error, so that `$(./do build)` is the path.
build() {
  local preset=$1 dir=build/$1
  shift
  if [[ ! -e ${dir}/build.ninja || CMakePresets.json -nt ${dir}/build.ninja ]]; then
    cmake --preset "${preset}" >&2
  fi
  cmake --build --preset "${preset}" --parallel "${jobs}" "$@" >&2
}

# The program alone can be built where the tests' packages are not installed.
build_program() {
  if [[ ! -e build/release/build.ninja ]]; then cmake --preset release -DMONOLENS_TESTS=OFF >&2; fi
  build release --target monolens
}

build_with_tests() {
  if grep -qs '^MONOLENS_TESTS:BOOL=OFF' build/release/CMakeCache.txt; then
    cmake --preset release -DMONOLENS_TESTS=ON >&2
  fi
  build release
}

run_tests() {
  local preset=$1
  shift
  ctest --test-dir "build/${preset}" --output-on-failure --parallel "${jobs}" "$@"
}

# ThreadSanitizer of GCC 12 does not start where a newer kernel randomises addresses over more bits than it
# knows; some containers forbid to switch that off, and then it has to do without.
without_address_randomisation() {
  if setarch --addr-no-randomize true 2>/dev/null; then
    setarch --addr-no-randomize ./do "$@"
  else
    ./do "$@"
  fi
}

monolens=build/release/src/app/monolens

make_demo() {
  need "${build_packages[@]}" "${demo_packages[@]}"
  build_program
  tests/media/make_demo out/demo/demo.ts
}

# Exit status 1 says that incidents were found, which is what the demo is made for.
check_demo() {
  local status=0
  "${monolens}" check out/demo/demo.ts --report out/demo/report.json --html out/demo/report.html || status=$?
  if [[ ${status} -ne 1 ]]; then fail "monolens ended with status ${status} instead of 1 (incidents found)"; fi
}

do_demo() {
  make_demo
  check_demo
  printf '\n%s\n' "the stream   ${PWD}/out/demo/demo.ts" "its truth    ${PWD}/out/demo/demo.truth.json" \
    "JSON report  ${PWD}/out/demo/report.json" "HTML report  ${PWD}/out/demo/report.html"
}

do_build() {
  need "${build_packages[@]}"
  build_program
  echo "${PWD}/${monolens}"
}

do_package() {
  need "${build_packages[@]}" "${package_packages[@]}"
  build_program
  rm -rf build/release/package
  cpack --config build/release/CPackConfig.cmake -B "${PWD}/build/release/package" >&2
  echo "${PWD}"/build/release/package/*.deb
}

do_test() {
  need "${build_packages[@]}" "${test_packages[@]}"
  build_with_tests
  run_tests release "$@"
}

do_bench() {
  need "${build_packages[@]}" "${test_packages[@]}" "${bench_packages[@]}"
  if [[ ${1:-} == kernels ]]; then
    shift
    build bench --target monolens_bench_kernels
    build/bench/bench/kernels/monolens_bench_kernels "$@"
    return
  fi
  if [[ ${1:-} == scale ]]; then
    shift
    build bench --target monolens_bench_broker
    bench/scale/run.py --broker build/bench/bench/scale/monolens_bench_broker "$@"
    return
  fi
  build_program
  local which=check
  if [[ ${1:-} == density || ${1:-} == latency || ${1:-} == topology ]]; then
    which=$1
    shift
  fi
  "bench/${which}/run.py" --monolens "${monolens}" "$@"
}

# Clips from $MONOLENS_CLIPS or ../shared/clips where there are any, else generated programmes.
do_eval() {
  local docs=0 clips=${MONOLENS_CLIPS:-../shared/clips} from=()
  if [[ ${1:-} == --docs ]]; then
    docs=1
    shift
  fi
  make_demo
  check_demo >/dev/null
  tests/media/score out/demo/demo.truth.json out/demo/report.json
  if [[ -d ${clips} ]]; then from=(--clips "${clips}" --split-file eval/split.tsv --facts eval/clips.tsv); fi
  rm -rf out/eval
  "${monolens}" eval make "${from[@]}" --out out/eval/set --split score --jobs "${jobs}" "$@"
  "${monolens}" eval run out/eval/set --jobs "${jobs}" --json out/eval/accuracy.json \
    --markdown out/eval/accuracy.md --plots out/eval/accuracy
  if [[ ${docs} -eq 1 ]]; then write_accuracy_docs; fi
}

# Puts the results between the marks in docs/accuracy.md, and the plots beside it.
write_accuracy_docs() {
  awk -v results=out/eval/accuracy.md '
    /^<!-- results end -->/ { inside = 0 }
    !inside { print }
    /^<!-- results begin -->/ { inside = 1; while ((getline line < results) > 0) print line }
  ' docs/accuracy.md >out/eval/docs.md
  mv out/eval/docs.md docs/accuracy.md
  rm -rf docs/accuracy
  cp -r out/eval/accuracy docs/accuracy
}

# Files of the given name patterns: all, or those changed since the branch left main (on main: since the
# commit before) and not yet deleted.
sources() {
  local scope=$1 base
  shift
  if [[ ${scope} == all ]]; then
    git ls-files -- "$@"
    return
  fi
  base=$(git merge-base HEAD origin/main 2>/dev/null || git merge-base HEAD main 2>/dev/null || true)
  if [[ -z ${base} || ${base} == "$(git rev-parse HEAD)" ]]; then base=$(git rev-parse -q --verify HEAD~1 || git rev-parse HEAD); fi
  git diff --name-only --diff-filter=d "${base}" -- "$@"
  git ls-files --others --exclude-standard -- "$@"
}

do_lint() {
  need "${build_packages[@]}" "${test_packages[@]}" "${lint_packages[@]}"
  local scope=${1:-changed}
  sources all '*.cc' '*.h' | xargs -r clang-format --dry-run -Werror
  shellcheck ./do tests/fresh .ci/run web/build deploy/debian/{postinst,prerm,postrm}
  build release
  # A header is checked through the source files that stand beside it under its name. Tests are left out:
  # what GoogleTest's macros make takes clang-tidy minutes a file.
  sources "${scope}" 'src/*.cc' 'src/*.h' ':!*_test.cc' | sed 's/\.h$/.cc/' | sort -u | while read -r file; do
    if [[ -e ${file} ]]; then echo "${file}"; fi
  done | xargs -r -P "${jobs}" -n 1 clang-tidy-19 -p build/release --quiet --warnings-as-errors='*'
  mkdir -p build/cppcheck
  # Views are passed by value here, and some of GoogleTest's macros it can't read.
  cppcheck --project=build/release/compile_commands.json --cppcheck-build-dir=build/cppcheck --library=googletest \
    --enable=warning,performance,portability --inline-suppr --suppress=passedByValue \
    --suppress='syntaxError:*_test.cc' --suppress='internalAstError:*_test.cc' --error-exitcode=1 -j "${jobs}" --quiet
}

do_format() {
  need "${lint_packages[@]}"
  sources all '*.cc' '*.h' | xargs -r clang-format -i
}

do_asan() {
  need "${build_packages[@]}" "${test_packages[@]}"
  export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1
  export UBSAN_OPTIONS=print_stacktrace=1
  build asan
  run_tests asan "$@"
}

# The build is inside as well: it starts the test programs to list their tests.
do_tsan() {
  need "${build_packages[@]}" "${test_packages[@]}"
  without_address_randomisation tsan-here "$@"
}

do_tsan-here() {
  export TSAN_OPTIONS="halt_on_error=1:second_deadlock_stack=1:suppressions=${PWD}/tests/tsan.supp"
  build tsan
  run_tests tsan "$@"
}

do_fuzz() {
  need "${build_packages[@]}" "${test_packages[@]}" "${fuzz_packages[@]}"
  local seconds=${1:-600} names=("${@:2}") target name grown
  export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
  if [[ ${#names[@]} -eq 0 ]]; then mapfile -t names < <(cd tests/fuzz/corpus && printf '%s\n' *); fi
  build fuzz --target "${names[@]/#/fuzz_}"
  mkdir -p build/fuzz/artifacts
  for name in "${names[@]}"; do
    target=build/fuzz/tests/fuzz/fuzz_${name}
    if [[ ! -x ${target} ]]; then fail "no fuzz target is called '${name}'"; fi
    grown=build/fuzz/corpus/${name}
    mkdir -p "${grown}"
    echo "do: fuzzing ${name} for ${seconds} s" >&2
    "${target}" -max_total_time="${seconds}" -timeout=30 -rss_limit_mb=4096 -print_final_stats=1 \
      -artifact_prefix="build/fuzz/artifacts/${name}-" "${grown}" "tests/fuzz/corpus/${name}"
  done
}

do_faults() {
  need "${build_packages[@]}" "${test_packages[@]}"
  build_program
  MONOLENS=${PWD}/${monolens} MONOLENS_TEST_MEDIA=${PWD}/out/soak tests/e2e/cluster_faults.py "$@"
}

do_soak() {
  need "${build_packages[@]}" "${test_packages[@]}"
  build_program
  MONOLENS=${PWD}/${monolens} MONOLENS_TEST_MEDIA=${PWD}/out/soak tests/e2e/soak.py "$@"
}

do_screenshots() {
  need "${build_packages[@]}" "${test_packages[@]}"
  build_program
  MONOLENS_PAGE=${PWD}/build/release/page node tests/page/screenshots.mjs docs/screenshots "$@"
}

do_fresh() {
  need "${fresh_packages[@]}"
  as_root tests/fresh "$@"
}

do_setup() {
  local groups=("$@") group packages=()
  if [[ $# -eq 0 ]]; then groups=(build package demo test bench lint fuzz fresh); fi
  for group in "${groups[@]}"; do
    declare -n list="${group}_packages"
    if [[ ! -v list ]]; then fail "unknown group '${group}'"; fi
    packages+=("${list[@]}")
  done
  mapfile -t packages < <(printf '%s\n' "${packages[@]}" | sort -u)
  need "${packages[@]}"
}

habit=${1:-help}
if [[ $# -gt 0 ]]; then shift; fi
case ${habit} in
  demo | build | package | test | bench | eval | lint | format | asan | tsan | tsan-here | fuzz | screenshots | faults | soak | fresh | setup)
    "do_${habit}" "$@"
    ;;
  help | -h | --help) usage ;;
  *)
    usage >&2
    exit 2
    ;;
esac
