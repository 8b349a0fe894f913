use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::client::{answer, connect, get, send, until_closed};
use super::server::{limits, start};
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
async fn an_address_with_its_share_in_busy_connections_is_refused_until_it_gives_one_back() {
    let server = start(Limits { per_address: 2, ..limits() });
    let busy = b"GET /gate HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let mut held = Vec::new();
    for _ in 0..2 {
        held.push(send(server.address, busy).await);
        server.entered.notified().await;
    }
    let mut third = connect(server.address).await;
    assert_eq!(answer(&mut third).await.0, 429);
    until_closed(&mut third).await;
    server.open.notify_waiters();
    for stream in &mut held {
        until_closed(stream).await;
    }
    assert_eq!(get(server.address, "/").await.0, 200);
}

#[tokio::test]
async fn the_silent_make_room_for_who_has_something_to_say() {
    let server = start(Limits { per_address: 2, ..limits() });
    let mut kept = send(server.address, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert_eq!(answer(&mut kept).await.0, 200);
    let mut silent = send(server.address, b"GET / HTTP/1.1\r\n").await;
    assert_eq!(get(server.address, "/").await.0, 200);
    until_closed(&mut silent).await;
    kept.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("it is open");
    assert_eq!(answer(&mut kept).await.0, 200, "the idle one stayed");
}

#[tokio::test]
async fn ten_thousand_idle_connections_stay_within_bounds_and_stop_nobody() {
    const HELD: usize = 200;
    let server = start(Limits { connections: HELD, ..limits() });
    let before = (descriptors(), resident_kib());
    let mut held: Vec<TcpStream> = Vec::new();
    let mut most = 0;
    for number in 0..10_000 {
        held.push(connect(server.address).await);
        if held.len() > HELD * 2 {
            // The attacker's own descriptors are bounded too; the listener has seen every connection.
            held.drain(..HELD);
            most = most.max(descriptors());
        }
        if number % 500 == 499 {
            let began = Instant::now();
            assert_eq!(get(server.address, "/").await, (200, "hello".to_owned()), "an honest client is served");
            assert!(began.elapsed() < Duration::from_secs(2), "after {:?}", began.elapsed());
        }
    }
    // Ours and the attacker's are in one process: twice what he holds, and the listener's bound.
    let bound = before.0 + 2 * HELD + 1 + HELD + 50;
    assert!(most > 0 && most <= bound, "{most} descriptors, {bound} allowed");
    let grown = resident_kib().saturating_sub(before.1);
    assert!(grown <= 128 * 1024, "{grown} KiB more");
    drop(held);
}
