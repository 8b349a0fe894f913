//! The leaf of an entry: what a seal covers.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{Draft, canonical};
use crate::id::EntryId;
use crate::text::hex;
use crate::time::rfc3339;

/// Bytes of the salt of one commitment.
pub const SALT_BYTES: usize = 16;

/// The canonical bytes of one entry, and their hash in an RFC 6962 tree.
///
/// Confidential fields stand in it as `sha256(salt || text)`, so that a field can be withheld or erased (its salt
/// and text are kept elsewhere) while the leaf, and with it the tree, still verifies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leaf {
    pub json: String,
    /// SHA-256 of a zero byte and the JSON: the leaf hash of RFC 6962, section 2.1.
    pub hash: [u8; 32],
}

impl Leaf {
    /// Makes the leaf of an entry; `salts` holds one random salt for each confidential field of the draft, a field
    /// without one is committed with an empty salt.
    pub fn of(draft: &Draft, seq: i64, id: EntryId, recorded_at: Timestamp, salts: &BTreeMap<String, [u8; SALT_BYTES]>) -> Self {
        let mut commitments = Map::new();
        for (name, text) in &draft.confidential {
            let salt = salts.get(name).map_or(&[][..], |salt| &salt[..]);
            commitments.insert(name.clone(), Value::from(hex(&commitment(salt, text))));
        }
        let mut leaf = json!({
            "v": 1,
            "seq": seq,
            "id": id,
            "recorded_at": rfc3339(recorded_at),
            "occurred_at": rfc3339(draft.occurred_at),
            "known_at": rfc3339(draft.known_at),
            "actor": { "kind": draft.actor.kind(), "id": draft.actor.id() },
            "kind": draft.kind,
            "plan_version": draft.plan_version,
            "public": draft.public,
            "commitments": commitments,
        });
        if let Value::Object(fields) = &mut leaf {
            let mut refer = |name: &str, value: Option<Value>| value.map(|value| fields.insert(name.to_owned(), value));
            refer("incident", draft.incident.map(|id| json!(id)));
            refer("alert", draft.alert.map(|id| json!(id)));
            refer("event", draft.event.map(|id| json!(id)));
            refer("corrects", draft.corrects.map(Value::from));
        }
        Self::of_json(canonical(&leaf))
    }

    /// Takes leaf bytes as stored and computes their hash.
    pub fn of_json(json: String) -> Self {
        let mut hash = Sha256::new();
        hash.update([0_u8]);
        hash.update(json.as_bytes());
        Self { hash: hash.finalize().into(), json }
    }
}

/// Returns what a leaf holds in place of a confidential text.
pub fn commitment(salt: &[u8], text: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(text.as_bytes());
    hash.finalize().into()
}
