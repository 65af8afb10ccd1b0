//! Checks that say what was expected and what came; an error ends main with exit code 1.
#![allow(dead_code)]

use std::fmt::Debug;
use std::io;

pub type Outcome = Result<(), String>;

pub fn equal<T: PartialEq + Debug>(what: &str, got: T, want: T) -> Outcome {
    if got == want {
        return Ok(());
    }
    Err(format!("{}: expected {:?}, got {:?}", what, want, got))
}

pub fn holds(what: &str, condition: bool) -> Outcome {
    equal(what, condition, true)
}

pub fn fails<T>(what: &str, result: io::Result<T>, want: io::ErrorKind) -> Outcome {
    match result {
        Ok(_) => Err(format!("{}: expected {:?}, got success", what, want)),
        Err(e) => equal(what, e.kind(), want),
    }
}

pub fn ok<T>(what: &str, result: io::Result<T>) -> Result<T, String> {
    result.map_err(|e| format!("{}: expected success, got {}", what, e))
}
