use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::client::{answer, connect, send, until_closed};
use super::server::{limits, start_with};
use crate::serve::{Limits, Tls, TlsError};

/// A folder of this test alone, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("watchfire-tls-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        Self(folder)
    }

    fn certificate(&self) -> PathBuf {
        self.0.join("cert.pem")
    }

    fn key(&self) -> PathBuf {
        self.0.join("key.pem")
    }

    /// Writes a new certificate for `localhost`.
    fn issue(&self) {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).expect("a valid name");
        std::fs::write(self.certificate(), cert.pem()).expect("the folder can be written");
        std::fs::write(self.key(), signing_key.serialize_pem()).expect("the folder can be written");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

async fn shake(address: std::net::SocketAddr, trusted: &Path, alpn: &[u8]) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(trusted).expect("written by the test")).expect("a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("the defaults");
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![alpn.to_vec()];
    let name = ServerName::try_from("localhost").expect("a valid name");
    TlsConnector::from(Arc::new(config)).connect(name, connect(address).await).await
}

#[tokio::test]
async fn requests_are_answered_over_tls_and_reload_changes_the_certificate() {
    let folder = Folder::new("reload");
    folder.issue();
    let tls = Arc::new(Tls::load(&folder.certificate(), &folder.key()).expect("a fresh pair"));
    let server = start_with(limits(), Some(Arc::clone(&tls)));
    let mut stream = shake(server.address, &folder.certificate(), b"http/1.1").await.expect("a handshake");
    stream.write_all(b"GET /peer HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("open");
    assert_eq!(answer(&mut stream).await, (200, "[\"127.0.0.1\",true]".to_owned()));
    let stream = shake(server.address, &folder.certificate(), b"h2").await.expect("a handshake");
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));

    let old = folder.0.join("old.pem");
    std::fs::copy(folder.certificate(), &old).expect("the folder can be written");
    folder.issue();
    tls.reload().expect("a fresh pair");
    assert!(shake(server.address, &old, b"http/1.1").await.is_err(), "the old certificate is still in use");
    assert!(shake(server.address, &folder.certificate(), b"http/1.1").await.is_ok());

    std::fs::write(folder.key(), "nonsense").expect("the folder can be written");
    assert!(matches!(tls.reload(), Err(TlsError::Key { .. })));
    assert!(shake(server.address, &folder.certificate(), b"http/1.1").await.is_ok(), "the good pair stays in use");
}

#[tokio::test]
async fn a_handshake_that_stalls_is_closed_in_time() {
    let folder = Folder::new("stall");
    folder.issue();
    let tls = Arc::new(Tls::load(&folder.certificate(), &folder.key()).expect("a fresh pair"));
    let server = start_with(Limits { handshake: Duration::from_millis(100), ..limits() }, Some(tls));
    // The first bytes of a ClientHello of 512 bytes.
    let mut stream = send(server.address, &[22, 3, 1, 2, 0, 1, 0]).await;
    until_closed(&mut stream).await;
    let mut stream = send(server.address, b"").await;
    until_closed(&mut stream).await;
    let mut plain = send(server.address, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    until_closed(&mut plain).await;
}

#[test]
fn files_that_do_not_go_together_are_named() {
    let folder = Folder::new("wrong");
    folder.issue();
    let first_key = std::fs::read(folder.key()).expect("written by the test");
    folder.issue();
    std::fs::write(folder.key(), first_key).expect("the folder can be written");
    assert!(matches!(Tls::load(&folder.certificate(), &folder.key()), Err(TlsError::Pair { .. })));
    let missing = folder.0.join("missing.pem");
    assert!(matches!(Tls::load(&missing, &folder.key()), Err(TlsError::Certificate { .. })));
    std::fs::write(&missing, "no certificate in here").expect("the folder can be written");
    assert!(matches!(Tls::load(&missing, &folder.key()), Err(TlsError::Certificate { .. })));
}
