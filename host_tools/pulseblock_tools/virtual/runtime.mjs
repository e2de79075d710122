// MicroPython for the virtual block: answers computer.py's requests, one frame each way at a time.
//
// A frame is two little-endian uint32 (bytes of header, bytes of body), a JSON header with "op", a body.
// Everything is synchronous, as MicroPython is; only the wait between two requests lets Node breathe.

import fs from "node:fs";
import { pathToFileURL } from "node:url";

const [micropythonPath, romFolder, interruptFile] = process.argv.slice(2);
const { loadMicroPython } = await import(pathToFileURL(micropythonPath));

// Emscripten's error numbers -> MicroPython's (py/mperrno.h), and littlefs's ENOTEMPTY.
const ERRNO = {
  2: 13, 6: 11, 8: 9, 10: 16, 20: 17, 22: 27, 27: 4, 28: 22, 29: 5, 31: 21, 32: 40, 33: 24, 37: 36, 43: 19,
  44: 2, 48: 12, 51: 28, 54: 20, 55: 39, 59: 25, 60: 6, 63: 1, 69: 30, 70: 29, 75: 18,
};
const ENOSPC = 51; // Emscripten's
const BLOCK = 4096; // littlefs's block on the boards' flash
const HIDDEN = new Set(["dev", "proc", "rom"]); // in the root folder, but not in flash
const TICKS = 0x3fffffff; // MicroPython's ticks wrap at 2^30
const MISSING = -0x80000000; // as the force of a sample: time passes, nothing was measured
const SAMPLE = 5; // t_ms, force, ax, ay, az
const FIFO = 512; // samples a sensor keeps for an app that is late

// ---- frames

function readExactly(size) {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; ) {
    const got = fs.readSync(0, bytes, at, size - at, null);
    if (got === 0) process.exit(0); // the host is gone
    at += got;
  }
  return bytes;
}

function receive() {
  const sizes = readExactly(8);
  const header = JSON.parse(readExactly(sizes.readUInt32LE(0)));
  return [header, readExactly(sizes.readUInt32LE(4))];
}

function send(header, body = Buffer.alloc(0)) {
  const text = Buffer.from(JSON.stringify(header));
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32LE(text.length, 0);
  sizes.writeUInt32LE(body.length, 4);
  const frame = Buffer.concat([sizes, text, body]);
  for (let at = 0; at < frame.length; ) at += fs.writeSync(1, frame, at);
}

// ---- what a program prints, gathered into frames; "raw" is sys.stdout.buffer, "out" all else

const printed = { op: "out", parts: [], size: 0 };

function flushPrinted() {
  if (printed.size) send({ op: printed.op }, Buffer.concat(printed.parts));
  printed.parts = [];
  printed.size = 0;
}

function print(op, bytes) {
  if (op !== printed.op || printed.size > 4000) flushPrinted();
  printed.op = op;
  printed.parts.push(bytes);
  printed.size += bytes.length;
  poll();
}

// Called wherever a running program leaves MicroPython: shows its output, lets Ctrl-C in.
let polled = 0;
function poll() {
  const now = performance.now();
  if (now - polled < 10) return;
  polled = now;
  flushPrinted();
  if (fs.existsSync(interruptFile)) {
    fs.rmSync(interruptFile);
    mp._module._mp_sched_keyboard_interrupt();
  }
}

// ---- time: virtual milliseconds. Samples bring it; outside the app's step, waiting does: each look at
// the clock takes a millisecond, so that sleep() ends, at once and after exactly its time.

const time = { clock: 0, offset: 0, sample: 0, rtc: 0, stepping: false };

function passTo(sample) {
  time.sample = sample;
  if (sample + time.offset < time.clock) time.offset = time.clock - sample; // another trace begins
  time.clock = sample + time.offset;
}

function lookAtClock() {
  poll();
  if (!time.stepping) {
    time.clock++;
    time.offset++;
  }
  return time.clock;
}

// ---- the module _virtual, through which boards/virtual.py reaches the host. Integers only, so that no
// call allocates; buffers go by address (uctypes.addressof).

const samples = [];
const outputs = [];
const shown = { light: 0, tone: 0 };
let app = null; // {step, interrupted}
let reset = false;
let memory;

function heap32() {
  if (memory?.buffer !== mp._module.HEAPU8.buffer) memory = new Int32Array(mp._module.HEAPU8.buffer);
  return memory;
}

function output(kind, payload) {
  const head = Buffer.alloc(8);
  head.writeInt32LE(time.sample, 0);
  head.writeUInt16LE(kind, 4);
  head.writeUInt16LE(payload.length, 6);
  outputs.push(head, payload);
}

function show(name, kind, value, bytes) {
  if (shown[name] === value) return;
  shown[name] = value;
  const payload = Buffer.alloc(bytes);
  payload.writeUIntBE(value, 0, bytes);
  output(kind, payload);
}

const virtual = {
  drive: (step, interrupted) => void (app = { step, interrupted }),
  read(address) {
    const sample = samples.shift();
    if (sample === undefined) return 0;
    heap32().set(sample, address >> 2);
    return 1;
  },
  ticks: () => time.clock & TICKS,
  light: (red, green, blue) => show("light", 0, ((red & 255) << 16) | ((green & 255) << 8) | (blue & 255), 3),
  tone: (hz) => show("tone", 1, hz & 0xffff, 2),
  telemetry: (address, size) => output(2, Buffer.from(mp._module.HEAPU8.slice(address, address + size))),
  button: () => config.inputs.button,
  battery: () => config.inputs.battery,
  listening: () => config.inputs.listening,
  unique_id: () => config.unique_id,
  set_clock: (days, ms) => void (time.rtc = days * 86400000 + ms - time.clock),
  reset: () => void (reset = true),
};

function run(per_step, bytes) {
  const rows = new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  time.stepping = true;
  try {
    for (let at = 0; at < rows.length; ) {
      for (let i = 0; i < per_step && at < rows.length; i++, at += SAMPLE) {
        passTo(rows[at]);
        if (!app || rows[at + 1] === MISSING) continue;
        const sample = rows.slice(at, at + SAMPLE);
        sample[0] = time.clock & TICKS;
        if (samples.push(sample) > FIFO) samples.shift();
      }
      app?.step();
    }
  } finally {
    time.stepping = false;
  }
}

// ---- flash: MEMFS with littlefs's manners. What is written is safe after flush() or close(), and only
// then told to the host, which keeps the flash; size and errors are those of a board.

function mountFlash({ capacity, folders, files }, contents) {
  const { FS } = mp;
  for (const name of ["/home/web_user", "/home", "/tmp"]) FS.rmdir(name);
  FS.mkdir("/rom");
  for (const name of fs.readdirSync(romFolder))
    if (name.endsWith(".py")) FS.writeFile(`/rom/${name}`, fs.readFileSync(`${romFolder}/${name}`));
  for (const folder of folders) FS.mkdir(folder);
  let at = 0;
  for (const [path, size] of files) FS.writeFile(path, contents.subarray(at, (at += size)));

  const { dir, file } = FS.filesystems.MEMFS.ops_table;
  const root = FS.lookupPath("/").node;
  const blocks = (size) => Math.ceil(size / BLOCK);
  const visible = (node) => Object.values(node.contents).filter((n) => node !== root || !HIDDEN.has(n.name));
  const used = (node) =>
    FS.isDir(node.mode) ? visible(node).reduce((sum, n) => sum + used(n), 2) : blocks(node.usedBytes ?? 0);
  const free = () => capacity - used(root);
  const pathOf = (parent, name) => FS.getPath(parent).replace(/\/$/, "") + "/" + name;
  const tell = (change, fields, body) => (flushPrinted(), send({ op: "flash", change, ...fields }, body));
  const needs = (count) => {
    if (count > 0 && count > free()) throw new FS.ErrnoError(ENOSPC);
  };
  const commit = (node) => {
    if (node.changed === undefined || node.parent.contents[node.name] !== node) return;
    const from = Math.min(node.changed, node.usedBytes);
    node.changed = undefined;
    tell("commit", { path: FS.getPath(node), from, size: node.usedBytes }, Buffer.from(node.contents.slice(from, node.usedBytes)));
  };
  const touch = (node, from) => (node.changed = Math.min(node.changed ?? Infinity, node.usedBytes, from));

  const { write } = file.stream;
  file.stream.write = (stream, buffer, offset, length, position, canOwn) => {
    poll();
    needs(blocks(position + length) - blocks(stream.node.usedBytes));
    touch(stream.node, position);
    return write(stream, buffer, offset, length, position, canOwn);
  };
  file.stream.fsync = file.stream.close = (stream) => commit(stream.node);
  const { setattr } = file.node;
  file.node.setattr = (node, attributes) => {
    if (attributes.size !== undefined && attributes.size !== node.usedBytes) touch(node, attributes.size);
    return setattr(node, attributes);
  };
  dir.node.statfs = file.node.statfs = () => ({
    bsize: BLOCK, frsize: BLOCK, blocks: capacity, bfree: free(), bavail: free(),
  });
  const { mknod, rename, unlink, rmdir, readdir } = dir.node;
  dir.node.readdir = (node) => readdir(node).filter((name) => node !== root || !HIDDEN.has(name));
  dir.node.mknod = (parent, name, mode, device) => {
    if (FS.isDir(mode)) needs(2);
    const node = mknod(parent, name, mode, device);
    tell(FS.isDir(mode) ? "mkdir" : "create", { path: pathOf(parent, name) });
    return node;
  };
  dir.node.rename = (node, parent, name) => {
    const path = FS.getPath(node);
    rename(node, parent, name);
    tell("rename", { path, to: pathOf(parent, name) });
  };
  dir.node.unlink = (parent, name) => (unlink(parent, name), tell("remove", { path: pathOf(parent, name) }));
  dir.node.rmdir = (parent, name) => (rmdir(parent, name), tell("rmdir", { path: pathOf(parent, name) }));
}

function list(path) {
  const { node } = mp.FS.lookupPath(path);
  if (mp.FS.isFile(node.mode)) return { [path]: node.usedBytes };
  const names = mp.FS.readdir(path).filter((name) => name !== "." && name !== "..");
  return Object.assign({}, ...names.map((name) => list(path.replace(/\/$/, "") + "/" + name)));
}

// ---- requests

const requests = {
  start: () => void 0,
  exec: (_, body) => void mp.runPython(body.toString()),
  keys(_, body) {
    for (let used = 0; used < body.length; used++)
      if (mp.replProcessChar(body[used])) return { used: used + 1, forced_exit: true };
    return { used: body.length, forced_exit: false };
  },
  run: ({ per_step }, body) => run(per_step, body),
  interrupt() {
    const { interrupted } = app;
    app = null;
    interrupted?.();
  },
  inputs: ({ values }) => void Object.assign(config.inputs, values),
  read: ({ path }) => ({ body: Buffer.from(mp.FS.readFile(path)) }),
  write: ({ path }, body) => void mp.FS.writeFile(path, body),
  files: () => ({ files: list("/") }),
};

function answer(header, body) {
  let reply;
  try {
    reply = requests[header.op](header, body) ?? {};
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error; // the interpreter itself is broken
    if (header.op === "run") app = null; // as the exception ends the loop on a real board
    reply = { error: { type: error.type ?? error.name, text: error.message, errno: ERRNO[error.errno] } };
  }
  flushPrinted();
  const { body: contents, ...fields } = reply;
  const { clock: ticks, sample, rtc } = time;
  const done = { op: "done", ...fields, running: app !== null, reset, time: { ticks, sample, rtc } };
  send(done, header.op === "run" ? Buffer.concat(outputs.splice(0)) : contents);
}

// ---- start: the first request configures

const { instantiate } = WebAssembly;
WebAssembly.instantiate = (binary, imports) => {
  const { env } = imports;
  for (const [name, call] of Object.entries(env))
    if (name.startsWith("__syscall_"))
      env[name] = (...args) => ((code) => (code < 0 ? -(ERRNO[-code] ?? -code) : code))(call(...args));
    else if (name.startsWith("fd_")) env[name] = (...args) => ((code) => ERRNO[code] ?? code)(call(...args));
  env.mp_js_ticks_ms = lookAtClock;
  env.mp_js_time_ms = () => time.rtc + lookAtClock();
  return instantiate(binary, imports);
};

const [config, contents] = receive();
Object.assign(time, { clock: config.ticks, offset: config.ticks - config.sample, sample: config.sample });
time.rtc = config.rtc;
const nothing = () => null;
const mp = await loadMicroPython({
  heapsize: config.heap, pystack: config.pystack, linebuffer: false, stdin: nothing, stdout: nothing, stderr: nothing,
});
const rawFd = mp.FS.open("/dev/stdout", 1).fd;
for (const fd of [1, 2])
  mp.FS.streams[fd].stream_ops.write = (stream, buffer, offset, length) => {
    print(stream.fd === rawFd ? "raw" : "out", Buffer.from(buffer.slice(offset, offset + length)));
    return length;
  };
mountFlash(config, contents);
mp.registerJsModule("_virtual", virtual);
// sys.stdout.buffer writes to the same descriptor as print(); its object holds the number after its type
const bufferFd = (mp.runPython("import sys\n_virtual_id = id(sys.stdout.buffer)"), mp.globals.get("_virtual_id") >> 2) + 1;
if (heap32()[bufferFd] !== 1) throw new Error("sys.stdout.buffer is not where it was");
heap32()[bufferFd] = rawFd;
mp.replInit(); // its banner comes before anybody listens
mp.runPython("del sys, _virtual_id\nexecfile('/rom/_boot.py')");
for (let request = [config]; ; request = receive()) {
  answer(...request);
  await new Promise(setImmediate);
}
