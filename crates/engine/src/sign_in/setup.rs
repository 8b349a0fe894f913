//! The first owner of a new installation.

use jiff::SignedDuration;
use watchfire_core::access::{Identity, Role};
use watchfire_core::chance;
use watchfire_core::person::{State, Tags};
use watchfire_store::sign_in::invitation::{self, Invitation, Kind};
use watchfire_store::{person as people, setting};

use super::by_sign_on::join_teams;
use super::session::Opened;
use super::{Credential, SignInError};
use crate::people::{self as changes, NewPerson, Organisation};
use crate::{Engine, Error};

/// What the first-run wizard asks.
#[derive(Clone)]
pub struct Setup {
    pub organisation: Organisation,
    pub name: String,
    pub login: String,
    pub teams: Vec<String>,
    pub credential: Credential,
}

impl Engine {
    /// Makes the link to the first-run wizard, as long as there is nobody; those before it are worth nothing from then on.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn setup_link(&self) -> Result<Option<String>, Error> {
        let (secret, hash) = self.draw_link();
        let (happening, now) = (self.happening(&Identity::machine("setup")), self.now());
        let id = chance::id(self.0.chance.as_ref(), now);
        let made = self.store().write(move |tx| {
            let happening = happening.clone();
            Box::pin(async move {
                if people::any(tx).await? {
                    return Ok(false);
                }
                invitation::revoke_for(tx, "", Kind::Setup).await?;
                let link = Invitation {
                    id,
                    kind: Kind::Setup,
                    login: String::new(),
                    role: Role::Owner,
                    teams: Vec::new(),
                    made_by: happening.actor.id().to_owned(),
                    created_at: now,
                    expires_at: now.checked_add(SignedDuration::from_hours(24)).unwrap_or(now),
                    used_at: None,
                    revoked_at: None,
                };
                invitation::insert(tx, &link, hash).await?;
                tx.record(happening.draft("setup.link_made"));
                Ok(true)
            })
        });
        Ok(made.await?.then(|| format!("{}/welcome/{secret}", self.base_url())))
    }

    /// Sets the installation up: the organisation, its first owner and their teams, in one transaction; signs the owner in.
    ///
    /// # Errors
    /// [`SignInError::Link`] also when somebody was quicker; a field does not fit; [`SignInError::Weak`].
    pub async fn set_up(&self, secret: &str, wanted: Setup, device: &str) -> Result<Opened, SignInError> {
        let link = self.open_link(secret).await?;
        if link.kind != Kind::Setup {
            return Err(SignInError::Link);
        }
        let organisation =
            Organisation { name: watchfire_core::text::line(&wanted.organisation.name, 120), ..wanted.organisation };
        if organisation.name.is_empty() {
            return Err(Error::invalid("organisation", "say what the organisation is called").into());
        }
        let new = NewPerson {
            login: wanted.login,
            name: wanted.name,
            role: Role::Owner,
            state: State::Active,
            time_zone: String::new(),
            tags: Tags::default(),
        };
        let owner = changes::fresh(new, self.now())?;
        let plans = self.0.plans.load();
        let teams: Vec<String> =
            wanted.teams.into_iter().filter(|team| plans.teams.iter().any(|known| known.id == *team)).collect();
        drop(plans);
        let ready = self.ready(&owner.login, &wanted.credential, &[&owner.name, &organisation.name]).await?;
        let (opening, login) = (self.opening(ready.means(), device), owner.login.clone());
        let made = {
            let opening = opening.clone();
            self.store().write(move |tx| {
                let (opening, owner, ready) = (opening.clone(), owner.clone(), ready.clone());
                let (organisation, teams, id) = (organisation.clone(), teams.clone(), link.id);
                Box::pin(async move {
                    if people::any(tx).await? || !invitation::use_up(tx, id).await? {
                        return Ok(false);
                    }
                    let happening = opening.happening(&owner.login);
                    changes::insert(tx, &owner, &happening).await?;
                    changes::write_organisation(tx, &organisation, &happening).await?;
                    join_teams(tx, &owner.login, &teams, &happening).await?;
                    ready.keep(tx, &owner.login, &happening).await?;
                    opening.open(tx, &owner.login, Role::Owner).await?;
                    setting::put(tx, "setup.done", "yes", happening.now).await?;
                    Ok(true)
                })
            })
        };
        if made.await? { Ok(opening.opened(&login)) } else { Err(SignInError::Link) }
    }

    /// Returns the teams of the plans in force, for those who are not signed in yet.
    pub fn team_names(&self) -> Vec<(String, String)> {
        self.0.plans.load().teams.iter().map(|team| (team.id.clone(), team.title.clone())).collect()
    }
}
