use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::client::{answer, connect, send, until_closed};
use super::server::{PATIENCE, limits, start};
use crate::serve::{Drained, Limits};

#[tokio::test]
async fn what_runs_is_finished_and_nothing_new_is_taken() {
    let server = start(limits());
    let mut idle = send(server.address, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert_eq!(answer(&mut idle).await.0, 200);
    let mut silent = connect(server.address).await;
    let mut running = send(server.address, b"GET /gate HTTP/1.1\r\nhost: x\r\n\r\n").await;
    server.entered.notified().await;

    server.stop.cancel();
    until_closed(&mut idle).await;
    until_closed(&mut silent).await;
    assert!(TcpStream::connect(server.address).await.is_err(), "new connections are taken");
    server.open.notify_one();
    assert_eq!(answer(&mut running).await, (200, "opened".to_owned()));
    until_closed(&mut running).await;
    let drained = timeout(PATIENCE, server.task).await.expect("the server ends").expect("it does not panic");
    assert_eq!(drained, Drained { cut: 0 });
}

#[tokio::test]
async fn live_events_end_at_once_and_cleanly() {
    let server = start(limits());
    let mut live = send(server.address, b"GET /events HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let mut got = Vec::new();
    while !String::from_utf8_lossy(&got).contains("data: first") {
        let mut part = [0; 1024];
        let count = live.read(&mut part).await.expect("the event comes");
        got.extend_from_slice(&part[..count]);
    }
    server.stop.cancel();
    got.extend(until_closed(&mut live).await);
    assert!(got.ends_with(b"0\r\n\r\n"), "ended, not cut: {}", String::from_utf8_lossy(&got));
    let drained = timeout(PATIENCE, server.task).await.expect("the server ends").expect("it does not panic");
    assert_eq!(drained, Drained { cut: 0 });
}

#[tokio::test]
async fn what_does_not_finish_is_cut_when_the_time_is_over() {
    let server = start(Limits { drain: Duration::from_millis(100), ..limits() });
    let mut stuck = send(server.address, b"GET /gate HTTP/1.1\r\nhost: x\r\n\r\n").await;
    server.entered.notified().await;
    server.stop.cancel();
    until_closed(&mut stuck).await;
    let drained = timeout(PATIENCE, server.task).await.expect("the server ends").expect("it does not panic");
    assert_eq!(drained, Drained { cut: 1 });
}
