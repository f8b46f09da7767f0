# The build's switches. Presets in CMakePresets.json set them; see `cmake --list-presets`.

option(MONOLENS_TESTS "Build the tests" ON)
option(MONOLENS_BENCH "Build the benchmarks" OFF)
option(MONOLENS_FUZZ "Build the libFuzzer targets (clang only)" OFF)
set(MONOLENS_SANITIZE "" CACHE STRING "Sanitizers: a value of -fsanitize=, or empty")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(MONOLENS_CCACHE ccache)
if(MONOLENS_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${MONOLENS_CCACHE})
endif()

add_library(monolens_flags INTERFACE)
target_include_directories(monolens_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(monolens_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # libstdc++ 12's std::stable_sort uses what libstdc++ 12 calls deprecated.
  target_compile_options(monolens_flags INTERFACE -Wno-deprecated-declarations)
endif()
if(MONOLENS_SANITIZE)
  target_compile_options(monolens_flags INTERFACE -fsanitize=${MONOLENS_SANITIZE} -fno-omit-frame-pointer
                                                  -fno-sanitize-recover=all)
  target_link_options(monolens_flags INTERFACE -fsanitize=${MONOLENS_SANITIZE})
endif()
if(MONOLENS_FUZZ)
  target_compile_options(monolens_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
