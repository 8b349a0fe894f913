//! Digests `rules/*.yaml` into one JSON file, so that start-up does not parse hundreds of YAML files.
//!
//! Nothing is validated here beyond the syntax: `rule::check` does that in a test, with better messages.

use std::io::Write;
use std::{env, error::Error, fs, path::Path};

use flate2::{Compression, write::GzEncoder};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../rules");
    println!("cargo::rerun-if-changed={}", folder.display());
    println!("cargo::rerun-if-changed=build.rs");
    let mut paths: Vec<_> = fs::read_dir(&folder)?.map(|entry| entry.map(|found| found.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    let mut digest = Sha256::new();
    let (mut files, mut examples) = (Vec::with_capacity(paths.len()), Vec::with_capacity(paths.len()));
    for path in paths {
        println!("cargo::rerun-if-changed={}", path.display());
        let text = fs::read_to_string(&path)?;
        digest.update(text.as_bytes());
        let file: Map<String, Value> = serde_saphyr::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        examples.push(Value::Object(file.clone()));
        let mut file = file;
        for rule in file.get_mut("rules").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(rule) = rule.as_object_mut() {
                rule.remove("positives");
                rule.remove("negatives");
            }
        }
        files.push(Value::Object(file));
    }
    let version: String = digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let target = env::var("OUT_DIR")?;
    fs::write(Path::new(&target).join("rules.json"), serde_json::to_vec(&json!({ "version": version, "files": files }))?)?;
    // Read by `rules check` alone: packed, it takes a fifth of a megabyte from the binary instead of one.
    let mut packed = GzEncoder::new(fs::File::create(Path::new(&target).join("examples.json.gz"))?, Compression::best());
    packed.write_all(&serde_json::to_vec(&json!({ "files": examples }))?)?;
    packed.finish()?;
    Ok(())
}
