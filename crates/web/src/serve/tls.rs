//! TLS of our own: rustls with ring, TLS 1.2 and 1.3, forward secrecy only.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use thiserror::Error;

/// A certificate and key from PEM files, with the settings of every handshake.
#[derive(Debug)]
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    current: Arc<Current>,
    config: Arc<ServerConfig>,
}

/// Why a certificate cannot be used.
#[derive(Debug, Error)]
pub enum TlsError {
    /// The certificate file cannot be read as PEM.
    #[error("cannot read the certificate {path}: {reason}")]
    Certificate { path: PathBuf, reason: String },
    /// The key file cannot be read as PEM.
    #[error("cannot read the private key {path}: {reason}")]
    Key { path: PathBuf, reason: String },
    /// They do not belong together, or are of a kind that rustls does not sign with.
    #[error("the certificate {certificate} and the key {key} do not go together: {reason}")]
    Pair { certificate: PathBuf, key: PathBuf, reason: String },
    /// The crypto provider refuses its own defaults.
    #[error("cannot set up TLS")]
    Setup(#[source] rustls::Error),
}

/// The certificate that handshakes use from now on.
#[derive(Debug)]
struct Current(RwLock<Arc<CertifiedKey>>);

impl Tls {
    /// Loads the certificate chain and its private key (PKCS #8, PKCS #1 or SEC 1).
    ///
    /// rustls knows only suites with forward secrecy, so there is nothing to switch off.
    ///
    /// # Errors
    /// When a file cannot be read or the two do not belong together.
    pub fn load(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let pair = read(&provider, certificate, key)?;
        let current = Arc::new(Current(RwLock::new(Arc::new(pair))));
        let builder =
            ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(TlsError::Setup)?;
        let resolver: Arc<dyn ResolvesServerCert> = Arc::clone(&current) as _;
        let mut config = builder.with_no_client_auth().with_cert_resolver(resolver);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { certificate: certificate.to_path_buf(), key: key.to_path_buf(), current, config: Arc::new(config) })
    }

    /// Reads the files again, for handshakes from now on; open connections stay as they are.
    ///
    /// # Errors
    /// As [`Tls::load`]; the old certificate then stays in use.
    pub fn reload(&self) -> Result<(), TlsError> {
        let pair = read(self.config.crypto_provider(), &self.certificate, &self.key)?;
        *self.current.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(pair);
        Ok(())
    }

    /// Returns the settings of a handshake.
    pub(super) fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }
}

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

fn read(provider: &Arc<CryptoProvider>, certificate: &Path, key: &Path) -> Result<CertifiedKey, TlsError> {
    let wrong_certificate = |reason: String| TlsError::Certificate { path: certificate.to_path_buf(), reason };
    let chain: Vec<_> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .map_err(|error| wrong_certificate(error.to_string()))?;
    if chain.is_empty() {
        return Err(wrong_certificate("it holds no certificate".to_owned()));
    }
    let secret = PrivateKeyDer::from_pem_file(key)
        .map_err(|error| TlsError::Key { path: key.to_path_buf(), reason: error.to_string() })?;
    CertifiedKey::from_der(chain, secret, provider).map_err(|error| TlsError::Pair {
        certificate: certificate.to_path_buf(),
        key: key.to_path_buf(),
        reason: error.to_string(),
    })
}
