# Finds LLVM, MLIR and lld, and sets what every target of the project shares.

set(GEMLIR_LLVM_MAJOR 22)
list(APPEND CMAKE_PREFIX_PATH /usr/lib/llvm-${GEMLIR_LLVM_MAJOR})
find_package(MLIR CONFIG)
if(NOT MLIR_FOUND)
  message(FATAL_ERROR "MLIR ${GEMLIR_LLVM_MAJOR} not found: run './build.sh setup', "
    "or set CMAKE_PREFIX_PATH to an LLVM ${GEMLIR_LLVM_MAJOR} installation")
endif()
if(NOT LLVM_VERSION_MAJOR EQUAL GEMLIR_LLVM_MAJOR)
  message(FATAL_ERROR "found LLVM ${LLVM_PACKAGE_VERSION} in ${LLVM_DIR}, expected ${GEMLIR_LLVM_MAJOR}")
endif()
find_package(LLD CONFIG REQUIRED)
find_package(Threads REQUIRED)
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # clang's precompiled headers carry no time stamp here (-fno-pch-timestamp), so ccache may trust them.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} ${CCACHE_PROGRAM})
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_CXX_COMPILER_LAUNCHER})
endif()

# LLVM's headers must see NDEBUG: the distribution's libraries have no debug-only symbols.
add_compile_definitions(NDEBUG)
if(GEMLIR_ENABLE_ASSERTIONS)
  add_compile_definitions(GEMLIR_ENABLE_ASSERTIONS)
endif()
add_compile_options(-Wall -Wextra -Wno-unused-parameter -Wno-comment -Wno-deprecated-declarations
  $<$<COMPILE_LANGUAGE:CXX>:-fvisibility-inlines-hidden>)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  add_compile_options("SHELL:$<$<COMPILE_LANGUAGE:CXX>:-Xclang -fno-pch-timestamp>"
    $<$<COMPILE_LANGUAGE:CXX>:-Wno-deprecated-literal-operator>)
  add_link_options(-fuse-ld=lld)
endif()
add_link_options(-Wl,-z,defs)
if(GEMLIR_SANITIZER)
  add_compile_options(-fsanitize=${GEMLIR_SANITIZER} -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=${GEMLIR_SANITIZER} -Wl,-z,undefs)
endif()
if(GEMLIR_SANITIZER STREQUAL address)
  add_library(GeMlirSanitizerDefaults OBJECT ${CMAKE_SOURCE_DIR}/lib/Support/SanitizerDefaults.cpp)
  link_libraries(GeMlirSanitizerDefaults)
endif()

include_directories(${CMAKE_SOURCE_DIR}/include ${CMAKE_BINARY_DIR}/include)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib64)
list(APPEND LLVM_TABLEGEN_FLAGS -I${MLIR_INCLUDE_DIRS})
set(LLVM_RUNTIME_OUTPUT_INTDIR ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
set(LLVM_LIBRARY_OUTPUT_INTDIR ${CMAKE_LIBRARY_OUTPUT_DIRECTORY})
