//! A client that sends bytes, whatever they are.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::server::PATIENCE;

pub(super) async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.expect("the listener is up")
}

/// Connects and sends.
pub(super) async fn send(address: SocketAddr, bytes: &[u8]) -> TcpStream {
    let mut stream = connect(address).await;
    stream.write_all(bytes).await.expect("a fresh connection takes bytes");
    stream
}

/// Reads until the server closes, which has to happen; a reset is a close.
pub(super) async fn until_closed(stream: &mut (impl AsyncRead + Unpin)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    loop {
        match timeout(PATIENCE, stream.read(&mut part)).await.expect("the server closes in time") {
            Ok(0) | Err(_) => return bytes,
            Ok(count) => bytes.extend_from_slice(&part[..count]),
        }
    }
}

/// Says whether the server leaves the connection open for so long.
pub(super) async fn stays_open(stream: &mut (impl AsyncRead + Unpin), long: Duration) -> bool {
    let mut part = [0; 4096];
    match timeout(long, stream.read(&mut part)).await {
        Err(_) => true,
        Ok(read) => matches!(read, Ok(count) if count > 0),
    }
}

/// Reads one answer of known length and returns its status and body.
pub(super) async fn answer(stream: &mut (impl AsyncRead + Unpin)) -> (u16, String) {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
            if body.len() >= length.unwrap_or(0) {
                let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status line");
                return (status, body.to_owned());
            }
        }
        let mut part = [0; 4096];
        let count = timeout(PATIENCE, stream.read(&mut part)).await.expect("an answer in time").expect("an answer");
        assert!(count > 0, "closed in the middle of {text:?}");
        bytes.extend_from_slice(&part[..count]);
    }
}

/// Returns the status of one request, with `connection: close`.
pub(super) async fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    answer(&mut send(address, request.as_bytes()).await).await
}
