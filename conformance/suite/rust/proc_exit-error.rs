//! proc_exit: an error that main returns is exit code 1.
fn main() -> Result<(), String> {
    print!("printed without an end of line");
    Err("on purpose".to_string())
}
