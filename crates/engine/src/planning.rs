//! Plans in force: checked, kept as versions, put in force by a recorded act.

use jiff::Timestamp;
use watchfire_core::access::{Identity, Right};
use watchfire_core::actor::Actor;
use watchfire_core::record::Draft;
use watchfire_store::plan::{self, Plan};

use crate::plans::{self, Fault, Files, PlanSet};
use crate::{Engine, Error, Parts};

/// Returns the plans in force. On a new store the built-in ones are put in force.
pub(crate) async fn in_force(parts: &Parts) -> Result<PlanSet, Error> {
    let mut reader = parts.store.read().await?;
    let current = plan::current(&mut reader).await?;
    drop(reader);
    if let Some(version) = current {
        return PlanSet::load_kept(version.files).map_err(Error::Plans);
    }
    let set = PlanSet::load(plans::builtin_files()).map_err(Error::Plans)?;
    put(&parts.store, &set, Actor::machine("start"), parts.clock.now()).await?;
    Ok(set)
}

impl Engine {
    /// Shows the plans in force.
    ///
    /// # Errors
    /// The role does not reach, or the store does not answer.
    pub async fn plans_current(&self, who: &Identity) -> Result<Plan, Error> {
        who.may(Right::Act)?;
        let mut reader = self.store().read().await?;
        plan::current(&mut reader).await?.ok_or(Error::NotFound("version of the plans"))
    }

    /// Shows one version.
    ///
    /// # Errors
    /// Not found, the role does not reach, or the store does not answer.
    pub async fn plans_version(&self, who: &Identity, version: &str) -> Result<Plan, Error> {
        who.may(Right::Act)?;
        let mut reader = self.store().read().await?;
        plan::get(&mut reader, version).await?.ok_or(Error::NotFound("version of the plans"))
    }

    /// Lists all versions, the newest first, without their files.
    ///
    /// # Errors
    /// The role does not reach, or the store does not answer.
    pub async fn plans_versions(&self, who: &Identity) -> Result<Vec<Plan>, Error> {
        who.may(Right::Act)?;
        let mut reader = self.store().read().await?;
        Ok(plan::list(&mut reader, watchfire_core::limits::PAGE).await?)
    }

    /// Returns the compiled plans in force.
    pub fn plans(&self) -> std::sync::Arc<PlanSet> {
        self.0.plans.load_full()
    }

    /// Puts plans in force. The version before stays kept; what runs goes on under the one it began with.
    ///
    /// # Errors
    /// [`Error::Plans`] with every fault: then the old version stays in force. Or the store does not answer.
    pub async fn plans_apply(&self, who: &Identity, files: Files) -> Result<Plan, Error> {
        who.may(Right::Configure)?;
        let set = PlanSet::load(files).map_err(Error::Plans)?;
        let version = put(self.store(), &set, who.actor.clone(), self.now()).await?;
        self.0.plans.store(std::sync::Arc::new(set));
        self.plan_digest(true).await?;
        Ok(version)
    }

    /// Takes over plans that another node has put in force.
    pub(crate) async fn follow_plans(&self) -> Result<(), Error> {
        let mut reader = self.store().read().await?;
        let Some(current) = plan::current(&mut reader).await? else { return Ok(()) };
        if current.version != self.0.plans.load().version {
            let set = PlanSet::load_kept(current.files).map_err(Error::Plans)?;
            tracing::info!(plans.version = %set.version, "plans of another node were taken over");
            self.0.plans.store(std::sync::Arc::new(set));
        }
        Ok(())
    }
}

/// Checks files without putting them in force.
///
/// # Errors
/// Every fault with file, line and column.
pub fn check(files: Files) -> Result<PlanSet, Vec<Fault>> {
    PlanSet::load(files)
}

async fn put(store: &watchfire_store::Store, set: &PlanSet, by: Actor, at: Timestamp) -> Result<Plan, Error> {
    let version = Plan { version: set.version.clone(), files: set.files.clone(), applied_at: at, applied_by: by.id().to_owned() };
    let row = version.clone();
    store
        .write(move |tx| {
            let (row, by) = (row.clone(), by.clone());
            Box::pin(async move {
                let mut draft = Draft::new("plans.applied", by, at).with("version", row.version.as_str());
                draft.plan_version.clone_from(&row.version);
                tx.record(draft);
                plan::put(tx, &row).await
            })
        })
        .await?;
    Ok(version)
}
