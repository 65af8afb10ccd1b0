//! path_filestat_get, fd_filestat_set_size: metadata tells types, sizes and times.
mod check;
use check::*;
use std::fs::{self, OpenOptions};
use std::time::SystemTime;

fn main() -> Outcome {
    let m = ok("metadata", fs::metadata("/hello.txt"))?;
    holds("a file", m.is_file() && !m.is_dir())?;
    equal("length", m.len(), 13)?;
    holds("a folder", ok("metadata", fs::metadata("/dir"))?.is_dir())?;
    let f = ok("open", OpenOptions::new().write(true).open("/hello.txt"))?;
    ok("set_len", f.set_len(5))?;
    equal("content", ok("read", fs::read_to_string("/hello.txt"))?.as_str(), "hello")?;
    let changed = ok("modified", ok("metadata", f.metadata())?.modified())?;
    holds("changed since 2020", changed > SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_577_836_800))
}
