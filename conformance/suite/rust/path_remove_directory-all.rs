//! path_remove_directory, path_unlink_file: remove_dir_all takes a whole tree away.
mod check;
use check::*;
use std::fs;

fn main() -> Outcome {
    for i in 0..5 {
        ok("create_dir_all", fs::create_dir_all(format!("/tree/{}/below", i)))?;
        for j in 0..20 {
            ok("write", fs::write(format!("/tree/{}/below/{}", i, j), "x"))?;
        }
    }
    ok("remove_dir_all", fs::remove_dir_all("/tree"))?;
    holds("gone", fs::metadata("/tree").is_err())?;
    equal("entries left", ok("read_dir", fs::read_dir("/"))?.count(), 0)
}
