//! Signing on through the organisation's identity provider.

use serde_json::json;
use watchfire_core::access::{Identity, Role};
use watchfire_core::chance;
use watchfire_core::person::{self, Membership, Person, State, Tags};
use watchfire_core::text::hex;
use watchfire_store::sign_in::invitation::{self, Kind};
use watchfire_store::sign_in::sign_on::{self, SignOn as Tie};
use watchfire_store::sign_in::{passkey, password};
use watchfire_store::{Error as StoreError, Tx, membership, person as people};

use super::session::{Opened, Opening};
use super::{Callback, Claims, Flow, Groups, SignInError, SignOnWay};
use crate::incidents::Happening;
use crate::people::{self as changes, NewPerson};
use crate::{Engine, Error};

const KIND: &str = "sign_on";

/// Somebody who signed on, and where they wanted to go.
#[derive(Clone)]
pub struct SignedOn {
    /// Nothing where the sign-on only tied the provider's account to somebody who is signed in already.
    pub opened: Option<Opened>,
    pub next: String,
}

/// Why the provider's word does not open an account; told apart in the log, not on the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum No {
    /// There is no address that the provider vouches for.
    Unverified,
    /// Nobody here is known by it, and nobody comes in without an invitation.
    Unknown,
    /// The person is disabled.
    Disabled,
    /// The person signs in here otherwise and ties the provider's account to theirs from their account page.
    Tie,
    /// The provider's account is somebody else's here.
    Taken,
}

impl Engine {
    /// Begins a sign-on: returns the address of the provider and the secret for the browser's cookie. `tie` is somebody who
    /// is signed in and wants to sign on from now on.
    ///
    /// # Errors
    /// There is no provider, it cannot be reached, or the store does not answer.
    pub async fn begin_sign_on(&self, next: &str, tie: Option<&Identity>) -> Result<(String, String), SignInError> {
        let way = self.sign_on_way()?;
        let draw = || hex(&chance::bytes::<32>(self.0.chance.as_ref()));
        let flow =
            Flow { state: draw(), nonce: draw(), verifier: draw(), redirect_uri: self.redirect_uri(), again: tie.is_some() };
        let address = way.provider.begin(&flow, self.now()).await?;
        let login = tie.and_then(|who| who.login());
        let kept = json!({ "state": flow.state, "nonce": flow.nonce, "verifier": flow.verifier, "next": next, "tie": login });
        Ok((address, self.keep_question(KIND, kept).await?))
    }

    /// Ends a sign-on with what the browser came back with. `secret` is its cookie's, so that nobody else's answer fits.
    ///
    /// # Errors
    /// The answer is not to this browser's question, the provider's word proves nothing, or it opens no account here.
    pub async fn finish_sign_on(&self, secret: &str, back: &Callback, device: &str) -> Result<SignedOn, SignInError> {
        let way = self.sign_on_way()?;
        let kept = self.take_question(KIND, secret).await?;
        let text = |name: &str| kept[name].as_str().unwrap_or_default().to_owned();
        let tie = kept["tie"].as_str().map(str::to_owned);
        let flow = Flow {
            state: text("state"),
            nonce: text("nonce"),
            verifier: text("verifier"),
            redirect_uri: self.redirect_uri(),
            again: tie.is_some(),
        };
        let claims = way.provider.finish(back, &flow, self.now()).await?;
        let next = text("next");
        if let Some(login) = tie {
            self.tie(&login, &claims).await?;
            return Ok(SignedOn { opened: None, next });
        }
        let joins = self.joins_by_sign_on().await?;
        let opening = self.opening("sign-on", device);
        let (asked, groups) = (opening.clone(), way.groups.clone());
        let opened = self.store().write(move |tx| {
            let (opening, groups, claims) = (asked.clone(), groups.clone(), claims.clone());
            Box::pin(async move { let_in(tx, &claims, &groups, joins, &opening).await })
        });
        match opened.await? {
            Ok(login) => Ok(SignedOn { opened: Some(opening.opened(&login)), next }),
            Err(no) => Err(refused(no)),
        }
    }

    /// Ties the provider's account to somebody who is signed in.
    async fn tie(&self, login: &str, claims: &Claims) -> Result<(), SignInError> {
        let (happening, login, claims) =
            (self.happening(&Identity::person(login, Role::Restricted)), login.to_owned(), claims.clone());
        let tied = self.store().write(move |tx| {
            let (happening, login, claims) = (happening.clone(), login.clone(), claims.clone());
            Box::pin(async move {
                match sign_on::get(tx, &claims.issuer, &claims.subject).await? {
                    Some(known) if known.login == login => Ok(Ok(())),
                    Some(_) => Ok(Err(No::Taken)),
                    None => {
                        tie(tx, &login, &claims, false, &happening).await?;
                        Ok(Ok(()))
                    }
                }
            })
        });
        tied.await?.map_err(refused)
    }

    fn sign_on_way(&self) -> Result<&SignOnWay, SignInError> {
        let told = "no identity provider is set here; sign in with a password or a passkey";
        self.0.ways.sign_on.as_ref().ok_or_else(|| SignInError::Refused(told.to_owned()))
    }
}

fn refused(no: No) -> SignInError {
    tracing::info!(reason = ?no, "a sign-on opened no account");
    match no {
        No::Tie => SignInError::Refused(
            "you have another way to sign in here: use it, then connect the identity provider on your account page".to_owned(),
        ),
        No::Taken => SignInError::Refused("that account of the identity provider is connected to somebody else here".to_owned()),
        // One answer for all of these: it tells nobody who has an account.
        No::Unverified | No::Unknown | No::Disabled => SignInError::Refused(
            "the identity provider knows you, but no account here is open to you: it has to vouch for your address, and somebody has to ask you in".to_owned(),
        ),
    }
}

/// Finds or makes the person and opens the session, all in one transaction.
async fn let_in(
    tx: &mut Tx,
    claims: &Claims,
    groups: &Groups,
    joins: bool,
    opening: &Opening,
) -> Result<Result<String, No>, StoreError> {
    let known = sign_on::get(tx, &claims.issuer, &claims.subject).await?;
    let login = match &known {
        Some(known) => known.login.clone(),
        None => match known_by_address(tx, claims, joins).await? {
            Ok(login) => login,
            Err(no) => return Ok(Err(no)),
        },
    };
    let happening = opening.happening(&login);
    let made_here = match people::by_login(tx, &login).await? {
        None => {
            make(tx, &login, claims, groups, &happening).await?;
            true
        }
        Some(person) if person.state == State::Disabled => return Ok(Err(No::Disabled)),
        Some(mut person) => {
            if person.state == State::Invited {
                let now = happening.now;
                come_in(tx, &mut person, &happening).await?;
                if let Some(link) = invitation::open_for(tx, &login, Kind::Invitation, now).await? {
                    invitation::use_up(tx, link.id).await?;
                    join_teams(tx, &login, &link.teams, &happening).await?;
                }
            }
            known.as_ref().is_some_and(|known| known.made_here)
        }
    };
    match &known {
        Some(_) => sign_on::used(tx, &claims.issuer, &claims.subject).await?,
        None => tie(tx, &login, claims, made_here, &happening).await?,
    }
    if made_here {
        follow_groups(tx, &login, claims, groups, &happening).await?;
    }
    let Some((role, State::Active)) = people::standing(tx, &login).await? else { return Ok(Err(No::Disabled)) };
    opening.open(tx, &login, role).await?;
    Ok(Ok(login))
}

/// Returns the login of a subject that is new here: only an address that the provider vouches for counts.
async fn known_by_address(tx: &mut Tx, claims: &Claims, joins: bool) -> Result<Result<String, No>, StoreError> {
    let Some(login) = claims.email.as_deref().filter(|_| claims.email_verified).and_then(person::login) else {
        return Ok(Err(No::Unverified));
    };
    match people::standing(tx, &login).await? {
        None if joins => Ok(Ok(login)),
        None => Ok(Err(No::Unknown)),
        // Whoever rules the provider rules its addresses: an owner's own ways to sign in are not taken over by one.
        Some((Role::Owner, State::Active)) if has_own_way(tx, &login).await? => Ok(Err(No::Tie)),
        Some((_, State::Disabled)) => Ok(Err(No::Disabled)),
        Some(_) => Ok(Ok(login)),
    }
}

async fn has_own_way(tx: &mut Tx, login: &str) -> Result<bool, StoreError> {
    Ok(password::set_at(tx, login).await?.is_some() || !passkey::of(tx, login).await?.is_empty())
}

async fn make(tx: &mut Tx, login: &str, claims: &Claims, groups: &Groups, happening: &Happening) -> Result<(), StoreError> {
    let new = NewPerson {
        login: login.to_owned(),
        name: claims.name.clone().unwrap_or_default(),
        role: groups.role(&claims.groups),
        state: State::Active,
        time_zone: String::new(),
        tags: Tags::default(),
    };
    // The login was read as one before, and a name is cleaned, so nothing is left to refuse.
    let person = changes::fresh(new, happening.now).map_err(|_: Error| StoreError::Conflict)?;
    if changes::insert(tx, &person, happening).await? { Ok(()) } else { Err(StoreError::Conflict) }
}

async fn tie(tx: &mut Tx, login: &str, claims: &Claims, made_here: bool, happening: &Happening) -> Result<(), StoreError> {
    let last_used_at = happening.now;
    let (issuer, subject) = (claims.issuer.clone(), claims.subject.clone());
    tx.record(
        happening
            .draft("person.sign_on_connected")
            .with("person", login)
            .with("issuer", issuer.as_str())
            .secretly("subject", &subject),
    );
    sign_on::insert(tx, &Tie { issuer, subject, login: login.to_owned(), made_here, last_used_at }).await
}

/// Makes an invited person an active one.
pub(super) async fn come_in(tx: &mut Tx, person: &mut Person, happening: &Happening) -> Result<(), StoreError> {
    person.state = State::Active;
    person.changed_at = happening.now;
    people::save(tx, person).await?;
    person.version += 1;
    tx.record(happening.draft("person.came_in").with("person", person.login.as_str()));
    Ok(())
}

/// Puts somebody into teams, those that they are in already left out.
pub(super) async fn join_teams(tx: &mut Tx, login: &str, teams: &[String], happening: &Happening) -> Result<(), StoreError> {
    for team in teams {
        if membership::get(tx, team, login).await?.is_none() {
            let joined = Membership { team: team.clone(), login: login.to_owned(), lead: false, since: happening.now };
            membership::put(tx, &joined).await?;
            let draft = happening.draft("person.joined_team").with("person", login).with("team", team.as_str());
            tx.record(draft.with("lead", false));
        }
    }
    Ok(())
}

/// Brings role and teams of somebody who was made by signing on to what their groups say today, downwards too.
async fn follow_groups(
    tx: &mut Tx,
    login: &str,
    claims: &Claims,
    groups: &Groups,
    happening: &Happening,
) -> Result<(), StoreError> {
    let Some(mut person) = people::by_login(tx, login).await? else { return Ok(()) };
    let role = groups.role(&claims.groups);
    let last_owner = person.role == Role::Owner && people::active_owners(tx).await? <= 1;
    if !groups.roles.is_empty() && role != person.role && !last_owner {
        let from = std::mem::replace(&mut person.role, role);
        person.changed_at = happening.now;
        people::save(tx, &person).await?;
        let draft = happening.draft("person.role_changed").with("person", login).with("by", "groups");
        tx.record(draft.with("from", from.as_str()).with("to", role.as_str()));
    }
    let wanted = groups.teams(&claims.groups);
    join_teams(tx, login, &wanted, happening).await?;
    for (_, team) in &groups.teams {
        if !wanted.contains(team) && membership::remove(tx, team, login).await? {
            tx.record(happening.draft("person.left_team").with("person", login).with("team", team.as_str()).with("by", "groups"));
        }
    }
    Ok(())
}

/// Reads what the browser came back with out of the query.
impl Callback {
    /// Collects the parameters of the answer; of a repeated one the first counts.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut back = Self::default();
        for (name, value) in pairs {
            let slot = match name {
                "state" => &mut back.state,
                "code" => &mut back.code,
                "iss" => &mut back.issuer,
                "error" => &mut back.error,
                _ => continue,
            };
            slot.get_or_insert_with(|| value.to_owned());
        }
        back
    }
}
