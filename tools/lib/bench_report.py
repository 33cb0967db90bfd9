"""Writes docs/benchmarks.md from what the programs of tools/bench have measured.

    bench_report.py FOLDER

FOLDER holds the results of Google Benchmark (calls, first, upload, parse, modelled, file_tree, burn .json) and of hyperfine (processesN.json,
streamsN.json; stream_bytes is what each of these writes).
"""

import dataclasses
import datetime
import json
import pathlib
import statistics
import subprocess
import sys

# READs of one block that libisofs 1.5.4 asks for at 100,000 entries: counted once by a data source that notes each call.
LIBISOFS_READS = 11356

PAGE = """# Benchmarks

Written by `tools/bench`: run it again rather than change this page. Ratios are of medians that were taken in the same run, side by side, in
{rounds} rounds or more; the absolute numbers are this machine's.

{machine}

| what | measured | beside it | ratio | bar | holds |
|---|---|---|---|---|---|
{rows}

## How

- **SetMultisessionInterfaces**: the whole service, its log written to /dev/null, and a server whose handlers do nothing, in one process
  with the client; 64 calls under way on one connection over loopback, each binding an image of its own to the disc in the drive with the
  elements that the drive gave. After the first call the drive is asked nothing. Two yardsticks, because a call whose messages have fields
  costs more than one whose have none, before any handler does anything. `tests/bench/set_multisession_bench.cc`
- **First call after a change of the medium**: unload, load, one call. It reads the facts of the medium from the drive: that time is the
  drive's, not the service's. On the wall by a clock that runs twenty times as fast as a real drive's; beside it what the drive needs by its
  own clock.
- **Upload**: one stream of a file of 256 MiB, client and servers in one process, over loopback; the service hashes and writes what comes. The
  yardstick receives the same messages and looks at none. Both have the machine's processors to share with the client. The second row has the
  sync of the file and what makes it a content. `tests/bench/upload_bench.cc`
- **Parse**: processor time, user and system, of a process that reads the image from the page cache into a tree and ends, less that of one
  that reads an image of 100 entries. xorriso reads it by libisofs. 100,000 entries in about 2,700 directories, Rock Ridge and Joliet, names
  of 20 to 30 bytes. hyperfine
- **Bytes an entry**: growth of the heap, names included. Of the tree of the image, and of one of a million entries.
- **Modelled drive**: a BD-R in a drive of the virtual robot whose speed is the same everywhere, on a simulated clock; the bound is the
  directory area at streaming speed and three seeks of 125 ms. These rows do not depend on the machine, and
  `tests/component/import_time_test.cc` holds them.
- **READs**: commands that reach the drive. libisofs' number is not of this run.
- **Image stream**: processor time, user and system, of a process that writes a session of four files of 256 MiB from the page cache to
  /dev/null, as a burn pulls it. `tests/bench/image_stream.cc`, hyperfine
- **Four drives**: four burns of a session of 0.7 GB each, at the same time: contents from a file in the page cache, laid out, hashed with SHA-256
  and passed on through a ring of 64 MiB; drives that take 71.9 MB/s through a buffer of 4 MiB and keep nothing. Processor time of the process. What
  the kernel and a host adapter need for each WRITE is not in it. `tests/bench/burn_bench.cc`
"""


@dataclasses.dataclass
class Row:
    """One line of the table. `bar` is a text; `holds` None where there is nothing to hold."""

    what: str
    measured: str
    beside: str = ""
    ratio: str = ""
    bar: str = ""
    holds: bool | None = None

    def __str__(self):
        verdict = {None: "", True: "yes", False: "**no**"}[self.holds]
        return f"| {self.what} | {self.measured} | {self.beside} | {self.ratio} | {self.bar} | {verdict} |"


class Results:
    """What was measured, by name."""

    def __init__(self, folder):
        self._folder = pathlib.Path(folder)

    def runs(self, file, name, key):
        """The values of `key` in every repetition of the benchmark whose name begins with `name`."""
        data = json.loads((self._folder / f"{file}.json").read_text())
        runs = [b for b in data["benchmarks"] if b.get("run_type") == "iteration" and b["name"].split("/iterations:")[0].startswith(name)]
        failed = [b["error_message"] for b in runs if b.get("error_occurred")]
        if failed or not runs:
            raise ValueError(f"{name}: {failed[0] if failed else 'no results'}")
        return [b[key] for b in runs]

    def median(self, file, name, key):
        return statistics.median(self.runs(file, name, key))

    def processor_seconds(self):
        """(xorriso, ours) of each round, each less its start."""
        rounds = []
        for path in sorted(self._folder.glob("processes*.json")):
            mean = {r["command"]: r["user"] + r["system"] for r in json.loads(path.read_text())["results"]}
            rounds.append((mean["xorriso"] - mean["xorriso_start"], mean["ours"] - mean["ours_start"]))
        return rounds


    def stream_speeds(self):
        """Bytes a second of processor time of each program, by its name, in each round."""
        size = int((self._folder / "stream_bytes").read_text())
        rounds = [{r["command"]: size / (r["user"] + r["system"]) for r in json.loads(path.read_text())["results"]}
                  for path in sorted(self._folder.glob("streams*.json"))]
        return {name: [speeds[name] for speeds in rounds] for name in rounds[0]}


def call_rows(results):
    def rate(name):
        return results.median("calls", name, "items_per_second")

    def processor(name):
        return results.median("calls", name, "cpu_time") / 1e3

    ours = "SetMultisessionInterfaces"
    rows = []
    for what, yardstick, words in ((f"{ours}, 64 in flight, loopback", "EmptyCalls", "empty callback RPC, no fields in its messages"),
                                   ("the same", "SameMessages", "empty callback RPC with the same messages")):
        ratio = rate(ours) / rate(yardstick)
        rows.append(Row(what, f"{rate(ours):,.0f} calls/s", f"{words}: {rate(yardstick):,.0f} calls/s", f"{ratio:.2f}", ">= 0.8", ratio >= 0.8))
    rows.append(Row("processor time of a call, client and server", f"{processor(ours):.1f} us",
                    f"no fields: {processor('EmptyCalls'):.1f} us; the same messages: {processor('SameMessages'):.1f} us",
                    f"{processor('EmptyCalls') / processor(ours):.2f}; {processor('SameMessages') / processor(ours):.2f}"))
    wall = results.median("first", "FirstCall", "real_time") / 1e6
    device = results.median("modelled", "ModelledImport/4", "facts_seconds") * 1e3
    rows.append(Row("first call after a change of the medium", f"{wall:.1f} ms on the wall, drive 20 x as fast",
                    f"the drive's own time: {device:,.0f} ms"))
    return rows


def upload_rows(results):
    def speed(name, key="bytes_per_second"):
        return results.median("upload", name, key) / 1e9

    raw, stream, whole, spool = speed("RawStream"), speed("UploadFile", "streaming_bytes_per_second"), speed("UploadFile"), speed("SpoolAppend")
    return [
        Row("upload, 256 KiB messages, to the last message", f"{stream:.2f} GB/s", f"the same messages, thrown away: {raw:.2f} GB/s", f"{stream / raw:.2f}",
            ">= 1 GB/s", stream >= 1),
        Row("the same to the answer, the file on the disk", f"{whole:.2f} GB/s", f"hashed and written by two threads without gRPC: {spool:.2f} GB/s",
            f"{whole / spool:.2f}"),
    ]


def import_rows(results):
    rounds = results.processor_seconds()
    xorriso = statistics.median(x for x, _ in rounds)
    ours = statistics.median(o for _, o in rounds)
    ratio = statistics.median(x / o for x, o in rounds)
    speed = results.median("parse", "ParseTree", "items_per_second")
    heap = results.median("parse", "ParseTree", "bytes_an_entry")
    million = results.median("file_tree", "LookUp", "bytes_an_entry")
    entries = results.median("file_tree", "LookUp", "entries")
    look_up = results.median("file_tree", "LookUp", "cpu_time")
    reads = results.median("modelled", "ModelledImport/4", "reads")
    rows = [
        Row("ISO import of 100,000 entries, parse CPU", f"{ours * 1e3:.1f} ms", f"xorriso -indev (libisofs): {xorriso * 1e3:.0f} ms",
            f"{ratio:.1f} x faster", ">= 8 x", ratio >= 8),
        Row("the same inside a process that runs", f"{speed / 1e6:.1f} M entries/s of CPU"),
        Row("tree of that image, heap", f"{heap:.0f} bytes an entry", "libisofs: 740", "", "<= 120", heap <= 120),
        Row(f"tree of {entries:,.0f} entries, heap", f"{million:.0f} bytes an entry", "", "", "<= 120", million <= 120),
        Row("look-up by path in it", f"{look_up / 1e3:.2f} us", "", "", "microseconds", look_up < 10e3),
        Row("READs to the drive for 100,000 entries", f"{reads:.0f}", f"libisofs: {LIBISOFS_READS:,}", f"1 : {LIBISOFS_READS / reads:.0f}", "<= 200",
            reads <= 200),
    ]
    for speed in (1, 4):
        took = results.median("modelled", f"ModelledImport/{speed}", "real_time") / 1e3
        bound = results.median("modelled", f"ModelledImport/{speed}", "bound_seconds")
        rows.append(Row(f"import on the modelled drive, BD {speed}x", f"{took:.2f} s", f"directories and three seeks: {bound:.2f} s", f"{took / bound:.2f}",
                        "<= 1.2", took <= 1.2 * bound))
    return rows


def stream_rows(results):
    speeds = results.stream_speeds()

    def row(what, ours, others, bar):
        medians = [statistics.median(speeds[name]) / 1e9 for name in (ours, *(name for name, _ in others))]
        beside = "; ".join(f"{words}: {speed:.2f} GB/s" for (_, words), speed in zip(others, medians[1:]))
        ratios = [statistics.median(o / t for o, t in zip(speeds[ours], speeds[name])) for name, _ in others]
        return Row(what, f"{medians[0]:.2f} GB/s of CPU", beside, "; ".join(f"{ratio:.2f}" for ratio in ratios), f">= {bar} GB/s", medians[0] >= bar)

    return [
        row("image stream, large files, no hash", "ours", [("genisoimage", "genisoimage"), ("xorriso", "xorriso -as mkisofs (libisofs)")], 3),
        row("the same with SHA-256", "ours_sha256", [("xorriso_md5", "xorriso --md5")], 1.1),
    ]


def burn_rows(results):
    def median(key):
        return results.median("burn", "FourDrives", key)

    cores = median("cpu_time") / median("real_time")
    rate = median("bytes_per_second") / 1e6
    dry = max(results.runs("burn", "FourDrives", "ring_dry"))
    empty = max(results.runs("burn", "FourDrives", "drive_empty"))
    lowest = min(results.runs("burn", "FourDrives", "lowest_bytes")) / 2**20
    return [
        Row("four drives burn at 16x of BD at once", f"{rate:.0f} MB/s, {cores:.2f} cores", "wanted: 288 MB/s", "", "< 1 core", cores < 1),
        Row("their buffers", f"ran empty: the service's {dry:.0f} times, the drives' {empty:.0f}", f"the service's fell to {lowest:.0f} of 64 MiB", "", "0", dry + empty == 0),
    ]


def field(path, name, separator):
    for line in pathlib.Path(path).read_text().splitlines():
        key, found, value = line.partition(separator)
        if found and key.strip() == name:
            return value.strip().strip('"')
    return "unknown"


def machine():
    """The machine in a sentence, without its name."""
    cores = field("/proc/cpuinfo", "siblings", ":")
    memory = int(field("/proc/meminfo", "MemTotal", ":").split()[0]) / 2**20
    compiler = subprocess.run(["g++", "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
    today = datetime.date.today().isoformat()
    return (f"{today}: {field('/proc/cpuinfo', 'model name', ':')}, {cores} cores, {memory:.0f} GiB, {field('/etc/os-release', 'PRETTY_NAME', '=')}, "
            f"{compiler}, -c opt.")


def page(folder, machine_text):
    results = Results(folder)
    rows = call_rows(results) + upload_rows(results) + import_rows(results) + stream_rows(results) + burn_rows(results)
    return PAGE.format(rounds=len(results.processor_seconds()), machine=machine_text, rows="\n".join(map(str, rows)))


if __name__ == "__main__":
    sys.stdout.write(page(sys.argv[1], machine()))
