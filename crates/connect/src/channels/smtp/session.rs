//! One conversation with a mail server.

use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use watchfire_core::channel::Outcome;

use super::letter::Letter;
use super::reply::Reply;
use crate::channels::exchange::failed;
use crate::egress::Egress;

/// How the connection is protected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tls {
    /// From the first byte.
    Implicit,
    /// After asking for it; a server that does not offer it is not used.
    Upgrade,
    /// Not at all.
    None,
}

/// Where to, and as whom.
#[derive(Clone, Copy)]
pub(super) struct Server<'a> {
    pub(super) host: &'a str,
    pub(super) port: u16,
    pub(super) tls: Tls,
    /// How we introduce ourselves.
    pub(super) hello: &'a str,
    pub(super) login: Option<(&'a str, &'a str)>,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connection on which lines are spoken, and the host for telling of it.
struct Line<S> {
    stream: BufReader<S>,
    host: String,
}

/// A conversation that is ready for a letter.
pub(super) struct Session(Line<Box<dyn Stream>>);

impl Session {
    /// Connects, protects the connection and signs in.
    ///
    /// # Errors
    /// What is known: nothing has been sent yet.
    pub(super) async fn open(egress: &Egress, server: Server<'_>) -> Result<Self, Outcome> {
        let down = |error| failed(&error, true);
        let host = server.host.to_owned();
        let stream = egress.connect(server.host, server.port).await.map_err(down)?;
        let (stream, greeted): (Box<dyn Stream>, bool) = match server.tls {
            Tls::Implicit => (Box::new(egress.secure(stream, server.host).await.map_err(down)?), false),
            Tls::Upgrade => (Box::new(upgraded(egress, stream, server).await?), true),
            Tls::None => (Box::new(stream), false),
        };
        let mut line = Line { stream: BufReader::new(stream), host };
        if !greeted {
            line.greeting().await?;
        }
        let offer = line.hello(server.hello).await?;
        if let Some((user, password)) = server.login {
            line.sign_in(&offer, user, password).await?;
        }
        Ok(Self(line))
    }

    /// Makes a kept conversation ready again; `false` if the server has gone.
    pub(super) async fn refreshed(&mut self) -> bool {
        self.0.ask("RSET").await.is_ok_and(|reply| reply.code == 250)
    }

    /// Sends a letter. `beyond` is set when the final dot goes out: from then on it may have arrived, whatever happens.
    ///
    /// # Errors
    /// What is known if the server has not taken it.
    pub(super) async fn send(&mut self, letter: &Letter, beyond: &AtomicBool) -> Result<String, Outcome> {
        let line = &mut self.0;
        for (command, expected) in [(format!("MAIL FROM:<{}>", letter.from), 250), (format!("RCPT TO:<{}>", letter.to), 250)] {
            let reply = line.ask(&command).await?;
            if reply.code != expected && reply.code != 251 {
                return Err(line.judged(&reply));
            }
        }
        let reply = line.ask("DATA").await?;
        if reply.code != 354 {
            return Err(line.judged(&reply));
        }
        line.write(stuffed(&letter.raw).as_bytes()).await?;
        beyond.store(true, Ordering::SeqCst);
        let lost = |told: &str| Outcome::unknown(format!("{told} after the whole letter was sent"));
        line.write(b".\r\n").await.map_err(|outcome| lost(outcome.reply()))?;
        let reply = line.reply().await.map_err(|outcome| lost(outcome.reply()))?;
        // An answer to the final dot is certain again.
        if reply.code == 250 { Ok(reply.told()) } else { Err(line.judged(&reply)) }
    }

    /// Takes leave; whether the server hears it does not matter.
    pub(super) async fn quit(mut self) {
        drop(self.0.ask("QUIT").await);
    }
}

/// Speaks in the clear as far as STARTTLS. Nothing that came before TLS counts after it.
async fn upgraded(egress: &Egress, stream: TcpStream, server: Server<'_>) -> Result<TlsStream<TcpStream>, Outcome> {
    let mut line = Line { stream: BufReader::new(stream), host: server.host.to_owned() };
    line.greeting().await?;
    let offer = line.hello(server.hello).await?;
    if offer.offers("STARTTLS").is_none() {
        return Err(Outcome::refused(format!(
            "{} does not offer STARTTLS; nothing is sent in the clear unless the setting tls says none",
            server.host
        )));
    }
    let reply = line.ask("STARTTLS").await?;
    if reply.code != 220 {
        return Err(line.judged(&reply));
    }
    if !line.stream.buffer().is_empty() {
        return Err(Outcome::refused(format!("{} spoke on after STARTTLS in the clear", server.host)));
    }
    egress.secure(line.stream.into_inner(), server.host).await.map_err(|error| failed(&error, true))
}

impl<S: AsyncRead + AsyncWrite + Unpin> Line<S> {
    async fn greeting(&mut self) -> Result<(), Outcome> {
        let reply = self.reply().await?;
        // A server that has no service now may have it later, whichever code it says it with.
        if reply.code == 220 { Ok(()) } else { Err(Outcome::retry(self.says(&reply), None)) }
    }

    async fn hello(&mut self, name: &str) -> Result<Reply, Outcome> {
        let reply = self.ask(&format!("EHLO {name}")).await?;
        if reply.code == 250 { Ok(reply) } else { Err(self.judged(&reply)) }
    }

    async fn sign_in(&mut self, offer: &Reply, user: &str, password: &str) -> Result<(), Outcome> {
        let ways = offer.offers("AUTH").unwrap_or_default().to_ascii_uppercase();
        let ways: Vec<&str> = ways.split(' ').collect();
        let reply = if ways.contains(&"PLAIN") {
            self.ask(&format!("AUTH PLAIN {}", STANDARD.encode(format!("\0{user}\0{password}")))).await?
        } else if ways.contains(&"LOGIN") {
            let mut reply = self.ask("AUTH LOGIN").await?;
            for answer in [user, password] {
                if reply.code != 334 {
                    break;
                }
                reply = self.ask(&STANDARD.encode(answer)).await?;
            }
            reply
        } else {
            return Err(Outcome::refused(format!("{} offers neither AUTH PLAIN nor LOGIN on this connection", self.host)));
        };
        if reply.code == 235 { Ok(()) } else { Err(self.judged(&reply)) }
    }

    async fn ask(&mut self, command: &str) -> Result<Reply, Outcome> {
        // Addresses and names were checked where they came in; this holds whatever was forgotten there.
        if command.contains(['\r', '\n', '\0']) {
            return Err(Outcome::refused("a command with a line end is not sent"));
        }
        self.write(format!("{command}\r\n").as_bytes()).await?;
        self.reply().await
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Outcome> {
        let written = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        written.await.map_err(|error| Outcome::retry(format!("{} broke off: {}", self.host, error.kind()), None))
    }

    async fn reply(&mut self) -> Result<Reply, Outcome> {
        let read = Reply::read(&mut self.stream).await;
        read.map_err(|error| Outcome::retry(format!("{} broke off: {}", self.host, error.kind()), None))
    }

    fn says(&self, reply: &Reply) -> String {
        format!("{} said {}", self.host, reply.told())
    }

    /// RFC 5321: 4xx passes by itself (greylisting), 5xx does not.
    fn judged(&self, reply: &Reply) -> Outcome {
        if reply.code < 500 { Outcome::retry(self.says(reply), None) } else { Outcome::refused(self.says(reply)) }
    }
}

/// Doubles the dot of lines that begin with one (RFC 5321, section 4.5.2).
fn stuffed(raw: &str) -> String {
    let mut out = raw.replace("\r\n.", "\r\n..");
    if out.starts_with('.') {
        out.insert(0, '.');
    }
    out
}
