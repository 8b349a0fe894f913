//! Coming in: by token, by sign-in link, with a session. What somebody may do is looked up each time, never remembered.

use jiff::{SignedDuration, Timestamp};
use watchfire_core::access::{Identity, Right, Role};
use watchfire_core::actor::Actor;
use watchfire_core::chance;
use watchfire_core::id::TokenId;
use watchfire_core::person::State;
use watchfire_core::text;
use watchfire_core::token::{self, TokenKind};
use watchfire_store::session::{self, Kind, Session};
use watchfire_store::sign_in::session as own;
use watchfire_store::token as tokens;
use watchfire_store::token::Token;
use watchfire_store::{Conn, person as people};

use crate::{Engine, Error};

/// How long a sign-in link works.
const LINK_LIFE: SignedDuration = SignedDuration::from_mins(15);
/// How often the last use of a credential is written.
const TOUCH_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// The secret of a browser session, for its cookie.
#[derive(Clone, Debug)]
pub struct SessionSecret {
    pub secret: String,
    pub expires_at: Timestamp,
}

impl Engine {
    /// Tells whether somebody has an account that is not shut: a session that is over then ran out, and was not ended with the account.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn is_active(&self, who: &Identity) -> Result<bool, Error> {
        let mut reader = self.store().read().await?;
        Ok(role_now(&mut reader, who.login().unwrap_or_default()).await?.is_some())
    }

    /// Tells who holds a token and how far they reach now; `None` for anything that is not a valid one, whatever the reason.
    ///
    /// # Errors
    /// The store does not answer: then nobody is let in.
    pub async fn authenticate(&self, secret: &str) -> Result<Option<Identity>, Error> {
        Ok(self.holder(secret).await?.map(|(identity, _)| identity))
    }

    /// As [`Engine::authenticate`], with the token's id.
    async fn holder(&self, secret: &str) -> Result<Option<(Identity, TokenId)>, Error> {
        let known = [TokenKind::Personal, TokenKind::Service].into_iter().any(|kind| token::is_well_formed(kind, secret));
        if !known {
            return Ok(None);
        }
        let now = self.now();
        let mut reader = self.store().read().await?;
        let Some(token) = tokens::by_hash(&mut reader, token::hash(secret)).await? else { return Ok(None) };
        let Some(identity) = identity_of_token(&mut reader, &token, now).await? else { return Ok(None) };
        drop(reader);
        if token.last_used_at.is_none_or(|used| now.duration_since(used) >= TOUCH_EVERY) {
            let id = token.id;
            self.store().write(move |tx| Box::pin(async move { tokens::touch(tx, id, now).await })).await?;
        }
        Ok(Some((identity, token.id)))
    }

    /// Makes a one-time sign-in link for an identity and returns its path.
    ///
    /// # Errors
    /// The role does not reach, or the store does not answer.
    pub async fn sign_in_link(&self, who: &Identity, person: &str, role: Role) -> Result<String, Error> {
        who.may(Right::Administer)?;
        let happening = self.happening(who);
        let secret = token::write(TokenKind::SignIn, chance::bytes(self.0.chance.as_ref()));
        let hash = token::hash(&secret);
        let link = Session {
            proved_at: None,
            token: None,
            role,
            actor: Actor::Person { id: text::line(person, 200) },
            created_at: happening.now,
            expires_at: happening.now.checked_add(LINK_LIFE).unwrap_or(happening.now),
            seen_at: happening.now,
        };
        self.store()
            .write(move |tx| {
                let (happening, link) = (happening.clone(), link.clone());
                Box::pin(async move {
                    tx.record(happening.draft("sign_in.link_made").with("person", link.actor.id()));
                    session::insert(tx, Kind::Link, hash, &link).await
                })
            })
            .await?;
        Ok(format!("/sign-in/{secret}"))
    }

    /// Redeems a sign-in link, once, or signs in by a token; `None` if it is not valid (any more).
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn sign_in(&self, secret: &str) -> Result<Option<SessionSecret>, Error> {
        let by_token = self.holder(secret).await?;
        if by_token.is_none() && !token::is_well_formed(TokenKind::SignIn, secret) {
            return Ok(None);
        }
        let now = self.now();
        let cookie = token::write(TokenKind::Session, chance::bytes(self.0.chance.as_ref()));
        let id = text::hex(&chance::bytes::<16>(self.0.chance.as_ref()));
        let means = if by_token.is_some() { "token" } else { "link" };
        let (link, hash) = (token::hash(secret), token::hash(&cookie));
        let expires_at = now.checked_add(self.0.ways.sessions.whole).unwrap_or(now);
        let plan_version = self.0.plans.load().version.clone();
        let opened = self.store().write(move |tx| {
            let (by_token, plan_version, id) = (by_token.clone(), plan_version.clone(), id.clone());
            Box::pin(async move {
                let (identity, token) = match by_token {
                    Some((identity, token)) => (Some(identity), Some(token)),
                    None => match session::redeem(tx, link).await? {
                        Some(link) => (identity_of_actor(tx, &link.actor).await?, None),
                        None => (None, None),
                    },
                };
                let Some(identity) = identity else { return Ok(false) };
                let mut draft = watchfire_core::record::Draft::new("session.opened", identity.actor.clone(), now);
                draft.plan_version = plan_version;
                tx.record(draft);
                let (role, actor) = (identity.role, identity.actor);
                let session = Session { role, actor, created_at: now, expires_at, seen_at: now, proved_at: None, token };
                session::insert(tx, Kind::Session, hash, &session).await?;
                own::describe(tx, hash, &id, means, "").await?;
                Ok(true)
            })
        });
        Ok(opened.await?.then_some(SessionSecret { secret: cookie, expires_at }))
    }

    /// Tells whose session a cookie is.
    ///
    /// # Errors
    /// The store does not answer: then nobody is let in.
    pub async fn session(&self, secret: &str) -> Result<Option<Identity>, Error> {
        if !token::is_well_formed(TokenKind::Session, secret) {
            return Ok(None);
        }
        let (now, hash) = (self.now(), token::hash(secret));
        let mut reader = self.store().read().await?;
        let Some(session) = session::by_hash(&mut reader, hash, now).await? else { return Ok(None) };
        let idle = now.duration_since(session.seen_at);
        if idle >= self.0.ways.sessions.idle {
            return Ok(None);
        }
        let identity = match session.token {
            Some(token) => match tokens::get(&mut reader, token).await? {
                Some(token) => identity_of_token(&mut reader, &token, now).await?,
                None => None,
            },
            None => identity_of_actor(&mut reader, &session.actor).await?,
        };
        drop(reader);
        if identity.is_none() {
            return Ok(None);
        }
        // Often enough that a session in use does not end between two writes, however short its limit is.
        if idle >= TOUCH_EVERY.min(self.0.ways.sessions.idle / 4) {
            self.store().write(move |tx| Box::pin(async move { session::touch(tx, hash, now).await })).await?;
        }
        Ok(identity.map(|who| who.proved_at(session.proved_at)))
    }

    /// Ends a session; ending one that is not there is fine.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn end_session(&self, secret: &str) -> Result<(), Error> {
        let hash = token::hash(secret);
        self.store().write(move |tx| Box::pin(async move { session::delete(tx, hash).await })).await?;
        Ok(())
    }
}

/// Returns what a token gives at an instant: never more than its owner has then, and nothing if they have nothing.
async fn identity_of_token(conn: &mut Conn, token: &Token, now: Timestamp) -> Result<Option<Identity>, watchfire_store::Error> {
    if !token.is_valid(now) {
        return Ok(None);
    }
    let owner = match &token.owner {
        Some(login) => role_now(conn, login).await?,
        None => None,
    };
    Ok(token.identity(owner))
}

/// Returns what a person may do now. Nobody else has sessions of their own.
async fn identity_of_actor(conn: &mut Conn, actor: &Actor) -> Result<Option<Identity>, watchfire_store::Error> {
    let Actor::Person { id } = actor else { return Ok(None) };
    Ok(role_now(conn, id).await?.map(|role| Identity::person(id, role)))
}

/// Returns the role that somebody has now: the invited and the disabled have none.
async fn role_now(conn: &mut Conn, login: &str) -> Result<Option<Role>, watchfire_store::Error> {
    let standing = people::standing(conn, login).await?;
    Ok(standing.and_then(|(role, state)| (state == State::Active).then_some(role)))
}
