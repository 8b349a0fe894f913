//! Secrets told by the name that they are assigned to.

use serde::{Deserialize, Serialize};

/// Words that say that a name holds a credential; part of the default context.
const CREDENTIAL_WORDS: &str = "key|token|secret|passw|pwd|auth|cred|api|bearer|license|access|webhook|dsn";

/// `: Type =` and the accessors of C# between a name and its value.
const TYPED: &str =
    r"[ \t]?:[ \t]{0,4}[&'A-Za-z][&'0-9A-Za-z_<>?\[\] ]{1,23}=[ \t]{0,4}|[ \t]\{ ?get; ?(?:set|init); ?\}[ \t]=[ \t]";
/// The block of a Terraform variable up to its default.
const DEFAULT: &str = r"[ \t]{0,4}\{[^{}]{0,160}?default[ \t]{0,16}=[ \t]{0,4}";
/// The value of a pair, as an attribute or on the next line.
const PAIR: &str = r#",?[ \t]{0,8}(?:\r?\n[ \t]{1,24})?["']?(?i:value|default)["']?[ \t]{0,4}[:=][ \t]{0,8}"#;

/// A name with a vendor's word, an assignment, and a value of a strict shape.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Context {
    /// Lower-case words of the vendor; `_` stands for any of `_`, `-`, `.` and nothing.
    pub names: Vec<String>,
    /// Words of which one must follow in the name; the usual credential words unless said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// Whether the vendor's word suffices.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bare: bool,
    /// The value's shape, a byte regular expression.
    pub value: String,
}

impl Context {
    /// Returns the pattern of the whole assignment, with the value as group `secret`.
    ///
    /// It knows `NAME = "v"`, `name: v`, `"name" => 'v'`, `<name>v</name>`, `ENV NAME v`, `name("v"`, declarations with
    /// a type (`name: &str = "v"`, `name[] = "v"`), the default of a Terraform variable, and the pair `name: NAME` /
    /// `value: v` of manifests and XML.
    pub fn pattern(&self) -> String {
        let names: Vec<String> = self.names.iter().map(|name| name.replace('_', "[_.\\-]?")).collect();
        let tail = if self.bare {
            "[0-9A-Za-z_.\\-]{0,24}".to_owned()
        } else {
            let words = if self.words.is_empty() { CREDENTIAL_WORDS.to_owned() } else { self.words.join("|") };
            format!("[0-9A-Za-z_.\\- ]{{0,24}}?(?i:{words})[0-9A-Za-z_.\\-]{{0,16}}")
        };
        format!(
            "(?i:{names}){tail}(?:\\[[0-9]{{0,4}}\\])?[\"'`\\]\\)]{{0,2}}(?:[ \\t]{{0,8}}(?:=>|:=|=|:|,|>|\\()[ \\t]{{0,16}}|[ \\t]{{1,4}}|{TYPED}|{DEFAULT}|{PAIR})(?:[A-Za-z.]{{0,24}}\\()?\\\\?[\"'`]{{0,3}}(?P<secret>{value})",
            names = names.join("|"),
            value = self.value,
        )
    }

    /// Returns the literals of which one is in every match, lower case: each name with each separator.
    pub fn keywords(&self) -> Vec<String> {
        let mut found = Vec::new();
        for name in &self.names {
            let mut spellings = vec![String::new()];
            for (place, part) in name.split('_').enumerate() {
                let separators: &[&str] = if place == 0 { &[""] } else { &["_", "-", ".", ""] };
                spellings = spellings
                    .iter()
                    .flat_map(|start| separators.iter().map(move |separator| format!("{start}{separator}{part}")))
                    .collect();
            }
            found.extend(spellings);
        }
        found
    }
}
