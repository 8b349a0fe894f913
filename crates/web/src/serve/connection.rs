//! One connection: handshake, requests, watchdog.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::IntoResponse;
use http::{Request, Response, Version};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tower::Service;

use super::activity::{Activity, Verdict};
use super::admission::Ticket;
use super::body::Paced;
use super::io::Watched;
use super::response::{InFlight, Taken};
use super::{Draining, Limits, Peer, Tls, head};
use crate::telemetry::names;

/// What all connections of a server have in common.
pub(super) struct Shared {
    pub(super) router: Router,
    pub(super) tls: Option<Arc<Tls>>,
    pub(super) limits: Limits,
    pub(super) http: auto::Builder<TokioExecutor>,
    /// Finish what runs.
    pub(super) stop: CancellationToken,
    /// End at once.
    pub(super) cut: CancellationToken,
}

/// One connection.
pub(super) struct Connection {
    pub(super) shared: Arc<Shared>,
    pub(super) address: SocketAddr,
    pub(super) ticket: Ticket,
}

impl Connection {
    /// Serves it to its end.
    pub(super) async fn serve(self, stream: TcpStream) {
        // Answers are written whole; waiting for more bytes would only delay them.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "cannot set TCP_NODELAY");
        }
        let activity = Arc::clone(self.ticket.activity());
        let watched = Watched::new(stream, Arc::clone(&activity));
        let Some(tls) = &self.shared.tls else {
            return self.requests(watched, activity, false).await;
        };
        let handshake = TlsAcceptor::from(tls.config()).accept(watched);
        let shaken = tokio::select! {
            shaken = timeout(self.shared.limits.handshake, handshake) => shaken,
            () = self.ticket.told_to_leave() => return made_room(),
            () = self.shared.stop.cancelled() => return,
        };
        match shaken {
            Ok(Ok(stream)) => self.requests(stream, activity, true).await,
            Ok(Err(error)) => tracing::debug!(%error, "TLS handshake failed"),
            Err(_) => metrics::counter!(names::CONNECTIONS_CLOSED, "reason" => "handshake").increment(1),
        }
    }

    async fn requests<S>(&self, stream: S, activity: Arc<Activity>, secure: bool)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let shared = &self.shared;
        let peer = Peer { address: self.address, secure };
        let service = hyper::service::service_fn(|request| answer(Arc::clone(shared), Arc::clone(&activity), peer, request));
        let mut connection = pin!(shared.http.serve_connection(TokioIo::new(stream), service));
        let mut draining = false;
        loop {
            let look = match activity.judge(Instant::now(), &shared.limits) {
                Verdict::LookAgain(at) => at,
                Verdict::Close(reason) => {
                    metrics::counter!(names::CONNECTIONS_CLOSED, "reason" => reason).increment(1);
                    return;
                }
            };
            tokio::select! {
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(%error, "connection ended");
                    }
                    return;
                }
                () = sleep_until(look) => {}
                () = shared.stop.cancelled(), if !draining => {
                    draining = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = self.ticket.told_to_leave() => return made_room(),
                () = shared.cut.cancelled() => return,
            }
        }
    }
}

fn made_room() {
    metrics::counter!(names::CONNECTIONS_CLOSED, "reason" => "made_room").increment(1);
}

async fn answer(
    shared: Arc<Shared>,
    activity: Arc<Activity>,
    peer: Peer,
    request: Request<Incoming>,
) -> Result<Response<Taken>, Infallible> {
    let in_flight = InFlight::begin(&activity, request.version() == Version::HTTP_2);
    let (mut parts, body) = request.into_parts();
    let response = match head::refuse(&parts, &shared.limits) {
        Some(problem) => problem.into_response(),
        None => {
            parts.extensions.insert(peer);
            parts.extensions.insert(ConnectInfo(peer.address));
            parts.extensions.insert(Draining(shared.stop.clone()));
            let body = Body::new(Paced::new(body, &shared.limits));
            // A router is always ready, so that it need not be asked.
            let mut router = shared.router.clone();
            match router.call(Request::from_parts(parts, body)).await {
                Ok(response) => response,
                Err(never) => match never {},
            }
        }
    };
    Ok(Taken::new(response, in_flight, &shared.stop))
}
