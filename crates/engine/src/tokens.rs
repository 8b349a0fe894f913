//! Tokens: made, listed, revoked.

use jiff::{SignedDuration, Timestamp};
use watchfire_core::access::{Identity, Powers, Right, Role};
use watchfire_core::actor::Actor;
use watchfire_core::chance;
use watchfire_core::id::TokenId;
use watchfire_core::token::{self, TokenKind};
use watchfire_store::token::Token;
use watchfire_store::{timer, token as tokens};

use crate::{Engine, Error, words};

/// How long a token may live.
const TOKEN_DAYS: i64 = 365;
/// The timer of a token that ends soon.
pub(crate) const TOKEN_ENDS_SOON: &str = "token.ends_soon";
/// How long before its end a token is said to end soon.
const SOON_DAYS: i64 = 14;

/// A token to be made.
#[derive(Clone, Debug)]
pub struct TokenWish {
    pub name: String,
    /// A personal one acts as its maker, a service's under its own name.
    pub kind: TokenKind,
    /// Never further than the maker.
    pub role: Role,
    /// What it may be used for; never more than what the maker came in with.
    pub powers: Powers,
    /// `None` is a year from now.
    pub expires_at: Option<Timestamp>,
}

/// A token just made: the only time that the secret is shown.
#[derive(Clone, Debug)]
pub struct NewToken {
    pub token: Token,
    pub secret: String,
}

impl Engine {
    /// Makes a token with everything that its role gives, see [`Engine::make_token`].
    ///
    /// # Errors
    /// As [`Engine::make_token`].
    pub async fn add_token(
        &self,
        who: &Identity,
        name: &str,
        kind: TokenKind,
        role: Role,
        expires_at: Option<Timestamp>,
    ) -> Result<NewToken, Error> {
        let wish = TokenWish { name: name.to_owned(), kind, role, powers: who.powers, expires_at };
        self.make_token(who, wish).await
    }

    /// Makes a token. Everybody may make personal ones, owners those of services. It never reaches further than its maker
    /// does at the moment in which it is used.
    ///
    /// # Errors
    /// The maker's role or scopes do not reach, the name is empty, the end lies in the past or beyond a year, or the store
    /// does not answer.
    pub async fn make_token(&self, who: &Identity, wish: TokenWish) -> Result<NewToken, Error> {
        match wish.kind {
            TokenKind::Personal if who.login().is_some() => who.carries(Right::Act)?,
            TokenKind::Personal => return Err(Error::invalid("kind", "only people have personal tokens")),
            _ => who.may(Right::Administer)?,
        }
        self.proved(who)?;
        let name = words::line("name", &wish.name, 80)?;
        if name.is_empty() {
            return Err(Error::invalid("name", "give the token a name"));
        }
        if wish.role > who.role {
            return Err(Error::invalid("role", "a token cannot reach further than its maker"));
        }
        if wish.powers == Powers::NONE {
            return Err(Error::invalid("scopes", "name at least one of read, act, configure, administer"));
        }
        if !wish.powers.within(who.powers) {
            return Err(Error::invalid("scopes", "a token cannot be used for more than the one that it is made with"));
        }
        let happening = self.happening(who);
        let latest = happening.now.checked_add(SignedDuration::from_hours(24 * TOKEN_DAYS)).unwrap_or(happening.now);
        let expires_at = wish.expires_at.unwrap_or(latest);
        if expires_at <= happening.now || expires_at > latest {
            return Err(Error::invalid("expires_at", format!("it must lie within the next {TOKEN_DAYS} days")));
        }
        let secret = token::write(wish.kind, chance::bytes(self.0.chance.as_ref()));
        let actor = match wish.kind {
            TokenKind::Personal => who.actor.clone(),
            _ => Actor::Service { id: name.clone() },
        };
        let token = Token {
            id: chance::id(self.0.chance.as_ref(), happening.now),
            name,
            kind: wish.kind.prefix().to_owned(),
            role: wish.role,
            actor,
            created_at: happening.now,
            expires_at: Some(expires_at),
            last_used_at: None,
            revoked_at: None,
            powers: wish.powers,
            owner: who.login().map(str::to_owned),
        };
        let (row, hash) = (token.clone(), token::hash(&secret));
        // One that is made for less than that needs no warning: whoever makes it knows.
        let soon = expires_at.checked_sub(SignedDuration::from_hours(24 * SOON_DAYS)).ok().filter(|soon| *soon > happening.now);
        self.store()
            .write(move |tx| {
                let (happening, row) = (happening.clone(), row.clone());
                Box::pin(async move {
                    tx.record(
                        happening
                            .draft("token.added")
                            .with("token", row.id.to_string())
                            .with("name", row.name.as_str())
                            .with("role", row.role.as_str())
                            .with("scopes", row.powers.words().join(" ")),
                    );
                    if let Some(soon) = soon {
                        timer::put(tx, soon, TOKEN_ENDS_SOON, &row.id.to_string(), &serde_json::Value::Null).await?;
                    }
                    tokens::insert(tx, &row, hash).await
                })
            })
            .await?;
        Ok(NewToken { token, secret })
    }

    /// Says on the record that a token ends soon, so that the next one is made before it does.
    pub(crate) async fn token_ends_soon(&self, due: &timer::Timer) -> Result<(), Error> {
        let happening = self.happening(&Identity::machine("due_timers"));
        let due = due.clone();
        self.store()
            .write(move |tx| {
                let (happening, due) = (happening.clone(), due.clone());
                Box::pin(async move {
                    let token = match due.subject.parse() {
                        Ok(id) => tokens::get(tx, id).await?,
                        Err(_) => None,
                    };
                    if timer::done(tx, &due).await?
                        && let Some(token) = token.filter(|token| token.is_valid(happening.now))
                    {
                        let draft = happening.draft("token.ends_soon").with("token", token.id.to_string());
                        let draft = draft.with("name", token.name).with("owner", token.owner);
                        tx.record(draft.with("ends", token.expires_at.map(|end| end.to_string())));
                    }
                    Ok(())
                })
            })
            .await?;
        Ok(())
    }

    /// Lists tokens, newest first; secrets are not kept. Owners see all, everybody else their own.
    ///
    /// # Errors
    /// A service without the role asks, or the store does not answer.
    pub async fn tokens(&self, who: &Identity) -> Result<Vec<Token>, Error> {
        let all = who.may(Right::Administer);
        let mut reader = self.store().read().await?;
        match (all, who.login()) {
            (Ok(()), _) => Ok(tokens::list(&mut reader).await?),
            (Err(_), Some(login)) => {
                who.carries(Right::Read)?;
                Ok(tokens::of_owner(&mut reader, login).await?)
            }
            (Err(denied), None) => Err(denied.into()),
        }
    }

    /// Lists the valid tokens that end within some days, the first to end first: as far as the caller sees them.
    ///
    /// # Errors
    /// As [`Engine::tokens`].
    pub async fn tokens_ending(&self, who: &Identity, days: i64) -> Result<Vec<Token>, Error> {
        let seen = self.tokens(who).await?;
        let now = self.now();
        let until = now.checked_add(SignedDuration::from_hours(24 * days.clamp(0, TOKEN_DAYS))).unwrap_or(now);
        let mut reader = self.store().read().await?;
        let mut ending = tokens::ending(&mut reader, now, until).await?;
        ending.retain(|token| seen.iter().any(|known| known.id == token.id));
        Ok(ending)
    }

    /// Revokes a token, at once, with every session that was opened with it. One's own, or any for owners.
    ///
    /// # Errors
    /// Not found for this caller or revoked already, or the store does not answer.
    pub async fn revoke_token(&self, who: &Identity, id: TokenId) -> Result<(), Error> {
        if !self.tokens(who).await?.iter().any(|token| token.id == id) {
            return Err(Error::NotFound("token"));
        }
        who.carries(Right::Act)?;
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
}
