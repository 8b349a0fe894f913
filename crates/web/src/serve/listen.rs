//! The accept loop.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::admission::{Admission, Refusal, Ticket};
use super::connection::{Connection, Shared};
use super::{Limits, Tls, descriptors};
use crate::telemetry::names;

/// Connections that the kernel keeps for us while we are busy.
const BACKLOG: u32 = 1_024;
/// Bytes that the kernel takes of an answer before we learn that nobody reads.
const SEND_BUFFER: u32 = 256 * 1024;
/// The pause after the system has refused us a descriptor.
const OUT_OF_DESCRIPTORS: Duration = Duration::from_millis(50);

/// A bound listener.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    tls: Option<Arc<Tls>>,
    limits: Limits,
}

/// How a server ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Drained {
    /// Connections that had to be cut off when the time to finish was over.
    pub cut: usize,
}

impl Server {
    /// Binds an address; with `tls` it speaks nothing else.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub fn bind(address: SocketAddr, tls: Option<Arc<Tls>>, limits: Limits) -> io::Result<Self> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.set_reuseaddr(true)?;
        // Accepted sockets inherit it; otherwise the kernel takes megabytes for a client that reads nothing.
        socket.set_send_buffer_size(SEND_BUFFER)?;
        socket.bind(address)?;
        Ok(Self { listener: socket.listen(BACKLOG)?, tls, limits })
    }

    /// Returns the address that is bound, with the port that the system chose for port 0.
    ///
    /// # Errors
    /// When the system cannot tell.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `stop`, then takes no more connections and finishes what runs, within the limit.
    ///
    /// Requests carry [`super::Peer`], [`super::Draining`] and axum's `ConnectInfo<SocketAddr>` as extensions.
    pub async fn run(self, router: Router, stop: CancellationToken) -> Drained {
        let Self { listener, tls, limits } = self;
        let drain = limits.drain;
        let admission = Admission::new(descriptors::affordable(limits.connections), limits.per_address);
        let cut = CancellationToken::new();
        let http = http(&limits);
        let shared = Arc::new(Shared { router, tls, limits, http, stop: stop.clone(), cut: cut.clone() });
        let tasks = TaskTracker::new();
        loop {
            let accepted = tokio::select! {
                biased;
                () = stop.cancelled() => break,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, address)) => match admission.admit(address.ip()) {
                    Ok(ticket) => {
                        let shared = Arc::clone(&shared);
                        tasks.spawn(serve(shared, stream, address, ticket));
                        metrics::gauge!(names::CONNECTIONS).set(admission.open() as f64);
                    }
                    Err(refusal) => refuse(&stream, refusal, shared.tls.is_some()),
                },
                Err(error) => after(&error).await,
            }
        }
        // The port is free for a successor while the last answers are written.
        drop(listener);
        tasks.close();
        let mut left = 0;
        if tokio::time::timeout(drain, tasks.wait()).await.is_err() {
            left = tasks.len();
            tracing::warn!(connections = left, "the time to finish is over; cutting the connections that are left");
            cut.cancel();
            tasks.wait().await;
        }
        Drained { cut: left }
    }
}

async fn serve(shared: Arc<Shared>, stream: TcpStream, address: SocketAddr, ticket: Ticket) {
    Connection { shared, address, ticket }.serve(stream).await;
}

/// Returns the settings of HTTP on every connection; time-outs are the watchdog's.
fn http(limits: &Limits) -> auto::Builder<TokioExecutor> {
    let mut http = auto::Builder::new(TokioExecutor::new());
    http.http1()
        .timer(TokioTimer::new())
        // hyper's own would also count the pause between requests, which has a limit of its own here.
        .header_read_timeout(None)
        .max_headers(100)
        .max_buf_size(limits.header_bytes.saturating_mul(2).max(16 * 1024))
        .half_close(false);
    http.http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits.streams)
        .max_pending_accept_reset_streams(limits.pending_resets)
        .max_local_error_reset_streams(limits.pending_resets)
        .max_header_list_size(u32::try_from(limits.header_bytes.saturating_mul(2)).unwrap_or(u32::MAX))
        .max_frame_size(16 * 1024)
        .initial_stream_window_size(64 * 1024)
        .initial_connection_window_size(1024 * 1024)
        .max_send_buf_size(64 * 1024)
        .keep_alive_interval(limits.idle / 2)
        .keep_alive_timeout(limits.head);
    http
}

/// Tells a client that it cannot be served now; without a wait, for it may be an attacker.
fn refuse(stream: &TcpStream, refusal: Refusal, secure: bool) {
    let (status, reason) = match refusal {
        Refusal::Full => ("503 Service Unavailable", "full"),
        Refusal::Share => ("429 Too Many Requests", "share"),
    };
    metrics::counter!(names::CONNECTIONS_REFUSED, "reason" => reason).increment(1);
    if !secure {
        let answer = format!("HTTP/1.1 {status}\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        // Best effort: a fresh socket takes these bytes, and one that does not is closed all the same.
        drop(stream.try_write(answer.as_bytes()));
    }
}

/// Waits a moment where the system is out of descriptors; a connection that broke before we took it is no news.
async fn after(error: &io::Error) {
    if matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) {
        return;
    }
    tracing::warn!(%error, "cannot accept a connection");
    tokio::time::sleep(OUT_OF_DESCRIPTORS).await;
}
