//! How a page goes on.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Answer, Directory, Effect, Event, Page, Place, Policy, Reach, Recipient, Skip, Status, Stops};

/// Returns the page as it is after an event, and what follows. An event that means nothing any more (an old timer, an
/// answer after the end) changes no state and has no effect.
pub fn advance(policy: &Policy, page: Page, event: &Event, people: &dyn Directory, now: Timestamp) -> (Page, Vec<Effect>) {
    let mut run = Run { policy, page, people, now, effects: Vec::new() };
    run.take(event);
    (run.page, run.effects)
}

struct Run<'a> {
    policy: &'a Policy,
    page: Page,
    people: &'a dyn Directory,
    now: Timestamp,
    effects: Vec<Effect>,
}

impl Run<'_> {
    fn take(&mut self, event: &Event) {
        if !self.page.status.is_open() {
            return;
        }
        match event {
            Event::Begin if self.page.turn == 0 => self.enter(Place::Step { round: 0, step: 0 }),
            Event::Begin => {}
            Event::Sent { person } => self.hear(person, Answer::Sent, Status::Sent),
            Event::Delivered { person } => self.hear(person, Answer::Delivered, Status::Delivered),
            Event::Unreachable { person } => self.lose(person, Answer::Unreachable),
            Event::Gone { person } => self.lose(person, Answer::Gone),
            Event::Acknowledged { by } => self.acknowledge(by),
            Event::IncidentAcknowledged { by } => {
                if self.policy.stops == Stops::Incident {
                    self.acknowledge(by);
                }
            }
            Event::TimedOut { turn } => self.time_out(*turn),
            Event::BecameUrgent => {
                if !self.page.urgent {
                    self.page.urgent = true;
                    self.enter(self.page.place);
                }
            }
            Event::Withdrawn => {
                self.end(Status::Withdrawn);
                self.effects.push(Effect::Withdrawn);
            }
        }
    }

    /// A timer that fires before its instant (the clock went back) is set again, never taken.
    fn time_out(&mut self, turn: u32) {
        let Some(due_at) = self.page.due_at.filter(|_| turn == self.page.turn) else { return };
        if self.now < due_at {
            self.effects.push(Effect::Wake { at: due_at, turn });
            return;
        }
        self.effects.push(Effect::Expired { place: self.page.place });
        self.go_on();
    }

    fn go_on(&mut self) {
        let to = self.after(self.page.place);
        if to != self.page.place {
            self.effects.push(Effect::Escalated { to });
        }
        self.enter(to);
    }

    /// Tells everybody at a place; goes further while nobody is there to be told.
    fn enter(&mut self, mut place: Place) {
        let mut passed = 0;
        loop {
            self.page.place = place;
            if place == Place::Fallback {
                return self.fall_back();
            }
            let told = self.tell(place);
            if self.policy.stops == Stops::Everyone && self.page.has_everyone() {
                return self.end(Status::Acknowledged);
            }
            if told.any {
                self.page.status = Status::Pending;
                return self.wake_after(self.wait(place));
            }
            self.effects.push(Effect::Empty { place });
            passed += 1;
            // A whole round without anybody: further rounds at the same instant would find nobody either.
            place = if passed >= self.policy.steps.len() { Place::Fallback } else { self.after(place) };
            self.effects.push(Effect::Escalated { to: place });
        }
    }

    /// Tells the fallback, and again after its interval; if quiet hours hold for all of them, when the first end.
    fn fall_back(&mut self) {
        let told = self.tell(Place::Fallback);
        match told.quiet_until {
            Some(until) if !told.any => {
                let due_at = until.max(self.now).min(self.later(self.policy.fallback_every));
                self.wake_at(due_at);
            }
            _ => {
                if !told.any {
                    self.effects.push(Effect::Empty { place: Place::Fallback });
                }
                if self.page.status != Status::Exhausted {
                    self.page.status = Status::Exhausted;
                    self.effects.push(Effect::Exhausted);
                }
                self.wake_after(self.policy.fallback_every);
            }
        }
    }

    fn tell(&mut self, place: Place) -> Told {
        let targets = match place {
            Place::Step { step, .. } => self.policy.steps.get(step as usize).map_or(&[][..], |step| &step.targets),
            Place::Fallback => &self.policy.fallback,
        };
        let mut seen = BTreeSet::new();
        let mut told = Told { any: false, quiet_until: None };
        for person in targets.iter().flat_map(|target| self.people.people(target)) {
            // The fallback is asked to take over, also one who has answered for themselves before.
            if !seen.insert(person.clone()) || (place != Place::Fallback && self.has_acknowledged(&person)) {
                continue;
            }
            match self.people.reach(&person) {
                Reach::Gone => {
                    if let Some(known) = self.page.recipient_mut(&person) {
                        known.answer = Answer::Gone;
                    }
                    self.effects.push(Effect::Skipped { person, place, why: Skip::Gone });
                }
                Reach::QuietUntil(until) if !self.page.urgent && until > self.now => {
                    told.quiet_until = Some(told.quiet_until.map_or(until, |known| known.min(until)));
                    self.effects.push(Effect::Skipped { person, place, why: Skip::QuietHours });
                }
                Reach::Open | Reach::QuietUntil(_) => {
                    self.tell_one(person, place);
                    told.any = true;
                }
            }
        }
        told
    }

    fn tell_one(&mut self, person: String, place: Place) {
        let now = self.now;
        let times = match self.page.recipient_mut(&person) {
            Some(known) => {
                known.place = place;
                known.times += 1;
                known.told_at = now;
                known.answer = Answer::Waiting;
                known.times
            }
            None => {
                let person = person.clone();
                let answer = Answer::Waiting;
                self.page.recipients.push(Recipient { person, place, times: 1, told_at: now, answer, answered_at: None });
                1
            }
        };
        self.effects.push(Effect::Tell { person, place, times });
    }

    fn hear(&mut self, person: &str, answer: Answer, status: Status) {
        let Some(known) = self.page.recipient_mut(person) else { return };
        let further = match known.answer {
            Answer::Waiting | Answer::Unreachable => true,
            Answer::Sent => answer == Answer::Delivered,
            Answer::Delivered | Answer::Gone | Answer::Acknowledged => false,
        };
        if further {
            known.answer = answer;
            let forward = matches!((self.page.status, status), (Status::Pending, _) | (Status::Sent, Status::Delivered));
            if forward {
                self.page.status = status;
            }
        }
    }

    /// A person cannot answer: if nobody else can at this place, the page goes on at once. The fallback waits for its
    /// interval: going on at once would be a loop while a mail server is down.
    fn lose(&mut self, person: &str, answer: Answer) {
        let standing = self.page.place;
        let Some(known) = self.page.recipient_mut(person) else { return };
        let was_awaited = !matches!(known.answer, Answer::Gone | Answer::Acknowledged) && known.answer != answer;
        if !was_awaited {
            return;
        }
        known.answer = answer;
        let here = known.place == standing;
        if self.policy.stops == Stops::Everyone && self.page.has_everyone() {
            return self.end(Status::Acknowledged);
        }
        if here && self.page.place != Place::Fallback && !self.page.is_awaited_here() {
            self.effects.push(Effect::Expired { place: self.page.place });
            self.go_on();
        }
    }

    fn acknowledge(&mut self, by: &str) {
        let (now, stops) = (self.now, self.policy.stops);
        let mut at_fallback = false;
        match self.page.recipient_mut(by) {
            Some(known) if known.answer == Answer::Acknowledged => return,
            Some(known) => {
                known.answer = Answer::Acknowledged;
                known.answered_at = Some(now);
                at_fallback = known.place == Place::Fallback;
            }
            None if stops != Stops::Incident => return,
            None => {}
        }
        let ends = match stops {
            Stops::Incident | Stops::Anyone => true,
            Stops::Everyone => at_fallback || self.page.has_everyone(),
        };
        self.effects.push(Effect::Acknowledged { by: by.to_owned(), ends });
        if ends {
            self.end(Status::Acknowledged);
        }
    }

    fn end(&mut self, status: Status) {
        self.page.status = status;
        self.page.due_at = None;
        self.page.turn += 1;
        self.effects.push(Effect::Rest);
    }

    fn after(&self, place: Place) -> Place {
        let Place::Step { round, step } = place else { return Place::Fallback };
        if (step as usize) + 1 < self.policy.steps.len() {
            Place::Step { round, step: step + 1 }
        } else if round < self.policy.repeat {
            Place::Step { round: round + 1, step: 0 }
        } else {
            Place::Fallback
        }
    }

    fn wait(&self, place: Place) -> jiff::SignedDuration {
        match place {
            Place::Step { step, .. } => self.policy.steps.get(step as usize).map_or(self.policy.fallback_every, |step| step.wait),
            Place::Fallback => self.policy.fallback_every,
        }
    }

    fn wake_after(&mut self, wait: jiff::SignedDuration) {
        self.wake_at(self.later(wait));
    }

    fn wake_at(&mut self, at: Timestamp) {
        self.page.turn += 1;
        self.page.due_at = Some(at);
        self.effects.push(Effect::Wake { at, turn: self.page.turn });
    }

    fn later(&self, wait: jiff::SignedDuration) -> Timestamp {
        self.now.checked_add(wait).unwrap_or(Timestamp::MAX)
    }

    fn has_acknowledged(&self, person: &str) -> bool {
        self.page.recipient(person).is_some_and(|known| known.answer == Answer::Acknowledged)
    }
}

struct Told {
    any: bool,
    /// When the first quiet hours end of those who were passed over for them.
    quiet_until: Option<Timestamp>,
}
