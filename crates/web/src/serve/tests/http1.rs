use std::time::Duration;

use axum::Router;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::time::{Instant, timeout};

use super::client::{answer, connect, get, send, stays_open, until_closed};
use super::server::{PATIENCE, limits, start};
use crate::serve::Limits;

const SHORT: Duration = Duration::from_millis(100);

/// Sends some bytes, waits for the close and checks that it came after the limit and not much later.
async fn closed_after(limits: Limits, bytes: &[u8], limit: Duration) {
    let server = start(limits);
    let began = Instant::now();
    let mut stream = send(server.address, bytes).await;
    until_closed(&mut stream).await;
    let took = began.elapsed();
    assert!(took >= limit && took < limit + Duration::from_secs(5), "closed after {took:?}");
    assert_eq!(get(server.address, "/").await.0, 200, "others are served");
}

#[tokio::test]
async fn a_half_sent_header_is_closed_in_time() {
    closed_after(Limits { head: SHORT, ..limits() }, b"GET / HTTP/1.1\r\nhost: x", SHORT).await;
}

#[tokio::test]
async fn a_silent_connection_is_closed_in_time() {
    closed_after(Limits { head: SHORT, ..limits() }, b"", SHORT).await;
}

#[tokio::test]
async fn a_header_that_drips_is_closed_as_a_half_sent_one() {
    let server = start(Limits { head: SHORT, ..limits() });
    let mut stream = send(server.address, b"GET / HTTP/1.1\r\nx-drip: ").await;
    let began = Instant::now();
    // Every byte comes well within the time-out: only the whole head counts.
    let mut drip = tokio::time::interval(SHORT / 10);
    while stream.write_all(b"x").await.is_ok() {
        drip.tick().await;
        assert!(began.elapsed() < PATIENCE, "the server lets a header drip on");
    }
}

#[tokio::test]
async fn the_probe_sees_what_plain_axum_lets_happen() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free loopback port");
    let address = listener.local_addr().expect("bound");
    #[expect(clippy::disallowed_methods, reason = "it is the planted defect: the listener without deadlines")]
    let plain = tokio::spawn(async move { axum::serve(listener, Router::new()).await });
    let mut stream = send(address, b"GET / HTTP/1.1\r\nhost: x").await;
    assert!(stays_open(&mut stream, SHORT * 5).await, "axum::serve closes by itself; then this listener is not needed");
    plain.abort();
}

#[tokio::test]
async fn a_half_sent_second_header_is_closed_like_the_first() {
    let server = start(Limits { head: SHORT, ..limits() });
    let mut stream = send(server.address, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert_eq!(answer(&mut stream).await, (200, "hello".to_owned()));
    assert!(stays_open(&mut stream, SHORT * 3).await, "the pause between requests has a limit of its own");
    stream.write_all(b"GET / HT").await.expect("the connection is open");
    until_closed(&mut stream).await;
}

#[tokio::test]
async fn an_idle_connection_is_closed_in_time() {
    let server = start(Limits { idle: SHORT, ..limits() });
    let mut stream = send(server.address, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert_eq!(answer(&mut stream).await.0, 200);
    until_closed(&mut stream).await;
}

#[tokio::test]
async fn a_body_that_stops_coming_is_answered_408_and_closed() {
    let server = start(Limits { body_grace: SHORT, ..limits() });
    let mut stream = send(server.address, b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nsome").await;
    let (status, body) = answer(&mut stream).await;
    assert_eq!(status, 408, "{body}");
    assert!(body.contains("4 bytes"), "{body}");
    until_closed(&mut stream).await;
}

#[tokio::test]
async fn a_body_that_drips_below_the_rate_is_refused_and_one_above_it_is_taken() {
    let limits = Limits { body_grace: SHORT, body_rate: 100_000, ..limits() };
    let server = start(limits);
    let head = b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n";
    let mut stream = send(server.address, head).await;
    let mut drip = tokio::time::interval(SHORT / 10);
    let (mut reader, mut writer) = stream.split();
    let dripping = async {
        while writer.write_all(b"x").await.is_ok() {
            drip.tick().await;
        }
    };
    let status = tokio::select! {
        (status, _) = answer(&mut reader) => status,
        () = dripping => panic!("closed without an answer"),
    };
    assert_eq!(status, 408);

    let mut stream = send(server.address, head).await;
    for _ in 0..10 {
        stream.write_all(&[b'y'; 100]).await.expect("the connection is open");
        tokio::task::yield_now().await;
    }
    assert_eq!(answer(&mut stream).await, (200, "y".repeat(1000)));
}

#[tokio::test]
async fn a_client_that_takes_no_answer_is_cut_off() {
    let mut server = start(Limits { stalled: SHORT, head: SHORT, ..limits() });
    let _unread = send(server.address, b"GET /big HTTP/1.1\r\nhost: x\r\n\r\n").await;
    timeout(PATIENCE, server.given_up.recv()).await.expect("the answer is given up").expect("the guard tells");
}

#[tokio::test]
async fn a_live_stream_without_news_stays_open() {
    let limits = Limits { stalled: SHORT, head: SHORT, idle: SHORT, body_grace: SHORT, ..limits() };
    let mut server = start(limits);
    let mut stream = send(server.address, b"GET /live HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(stays_open(&mut stream, SHORT * 2).await);
    assert!(stays_open(&mut stream, SHORT * 5).await);
    assert!(server.given_up.try_recv().is_err(), "it waits for us, not for the client");
}

#[tokio::test]
async fn heads_over_the_limits_are_refused_by_name() {
    let server = start(limits());
    let with_headers = |headers: &str| format!("GET / HTTP/1.1\r\nhost: x\r\n{headers}\r\n");
    for (request, status) in [
        (format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(9_000)), 414),
        (with_headers(&format!("x-long: {}\r\n", "a".repeat(40_000))), 431),
        (with_headers(&format!("x-long: {}\r\n", "a".repeat(1_000_000))), 431),
        (with_headers(&"x-many: 1\r\n".repeat(200)), 431),
        ("NOT HTTP AT ALL\r\n\r\n".to_owned(), 400),
    ] {
        let mut stream = connect(server.address).await;
        // The server may answer and close before it has read everything.
        let _ = stream.write_all(request.as_bytes()).await;
        assert_eq!(answer(&mut stream).await.0, status);
    }
}

#[tokio::test]
async fn a_handler_knows_its_peer() {
    let server = start(limits());
    assert_eq!(get(server.address, "/peer").await, (200, "[\"127.0.0.1\",false]".to_owned()));
}
