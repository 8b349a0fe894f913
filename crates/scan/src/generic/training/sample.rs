//! One labelled file.

use super::{layouts, negatives, positives};
use crate::rule::Random;

/// A file, the secrets in it, and nothing else that is one.
#[derive(Clone, Debug)]
pub(in crate::generic) struct Sample {
    pub(in crate::generic) path: String,
    pub(in crate::generic) text: String,
    pub(in crate::generic) secrets: Vec<String>,
}

/// Returns sample number `number`; `held_out` samples share no word list and no layout with the others.
pub(in crate::generic) fn sample(number: usize, held_out: bool) -> Sample {
    let mut random = Random::of(&format!("{}-{number}", if held_out { "held-out" } else { "training" }));
    let mut sample = Sample { path: String::new(), text: String::new(), secrets: Vec::new() };
    let layout = layouts::pick(&mut random, held_out);
    sample.path = layout.path.to_owned();
    for line in 0..12 {
        let (key, value, is_secret) = if random.below(5) < 2 {
            let (key, value) = positives::pair(&mut random, held_out);
            (key, value, true)
        } else {
            let (key, value) = negatives::pair(&mut random, held_out);
            (key, value, false)
        };
        if !layout.fits(&value) {
            continue;
        }
        if is_secret {
            sample.secrets.push(value.clone());
        }
        sample.text.push_str(&layout.line(&key, &value, line));
        sample.text.push('\n');
    }
    sample
}
