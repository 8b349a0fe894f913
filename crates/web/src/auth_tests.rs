use std::net::IpAddr;

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Request, header};

use super::{WrongTokens, bearer, reads_from_own_page};
use crate::cookies::Secret;

fn address(text: &str) -> IpAddr {
    text.parse().expect("the test's own address")
}

#[test]
fn a_bearer_token_is_taken_whatever_the_case_of_the_scheme() {
    let mut headers = HeaderMap::new();
    assert!(bearer(&headers).is_none());
    headers.insert(header::AUTHORIZATION, HeaderValue::from_static("bEaReR wft_x"));
    assert!(matches!(bearer(&headers), Some(Ok("wft_x"))));
    headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Basic d2Y6eA=="));
    assert!(matches!(bearer(&headers), Some(Err(_))));
}

#[test]
fn two_authorization_headers_are_refused_instead_of_one_being_chosen() {
    let mut headers = HeaderMap::new();
    headers.append(header::AUTHORIZATION, HeaderValue::from_static("Bearer one"));
    headers.append(header::AUTHORIZATION, HeaderValue::from_static("Bearer two"));
    assert!(matches!(bearer(&headers), Some(Err(_))));
}

#[test]
fn the_session_is_found_among_other_cookies_and_its_cookie_is_locked_down() {
    let mut headers = HeaderMap::new();
    headers.insert(header::COOKIE, HeaderValue::from_static("theme=dark; watchfire=wfc_a; x=y"));
    assert_eq!(Secret::Session.read(&headers), Some("wfc_a"));
    let tls = Secret::Session.set(true, "wfc_a", 60).expect("plain letters");
    assert_eq!(tls, "__Host-watchfire=wfc_a; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure");
}

#[test]
fn a_cookie_counts_for_reading_from_our_own_pages_alone() {
    let request = |method: &str, site: &str| {
        Request::builder().method(method).header("sec-fetch-site", site).body(Body::empty()).expect("a plain request")
    };
    assert!(reads_from_own_page(&request("GET", "same-origin")));
    assert!(!reads_from_own_page(&request("GET", "cross-site")));
    assert!(!reads_from_own_page(&request("GET", "none")));
    assert!(!reads_from_own_page(&request("POST", "same-origin")));
}

#[test]
fn a_network_runs_out_of_wrong_tokens_and_another_does_not() {
    let wrong = WrongTokens::default();
    for _ in 0..20 {
        assert!(wrong.count(address("2001:db8::1")).is_ok());
    }
    assert!(wrong.count(address("2001:db8::2")).is_err());
    assert!(wrong.count(address("2001:db8:0:1::1")).is_ok());
    assert!(wrong.count(address("192.0.2.1")).is_ok());
}
