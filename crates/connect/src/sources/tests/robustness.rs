//! Nothing that comes in makes a source panic, and the same input gives the same answer.

use proptest::prelude::*;

use super::*;
use crate::fuzzing::exercise;

/// Writes a sample as the fuzzers read it.
fn input(sample: &Sample) -> Vec<u8> {
    let mut input = String::new();
    for (name, value) in sample.headers.iter() {
        input.push_str(&format!("{name}: {value}\n"));
    }
    for (name, value) in sample.settings.iter().filter(|(_, value)| !value.contains('\n')) {
        input.push_str(&format!("setting-{name}: {value}\n"));
    }
    if !input.is_empty() {
        input.push('\n');
    }
    let mut input = input.into_bytes();
    input.extend(&sample.body);
    input
}

#[test]
fn every_sample_survives_every_source() {
    for sample in all_samples() {
        let input = input(&sample);
        for kind in all().keys() {
            exercise(kind, &input);
        }
    }
}

#[test]
fn every_sample_cut_short_survives() {
    for sample in all_samples() {
        let input = input(&sample);
        let step = (input.len() / 16).max(1);
        for end in (0..input.len()).step_by(step) {
            exercise(&sample.kind, &input[..end]);
        }
    }
}

#[test]
fn every_field_of_every_sample_may_be_anything() {
    let others = [
        json!(null),
        json!(7),
        json!(-1.5),
        json!(u64::MAX),
        json!("x"),
        json!(""),
        json!([]),
        json!([7]),
        json!({}),
        json!({"a": {"b": 1}}),
        json!(true),
    ];
    for sample in all_samples() {
        let Ok(value) = serde_json::from_slice::<Value>(&sample.body) else {
            continue;
        };
        let mut places = Vec::new();
        pointers(&value, String::new(), &mut places);
        // Of very long bodies only every n-th place, so that no sample takes all the time.
        let step = places.len().div_ceil(150).max(1);
        for (at, place) in places.iter().enumerate().step_by(step) {
            let mut broken = value.clone();
            // Each place gets one of them, in turn; the property test below takes them at random.
            *broken.pointer_mut(place).expect("a place of the value") = others[at % others.len()].clone();
            let mut broken_sample = sample.clone();
            broken_sample.body = broken.to_string().into_bytes();
            exercise(&sample.kind, &input(&broken_sample));
        }
    }
}

fn pointers(value: &Value, path: String, out: &mut Vec<String>) {
    match value {
        Value::Object(entries) => {
            for (name, entry) in entries {
                let name = name.replace('~', "~0").replace('/', "~1");
                pointers(entry, format!("{path}/{name}"), out);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                pointers(item, format!("{path}/{at}"), out);
            }
        }
        _ => {}
    }
    out.push(path);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        Just(json!("firing")),
        Just(json!("2024-01-01T00:00:00Z")),
        Just(json!("a\u{0}\u{202e}b")),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-zA-Z_.]{1,10}", inner, 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_changes_never_panic(pick in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), other in any_json()) {
        let samples = samples_with_json();
        let (sample, value) = &samples[pick.index(samples.len())];
        let mut places = Vec::new();
        pointers(value, String::new(), &mut places);
        let mut broken = value.clone();
        *broken.pointer_mut(&places[at.index(places.len())]).expect("a place of the value") = other;
        let mut broken_sample = sample.clone();
        broken_sample.body = broken.to_string().into_bytes();
        exercise(&sample.kind, &input(&broken_sample));
    }

    #[test]
    fn random_bytes_never_panic(pick in any::<prop::sample::Index>(), bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let kinds: Vec<&str> = all().keys().copied().collect();
        exercise(kinds[pick.index(kinds.len())], &bytes);
    }

    #[test]
    fn random_bytes_within_a_sample_never_panic(pick in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let samples = samples_with_json();
        let (sample, _) = &samples[pick.index(samples.len())];
        let mut bytes = input(sample);
        let place = at.index(bytes.len());
        bytes[place] = byte;
        exercise(&sample.kind, &bytes);
    }
}

fn samples_with_json() -> &'static [(Sample, Value)] {
    static SAMPLES: std::sync::OnceLock<Vec<(Sample, Value)>> = std::sync::OnceLock::new();
    SAMPLES.get_or_init(|| {
        all_samples()
            .into_iter()
            .filter_map(|sample| {
                let value = serde_json::from_slice(&sample.body).ok()?;
                Some((sample, value))
            })
            .collect()
    })
}

#[test]
fn more_alerts_than_a_delivery_may_hold_are_refused_by_number() {
    let alert = json!({"status": "firing", "labels": {"alertname": "A"}, "fingerprint": "f"});
    let group = |count: usize| json!({"version": "4", "groupKey": "k", "alerts": vec![alert.clone(); count]});
    assert_eq!(Sample::json("alertmanager", &group(5_001)).refused(), "alerts: 5001 entries, the limit of one delivery is 5000");
    assert_eq!(Sample::json("alertmanager", &group(2_000)).parsed().observations.len(), 2_000);
}

#[test]
fn bodies_that_are_no_json_are_refused_by_every_source() {
    for kind in all().keys() {
        for (body, expected) in [
            (&b""[..], "empty"),
            (b"{\"a\": 1", "not JSON"),
            (b"{\"a\": 1, \"a\": 2}", "appears twice"),
            (b"{\"a\": 99999999999999999999}", "64 bits"),
            (b"{\"a\": \"\xff\"}", "not UTF-8"),
            (b"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "nested deeper"),
        ] {
            let error = Sample::of(kind, body).header("x-github-event", "push").header("sentry-hook-resource", "issue").refused();
            assert!(error.contains(expected), "{kind}: {error}");
        }
    }
}
