//! path_open: OpenOptions make, keep, truncate and append.
mod check;
use check::*;
use std::fs::{read_to_string, OpenOptions};
use std::io::{ErrorKind, Write};

fn main() -> Outcome {
    let make = || OpenOptions::new().write(true).create_new(true).open("/file");
    ok("create_new", ok("create_new", make())?.write_all(b"first"))?;
    fails("create_new again", make(), ErrorKind::AlreadyExists)?;
    let mut f = ok("append", OpenOptions::new().append(true).open("/file"))?;
    ok("append", f.write_all(b" second"))?;
    equal("appended", ok("read", read_to_string("/file"))?.as_str(), "first second")?;
    ok("truncate", OpenOptions::new().write(true).truncate(true).open("/file"))?;
    equal("truncated", ok("read", read_to_string("/file"))?.len(), 0)?;
    fails("missing", OpenOptions::new().append(true).open("/missing"), ErrorKind::NotFound)
}
