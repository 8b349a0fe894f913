//! Credentials: tokens, sign-in links, sessions.

use jiff::{SignedDuration, Timestamp};
use watchfire_core::access::{Identity, Right, Role};
use watchfire_core::actor::Actor;
use watchfire_core::chance;
use watchfire_core::id::TokenId;
use watchfire_core::text;
use watchfire_core::token::{self, TokenKind};
use watchfire_store::session::{self, Kind, Session};
use watchfire_store::sign_in::session as own;
use watchfire_store::token as tokens;
use watchfire_store::token::Token;

use crate::{Engine, Error};

/// How long a token may live.
const TOKEN_DAYS: i64 = 365;
/// How long a sign-in link works.
const LINK_LIFE: SignedDuration = SignedDuration::from_mins(15);
/// How often the last use of a credential is written.
const TOUCH_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// A token just made: the only time that the secret is shown.
#[derive(Clone, Debug)]
pub struct NewToken {
    pub token: Token,
    pub secret: String,
}

/// The secret of a browser session, for its cookie.
#[derive(Clone, Debug)]
pub struct SessionSecret {
    pub secret: String,
    pub expires_at: Timestamp,
}

impl Engine {
    /// Makes a token. It never reaches further than its maker.
    ///
    /// # Errors
    /// The maker's role does not reach, the name is empty, the end lies in the past or beyond a year, or the store does
    /// not answer.
    pub async fn add_token(
        &self,
        who: &Identity,
        name: &str,
        kind: TokenKind,
        role: Role,
        expires_at: Option<Timestamp>,
    ) -> Result<NewToken, Error> {
        who.may(Right::Administer)?;
        self.proved(who)?;
        let name = text::line(name, 80);
        if name.is_empty() {
            return Err(Error::invalid("name", "give the token a name"));
        }
        if role > who.role {
            return Err(Error::invalid("role", "a token cannot reach further than its maker"));
        }
        let happening = self.happening(who);
        let latest = happening.now.checked_add(SignedDuration::from_hours(24 * TOKEN_DAYS)).unwrap_or(happening.now);
        let expires_at = expires_at.unwrap_or(latest);
        if expires_at <= happening.now || expires_at > latest {
            return Err(Error::invalid("expires_at", format!("it must lie within the next {TOKEN_DAYS} days")));
        }
        let secret = token::write(kind, chance::bytes(self.0.chance.as_ref()));
        let actor = match kind {
            TokenKind::Personal => who.actor.clone(),
            _ => Actor::Service { id: name.clone() },
        };
        let token = Token {
            id: chance::id(self.0.chance.as_ref(), happening.now),
            name,
            kind: kind.prefix().to_owned(),
            role,
            actor,

            created_at: happening.now,
            expires_at: Some(expires_at),
            last_used_at: None,
            revoked_at: None,
        };
        let (row, hash) = (token.clone(), token::hash(&secret));
        self.store()
            .write(move |tx| {
                let (happening, row) = (happening.clone(), row.clone());
                Box::pin(async move {
                    tx.record(
                        happening
                            .draft("token.added")
                            .with("token", row.id.to_string())
                            .with("name", row.name.as_str())
                            .with("role", row.role.as_str()),
                    );
                    tokens::insert(tx, &row, hash).await
                })
            })
            .await?;
        Ok(NewToken { token, secret })
    }

    /// Lists all tokens, newest first; secrets are not kept.
    ///
    /// # Errors
    /// The role does not reach, or the store does not answer.
    pub async fn tokens(&self, who: &Identity) -> Result<Vec<Token>, Error> {
        who.may(Right::Administer)?;
        let mut reader = self.store().read().await?;
        Ok(tokens::list(&mut reader).await?)
    }

    /// Revokes a token, at once.
    ///
    /// # Errors
    /// Not found or revoked already, the role does not reach, or the store does not answer.
    pub async fn revoke_token(&self, who: &Identity, id: TokenId) -> Result<(), Error> {
        who.may(Right::Administer)?;
        let happening = self.happening(who);
        let revoked = self.store().write(move |tx| {
            let happening = happening.clone();
            Box::pin(async move {
                let revoked = tokens::revoke(tx, id, happening.now).await?;
                if revoked {
                    tx.record(happening.draft("token.revoked").with("token", id.to_string()));
                }
                Ok(revoked)
            })
        });
        if revoked.await? { Ok(()) } else { Err(Error::NotFound("token")) }
    }

    /// Tells who holds a token; `None` for anything that is not a valid one, whatever the reason.
    ///
    /// # Errors
    /// The store does not answer: then nobody is let in.
    pub async fn authenticate(&self, secret: &str) -> Result<Option<Identity>, Error> {
        let known = [TokenKind::Personal, TokenKind::Service].into_iter().any(|kind| token::is_well_formed(kind, secret));
        if !known {
            return Ok(None);
        }
        let now = self.now();
        let mut reader = self.store().read().await?;
        let Some(token) = tokens::by_hash(&mut reader, token::hash(secret)).await? else { return Ok(None) };
        drop(reader);
        if !token.is_valid(now) {
            return Ok(None);
        }
        if token.last_used_at.is_none_or(|used| now.duration_since(used) >= TOUCH_EVERY) {
            let id = token.id;
            self.store().write(move |tx| Box::pin(async move { tokens::touch(tx, id, now).await })).await?;
        }
        Ok(Some(token.identity()))
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
        let by_token = self.authenticate(secret).await?;
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
                let identity = match by_token {
                    Some(identity) => Some(identity),
                    None => session::redeem(tx, link).await?.map(|link| link.identity()),
                };
                let Some(identity) = identity else { return Ok(false) };
                let mut draft = watchfire_core::record::Draft::new("session.opened", identity.actor.clone(), now);
                draft.plan_version = plan_version;
                tx.record(draft);
                let session = Session { role: identity.role, actor: identity.actor, created_at: now, expires_at, seen_at: now };
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
        let proved_at = own::proved_at(&mut reader, hash).await?;
        drop(reader);
        let idle = now.duration_since(session.seen_at);
        if idle >= self.0.ways.sessions.idle {
            return Ok(None);
        }
        if idle >= TOUCH_EVERY {
            self.store().write(move |tx| Box::pin(async move { session::touch(tx, hash, now).await })).await?;
        }
        Ok(Some(session.identity().proved_at(proved_at)))
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
