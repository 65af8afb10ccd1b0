//! fd_readdir: read_dir finds each file of a tree, with its type.
mod check;
use check::*;
use std::fs;
use std::path::Path;

fn walk(dir: &Path, found: &mut Vec<String>) -> Outcome {
    for entry in ok("read_dir", fs::read_dir(dir))? {
        let entry = ok("entry", entry)?;
        if ok("file_type", entry.file_type())?.is_dir() {
            walk(&entry.path(), found)?;
        } else {
            found.push(entry.path().display().to_string());
        }
    }
    Ok(())
}

fn main() -> Outcome {
    let mut found = Vec::new();
    walk(Path::new("/"), &mut found)?;
    found.sort();
    equal("files", found.join(" ").as_str(), "/dir/inner/deep.txt /dir/nested.txt /hello.txt /lines.txt")
}
