//! Samples of the pages by which people come in.

use jiff::SignedDuration;
use watchfire_core::access::Role;
use watchfire_core::id::Id;
use watchfire_engine::sign_in::{
    Account, Groups, Invitation, InvitationRow, LinkKind, PasskeyRow, SessionRow, Sessions, SignInSettings, SignOnState,
};

use super::super::account::OwnAccount;
use super::super::frame::Room;
use super::super::prove::Prove;
use super::super::sign_in::SignIn;
use super::super::sign_in_settings::{Fresh, SignInRoom};
use super::super::welcome::Welcome;
use super::{at, frame, now, page, plain};

pub(super) fn all(say: &dyn Fn(&str) -> String) -> Vec<(&'static str, String)> {
    let quiet = |title: &str, room, address: &str| {
        let mut frame = frame(title, room, address);
        frame.live = false;
        frame
    };
    let whole = SignIn { next: "/".to_owned(), sign_on: Some(say("Tallowmere")), passkeys: true, ..SignIn::default() };
    let wrong = SignIn {
        next: "/".to_owned(),
        failed: say("That does not open an account here."),
        login: say("mira@example.org"),
        ..SignIn::default()
    };
    let link = SignIn { next: "/".to_owned(), link: Some(say("wfl_x")), ..SignIn::default() };
    let mut told = quiet("Prove that it is you", Room::Account, "/prove");
    told.told = say("mira@example.org signed in here beside the identity provider at 02:14 UTC.");
    let prove = |failed: String, any| Prove { next: "/tokens".to_owned(), failed, has_password: any, has_passkey: any };
    vec![
        ("sign-in", plain(whole)),
        ("sign-in-wrong", plain(wrong)),
        ("sign-in-link", plain(link)),
        ("welcome-setup", plain(welcome("setup", say))),
        ("welcome-invitation", plain(welcome("invitation", say))),
        ("welcome-recovery", plain(welcome("recovery", say))),
        ("welcome-closed", plain(Welcome { failed: say("This link was used."), ..Welcome::default() })),
        ("prove", page(told, prove(say("That does not open an account here."), true))),
        ("prove-no-way", page(quiet("Prove that it is you", Room::Account, "/prove"), prove(String::new(), false))),
        ("account", page(quiet("Your account", Room::Account, "/account"), account(say))),
        ("sign-in-settings", page(quiet("Sign-in", Room::SignIn, "/settings/sign-in"), settings(true, say))),
        ("sign-in-settings-bare", page(quiet("Sign-in", Room::SignIn, "/settings/sign-in"), settings(false, say))),
    ]
}

fn welcome(kind: &'static str, say: &dyn Fn(&str) -> String) -> Welcome {
    Welcome {
        link: "wfl_x".to_owned(),
        kind,
        failed: say("The two passwords differ."),
        organisation: say("Tallowmere"),
        login: say("ines@example.org"),
        name: say("Ines Vidal"),
        made_by: say("mira@example.org"),
        teams: vec![("dev".to_owned(), say("Dev"), false), ("secops".to_owned(), say("SecOps"), true)],
        scheme: "sev",
        passkeys: true,
        sign_on: Some(say("Tallowmere")),
    }
}

fn account(say: &dyn Fn(&str) -> String) -> OwnAccount {
    let session = |id: &str, device: &str, own| SessionRow {
        id: id.to_owned(),
        means: "passkey".to_owned(),
        device: say(device),
        created_at: at(-90),
        seen_at: at(-2),
        expires_at: at(600),
        own,
    };
    OwnAccount {
        now: now(),
        login: "mira@example.org".to_owned(),
        failed: say("The two passwords differ."),
        proved: false,
        account: Account {
            password_set_at: Some(at(-9_000)),
            passkeys: vec![PasskeyRow {
                id: "p1".to_owned(),
                name: say("Blue key"),
                created_at: at(-9_000),
                last_used_at: Some(at(-2)),
            }],
            sign_on: vec![say("https://login.example.org")],
        },
        sessions: vec![session("s1", "Firefox on Linux", true), session("s2", "Safari on iPhone", false)],
        passkeys: true,
        sign_on: Some(say("Tallowmere")),
    }
}

fn settings(whole: bool, say: &dyn Fn(&str) -> String) -> SignInRoom {
    let invitation = |state, minutes: i64| InvitationRow {
        invitation: Invitation {
            id: Id::from_parts(1, [minutes as u8; 10]),
            kind: LinkKind::Invitation,
            login: say("ines@example.org"),
            role: Role::Member,
            teams: vec!["secops".to_owned()],
            made_by: say("mira@example.org"),
            created_at: at(-minutes),
            expires_at: at(10_080 - minutes),
            used_at: None,
            revoked_at: None,
        },
        state,
    };
    let sign_on = SignOnState {
        name: say("Tallowmere"),
        login_url: "https://watchfire.example.org/sign-in/sign-on".to_owned(),
        redirect_uri: "https://watchfire.example.org/sign-in/sign-on/back".to_owned(),
        groups: Groups {
            roles: vec![(say("secops-leads"), Role::Manager)],
            teams: vec![(say("secops-people"), "secops".to_owned())],
        },
        trouble: Some(say("the identity provider cannot be reached: login.example.org did not answer in time")),
    };
    let sessions = Sessions { idle: SignedDuration::from_mins(30), whole: SignedDuration::from_hours(12) };
    SignInRoom {
        settings: SignInSettings { sessions, passkeys: true, join_by_sign_on: whole, sign_on: whole.then_some(sign_on) },
        invitations: if whole { vec![invitation("open", 5), invitation("used", 90)] } else { Vec::new() },
        teams: vec![("dev".to_owned(), say("Dev")), ("secops".to_owned(), say("SecOps"))],
        roles: vec!["restricted", "member", "manager", "owner"],
        fresh: whole.then(|| Fresh {
            login: say("ines@example.org"),
            url: "https://watchfire.example.org/welcome/wfl_x".to_owned(),
            mailed_through: Some(say("mail")),
        }),
        mails_through: whole.then(|| say("mail")),
        proved: !whole,
        owns: true,
        failed: if whole { String::new() } else { say("sign-on is not active: no identity provider is set") },
        login: say("ines@example.org"),
    }
}
