//! Standard-library work in several small jobs; one source for old and new Rust.

use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};
use std::fs;
use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};
use std::time::{Duration, Instant, SystemTime};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
    *state >> 33
}

fn collections() -> Outcome {
    let mut state = 7;
    let mut numbers: Vec<u64> = (0..200_000).map(|_| next(&mut state)).collect();
    numbers.sort_unstable();
    let distinct: HashSet<u64> = numbers.iter().copied().collect();
    let mut tally: HashMap<u64, usize> = HashMap::new();
    let mut tree: BTreeMap<u64, u64> = BTreeMap::new();
    for n in &numbers {
        *tally.entry(n % 97).or_default() += 1;
        *tree.entry(n % 1009).or_default() += n;
    }
    let mut heap: BinaryHeap<u64> = numbers.iter().copied().take(1000).collect();
    let top: Vec<String> = (0..3).filter_map(|_| heap.pop()).map(|n| n.to_string()).collect();
    println!("first {} last {} distinct {}", numbers[0], numbers[numbers.len() - 1], distinct.len());
    println!("tally {} tree {:?}", tally[&13], tree.range(500..).next());
    println!("heap {}", top.join(" "));
    Ok(())
}

fn strings() -> Outcome {
    let text = "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich";
    let mut words: Vec<&str> = text.split_whitespace().collect();
    words.sort_by_key(|w| (w.chars().count(), w.to_lowercase()));
    println!("{}", words.join(","));
    println!("{} {:?} {:.4}", text.to_uppercase(), text.find("quer"), "2.718281828".parse::<f64>()?);
    println!("{:?}", "12x".parse::<i32>());
    Ok(())
}

fn files() -> Outcome {
    fs::create_dir_all("/a/b/c")?;
    fs::write("/a/b/c/one", "first\nsecond\nthird\n")?;
    let mut f = fs::OpenOptions::new().read(true).append(true).open("/a/b/c/one")?;
    f.write_all(b"fourth\n")?;
    f.seek(SeekFrom::Start(6))?;
    let mut rest = String::new();
    f.read_to_string(&mut rest)?;
    print!("{}", rest);
    println!("length {}", f.metadata()?.len());
    f.set_len(5)?;
    fs::copy("/a/b/c/one", "/a/two")?;
    fs::rename("/a/two", "/a/b/three")?;
    println!("{:?}", fs::read_to_string("/a/b/three")?);
    let mut names: Vec<String> = fs::read_dir("/a/b")?
        .map(|e| e.map(|e| format!("{} {}", e.file_name().to_string_lossy(), e.path().is_dir())))
        .collect::<io::Result<_>>()?;
    names.sort();
    println!("{:?}", names);
    println!("{:?}", fs::read("/missing").map_err(|e| e.kind()));
    println!("{:?}", fs::create_dir("/a").map_err(|e| e.kind()));
    fs::remove_dir_all("/a/b/c")?;
    Ok(())
}

fn input() -> Outcome {
    let mut lines: Vec<String> = io::stdin().lock().lines().collect::<io::Result<_>>()?;
    lines.sort();
    lines.dedup();
    println!("{}", lines.join("\n"));
    Ok(())
}

fn environment() -> Outcome {
    for (i, arg) in std::env::args().enumerate().skip(2) {
        println!("arg {} {:?}", i, arg);
    }
    let mut vars: Vec<(String, String)> = std::env::vars().collect();
    vars.sort();
    println!("{:?}", vars);
    Ok(())
}

fn clocks() -> Outcome {
    let start = Instant::now();
    std::thread::sleep(Duration::from_millis(15));
    println!("slept: {}", start.elapsed() >= Duration::from_millis(15));
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    println!("after 2020: {}", now.as_secs() > 1_577_836_800);
    Ok(())
}

struct Told(&'static str);

impl Drop for Told {
    fn drop(&mut self) {
        println!("dropped {}", self.0);
    }
}

fn fail() -> Outcome {
    let _told = Told("before the error came back");
    Err(Box::from("asked to fail"))
}

fn catch() -> Outcome {
    let caught = std::panic::catch_unwind(|| {
        let _told = Told("never, for a panic aborts here");
        panic!("caught?");
    });
    println!("caught: {}", caught.is_err());
    Ok(())
}

fn run(job: &str) -> Outcome {
    match job {
        "collections" => collections(),
        "strings" => strings(),
        "files" => files(),
        "input" => input(),
        "environment" => environment(),
        "clocks" => clocks(),
        "fail" => fail(),
        "catch" => catch(),
        "index" => {
            let none: Vec<u8> = Vec::with_capacity(std::env::args().count());
            println!("{}", none[job.len()]);
            Ok(())
        }
        "exit" => {
            print!("leaving");
            io::stdout().flush()?;
            let _told = Told("never, for exit does not return");
            std::process::exit(std::env::args().nth(2).unwrap_or_default().parse()?)
        }
        _ => Err(Box::from(format!("unknown job {:?}", job))),
    }
}

fn main() -> Outcome {
    run(&std::env::args().nth(1).unwrap_or_default())
}
