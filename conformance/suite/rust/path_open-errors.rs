//! path_open: errors have the kinds of std::io.
mod check;
use check::*;
use std::fs;
use std::io::ErrorKind;

fn main() -> Outcome {
    fails("open a missing file", fs::read("/missing"), ErrorKind::NotFound)?;
    fails("write below a missing folder", fs::write("/missing/file", "x"), ErrorKind::NotFound)?;
    ok("create_dir", fs::create_dir("/dir"))?;
    fails("create_dir again", fs::create_dir("/dir"), ErrorKind::AlreadyExists)?;
    fails("remove a missing file", fs::remove_file("/missing"), ErrorKind::NotFound)?;
    holds("a folder is no file to remove", fs::remove_file("/dir").is_err())?;
    ok("write", fs::write("/dir/file", "x"))?;
    holds("a full folder is not removed", fs::remove_dir("/dir").is_err())?;
    holds("the file is still there", fs::metadata("/dir/file").is_ok())
}
