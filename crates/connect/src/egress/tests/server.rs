//! A server that answers every connection with the same bytes, and counts; and a resolver that the test drives.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::egress::{Egress, Exceptions, Limits, Resolver, Settings};

/// What the server does with a connection after it has read a little.
#[derive(Clone)]
pub(super) enum Reply {
    Bytes(Vec<u8>),
    /// A head, then data until the client goes.
    Endless,
    /// Nothing at all.
    Silence,
}

pub(super) struct Server {
    pub(super) address: SocketAddr,
    pub(super) connections: Arc<AtomicUsize>,
}

pub(super) async fn serve(reply: Reply) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free loopback port");
    let address = listener.local_addr().expect("bound");
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&connections);
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            let mut request = [0; 2048];
            let _ = stream.read(&mut request).await;
            match &reply {
                Reply::Bytes(bytes) => drop(stream.write_all(bytes).await),
                Reply::Silence => held.push(stream),
                Reply::Endless => {
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").await;
                    while stream.write_all(&[b'x'; 4096]).await.is_ok() {}
                }
            }
        }
    });
    Server { address, connections }
}

/// Answers each question with the next of its lists, the last one for ever.
pub(super) struct Scripted {
    answers: Mutex<Vec<Vec<IpAddr>>>,
    pub(super) asked: AtomicUsize,
}

impl Scripted {
    pub(super) fn new(answers: &[&[&str]]) -> Arc<Self> {
        let parse = |text: &&str| text.parse().expect("a written address");
        let mut answers: Vec<Vec<IpAddr>> = answers.iter().map(|list| list.iter().map(parse).collect()).collect();
        answers.reverse();
        Arc::new(Self { answers: Mutex::new(answers), asked: AtomicUsize::new(0) })
    }
}

impl Resolver for Scripted {
    fn resolve<'a>(&'a self, _: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.answers.lock().expect("no test panics while it holds this");
        let next = if answers.len() > 1 { answers.pop() } else { answers.last().cloned() };
        Box::pin(async move { Ok(next.unwrap_or_default()) })
    }
}

pub(super) fn egress(exceptions: &[&str], limits: Limits, resolver: Arc<dyn Resolver>) -> Egress {
    let exceptions = Exceptions::parse(exceptions.iter().copied()).expect("written as they should be");
    Egress::new(Settings { exceptions, limits, resolver, ..Settings::default() }).expect("the defaults are valid")
}
