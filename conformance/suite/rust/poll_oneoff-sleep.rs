//! poll_oneoff: thread::sleep sleeps at least as long as asked.
mod check;
use check::*;
use std::thread::sleep;
use std::time::{Duration, Instant};

fn main() -> Outcome {
    let start = Instant::now();
    sleep(Duration::from_millis(5));
    holds("five milliseconds went by", start.elapsed() >= Duration::from_millis(5))
}
