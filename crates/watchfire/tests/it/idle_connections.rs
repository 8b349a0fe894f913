//! Clients that connect and do not speak, or stop in the middle.

use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use watchfire_testkit::{Alert, Database, RawAnswer, Server, alertmanager_group, eventually, left_out, open_files};

use crate::support::{PROGRAM, accepted};

/// Connections that do nothing.
const IDLE: u64 = 10_000;
/// Files that the test needs besides.
const SLACK: u64 = 200;
/// What they may add to the server's memory.
const GROWTH_KIB: u64 = 128 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_idle_connections_do_not_keep_a_delivery_out() {
    let allowed = open_files(IDLE + SLACK);
    let count = IDLE.min(allowed.saturating_sub(SLACK));
    if count < IDLE {
        left_out(&format!("{} of {IDLE} idle connections (this process may open {allowed} files)", IDLE - count));
    }
    let mut server = Server::start(PROGRAM, Database::Sqlite).await;
    let source = server.add_source("alertmanager", "prometheus").await;
    let before = server.process().resident_kib();
    let mut idle = Vec::new();
    for at in 0..count {
        let Ok(mut stream) = TcpStream::connect(server.address()).await else { continue };
        // Every other one has sent half a head.
        if at % 2 == 0 {
            drop(stream.write_all(b"POST /hooks/alertmanager/x HTTP/1.1\r\nhost: x\r\ncontent-").await);
        }
        idle.push(stream);
    }
    let began = Instant::now();
    for turn in 0..10 {
        accepted(&server, &source, &alertmanager_group("Fine", &[Alert::firing("Fine", &format!("host-{turn}"))])).await;
    }
    assert!(began.elapsed() < Duration::from_secs(60), "ten deliveries took {} s", began.elapsed().as_secs_f32());
    let grown = server.process().resident_kib_max().saturating_sub(before);
    assert!(grown < GROWTH_KIB, "{} connections added {grown} KiB", idle.len());
    server.settled(Duration::from_secs(120)).await;
    assert_eq!(server.client().list("/api/v1/alerts").await.len(), 10);
    let log = server.process().log();
    assert!(log.len() < 1024 * 1024, "idle connections fill the log: {} bytes", log.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_half_sent_head_is_answered_or_closed_in_bounded_time() {
    let server = Server::start(PROGRAM, Database::Sqlite).await;
    let began = Instant::now();
    let answer =
        RawAnswer::of(&server.address(), b"POST /hooks/alertmanager/x HTTP/1.1\r\nhost: x\r\n", Duration::from_secs(30)).await;
    let answer = answer.expect("the server listens");
    assert!(matches!(answer.status, 0 | 408), "{}", answer.text);
    assert!(began.elapsed() < Duration::from_secs(16), "closed after {} s", began.elapsed().as_secs_f32());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_stops_half_way_is_given_up() {
    let server = Server::start(PROGRAM, Database::Sqlite).await;
    let source = server.add_source("alertmanager", "prometheus").await;
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{{\"alerts\"",
        source.path, source.secret
    );
    let began = Instant::now();
    let answer = RawAnswer::of(&server.address(), head.as_bytes(), Duration::from_secs(60)).await.expect("the server listens");
    assert!(matches!(answer.status, 0 | 400 | 408), "{}", answer.text);
    assert!(began.elapsed() < Duration::from_secs(45), "given up after {} s", began.elapsed().as_secs_f32());
    assert!(server.client().list("/api/v1/events").await.is_empty(), "half a delivery is none");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_http_is_answered_and_closed() {
    let server = Server::start(PROGRAM, Database::Sqlite).await;
    let long_target = format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(100_000));
    let many_headers = format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "x-a: b\r\n".repeat(10_000));
    let two_lengths = "POST /v2/enqueue HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!".to_owned();
    let smuggled =
        "POST /v2/enqueue HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n".to_owned();
    let cases = ["\u{16}\u{3}\u{1}not http\r\n\r\n".to_owned(), long_target, many_headers, two_lengths, smuggled];
    for bytes in cases {
        let answer =
            RawAnswer::of(&server.address(), bytes.as_bytes(), Duration::from_secs(20)).await.expect("the server listens");
        assert!(
            answer.status == 0 || (400..500).contains(&answer.status),
            "{} {}",
            bytes.get(..40).unwrap_or(&bytes),
            answer.text
        );
    }
    eventually("the server still answers", Duration::from_secs(5), || async {
        server.client().try_get("/api/v1/incidents").await.is_some()
    })
    .await;
}
