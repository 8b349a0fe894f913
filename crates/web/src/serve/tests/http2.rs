//! HTTP/2 by hand: frames that no honest client sends.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::client::{connect, get, until_closed};
use super::server::{PATIENCE, limits, start};
use crate::serve::Limits;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const INITIAL_WINDOW_SIZE: u8 = 4;

/// Writes a frame as RFC 9113, section 4.1, has it.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a short payload").to_be_bytes();
    let mut bytes = length[1..].to_vec();
    bytes.extend([kind, flags]);
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// Writes the header block of a GET: static table entries 2 (method), 6 (scheme), and literals for the rest.
fn request(path: &str) -> Vec<u8> {
    let mut block = vec![0x82, 0x86, 0x04, u8::try_from(path.len()).expect("a short path")];
    block.extend(path.as_bytes());
    block.extend([0x01, 1, b'x']);
    block
}

async fn open(stream: &mut TcpStream, settings: &[u8]) {
    stream.write_all(PREFACE).await.expect("a fresh connection takes bytes");
    stream.write_all(&frame(SETTINGS, 0, 0, settings)).await.expect("a fresh connection takes bytes");
}

/// Reads frames until one of a kind comes and returns its payload; `None` when the connection ends before.
async fn next_of(stream: &mut TcpStream, kind: u8) -> Option<Vec<u8>> {
    loop {
        let mut head = [0; 9];
        timeout(PATIENCE, stream.read_exact(&mut head)).await.expect("a frame in time").ok()?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; length as usize];
        stream.read_exact(&mut payload).await.ok()?;
        if head[3] == kind {
            return Some(payload);
        }
    }
}

#[tokio::test]
async fn an_honest_request_is_answered() {
    let server = start(limits());
    let mut stream = connect(server.address).await;
    open(&mut stream, &[]).await;
    stream.write_all(&frame(HEADERS, END_STREAM | END_HEADERS, 1, &request("/"))).await.expect("open");
    assert_eq!(next_of(&mut stream, DATA).await, Some(b"hello".to_vec()));
}

#[tokio::test]
async fn a_preface_alone_is_closed_in_time() {
    let server = start(Limits { head: Duration::from_millis(100), ..limits() });
    let mut stream = connect(server.address).await;
    open(&mut stream, &[]).await;
    until_closed(&mut stream).await;
}

#[tokio::test]
async fn rapid_resets_end_the_connection() {
    let server = start(limits());
    let mut stream = connect(server.address).await;
    open(&mut stream, &[]).await;
    let mut flood = Vec::new();
    for number in 0..2_000_u32 {
        let id = number * 2 + 1;
        flood.extend(frame(HEADERS, END_STREAM | END_HEADERS, id, &request("/gate")));
        flood.extend(frame(RST_STREAM, 0, id, &[0, 0, 0, 8]));
    }
    // The server may close in the middle of it, which is the point.
    let _ = stream.write_all(&flood).await;
    if let Some(goaway) = next_of(&mut stream, GOAWAY).await {
        let code = goaway.get(4..8).map(<[u8]>::to_vec);
        assert_eq!(code, Some(vec![0, 0, 0, 11]), "ENHANCE_YOUR_CALM");
    }
    until_closed(&mut stream).await;
    assert_eq!(get(server.address, "/").await.0, 200, "others are served");
}

#[tokio::test]
async fn continuations_without_end_end_the_connection() {
    let server = start(limits());
    let mut stream = connect(server.address).await;
    open(&mut stream, &[]).await;
    let mut flood = frame(HEADERS, END_STREAM, 1, &request("/"));
    // A literal header that is never indexed: 0x10, name, value of 100 bytes.
    let mut header = vec![0x10, 1, b'x', 100];
    header.extend([b'y'; 100]);
    for _ in 0..20_000 {
        flood.extend(frame(CONTINUATION, 0, 1, &header));
    }
    let _ = stream.write_all(&flood).await;
    until_closed(&mut stream).await;
    assert_eq!(get(server.address, "/").await.0, 200, "others are served");
}

#[tokio::test]
async fn a_window_of_nothing_does_not_hold_an_answer() {
    let mut server = start(Limits { stalled: Duration::from_millis(100), head: Duration::from_millis(100), ..limits() });
    let mut stream = connect(server.address).await;
    open(&mut stream, &[0, INITIAL_WINDOW_SIZE, 0, 0, 0, 0]).await;
    stream.write_all(&frame(HEADERS, END_STREAM | END_HEADERS, 1, &request("/big"))).await.expect("open");
    timeout(PATIENCE, server.given_up.recv()).await.expect("the answer is given up").expect("the guard tells");
    until_closed(&mut stream).await;
}
