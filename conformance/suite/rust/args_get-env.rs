//! args_get, environ_get: std::env sees arguments and variables.
mod check;
use check::*;
use std::env;

fn main() -> Outcome {
    let args: Vec<String> = env::args().skip(1).collect();
    equal("arguments", args, vec!["one".to_string(), "zwei Wörter".to_string()])?;
    equal("LEVEL", env::var("LEVEL").ok(), Some("7".to_string()))?;
    equal("EMPTY", env::var("EMPTY").ok(), Some(String::new()))?;
    equal("UNSET", env::var("UNSET").ok(), None)?;
    equal("number of variables", env::vars().count(), 2)
}
