//! proc_exit: process::exit ends the program with its code, what was printed before stays.
fn main() {
    println!("leaving");
    std::process::exit(9);
}
