//! What an attacker, or a careless provider, could hand in: none of it signs anybody on.

use base64::Engine as _;
use hmac::{Hmac, KeyInit, Mac};
use ring::signature::KeyPair;
use serde_json::{Value, json};
use sha2::Sha256;

use super::provider::{Provider, Signers, encode, flow, message, now};
use crate::clients::oidc::{Callback, Flow, OidcError};

fn head() -> Value {
    json!({ "alg": "ES256", "typ": "JWT", "kid": "curve" })
}

fn with(mut object: Value, name: &str, value: Value) -> Value {
    object[name] = value;
    object
}

fn without(mut object: Value, name: &str) -> Value {
    object.as_object_mut().map(|object| object.remove(name));
    object
}

fn hs256(key: &[u8], message: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    mac.update(message.as_bytes());
    format!("{message}.{}", encode(&mac.finalize().into_bytes()))
}

/// Every forged token with what is wrong with it.
fn forged(provider: &Provider) -> Vec<(&'static str, String)> {
    let signers = &provider.signers;
    let claims = || provider.claims();
    let token = |head: Value, claims: Value| signers.token(&head, &claims);
    let signed = |name: &str, value: Value| token(head(), with(claims(), name, value));
    let lacking = |name: &str| token(head(), without(claims(), name));
    let algorithm = |name: &str| with(head(), "alg", json!(name));
    let good = token(head(), claims());
    let (signed_part, signature) = good.rsplit_once('.').expect("three parts");
    let public = signers.curve.public_key().as_ref();
    let second = now().as_second();
    let flipped = {
        let mut bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(signature).expect("ours");
        bytes[7] ^= 1;
        format!("{signed_part}.{}", encode(&bytes))
    };
    vec![
        ("alg none without a signature", format!("{}.", message(&algorithm("none"), &claims()))),
        ("alg none with the old signature", format!("{}.{signature}", message(&algorithm("none"), &claims()))),
        ("alg None in another case", format!("{}.", message(&algorithm("NoNe"), &claims()))),
        ("no alg at all", format!("{}.{signature}", message(&without(head(), "alg"), &claims()))),
        ("HS256 with the public key as the secret", hs256(public, &message(&algorithm("HS256"), &claims()))),
        ("HS256 with the key set's shared key", {
            let head = json!({ "alg": "HS256", "kid": "shared" });
            hs256(b"a secret that everybody could read here", &message(&head, &claims()))
        }),
        ("HS256 with the client's secret", hs256(b"a client's secret & more", &message(&algorithm("HS256"), &claims()))),
        ("HS256 with an empty secret", hs256(b"", &message(&algorithm("HS256"), &claims()))),
        ("ES384 named for a key of ES256", token(algorithm("ES384"), claims())),
        ("RS256 named for a key of ES256", token(algorithm("RS256"), claims())),
        ("another provider's key", Signers::signed_by(&signers.foreign, &head(), &claims())),
        ("a key that the provider does not list", token(with(head(), "kid", json!("other")), claims())),
        ("a key of its own inside the token", {
            let point = signers.foreign.public_key().as_ref();
            let own = json!({ "kty": "EC", "crv": "P-256", "x": encode(&point[1..33]), "y": encode(&point[33..]) });
            Signers::signed_by(&signers.foreign, &with(head(), "jwk", own), &claims())
        }),
        ("the key for encryption", token(with(head(), "kid", json!("sealing")), claims())),
        ("a kid that is no text", token(with(head(), "kid", json!(7)), claims())),
        ("the key's name points to the other key", token(with(head(), "kid", json!("edwards")), claims())),
        ("a critical extension", token(with(with(head(), "crit", json!(["exp2"])), "exp2", json!(1)), claims())),
        ("an access token in its place", token(with(head(), "typ", json!("at+jwt")), claims())),
        ("a logout token in its place", token(with(head(), "typ", json!("logout+jwt")), claims())),
        ("one bit of the signature", flipped),
        ("no signature", format!("{signed_part}.")),
        ("a signature cut short", format!("{signed_part}.{}", &signature[..40])),
        ("other claims under the old signature", {
            let claims = with(claims(), "sub", json!("somebody-else"));
            format!("{}.{signature}", message(&head(), &claims))
        }),
        ("two parts", signed_part.to_owned()),
        ("four parts", format!("{good}.more")),
        ("padding", format!("{good}=")),
        ("a claim twice", {
            let body = claims().to_string().replacen('{', "{\"sub\":\"somebody-else\",", 1);
            let message = format!("{}.{}", encode(head().to_string().as_bytes()), encode(body.as_bytes()));
            let signed = signers.curve.sign(&ring::rand::SystemRandom::new(), message.as_bytes()).expect("ring signs");
            format!("{message}.{}", encode(signed.as_ref()))
        }),
        ("more than 64 KiB", token(head(), with(claims(), "more", json!("x".repeat(70_000))))),
        ("another issuer", signed("iss", json!("https://evil.example"))),
        ("the issuer with a slash", signed("iss", json!(format!("{}/", provider.issuer)))),
        ("no issuer", lacking("iss")),
        ("another audience", signed("aud", json!("another-service"))),
        ("other audiences", signed("aud", json!(["another-service", "a-third"]))),
        ("no audience", lacking("aud")),
        ("several audiences and nobody named", signed("aud", json!(["watchfire", "another-service"]))),
        ("handed to another service", signed("azp", json!("another-service"))),
        ("expired", signed("exp", json!(second - 61))),
        ("no end", lacking("exp")),
        ("an end that is no number", signed("exp", json!("later"))),
        ("not valid yet", signed("nbf", json!(second + 120))),
        ("made in the future", signed("iat", json!(second + 120))),
        ("made long ago", signed("iat", json!(second - 3_600))),
        ("no time of making", lacking("iat")),
        ("another sign-on's nonce", signed("nonce", json!("the-nonce-of-another"))),
        ("no nonce", lacking("nonce")),
        ("no subject", lacking("sub")),
        ("an empty subject", signed("sub", json!(""))),
        ("a subject of a number", signed("sub", json!(7))),
        ("a subject with a line end", signed("sub", json!("ada\r\n1"))),
    ]
}

#[tokio::test]
async fn no_forged_token_signs_anybody_on() {
    let provider = Provider::start().await;
    let vectors = forged(&provider);
    assert!(vectors.len() >= 30);
    for (what, token) in &vectors {
        provider.hand_out(token);
        match provider.finish().await {
            Err(OidcError::Token(_)) => {}
            other => panic!("{what}: {other:?}"),
        }
    }
    // The same harness lets the true token through: what was refused above was refused for its fault.
    provider.hand_out(&provider.signers.token(&head(), &provider.claims()));
    assert_eq!(provider.finish().await.expect("nothing is wrong with it").subject, "ada-1");
}

#[tokio::test]
async fn no_answer_of_another_sign_on_or_provider_is_redeemed() {
    let provider = Provider::start().await;
    provider.hand_out(&provider.signers.token(&head(), &provider.claims()));
    let right = || provider.callback();
    let wrong: [(&str, Callback); 7] = [
        ("another state", Callback { state: Some("another".to_owned()), ..right() }),
        ("no state", Callback { state: None, ..right() }),
        ("another provider's name (mix-up)", Callback { issuer: Some("https://evil.example".to_owned()), ..right() }),
        ("no provider's name where it always gives one", Callback { issuer: None, ..right() }),
        ("no code", Callback { code: None, ..right() }),
        ("an empty code", Callback { code: Some(String::new()), ..right() }),
        ("a code beyond all bounds", Callback { code: Some("c".repeat(5_000)), ..right() }),
    ];
    for (what, callback) in &wrong {
        let refused = provider.client().finish(callback, &flow(), now()).await;
        assert!(matches!(refused, Err(OidcError::Callback(_))), "{what}: {refused:?}");
    }
    let empty = Flow { state: String::new(), ..flow() };
    let refused = provider.client().finish(&Callback { state: Some(String::new()), ..right() }, &empty, now()).await;
    assert!(matches!(refused, Err(OidcError::Callback(_))), "a flow without a state: {refused:?}");
    let asked = provider.asked.lock().expect("no test panics here").clone();
    assert!(asked.iter().all(|request| !request.starts_with("POST")), "no code was sent anywhere: {asked:?}");
    let refusal = Callback { error: Some("access_denied<script>".to_owned()), ..right() };
    let refused = provider.client().finish(&refusal, &flow(), now()).await.expect_err("the person said no");
    assert_eq!(refused.to_string(), "the identity provider refused: access_deniedscript");
}

#[tokio::test]
async fn a_replayed_code_and_a_wrong_verifier_are_the_providers_to_refuse_and_ours_to_believe() {
    let provider = Provider::start().await;
    for error in ["invalid_grant", "invalid_client"] {
        provider.answer("/token", 400, json!({ "error": error, "error_description": "secret detail" }));
        let refused = provider.finish().await.expect_err("refused").to_string();
        assert!(refused.contains(error) && !refused.contains("secret"), "{refused}");
    }
    provider.answer("/token", 200, json!({ "access_token": "opaque" }));
    assert!(matches!(provider.finish().await, Err(OidcError::Token(_))), "an answer without an id token");
}
