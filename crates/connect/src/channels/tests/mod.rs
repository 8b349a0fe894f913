//! Every channel against a small server that stands for its vendor.

mod ear;
mod hostile;
mod mail;
mod posts;
mod registry;
mod slack;
mod webhook;

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use std::io;
use std::net::IpAddr;
use watchfire_core::Severity;
use watchfire_core::channel::{Channel, Kind, Message, Named, Outcome, Settings, Target};
use watchfire_core::time::from_micros;

use super::all;
use crate::egress::{self, Egress, Exceptions, Limits, Resolver};

/// Every name is this machine.
struct Here;

impl Resolver for Here {
    fn resolve<'a>(&'a self, _: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        async { Ok(vec![IpAddr::from([127, 0, 0, 1])]) }.boxed()
    }
}

/// A way out to this machine alone, which waits 300 ms for an answer.
fn egress(authorities: Vec<rustls_pki_types::CertificateDer<'static>>) -> Egress {
    let exceptions = Exceptions::parse(["127.0.0.0/8", "http://127.0.0.1"]).expect("written as they should be");
    let limits = Limits { total: Duration::from_millis(300), ..Limits::default() };
    Egress::new(egress::Settings { exceptions, limits, authorities, resolver: Arc::new(Here) }).expect("valid settings")
}

fn channel(kind: &str) -> Arc<dyn Channel> {
    Arc::clone(all(&egress(Vec::new())).get(kind).unwrap_or_else(|| panic!("{kind} is in the list")))
}

fn settings(pairs: &[(&str, &str)]) -> Settings {
    pairs.iter().copied().collect()
}

fn at() -> Timestamp {
    from_micros(1_790_000_000_000_000)
}

fn page() -> Message {
    Message {
        kind: Kind::Page,
        to: None,
        subject: "The payment database is gone".into(),
        text: "Three replicas do not answer.\nThe fourth is read-only.".into(),
        severity: Some(Severity::Sev1),
        incident: Some(Named { short_id: "INC-7K3QX".into(), codename: "quiet-heron".into(), restricted: false }),
        link: Some("https://watchfire.example/incidents/INC-7K3QX".into()),
        acknowledge: Some("https://watchfire.example/pages/0198f2c4/acknowledge".into()),
        console: "https://watchfire.example".into(),
        key: "0198f2c4-0000-7000-8000-000000000001".into(),
        matter: "0198f2c4-0000-7000-8000-00000000000a".into(),
        thread: None,
    }
}

async fn send(kind: &str, with: &Settings, message: &Message) -> Outcome {
    attempt(kind, with, message, 1).await
}

async fn attempt(kind: &str, with: &Settings, message: &Message, attempt: u32) -> Outcome {
    let channel = channel(kind);
    channel.check(with).expect("the settings of the test can be used");
    channel.send(Target { settings: with, at: at(), attempt }, message).await
}

fn reference(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Delivered { reference: Some(reference), .. } => reference,
        other => panic!("{other:?}"),
    }
}
