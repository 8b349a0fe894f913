//! Where the server may call.

use std::path::PathBuf;

use anyhow::Context;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use watchfire_connect::egress::{Exceptions, Settings};

/// What is permitted beyond the public internet and Mozilla's authorities.
#[derive(Clone, Default, Debug)]
pub(crate) struct EgressSettings {
    /// Hosts, networks and plain addresses, as [`Exceptions::parse`] reads them.
    pub(crate) permit: Vec<String>,
    /// A PEM file of certificates.
    pub(crate) authorities: Option<PathBuf>,
}

impl EgressSettings {
    /// Reads the exceptions and the certificates.
    ///
    /// # Errors
    /// An exception cannot be understood, or the file cannot be read or holds no certificate.
    pub(crate) fn load(&self) -> anyhow::Result<Settings> {
        let exceptions = Exceptions::parse(self.permit.iter().map(String::as_str)).context("--egress-permit")?;
        let mut settings = Settings { exceptions, ..Settings::default() };
        if let Some(file) = &self.authorities {
            let pem = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            let found: Result<Vec<CertificateDer<'static>>, _> = CertificateDer::pem_slice_iter(&pem).collect();
            settings.authorities = found.with_context(|| format!("{} is no PEM file of certificates", file.display()))?;
            anyhow::ensure!(!settings.authorities.is_empty(), "{} holds no certificate", file.display());
        }
        Ok(settings)
    }
}
