"""What docs/benchmarks.md says of results that are given."""

import json
import pathlib
import tempfile
import unittest

import bench_report


def benchmark(name, **values):
    return {"name": name, "run_type": "iteration", **values}


def write(folder, name, contents):
    (pathlib.Path(folder) / f"{name}.json").write_text(json.dumps(contents))


def write_number(folder, name, number):
    (pathlib.Path(folder) / name).write_text(f"{number}\n")


def write_results(folder, ours=30_000, processor=0.03, cores=0.5, drive_empty=0):
    write(folder, "calls", {"benchmarks": [
        benchmark("EmptyCalls/real_time", items_per_second=33_000, cpu_time=30e3),
        benchmark("EmptyCalls/real_time", items_per_second=35_000, cpu_time=30e3),
        benchmark("EmptyCalls/real_time", items_per_second=20_000, cpu_time=30e3),
        {"name": "EmptyCalls/real_time_mean", "run_type": "aggregate", "items_per_second": 1},
        benchmark("SameMessages/real_time", items_per_second=30_000, cpu_time=36e3),
        benchmark("SetMultisessionInterfaces/real_time", items_per_second=ours, cpu_time=40e3),
    ]})
    write(folder, "first", {"benchmarks": [benchmark("FirstCallAfterAChangeOfTheMedium/iterations:1/real_time", real_time=30e6)]})
    write(folder, "upload", {"benchmarks": [
        benchmark("RawStream/process_time/real_time", bytes_per_second=1.5e9),
        benchmark("UploadFile/process_time/real_time", bytes_per_second=0.7e9, streaming_bytes_per_second=1.2e9),
        benchmark("SpoolAppend/real_time", bytes_per_second=1.4e9),
    ]})
    write(folder, "parse", {"benchmarks": [benchmark("ParseTree", items_per_second=5e6, bytes_an_entry=90)]})
    write(folder, "file_tree", {"benchmarks": [benchmark("LookUp", cpu_time=1500, bytes_an_entry=121, entries=1_000_000)]})
    write(folder, "modelled", {"benchmarks": [
        benchmark(f"ModelledImport/{speed}/iterations:1/manual_time", real_time=4000 / speed, bound_seconds=4 / speed, reads=140, facts_seconds=0.6)
        for speed in (1, 4)
    ]})
    write(folder, "burn", {"benchmarks": [
        benchmark("FourDrives/iterations:1/process_time/real_time", real_time=10e9, cpu_time=cores * 10e9, bytes_per_second=288e6, ring_dry=0,
                  drive_empty=empty, lowest_bytes=60 * 2**20)
        for empty in (0, drive_empty)
    ]})
    for number in (1, 2, 3):
        write(folder, f"processes{number}", {"results": [
            {"command": "xorriso", "user": 0.25, "system": 0.06},
            {"command": "xorriso_start", "user": 0.005, "system": 0.005},
            {"command": "ours", "user": processor, "system": 0.002},
            {"command": "ours_start", "user": 0.001, "system": 0.001},
        ]})
        write(folder, f"streams{number}", {"results": [
            {"command": "ours", "user": 0.05, "system": 0.2},
            {"command": "ours_sha256", "user": 0.8, "system": 0.2},
            {"command": "genisoimage", "user": 0.1, "system": 0.1},
            {"command": "xorriso", "user": 0.5, "system": 0.5},
            {"command": "xorriso_md5", "user": 9, "system": 1},
        ]})
    write_number(folder, "stream_bytes", 1_000_000_000)


class BenchReportTest(unittest.TestCase):
    def rows(self, **results):
        with tempfile.TemporaryDirectory() as folder:
            write_results(folder, **results)
            text = bench_report.page(folder, "a machine")
        self.assertIn("a machine", text)
        return {line.split("|")[1].strip(): [cell.strip() for cell in line.split("|")[2:-1]] for line in text.splitlines() if line.startswith("| ")}

    def test_compares_medians_with_the_bar(self):
        row = self.rows(ours=30_000)["SetMultisessionInterfaces, 64 in flight, loopback"]
        self.assertEqual(row, ["30,000 calls/s", "empty callback RPC, no fields in its messages: 33,000 calls/s", "0.91", ">= 0.8", "yes"])

    def test_holds_burns_to_one_core_and_to_buffers_that_never_run_empty(self):
        self.assertEqual([row[-1] for what, row in self.rows().items() if what.startswith(("four drives", "their buffers"))], ["yes", "yes"])
        self.assertEqual(self.rows(cores=1.2)["four drives burn at 16x of BD at once"][-1], "**no**")
        self.assertEqual(self.rows(drive_empty=1)["their buffers"][-1], "**no**")

    def test_says_where_a_bar_does_not_hold(self):
        row = self.rows(ours=26_000)["SetMultisessionInterfaces, 64 in flight, loopback"]
        self.assertEqual(row[2:], ["0.79", ">= 0.8", "**no**"])
        self.assertEqual(self.rows()["tree of 1,000,000 entries, heap"][-1], "**no**")

    def test_compares_with_the_same_messages_too(self):
        rows = self.rows(ours=24_000)
        self.assertEqual(rows["the same"][2:], ["0.80", ">= 0.8", "yes"])
        self.assertEqual(rows["processor time of a call, client and server"][:3],
                         ["40.0 us", "no fields: 30.0 us; the same messages: 36.0 us", "0.75; 0.90"])

    def test_takes_a_programs_start_off_its_time(self):
        row = self.rows(processor=0.03)["ISO import of 100,000 entries, parse CPU"]
        self.assertEqual(row, ["30.0 ms", "xorriso -indev (libisofs): 300 ms", "10.0 x faster", ">= 8 x", "yes"])

    def test_compares_the_models_time_with_its_bound(self):
        row = self.rows()["import on the modelled drive, BD 4x"]
        self.assertEqual(row, ["1.00 s", "directories and three seeks: 1.00 s", "1.00", "<= 1.2", "yes"])

    def test_compares_streams_by_the_processor_time_of_whole_processes(self):
        rows = self.rows()
        self.assertEqual(rows["image stream, large files, no hash"],
                         ["4.00 GB/s of CPU", "genisoimage: 5.00 GB/s; xorriso -as mkisofs (libisofs): 1.00 GB/s", "0.80; 4.00", ">= 3 GB/s", "yes"])
        self.assertEqual(rows["the same with SHA-256"], ["1.00 GB/s of CPU", "xorriso --md5: 0.10 GB/s", "10.00", ">= 1.1 GB/s", "**no**"])

    def test_tells_an_uploads_stream_from_its_end_on_the_disk(self):
        rows = self.rows()
        self.assertEqual(rows["upload, 256 KiB messages, to the last message"],
                         ["1.20 GB/s", "the same messages, thrown away: 1.50 GB/s", "0.80", ">= 1 GB/s", "yes"])
        self.assertEqual(rows["the same to the answer, the file on the disk"][:3],
                         ["0.70 GB/s", "hashed and written by two threads without gRPC: 1.40 GB/s", "0.50"])

    def test_refuses_a_benchmark_that_failed(self):
        with tempfile.TemporaryDirectory() as folder:
            write_results(folder)
            write(folder, "parse", {"benchmarks": [benchmark("ParseTree", error_occurred=True, error_message="no such image")]})
            with self.assertRaisesRegex(ValueError, "no such image"):
                bench_report.page(folder, "a machine")


if __name__ == "__main__":
    unittest.main()
