//! path_rename: fs::rename moves folders and replaces files.
mod check;
use check::*;
use std::fs;

fn main() -> Outcome {
    ok("rename", fs::rename("/dir", "/moved"))?;
    equal("deep", ok("read", fs::read_to_string("/moved/inner/deep.txt"))?.as_str(), "deep\n")?;
    ok("rename", fs::rename("/moved/nested.txt", "/hello.txt"))?;
    equal("replaced", ok("read", fs::read_to_string("/hello.txt"))?.as_str(), "nested\n")?;
    holds("gone", fs::metadata("/moved/nested.txt").is_err() && fs::metadata("/dir").is_err())
}
