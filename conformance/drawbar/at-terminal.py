"""Runs a program at a pseudo-terminal and plays the person.

at-terminal.py PROMPT KEYS COMMAND…: types KEYS once PROMPT was shown. Prints what the terminal showed; ends
with the program's exit code.
"""
import os
import pty
import select
import sys
import time

prompt, keys, command = sys.argv[1].encode(), sys.argv[2].encode(), sys.argv[3:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
shown, typed, deadline = b"", False, time.monotonic() + 50
while time.monotonic() < deadline:
    if not select.select([terminal], [], [], 1)[0]:
        continue
    try:
        chunk = os.read(terminal, 4096)
    except OSError:  # Linux: the other end of the terminal is closed.
        break
    if not chunk:
        break
    shown += chunk
    if not typed and prompt in shown:
        os.write(terminal, keys)
        typed = True
else:
    os.kill(pid, 9)
sys.stdout.buffer.write(shown)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
