use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use http::HeaderValue;

use super::*;

const SMALL: BodyLimit = BodyLimit { received: 1_000, unpacked: 300_000 };

async fn check(packing: &str, body: impl Into<Body>) -> Result<Bytes, StatusCode> {
    let mut headers = HeaderMap::new();
    if !packing.is_empty() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_str(packing).expect("a written header"));
    }
    read(&headers, body.into(), SMALL).await.map_err(|error| Problem::from(error).status())
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).expect("memory");
    encoder.finish().expect("memory")
}

fn in_pieces(pieces: Vec<Vec<u8>>) -> Body {
    Body::from_stream(futures::stream::iter(pieces.into_iter().map(Ok::<_, std::convert::Infallible>)))
}

#[tokio::test]
async fn plain_bodies_pass_up_to_the_limit() {
    assert_eq!(check("", vec![7; 1_000]).await, Ok(vec![7; 1_000].into()));
    assert_eq!(check("identity", "x").await, Ok("x".into()));
    assert_eq!(check("", vec![7; 1_001]).await, Err(StatusCode::PAYLOAD_TOO_LARGE));
    assert_eq!(check("", in_pieces(vec![vec![1; 400], vec![2; 400], vec![3; 200]])).await.map(|body| body.len()), Ok(1_000));
    assert_eq!(check("", in_pieces(vec![vec![1; 400], vec![2; 400], vec![3; 201]])).await, Err(StatusCode::PAYLOAD_TOO_LARGE));
    assert_eq!(check("", "").await, Ok(Bytes::new()));
}

#[tokio::test]
async fn packed_bodies_are_unpacked() {
    let plain = b"{\"alerts\":[]}".repeat(20);
    assert_eq!(check("gzip", gzip(&plain)).await, Ok(plain.clone().into()));
    assert_eq!(check("X-GZIP", gzip(&plain)).await, Ok(plain.clone().into()));
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
    zlib.write_all(&plain).expect("memory");
    assert_eq!(check("deflate", zlib.finish().expect("memory")).await, Ok(plain.clone().into()));
    let mut raw = DeflateEncoder::new(Vec::new(), Compression::fast());
    raw.write_all(&plain).expect("memory");
    assert_eq!(check("deflate", raw.finish().expect("memory")).await, Ok(plain.into()));
}

#[tokio::test]
async fn bombs_stop_at_the_ratio_and_at_the_limit() {
    let bomb = gzip(&vec![0; 200_000]);
    assert!(bomb.len() < 1_000, "{} bytes", bomb.len());
    assert_eq!(check("gzip", bomb).await, Err(StatusCode::PAYLOAD_TOO_LARGE));
    // Many members, each small.
    let members = gzip(&vec![0; 60_000]).repeat(4);
    assert!(members.len() < 1_000, "{} bytes", members.len());
    assert_eq!(check("gzip", members).await, Err(StatusCode::PAYLOAD_TOO_LARGE));
    // Only one layer is ever unpacked: what is inside stays packed.
    let inner = gzip(&vec![0; 10_000_000]);
    assert_eq!(check("gzip", gzip(&inner)).await, Ok(inner.into()));
}

#[tokio::test]
async fn unknown_nested_and_corrupt_packings_are_refused() {
    assert_eq!(check("br", "x").await, Err(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    assert_eq!(check("gzip, gzip", "x").await, Err(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    assert_eq!(check("gzip", "not gzip").await, Err(StatusCode::BAD_REQUEST));
    let whole = gzip(b"a whole text that is cut short");
    let cut = whole.get(..whole.len() - 9).expect("longer than its trailer").to_vec();
    assert_eq!(check("gzip", cut).await, Err(StatusCode::BAD_REQUEST));
}
