"""A copy of this machine's root that is thrown away: for what installs packages and must leave nothing behind.

An overlay in memory over /, in namespaces of its own for mounts, network and processes. All of it is gone with
the process that holds them, whatever ends that. Needs root and a kernel that gives overlays; systemd does not
run in it.
"""

import os
import subprocess
from pathlib import Path

# Holds the namespaces until its standard input ends. The first line it prints says that the root is there. The
# shell stays: as the first process of its namespace it has to bury the others.
HOLDER = """
set -e
root=$1/root
mount -t tmpfs -o mode=755 tmpfs "$1"
mkdir "$1/upper" "$1/work" "$root"
mount -t overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" overlay "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
for folder in run tmp; do mount -t tmpfs -o mode=1777 tmpfs "$root/$folder"; done
test -x "$root/usr/bin/dpkg"
exec chroot "$root" sh -c 'echo ready; cat; exit'
"""

LOOPBACK_UP = """
import fcntl, socket, struct
with socket.socket() as s:
    fcntl.ioctl(s, 0x8914, struct.pack("16sH14x", b"lo", 0x1))  # SIOCSIFFLAGS, IFF_UP
"""


class Unavailable(Exception):
    """Why this machine gives no such root."""


class ScratchRoot:
    def __init__(self, folder):
        """`folder` is an empty one to mount it at."""
        if os.geteuid() != 0:
            raise Unavailable("not root")
        self._holder = subprocess.Popen(
            ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "sh", "-c", HOLDER, "sh", str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if self._holder.stdout.readline() != "ready\n":
            _, why = self._holder.communicate()
            raise Unavailable(why.strip() or "the namespaces could not be made")
        children = Path(f"/proc/{self._holder.pid}/task/{self._holder.pid}/children").read_text()
        self._enter = ["nsenter", "--target", children.split()[0], "--mount", "--net", "--pid", "--root", "--wd"]
        self.run("python3", "-c", LOOPBACK_UP)

    def close(self):
        self._holder.kill()
        self._holder.communicate()

    def command(self, *words):
        """The command line that runs `words` inside."""
        return [*self._enter, "--", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "HOME=/root",
                "DEBIAN_FRONTEND=noninteractive", *map(str, words)]

    def run(self, *words, check=True, **options):
        """Runs `words` inside and returns what was printed; raises with it if they fail."""
        done = subprocess.run(self.command(*words), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=60, **options)
        if check and done.returncode != 0:
            raise AssertionError(f"exit {done.returncode}: {' '.join(map(str, words))}\n{done.stdout}")
        return done.stdout

    def write(self, path, data):
        """Puts bytes into a file inside."""
        subprocess.run(self.command("dd", "status=none", f"of={path}"), input=data, check=True, timeout=60)
