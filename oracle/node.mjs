// Runs a WASI command with node:wasi; child.go has the lines that it reads and
// writes. It stops at the end of its standard input.
import { WASI } from 'node:wasi';
import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';

if (process.argv[2] === 'version') {
  console.log(process.versions.node);
  process.exit(0);
}

function* lines() {
  const chunk = Buffer.alloc(65536);
  let rest = '';
  for (;;) {
    let n;
    try {
      n = readSync(0, chunk);
    } catch (e) {
      if (e.code === 'EAGAIN') continue;
      throw e;
    }
    if (n === 0) return;
    rest += chunk.toString('utf8', 0, n);
    for (let end; (end = rest.indexOf('\n')) >= 0; rest = rest.slice(end + 1)) yield rest.slice(0, end);
  }
}

let module;

function run({ args, env, dir, root }) {
  const open = (name, flags) => openSync(`${dir}/${name}`, flags);
  const fds = [open('stdin', 'r'), open('stdout', 'r+'), open('stderr', 'r+')];
  try {
    const wasi = new WASI({
      version: 'preview1', args, preopens: { '/': root }, returnOnExit: true,
      env: Object.fromEntries(env.map((e) => [e.slice(0, e.indexOf('=')), e.slice(e.indexOf('=') + 1)])),
      stdin: fds[0], stdout: fds[1], stderr: fds[2],
    });
    const instance = new WebAssembly.Instance(module, wasi.getImportObject());
    try {
      return { exit: wasi.start(instance) ?? 0 };
    } catch (e) {
      return { trap: String(e) };
    }
  } finally {
    for (const fd of fds) {
      try {
        closeSync(fd);
      } catch {
        // The program has closed it.
      }
    }
  }
}

for (const line of lines()) {
  const request = JSON.parse(line);
  let reply = {};
  try {
    if (request.module) module = new WebAssembly.Module(readFileSync(request.module));
    else reply = run(request);
  } catch (e) {
    reply = { error: String(e) };
  }
  writeSync(1, JSON.stringify(reply) + '\n');
}
