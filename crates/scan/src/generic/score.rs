//! The scorer: a logistic regression over the features, its weights trained by `training`.

use std::sync::LazyLock;

use super::{
    Reason,
    features::{COUNT, Features, NAMES},
};

/// One weight a line, in the order of the features; written by the test `weights_are_what_training_gives`.
const WEIGHTS_TEXT: &str = include_str!("data/weights.txt");

static WEIGHTS: LazyLock<Features> = LazyLock::new(|| {
    let mut weights = [0.0; COUNT];
    for (weight, line) in weights.iter_mut().zip(WEIGHTS_TEXT.lines()) {
        *weight = line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or_default();
    }
    weights
});

/// Returns the probability that a candidate with these features is a secret.
pub(super) fn probability(features: &Features) -> f32 {
    logistic(features, &WEIGHTS)
}

/// Returns what each feature added, heaviest first, those that hardly mattered left out.
pub(super) fn reasons(features: &Features) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = features
        .iter()
        .zip(WEIGHTS.iter())
        .zip(NAMES)
        .skip(1)
        .map(|((value, weight), name)| Reason::new(name, value * weight))
        .filter(|reason| reason.weight.abs() >= 0.2)
        .collect();
    reasons.sort_by(|left, right| right.weight.abs().total_cmp(&left.weight.abs()));
    reasons.truncate(6);
    reasons
}

pub(super) fn logistic(features: &Features, weights: &Features) -> f32 {
    let sum: f32 = features.iter().zip(weights).map(|(value, weight)| value * weight).sum();
    1.0 / (1.0 + (-sum).exp())
}
