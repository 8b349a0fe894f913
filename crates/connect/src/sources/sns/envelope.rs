//! What SNS signs, and the hosts that may speak for it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use watchfire_core::source::{Delivery, Keys, Malformed, Rejection};

use crate::payload::Node;
use crate::signature::{Certificate, Digest, unauthorized};

/// How old a message may be; SNS itself gives up resending after 50 attempts in about six hours at most, but a
/// message that old is not news, and the scheme has no other guard against replays than its time and id.
const AGE_SECONDS_MAX: i64 = 3_600;
/// How far the sender's clock may run ahead of ours.
const AHEAD_SECONDS_MAX: i64 = 300;

/// What a delivery is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Notification,
    Subscription,
    Unsubscription,
}

/// Reads the type of an envelope.
pub(super) fn kind(body: &Node<'_>) -> Result<Kind, Malformed> {
    body.need_word(
        "Type",
        &[
            ("Notification", Kind::Notification),
            ("SubscriptionConfirmation", Kind::Subscription),
            ("UnsubscribeConfirmation", Kind::Unsubscription),
        ],
    )
}

/// Verifies topic, age and signature.
///
/// # Errors
/// [`Rejection::NeedsCertificate`] until the certificate has been fetched; otherwise what is missing or wrong.
pub(super) fn verify(body: &Node<'_>, delivery: &Delivery<'_>, keys: &Keys<'_>) -> Result<(), Rejection> {
    let topic = field(body.need("TopicArn"))?;
    if !is_allowed(topic, keys.settings.get("topics").map(String::as_str)) {
        return Err(unauthorized("the TopicArn is not in this source's setting topics"));
    }
    let sent_at = field(body.time("Timestamp"))?.ok_or_else(|| unauthorized("the Timestamp is missing or no time"))?;
    let age = delivery.received_at.as_second().saturating_sub(sent_at.as_second());
    if !(-AHEAD_SECONDS_MAX..=AGE_SECONDS_MAX).contains(&age) {
        return Err(unauthorized("the Timestamp is more than an hour from our clock"));
    }
    let digest = match field(body.need("SignatureVersion"))? {
        "1" => Digest::Sha1,
        "2" => Digest::Sha256,
        _ => return Err(unauthorized("the SignatureVersion is neither 1 nor 2")),
    };
    let signature = field(body.need("Signature"))?;
    let address = field(body.need("SigningCertURL"))?;
    if !is_amazon(address) || !address.ends_with(".pem") {
        return Err(unauthorized("the SigningCertURL is not a .pem file at https://sns.<region>.amazonaws.com"));
    }
    let signature = STANDARD.decode(signature).map_err(|_| unauthorized("the Signature is not base64"))?;
    let signed = field(signed_text(body))?;
    let Some(pem) = keys.certificates.get(address) else {
        return Err(Rejection::NeedsCertificate(address.to_owned()));
    };
    let certificate =
        Certificate::from_pem(pem).ok_or_else(|| unauthorized("the file at SigningCertURL is no RSA certificate"))?;
    if !certificate.is_valid_at(delivery.received_at) {
        return Err(unauthorized("the certificate at SigningCertURL is not valid now"));
    }
    if certificate.verifies(digest, signed.as_bytes(), &signature) {
        Ok(())
    } else {
        Err(unauthorized("the Signature is not right"))
    }
}

fn field<T>(result: Result<T, Malformed>) -> Result<T, Rejection> {
    result.map_err(|error| Rejection::Unauthorized(error.0))
}

/// Tells whether an address is https at SNS in some region: `sns.<region>.amazonaws.com`, in China with `.cn`.
pub(super) fn is_amazon(address: &str) -> bool {
    let Some(rest) = address.strip_prefix("https://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let region =
        host.strip_prefix("sns.").and_then(|rest| rest.strip_suffix(".amazonaws.com").or(rest.strip_suffix(".amazonaws.com.cn")));
    region.is_some_and(|region| {
        region.len() <= 32
            && region.contains('-')
            && region.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    }) && watchfire_core::text::is_web_link(address)
}

/// Tells whether a topic is among those of the setting; without the setting none is.
pub(super) fn is_allowed(topic: &str, topics: Option<&str>) -> bool {
    topics.unwrap_or_default().split([',', ' ', '\n']).map(str::trim).any(|allowed| !allowed.is_empty() && allowed == topic)
}

/// Builds the text that the signature covers: name and value of certain fields, each on its own line.
/// <https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html>
fn signed_text(body: &Node<'_>) -> Result<String, Malformed> {
    let names: &[&str] = match kind(body)? {
        Kind::Notification => &["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
        Kind::Subscription | Kind::Unsubscription => {
            &["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
        }
    };
    let mut text = String::new();
    for name in names {
        match body.text(name)? {
            Some(value) => {
                text.push_str(name);
                text.push('\n');
                text.push_str(value);
                text.push('\n');
            }
            None if *name == "Subject" => {}
            None => return Err(body.missing(name)),
        }
    }
    Ok(text)
}
