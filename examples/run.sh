# Sourced by the examples' executables, with $here (the example's folder) and $program set.
# Builds at the first use; stdout stays clean, since that is where a host waits for the plugin's handshake.
if [ ! -f "$here/dist/$program.js" ] || [ ! -f "$here/../../.bundled" ]; then
  node "$here/../../scripts/build.mjs" "examples/$(basename -- "$here")" >&2 || exit 1
fi
exec node "$here/dist/$program.js" "$@"
