//! The console's doors, without a browser: who is let in, and from where.

use watchfire_testkit::{Answer, Database, Server};

use crate::support::PROGRAM;

/// Every room and what it shows of an id that is not there.
const ROOMS: [&str; 27] = [
    "/incidents/INC-00000/update",
    "/incidents/INC-00000/updates",
    "/incidents/INC-00000/briefing",
    "/incidents/INC-00000/document",
    "/incidents/INC-00000/people",
    "/incidents/INC-00000/report",
    "/work",
    "/board",
    "/report",
    "/figures",
    "/figures.csv",
    "/settings",
    "/incidents",
    "/incidents/new",
    "/incidents/INC-00000",
    "/alerts",
    "/alerts/01957e90-0000-7000-8000-000000000001",
    "/events",
    "/events/01957e90-0000-7000-8000-000000000001",
    "/events/01957e90-0000-7000-8000-000000000001/raw",
    "/sources",
    "/sources/new",
    "/sources/nobody",
    "/plans",
    "/record",
    "/tokens",
    "/search?q=x",
];

/// Every form of the console.
const FORMS: [&str; 44] = [
    "/incidents/INC-00000/update",
    "/incidents/INC-00000/document",
    "/incidents/INC-00000/report",
    "/incidents/INC-00000/links",
    "/report",
    "/incidents",
    "/incidents/INC-00000/say",
    "/incidents/INC-00000/parse",
    "/incidents/INC-00000/acknowledge",
    "/incidents/INC-00000/phase",
    "/incidents/INC-00000/severity",
    "/incidents/INC-00000/role",
    "/incidents/INC-00000/summary",
    "/incidents/INC-00000/tasks/1",
    "/alerts/01957e90-0000-7000-8000-000000000001/acknowledge",
    "/alerts/01957e90-0000-7000-8000-000000000001/resolve",
    "/alerts/01957e90-0000-7000-8000-000000000001/silence",
    "/alerts/01957e90-0000-7000-8000-000000000001/silence/x/end",
    "/events/01957e90-0000-7000-8000-000000000001/requeue",
    "/sources",
    "/sources/nobody/rotate",
    "/sources/nobody/disable",
    "/sources/nobody/enable",
    "/sources/nobody/settings",
    "/sources/nobody/try",
    "/tokens",
    "/tokens/01957e90-0000-7000-8000-000000000001/revoke",
    "/sign-in/passkey",
    "/welcome/wfl_x",
    "/welcome/wfl_x/passkey",
    "/prove",
    "/account/password",
    "/account/passkeys",
    "/account/passkeys/ask",
    "/account/passkeys/x/remove",
    "/account/sessions/x/end",
    "/account/sessions/end-others",
    "/settings/sign-in",
    "/invitations",
    "/invitations/x/renew",
    "/invitations/x/revoke",
    "/recovery-links",
    "/sign-in",
    "/sign-out",
];

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_are_sent_to_the_sign_in_page_from_every_room() {
    let server = Server::start(PROGRAM, Database::Sqlite).await;
    for room in ROOMS {
        let answer = call(&server, "GET", room, &[], "").await;
        assert_eq!(answer.status, 303, "{room}");
        assert!(answer.header("location").starts_with("/sign-in?next=%2F"), "{room}: {}", answer.header("location"));
    }
    let stream = call(&server, "GET", "/live?page=%2Fincidents", &[], "").await;
    assert_eq!(stream.status, 401, "a stream has nothing to show a stranger");
    for form in FORMS.iter().filter(|form| !form.starts_with("/sign") && !form.starts_with("/welcome")) {
        let answer = call(&server, "POST", form, &[FORM, ("sec-fetch-site", "same-origin")], "").await;
        assert_eq!((answer.status, answer.header("location")), (303, "/sign-in"), "{form}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_form_is_taken_from_another_site_and_no_link_changes_anything() {
    let server = Server::start(PROGRAM, Database::Sqlite).await;
    let cookie = sign_in(&server).await;
    for form in FORMS {
        for site in ["cross-site", "same-site"] {
            let headers = [FORM, ("cookie", cookie.as_str()), ("sec-fetch-site", site)];
            let answer = call(&server, "POST", form, &headers, "reason=x").await;
            assert_eq!(answer.status, 403, "{form} from {site}");
        }
        let untold = [FORM, ("cookie", cookie.as_str())];
        assert_eq!(call(&server, "POST", form, &untold, "reason=x").await.status, 403, "{form} without a site");
        let foreign = [FORM, ("cookie", cookie.as_str()), ("origin", "https://evil.example")];
        assert_eq!(call(&server, "POST", form, &foreign, "reason=x").await.status, 403, "{form} from another origin");
    }
    // These addresses are pages too.
    let pages = ["/sign-in", "/prove", "/settings/sign-in"];
    let links = FORMS.iter().filter(|form| !ROOMS.contains(form) && !pages.contains(form));
    for form in links {
        let answer = call(&server, "GET", form, &[("cookie", cookie.as_str())], "").await;
        assert!(matches!(answer.status, 404 | 405), "GET {form}: {}", answer.status);
    }
    let still = call(&server, "GET", "/tokens", &[("cookie", cookie.as_str())], "").await;
    assert_eq!(still.status, 200, "the session is still there after all that");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_there_and_what_is_no_address_look_the_same() {
    let server = Server::start(PROGRAM, Database::Sqlite).await;
    let cookie = sign_in(&server).await;
    let mut seen = Vec::new();
    for address in
        ["/incidents/INC-00000", "/alerts/01957e90-0000-7000-8000-000000000001", "/alerts/x", "/sources/nobody", "/nowhere"]
    {
        let answer = call(&server, "GET", address, &[("cookie", cookie.as_str())], "").await;
        assert_eq!(answer.status, 404, "{address}");
        seen.push(answer.text());
    }
    seen.dedup();
    assert_eq!(seen.len(), 1, "one page for all: {seen:?}");
}

async fn call(server: &Server, method: &str, path: &str, headers: &[(&str, &str)], body: &'static str) -> Answer {
    server.stranger().call(method, path, headers, body).await.unwrap_or_else(|error| panic!("{method} {path}: {error:#}"))
}

/// Signs in as a browser does and returns the session's cookie.
async fn sign_in(server: &Server) -> String {
    let headers = [FORM, ("sec-fetch-site", "same-origin")];
    let body = format!("token={}", server.token());
    let answer = server.stranger().call("POST", "/sign-in", &headers, body).await.expect("the server answers");
    assert_eq!(answer.status, 303, "{}", answer.text());
    let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    assert!(answer.header("set-cookie").contains("HttpOnly; SameSite=Lax"), "{}", answer.header("set-cookie"));
    cookie
}
