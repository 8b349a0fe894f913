//! A channel's settings.

use std::collections::BTreeMap;
use std::fmt;

use super::About;

/// Settings by name, secrets included; [`fmt::Debug`] shows the names only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Settings(BTreeMap<String, String>);

/// Characters of one setting's value; room for a private key, not for a file.
const VALUE_CHARS: usize = 8_192;

/// Says which setting cannot be used and why; holds no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {reason}")]
pub struct Unusable {
    pub setting: String,
    pub reason: String,
}

impl Unusable {
    /// Names the setting and what is wrong.
    pub fn new(setting: &str, reason: impl Into<String>) -> Self {
        Self { setting: setting.to_owned(), reason: reason.into() }
    }
}

impl Settings {
    /// Returns a setting; one that is empty counts as left out.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Returns a setting, or the kind's default, or an empty text.
    pub fn or_default<'a>(&'a self, about: &'static About, name: &str) -> &'a str {
        self.get(name).unwrap_or_else(|| about.field(name).map_or("", |field| field.default))
    }

    /// Sets one.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    /// Returns all, in order of name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Tells whether the kind knows all of them and has those that it requires, and none is too long or holds a control
    /// character other than a line end.
    ///
    /// # Errors
    /// [`Unusable`] for the first that is not so.
    pub fn fit(&self, about: &About) -> Result<(), Unusable> {
        for (name, value) in &self.0 {
            if about.fields.iter().all(|field| field.name != name) {
                let known: Vec<_> = about.fields.iter().map(|field| field.name).collect();
                let reason = format!("{} has no such setting; it has {}", about.kind, known.join(", "));
                return Err(Unusable::new(&crate::text::line(name, 60), reason));
            }
            if value.chars().count() > VALUE_CHARS {
                return Err(Unusable::new(name, format!("longer than {VALUE_CHARS} characters")));
            }
            if value.chars().any(|char| char.is_control() && char != '\n') {
                return Err(Unusable::new(name, "holds a control character"));
            }
        }
        let missing = about.fields.iter().find(|field| field.required && self.get(field.name).is_none());
        missing.map_or(Ok(()), |field| Err(Unusable::new(field.name, format!("is needed: {}", field.help))))
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Settings {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}
