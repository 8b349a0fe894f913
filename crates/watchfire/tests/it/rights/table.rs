//! The reviewed table: what each operation answers to whom.

use std::collections::BTreeMap;

use serde_json::Value;
use watchfire_core::access::Role;

/// What an answer says about rights.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Verdict {
    /// The right is there: done, or refused for another reason than rights.
    Reached,
    /// The caller may know of the object and may not do this.
    Denied,
    /// The object is not there for the caller.
    Hidden,
    /// The caller is nobody.
    Out,
}

impl Verdict {
    pub(super) fn of(status: u16) -> Self {
        match status {
            401 => Self::Out,
            403 => Self::Denied,
            404 => Self::Hidden,
            _ => Self::Reached,
        }
    }

    fn parse(word: &str) -> Self {
        match word {
            "reached" => Self::Reached,
            "denied" => Self::Denied,
            "hidden" => Self::Hidden,
            "out" => Self::Out,
            other => panic!("{other:?} is none of reached, denied, hidden, out"),
        }
    }
}

/// A class of operations: by relation to the object and role, what is answered.
#[derive(Clone, Default, Debug)]
pub(super) struct Class {
    pub(super) relations: Vec<String>,
    pub(super) answers: BTreeMap<Role, Vec<Verdict>>,
}

/// What the table says of one operation.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) class: String,
    /// The body to send, with placeholders; `None` is made of the schema.
    pub(super) body: Option<Value>,
}

impl Line {
    /// Returns what the object is called in answers.
    pub(super) fn noun(&self) -> &str {
        self.class.split('.').next().unwrap_or_default()
    }

    /// Returns the kind of thing that is made for its class: linking takes an incident that an alert raised.
    pub(super) fn made_as(&self) -> &str {
        if self.class == "incident.link" { &self.class } else { self.noun() }
    }
}

/// The whole table.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) classes: BTreeMap<String, Class>,
    /// By method and path.
    pub(super) operations: BTreeMap<(String, String), Line>,
}

impl Table {
    /// Reads `expected.txt`.
    pub(super) fn read() -> Self {
        let mut table = Self { classes: BTreeMap::new(), operations: BTreeMap::new() };
        let mut section = String::new();
        for line in include_str!("expected.txt").lines() {
            let line = line.split("  #").next().unwrap_or_default().trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                name.clone_into(&mut section);
            } else if section == "operations" {
                table.operation(line);
            } else {
                table.classes.entry(section.clone()).or_default().line(line);
            }
        }
        for (name, class) in &table.classes {
            for role in Role::ALL {
                let answers = class.answers.get(&role).unwrap_or_else(|| panic!("[{name}] says nothing of {}", role.as_str()));
                assert_eq!(answers.len(), class.relations.len(), "[{name}] {}", role.as_str());
            }
        }
        table
    }

    fn operation(&mut self, line: &str) {
        let rest: Vec<&str> = line.split_whitespace().collect();
        let [method, path, class, ..] = rest.as_slice() else { panic!("{line:?}: method, path and class are needed") };
        let body = line.split_once(&format!(" {class} ")).map(|(_, body)| body.trim());
        let body = body
            .filter(|body| !body.is_empty())
            .map(|body| serde_json::from_str(body).unwrap_or_else(|error| panic!("{line:?}: the body is no JSON: {error}")));
        assert!(self.classes.contains_key(*class), "{line:?}: there is no class [{class}]");
        let known = self.operations.insert(((*method).to_owned(), (*path).to_owned()), Line { class: (*class).to_owned(), body });
        assert!(known.is_none(), "{line:?} is there twice");
    }
}

impl Class {
    fn line(&mut self, line: &str) {
        let mut words = line.split_whitespace();
        if line.starts_with(char::is_whitespace) {
            self.relations = words.map(str::to_owned).collect();
            return;
        }
        let role = words.next().and_then(Role::parse).unwrap_or_else(|| panic!("{line:?} begins with no role"));
        self.answers.insert(role, words.map(Verdict::parse).collect());
    }
}
