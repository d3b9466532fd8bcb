# Source this file: it sets what programs that use the installation look for.
# shellcheck shell=sh
if [ -n "${BASH_SOURCE:-}" ]; then
  _gemlir_script=$BASH_SOURCE
elif [ -n "${ZSH_VERSION:-}" ]; then
  _gemlir_script=$(eval 'printf %s "${(%):-%x}"')
else
  # A plain shell does not say where a sourced file lies.
  _gemlir_script=${ASCEND_HOME_PATH:-.}/set_env.sh
fi
_gemlir_home=$(cd "$(dirname "$_gemlir_script")" && pwd)
if [ ! -e "$_gemlir_home/lib64/libGeMlirRuntime.so" ]; then
  echo "set_env.sh: no installation in $_gemlir_home; in this shell, set ASCEND_HOME_PATH first" >&2
else
  export ASCEND_HOME_PATH="$_gemlir_home"
  export ASCEND_OPP_PATH="$_gemlir_home/opp"
  case ":${PATH:-}:" in
  *":$_gemlir_home/bin:"*) ;;
  *) export PATH="$_gemlir_home/bin${PATH:+:$PATH}" ;;
  esac
  case ":${LD_LIBRARY_PATH:-}:" in
  *":$_gemlir_home/lib64:"*) ;;
  *) export LD_LIBRARY_PATH="$_gemlir_home/lib64${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" ;;
  esac
fi
unset _gemlir_script _gemlir_home
