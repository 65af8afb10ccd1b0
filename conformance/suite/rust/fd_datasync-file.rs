//! fd_datasync, fd_sync: sync_data and sync_all succeed.
mod check;
use check::*;
use std::fs::File;
use std::io::Write;

fn main() -> Outcome {
    let mut f = ok("create", File::create("/file"))?;
    ok("write_all", f.write_all(b"kept"))?;
    ok("sync_data", f.sync_data())?;
    ok("sync_all", f.sync_all())
}
