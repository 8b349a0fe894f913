//! A mail sink: takes letters, or is slow, refuses, greylists, or breaks off after the letter.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// How the sink behaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Manners {
    Accepts,
    /// Says nothing at all.
    Silent,
    /// 550 for every recipient.
    Refuses,
    /// 450 for a recipient's first letter.
    Greylists,
    /// Breaks off when the letter is whole, having kept it.
    BreaksAfterData,
    /// Breaks off in the middle of the letter.
    BreaksInData,
    /// Offers no STARTTLS.
    NoTls,
    /// Sends a reply in the clear behind the one to STARTTLS.
    Injects,
}

/// One letter as it came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Letter {
    pub from: String,
    pub to: String,
    /// Between DATA and the final dot, dots unstuffed.
    pub raw: String,
    /// Whether the connection was protected.
    pub tls: bool,
    /// Who signed in, as `AUTH PLAIN` gave it, with `|` for the zero bytes.
    pub login: Option<String>,
}

/// The sink; it ends with the test's runtime.
#[derive(Clone)]
pub struct SmtpFake {
    pub address: SocketAddr,
    /// The certificate of `mail.test.example` and `localhost`, for a client to trust.
    pub certificate: CertificateDer<'static>,
    state: Arc<State>,
}

struct State {
    manners: Manners,
    letters: Mutex<Vec<Letter>>,
    seen: Mutex<BTreeSet<String>>,
    connections: Mutex<usize>,
    acceptor: TlsAcceptor,
}

impl SmtpFake {
    /// Listens on a free loopback port.
    ///
    /// # Panics
    /// When no loopback port is free.
    pub async fn start(manners: Manners) -> Self {
        let names = ["mail.test.example".to_owned(), "localhost".to_owned()];
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).expect("valid names");
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a fresh key");
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![cert.der().clone()], key))
            .expect("a fresh pair");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free loopback port");
        let address = listener.local_addr().expect("it is bound");
        let state = Arc::new(State {
            manners,
            letters: Mutex::default(),
            seen: Mutex::default(),
            connections: Mutex::default(),
            acceptor: TlsAcceptor::from(Arc::new(config)),
        });
        let serving = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *locked(&serving.connections) += 1;
                let state = Arc::clone(&serving);
                tokio::spawn(async move { state.serve(stream).await.ok() });
            }
        });
        Self { address, certificate: cert.der().clone(), state }
    }

    /// Returns the letters so far.
    #[must_use]
    pub fn letters(&self) -> Vec<Letter> {
        locked(&self.state.letters).clone()
    }

    /// Returns how many connections came.
    #[must_use]
    pub fn connections(&self) -> usize {
        *locked(&self.state.connections)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the clear part of a connection led to.
enum End {
    Quit,
    StartTls,
}

impl State {
    async fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        if self.manners == Manners::Silent {
            std::future::pending::<()>().await;
        }
        let mut line = BufReader::new(stream);
        line.write_all(b"220 mail.test.example ESMTP sink\r\n").await?;
        if let End::StartTls = self.converse(&mut line, false).await? {
            let mut secure = BufReader::new(self.acceptor.accept(line.into_inner()).await?);
            self.converse(&mut secure, true).await?;
        }
        Ok(())
    }

    async fn converse<S: AsyncRead + AsyncWrite + Unpin>(&self, line: &mut BufReader<S>, tls: bool) -> std::io::Result<End> {
        let (mut from, mut to, mut login) = (String::new(), String::new(), None);
        loop {
            let mut command = String::new();
            if line.read_line(&mut command).await? == 0 {
                return Ok(End::Quit);
            }
            let command = command.trim_end();
            let upper = command.to_ascii_uppercase();
            let reply = if upper.starts_with("EHLO") {
                match (self.manners, tls) {
                    (Manners::NoTls, _) | (_, true) => "250-mail.test.example\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN".to_owned(),
                    (_, false) => "250-mail.test.example\r\n250-STARTTLS\r\n250 SIZE 1000000".to_owned(),
                }
            } else if upper == "STARTTLS" {
                let injected = if self.manners == Manners::Injects { "250 and on in the clear\r\n" } else { "" };
                line.write_all(format!("220 go ahead\r\n{injected}").as_bytes()).await?;
                return Ok(End::StartTls);
            } else if let Some(given) = command.strip_prefix("AUTH PLAIN ") {
                login = Some(given.to_owned());
                "235 welcome".to_owned()
            } else if let Some(address) = command.strip_prefix("MAIL FROM:") {
                address.trim_matches(['<', '>']).clone_into(&mut from);
                "250 ok".to_owned()
            } else if let Some(address) = command.strip_prefix("RCPT TO:") {
                address.trim_matches(['<', '>']).clone_into(&mut to);
                match self.manners {
                    Manners::Refuses => "550 5.1.1 no such user".to_owned(),
                    Manners::Greylists if locked(&self.seen).insert(to.clone()) => "450 4.7.1 come again".to_owned(),
                    _ => "250 ok".to_owned(),
                }
            } else if upper == "DATA" {
                line.write_all(b"354 go on\r\n").await?;
                if self.manners == Manners::BreaksInData {
                    let mut some = String::new();
                    line.read_line(&mut some).await?;
                    return Ok(End::Quit);
                }
                let raw = letter(line).await?;
                let letter = Letter { from: from.clone(), to: to.clone(), raw, tls, login: login.clone() };
                locked(&self.letters).push(letter);
                if self.manners == Manners::BreaksAfterData {
                    return Ok(End::Quit);
                }
                "250 2.0.0 Ok: queued as 4F2A".to_owned()
            } else if upper == "QUIT" {
                line.write_all(b"221 bye\r\n").await?;
                return Ok(End::Quit);
            } else if upper == "RSET" || upper == "NOOP" {
                "250 ok".to_owned()
            } else {
                "502 what?".to_owned()
            };
            line.write_all(format!("{reply}\r\n").as_bytes()).await?;
        }
    }
}

async fn letter<S: AsyncRead + Unpin>(line: &mut BufReader<S>) -> std::io::Result<String> {
    let mut raw = String::new();
    loop {
        let mut next = String::new();
        if line.read_line(&mut next).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if next == ".\r\n" {
            return Ok(raw);
        }
        raw.push_str(next.strip_prefix('.').unwrap_or(&next));
    }
}
