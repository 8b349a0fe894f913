//! Addresses of lists: filters as plain query parameters, so that every view is a link.

use std::collections::BTreeSet;

/// The parameters of a list's address, in the order given; a name may repeat.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads a query string; what is no pair is left out, at most 64 pairs are kept.
    pub(crate) fn parse(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).take(64);
        Self(
            pairs
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(name, value)| (decode(name), decode(value)))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
        )
    }

    /// Returns the first value of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Returns all values of a name; one value may hold several, parted by commas.
    pub(crate) fn all(&self, name: &str) -> BTreeSet<&str> {
        let values = self.0.iter().filter(|(known, _)| known == name);
        values.flat_map(|(_, value)| value.split(',')).filter(|value| !value.is_empty()).collect()
    }

    /// Tells whether a value is among a name's.
    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).contains(value)
    }

    /// Returns the query with one value set or, without a value, the name taken out. The place in the list is forgotten.
    pub(crate) fn with(&self, name: &str, value: Option<&str>) -> Self {
        let mut pairs: Vec<_> = self.0.iter().filter(|(known, _)| known != name && known != "cursor").cloned().collect();
        pairs.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        Self(pairs)
    }

    /// Returns the query with a value of a name added, or taken out if it is there.
    pub(crate) fn toggled(&self, name: &str, value: &str) -> Self {
        let mut values = self.all(name);
        if !values.remove(value) {
            values.insert(value);
        }
        let joined = values.into_iter().collect::<Vec<_>>().join(",");
        self.with(name, (!joined.is_empty()).then_some(joined.as_str()))
    }

    /// Writes the address of this view of a list.
    pub(crate) fn href(&self, path: &str) -> String {
        let pairs = self.0.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        let query = pairs.collect::<Vec<_>>().join("&");
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// Returns the query without a name; the place in the list is kept.
    pub(crate) fn without(&self, name: &str) -> Self {
        Self(self.except(&[name]))
    }

    /// Returns the pairs for hidden fields of a form, without the named ones.
    pub(crate) fn except(&self, names: &[&str]) -> Vec<(String, String)> {
        self.0.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned().collect()
    }
}

/// Percent-encodes everything but letters, digits and `-._~,:`.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~,:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push_str(&watchfire_core::text::hex(&[byte]).to_ascii_uppercase());
        }
    }
    out
}

/// Reads percent-encoding and `+`; what is no encoding stays as it is, what is no UTF-8 becomes the replacement character.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        let hex = text.get(at..at + 2).filter(|_| byte == b'%').and_then(watchfire_core::text::unhex);
        match hex.as_deref() {
            Some([value]) => {
                out.push(*value);
                at += 2;
            }
            _ => out.push(if byte == b'+' { b' ' } else { byte }),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests;
