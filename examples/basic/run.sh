# Sourced by the executables beside it, with $here (this folder) and $program set.
# Builds at the first use; stdout stays clean, since that is where a host waits for the plugin's handshake.
if [ ! -f "$here/dist/$program.js" ]; then
  node "$here/../../scripts/build.mjs" examples/basic >&2 || exit 1
fi
exec node "$here/dist/$program.js" "$@"
