//! fd_read: a buffered reader gives the lines of a file.
mod check;
use check::*;
use std::fs::File;
use std::io::{BufRead, BufReader};

fn main() -> Outcome {
    let f = ok("open", File::open("/lines.txt"))?;
    let lines: Result<Vec<String>, _> = BufReader::with_capacity(5, f).lines().collect();
    equal("lines", ok("lines", lines)?.join("|").as_str(), "one|two|three")
}
