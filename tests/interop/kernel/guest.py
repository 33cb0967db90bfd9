"""A Linux guest under QEMU's software emulation: Debian's cloud kernel, an initramfs of programs of this machine, and one job."""

import glob
import os
import re
import shutil
import subprocess

import reports

# Where tools/setup unpacks Debian's packages; they are not installed.
PACKAGES = "/usr/local/lib/carousel-guest"
_QEMU = ["qemu-system-x86_64", "-accel", "tcg", "-m", "1536", "-smp", "2", "-display", "none", "-no-reboot", "-monitor", "none"]
# The guest reaches this machine's loopback here (QEMU's user network).
HOST = "10.0.2.2"

_INIT = """#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /tmp /run /mnt
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
/bin/busybox mount -t devtmpfs dev /dev
exec >/dev/ttyS0 2>&1 </dev/null
/bin/busybox --install -s /bin
export PATH=/bin:/usr/bin:/sbin:/usr/sbin LC_ALL=C
for module in /modules/*; do insmod $module || echo "insmod $module failed"; done
ifconfig lo up
ifconfig eth0 10.0.2.15 netmask 255.255.255.0
sh /job/job.sh
echo "exit=$?" >/dev/ttyS1
sync
poweroff -f
"""


def _kernel():
    found = sorted(glob.glob(PACKAGES + "/boot/vmlinuz-*"))
    if not found:
        raise reports.JudgeError("no kernel in %s: run tools/setup" % PACKAGES)
    return found[-1]


class _Modules:
    """The kernel's modules, each behind those that it needs."""

    def __init__(self):
        version = _kernel().split("vmlinuz-")[1]
        folder = "%s/lib/modules/%s" % (PACKAGES, version)
        self._paths = {os.path.basename(path)[:-3].replace("-", "_"): path
                       for path in glob.glob(folder + "/kernel/**/*.ko", recursive=True)}
        self.order = []

    def add(self, name):
        path = self._paths.get(name)
        if path is None or path in self.order:  # not a module: built in
            return
        with open(path, "rb") as file:
            # "depends=" of the section .modinfo.
            needs = re.search(rb"\0depends=([^\0]*)\0", file.read()).group(1).decode()
        for need in filter(None, needs.split(",")):
            self.add(need.replace("-", "_"))
        self.order.append(path)


class Guest:
    """What the guest is made of: `root` becomes its file system; job.sh of `job` is run in it, as root."""

    def __init__(self, folder, job):
        self._folder = folder
        self._root = os.path.join(folder, "root")
        self._modules = _Modules()
        for part in ("bin", "modules"):
            os.makedirs(os.path.join(self._root, part))
        shutil.copytree(job, os.path.join(self._root, "job"))
        shutil.copy("/bin/busybox", os.path.join(self._root, "bin/busybox"))
        with open(os.path.join(self._root, "init"), "w", encoding="ascii") as file:
            file.write(_INIT)
        os.chmod(os.path.join(self._root, "init"), 0o755)

    def add_modules(self, *names):
        for name in names:
            self._modules.add(name)

    def add_program(self, path, name=None):
        """A program of this machine, or of the unpacked packages, with the libraries that it loads."""
        shutil.copy(path, os.path.join(self._root, "bin", name or os.path.basename(path)))
        libraries = PACKAGES + "/usr/lib/x86_64-linux-gnu"
        told = subprocess.run(["ldd", path], stdout=subprocess.PIPE, check=True, text=True,
                              env={**os.environ, "LD_LIBRARY_PATH": libraries}).stdout
        for library in re.findall(r"(/\S+) \(0x", told):
            target = self._root + library.replace(PACKAGES, "")
            if not os.path.exists(target):
                os.makedirs(os.path.dirname(target), exist_ok=True)
                shutil.copy(library, target)

    def run(self, seconds):
        """Runs the job: (exit code, what the console shows). JudgeError: it does not end within `seconds`."""
        for number, path in enumerate(self._modules.order):
            shutil.copy(path, "%s/modules/%02d-%s" % (self._root, number, os.path.basename(path)))
        image, console, status = (os.path.join(self._folder, name) for name in ("initramfs", "console", "status"))
        with open(image, "wb") as file:
            subprocess.run(["bsdtar", "--format", "newc", "-cf", "-", "-C", self._root, "--uid", "0", "--gid", "0", "."],
                           stdout=file, check=True)
        command = [*_QEMU, "-kernel", _kernel(), "-initrd", image, "-append", "console=ttyS0 quiet panic=-1",
                   "-serial", "file:" + console, "-serial", "file:" + status,
                   "-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,romfile="]
        try:
            subprocess.run(command, stdin=subprocess.DEVNULL, check=True, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise reports.JudgeError("the guest ran for more than %g s:\n%s" % (seconds, _text(console)[-4000:])) from None
        code = re.search(r"exit=(\d+)", _text(status))
        if code is None:
            raise reports.JudgeError("the guest ended without its job:\n" + _text(console)[-4000:])
        return int(code.group(1)), _text(console)


def _text(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()
