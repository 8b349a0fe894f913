//! The hosts that one use may call.

/// A list of hosts; each integration has its own.
#[derive(Clone, Default, Debug)]
pub struct Hosts {
    exact: Vec<String>,
    any: bool,
}

impl Hosts {
    /// Allows exactly these names or addresses.
    pub fn only<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let exact = names.into_iter().map(|name| name.trim_matches(['[', ']']).to_ascii_lowercase()).collect();
        Self { exact, any: false }
    }

    /// Allows the host of each base address that the operator has set, such as `https://jira.corp.example/rest`.
    pub fn of_urls<'a>(urls: impl IntoIterator<Item = &'a str>) -> Self {
        let hosts: Vec<String> = urls
            .into_iter()
            .filter_map(|url| reqwest::Url::parse(url).ok()?.host_str().map(|host| host.trim_matches(['[', ']']).to_owned()))
            .collect();
        Self { exact: hosts, any: false }
    }

    /// Allows every host of the public internet: for a caller that has checked the host by a rule of its own,
    /// or an address that a person who may do so has typed.
    pub fn public() -> Self {
        Self { exact: Vec::new(), any: true }
    }

    /// Says whether a host is among them.
    pub(super) fn allow(&self, host: &str) -> bool {
        self.any || self.exact.iter().any(|name| name == host)
    }
}
