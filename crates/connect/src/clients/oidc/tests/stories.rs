use serde_json::{Value, json};

use super::provider::{Provider, flow, now, settings};
use crate::clients::oidc::{Flow, OidcError};

fn head(kid: &str) -> Value {
    json!({ "alg": "ES256", "kid": kid })
}

#[tokio::test]
async fn the_browser_is_sent_with_everything_that_binds_its_answer() {
    let provider = Provider::start().await;
    let address = provider.client().begin(&flow(), now()).await.expect("the provider is right");
    let query = address.strip_prefix(&format!("{}/auth?", provider.issuer)).expect("the endpoint of the discovery document");
    for part in [
        "response_type=code",
        "client_id=watchfire",
        "redirect_uri=https%3A%2F%2Fwatchfire.example.org%2Fsign-in%2Fsign-on%2Fback",
        "scope=openid+email+profile",
        "state=the-state-of-this-sign-on",
        "nonce=the-nonce-of-this-sign-on",
        "code_challenge_method=S256",
    ] {
        assert!(query.split('&').any(|pair| pair == part), "{part} in {query}");
    }
    assert!(!address.contains(&flow().verifier) && !address.contains("prompt"), "{address}");
    let again = provider.client().begin(&Flow { again: true, ..flow() }, now()).await.expect("the provider is right");
    assert!(again.contains("prompt=login&max_age=0"), "{again}");
}

#[tokio::test]
async fn a_sign_on_returns_who_it_is_and_sends_the_secret_encoded() {
    let provider = Provider::start().await;
    provider.hand_out(&provider.signers.token(&head("curve"), &provider.claims()));
    let claims = provider.finish().await.expect("all is right");
    assert_eq!((claims.issuer.as_str(), claims.subject.as_str()), (provider.issuer.as_str(), "ada-1"));
    assert_eq!((claims.email.as_deref(), claims.email_verified), (Some("Ada@Example.org"), true));
    assert_eq!(claims.groups, ["secops"]);
    let asked = provider.asked.lock().expect("no test panics here").clone();
    let exchange = asked.iter().find(|request| request.starts_with("POST /token")).expect("the code was redeemed");
    // base64 of `watchfire:a%20client%27s%20secret%20%26%20more`
    assert!(exchange.contains("Basic d2F0Y2hmaXJlOmElMjBjbGllbnQlMjdzJTIwc2VjcmV0JTIwJTI2JTIwbW9yZQ=="), "{exchange}");
    assert!(
        exchange.contains(&format!("code_verifier={}", flow().verifier)) && !exchange.contains("client_secret"),
        "{exchange}"
    );
}

#[tokio::test]
async fn an_address_is_verified_by_true_alone() {
    let provider = Provider::start().await;
    for (value, verified) in
        [(json!(true), true), (json!("true"), false), (json!(1), false), (json!(false), false), (json!(null), false)]
    {
        let mut claims = provider.claims();
        claims["email_verified"] = value.clone();
        provider.hand_out(&provider.signers.token(&head("curve"), &claims));
        assert_eq!(provider.finish().await.expect("all else is right").email_verified, verified, "{value}");
    }
}

#[tokio::test]
async fn what_the_token_lacks_is_asked_of_the_user_information_of_the_same_person() {
    let provider = Provider::start().await;
    let mut claims = provider.claims();
    for name in ["email", "groups"] {
        claims.as_object_mut().map(|claims| claims.remove(name));
    }
    provider.hand_out(&provider.signers.token(&head("curve"), &claims));
    // The token vouches for no address here: its `email_verified` must not vouch for the other document's.
    provider.answer("/me", 200, json!({ "sub": "ada-1", "email": "ada@example.org", "groups": ["dev", "secops"] }));
    let found = provider.finish().await.expect("all is right");
    assert_eq!((found.email.as_deref(), found.email_verified), (Some("ada@example.org"), false));
    assert_eq!(found.groups, ["dev", "secops"]);
    provider.answer("/me", 200, json!({ "sub": "somebody-else", "email": "root@example.org", "email_verified": true }));
    assert!(matches!(provider.finish().await, Err(OidcError::Token(_))), "another subject");
}

#[tokio::test]
async fn a_new_key_of_the_provider_is_found_and_an_invented_one_does_not_make_us_ask_for_ever() {
    let provider = Provider::start().await;
    let client = provider.client();
    provider.answer("/keys", 200, json!({ "keys": [] }));
    provider.hand_out(&provider.signers.token(&head("curve"), &provider.claims()));
    let refused = client.finish(&provider.callback(), &flow(), now()).await;
    assert!(matches!(refused, Err(OidcError::Token(_))), "{refused:?}");
    provider.answer("/keys", 200, provider.signers.jwks());
    let later = now().checked_add(jiff::SignedDuration::from_secs(30)).expect("within range");
    assert!(client.finish(&provider.callback(), &flow(), later).await.is_ok(), "asked again");
    let count =
        || provider.asked.lock().expect("no test panics here").iter().filter(|request| request.starts_with("GET /keys")).count();
    let before = count();
    provider.hand_out(&provider.signers.token(&head("invented"), &provider.claims()));
    for _ in 0..5 {
        assert!(client.finish(&provider.callback(), &flow(), later).await.is_err());
    }
    assert_eq!(count(), before, "within ten seconds nobody is asked again");
}

#[tokio::test]
async fn a_proof_asked_for_anew_has_to_be_new() {
    let provider = Provider::start().await;
    let again = Flow { again: true, ..flow() };
    for (at, fresh) in [(now().as_second() - 20, true), (now().as_second() - 3_600, false)] {
        let mut claims = provider.claims();
        claims["auth_time"] = json!(at);
        provider.hand_out(&provider.signers.token(&head("curve"), &claims));
        assert_eq!(provider.client().finish(&provider.callback(), &again, now()).await.is_ok(), fresh, "{at}");
    }
    provider.hand_out(&provider.signers.token(&head("curve"), &provider.claims()));
    assert!(provider.client().finish(&provider.callback(), &again, now()).await.is_err(), "it does not say when");
}

#[tokio::test]
async fn a_discovery_document_of_another_issuer_or_without_pkce_is_refused() {
    let provider = Provider::start().await;
    let right = provider.discovery();
    let changed = |name: &str, value: Value| {
        let mut document = right.clone();
        document[name] = value;
        document
    };
    for (what, document) in [
        ("another issuer", changed("issuer", json!("https://evil.example"))),
        ("a slash more", changed("issuer", json!(format!("{}/", provider.issuer)))),
        ("no PKCE", changed("code_challenge_methods_supported", json!(["plain"]))),
        ("no code", changed("response_types_supported", json!(["id_token"]))),
        ("a script as an endpoint", changed("authorization_endpoint", json!("javascript:alert(1)"))),
        ("no keys", changed("jwks_uri", Value::Null)),
        ("no object", json!([])),
    ] {
        provider.answer("/.well-known/openid-configuration", 200, document);
        let refused = provider.client().probe(now()).await;
        assert!(matches!(refused, Err(OidcError::Provider { .. })), "{what}: {refused:?}");
    }
    provider.answer("/.well-known/openid-configuration", 200, changed("jwks_uri", json!("https://evil.example/keys")));
    let refused = provider.client().probe(now()).await;
    assert!(matches!(refused, Err(OidcError::Egress(_))), "a host that nobody allowed: {refused:?}");
}

#[test]
fn settings_say_what_is_wrong_and_never_show_the_secret() {
    for issuer in ["", "login.example.org", "https://login.example.org/?tenant=1", "https://u@login.example.org", "ftp://x"] {
        assert!(settings(issuer).check().is_err(), "{issuer}");
    }
    assert!(settings("https://login.example.org/realms/x").check().is_ok());
    assert!(!format!("{:?}", settings("https://login.example.org")).contains("more"));
}
