use super::*;

#[test]
fn every_sample_becomes_what_its_snapshot_says() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(samples_dir().join("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for sample in all_samples() {
            let shown = shown(&sample.parsed());
            insta::assert_json_snapshot!(format!("{}__{}", sample.kind, sample.name), shown);
        }
    });
}

#[test]
fn every_snapshot_has_its_sample() {
    let samples = all_samples();
    for entry in fs::read_dir(samples_dir().join("snapshots")).expect("a folder") {
        let file = entry.expect("an entry").file_name().into_string().expect("UTF-8");
        let name = file.strip_suffix(".snap").expect("no snapshot is pending");
        assert!(samples.iter().any(|sample| format!("{}__{}", sample.kind, sample.name) == name), "{file} belongs to no sample");
    }
}

#[test]
fn every_sample_says_something_or_says_why_not() {
    for sample in all_samples() {
        let parsed = sample.parsed();
        assert!(!parsed.observations.is_empty() || parsed.remark.is_some(), "{}/{}", sample.kind, sample.name);
    }
}
