//! The body of a request, which has to come at a least rate.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use thiserror::Error;
use tokio::time::{Instant, Sleep};

use super::Limits;

/// A body that came slower than the least rate, or took too long altogether.
#[derive(Debug, Error)]
#[error("the body came too slowly: {received} bytes in {waited_ms} ms of waiting")]
pub struct TooSlow {
    /// Bytes that came.
    pub received: u64,
    /// How long the server waited for them.
    pub waited_ms: u128,
}

/// A body under watch: only time spent waiting for the client counts, not time in which nobody asked for more.
pub(super) struct Paced<B = Incoming> {
    body: B,
    received: u64,
    waited: Duration,
    waiting_since: Option<Instant>,
    alarm: Option<Pin<Box<Sleep>>>,
    grace: Duration,
    total: Duration,
    rate: u64,
}

impl<B> Paced<B> {
    /// Puts a body under watch.
    pub(super) fn new(body: B, limits: &Limits) -> Self {
        Self {
            body,
            received: 0,
            waited: Duration::ZERO,
            waiting_since: None,
            alarm: None,
            grace: limits.body_grace,
            total: limits.body_total,
            rate: limits.body_rate.max(1),
        }
    }

    /// Returns how long may be waited in all for what has come and the next bytes.
    fn allowance(&self) -> Duration {
        let earned = Duration::from_millis(self.received.saturating_mul(1_000) / self.rate);
        self.grace.saturating_add(earned).min(self.total)
    }
}

type Error = Box<dyn std::error::Error + Send + Sync>;

impl<B> Body for Paced<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<Error>,
{
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.body).poll_frame(cx);
        if let Poll::Ready(next) = polled {
            if let Some(since) = this.waiting_since.take() {
                this.waited += since.elapsed();
            }
            if let Some(Ok(frame)) = &next {
                this.received += frame.data_ref().map_or(0, |data| data.len() as u64);
            }
            return Poll::Ready(next.map(|frame| frame.map_err(Into::into)));
        }
        let left = this.allowance().saturating_sub(this.waited);
        let since = *this.waiting_since.get_or_insert_with(Instant::now);
        let at = since + left;
        let alarm = this.alarm.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(at)));
        if alarm.deadline() != at {
            alarm.as_mut().reset(at);
        }
        match alarm.as_mut().poll(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(()) => {
                let waited = this.waited + since.elapsed();
                Poll::Ready(Some(Err(Box::new(TooSlow { received: this.received, waited_ms: waited.as_millis() }))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
