// MicroPython for the virtual block: answers computer.py's requests, one at a time.
//
// process.py tells what a frame is. All is synchronous, as MicroPython is; only between two requests does
// Node breathe.

import fs from "node:fs";
import { pathToFileURL } from "node:url";
import { ERRNO, list, mountFlash } from "./flash.mjs";

const [micropythonPath, romFolder, interruptFile] = process.argv.slice(2);
const { loadMicroPython } = await import(pathToFileURL(micropythonPath));

const TICKS = 0x3fffffff; // MicroPython's ticks wrap at 2^30
const MISSING = -0x80000000; // as a sample's force: the time passes, nothing is measured
const SAMPLE = 5; // t_ms, force, ax, ay, az
const LIGHT = 0, TONE = 1, TELEMETRY = 2; // kinds of output

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

// ---- what a program prints, gathered into frames: "raw" is sys.stdout.buffer, "out" all else

const printed = { op: "out", parts: [], size: 0 };

function flushPrinted() {
  if (printed.size) send({ op: printed.op }, Buffer.concat(printed.parts));
  Object.assign(printed, { parts: [], size: 0 });
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
let interrupted = false;
function poll() {
  const now = performance.now();
  if (now - polled < 10) return;
  polled = now;
  flushPrinted();
  if (fs.existsSync(interruptFile)) {
    fs.rmSync(interruptFile);
    mp._module._mp_sched_keyboard_interrupt();
    interrupted = true;
  }
}

// A Ctrl-C that came too late for its program must not end the next one.
function forgetInterrupt() {
  if (!interrupted) return;
  try {
    mp.runPython("[0 for i in (1, 2)]");
  } catch {}
  interrupted = false;
}

// ---- time, in virtual milliseconds. Samples bring it; outside the app's step, waiting does too: each look
// at the clock takes a millisecond, so that sleep() ends, at once and after exactly its time.

const time = { ticks: 0, sample: 0, offset: 0, rtc: 0, stepping: false };

function passTo(sample) {
  time.sample = sample;
  if (sample + time.offset < time.ticks) time.offset = time.ticks - sample; // another trace begins
  time.ticks = sample + time.offset;
}

function lookAtClock() {
  poll();
  if (!time.stepping) {
    time.ticks++;
    time.offset++;
  }
  return time.ticks;
}

// ---- what boards/virtual.py reaches through rom/_virtual.py, which tells what each function does. They
// take integers only, so that no call allocates.

const samples = [];
const outputs = [];
const shown = { [LIGHT]: 0, [TONE]: 0 };
let app = null; // {step, interrupted}
let reset = false;
let alarm = null; // when a machine.Timer is due, in Node's time: the block's stands still while no app runs
let memory;

function heap32() {
  const { buffer } = mp._module.HEAPU8; // another one after the memory has grown
  if (memory?.buffer !== buffer) memory = new Int32Array(buffer);
  return memory;
}

function output(kind, payload) {
  const head = Buffer.alloc(8);
  head.writeInt32LE(time.sample, 0);
  head.writeUInt16LE(kind, 4);
  head.writeUInt16LE(payload.length, 6);
  outputs.push(head, payload);
}

function show(kind, ...bytes) {
  const payload = Buffer.from(bytes);
  const value = payload.readUIntBE(0, bytes.length);
  if (shown[kind] !== value) output(kind, payload);
  shown[kind] = value;
}

const host = {
  drive: (step, interrupted) => void (app = { step, interrupted }),
  read(address) {
    const sample = samples.shift();
    if (sample) heap32().set(sample, address >> 2);
    return sample ? 1 : 0;
  },
  ticks: () => time.ticks & TICKS,
  light: (red, green, blue) => show(LIGHT, red, green, blue),
  tone: (hz) => show(TONE, hz >> 8, hz),
  telemetry(address, size) {
    output(TELEMETRY, Buffer.from(mp._module.HEAPU8.slice(address, address + size)));
  },
  button: () => config.inputs.button,
  battery: () => config.inputs.battery,
  listening: () => config.inputs.listening | config.inputs.attached,
  unique_id: () => config.unique_id,
  set_clock: (days, ms) => void (time.rtc = days * 86400000 + ms - time.ticks),
  reset: () => void (reset = true),
  alarm: (ms) => void (alarm = ms < 0 ? null : performance.now() + ms),
};

function run(perStep, bytes) {
  const rows = new Int32Array(new Uint8Array(bytes).buffer); // a copy, since it must be aligned
  time.stepping = true;
  try {
    for (let at = 0; at < rows.length; ) {
      for (let i = 0; i < perStep && at < rows.length; i++, at += SAMPLE) {
        passTo(rows[at]);
        if (!app || rows[at + 1] === MISSING) continue;
        rows[at] = time.ticks & TICKS;
        samples.push(rows.subarray(at, at + SAMPLE));
      }
      app?.step();
    }
  } catch (error) {
    app = null; // as the exception ends the loop on a board
    throw error;
  } finally {
    time.stepping = false;
  }
}

// ---- requests

const requests = {
  start: () => {},
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
    samples.length = 0;
    interrupted?.();
  },
  inputs: ({ values }) => void Object.assign(config.inputs, values),
  read: ({ path }) => ({ body: Buffer.from(mp.FS.readFile(path)) }),
  write: ({ path }, body) => void mp.FS.writeFile(path, body),
  files: () => ({ files: list(mp.FS, "/") }),
};

function answer(header, body) {
  let reply;
  try {
    reply = requests[header.op](header, body) ?? {};
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error; // the interpreter itself is broken
    reply = { error: { type: error.type ?? error.name, text: error.message, errno: ERRNO[error.errno] } };
  }
  forgetInterrupt();
  flushPrinted();
  const { body: contents = Buffer.concat(outputs.splice(0)), ...fields } = reply;
  const { ticks, sample, rtc } = time;
  const alarm_ms = alarm && Math.max(0, alarm - performance.now());
  const state = { running: app !== null, reset, alarm_ms, time: { ticks, sample, rtc } };
  send({ op: "done", ...fields, ...state }, contents);
}

// ---- start: the first request configures

const [config, contents] = receive();
Object.assign(time, { ...config.time, offset: config.time.ticks - config.time.sample });

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

const none = () => null;
const { heap: heapsize, pystack } = config;
const streams = { linebuffer: false, stdin: none, stdout: none, stderr: none };
const mp = await loadMicroPython({ heapsize, pystack, ...streams });

mountFlash(mp.FS, config, contents, romFolder, (change, fields, body) => {
  flushPrinted(); // in the order in which they happened
  send({ op: "flash", change, ...fields }, body);
  poll();
});
mp.registerJsModule("_host", host);

const rawFd = mp.FS.open("/dev/stdout", 1).fd;
for (const fd of [1, 2])
  mp.FS.streams[fd].stream_ops.write = (stream, buffer, offset, length) => {
    print(stream.fd === rawFd ? "raw" : "out", Buffer.from(buffer.slice(offset, offset + length)));
    return length;
  };
// sys.stdout.buffer would write where print() does; its object is a type and the file's number
mp.runPython("import sys\n_buffer = id(sys.stdout.buffer)");
const bufferFd = (mp.globals.get("_buffer") >> 2) + 1;
if (heap32()[bufferFd] !== 1) throw new Error("sys.stdout.buffer is not what it was");
heap32()[bufferFd] = rawFd;

mp.replInit(); // its banner comes before anybody listens
mp.runPython("del sys, _buffer\nexecfile('/rom/_boot.py')");
for (let request = [config]; ; request = receive()) {
  answer(...request);
  await new Promise(setImmediate);
}
