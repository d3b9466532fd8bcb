# What 'cmake --install' lays out, and the libraries with GE's names.
#
#   include/  lib64/ (and lib, a link to it)  devlib/  bin/  opp/built-in/op_proto/inc/  set_env.sh
#
# A library with a GE name is a symbolic link to the one that implements it, so
# linking, loading and dlopen all reach one copy. devlib has the same names for
# linkers that are pointed there.

set(GEMLIR_COMPILER_NAMES
  ge_runner ge_runner_v2 ge_compiler ge_common_base graph graph_base metadef
  register fmk_onnx_parser fmk_parser)
set(GEMLIR_RUNTIME_NAMES acl_rt acl_mdl ascendcl runtime c_sec)

set(links ${CMAKE_BINARY_DIR}/links)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/lib64 ${links}/devlib)
foreach(kind Compiler Runtime)
  string(TOUPPER ${kind} upper)
  foreach(name ${GEMLIR_${upper}_NAMES})
    file(CREATE_LINK libGeMlir${kind}.so ${CMAKE_BINARY_DIR}/lib64/lib${name}.so SYMBOLIC)
    file(CREATE_LINK ../lib64/libGeMlir${kind}.so ${links}/devlib/lib${name}.so SYMBOLIC)
    install(FILES ${CMAKE_BINARY_DIR}/lib64/lib${name}.so DESTINATION lib64)
    install(FILES ${links}/devlib/lib${name}.so DESTINATION devlib)
  endforeach()
endforeach()
file(CREATE_LINK lib64 ${links}/lib SYMBOLIC)
install(FILES ${links}/lib DESTINATION .)

# Headers: GE's as clients name them, and the project's own. Generated ones lie
# in the build tree under the same names.
foreach(root ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
  install(DIRECTORY ${root}/include/ DESTINATION include FILES_MATCHING
    PATTERN "*.h" PATTERN "*.inc" PATTERN "*.td"
    PATTERN "CMakeFiles" EXCLUDE PATTERN "op_proto" EXCLUDE)
endforeach()
install(DIRECTORY ${CMAKE_BINARY_DIR}/include/op_proto/
  DESTINATION opp/built-in/op_proto/inc OPTIONAL FILES_MATCHING PATTERN "*.h")

# set_env.sh, the CMake package and pkg-config files.
include(CMakePackageConfigHelpers)
install(PROGRAMS ${CMAKE_SOURCE_DIR}/lib/cmake/set_env.sh DESTINATION .)
configure_package_config_file(${CMAKE_SOURCE_DIR}/lib/cmake/GeMlirConfig.cmake.in
  ${CMAKE_BINARY_DIR}/cmake/GeMlirConfig.cmake INSTALL_DESTINATION lib64/cmake/GeMlir)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/cmake/GeMlirConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/cmake/GeMlirConfig.cmake
  ${CMAKE_BINARY_DIR}/cmake/GeMlirConfigVersion.cmake DESTINATION lib64/cmake/GeMlir)
foreach(part ge-mlir ge-mlir-runtime)
  configure_file(${CMAKE_SOURCE_DIR}/lib/cmake/${part}.pc.in ${CMAKE_BINARY_DIR}/cmake/${part}.pc @ONLY)
  install(FILES ${CMAKE_BINARY_DIR}/cmake/${part}.pc DESTINATION lib64/pkgconfig)
endforeach()
install(FILES ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION .)
