// The file system of the virtual block: Emscripten's MEMFS with the manners of littlefs on a board.
//
// What is written is safe after flush() or close(), and then told to the host, which keeps the flash;
// sizes, error numbers and a full flash are those of a board.

import fs from "node:fs";

// Emscripten's error numbers -> MicroPython's (py/mperrno.h), and littlefs's ENOTEMPTY.
export const ERRNO = {
  2: 13, 6: 11, 8: 9, 10: 16, 20: 17, 22: 27, 27: 4, 28: 22, 29: 5, 31: 21, 32: 40, 33: 24, 37: 36, 43: 19,
  44: 2, 48: 12, 51: 28, 54: 20, 55: 39, 59: 25, 60: 6, 63: 1, 69: 30, 70: 29, 75: 18,
};
const ENOSPC = 51; // Emscripten's
const BLOCK = 4096; // bytes; littlefs's block on the boards' flash
const HIDDEN = new Set(["dev", "proc", "rom"]); // in the root folder, but not on flash

// Fills the file system with what the flash holds, `contents` being all files on end, and with the
// modules that a board has in ROM; from then on `tell` hears of every durable change.
export function mountFlash(FS, { capacity, folders, files }, contents, romFolder, tell) {
  for (const name of ["/home/web_user", "/home", "/tmp"]) FS.rmdir(name);
  FS.mkdir("/rom");
  for (const name of fs.readdirSync(romFolder).filter((name) => name.endsWith(".py")))
    FS.writeFile(`/rom/${name}`, fs.readFileSync(`${romFolder}/${name}`), { mode: 0o444 });
  FS.chmod("/rom", 0o555);
  for (const folder of folders) FS.mkdir(folder);
  let at = 0;
  for (const [path, size] of files) FS.writeFile(path, contents.subarray(at, (at += size)));

  const root = FS.lookupPath("/").node;
  const pathOf = (parent, name) => FS.getPath(parent).replace(/\/$/, "") + "/" + name;
  const { dir, file } = FS.filesystems.MEMFS.ops_table;

  const blocks = (size) => Math.ceil(size / BLOCK);
  const used = (node) => {
    if (!FS.isDir(node.mode)) return blocks(node.usedBytes ?? 0);
    const inside = Object.values(node.contents).filter((child) => node !== root || !HIDDEN.has(child.name));
    return inside.reduce((sum, child) => sum + used(child), 2); // a folder is a pair of blocks
  };
  const free = () => Math.max(0, capacity - used(root));
  const needs = (count) => {
    if (count > 0 && count > free()) throw new FS.ErrnoError(ENOSPC);
  };

  // node.changed is where a file begins to differ from what is durable
  const change = (node, from) => (node.changed = Math.min(node.changed ?? Infinity, node.usedBytes, from));
  const commit = ({ node, isWrite }) => {
    const { changed: from, parent, name, usedBytes } = node;
    if (!isWrite) return; // what another file object wrote is not its to keep
    if (from === undefined || parent.contents[name] !== node) return;
    node.changed = undefined;
    tell("commit", { path: FS.getPath(node), from }, Buffer.from(node.contents.slice(from, usedBytes)));
  };

  const { write } = file.stream;
  const { setattr } = file.node;
  file.stream.write = (stream, buffer, offset, length, position, canOwn) => {
    needs(blocks(position + length) - blocks(stream.node.usedBytes));
    change(stream.node, position);
    return write(stream, buffer, offset, length, position, canOwn);
  };
  file.stream.fsync = file.stream.close = commit;
  file.node.setattr = (node, attributes) => {
    if (attributes.size !== undefined && attributes.size !== node.usedBytes) change(node, attributes.size);
    return setattr(node, attributes);
  };

  const { mknod, rename, unlink, rmdir, readdir } = dir.node;
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
  dir.node.unlink = (parent, name) => {
    unlink(parent, name);
    tell("remove", { path: pathOf(parent, name) });
  };
  dir.node.rmdir = (parent, name) => {
    rmdir(parent, name);
    tell("rmdir", { path: pathOf(parent, name) });
  };
  dir.node.readdir = (node) => readdir(node).filter((name) => node !== root || !HIDDEN.has(name));
  dir.node.statfs = file.node.statfs = () => ({
    bsize: BLOCK, frsize: BLOCK, blocks: capacity, bfree: free(), bavail: free(),
  });
}

// Sizes of all files below `path`.
export function list(FS, path) {
  const { node } = FS.lookupPath(path);
  if (FS.isFile(node.mode)) return { [path]: node.usedBytes };
  const names = FS.readdir(path).filter((name) => name !== "." && name !== "..");
  return Object.assign({}, ...names.map((name) => list(FS, path.replace(/\/$/, "") + "/" + name)));
}
