//! One-time links: looked at without effect, used once by setting up a way to sign in.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::{Digest, Sha256};
use watchfire_core::access::Identity;
use watchfire_core::chance;
use watchfire_core::password as policy;
use watchfire_core::person::{self, State};
use watchfire_core::token::{self, TokenKind};
use watchfire_store::sign_in::invitation::{self, Invitation, Kind};
use watchfire_store::sign_in::passkey::{self, Passkey};
use watchfire_store::sign_in::password::{self, Password};
use watchfire_store::{Error as StoreError, Tx, person as people, session};

use super::by_sign_on::{come_in, join_teams};
use super::session::Opened;
use super::{Question, SignInError, guess};
use crate::incidents::Happening;
use crate::{Engine, Error};

const KIND: &str = "new_passkey";

/// What is set up by a link or on the account page.
#[derive(Clone)]
pub enum Credential {
    Password(String),
    /// The question that was asked with [`Engine::ask_for_new_passkey`], the browser's answer, and what to call it.
    Passkey {
        question: String,
        answer: String,
        name: String,
    },
}

/// What an open link is for, for the page that it leads to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LinkFor {
    pub kind: Kind,
    /// Empty for the first owner.
    pub login: String,
    pub name: String,
    pub made_by: String,
    pub expires_at: Timestamp,
}

/// A credential that has been checked and is ready to be kept.
#[derive(Clone)]
pub(super) enum Ready {
    Password(Password),
    Passkey(Passkey),
}

impl Ready {
    pub(super) fn means(&self) -> &'static str {
        match self {
            Self::Password(_) => "password",
            Self::Passkey(_) => "passkey",
        }
    }

    /// Keeps it for somebody.
    pub(super) async fn keep(&self, tx: &mut Tx, login: &str, happening: &Happening) -> Result<(), StoreError> {
        match self {
            Self::Password(ready) => {
                password::put(tx, login, ready).await?;
                guess::forget(tx, login).await?;
                tx.record(happening.draft("person.password_set").with("person", login));
            }
            Self::Passkey(ready) => {
                let ready = Passkey { login: login.to_owned(), ..ready.clone() };
                passkey::insert(tx, &ready).await?;
                tx.record(happening.draft("person.passkey_added").with("person", login).with("passkey", ready.id.to_string()));
            }
        }
        Ok(())
    }
}

impl Engine {
    /// Draws a link: its secret, and the path of the page that it leads to.
    pub(super) fn draw_link(&self) -> (String, [u8; 32]) {
        let secret = token::write(TokenKind::SignIn, chance::bytes(self.0.chance.as_ref()));
        let hash = token::hash(&secret);
        (secret, hash)
    }

    /// Tells what an open link is for, without using it up.
    ///
    /// # Errors
    /// [`SignInError::Link`] for every link that is not open.
    pub async fn link(&self, secret: &str) -> Result<LinkFor, SignInError> {
        let link = self.open_link(secret).await?;
        let person = if link.login.is_empty() { None } else { self.person_by_login(&link.login).await? };
        let name = person.map(|person| person.name).filter(|name| *name != link.login).unwrap_or_default();
        Ok(LinkFor { kind: link.kind, login: link.login, name, made_by: link.made_by, expires_at: link.expires_at })
    }

    pub(super) async fn open_link(&self, secret: &str) -> Result<Invitation, SignInError> {
        if !token::is_well_formed(TokenKind::SignIn, secret) {
            return Err(SignInError::Link);
        }
        let mut reader = self.store().read().await?;
        invitation::open(&mut reader, token::hash(secret), self.now()).await?.ok_or(SignInError::Link)
    }

    /// Asks a browser for a new passkey for a login: that of a link, or one's own.
    ///
    /// # Errors
    /// Passkeys do not work at this address, or the store does not answer.
    pub async fn ask_for_new_passkey(&self, login: &str, name: &str) -> Result<Question, SignInError> {
        let mut reader = self.store().read().await?;
        let known = passkey::of(&mut reader, login).await?;
        drop(reader);
        // One handle for all of a person's passkeys, so that an authenticator shows one account.
        let drawn = chance::id::<Passkey>(self.0.chance.as_ref(), self.now()).to_string();
        let handle = known.first().map_or(drawn, |known| known.handle.clone());
        let kept: Vec<String> = known.into_iter().map(|known| known.data).collect();
        let asked = self.passkeys()?.ask_for_new(&handle, login, if name.is_empty() { login } else { name }, &kept)?;
        let body = json!({ "state": asked.state, "handle": handle, "login": login });
        Ok(Question { options: asked.options, secret: self.keep_question(KIND, body).await? })
    }

    /// Checks a credential that is to be set up for a login; `context` is what its password may not be made of.
    ///
    /// # Errors
    /// [`SignInError::Weak`], or the passkey's answer is refused.
    pub(super) async fn ready(&self, login: &str, credential: &Credential, context: &[&str]) -> Result<Ready, SignInError> {
        let now = self.now();
        match credential {
            Credential::Password(text) => {
                let context: Vec<&str> = context.iter().copied().chain([login, "watchfire"]).collect();
                policy::check(text, &context)?;
                let hash = self.0.hasher.hash(text, chance::bytes(self.0.chance.as_ref())).await?;
                Ok(Ready::Password(Password { hash, set_at: now }))
            }
            Credential::Passkey { question, answer, name } => {
                let question = self.take_question(KIND, question).await?;
                if question["login"].as_str() != Some(login) {
                    return Err(SignInError::Refused("the passkey was made for another address".to_owned()));
                }
                let (credential, data) = self.passkeys()?.new_one(question["state"].as_str().unwrap_or_default(), answer)?;
                let name = watchfire_core::text::line(name, 60);
                Ok(Ready::Passkey(Passkey {
                    id: chance::id(self.0.chance.as_ref(), now),
                    login: login.to_owned(),
                    credential: Sha256::digest(&credential).into(),
                    handle: question["handle"].as_str().unwrap_or_default().to_owned(),
                    name: if name.is_empty() { "Passkey".to_owned() } else { name },
                    data,
                    created_at: now,
                    last_used_at: None,
                }))
            }
        }
    }

    /// Uses an invitation or a recovery link: sets up the credential and signs in.
    ///
    /// Recovery ends all sessions that there were and takes the password before away; it is for somebody who lost theirs, or
    /// whose account was taken.
    ///
    /// # Errors
    /// [`SignInError::Link`], [`SignInError::Weak`], or the passkey's answer is refused.
    pub async fn use_link(&self, secret: &str, name: &str, credential: Credential, device: &str) -> Result<Opened, SignInError> {
        let link = self.open_link(secret).await?;
        if link.kind == Kind::Setup {
            return Err(SignInError::Link);
        }
        let organisation = self.organisation(&Identity::machine("sign-in")).await?.name;
        let ready = self.ready(&link.login, &credential, &[name, &organisation]).await?;
        let (opening, login) = (self.opening(ready.means(), device), link.login.clone());
        let name = watchfire_core::text::line(name, person::NAME_CHARS);
        let used = {
            let (opening, name) = (opening.clone(), name.clone());
            self.store().write(move |tx| {
                let (opening, link, ready, name) = (opening.clone(), link.clone(), ready.clone(), name.clone());
                Box::pin(async move {
                    let happening = opening.happening(&link.login);
                    let Some(mut person) = people::by_login(tx, &link.login).await? else { return Ok(false) };
                    if person.state == State::Disabled || !invitation::use_up(tx, link.id).await? {
                        return Ok(false);
                    }
                    match link.kind {
                        Kind::Invitation => {
                            if !name.is_empty() {
                                person.name.clone_from(&name);
                            }
                            come_in(tx, &mut person, &happening).await?;
                            join_teams(tx, &link.login, &link.teams, &happening).await?;
                        }
                        Kind::Recovery | Kind::Setup => {
                            password::delete(tx, &link.login).await?;
                            session::delete_of(tx, &happening.actor).await?;
                            tx.record(happening.draft("person.recovered").with("person", link.login.as_str()));
                        }
                    }
                    ready.keep(tx, &link.login, &happening).await?;
                    opening.open(tx, &link.login, person.role).await?;
                    Ok(true)
                })
            })
        };
        if used.await? { Ok(opening.opened(&login)) } else { Err(SignInError::Link) }
    }

    /// Makes a link by which somebody who cannot sign in any more sets up a way to do so. Those before it are worth nothing
    /// from then on.
    ///
    /// # Errors
    /// Not allowed, the proof is not fresh, there is no such active person, or the store does not answer.
    pub async fn recovery_link(&self, who: &Identity, login: &str) -> Result<super::NewLink, Error> {
        who.may(watchfire_core::access::Right::Administer)?;
        self.proved(who)?;
        let login = person::login(login).ok_or(Error::NotFound("person"))?;
        let (secret, hash) = self.draw_link();
        let (happening, now) = (self.happening(who), self.now());
        let expires_at = now.checked_add(SignedDuration::from_hours(24)).unwrap_or(now);
        let id = chance::id(self.0.chance.as_ref(), now);
        let made_by = who.actor.id().to_owned();
        let made = self.store().write(move |tx| {
            let (happening, login, made_by) = (happening.clone(), login.clone(), made_by.clone());
            Box::pin(async move {
                let Some((role, State::Active)) = people::standing(tx, &login).await? else { return Ok(None) };
                invitation::revoke_for(tx, &login, Kind::Recovery).await?;
                let link = Invitation {
                    id,
                    kind: Kind::Recovery,
                    login: login.clone(),
                    role,
                    teams: Vec::new(),
                    made_by,
                    created_at: now,
                    expires_at,
                    used_at: None,
                    revoked_at: None,
                };
                invitation::insert(tx, &link, hash).await?;
                tx.record(happening.draft("person.recovery_link_made").with("person", login));
                Ok(Some(link))
            })
        });
        let link = made.await?.ok_or(Error::NotFound("person"))?;
        // Whoever reads the mail of somebody who is shut out must not come in by it: this link is handed over.
        Ok(super::NewLink { url: format!("{}/welcome/{secret}", self.base_url()), invitation: link, mailed_through: None })
    }
}
