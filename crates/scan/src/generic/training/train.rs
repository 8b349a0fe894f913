//! Fits the weights and measures them.

use std::{fs, path::Path};

use super::{Sample, sample};
use crate::{
    finding::Confidence,
    generic::{
        FileContext, FileKind, assignment,
        features::{COUNT, Features, NAMES},
        judge, scan,
        score::logistic,
    },
};

const TRAINING_SAMPLES: usize = 3000;
const HELD_OUT_SAMPLES: usize = 600;
const ROUNDS: usize = 400;

/// Features and labels of what the hard rules leave.
fn rows() -> Vec<(Features, bool)> {
    let mut rows = Vec::new();
    for sample in (0..TRAINING_SAMPLES).map(|number| sample(number, false)) {
        let file = FileContext { path: sample.path.as_bytes(), kind: FileKind::of_path(sample.path.as_bytes()) };
        for found in assignment::assignments(sample.text.as_bytes(), file.kind) {
            let Some(features) = judge::measured(sample.text.as_bytes(), &found, &file) else {
                continue;
            };
            let value = &sample.text[found.value.clone()];
            rows.push((features, sample.secrets.iter().any(|secret| secret == value)));
        }
    }
    rows
}

/// Full-batch gradient descent with a small ridge; the same rows give the same weights.
fn fit(rows: &[(Features, bool)]) -> Features {
    let mut weights = [0.0_f32; COUNT];
    let count = rows.len() as f32;
    for _ in 0..ROUNDS {
        let mut slope = [0.0_f32; COUNT];
        for (features, is_secret) in rows {
            let error = logistic(features, &weights) - if *is_secret { 1.0 } else { 0.0 };
            for (sum, value) in slope.iter_mut().zip(features) {
                *sum += error * value;
            }
        }
        for (weight, sum) in weights.iter_mut().zip(slope) {
            *weight -= 2.0 * (sum / count + 0.0005 * *weight);
        }
    }
    weights
}

fn found_values(sample: &Sample) -> Vec<String> {
    let file = FileContext { path: sample.path.as_bytes(), kind: FileKind::of_path(sample.path.as_bytes()) };
    let mut candidates = Vec::new();
    scan(sample.text.as_bytes(), &file, &mut candidates);
    candidates
        .iter()
        .filter(|candidate| candidate.confidence >= Confidence::Medium)
        .map(|candidate| sample.text[candidate.start..candidate.end].to_owned())
        .collect()
}

#[test]
fn weights_are_what_training_gives() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/generic/data/weights.txt");
    if std::env::var_os("WATCHFIRE_BLESS").is_none() {
        let lines = fs::read_to_string(path).expect("the weights are readable").lines().count();
        assert_eq!(lines, COUNT, "one weight for each feature; train with WATCHFIRE_BLESS=1");
        return;
    }
    let rows = rows();
    let weights = fit(&rows);
    let text: String = weights.iter().zip(NAMES).map(|(weight, name)| format!("{weight:.3} {name}\n")).collect();
    fs::write(path, text).expect("the weights are writable");
}

#[test]
fn held_out_secrets_are_found_and_little_else() {
    let (mut right, mut wrong, mut missed) = (0_u32, 0_u32, 0_u32);
    let (mut wrongs, mut misses) = (Vec::new(), Vec::new());
    for sample in (0..HELD_OUT_SAMPLES).map(|number| sample(number, true)) {
        let found = found_values(&sample);
        for value in &found {
            if sample.secrets.contains(value) {
                right += 1;
            } else {
                wrong += 1;
                wrongs.push(format!("{} in {}", value, sample.path));
            }
        }
        for secret in sample.secrets.iter().filter(|secret| !found.contains(secret)) {
            missed += 1;
            misses.push(format!("{} in {}", secret, sample.path));
        }
    }
    let precision = f64::from(right) / f64::from(right + wrong);
    let recall = f64::from(right) / f64::from(right + missed);
    if std::env::var_os("WATCHFIRE_SHOW").is_some() {
        fs::write(
            std::env::temp_dir().join("held-out.txt"),
            format!(
                "precision {precision:.3} recall {recall:.3}\n\nwrong\n{}\n\nmissed\n{}\n",
                wrongs.join("\n"),
                misses.join("\n")
            ),
        )
        .expect("writable");
    }
    assert!(precision >= 0.95 && recall >= 0.85, "precision {precision:.3}, recall {recall:.3}");
}
