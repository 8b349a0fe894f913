//! The body of an answer, which a client has to take.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body as Answer;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response};
use hyper::body::{Body, Frame, SizeHint};

use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use super::activity::Activity;

/// One request in flight; ends when dropped.
pub(super) struct InFlight(Arc<Activity>);

impl InFlight {
    /// Notes that a request is being answered.
    pub(super) fn begin(activity: &Arc<Activity>, http2: bool) -> Self {
        activity.request_began(http2);
        Self(Arc::clone(activity))
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.request_ended();
    }
}

/// An answer under watch. While it has given bytes and is not asked for more, it waits for the client; while
/// it is asked and has none, it waits for us, however long (a live stream).
pub(super) struct Taken {
    body: Answer,
    /// Ends a stream that has no end of its own.
    end: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
    number: u64,
    in_flight: InFlight,
}

impl Taken {
    /// Puts an answer under watch.
    ///
    /// Server-sent events end when the server stops, between two events; a browser comes back by itself.
    pub(super) fn new(response: Response<Answer>, in_flight: InFlight, stop: &CancellationToken) -> Response<Self> {
        let number = in_flight.0.new_answer();
        in_flight.0.answer_waits(number, true);
        let kind = response.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
        let end = kind.starts_with(b"text/event-stream").then(|| Box::pin(stop.clone().cancelled_owned()));
        response.map(|body| Self { body, end, number, in_flight })
    }
}

impl Body for Taken {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut polled = Pin::new(&mut self.body).poll_frame(cx);
        if polled.is_pending() && self.end.as_mut().is_some_and(|end| end.as_mut().poll(cx).is_ready()) {
            polled = Poll::Ready(None);
        }
        self.in_flight.0.answer_waits(self.number, matches!(polled, Poll::Ready(Some(Ok(_)))));
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.in_flight.0.answer_waits(self.number, false);
    }
}
