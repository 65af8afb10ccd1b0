//! fd_write, fd_read, fd_seek: a file is written, read and changed in the middle.
mod check;
use check::*;
use std::fs::{self, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};

fn main() -> Outcome {
    ok("write", fs::write("/file", "0123456789"))?;
    let mut f = ok("open", OpenOptions::new().read(true).write(true).open("/file"))?;
    equal("seek", ok("seek", f.seek(SeekFrom::Start(4)))?, 4)?;
    ok("write_all", f.write_all(b"ab"))?;
    let mut rest = String::new();
    ok("read", f.read_to_string(&mut rest))?;
    equal("rest", rest.as_str(), "6789")?;
    equal("seek from the end", ok("seek", f.seek(SeekFrom::End(-3)))?, 7)?;
    fails("seek before the beginning", f.seek(SeekFrom::Current(-8)), std::io::ErrorKind::InvalidInput)?;
    drop(f);
    equal("content", ok("read", fs::read_to_string("/file"))?.as_str(), "0123ab6789")
}
