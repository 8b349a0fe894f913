use axum::body::Body;
use axum::routing::{get, post};
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::*;
use crate::limit::StrictJson;

fn app(cookies: bool) -> Router {
    let router = Router::new()
        .route("/page/{id}", get(|| async { "page" }))
        .route("/change", post(|| async { "changed" }))
        .route("/json", post(|StrictJson(number): StrictJson<u32>| async move { number.to_string() }))
        .route("/bug", get(|| async { panic!("a secret detail") }.then_string()));
    protect(router, Protection { cookies, ..Protection::default() })
}

trait ThenString: Sized {
    async fn then_string(self) -> String;
}

impl<F: Future<Output = ()>> ThenString for F {
    async fn then_string(self) -> String {
        self.await;
        String::new()
    }
}

async fn call(cookies: bool, request: Request<Body>) -> Response<Body> {
    app(cookies).oneshot(request).await.expect("a router never fails")
}

async fn text(response: Response<Body>) -> String {
    let bytes = response.into_body().collect().await.expect("a body of ours").to_bytes();
    String::from_utf8(bytes.to_vec()).expect("our own text")
}

fn request(method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut builder = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder.body(Body::from(body.to_owned())).expect("a written request")
}

#[tokio::test]
async fn every_answer_carries_the_headers_and_a_number() {
    for path in ["/page/1", "/nowhere", "/bug"] {
        let response = call(true, request(Method::GET, path, &[], "")).await;
        let headers = response.headers();
        for (name, part) in [
            ("content-security-policy", "default-src 'none'; script-src 'self'"),
            ("content-security-policy", "require-trusted-types-for 'script'"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("permissions-policy", "camera=()"),
            ("x-request-id", "-"),
        ] {
            let value = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
            assert!(value.contains(part), "{path} {name}: {value}");
        }
        assert!(!headers.contains_key(header::STRICT_TRANSPORT_SECURITY), "said over plain HTTP");
    }
}

#[tokio::test]
async fn a_panic_is_a_500_with_a_number_and_without_its_text() {
    let response = call(true, request(Method::GET, "/bug", &[], "")).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    let number = response.headers()["x-request-id"].to_str().expect("our own text").to_owned();
    let body = text(response).await;
    assert!(body.contains(&format!("urn:watchfire:request:{number}")), "{body}");
    assert!(!body.contains("secret"), "{body}");
}

#[tokio::test]
async fn only_our_own_pages_may_change_with_a_cookie() {
    let host = ("host", "watch.example.org");
    let cookie = ("cookie", "s=1");
    let shapes: &[(&[(&str, &str)], bool)] = &[
        (&[("sec-fetch-site", "same-origin")], true),
        (&[("sec-fetch-site", "none")], true),
        (&[("sec-fetch-site", "same-site")], false),
        (&[("sec-fetch-site", "cross-site")], false),
        (&[("origin", "https://watch.example.org")], true),
        (&[("origin", "https://evil.example.org")], false),
        (&[("origin", "null")], false),
        (&[], false),
    ];
    for (shape, allowed) in shapes {
        let headers: Vec<_> = [host, cookie].into_iter().chain(shape.iter().copied()).collect();
        let status = call(true, request(Method::POST, "/change", &headers, "")).await.status();
        assert_eq!(status == StatusCode::OK, *allowed, "{shape:?}: {status}");
        let reading = call(true, request(Method::GET, "/page/1", &headers, "")).await.status();
        assert_eq!(reading, StatusCode::OK, "{shape:?}");
    }
    // A tool without a cookie needs no site, and neither does a delivery.
    assert_eq!(call(true, request(Method::POST, "/change", &[host], "")).await.status(), StatusCode::OK);
    let cross = [host, cookie, ("sec-fetch-site", "cross-site")];
    assert_eq!(call(false, request(Method::POST, "/change", &cross, "")).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn json_bodies_are_read_strictly() {
    let json = ("content-type", "application/json");
    let response = call(true, request(Method::POST, "/json", &[json], "7")).await;
    assert_eq!(text(response).await, "7");
    for (headers, body, status) in [
        (vec![json], "\"seven\"", StatusCode::UNPROCESSABLE_ENTITY),
        (vec![json], "{", StatusCode::BAD_REQUEST),
        (vec![], "7", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (vec![json, ("content-encoding", "br")], "7", StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ] {
        let response = call(true, request(Method::POST, "/json", &headers, body)).await;
        assert_eq!(response.status(), status, "{body}");
        assert!(text(response).await.contains("\"detail\""));
    }
}
