//! An incident that a person reports or declares.

use std::sync::Arc;

use jiff::Timestamp;
use watchfire_core::access::{Identity, Level, Right};
use watchfire_core::incident::{Class, Fact, Incident, Kind, Phase, Postmortem, SignalState, Visibility};
use watchfire_core::{Severity, chance, limits};
use watchfire_store::{incident, responsibility};

use super::{Happening, name, record};
use crate::responsibility::answers;
use crate::{Engine, Error, documents, grants, paging, words};

/// What a person says when declaring.
#[derive(Clone, Debug)]
pub struct Declare {
    pub title: String,
    pub class: Class,
    /// Without one the incident is only reported: declaring needs a severity.
    pub severity: Option<Severity>,
    /// `None` takes the plans' default team.
    pub team: Option<String>,
    /// `None` follows the class.
    pub visibility: Option<Visibility>,
    pub occurred_at: Option<Timestamp>,
    /// A first note.
    pub text: Option<String>,
    pub kind: Kind,
}

impl Engine {
    /// Raises an incident: declared if it has a severity, else reported.
    ///
    /// # Errors
    /// The title is empty, the start lies in the future, the role does not reach, or the store does not answer.
    pub async fn declare(&self, who: &Identity, wish: Declare) -> Result<Incident, Error> {
        who.may(Right::Act)?;
        let title = words::line("title", &wish.title, limits::TITLE_CHARS)?;
        if title.is_empty() {
            return Err(Error::invalid("title", "say in one line what is wrong"));
        }
        let now = self.now();
        if wish.occurred_at.is_some_and(|at| at > now) {
            return Err(Error::invalid("occurred_at", "it cannot have begun in the future"));
        }
        let team = self.team_meant(wish.team.as_deref()).await?;
        let note = words::prose("text", wish.text.as_deref().unwrap_or_default(), limits::TEXT_CHARS)?;
        let plans = self.0.plans.load();
        let happening = Happening::now(who.actor.clone(), now, &plans.version);
        let team = team.unwrap_or_else(|| plans.default.team.clone());
        let mut facts = vec![Fact::Reported { rule: String::new() }];
        facts.push(Fact::Triaged { class: wish.class, severity: wish.severity, team: team.clone() });
        if wish.severity.is_some() {
            facts.push(Fact::PhaseChanged { from: Phase::Triaged, to: Phase::Declared, reason: String::new() });
            facts.push(Fact::Acknowledged { by: who.actor.id().to_owned() });
        }
        if !note.is_empty() {
            facts.push(Fact::Noted { text: note });
        }
        let mut incident = blank(self, title, wish.class, team, &happening);
        incident.severity = wish.severity;
        incident.visibility = wish.visibility.unwrap_or_else(|| plans.access.visibility(wish.class, wish.severity));
        incident.kind = wish.kind;
        incident.occurred_at = wish.occurred_at;
        let granted = plans.access.grants(incident.class, incident.severity);
        let engine = self.clone();
        // Whoever reports what not everybody sees would not find it again.
        let reporter = (incident.visibility == Visibility::Restricted).then(|| who.login().map(str::to_owned)).flatten();
        let with = self.with(happening.clone()).await?;
        let wish = Arc::new((incident, facts, happening, with));
        let created = self.store().write(move |tx| {
            let (engine, wish, reporter, granted) = (engine.clone(), Arc::clone(&wish), reporter.clone(), granted.clone());
            Box::pin(async move {
                let mut incident = wish.0.clone();
                name(tx, &mut incident, engine.0.chance.as_ref()).await?;
                let facts = match paging::lead(&incident, wish.1.clone(), &wish.3) {
                    Ok(facts) => facts,
                    Err(refusal) => return Ok(Err(refusal.into())),
                };
                record(tx, &mut incident, &facts, &wish.2);
                paging::staff(tx, None, &mut incident, &wish.3);
                if incident.declared_at.is_some() {
                    documents::open(tx, &mut incident, &engine.plans().incidents, &wish.2).await?;
                }
                incident::insert(tx, &incident).await?;
                responsibility::put(tx, &[answers(&engine.plans(), &incident, "")]).await?;
                for (team, level) in &granted {
                    grants::give(tx, &grants::by_plan(engine.0.chance.as_ref(), incident.id, team, *level, &wish.2), &wish.2)
                        .await?;
                }
                if let Some(login) = &reporter {
                    let reason = "reported it";
                    grants::give(tx, &grants::for_doing(&engine, incident.id, login, Level::Act, reason, &wish.2), &wish.2)
                        .await?;
                }
                paging::follow(tx, None, &incident, &wish.3).await?;
                Ok(Ok(incident))
            })
        });
        created.await?
    }
}

/// Returns an incident that nothing has happened to yet: reported, restricted or open as its class has it. The caller
/// names and inserts it.
pub(crate) fn blank(engine: &Engine, title: String, class: Class, team: String, happening: &Happening) -> Incident {
    let now = happening.now;
    Incident {
        id: chance::id(engine.0.chance.as_ref(), now),
        short_id: String::new(),
        codename: String::new(),
        title,
        summary: String::new(),
        class,
        severity: None,
        phase: Phase::Reported,
        team,
        visibility: engine.0.plans.load().access.visibility(class, None),
        sensitivity: watchfire_core::incident::Sensitivity::Normal,
        kind: Kind::Real,
        signal: SignalState::None,
        roles: Vec::new(),
        postmortem: Postmortem::NotDue,
        occurred_at: None,
        detected_at: now,
        acknowledged_at: None,
        declared_at: None,
        resolved_at: None,
        closed_at: None,
        scope_known_at: None,
        signalled: None,
        merged_into: None,
        rule: String::new(),
        plan_version: happening.plan_version.clone(),
        created_at: now,
        updated_at: now,
        version: 1,
    }
}
