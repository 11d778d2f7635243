"""Runs our decoder, plain rxing, zxing-cpp and libzbar over freshly drawn pictures and prints a table.

Started by `scripts/bench qr`, which builds the program that draws and measures (rust-core/benches/qr)
and makes the Python environment with zxing-cpp; libzbar is the system's library. All times are
processor time of the one thread that decodes the grey buffer; no file access is in them.
"""

import argparse
import collections
import contextlib
import ctypes
import ctypes.util
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import time

import numpy
import zxingcpp

KINDS = ["clean", "small", "tilt", "blur", "shake", "weak", "noise", "glare", "dirt", "bent", "jpeg",
         "shadow", "print", "mixed"]


class Zbar:
    """libzbar through its C interface, QR codes only, bytes as stored."""

    def __init__(self):
        library = ctypes.CDLL(ctypes.util.find_library("zbar") or "libzbar.so.0")
        for name in ("zbar_image_scanner_create", "zbar_image_create", "zbar_image_first_symbol",
                     "zbar_symbol_next"):
            getattr(library, name).restype = ctypes.c_void_p
        library.zbar_symbol_get_data.restype = ctypes.POINTER(ctypes.c_char)
        self.library = library
        self.scanner = ctypes.c_void_p(library.zbar_image_scanner_create())
        qr, enable, binary = 64, 0, 4
        library.zbar_image_scanner_set_config(self.scanner, 0, enable, 0)
        library.zbar_image_scanner_set_config(self.scanner, qr, enable, 1)
        library.zbar_image_scanner_set_config(self.scanner, qr, binary, 1)

    def read(self, pixels):
        library, (height, width) = self.library, pixels.shape
        image = ctypes.c_void_p(library.zbar_image_create())
        library.zbar_image_set_format(image, ctypes.c_ulong(int.from_bytes(b"Y800", "little")))
        library.zbar_image_set_size(image, width, height)
        library.zbar_image_set_data(image, pixels.ctypes.data_as(ctypes.c_void_p),
                                    ctypes.c_ulong(pixels.size), None)
        library.zbar_scan_image(self.scanner, image)
        codes, symbol = [], library.zbar_image_first_symbol(image)
        while symbol:
            handle = ctypes.c_void_p(symbol)
            length = library.zbar_symbol_get_data_length(handle)
            codes.append(ctypes.string_at(library.zbar_symbol_get_data(handle), length).hex())
            symbol = library.zbar_symbol_next(handle)
        library.zbar_image_destroy(image)
        return codes


def zxing(pixels):
    found = zxingcpp.read_barcodes(pixels, formats=zxingcpp.BarcodeFormat.QRCode)
    return [bytes(code.bytes).hex() for code in found]


def peer(folder, read):
    """Results of a library that Python calls, in the form of the measuring program."""
    results = []
    for line in open(os.path.join(folder, "manifest.tsv"), encoding="ascii"):
        file, kind, level, number, frame, _, payload = line.rstrip("\n").split("\t")
        with open(os.path.join(folder, file), "rb") as stream:
            stream.readline()
            width, height = map(int, stream.readline().split())
            stream.readline()
            pixels = numpy.frombuffer(stream.read(), numpy.uint8).reshape(height, width)
        before = time.thread_time()
        codes = read(pixels)
        milliseconds = (time.thread_time() - before) * 1e3
        results.append({"kind": kind, "level": int(level), "number": int(number), "frame": int(frame),
                        "right": payload in codes, "wrong": any(code != payload for code in codes),
                        "ms": milliseconds})
    return results


def ours(program, folder, *options):
    lines = subprocess.run([program, "measure", folder, *options], check=True, capture_output=True,
                           text=True).stdout
    return [json.loads(line) for line in lines.splitlines()]


def share(results):
    return 100 * sum(result["right"] for result in results) / max(1, len(results))


def quantile(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * part))] if values else 0.0


def table(title, rows, kinds):
    print(f"\n{title}\n")
    print("| library | " + " | ".join(kinds) + " | **all** | wrong | ms p50 / p95 / max | empty p50 / p95 |")
    print("|---" * (len(kinds) + 5) + "|")
    for name, results in rows.items():
        codes = [result for result in results if result["kind"] != "empty"]
        empty = [result["ms"] for result in results if result["kind"] == "empty"]
        cells = [f"{share([r for r in codes if r['kind'] == kind]):.0f}" for kind in kinds]
        times = [result["ms"] for result in codes]
        wrong = sum(result["wrong"] for result in results)
        empties = f"{quantile(empty, .5):.1f} / {quantile(empty, .95):.1f}" if empty else "–"
        print(f"| {name} | " + " | ".join(cells) + f" | **{share(codes):.1f}** | {wrong} | "
              f"{quantile(times, .5):.1f} / {quantile(times, .95):.1f} / {max(times):.0f} | {empties} |")


def bursts(rows):
    print("\nRead within so many frames of one label, %\n")
    print("| library | 1 | 2 | 3 | 4 |\n|---|---|---|---|---|")
    for name, results in rows.items():
        labels = collections.defaultdict(lambda: 9)
        for result in results:
            key = (result["kind"], result["level"], result["number"])
            labels[key] = min(labels[key], result["frame"] if result["right"] else 9)
        cells = [f"{100 * sum(first <= last for first in labels.values()) / len(labels):.0f}"
                 for last in range(4)]
        print(f"| {name} | " + " | ".join(cells) + " |")


def large_store(field, folder, customers):
    """A photographed code to its customer and meter on a phone's store with so many customers."""
    store = os.path.join(folder, "store")
    shutil.rmtree(store, ignore_errors=True)
    built = subprocess.run([field, "--json", "bench-search", "--customers", str(customers), "--runs", "1",
                            "--keep", store], check=True, capture_output=True, text=True).stdout
    opened, whole = [], []
    for code in json.loads(built)["bench_search"]["meter_codes"] * 4:
        symbol = numpy.array(zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode).to_image(scale=5))
        pixels = numpy.full((720, 1280), 200, numpy.uint8)
        pixels[100:100 + symbol.shape[0], 300:300 + symbol.shape[1]] = symbol
        picture = os.path.join(folder, "scanned.pgm")
        with open(picture, "wb") as stream:
            stream.write(b"P5\n1280 720\n255\n" + pixels.tobytes())
        before = time.monotonic()
        answer = subprocess.run([field, "--store", store, "--json", "scan", picture], check=True,
                                capture_output=True, text=True).stdout
        whole.append((time.monotonic() - before) * 1e3)
        found = json.loads(answer)["scan"]
        assert found["customer"] and found["meter_number"], "the code found nobody"
        opened.append(found["opened_ms"])
    shutil.rmtree(store)
    print(f"\n`dianma-field scan` of a picture among {customers:,} customers: after decoding at most {max(opened)} ms"
          f" (budget 100); the whole program, p50 / max: {quantile(whole, .5):.0f} / {max(whole):.0f} ms")


def peak_memory_mb(command):
    """Peak resident memory of a program. Not from wait4: what a child was before it became the program, a copy of
    this one, counts there. The kernel's high-water mark only rises, so the last one seen is the peak."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak = 0
    while child.poll() is None:
        with contextlib.suppress(OSError), open(f"/proc/{child.pid}/status", encoding="utf-8") as status:
            if os.readlink(f"/proc/{child.pid}/exe") == os.path.realpath(command[0]):
                marks = [line.split()[1] for line in status if line.startswith("VmHWM")]
                peak = max([peak, *map(int, marks)])
    return peak / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True, help="the measuring program")
    parser.add_argument("--field", required=True, help="dianma-field, for the memory of a large picture")
    parser.add_argument("--folder", required=True, help="where the pictures go")
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "little"))
    parser.add_argument("--per", type=int, default=4)
    parser.add_argument("--customers", type=int, default=500_000)
    options = parser.parse_args()
    print(f"seed {options.seed}, zxing-cpp {importlib.metadata.version('zxing-cpp')}, {options.per} pictures a kind and level")

    def draw(name, *arguments):
        folder = os.path.join(options.folder, name)
        subprocess.run([options.program, "draw", "--seed", str(options.seed), "--out", folder,
                        "--per", str(options.per), *arguments], check=True)
        return folder

    zbar = Zbar()
    peers = {"libzbar": zbar.read, "zxing-cpp": zxing}
    still = draw("still")
    rows = {"rxing `QrReader`": ours(options.program, still, "--rxing")}
    rows |= {name: peer(still, read) for name, read in peers.items()}
    rows |= {f"ours, {lane} lane": ours(options.program, still, "--lane", lane) for lane in ("fast", "soft")}
    rows["**ours**"] = ours(options.program, still)
    table("1280 × 720, % read", rows, KINDS)

    burst = draw("burst", "--frames", "4", "--kinds", "glare,shake,mixed", "--levels", "2,3")
    rows = {"rxing `QrReader`": ours(options.program, burst, "--rxing")}
    rows |= {name: peer(burst, read) for name, read in peers.items()}
    rows["**ours**"] = ours(options.program, burst, "--burst")
    bursts(rows)

    kinds = ["clean", "small", "tilt", "blur", "weak", "bent", "mixed"]
    wide = draw("wide", "--wide", "4000", "--per", str(max(1, options.per // 4)), "--kinds", ",".join(kinds))
    rows = {"rxing `QrReader`": ours(options.program, wide, "--rxing")}
    rows |= {name: peer(wide, read) for name, read in peers.items()}
    rows["**ours**"] = ours(options.program, wide)
    table("4000 × 3000, % read", rows, kinds)

    picture = os.path.join(wide, sorted(name for name in os.listdir(wide) if name.endswith(".pgm"))[0])
    print(f"\nPeak memory of `dianma-field decode` on one of them: {peak_memory_mb([options.field, 'decode', picture]):.0f} MB")
    large_store(options.field, options.folder, options.customers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
