"""Whatever depends on the operating system, and nothing else: Linux, macOS and Windows differ only here.

| module | what differs |
|---|---|
| `cores` | how many cores this process may use: affinity, a container's share |
| `files` | binary handles, folders that reach the disk, moves over what stands there, paths over 260 letters |
| `locks` | locks that end with their process, and what to do where the system has none |
| `memory` | giving memory back, the most that was held |
| `names` | file names that some system refuses, commands as a shell takes them |
| `nvidia` | an NVIDIA GPU: memory, programs, launches |
| `ports` | asking whether a port is free |
| `private` | a folder of this user alone; where compiled code is kept |
| `processes` | further Python processes |
| `signals` | orders to end |
| `screen` | encodings, a line drawn anew, a reader that has gone |

Each has a fallback for a system that lacks what it asks for, and `tests/platforms` drives them all. Nothing outside may
import or call what only some systems have; `tests/platforms/test_only_here.py` checks this.
"""
