# monolens_library(NAME [LINK lib…] [TEST_LINK lib…])
#
# Makes the static library monolens_NAME from the folder's .cc files, and monolens_NAME_test from its
# *_test.cc files. LINK names the folders above it in the flow and what it needs from outside. Each header is
# compiled alone by the target all_verify_interface_header_sets.
function(monolens_library name)
  cmake_parse_arguments(arg "" "" "LINK;TEST_LINK;SOURCES" ${ARGN})
  file(GLOB headers CONFIGURE_DEPENDS *.h)
  if(NOT arg_SOURCES)
    file(GLOB arg_SOURCES CONFIGURE_DEPENDS *.cc)
  endif()
  set(tests ${arg_SOURCES})
  list(FILTER arg_SOURCES EXCLUDE REGEX "_test\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")

  add_library(monolens_${name} STATIC ${arg_SOURCES})
  set_target_properties(monolens_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON LINKER_LANGUAGE CXX)
  target_sources(monolens_${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${CMAKE_SOURCE_DIR}/src FILES ${headers})
  target_link_libraries(monolens_${name} PUBLIC monolens_flags ${arg_LINK})

  if(MONOLENS_TESTS AND tests)
    add_executable(monolens_${name}_test ${tests})
    target_link_libraries(monolens_${name}_test PRIVATE monolens_${name} ${arg_TEST_LINK} GTest::gmock GTest::gmock_main)
    gtest_discover_tests(monolens_${name}_test TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60)
  endif()
endfunction()
