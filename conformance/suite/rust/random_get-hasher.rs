//! random_get: two hash maps have different seeds or one seed that counts on, never none.
mod check;
use check::*;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

fn main() -> Outcome {
    let hash = |s: &RandomState| s.build_hasher().finish();
    let (a, b) = (RandomState::new(), RandomState::new());
    holds("a state agrees with itself", hash(&a) == hash(&a))?;
    holds("two states differ", hash(&a) != hash(&b))
}
