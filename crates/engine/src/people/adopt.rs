//! Installations from before there were people.

use watchfire_core::access::{Identity, Role};
use watchfire_core::person::{self, Person, State, Tags};
use watchfire_store::{person as people, token as tokens};

use super::change::insert;
use crate::{Engine, Error};

impl Engine {
    /// Makes a person of everybody who holds a token or a session and is none yet, with the highest role of what they
    /// hold, so that what worked before goes on working. Returns how many.
    ///
    /// # Errors
    /// The store does not answer.
    pub(crate) async fn adopt_holders(&self) -> Result<usize, Error> {
        let mut reader = self.store().read().await?;
        let strangers = people::strangers(&mut reader).await?;
        drop(reader);
        if strangers.is_empty() {
            return Ok(0);
        }
        let (happening, now, count) = (self.happening(&Identity::machine("setup")), self.now(), strangers.len());
        self.store()
            .write(move |tx| {
                let (happening, strangers) = (happening.clone(), strangers.clone());
                // Services from before belong to an owner from before: which one made them is not known.
                let owner = strangers.iter().find(|(_, role)| *role == Role::Owner).map(|(login, _)| login.clone());
                Box::pin(async move {
                    for (login, role) in strangers {
                        // A login from before may be spelled in a way that none is made of today: it stays as it is.
                        let person = Person {
                            name: person::login(&login).unwrap_or_else(|| login.clone()),
                            login,
                            role,
                            state: State::Active,
                            time_zone: "UTC".to_owned(),
                            tags: Tags::default(),
                            addresses: Vec::new(),
                            created_at: now,
                            changed_at: now,
                            version: 1,
                        };
                        insert(tx, &person, &happening).await?;
                    }
                    if let Some(owner) = owner {
                        tokens::adopt(tx, &owner).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        Ok(count)
    }
}
