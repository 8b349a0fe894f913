//! A load generator that takes little of the two cores: one thread, kept connections, prepared requests.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request whose varying part is overwritten in place.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    bytes: Vec<u8>,
    marks: Vec<usize>,
}

/// Stands in a template for the sixteen hexadecimal digits that make each request differ.
pub(crate) const MARK: &str = "@@@@@@@@@@@@@@@@";

/// What a run took.
#[derive(Debug, Default)]
pub(crate) struct Load {
    pub(crate) accepted: u64,
    /// Answers of 429 and 503.
    pub(crate) refused: u64,
    pub(crate) took: Duration,
    pub(crate) latencies: Vec<Duration>,
}

impl Load {
    /// Returns accepted deliveries a second.
    pub(crate) fn rate(&self) -> f64 {
        self.accepted as f64 / self.took.as_secs_f64()
    }
}

impl Request {
    /// Prepares a POST; every [`MARK`] in the body is a varying part.
    pub(crate) fn post(host: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Self {
        let mut text = format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        text.push_str(body);
        let marks = text.match_indices(MARK).map(|(at, _)| at).collect();
        Self { bytes: text.into_bytes(), marks }
    }

    fn number(&mut self, number: u64) {
        let digits = format!("{number:016x}");
        for at in &self.marks {
            if let Some(place) = self.bytes.get_mut(*at..at + digits.len()) {
                place.copy_from_slice(digits.as_bytes());
            }
        }
    }
}

/// Sends from as many connections as there are requests, each one after the other, for a time; numbers begin at `first`.
///
/// Runs on a thread of its own, so that the measurement's own runtime does not disturb it.
///
/// # Errors
/// A connection broke, or an answer was neither 2xx nor 429 or 503.
pub(crate) async fn run(address: &str, requests: Vec<Request>, first: u64, lasts: Duration) -> Result<Load> {
    let address = address.to_owned();
    let thread = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(send_all(&address, requests, first, lasts))
    };
    tokio::task::spawn_blocking(thread).await.context("the load generator panicked")?
}

async fn send_all(address: &str, requests: Vec<Request>, first: u64, lasts: Duration) -> Result<Load> {
    let senders = requests.len() as u64;
    let began = Instant::now();
    let mut tasks = Vec::new();
    for (at, request) in (0..).zip(requests) {
        let address = address.to_owned();
        tasks.push(tokio::spawn(async move { send(&address, request, first + at, senders, began + lasts).await }));
    }
    let mut load = Load::default();
    for task in tasks {
        let part = task.await.context("a sender panicked")??;
        load.accepted += part.accepted;
        load.refused += part.refused;
        load.latencies.extend(part.latencies);
    }
    load.took = began.elapsed();
    Ok(load)
}

async fn send(address: &str, mut request: Request, first: u64, step: u64, until: Instant) -> Result<Load> {
    let mut stream = TcpStream::connect(address).await.context("connecting")?;
    stream.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(16 * 1024);
    let mut load = Load::default();
    let mut number = first;
    loop {
        let sent = Instant::now();
        if sent >= until {
            return Ok(load);
        }
        request.number(number);
        stream.write_all(&request.bytes).await?;
        match answer(&mut stream, &mut buffer).await? {
            200..=299 => {
                load.accepted += 1;
                load.latencies.push(sent.elapsed());
                number += step;
            }
            429 | 503 => {
                load.refused += 1;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            status => bail!("the answer was {status}: {}", String::from_utf8_lossy(&buffer)),
        }
    }
}

/// Reads one answer and returns its status.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<u16> {
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            bail!("the server closed the connection: {}", String::from_utf8_lossy(buffer));
        }
        if let Some((status, end)) = whole(buffer)
            && buffer.len() >= end
        {
            return Ok(status);
        }
    }
}

/// Returns the status and the length of an answer whose head is complete.
fn whole(buffer: &[u8]) -> Option<(u16, usize)> {
    let head = buffer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let text = std::str::from_utf8(buffer.get(..head)?).ok()?;
    let status = text.get(9..12)?.parse().ok()?;
    let named = |line: &str| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    };
    Some((status, head + 4 + text.lines().find_map(named).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_with_its_last_byte() {
        let answer = b"HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\nhello";
        assert_eq!(whole(answer), Some((202, answer.len())));
        assert_eq!(whole(b"HTTP/1.1 202 Accepted\r\nContent-Le"), None);
    }

    #[test]
    fn each_request_carries_its_number_wherever_the_mark_stands() {
        let mut request = Request::post("x", "/", &[], &format!("{MARK} {MARK}"));
        request.number(255);
        assert!(String::from_utf8_lossy(&request.bytes).ends_with("00000000000000ff 00000000000000ff"));
    }
}
