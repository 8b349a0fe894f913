//! Every scheme against its official vectors, and against every change of one bit.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use watchfire_core::text;

use super::*;
use crate::signature::standard_webhooks;

const SECRET: &[u8] = b"s3cr3t-of-this-source";

fn vectors(scheme: &str) -> Value {
    let text = fs::read(samples_dir().join("signatures/vectors.json")).expect("the vectors");
    let vectors: Vec<Value> = serde_json::from_slice(&text).expect("JSON");
    vectors.into_iter().find(|vector| vector["scheme"] == scheme).expect("a vector of the scheme")
}

fn str_of<'a>(vector: &'a Value, name: &str) -> &'a str {
    vector[name].as_str().expect("a text")
}

fn hmac_hex(secret: &[u8], body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("any length");
    mac.update(body);
    text::hex(&mac.finalize().into_bytes())
}

/// Tells that each change of one bit, in body or header, is refused. Returns how many were tried.
fn every_flip_is_refused(sample: &Sample, header: &str, verify: impl Fn(&Sample) -> Result<Trust, Rejection>) -> usize {
    assert_eq!(verify(sample), Ok(Trust::Signed));
    let mut tried = 0;
    for at in 0..sample.body.len() {
        for bit in 0..8 {
            let mut changed = sample.clone();
            changed.body[at] ^= 1 << bit;
            assert!(verify(&changed).is_err(), "body, byte {at}, bit {bit}");
            tried += 1;
        }
    }
    let value = sample.headers.get(header).expect("the header").as_bytes().to_vec();
    for at in 0..value.len() {
        for bit in 0..8 {
            let mut bytes = value.clone();
            bytes[at] ^= 1 << bit;
            // Headers are text; what is none never gets here.
            if let Ok(text) = String::from_utf8(bytes) {
                let changed = sample.clone().header(header, &text);
                assert!(verify(&changed).is_err(), "{header}, byte {at}, bit {bit}");
                tried += 1;
            }
        }
    }
    tried
}

#[test]
fn githubs_vector_verifies_and_no_flip_of_it_does() {
    let vector = vectors("github");
    let secret = str_of(&vector, "secret").as_bytes();
    let sample = Sample::of("github", str_of(&vector, "body")).header("x-hub-signature-256", str_of(&vector, "value"));
    let tried = every_flip_is_refused(&sample, "x-hub-signature-256", |sample| sample.verify(&[secret]));
    assert!(tried > 600);
}

#[test]
fn standard_webhooks_vector_verifies_and_no_flip_of_it_does() {
    let vector = vectors("standard-webhooks");
    let secret = str_of(&vector, "secret").as_bytes();
    let sample = ["webhook-id", "webhook-timestamp"]
        .iter()
        .fold(Sample::of("gitlab", str_of(&vector, "body")), |sample, name| sample.header(name, str_of(&vector["headers"], name)))
        .header("webhook-signature", str_of(&vector, "value"))
        .at("2021-02-25T15:02:10Z");
    for header in ["webhook-signature", "webhook-id", "webhook-timestamp"] {
        every_flip_is_refused(&sample, header, |sample| sample.verify(&[secret]));
    }
    // The same scheme wherever it is taken.
    for kind in ["generic", "cloudevents"] {
        let mut sample = sample.clone();
        kind.clone_into(&mut sample.kind);
        assert_eq!(sample.verify(&[secret]), Ok(Trust::Signed));
    }
}

#[test]
fn standard_webhooks_are_refused_five_minutes_off() {
    let signed = |at: &str| {
        let sent: Timestamp = "2026-11-21T05:00:00Z".parse().expect("an instant");
        let signature = standard_webhooks::sign(SECRET, "msg_1", sent, b"{}").expect("signs");
        Sample::of("gitlab", "{}")
            .header("webhook-id", "msg_1")
            .header("webhook-timestamp", &sent.as_second().to_string())
            .header("webhook-signature", &format!("v1,bm90IHRoaXMgb25l {signature}"))
            .at(at)
            .verify(&[SECRET])
    };
    assert_eq!(signed("2026-11-21T05:05:00Z"), Ok(Trust::Signed));
    assert!(signed("2026-11-21T05:05:01Z").is_err());
    assert_eq!(signed("2026-11-21T04:55:00Z"), Ok(Trust::Signed));
    assert!(signed("2026-11-21T04:54:59Z").is_err());
}

#[test]
fn a_signature_is_not_replaced_by_the_token() {
    let sample = Sample::of("gitlab", "{}").header("x-gitlab-token", "s3cr3t-of-this-source");
    assert_eq!(sample.verify(&[SECRET]), Ok(Trust::Token));
    let wrong =
        sample.clone().header("webhook-id", "1").header("webhook-timestamp", "1795237200").header("webhook-signature", "v1,AAAA");
    assert!(wrong.verify(&[SECRET]).is_err());
    assert!(sample.setting("signed", "required").verify(&[SECRET]).is_err());
}

#[test]
fn hmacs_of_sentry_sonarqube_and_generic_refuse_every_flip() {
    for (kind, header, prefix) in [
        ("sentry", "sentry-hook-signature", ""),
        ("sonarqube", "x-sonar-webhook-hmac-sha256", ""),
        ("generic", "x-hub-signature-256", "sha256="),
    ] {
        let body = r#"{"action":"created","data":{}}"#;
        let sample = Sample::of(kind, body).header(header, &format!("{prefix}{}", hmac_hex(SECRET, body.as_bytes())));
        every_flip_is_refused(&sample, header, |sample| sample.verify(&[SECRET]));
    }
}

/// At least 10^5 changes of deliveries as they are really sent, none accepted (T5).
#[test]
fn every_flip_in_real_bodies_is_refused() {
    let mut tried = 0;
    // Verified on the bytes alone, so whole bodies of moderate size do.
    for mut sample in all_samples().into_iter().filter(|sample| sample.kind == "github" && sample.body.len() < 2_000) {
        let tag = text::unhex(&hmac_hex(SECRET, &sample.body)).expect("hex");
        assert!(crate::signature::mac_matches(&[SECRET], &[&sample.body], &tag));
        for at in 0..sample.body.len() {
            for bit in 0..8 {
                sample.body[at] ^= 1 << bit;
                assert!(!crate::signature::mac_matches(&[SECRET], &[&sample.body], &tag), "{}, byte {at}", sample.name);
                sample.body[at] ^= 1 << bit;
                tried += 1;
            }
        }
    }
    assert!(tried >= 100_000, "{tried}");
}

#[test]
fn both_secrets_are_valid_while_one_is_being_changed() {
    let body = b"{}";
    let sample = Sample::of("github", &body[..]).header("x-hub-signature-256", &format!("sha256={}", hmac_hex(SECRET, body)));
    assert_eq!(sample.verify(&[b"new", SECRET]), Ok(Trust::Signed));
    assert_eq!(sample.verify(&[SECRET, b"new"]), Ok(Trust::Signed));
    assert!(sample.verify(&[b"new"]).is_err());
    assert!(sample.verify(&[]).is_err());
    let token = Sample::of("alertmanager", "{}").header("authorization", "Bearer s3cr3t-of-this-source");
    assert_eq!(token.verify(&[b"new", SECRET]), Ok(Trust::Token));
}

#[test]
fn an_empty_secret_never_matches() {
    let body = b"{}";
    let signed = Sample::of("github", &body[..]).header("x-hub-signature-256", &format!("sha256={}", hmac_hex(b"", body)));
    assert!(signed.verify(&[b""]).is_err());
    let token = Sample::of("alertmanager", "{}").header("authorization", "Bearer ");
    assert!(token.verify(&[b"", SECRET]).is_err());
    assert!(Sample::of("gitlab", "{}").header("x-gitlab-token", "").verify(&[b""]).is_err());
    assert!(Sample::json("pagerduty", &json!({"routing_key": ""})).verify_with(&[], "", &BTreeMap::new()).is_err());
}

#[test]
fn tokens_are_taken_as_bearer_basic_or_our_own_header() {
    let sample = Sample::of("alertmanager", "{}");
    let basic = STANDARD.encode("watchfire:s3cr3t-of-this-source");
    for (name, value) in [
        ("authorization", "Bearer s3cr3t-of-this-source"),
        ("authorization", "bearer s3cr3t-of-this-source"),
        ("authorization", format!("Basic {basic}").as_str()),
        ("x-watchfire-token", "s3cr3t-of-this-source"),
    ] {
        assert_eq!(sample.clone().header(name, value).verify(&[SECRET]), Ok(Trust::Token), "{name}");
    }
    for (name, value) in [
        ("authorization", "Bearer s3cr3t-of-this-sourc"),
        ("authorization", "Bearer s3cr3t-of-this-source2"),
        ("authorization", "s3cr3t-of-this-source"),
        ("authorization", "Basic s3cr3t-of-this-source"),
        ("x-watchfire-token", "S3cr3t-of-this-source"),
        ("cookie", "s3cr3t-of-this-source"),
    ] {
        assert!(sample.clone().header(name, value).verify(&[SECRET]).is_err(), "{name}: {value}");
    }
    assert!(sample.verify(&[SECRET]).is_err());
    assert_eq!(sample.verify(&[]), Ok(Trust::AddressOnly));
}

#[test]
fn vendors_keys_are_taken_where_the_vendor_has_them() {
    let none = BTreeMap::new();
    let event = |key: &str| Sample::json("pagerduty", &json!({"routing_key": key, "payload": {"x": [1, {"y": null}]}}));
    assert_eq!(event("the-key").verify_with(&[], "the-key", &none), Ok(Trust::Token));
    assert!(event("the-kez").verify_with(&[], "the-key", &none).is_err());
    assert!(Sample::of("pagerduty", "{}").verify_with(&[], "the-key", &none).is_err());
    assert!(Sample::of("pagerduty", "[").verify_with(&[], "the-key", &none).is_err());
    let alert = |header: &str| Sample::of("opsgenie", "{}").header("authorization", header);
    assert_eq!(alert("GenieKey the-key").verify_with(&[], "the-key", &none), Ok(Trust::Token));
    for wrong in ["GenieKey the-kez", "Bearer the-key", "the-key", "GenieKey ", ""] {
        assert!(alert(wrong).verify_with(&[], "the-key", &none).is_err(), "{wrong}");
    }
}

fn certificates() -> BTreeMap<String, Vec<u8>> {
    let pem = fs::read(samples_dir().join("sns/certificate.pem")).expect("the certificate");
    let address = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-example.pem";
    BTreeMap::from([(address.to_owned(), pem)])
}

#[test]
fn sns_messages_of_both_versions_and_all_types_verify() {
    for name in ["alarm_v1", "alarm_v2", "guardduty", "subscription", "unsubscription"] {
        let sample = sample("sns", name);
        assert_eq!(sample.verify_with(&[], "k", &certificates()), Ok(Trust::Signed), "{name}");
        assert!(
            matches!(sample.verify(&[]), Err(Rejection::NeedsCertificate(address)) if certificates().contains_key(&address)),
            "{name}"
        );
    }
}

#[test]
fn no_flip_of_a_signed_sns_message_verifies() {
    // What is signed, by field: a flip elsewhere in the body (such as in UnsubscribeURL) is not covered by Amazon's scheme.
    for name in ["alarm_v1", "alarm_v2", "subscription"] {
        let sample = sample("sns", name);
        let body: Value = serde_json::from_slice(&sample.body).expect("JSON");
        for field in ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type", "Token", "SubscribeURL", "Signature"] {
            let Some(text) = body[field].as_str() else {
                continue;
            };
            for at in 0..text.len() {
                // One bit of each byte, another from byte to byte: RSA is slow without optimisation.
                {
                    let bit = at % 7;
                    let mut bytes = text.as_bytes().to_vec();
                    bytes[at] ^= 1 << bit;
                    let Ok(changed) = String::from_utf8(bytes) else {
                        continue;
                    };
                    let mut flipped = body.clone();
                    flipped[field] = json!(changed);
                    let mut flipped_sample = sample.clone();
                    flipped_sample.body = flipped.to_string().into_bytes();
                    let verdict = flipped_sample.verify_with(&[], "k", &certificates());
                    assert!(
                        matches!(verdict, Err(Rejection::Unauthorized(_))),
                        "{name}: {field}, byte {at}, bit {bit}: {verdict:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn sns_messages_are_refused_when_old_unsigned_or_from_elsewhere() {
    let good = sample("sns", "alarm_v2");
    let verify = |sample: &Sample| sample.verify_with(&[], "k", &certificates()).expect_err("refused").to_string();
    assert!(verify(&good.clone().at("2026-11-21T06:00:01Z")).contains("more than an hour"));
    assert_eq!(good.clone().at("2026-11-21T06:00:00Z").verify_with(&[], "k", &certificates()), Ok(Trust::Signed));
    assert!(verify(&good.clone().at("2026-11-21T04:54:59Z")).contains("more than an hour"));
    assert!(verify(&good.clone().setting("topics", "")).contains("topics"));
    assert!(verify(&good.clone().setting("topics", "arn:aws:sns:eu-west-1:123456789012:alarms2")).contains("topics"));
    assert!(verify(&good.clone().header("x-amz-sns-rawdelivery", "true")).contains("raw message delivery"));
    let sample = sample("sns", "unsigned_alarm").at("2019-06-03T17:44:00Z");
    assert!(sample.verify_with(&[], "k", &certificates()).is_err());
    let with = |field: &str, value: &str| {
        let mut body: Value = serde_json::from_slice(&good.body).expect("JSON");
        body[field] = json!(value);
        let mut sample = good.clone();
        sample.body = body.to_string().into_bytes();
        sample
    };
    assert!(verify(&with("SignatureVersion", "3")).contains("SignatureVersion"));
    // SHA-1 is not taken for a signature with SHA-256.
    assert!(verify(&with("SignatureVersion", "1")).contains("not right"));
    for address in [
        "http://sns.eu-west-1.amazonaws.com/a.pem",
        "https://sns.eu-west-1.amazonaws.com.evil.example/a.pem",
        "https://sns.eu-west-1.amazonaws.com@evil.example/a.pem",
        "https://evil.example/sns.eu-west-1.amazonaws.com/a.pem",
        "https://sns.evil.example#.eu-west-1.amazonaws.com/a.pem",
        "https://sns.amazonaws.com/a.pem",
        "https://sns.my.bucket.amazonaws.com/a.pem",
        "https://xsns.eu-west-1.amazonaws.com/a.pem",
        "https://sns.eu-west-1.amazonaws.com:8443/a.pem",
        "https://sns.eu-west-1.amazonaws.com/a.txt",
        "https://sns.eu-west-1.amazonaws.com\\@evil.example/a.pem",
    ] {
        assert!(verify(&with("SigningCertURL", address)).contains("SigningCertURL"), "{address}");
    }
    for address in ["https://sns.cn-north-1.amazonaws.com.cn/a.pem", "https://sns.us-gov-west-1.amazonaws.com/a.pem"] {
        let verdict = with("SigningCertURL", address).verify_with(&[], "k", &certificates());
        assert_eq!(verdict, Err(Rejection::NeedsCertificate(address.to_owned())));
    }
}

#[test]
fn a_certificate_that_is_none_or_over_is_refused() {
    let good = sample("sns", "alarm_v2");
    let address = certificates().into_keys().next().expect("one");
    for pem in [&b""[..], b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", b"no PEM at all"] {
        let certificates = BTreeMap::from([(address.clone(), pem.to_vec())]);
        assert!(good.verify_with(&[], "k", &certificates).is_err());
    }
    // Every single flip in the certificate's DER either breaks it or leaves the key and the dates as they were.
    let pem = certificates().remove(&address).expect("one");
    let text = String::from_utf8(pem).expect("UTF-8");
    let base64: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    let der = STANDARD.decode(base64).expect("base64");
    for at in 0..der.len() {
        let mut changed = der.clone();
        changed[at] ^= 1;
        let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(changed));
        let certificates = BTreeMap::from([(address.clone(), pem.into_bytes())]);
        let _ = good.verify_with(&[], "k", &certificates);
    }
}
