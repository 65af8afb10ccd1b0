// Some functions of WASI itself, for cases that the library has no word for.

@external("wasi_snapshot_preview1", "path_open")
export declare function path_open(dir: i32, lookup: i32, path: usize, length: usize, oflags: i32, base: u64, inheriting: u64, flags: i32, fd: usize): i32;

@external("wasi_snapshot_preview1", "fd_write")
export declare function fd_write(fd: i32, iovs: usize, count: usize, written: usize): i32;

@external("wasi_snapshot_preview1", "fd_pread")
export declare function fd_pread(fd: i32, iovs: usize, count: usize, offset: u64, read: usize): i32;

@external("wasi_snapshot_preview1", "fd_close")
export declare function fd_close(fd: i32): i32;

@external("wasi_snapshot_preview1", "path_unlink_file")
export declare function path_unlink_file(dir: i32, path: usize, length: usize): i32;

const FD_READ: u64 = 1 << 1;
const FD_SEEK: u64 = 1 << 2;
const FD_WRITE: u64 = 1 << 6;

// open opens a file below the preopened folder; less than 0 is an errno.
export function open(path: string, oflags: i32): i32 {
  const name = String.UTF8.encode(path);
  const fd = memory.data(4);
  const e = path_open(3, 0, changetype<usize>(name), name.byteLength, oflags, FD_READ | FD_SEEK | FD_WRITE, 0, 0, fd);
  return e ? -e : load<i32>(fd);
}

export function unlink(path: string): i32 {
  const name = String.UTF8.encode(path);
  return path_unlink_file(3, changetype<usize>(name), name.byteLength);
}

// write gives the number of bytes written; less than 0 is an errno.
export function write(fd: i32, text: string): i32 {
  const bytes = String.UTF8.encode(text);
  const iov = memory.data(8);
  const n = memory.data(4);
  store<usize>(iov, changetype<usize>(bytes));
  store<i32>(iov, bytes.byteLength, 4);
  const e = fd_write(fd, iov, 1, n);
  return e ? -e : load<i32>(n);
}

// readAt gives what there is at an offset, at most 100 bytes.
export function readAt(fd: i32, offset: u64): string {
  const bytes = new ArrayBuffer(100);
  const iov = memory.data(8);
  const n = memory.data(4);
  store<usize>(iov, changetype<usize>(bytes));
  store<i32>(iov, bytes.byteLength, 4);
  const e = fd_pread(fd, iov, 1, offset, n);
  return e ? "errno " + e.toString() : String.UTF8.decode(bytes.slice(0, load<i32>(n)));
}
