//! A listener with a few routes for the tests.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Extension, Request};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures::{Stream, StreamExt};
use http::header::CONTENT_TYPE;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::limit::{BodyLimit, body};
use crate::problem::Problem;
use crate::serve::{Drained, Limits, Peer, Server, Tls};

/// How long a test waits for something that has to happen.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// Limits that make waiting short; what a test is not about stays far away.
pub(super) fn limits() -> Limits {
    let far = Duration::from_secs(3_600);
    Limits {
        handshake: far,
        head: far,
        idle: far,
        body_grace: far,
        body_total: far,
        stalled: far,
        per_address: 0,
        drain: PATIENCE,
        ..Limits::default()
    }
}

/// A running listener.
pub(super) struct Running {
    pub(super) address: SocketAddr,
    pub(super) stop: CancellationToken,
    pub(super) task: JoinHandle<Drained>,
    /// Says when a request reached `/gate`.
    pub(super) entered: Arc<Notify>,
    /// Lets the request at `/gate` go on.
    pub(super) open: Arc<Notify>,
    /// Says when an answer was given up or taken to its end.
    pub(super) given_up: mpsc::UnboundedReceiver<()>,
}

pub(super) fn start(limits: Limits) -> Running {
    start_with(limits, None)
}

pub(super) fn start_with(limits: Limits, tls: Option<Arc<Tls>>) -> Running {
    let server = Server::bind(SocketAddr::from(([127, 0, 0, 1], 0)), tls, limits).expect("a free loopback port");
    let address = server.local_addr().expect("bound");
    let stop = CancellationToken::new();
    let (entered, open) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (gave_up, given_up) = mpsc::unbounded_channel();
    let gate = {
        let (entered, open) = (Arc::clone(&entered), Arc::clone(&open));
        move || async move {
            entered.notify_one();
            open.notified().await;
            "opened"
        }
    };
    let big = gave_up.clone();
    let router = Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/peer", get(|Extension(peer): Extension<Peer>| async move { Json((peer.address.ip(), peer.secure)) }))
        .route("/echo", post(echo))
        .route("/gate", get(gate))
        .route("/big", get(|| async move { Body::from_stream(Endless(Guard(big))) }))
        .route("/events", get(|| async { ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(events())) }))
        .route("/live", get(|| async move { Body::from_stream(Silent(Guard(gave_up))) }));
    let task = tokio::spawn(server.run(router, stop.clone()));
    Running { address, stop, task, entered, open, given_up }
}

async fn echo(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match body::read(&parts.headers, body, BodyLimit::USUAL).await {
        Ok(bytes) => bytes.into_response(),
        Err(error) => Problem::from(error).into_response(),
    }
}

/// One event, then nothing.
fn events() -> impl Stream<Item = Result<Bytes, Infallible>> {
    futures::stream::once(async { Ok(Bytes::from_static(b"data: first\n\n")) }).chain(futures::stream::pending())
}

/// Tells when it is dropped.
struct Guard(mpsc::UnboundedSender<()>);

impl Drop for Guard {
    fn drop(&mut self) {
        // The test may be over.
        let _ = self.0.send(());
    }
}

/// An answer without end.
struct Endless(#[expect(dead_code, reason = "held for its drop")] Guard);

impl Stream for Endless {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(Some(Ok(Bytes::from_static(&[b'x'; 16 * 1024]))))
    }
}

/// A live stream on which nothing happens.
struct Silent(#[expect(dead_code, reason = "held for its drop")] Guard);

impl Stream for Silent {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Pending
    }
}
