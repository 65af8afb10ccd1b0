//! path_link: a hard link shows what is written through the other name.
mod check;
use check::*;
use std::fs;

fn main() -> Outcome {
    ok("hard_link", fs::hard_link("/hello.txt", "/dir/same.txt"))?;
    ok("write", fs::write("/dir/same.txt", "changed"))?;
    equal("content", ok("read", fs::read_to_string("/hello.txt"))?.as_str(), "changed")?;
    ok("remove_file", fs::remove_file("/hello.txt"))?;
    equal("content", ok("read", fs::read_to_string("/dir/same.txt"))?.as_str(), "changed")?;
    fails("link over a file", fs::hard_link("/lines.txt", "/dir/same.txt"), std::io::ErrorKind::AlreadyExists)
}
