use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use std::time::Duration;
use watchfire_core::channel::Outcome;
use watchfire_core::source::{Delivery, Headers};
use watchfire_testkit::{HttpFake, Recorded, Reply};

use super::{at, attempt, page, send, settings};
use crate::signature::standard_webhooks::verify;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OLD: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

fn verified(request: &Recorded, secret: &str) -> bool {
    let headers: Headers = request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let delivery = Delivery { headers: &headers, body: &request.body, received_at: at() };
    verify(&delivery, &[secret.as_bytes()]).is_ok()
}

#[tokio::test]
async fn both_secrets_sign_while_one_replaces_the_other() {
    let fake = HttpFake::start(|_| Reply::new(204, "")).await;
    let with = settings(&[("url", &fake.url()), ("secret", SECRET), ("old_secret", OLD)]);
    assert_eq!(send("webhook", &with, &page()).await, Outcome::delivered("answered 204"));
    let request = &fake.requests()[0];
    assert_eq!(request.header("webhook-id"), page().key);
    assert_eq!(request.header("webhook-timestamp"), at().as_second().to_string());
    assert!(verified(request, SECRET) && verified(request, OLD));
    assert!(!verified(request, "whsec_c29tZXRoaW5nIGVsc2UgZW50aXJlbHk="));
    assert_eq!(request.json()["type"], "watchfire.page");
    assert_eq!(request.json()["data"]["incident"]["short_id"], "INC-7K3QX");
}

#[tokio::test]
async fn a_private_key_signs_so_that_its_public_half_verifies() {
    let seed = [7_u8; 32];
    let pair = Ed25519KeyPair::from_seed_unchecked(&seed).expect("any 32 bytes are a seed");
    let fake = HttpFake::start(|_| Reply::new(200, "")).await;
    let secret = format!("whsk_{}", STANDARD.encode(seed));
    let with = settings(&[("url", &fake.url()), ("secret", &secret)]);
    assert_eq!(send("webhook", &with, &page()).await.as_str(), "delivered");
    let request = &fake.requests()[0];
    let signature = request.header("webhook-signature").strip_prefix("v1a,").expect("the asymmetric scheme");
    let mut message = format!("{}.{}.", page().key, at().as_second()).into_bytes();
    message.extend_from_slice(&request.body);
    let key = UnparsedPublicKey::new(&ED25519, pair.public_key().as_ref());
    key.verify(&message, &STANDARD.decode(signature).expect("base64")).expect("signed by the pair");
}

#[tokio::test]
async fn what_fails_comes_again_on_the_published_schedule_and_ends() {
    let fake = HttpFake::start(|request| match request.path.as_str() {
        "/gone" => Reply::new(410, ""),
        "/wait" => Reply::new(429, "").header("retry-after", "900"),
        _ => Reply::new(500, "INTERNAL-DATA"),
    })
    .await;
    let url = |path: &str| settings(&[("url", &format!("{}{path}", fake.url())), ("secret", SECRET)]);
    let mut waits = Vec::new();
    for number in 1..=10 {
        match attempt("webhook", &url("/fails"), &page(), number).await {
            Outcome::Retry { reason, after } => {
                assert_eq!(reason, "answered 500", "the body is not repeated");
                waits.push(after.unwrap_or_default().as_secs());
            }
            other => assert_eq!((number, other.as_str()), (10, "refused")),
        }
    }
    assert_eq!(waits, [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]);
    assert_eq!(send("webhook", &url("/gone"), &page()).await.as_str(), "refused");
    let outcome = send("webhook", &url("/wait"), &page()).await;
    assert!(matches!(outcome, Outcome::Retry { after: Some(after), .. } if after == Duration::from_secs(900)), "{outcome:?}");
    let keys: Vec<String> = fake.requests().iter().map(|request| request.header("webhook-id").to_owned()).collect();
    assert!(keys.iter().all(|key| *key == page().key), "every attempt has the same id");
}
