#!/usr/bin/env python3
"""Prints the transcript of wasmtime, for golden/wasmtime.txt.

    pip install wasmtime
    record-wasmtime.py >golden/wasmtime.txt
"""
import os
import re
import sys
import tempfile

import wasmtime

HERE = os.path.dirname(os.path.abspath(__file__))
NO_CASE = 99
ALONE = ("descriptors", "space")  # they meet limits of a canister


def run(engine, module, args, env=(), stdin=b""):
    with tempfile.TemporaryDirectory() as root:
        config = wasmtime.WasiConfig()
        config.argv = args
        config.env = list(env)
        for name in "ab":
            os.mkdir(os.path.join(root, name))
            config.preopen_dir(os.path.join(root, name), "/" + name)
        streams = {name: os.path.join(root, name) for name in ("stdin", "stdout", "stderr")}
        with open(streams["stdin"], "wb") as f:
            f.write(stdin)
        config.stdin_file = streams["stdin"]
        config.stdout_file = streams["stdout"]
        config.stderr_file = streams["stderr"]
        end = execute(engine, module, config)
        with open(streams["stdout"]) as out, open(streams["stderr"]) as err:
            return out.read(), err.read(), end


def execute(engine, module, config):
    store = wasmtime.Store(engine)
    store.set_wasi(config)
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    try:
        linker.instantiate(store, module).exports(store)["_start"](store)
        return 0
    except wasmtime.ExitTrap as e:
        return e.code
    except (wasmtime.Trap, wasmtime.WasmtimeError) as e:
        code = re.search(r"exit status (\d+)", str(e))
        print(last_line(e), file=sys.stderr)
        return int(code.group(1)) if code else "trap"


def last_line(e):
    return str(e).splitlines()[-1]


def program(engine, name):
    module = wasmtime.Module.from_file(engine, os.path.join(HERE, "bin", name + ".wasm"))
    print("#", name)
    if name in ("alone", "faults"):
        i = 0
        while True:
            out, _, end = run(engine, module, [name, str(i)], [("K", "V")])
            if end == NO_CASE:
                return
            sys.stdout.write(out + ("trap\n" if end == "trap" else ""))
            i += 1
    args, env, stdin = [name], [], b""
    if name == "system":
        args, env = [name, "one", ""], [("K", "V"), ("EMPTY", "")]
    if name == "stdio":
        stdin = b"line\n"
    out, err, end = run(engine, module, args, env, stdin)
    sys.stdout.write(out)
    if err:
        print('standard error -> "%s"' % err.replace("\n", "\\n"))
    print("end -> " + ("trap" if end == "trap" else "exit code %d" % end))


def main():
    engine = wasmtime.Engine()
    for file in sorted(os.listdir(os.path.join(HERE, "bin"))):
        name = file[: -len(".wasm")]
        if name not in ALONE:
            program(engine, name)


if __name__ == "__main__":
    main()
