//! What is wrong with a request is said, by name, and nothing comes of it.

use serde_json::json;

use crate::harness::Server;

#[test]
fn each_fault_of_a_body_is_named() {
    let server = Server::start();
    let deep = format!("{{\"title\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let large = format!("{{\"title\":\"{}\"}}", "x".repeat(2 * 1024 * 1024));
    let cases: &[(&str, &[u8], u16, &str)] = &[
        ("application/json", b"{\"title\":", 400, "EOF"),
        ("application/json", b"{\"title\":\"a\",}", 400, "line 1 column"),
        ("application/json", b"not json", 400, "line 1 column"),
        ("application/json", b"{\"title\":\"\xff\xfe\"}", 400, "UTF-8"),
        ("application/json", b"\xef\xbb\xbf{\"title\":\"a\"}", 400, "byte order mark"),
        ("application/json", b"{\"title\":\"\\ud800\"}", 400, "hex escape"),
        ("application/json", b"{\"title\":NaN}", 400, "JSON"),
        ("application/json", b"{\"title\":\"a\",\"title\":\"b\"}", 400, "`title` is there twice"),
        ("application/json", b"{\"title\":\"a\"} trailing", 400, "trailing"),
        ("application/json", deep.as_bytes(), 400, "64 levels"),
        ("application/json", large.as_bytes(), 413, "larger than"),
        ("application/json", b"[]", 422, "invalid"),
        ("application/json", b"{\"title\":7}", 422, "title"),
        ("application/json", b"{\"titel\":\"a\"}", 422, "unknown field `titel`"),
        ("application/json", b"{}", 422, "missing field `title`"),
        ("application/json", b"{\"title\":\"   \"}", 422, "title"),
        ("application/json", b"{\"title\":\"a\",\"severity\":\"high\"}", 422, "sev1"),
        ("application/json", b"{\"title\":\"a\",\"severity\":\"SEV1\"}", 422, "sev1"),
        ("application/json", b"{\"title\":\"a\",\"class\":\"fire\"}", 422, "data_breach"),
        ("application/json", b"{\"title\":\"a\",\"occurred_at\":1767322800}", 422, "occurred_at"),
        ("application/json", b"{\"title\":\"a\",\"occurred_at\":\"yesterday\"}", 422, "RFC 3339"),
        ("application/json", b"{\"title\":\"a\",\"occurred_at\":\"2999-01-01T00:00:00Z\"}", 422, "future"),
        ("text/plain", b"{\"title\":\"a\"}", 415, "application/json"),
        ("application/x-www-form-urlencoded", b"title=a", 415, "application/json"),
    ];
    let authorization = format!("Bearer {}", server.token);
    for (kind, body, status, part) in cases {
        let headers = [("authorization", authorization.as_str()), ("content-type", *kind)];
        let detail = server.send("POST", "/api/v1/incidents", &headers, body).problem(*status);
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]);
        assert!(detail.contains(part), "{shown}: {detail}");
        assert!(detail.len() < 1_000, "{shown}: an answer does not repeat the request");
    }
    assert_eq!(server.get("/incidents")["items"], json!([]));
}

#[test]
fn each_fault_of_a_query_is_named() {
    let server = Server::start();
    for (query, part) in [
        ("statusx=firing", "statusx"),
        ("limit=0", "limit"),
        ("limit=201", "200"),
        ("limit=9007199254740993000000", "limit"),
        ("limit=-1", "limit"),
        ("limit=1&limit=2", "limit"),
        ("status=burning", "burning"),
        ("severity=sev1,sev9", "sev9"),
        ("cursor=%00%ff", "cursor"),
        ("cursor=somewhere", "cursor"),
    ] {
        let answer = server.call("GET", &format!("/alerts?{query}"), None);
        let detail = answer.problem(422);
        assert!(detail.contains(part), "{query}: {detail}");
    }
}

#[test]
fn what_is_no_id_is_not_there_like_any_other_absent_object() {
    let server = Server::start();
    let absent = server.call("GET", "/alerts/00000000-0000-7000-8000-000000000000", None);
    for id in ["x", "1", "..%2f..%2fetc%2fpasswd", "%00", "00000000-0000-7000-8000-00000000000g", &"a".repeat(300)] {
        server.call("GET", &format!("/alerts/{id}"), None).problem(404);
        server.call("GET", &format!("/incidents/{id}"), None).problem(404);
    }
    absent.problem(404);
}

#[test]
fn a_packed_bomb_and_an_unknown_packing_are_refused() {
    let server = Server::start();
    let authorization = format!("Bearer {}", server.token);
    let headers = |packing| {
        [("authorization", authorization.as_str()), ("content-type", "application/json"), ("content-encoding", packing)]
    };
    assert!(server.send("POST", "/api/v1/incidents", &headers("br"), b"{}").problem(415).contains("gzip"));
    server.send("POST", "/api/v1/incidents", &headers("gzip"), b"this is not gzip").problem(400);
}
