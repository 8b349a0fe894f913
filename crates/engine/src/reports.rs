//! Reports: somebody saw something and says so. Triage works through a checklist; the reporter is told that it is looked at.

use std::collections::BTreeMap;
use std::sync::Arc;

use watchfire_core::access::{Identity, Right};
use watchfire_core::actor::Actor;
use watchfire_core::incident::{Class, Fact, Refusal};
use watchfire_core::{limits, text};
use watchfire_store::report::{self, Receipt, Report, Words};
use watchfire_store::{incident, responsibility};

use crate::incidents::{Happening, blank, name, record};
use crate::responsibility::answers;
use crate::{Engine, Error, words};

/// What a reporter says.
#[derive(Clone, Debug)]
pub struct NewReport {
    pub saw: String,
    /// How to reach the reporter; empty where the login is enough.
    pub contact: String,
}

/// A reporter's own reports that are shown.
const RECEIPTS: usize = 50;

impl Engine {
    /// Takes a report from anybody who has an account; it becomes an incident in triage that only its people see.
    /// The reporter gets a receipt and needs no right to the incident for it.
    ///
    /// # Errors
    /// Nothing was said, or the store does not answer.
    pub async fn report(&self, who: &Identity, wish: NewReport) -> Result<Receipt, Error> {
        who.may(Right::Read)?;
        let saw = words::prose("saw", &wish.saw, limits::TEXT_CHARS)?;
        if saw.is_empty() {
            return Err(Error::invalid("saw", "say what you saw"));
        }
        let plans = self.plans();
        let happening = Happening::now(who.actor.clone(), self.now(), &plans.version);
        let title = text::line(saw.lines().next().unwrap_or_default(), 120);
        let mut incident = blank(self, title, Class::Other, plans.default.team.clone(), &happening);
        incident.visibility = watchfire_core::incident::Visibility::Restricted;
        let report = Report {
            incident: incident.id,
            reporter: who.actor.id().to_owned(),
            words: Words { saw, contact: text::line(&wish.contact, limits::TITLE_CHARS), checks: BTreeMap::new() },
            reported_at: happening.now,
            acknowledged_at: None,
            acknowledged_by: None,
        };
        let engine = self.clone();
        let wish = Arc::new((incident, report, happening));
        let stored = self.store().write(move |tx| {
            let (engine, wish) = (engine.clone(), Arc::clone(&wish));
            Box::pin(async move {
                let (mut incident, report, happening) = (*wish).clone();
                name(tx, &mut incident, engine.0.chance.as_ref()).await?;
                let facts = [Fact::Reported { rule: String::new() }, Fact::ReportReceived { reporter: report.reporter.clone() }];
                record(tx, &mut incident, &facts, &happening);
                incident::insert(tx, &incident).await?;
                responsibility::put(tx, &[answers(&engine.plans(), &incident, "")]).await?;
                report::insert(tx, &report).await?;
                Ok(Receipt {
                    short_id: incident.short_id,
                    saw: report.words.saw,
                    reported_at: report.reported_at,
                    acknowledged_at: None,
                })
            })
        });
        Ok(stored.await?)
    }

    /// Returns the receipts of the caller's own reports, the newest first.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn my_reports(&self, who: &Identity) -> Result<Vec<Receipt>, Error> {
        who.may(Right::Read)?;
        let mut reader = self.store().read().await?;
        Ok(report::of_reporter(&mut reader, who.actor.id(), RECEIPTS).await?)
    }

    /// Returns the report that an incident came from, if it came from one.
    ///
    /// # Errors
    /// The incident is not found for this caller, or the store does not answer.
    pub async fn report_of(&self, who: &Identity, id: &str) -> Result<Option<Report>, Error> {
        let incident = self.find(who, id).await?.id;
        let mut reader = self.store().read().await?;
        Ok(report::get(&mut reader, incident).await?)
    }

    /// Answers one line of the triage checklist. An answer replaces the one before, which stays on the record.
    ///
    /// # Errors
    /// Not found for this caller, not from a report, no such check, or the store does not answer.
    pub async fn answer_check(&self, who: &Identity, id: &str, check: &str, answer: &str) -> Result<Report, Error> {
        // The rights come first: whoever has none is not told which lines the checklist has either.
        self.reach(who, Right::Act, id).await?;
        let answer = text::prose(answer, 2_000);
        if answer.is_empty() {
            return Err(Refusal::TextMissing.into());
        }
        let check = check.to_owned();
        if !self.plans().incidents.checks.contains(&check) {
            return Err(Error::invalid("check", "the checklist of the plans has no such line"));
        }
        self.change_report(who, id, move |report, _| {
            report.words.checks.insert(check.clone(), answer.clone());
            Some(Fact::CheckAnswered { check: check.clone(), answer: answer.clone() })
        })
        .await
    }

    /// Tells the reporter that somebody looks at it.
    ///
    /// # Errors
    /// Not found for this caller, not from a report, acknowledged before, or the store does not answer.
    pub async fn acknowledge_report(&self, who: &Identity, id: &str) -> Result<Report, Error> {
        self.change_report(who, id, |report, happening| {
            if report.acknowledged_at.is_some() {
                return None;
            }
            report.acknowledged_at = Some(happening.now);
            report.acknowledged_by = Some(actor_id(&happening.actor));
            Some(Fact::ReportAcknowledged { reporter: report.reporter.clone() })
        })
        .await
    }

    async fn change_report(
        &self,
        who: &Identity,
        id: &str,
        change: impl Fn(&mut Report, &Happening) -> Option<Fact> + Send + Sync + 'static,
    ) -> Result<Report, Error> {
        let incident = self.reach(who, Right::Act, id).await?.id;
        let happening = self.happening(who);
        let change = Arc::new(change);
        let changed = self.store().write(move |tx| {
            let (happening, change) = (happening.clone(), Arc::clone(&change));
            Box::pin(async move {
                let (Some(mut incident), Some(mut report)) =
                    (incident::by_id(tx, incident).await?, report::get(tx, incident).await?)
                else {
                    return Ok(Err(Error::NotFound("report")));
                };
                let Some(fact) = change(&mut report, &happening) else { return Ok(Err(Refusal::Unchanged.into())) };
                record(tx, &mut incident, &[fact], &happening);
                report::save(tx, &report).await?;
                incident::save(tx, &incident).await?;
                Ok(Ok(report))
            })
        });
        changed.await?
    }
}

fn actor_id(actor: &Actor) -> String {
    actor.id().to_owned()
}
