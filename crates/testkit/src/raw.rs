//! Bytes on a socket, for what no decent client would send.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer read until the server closed the connection or the answer was whole.
#[derive(Clone, Debug)]
pub struct RawAnswer {
    /// 0 when the server closed without a word.
    pub status: u16,
    pub text: String,
}

impl RawAnswer {
    /// Sends bytes and reads what comes back within the limit.
    ///
    /// # Errors
    /// Nobody listens.
    pub async fn of(address: &str, bytes: &[u8], within: Duration) -> Result<Self> {
        let mut stream = TcpStream::connect(address).await.context("connecting")?;
        // The server may answer and close before it has read everything: that is an answer, no failure.
        let sent = stream.write_all(bytes).await;
        let mut text = Vec::new();
        let read = async {
            let mut chunk = [0; 4096];
            while let Ok(count) = stream.read(&mut chunk).await {
                text.extend_from_slice(chunk.get(..count).unwrap_or_default());
                if count == 0 || is_whole(&text) {
                    break;
                }
            }
        };
        drop(tokio::time::timeout(within, read).await);
        drop(sent);
        let text = String::from_utf8_lossy(&text).into_owned();
        let status = text.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
        Ok(Self { status, text })
    }
}

fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let head = head.to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    length.is_some_and(|length| body.len() >= length)
}
