//! clock_time_get: Instant never runs back, SystemTime is of this century.
mod check;
use check::*;
use std::time::{Duration, Instant, SystemTime};

fn main() -> Outcome {
    let start = Instant::now();
    let mut last = start;
    for _ in 0..100 {
        let now = Instant::now();
        holds("now >= last", now >= last)?;
        last = now;
    }
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_err(|e| e.to_string())?;
    holds("after 2020", since > Duration::from_secs(1_577_836_800))
}
