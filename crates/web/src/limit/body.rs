//! Reading a body within its limits, unpacked where it came packed.

use std::error::Error as _;
use std::io::{self, Write};

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Body as _;
use thiserror::Error;
use watchfire_core::limits;

use crate::problem::Problem;
use crate::serve::TooSlow;

/// How many bytes a packed body may become per byte that came.
const RATIO: usize = 10;
/// Up to this size no ratio counts: repetitive JSON packs well, and so little harms nobody.
const RATIO_FROM: usize = 128 * 1024;
/// Packings that a body may come in.
const PACKINGS: &str = "gzip, deflate";

/// How large a body may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BodyLimit {
    /// Bytes as they come.
    pub received: usize,
    /// Bytes after unpacking.
    pub unpacked: usize,
}

impl BodyLimit {
    /// The limit of forms, API calls and most deliveries.
    pub const USUAL: Self = Self { received: limits::BODY_BYTES, unpacked: limits::LARGE_BODY_BYTES };
    /// The limit of whole reports and pushes.
    pub const LARGE: Self = Self { received: limits::LARGE_BODY_BYTES, unpacked: limits::LARGE_BODY_BYTES };
}

/// Why a body was not read.
#[derive(Debug, Error)]
pub enum BodyError {
    /// More came, or was announced, than may.
    #[error("the body is larger than {limit} bytes")]
    TooLarge { limit: usize },
    /// It unpacks to more than may be.
    #[error("the body unpacks to more than {limit} bytes, or to more than {RATIO} times its size")]
    Bomb { limit: usize },
    /// It is packed in a way, or more than once, that is not taken.
    #[error("content-encoding `{0}` is not taken; send the body as it is, or packed once with one of: {PACKINGS}")]
    Packing(String),
    /// It cannot be unpacked.
    #[error("the body is not what its content-encoding says")]
    Corrupt,
    /// It came too slowly.
    #[error(transparent)]
    TooSlow(TooSlow),
    /// The client went away in the middle, or broke the framing.
    #[error("the body ended early")]
    Broken,
}

impl From<BodyError> for Problem {
    fn from(error: BodyError) -> Self {
        let status = match error {
            BodyError::TooLarge { .. } | BodyError::Bomb { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            BodyError::Packing(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            BodyError::Corrupt | BodyError::Broken => StatusCode::BAD_REQUEST,
            BodyError::TooSlow(_) => StatusCode::REQUEST_TIMEOUT,
        };
        Self::new(status).detail(error.to_string())
    }
}

/// Reads a body whole and returns it unpacked.
///
/// Memory is bounded by both limits: nothing is kept of a body that announces, sends or becomes more.
///
/// # Errors
/// [`BodyError`] names the limit that was met.
pub async fn read(headers: &HeaderMap, body: Body, limit: BodyLimit) -> Result<Bytes, BodyError> {
    let packing = packing(headers)?;
    let received = receive(body, limit.received).await?;
    match packing {
        None => Ok(received),
        Some(packing) => unpack(packing, &received, limit.unpacked),
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Packing {
    Gzip,
    Deflate,
}

fn packing(headers: &HeaderMap) -> Result<Option<Packing>, BodyError> {
    let mut found = None;
    let values = headers.get_all(header::CONTENT_ENCODING).iter();
    let words = values.flat_map(|value| value.to_str().unwrap_or("(not text)").split(',')).map(str::trim);
    for word in words.filter(|word| !word.is_empty() && !word.eq_ignore_ascii_case("identity")) {
        let packing = match word.to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Packing::Gzip,
            "deflate" => Packing::Deflate,
            _ => return Err(BodyError::Packing(word.chars().take(40).collect())),
        };
        if found.replace(packing).is_some() {
            return Err(BodyError::Packing("more than one".to_owned()));
        }
    }
    Ok(found)
}

async fn receive(mut body: Body, limit: usize) -> Result<Bytes, BodyError> {
    if body.size_hint().lower() > limit as u64 {
        return Err(BodyError::TooLarge { limit });
    }
    let mut whole = BytesMut::new();
    let mut first: Option<Bytes> = None;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(broken)?.into_data() else { continue };
        if whole.len() + first.as_ref().map_or(0, Bytes::len) + data.len() > limit {
            return Err(BodyError::TooLarge { limit });
        }
        // A body in one piece, as nearly all are, is taken over without a copy.
        match first.take() {
            None if whole.is_empty() => first = Some(data),
            None => whole.extend_from_slice(&data),
            Some(before) => {
                whole.extend_from_slice(&before);
                whole.extend_from_slice(&data);
            }
        }
    }
    Ok(first.unwrap_or_else(|| whole.freeze()))
}

fn broken(error: axum::Error) -> BodyError {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(TooSlow { received, waited_ms }) = error.downcast_ref() {
            return BodyError::TooSlow(TooSlow { received: *received, waited_ms: *waited_ms });
        }
        cause = error.source();
    }
    BodyError::Broken
}

fn unpack(packing: Packing, packed: &[u8], limit: usize) -> Result<Bytes, BodyError> {
    let most = limit.min(packed.len().saturating_mul(RATIO).max(RATIO_FROM));
    let bounded = Bounded { bytes: Vec::new(), most, full: false };
    let (bounded, outcome) = match packing {
        Packing::Gzip => {
            let mut decoder = MultiGzDecoder::new(bounded);
            let outcome = decoder.write_all(packed).and_then(|()| decoder.try_finish());
            (std::mem::take(decoder.get_mut()), outcome)
        }
        // HTTP's "deflate" is the zlib form; some senders leave its two bytes of header out.
        Packing::Deflate if is_zlib(packed) => {
            let mut decoder = ZlibDecoder::new(bounded);
            let outcome = decoder.write_all(packed).and_then(|()| decoder.try_finish());
            (std::mem::take(decoder.get_mut()), outcome)
        }
        Packing::Deflate => {
            let mut decoder = DeflateDecoder::new(bounded);
            let outcome = decoder.write_all(packed).and_then(|()| decoder.try_finish());
            (std::mem::take(decoder.get_mut()), outcome)
        }
    };
    match outcome {
        _ if bounded.full => Err(BodyError::Bomb { limit }),
        Ok(()) => Ok(bounded.bytes.into()),
        Err(_) => Err(BodyError::Corrupt),
    }
}

/// Says whether bytes begin as RFC 1950 has it: method 8, and a header that is a multiple of 31.
fn is_zlib(bytes: &[u8]) -> bool {
    matches!(bytes, [first, second, ..] if first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0)
}

/// Bytes up to a limit; writing more fails, so that unpacking stops there.
#[derive(Default)]
struct Bounded {
    bytes: Vec<u8>,
    most: usize,
    full: bool,
}

impl Write for Bounded {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + more.len() > self.most {
            self.full = true;
            return Err(io::Error::other("over the limit"));
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
