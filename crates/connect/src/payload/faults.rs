//! Faults of a body that do not keep its alerts from being raised: they are told, not refused.

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

use watchfire_core::source::Parsed;

/// How many faults a remark names; the others are counted.
const NAMED: usize = 3;

/// What was passed over in a body; shared by all places of it.
#[derive(Clone, Default, Debug)]
pub(crate) struct Faults(Rc<RefCell<Found>>);

#[derive(Default, Debug)]
struct Found {
    /// The first ones, in their order.
    named: Vec<String>,
    /// All of them: a delivery may hold thousands.
    all: HashSet<String>,
}

impl Faults {
    /// Adds a fault, with the place where it is; the same is kept once.
    pub(crate) fn add(&self, fault: String) {
        let mut found = self.0.borrow_mut();
        if found.all.contains(&fault) {
            return;
        }
        if found.named.len() < NAMED {
            found.named.push(fault.clone());
        }
        found.all.insert(fault);
    }

    /// Writes the faults into the remark of what was read, behind what it says already.
    pub(crate) fn remarked(&self, mut parsed: Parsed) -> Parsed {
        let found = self.0.borrow();
        if found.all.is_empty() {
            return parsed;
        }
        let mut named: Vec<String> = parsed.remark.take().into_iter().chain(found.named.iter().cloned()).collect();
        if found.all.len() > found.named.len() {
            named.push(format!("and {} more", found.all.len() - found.named.len()));
        }
        parsed.remark = Some(named.join("; "));
        parsed
    }
}
