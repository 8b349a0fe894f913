use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls_pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::server::{Reply, Scripted, egress, serve};
use crate::egress::{Answer, Call, Egress, EgressError, Exceptions, Hosts, Limits, Settings, sns};

async fn call(reply: Reply, limits: Limits) -> Result<Answer, EgressError> {
    let server = serve(reply).await;
    let base = format!("http://tool.example:{}", server.address.port());
    let egress = egress(&[&base], limits, Scripted::new(&[&["127.0.0.1"]]));
    egress.send(Call::get(format!("{base}/secret-path?token=s")), &Hosts::only(["tool.example"])).await
}

#[tokio::test]
async fn a_host_that_the_operator_permits_is_called() {
    let reply = Reply::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello".to_vec());
    let answer = call(reply, Limits::default()).await.expect("it is permitted");
    assert_eq!(answer.success().expect("200"), b"hello");
}

#[tokio::test]
async fn a_redirect_is_refused_and_its_target_not_called() {
    let inside = serve(Reply::Silence).await;
    for status in [301, 302, 303, 307, 308] {
        let reply = format!("HTTP/1.1 {status} Moved\r\nlocation: http://{}/\r\ncontent-length: 0\r\n\r\n", inside.address);
        let error = call(Reply::Bytes(reply.into_bytes()), Limits::default()).await.expect_err("a redirect");
        assert!(matches!(error, EgressError::Redirect { status: told, .. } if told == status), "{error:?}");
    }
    assert_eq!(inside.connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_large_answer_is_refused_announced_or_not() {
    let limits = Limits { answer_bytes: 1_000, ..Limits::default() };
    let announced = b"HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n".to_vec();
    for reply in [Reply::Bytes(announced), Reply::Endless] {
        let error = call(reply, limits).await.expect_err("too large");
        assert!(matches!(error, EgressError::TooLarge { limit: 1_000, .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_slow_answer_is_given_up() {
    let limits = Limits { total: Duration::from_millis(100), ..Limits::default() };
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhal".to_vec();
    let error = call(Reply::Silence, limits).await.expect_err("silence");
    assert!(matches!(error, EgressError::Timeout { .. }), "{error:?}");
    // The connection ends in the middle of the body.
    let error = call(Reply::Bytes(half), limits).await.expect_err("half an answer");
    assert!(matches!(error, EgressError::Exchange { .. }), "{error:?}");
}

#[tokio::test]
async fn errors_repeat_neither_the_answer_nor_the_path() {
    let reply = b"HTTP/1.1 500 Oops\r\ncontent-length: 13\r\n\r\nINTERNAL-DATA".to_vec();
    let error = call(Reply::Bytes(reply), Limits::default()).await.expect("an answer").success().expect_err("500");
    let told = [
        error,
        call(Reply::Bytes(b"garbage INTERNAL-DATA\r\n\r\n".to_vec()), Limits::default()).await.expect_err("no HTTP"),
        call(Reply::Silence, Limits { total: Duration::from_millis(50), ..Limits::default() }).await.expect_err("silence"),
    ];
    for error in told {
        let text = format!("{error} {error:?}");
        assert!(!text.contains("INTERNAL-DATA") && !text.contains("secret-path") && !text.contains("token=s"), "{text}");
    }
}

#[tokio::test]
async fn only_certificates_of_trusted_authorities_are_taken() {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["sns.test.example".to_owned()]).expect("a valid name");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a fresh key");
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![cert.der().clone()], key))
        .expect("a fresh pair");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free loopback port");
    let port = listener.local_addr().expect("bound").port();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = [0; 2048];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\npem").await;
            let _ = stream.shutdown().await;
        }
    });
    let settings = |authorities: Vec<_>| Settings {
        exceptions: Exceptions::parse(["127.0.0.0/8"]).expect("a network"),
        resolver: Scripted::new(&[&["127.0.0.1"]]),
        authorities,
        ..Settings::default()
    };
    let url = format!("https://sns.test.example:{port}/SimpleNotificationService.pem");
    let extra = ["sns.test.example".to_owned()];

    let trusting = Egress::new(settings(vec![cert.der().clone()])).expect("a valid certificate");
    assert_eq!(sns::fetch_certificate(&trusting, &url, &extra).await.expect("trusted"), b"pem");
    let confirm = format!("https://sns.test.example:{port}/?Action=ConfirmSubscription&Token=t");
    sns::confirm(&trusting, &confirm, &extra).await.expect("trusted");
    let foreign = sns::fetch_certificate(&trusting, &url, &[]).await.expect_err("not a host of SNS");
    assert!(matches!(foreign, EgressError::Host { .. }), "{foreign:?}");

    let strict = Egress::new(settings(Vec::new())).expect("the defaults are valid");
    let error = sns::fetch_certificate(&strict, &url, &extra).await.expect_err("unknown authority");
    assert!(matches!(&error, EgressError::Connect { reason, .. } if reason.contains("ertificate")), "{error:?}");
}
