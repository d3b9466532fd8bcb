# add_gemlir_library(Name [RUNTIME] [MLIR] source... [DEPENDS target...])
#
# An object library that becomes part of libGeMlirRuntime (RUNTIME) or
# libGeMlirCompiler (otherwise). MLIR gives it LLVM's include path and the shared
# precompiled header; without MLIR a source cannot include LLVM.
set_property(GLOBAL PROPERTY GEMLIR_RUNTIME_OBJECTS)
set_property(GLOBAL PROPERTY GEMLIR_COMPILER_OBJECTS)

function(add_gemlir_library name)
  cmake_parse_arguments(ARG "RUNTIME;MLIR" "" "DEPENDS;INCLUDE_DIRS" ${ARGN})
  foreach(source ${ARG_UNPARSED_ARGUMENTS}) # DEV-ONLY
    if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${source} AND NOT IS_ABSOLUTE ${source})
      list(REMOVE_ITEM ARG_UNPARSED_ARGUMENTS ${source})
    endif()
  endforeach()
  if(NOT ARG_UNPARSED_ARGUMENTS)
    return()
  endif() # DEV-ONLY END
  add_library(${name} OBJECT ${ARG_UNPARSED_ARGUMENTS})
  if(ARG_MLIR)
    gemlir_use_mlir(${name})
  endif()
  if(ARG_INCLUDE_DIRS)
    target_include_directories(${name} PRIVATE ${ARG_INCLUDE_DIRS})
  endif()
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  if(ARG_RUNTIME)
    set_property(GLOBAL APPEND PROPERTY GEMLIR_RUNTIME_OBJECTS ${name})
  else()
    set_property(GLOBAL APPEND PROPERTY GEMLIR_COMPILER_OBJECTS ${name})
  endif()
endfunction()

# LLVM's headers and the project's precompiled MLIR headers for one target.
# gemlir_use_mlir(Name [NO_PCH])
function(gemlir_use_mlir name)
  target_include_directories(${name} SYSTEM PRIVATE ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS} ${LLD_INCLUDE_DIRS})
  if(TARGET GeMlirPrecompiledHeaders AND NOT "NO_PCH" IN_LIST ARGN)
    target_precompile_headers(${name} REUSE_FROM GeMlirPrecompiledHeaders)
  endif()
  if(TARGET GeMlirDialectHeaders)
    add_dependencies(${name} GeMlirDialectHeaders)
  endif()
endfunction()

# gemlir_tablegen(file.td out.inc args... ) adds to TABLEGEN_OUTPUT; then
# gemlir_tablegen_target(Name) makes a target that GeMlirDialectHeaders waits for.
function(gemlir_tablegen td out)
  set(LLVM_TARGET_DEFINITIONS ${td})
  mlir_tablegen(${out} ${ARGN})
  set(TABLEGEN_OUTPUT ${TABLEGEN_OUTPUT} PARENT_SCOPE)
endfunction()

function(gemlir_tablegen_target name)
  add_custom_target(${name} DEPENDS ${TABLEGEN_OUTPUT})
  add_dependencies(GeMlirDialectHeaders ${name})
endfunction()

# add_gemlir_tool(name source... [MLIR] [RUNTIME_ONLY]): an executable of the project.
function(add_gemlir_tool name)
  cmake_parse_arguments(ARG "MLIR;RUNTIME_ONLY" "" "LINK_LIBS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  if(ARG_MLIR)
    # As the precompiled headers were: -fPIE would refuse them.
    set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(${name} PRIVATE -fPIC)
    gemlir_use_mlir(${name})
  endif()
  if(ARG_RUNTIME_ONLY)
    target_link_libraries(${name} PRIVATE GeMlirRuntime ${ARG_LINK_LIBS})
  else()
    target_link_libraries(${name} PRIVATE GeMlirCompiler GeMlirRuntime ${ARG_LINK_LIBS})
    if(ARG_MLIR)
      target_link_libraries(${name} PRIVATE MLIR LLVM)
    endif()
  endif()
  set_target_properties(${name} PROPERTIES INSTALL_RPATH "$ORIGIN/../lib64")
  install(TARGETS ${name} RUNTIME DESTINATION bin)
  set_property(GLOBAL APPEND PROPERTY GEMLIR_TOOLS ${name})
endfunction()
