//! Access that is given or withdrawn shows on open pages within a second.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use watchfire_core::access::{Level, Role};
use watchfire_core::incident::{Class, Command, Kind, Role as IncidentRole, Visibility};
use watchfire_engine::{Declare, Grantee, NewGrant};

use super::house::{House, Who};

/// The promise.
const SECOND: Duration = Duration::from_secs(1);
/// What a test on a busy machine waits for something that is to come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A stream that stays open.
struct Stream {
    socket: TcpStream,
    text: String,
}

impl Stream {
    async fn open(house: &House, who: &Who, page: &str) -> Self {
        let mut socket = TcpStream::connect(house.address()).await.expect("the server listens");
        let head = format!("GET /live?page={page} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\n\r\n", house.address(), who.cookie);
        socket.write_all(head.as_bytes()).await.expect("sent");
        let mut stream = Self { socket, text: String::new() };
        stream.until("event: ready").await;
        stream.text.clear();
        stream
    }

    /// Reads until a text has come; returns how long that took.
    async fn until(&mut self, wanted: &str) -> Duration {
        let began = Instant::now();
        let mut buffer = vec![0; 65_536];
        let read = async {
            while !self.text.contains(wanted) {
                let count = self.socket.read(&mut buffer).await.expect("the connection holds");
                assert!(count > 0, "the stream ended without {wanted:?}: {}", self.text);
                self.text.push_str(&String::from_utf8_lossy(&buffer[..count]));
            }
        };
        if tokio::time::timeout(PATIENCE, read).await.is_err() {
            panic!("{wanted:?} did not come: {}", self.text);
        }
        began.elapsed()
    }

    /// Reads to the end, which has to come.
    async fn ends(mut self) -> String {
        let mut rest = Vec::new();
        let end = async {
            let mut buffer = vec![0; 65_536];
            // The chunk of length zero ends the answer; the connection itself may be kept.
            while !self.text.ends_with("0\r\n\r\n") {
                match self.socket.read(&mut buffer).await {
                    Ok(count @ 1..) => {
                        rest.extend_from_slice(&buffer[..count]);
                        self.text.push_str(&String::from_utf8_lossy(&buffer[..count]));
                    }
                    _ => break,
                }
            }
        };
        tokio::time::timeout(PATIENCE, end).await.expect("the stream ends");
        self.text
    }
}

async fn hidden(house: &House) -> String {
    let wish = Declare {
        title: "quartz".to_owned(),
        class: Class::Intrusion,
        severity: Some(watchfire_core::Severity::Sev2),
        team: Some("security".to_owned()),
        visibility: Some(Visibility::Restricted),
        occurred_at: None,
        text: None,
        kind: Kind::Real,
    };
    house.engine.declare(&house.machine(), wish).await.expect("an incident").short_id
}

fn grant_to(grantee: Grantee) -> NewGrant {
    NewGrant { grantee, level: Level::Read, reason: "they help".to_owned(), until: None }
}

/// Waits for the plain not-found answer and the end of the stream, in time.
async fn withdrawn(mut stream: Stream, what: &str) {
    let took = stream.until("event: gone").await;
    let text = stream.ends().await;
    assert!(took <= SECOND, "{what}: it took {took:?}");
    assert!(text.contains("There is nothing here, or it is not yours to see."), "{what}: {text}");
    assert!(!text.contains("quartz"), "{what}: {text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revoked_grant_ends_the_open_page_within_a_second() {
    let (house, machine) = (House::start().await, watchfire_core::access::Identity::machine("test"));
    let id = hidden(&house).await;
    let mia = house.person("mia@example.org", Role::Member).await;
    let page = format!("/incidents/{id}");

    let own = house.engine.grant(&machine, &id, grant_to(Grantee::Person(mia.login.clone()))).await.expect("a grant");
    let stream = Stream::open(&house, &mia, &page).await;
    house.engine.revoke_grant(&machine, &id, own.id).await.expect("revoked");
    withdrawn(stream, "a grant of one's own").await;

    house.engine.join_team(&machine, "security", &mia.login, false).await.expect("she joins");
    house.engine.grant(&machine, &id, grant_to(Grantee::Team("security".to_owned()))).await.expect("a grant");
    let stream = Stream::open(&house, &mia, &page).await;
    house.engine.leave_team(&machine, "security", &mia.login).await.expect("she leaves");
    withdrawn(stream, "a grant of the team that she left").await;

    let scribe = IncidentRole::parse("scribe").expect("a word");
    let assign = Command::AssignRole { role: scribe.clone(), holder: mia.login.clone() };
    house.engine.command(&machine, &id, assign).await.expect("assigned");
    let stream = Stream::open(&house, &mia, &page).await;
    house.engine.command(&machine, &id, Command::VacateRole { role: scribe }).await.expect("vacated");
    withdrawn(stream, "a role that was vacated").await;
    house.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grant_that_runs_out_ends_the_open_page_with_its_timer() {
    let (house, machine) = (House::start().await, watchfire_core::access::Identity::machine("test"));
    let id = hidden(&house).await;
    let mia = house.person("mia@example.org", Role::Member).await;
    let until = {
        use watchfire_core::time::Clock as _;
        house.clock.now().checked_add(jiff::SignedDuration::from_secs(60)).ok()
    };
    let new = NewGrant { until, ..grant_to(Grantee::Person(mia.login.clone())) };
    house.engine.grant(&machine, &id, new).await.expect("a grant");
    let stream = Stream::open(&house, &mia, &format!("/incidents/{id}")).await;
    house.clock.forward(61);
    house.engine.due_timers().await.expect("timers");
    withdrawn(stream, "a grant that ran out").await;
    house.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disabled_person_loses_pages_session_and_tokens_at_once() {
    let (house, machine) = (House::start().await, watchfire_core::access::Identity::machine("test"));
    let id = hidden(&house).await;
    let olga = house.person("second@example.org", Role::Owner).await;
    let streams = [Stream::open(&house, &olga, &format!("/incidents/{id}")).await, Stream::open(&house, &olga, "/alerts").await];
    house.engine.disable_person(&machine, &olga.login).await.expect("disabled");
    for stream in streams {
        withdrawn(stream, "a disabled person").await;
    }
    let with_token = house.client(Some(&olga.token)).call("GET", "/api/v1/me", &[], "").await.expect("an answer");
    assert_eq!(with_token.status, 401);
    let with_cookie = house.client(None).call("GET", "/incidents", &[("cookie", olga.cookie.as_str())], "").await;
    assert_eq!(with_cookie.expect("an answer").status, 303, "to the sign-in page");
    house.engine.enable_person(&machine, &olga.login).await.expect("enabled");
    let again = house.client(None).call("GET", "/incidents", &[("cookie", olga.cookie.as_str())], "").await;
    assert_eq!(again.expect("an answer").status, 303, "the session was ended, not paused");
    house.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grant_shows_the_incident_on_an_open_list_and_a_lower_role_takes_it_away() {
    let (house, machine) = (House::start().await, watchfire_core::access::Identity::machine("test"));
    let id = hidden(&house).await;
    let mia = house.person("mia@example.org", Role::Member).await;
    let mut stream = Stream::open(&house, &mia, "/incidents").await;
    let began = Instant::now();
    house.engine.grant(&machine, &id, grant_to(Grantee::Person(mia.login.clone()))).await.expect("a grant");
    stream.until(&id).await;
    assert!(began.elapsed() <= SECOND + SECOND, "it took {:?}", began.elapsed());

    let olga = house.person("second@example.org", Role::Owner).await;
    let stream = Stream::open(&house, &olga, &format!("/incidents/{id}")).await;
    house.engine.set_role(&machine, &olga.login, Role::Member).await.expect("a lower role");
    withdrawn(stream, "an owner who is a member now").await;
    house.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hidden_work_sends_nothing_to_an_open_page_of_a_stranger() {
    let (house, machine) = (House::start().await, watchfire_core::access::Identity::machine("test"));
    let mia = house.person("mia@example.org", Role::Member).await;
    let mut stream = Stream::open(&house, &mia, "/incidents").await;
    let id = hidden(&house).await;
    house.engine.note_at(&machine, &id, "quartz", None, None, None).await.expect("a note");
    // Something that she may see comes after it, and is all that comes.
    let wish = Declare {
        title: "Checkout is slow".to_owned(),
        class: Class::Reliability,
        severity: Some(watchfire_core::Severity::Sev3),
        team: None,
        visibility: Some(Visibility::Open),
        occurred_at: None,
        text: None,
        kind: Kind::Real,
    };
    house.engine.declare(&machine, wish).await.expect("an incident");
    stream.until("Checkout is slow").await;
    assert!(!stream.text.contains(&id) && !stream.text.contains("quartz"), "{}", stream.text);
    house.end().await;
}
