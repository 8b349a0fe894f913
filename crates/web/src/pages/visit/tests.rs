use axum::http::{HeaderMap, header};

use super::{local, theme};

#[test]
fn a_way_back_stays_on_this_host() {
    assert_eq!(local("/alerts?status=firing"), "/alerts?status=firing");
    for foreign in ["//evil.example", "https://evil.example", "javascript:alert(1)", "/\\evil.example", "", "/a\r\nSet-Cookie: x"]
    {
        assert_eq!(local(foreign), "/incidents", "{foreign:?}");
    }
}

#[test]
fn only_known_themes_are_taken_from_the_cookie() {
    let chosen = |cookie: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, cookie.parse().expect("a header value"));
        theme(&headers)
    };
    assert_eq!((chosen("a=b; wf-theme=dark"), chosen("wf-theme=light")), ("dark", "light"));
    assert_eq!((chosen("wf-theme=\"><script>"), theme(&HeaderMap::new())), ("", ""));
}
