//! The budget of pages: how often people were told, at night, and for nothing.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use watchfire_core::access::{Identity, Right};
use watchfire_store::paging::{self, Told};

use crate::{Engine, Error};

/// Days that can be looked at.
const DAYS: i64 = 366;
/// The shift of the budget: twelve hours, in microseconds.
const SHIFT_MICROS: i64 = 12 * 3_600 * 1_000_000;
/// Pages that one shift bears; more leaves no time to finish what was begun.
pub const PER_SHIFT: i64 = 2;

/// How often people were told within a span.
#[derive(Clone, PartialEq, Debug)]
pub struct Budget {
    pub from: Timestamp,
    pub until: Timestamp,
    /// Those who were told most come first.
    pub people: Vec<Load>,
    pub pages: i64,
    /// Pages about incidents that were none.
    pub non_actionable: i64,
    /// What to do about the rule that caused most; `None` while there is nothing to say.
    pub suggestion: Option<Suggestion>,
}

/// How often one person was told.
#[derive(Clone, PartialEq, Debug)]
pub struct Load {
    pub person: String,
    pub pages: i64,
    pub per_week: f64,
    /// Between 22 and 6 o'clock where they are.
    pub nights: i64,
    pub non_actionable: i64,
    /// The most within twelve hours.
    pub worst_shift: i64,
    /// The worst shift was more than one bears.
    pub over_budget: bool,
}

/// The rule that is worth a look.
#[derive(Clone, PartialEq, Debug)]
pub struct Suggestion {
    /// The routing rule's name.
    pub rule: String,
    pub pages: i64,
    pub non_actionable: i64,
    pub advice: String,
}

impl Budget {
    /// Returns the whole days of the span.
    pub fn days(&self) -> i64 {
        self.until.duration_since(self.from).as_hours() / 24
    }

    /// Returns the share of pages that were for nothing in percent, rounded down; 0 where nobody was paged.
    pub fn non_actionable_percent(&self) -> i64 {
        (self.non_actionable * 100).checked_div(self.pages).unwrap_or(0)
    }

    /// Counts the pages at night, of all people.
    pub fn nights(&self) -> i64 {
        self.people.iter().map(|load| load.nights).sum()
    }

    /// Counts the people who had a shift with more pages than one bears.
    pub fn over_budget(&self) -> usize {
        self.people.iter().filter(|load| load.over_budget).count()
    }
}

impl Engine {
    /// Counts the pages of the last days, about incidents that the caller may see.
    ///
    /// # Errors
    /// The days are not 1 to 366, the role does not reach, or the store does not answer.
    pub async fn page_budget(&self, who: &Identity, days: i64) -> Result<Budget, Error> {
        who.may(Right::Act)?;
        if !(1..=DAYS).contains(&days) {
            return Err(Error::invalid("days", format!("1 to {DAYS}")));
        }
        let until = self.now();
        let from = until.checked_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN);
        let mut reader = self.store().read().await?;
        let told = paging::told_between(&mut reader, &who.scope(), from, until.max(from), SHIFT_MICROS).await?;
        Ok(budget(from, until, &told))
    }
}

fn budget(from: Timestamp, until: Timestamp, told: &[Told]) -> Budget {
    let mut people: BTreeMap<&str, Vec<&Told>> = BTreeMap::new();
    let mut rules: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for one in told {
        people.entry(&one.person).or_default().push(one);
        let (pages, idle) = rules.entry(&one.rule).or_default();
        *pages += one.pages;
        *idle += one.non_actionable;
    }
    let weeks = (until.duration_since(from).as_secs_f64() / (7.0 * 86_400.0)).max(f64::EPSILON);
    let mut people: Vec<Load> = people.into_iter().map(|(person, told)| load(person, &told, weeks)).collect();
    people.sort_by(|a, b| b.pages.cmp(&a.pages).then_with(|| a.person.cmp(&b.person)));
    // What caused most for nothing, and then what caused most.
    let worst = rules.into_iter().filter(|(rule, _)| !rule.is_empty()).max_by_key(|(_, (pages, idle))| (*idle, *pages));
    let suggestion = worst.map(|(rule, (pages, idle))| Suggestion {
        rule: rule.to_owned(),
        pages,
        non_actionable: idle,
        advice: advice(rule, pages, idle),
    });
    let (pages, non_actionable) = (sum(told.iter(), |one| one.pages), sum(told.iter(), |one| one.non_actionable));
    Budget { from, until, people, pages, non_actionable, suggestion }
}

/// Puts together what one person was told by several rules.
fn load(person: &str, told: &[&Told], weeks: f64) -> Load {
    let all = |count: fn(&Told) -> i64| sum(told.iter().copied(), count);
    let pages = all(|one| one.pages);
    let worst_shift = told.iter().map(|one| one.worst_shift).max().unwrap_or(0);
    Load {
        person: person.to_owned(),
        pages,
        per_week: pages as f64 / weeks,
        nights: all(|one| one.nights),
        non_actionable: all(|one| one.non_actionable),
        worst_shift,
        over_budget: worst_shift > PER_SHIFT,
    }
}

fn sum<'a>(told: impl Iterator<Item = &'a Told>, count: fn(&Told) -> i64) -> i64 {
    told.map(count).sum()
}

fn advice(rule: &str, pages: i64, idle: i64) -> String {
    if idle * 2 >= pages {
        format!("{idle} of {pages} pages by rule {rule} were for nothing: narrow its condition, or lower its severity")
    } else {
        format!("rule {rule} caused most pages ({pages}): group what belongs together with group_by, or widen group_window")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(person: &str, rule: &str, counts: [i64; 4]) -> Told {
        let [pages, nights, non_actionable, worst_shift] = counts;
        Told { person: person.into(), rule: rule.into(), pages, nights, non_actionable, worst_shift }
    }

    #[test]
    fn pages_are_put_together_by_person_and_by_rule() {
        let pages = [told("ann", "disk", [2, 0, 0, 3]), told("ann", "noise", [2, 2, 2, 2]), told("ben", "", [1, 0, 0, 1])];
        let from = Timestamp::from_second(1_800_000_000).expect("within range");
        let budget = budget(from, from + SignedDuration::from_hours(24 * 14), &pages);
        assert_eq!((budget.days(), budget.non_actionable_percent(), budget.nights(), budget.over_budget()), (14, 40, 2, 1));
        let ann = &budget.people[0];
        assert_eq!((ann.person.as_str(), ann.pages, ann.nights, ann.non_actionable), ("ann", 4, 2, 2));
        assert_eq!((ann.worst_shift, ann.over_budget, ann.per_week), (3, true, 2.0));
        assert!(!budget.people[1].over_budget);
        let suggestion = budget.suggestion.expect("one rule is worse than the others");
        assert_eq!((suggestion.rule.as_str(), suggestion.pages, suggestion.non_actionable), ("noise", 2, 2));
        assert!(suggestion.advice.contains("narrow its condition"), "{}", suggestion.advice);
    }
}
