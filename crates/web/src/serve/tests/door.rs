use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::Instant;

use super::client::{answer, connect, get, send, until_closed};
use super::server::{PATIENCE, limits, start};
use crate::serve::Limits;

fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

#[tokio::test]
async fn an_address_over_its_share_is_refused_until_it_gives_one_back() {
    let server = start(Limits { per_address: 2, ..limits() });
    let mut first = send(server.address, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert_eq!(answer(&mut first).await.0, 200);
    let mut second = send(server.address, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert_eq!(answer(&mut second).await.0, 200);
    let mut third = connect(server.address).await;
    assert_eq!(answer(&mut third).await.0, 429);
    until_closed(&mut third).await;
    drop(first);
    let began = Instant::now();
    while get(server.address, "/").await.0 != 200 {
        assert!(began.elapsed() < PATIENCE, "the share is not given back");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn ten_thousand_idle_connections_stay_within_bounds() {
    const HELD: usize = 200;
    let server = start(Limits { connections: HELD, head: Duration::from_millis(200), ..limits() });
    let before = (descriptors(), resident_kib());
    let mut held: Vec<TcpStream> = Vec::new();
    let mut most = 0;
    for number in 0..10_000 {
        held.push(connect(server.address).await);
        if held.len() > HELD * 2 {
            // The attacker's own descriptors are bounded too, the listener has seen all 10,000.
            held.drain(..HELD);
            most = most.max(descriptors());
        }
        if number % 100 == 0 {
            tokio::task::yield_now().await;
        }
    }
    // Ours and the attacker's are in one process: twice what he holds, and the listener's bound.
    let bound = before.0 + 2 * HELD + 1 + HELD + 50;
    assert!(most > 0 && most <= bound, "{most} descriptors, {bound} allowed");
    let grown = resident_kib().saturating_sub(before.1);
    assert!(grown <= 128 * 1024, "{grown} KiB more");
    // While the attacker holds what he has, an honest client is served as soon as deadlines have passed.
    let began = Instant::now();
    while get_or_refusal(server.address).await != Some(200) {
        assert!(began.elapsed() < PATIENCE, "an honest client is never served");
    }
    drop(held);
}

async fn get_or_refusal(address: std::net::SocketAddr) -> Option<u16> {
    let mut stream = connect(address).await;
    let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    let bytes = until_closed(&mut stream).await;
    String::from_utf8_lossy(&bytes).split(' ').nth(1)?.parse().ok()
}
